//! "is everything healthy?", "how far behind is the processor?", "trace ORD-0000042", "are there dead letters?".

use serde_json::{Value, json};

use super::{Sentence, Understanding};

/// Words that change nothing.
const FILLER: &[&str] = &[
    "the",
    "a",
    "an",
    "our",
    "my",
    "please",
    "can",
    "could",
    "you",
    "me",
    "tell",
    "show",
    "now",
    "right",
    "currently",
    "at",
    "moment",
    "still",
    "just",
    "there",
    "it",
    "of",
    "in",
    "on",
    "for",
    "to",
    "with",
    "all",
    "and",
    "whole",
    "hey",
    "today",
    "so",
    "then",
    "again",
    "quickly",
    "see",
    "know",
    "want",
    "i",
    "do",
    "we",
    "have",
    "has",
    "if",
    "whether",
    "check",
    "get",
    "got",
    "paged",
    "tonight",
    "what's",
    "whats",
];
/// The pipeline as a whole.
const WHOLE: &[&str] =
    &["everything", "pipeline", "system", "stack", "platform", "services", "service", "infrastructure", "things"];
/// Words for how something is.
const STATE: &[&str] = &[
    "healthy",
    "health",
    "ok",
    "okay",
    "fine",
    "well",
    "up",
    "running",
    "working",
    "alive",
    "down",
    "broken",
    "degraded",
    "green",
    "red",
    "state",
    "status",
    "good",
    "order",
    "wrong",
    "unhealthy",
    "failing",
    "dead",
    "issues",
    "problem",
    "problems",
    "trouble",
    "accepting",
    "reach",
    "reachable",
    "full",
];
/// Words that ask.
const ASKS: &[&str] = &[
    "is",
    "are",
    "how",
    "how's",
    "hows",
    "does",
    "what",
    "why",
    "anything",
    "everything's",
    "run",
    "work",
    "any",
    "doing",
    "going",
];
/// The parts by the words for them.
const PARTS: &[(&str, &[&str])] = &[
    ("traefik", &["traefik", "proxy", "shop", "website"]),
    ("web", &["web", "webservers", "nginx", "storefront", "web-1", "web-2", "web-3"]),
    ("intake", &["intake"]),
    ("hub", &["hub", "eventhub", "event-hub"]),
    ("capture", &["capture"]),
    ("processor", &["processor", "processors", "consumer"]),
    ("database", &["database", "db", "mysql", "mariadb", "replication"]),
    ("disk", &["disk", "disks"]),
];
/// Words of a part's name that are not it.
const PART_FILLER: &[&str] = &["event", "server", "servers", "orders", "boxes", "hosts", "out", "space"];
/// Words for lag.
const LAG: &[&str] = &["behind", "lag", "lagging", "backlog", "delay", "delayed", "caught", "keeping"];
/// Words besides them.
const LAG_FILLER: &[&str] = &[
    "far",
    "long",
    "much",
    "many",
    "events",
    "event",
    "stream",
    "consumer",
    "group",
    "partition",
    "partitions",
    "per",
    "each",
    "by",
    "seconds",
    "up",
    "fresh",
    "data",
    "are",
    "is",
    "how",
    "does",
    "what",
    "big",
    "large",
    "the",
    "hub",
    "processor",
    "processors",
    "pipeline",
    "eventhub",
    "messages",
    "waiting",
    "wait",
    "which",
    "furthest",
    "worst",
    "most",
    "stale",
    "live",
    "old",
    "or",
    "these",
    "numbers",
    "figures",
];
/// Words that ask for an order's way.
const TRACE: &[&str] = &["trace", "stuck", "follow", "hop", "hops", "way", "path", "journey", "hub", "pipeline"];
/// Words besides them.
const TRACE_FILLER: &[&str] = &[
    "where", "is", "did", "order", "through", "pipeline", "why", "got", "get", "go", "how", "far", "find", "which",
    "what", "happened", "was", "its", "take", "took", "make", "made", "reach", "arrive", "captured", "archive", "this",
    "that", "going", "come", "from",
];

pub(super) fn understand(sentence: &Sentence<'_>) -> Option<Understanding> {
    let words: Vec<&str> = sentence.words.iter().map(String::as_str).filter(|word| !FILLER.contains(word)).collect();
    vague(&words)
        .or_else(|| trace(&words))
        .or_else(|| dead_letters(&words))
        .or_else(|| lag(&words))
        .or_else(|| health(&words))
}

fn call(tool: &str, arguments: Value) -> Understanding {
    Understanding::Call { tool: tool.to_owned(), arguments, confidence: 1.0, notes: Vec::new() }
}

/// "trace ORD-0000042", "where is order ORD-0000042 stuck". "where is ORD-0000042" is the order's own story, and not this.
fn trace(words: &[&str]) -> Option<Understanding> {
    let asks = words.iter().any(|word| TRACE.contains(word) || *word == "archive");
    let number = |word: &&&str| {
        let digits = word.strip_prefix("ord-").or_else(|| word.strip_prefix('#')).unwrap_or(word);
        !digits.is_empty() && digits.len() <= 16 && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let numbers: Vec<&&str> = words.iter().filter(number).collect();
    if !asks || !words.iter().all(|word| TRACE.contains(word) || TRACE_FILLER.contains(word) || number(&word)) {
        return None;
    }
    match numbers[..] {
        [one] => Some(call("trace_order", json!({ "order": one.trim_start_matches('#').to_uppercase() }))),
        // Which order is asked back; "which orders are stuck" is a question to the database.
        [] if words.contains(&"order") && (words.contains(&"where") || words.contains(&"trace")) => {
            Some(Understanding::AskBack {
                message: "Which order should be traced? Give its number, such as ORD-0000042.".to_owned(),
                choices: Vec::new(),
                readings: Vec::new(),
            })
        }
        _ => None,
    }
}

/// "are there dead letters?".
fn dead_letters(words: &[&str]) -> Option<Understanding> {
    let about = words.windows(2).any(|pair| pair[0] == "dead" && ["letters", "letter", "events"].contains(&pair[1]))
        || words.iter().any(|word| ["dead-letters", "deadletters", "dead-letter"].contains(word));
    let whole = words.iter().all(|word| {
        let of = [
            "dead",
            "letters",
            "letter",
            "events",
            "dead-letters",
            "deadletters",
            "dead-letter",
            "are",
            "is",
            "any",
            "many",
            "how",
            "what",
            "list",
            "unresolved",
            "open",
            "count",
            "were",
            "new",
        ];
        of.contains(word)
    });
    (about && whole).then(|| call("pipeline_health", json!({ "parts": ["processor"] })))
}

/// "how far behind is the processor?", "what is the lag by partition?".
fn lag(words: &[&str]) -> Option<Understanding> {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let asks = words.iter().any(|word| LAG.contains(word))
        || has(&["waiting", "wait"]) && has(&["events", "messages"])
        || has(&["stale", "live", "old"]) && has(&["data", "numbers", "figures"])
        || words == ["how", "fresh", "is", "data"]
        || words == ["how", "fresh", "data", "is"];
    // "behind" alone may be about deliveries: something of the stream must be named, or nothing else at all.
    let about = [
        "processor",
        "processors",
        "consumer",
        "stream",
        "hub",
        "eventhub",
        "pipeline",
        "partition",
        "partitions",
        "events",
        "data",
        "messages",
        "numbers",
        "figures",
    ];
    let named = words.iter().any(|word| about.contains(word)) || words.len() <= 4;
    // "backlog now?" is of the orders, which are this program's first subject.
    let of_orders = words.contains(&"backlog") && !words.iter().any(|word| about.contains(word));
    let named = named && !of_orders;
    let is_known = |word: &&str| LAG.contains(word) || LAG_FILLER.contains(word);
    (asks && named && words.iter().all(is_known)).then(|| call("eventhub_lag", json!({})))
}

/// "how are things going?": the shop's figures or the pipeline?
fn vague(words: &[&str]) -> Option<Understanding> {
    let of = ["how", "how's", "hows", "are", "is", "things", "going", "doing", "looking"];
    let asks = words.contains(&"things") && words.iter().any(|word| word.starts_with("how"));
    (asks && words.iter().all(|word| of.contains(word))).then(|| Understanding::AskBack {
        message: "Of what: the pipeline, or the shop's figures?".to_owned(),
        choices: vec!["is the pipeline healthy".to_owned(), "revenue and orders this week vs last week".to_owned()],
        readings: Vec::new(),
    })
}

/// "is everything healthy?", "is the database up?".
fn health(words: &[&str]) -> Option<Understanding> {
    let state = words.iter().any(|word| STATE.contains(word) || ["run", "work"].contains(word));
    let whole = words.iter().any(|word| WHOLE.contains(word))
        || words == ["anything", "wrong"]
        // "all fine tonight?"
        || words.len() <= 2 && words.iter().all(|word| ["fine", "ok", "okay", "tonight"].contains(word))
        || words == ["is", "anything", "wrong"];
    let parts: Vec<&str> = PARTS
        .iter()
        .filter(|(_, names)| words.iter().any(|word| names.contains(word)))
        .map(|(part, _)| *part)
        .collect();
    let is_known = |word: &&str| {
        STATE.contains(word)
            || WHOLE.contains(word)
            || ASKS.contains(word)
            || PARTS.iter().any(|(_, names)| names.contains(word))
            || *word == "and"
            || (!parts.is_empty() && PART_FILLER.contains(word))
    };
    let how = whole && words.iter().any(|word| ["how", "how's", "hows"].contains(word));
    let broken = words.iter().all(|word| ["what", "is", "are", "broken", "down", "green", "red"].contains(word));
    let bare = how
        || broken && state
        || words == ["health"]
        || words == ["status", "pipeline"]
        || words == ["pipeline", "status"];
    if !(bare || state && (whole || !parts.is_empty())) || !words.iter().all(is_known) {
        return None;
    }
    // A question about the whole that also names a part is about the whole.
    let parts = if whole { Vec::new() } else { parts };
    Some(call("pipeline_health", if parts.is_empty() { json!({}) } else { json!({ "parts": parts }) }))
}
