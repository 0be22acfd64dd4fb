//! "incoming messages over the last hour", "were we throttled yesterday?", "how many partitions has the orders hub?": what
//! Azure measures of the event hub, and how it is set up.

use oms_tools::eventhub::EventhubMetricsArguments;
use oms_tools::eventhub::EventhubStatusArguments;
use oms_tools::eventhub::metrics::{Grain, Metric, Show};
use oms_tools::eventhub::status::About;

use super::part_of_day::without_hours;
use super::{Sentence, Understanding};
use crate::brain::rules::{Apart, apart};

/// Phrases that name metrics; longer ones go before shorter ones that they begin with.
const METRICS: &[(&[&str], &[Metric])] = &[
    (&["incoming", "messages"], &[Metric::IncomingMessages]),
    (&["incoming", "message"], &[Metric::IncomingMessages]),
    (&["incoming", "events"], &[Metric::IncomingMessages]),
    (&["messages", "in"], &[Metric::IncomingMessages]),
    (&["inbound", "messages"], &[Metric::IncomingMessages]),
    (&["outgoing", "messages"], &[Metric::OutgoingMessages]),
    (&["outgoing", "message"], &[Metric::OutgoingMessages]),
    (&["outgoing", "events"], &[Metric::OutgoingMessages]),
    (&["messages", "out"], &[Metric::OutgoingMessages]),
    (&["outbound", "messages"], &[Metric::OutgoingMessages]),
    (&["incoming", "bytes"], &[Metric::IncomingBytes]),
    (&["ingress"], &[Metric::IncomingBytes]),
    (&["outgoing", "bytes"], &[Metric::OutgoingBytes]),
    (&["egress"], &[Metric::OutgoingBytes]),
    (&["incoming", "requests"], &[Metric::IncomingRequests]),
    (&["successful", "requests"], &[Metric::SuccessfulRequests]),
    (&["throttled", "requests"], &[Metric::ThrottledRequests]),
    (&["throttled"], &[Metric::ThrottledRequests]),
    (&["throttling"], &[Metric::ThrottledRequests]),
    (&["throttle"], &[Metric::ThrottledRequests]),
    (&["server", "errors"], &[Metric::ServerErrors]),
    (&["server", "error"], &[Metric::ServerErrors]),
    (&["user", "errors"], &[Metric::UserErrors]),
    (&["client", "errors"], &[Metric::UserErrors]),
    (&["quota", "errors"], &[Metric::QuotaExceededErrors]),
    (&["quota", "exceeded"], &[Metric::QuotaExceededErrors]),
    (&["quota"], &[Metric::QuotaExceededErrors]),
    (&["captured", "messages"], &[Metric::CapturedMessages]),
    (&["captured", "events"], &[Metric::CapturedMessages]),
    (&["captured", "bytes"], &[Metric::CapturedBytes]),
    (&["capture", "backlog"], &[Metric::CaptureBacklog]),
    (&["active", "connections"], &[Metric::ActiveConnections]),
    (&["open", "connections"], &[Metric::ActiveConnections]),
    (&["connections", "opened"], &[Metric::ConnectionsOpened]),
    (&["opened", "connections"], &[Metric::ConnectionsOpened]),
    (&["connections", "closed"], &[Metric::ConnectionsClosed]),
    (&["closed", "connections"], &[Metric::ConnectionsClosed]),
    (&["connections"], &[Metric::ActiveConnections]),
    (&["messages"], &[Metric::IncomingMessages]),
];
/// Phrases that name metrics only where the hub is spoken of: elsewhere they may be about orders.
const OF_THE_HUB: &[(&[&str], &[Metric])] = &[
    (&["errors"], &[Metric::ServerErrors, Metric::UserErrors, Metric::QuotaExceededErrors]),
    (&["requests"], &[Metric::IncomingRequests]),
    (&["traffic"], &[Metric::IncomingMessages, Metric::OutgoingMessages, Metric::IncomingBytes, Metric::OutgoingBytes]),
    (&["events"], &[Metric::IncomingMessages]),
    (&["size"], &[Metric::Size]),
    (&["cpu"], &[Metric::NamespaceCpuUsage]),
    (&["memory"], &[Metric::NamespaceMemoryUsage]),
    (&["metrics"], &[]),
    (&["figures"], &[]),
];
/// Words that speak of the event hub.
const HUB: &[&str] =
    &["hub", "hubs", "eventhub", "eventhubs", "event-hub", "namespace", "namespaces", "stream", "azure", "monitor"];
const FILLER: &[&str] = &[
    "the",
    "our",
    "we",
    "us",
    "i",
    "you",
    "please",
    "show",
    "me",
    "what",
    "which",
    "how",
    "many",
    "much",
    "is",
    "was",
    "were",
    "are",
    "there",
    "did",
    "do",
    "does",
    "have",
    "has",
    "had",
    "been",
    "be",
    "being",
    "get",
    "got",
    "give",
    "tell",
    "of",
    "in",
    "on",
    "for",
    "over",
    "to",
    "from",
    "with",
    "at",
    "and",
    "a",
    "an",
    "chart",
    "graph",
    "plot",
    "draw",
    "count",
    "number",
    "total",
    "event",
    "any",
    "happen",
    "happened",
    "came",
    "come",
    "through",
    "can",
    "could",
    "see",
    "it",
    "its",
    "up",
    "now",
    "right",
    "currently",
    "list",
    "all",
    "so",
    "far",
    "azure",
    "by",
    "per",
    "each",
    "every",
    "during",
    "that",
    "exceed",
    "exceeded",
    "open",
];

/// A call of `eventhub_metrics` or `eventhub_status`, where the whole sentence is one.
pub(super) fn understand(sentence: &Sentence<'_>) -> Option<Understanding> {
    let (rest, hours) = without_hours(sentence.text, sentence.now);
    let Apart { words, time } = apart(&rest, sentence.now)?;
    // "last night" beside another range is no question that can be answered with one.
    let time = match (time, hours) {
        (Some(_), Some(_)) => return None,
        (time, hours) => time.or(hours),
    };
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words.first().is_some_and(|word| *word == "why") {
        return None;
    }
    let hub = named_hub(&mut words);
    let of_hub = hub.is_some() || words.iter().any(|word| HUB.contains(word));
    if time.is_none()
        && let Some(arguments) = set_up(&words, hub.as_deref(), of_hub)
    {
        return Some(call("eventhub_status", &arguments));
    }
    let mut arguments = EventhubMetricsArguments { time, hubs: hub.into_iter().collect(), ..Default::default() };
    if !measured(&words, of_hub, &mut arguments) {
        return None;
    }
    Some(call("eventhub_metrics", &arguments))
}

fn call(tool: &str, arguments: &impl serde::Serialize) -> Understanding {
    Understanding::Call {
        tool: tool.to_owned(),
        arguments: serde_json::to_value(arguments).unwrap_or_default(),
        confidence: 1.0,
        notes: Vec::new(),
    }
}

/// Takes out a hub's name: "the orders hub", "hub orders".
fn named_hub(words: &mut Vec<&str>) -> Option<String> {
    let noun = |word: &str| matches!(word, "hub" | "eventhub" | "event-hub");
    let common = |word: &str| {
        FILLER.contains(&word)
            || HUB.contains(&word)
            || keyword(word)
            || METRICS.iter().any(|(phrase, _)| phrase.contains(&word))
    };
    let at = words.iter().position(|word| noun(word))?;
    // "hub orders" before "the orders hub": what follows is a name only where it is no word of ours.
    let place = [at.checked_add(1), at.checked_sub(1)]
        .into_iter()
        .flatten()
        .find(|place| words.get(*place).is_some_and(|word| !common(word)))?;
    // Names are of letters, digits and `.-_`; a word with another sign is none.
    let name = words.remove(place);
    name.chars().all(|letter| letter.is_alphanumeric() || ".-_".contains(letter)).then(|| name.to_owned())
}

/// Words that questions about the set-up and about figures are made of.
fn keyword(word: &str) -> bool {
    PEAKS.contains(&word)
        || GRAINS.iter().any(|(phrase, _)| phrase.contains(&word))
        || OF_THE_HUB.iter().any(|(phrase, _)| phrase.contains(&word))
        || ABOUT.iter().any(|(known, _)| *known == word)
        || SET_UP.contains(&word)
}

const PEAKS: &[&str] = &["peak", "peaks", "maximum", "max", "highest", "busiest", "most"];
const GRAINS: &[(&[&str], Grain)] = &[
    (&["per", "minute"], Grain::Minute),
    (&["by", "minute"], Grain::Minute),
    (&["by", "the", "minute"], Grain::Minute),
    (&["each", "minute"], Grain::Minute),
    (&["a", "minute"], Grain::Minute),
    (&["busiest", "minute"], Grain::Minute),
    (&["per", "hour"], Grain::Hour),
    (&["by", "hour"], Grain::Hour),
    (&["each", "hour"], Grain::Hour),
    (&["an", "hour"], Grain::Hour),
    (&["hourly"], Grain::Hour),
    (&["busiest", "hour"], Grain::Hour),
    (&["per", "day"], Grain::Day),
    (&["by", "day"], Grain::Day),
    (&["each", "day"], Grain::Day),
    (&["a", "day"], Grain::Day),
    (&["daily"], Grain::Day),
];
const BY_HUB: &[&[&str]] = &[
    &["by", "hub"],
    &["by", "event", "hub"],
    &["per", "hub"],
    &["per", "event", "hub"],
    &["each", "hub"],
    &["for", "each", "hub"],
    &["split", "by", "hub"],
    &["by", "eventhub"],
];

/// Reads a question about figures into the arguments; false where it is none, or not wholly understood.
fn measured(words: &[&str], of_hub: bool, arguments: &mut EventhubMetricsArguments) -> bool {
    let mut named = false;
    let mut at = 0;
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        // "busiest minute" says both what is wanted and its grain.
        if PEAKS.contains(&rest[0]) {
            arguments.show = Show::Peak;
        }
        if let Some((phrase, grain)) = longest(GRAINS, rest) {
            arguments.grain = Some(*grain);
            at += phrase.len();
        } else if let Some(phrase) = BY_HUB.iter().find(|phrase| rest.starts_with(phrase)) {
            arguments.by_hub = true;
            at += phrase.len();
        } else if let Some((phrase, metrics)) =
            longest(METRICS, rest).or_else(|| longest(OF_THE_HUB, rest).filter(|_| of_hub))
        {
            named = true;
            arguments.metrics.extend(
                metrics.iter().filter(|metric| !arguments.metrics.contains(metric)).copied().collect::<Vec<_>>(),
            );
            at += phrase.len();
        } else if PEAKS.contains(&rest[0]) || FILLER.contains(&rest[0]) || HUB.contains(&rest[0]) {
            at += 1;
        } else {
            return false;
        }
    }
    let asks_whether = matches!(
        words.first(),
        Some(&("were" | "was" | "are" | "is" | "did" | "do" | "does" | "have" | "has" | "had" | "any"))
    );
    // A peak needs no metric's name where the hub is spoken of: "busiest minute of the hub"; by the minute nothing else is.
    named |= arguments.show == Show::Peak && (of_hub || arguments.grain == Some(Grain::Minute));
    if arguments.show == Show::Peak && arguments.metrics.is_empty() {
        arguments.metrics.push(Metric::IncomingMessages);
    }
    let trouble = arguments.metrics.iter().all(|metric| metric.is_silent_at_zero()) && !arguments.metrics.is_empty();
    if arguments.show == Show::Course && trouble && (asks_whether || words.contains(&"any")) {
        arguments.show = Show::Whether;
    }
    // "most" of one day is the peak; the course by the day needs no grain of a minute.
    named
}

fn longest<'a, T>(
    table: &'a [(&'static [&'static str], T)],
    rest: &[&str],
) -> Option<&'a (&'static [&'static str], T)> {
    table.iter().filter(|(phrase, _)| rest.starts_with(phrase)).max_by_key(|(phrase, _)| phrase.len())
}

/// What a word of a question about the set-up asks for.
const ABOUT: &[(&str, About)] = &[
    ("partition", About::Partitions),
    ("partitions", About::Partitions),
    ("retention", About::Retention),
    ("kept", About::Retention),
    ("keep", About::Retention),
    ("keeps", About::Retention),
    ("retained", About::Retention),
    ("consumer", About::ConsumerGroups),
    ("capture", About::Capture),
    ("captured", About::Capture),
    ("tier", About::Throughput),
    ("sku", About::Throughput),
    ("throughput", About::Throughput),
    ("auto-inflate", About::Throughput),
    ("autoinflate", About::Throughput),
    ("inflate", About::Throughput),
];
/// Words that only a question about the set-up has.
const SET_UP: &[&str] = &[
    "status",
    "set",
    "setup",
    "configured",
    "configuration",
    "settings",
    "group",
    "groups",
    "units",
    "unit",
    "auto",
    "enabled",
    "disabled",
    "off",
    "turned",
    "switched",
    "write",
    "writes",
    "written",
    "where",
    "destination",
    "go",
    "goes",
    "long",
    "events",
    "state",
    "describe",
    "exist",
    "active",
    "up",
];

/// A question about the set-up, where the whole of it is one.
fn set_up(words: &[&str], hub: Option<&str>, of_hub: bool) -> Option<EventhubStatusArguments> {
    let known = |word: &&str| -> bool {
        FILLER.contains(word)
            || HUB.contains(word)
            || SET_UP.contains(word)
            || ABOUT.iter().any(|(known, _)| known == word)
    };
    if words.is_empty() || !words.iter().all(known) {
        return None;
    }
    let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
    let mut arguments = EventhubStatusArguments { hub: hub.map(str::to_owned), ..Default::default() };
    let about = ABOUT.iter().find(|(known, _)| words.contains(known)).map(|(_, about)| *about);
    let alone = match about {
        // These words are the event hub's own, elsewhere as here.
        Some(About::Partitions) => true,
        Some(About::ConsumerGroups) => has(&["group", "groups"]),
        Some(About::Throughput) => of_hub || has(&["units", "unit", "auto-inflate", "autoinflate", "inflate"]),
        Some(About::Capture) => {
            of_hub
                || has(&[
                    "enabled",
                    "disabled",
                    "off",
                    "on",
                    "write",
                    "writes",
                    "where",
                    "destination",
                    "configured",
                    "set",
                ])
        }
        Some(About::Retention) => of_hub || has(&["events"]) && has(&["long", "retention"]),
        _ => false,
    };
    if let Some(about) = about.filter(|_| alone) {
        arguments.about = about;
        return Some(arguments);
    }
    if about.is_some() || !of_hub {
        return None;
    }
    if has(&["namespaces"]) {
        arguments.every_namespace = true;
        return Some(arguments);
    }
    let asks = has(&["status", "setup", "set", "configured", "configuration", "settings", "describe", "state"])
        || has(&["hubs", "eventhubs"]) && has(&["which", "what", "list", "show", "many", "there"])
        || hub.is_some() && has(&["how", "what", "describe"]) && words.len() <= 5;
    asks.then_some(arguments)
}
