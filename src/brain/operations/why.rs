//! "why did orders drop at 14:00?": the moment, what changed, and how.

use chrono::{Duration, NaiveDateTime, NaiveTime};
use oms_tools::pipeline::WhyArguments;
use oms_tools::pipeline::why::{Change, Scale, Subject};

use super::{Sentence, Understanding};
use crate::brain::rules::{Apart, apart};

const FELL: &[&str] = &[
    "drop",
    "drops",
    "dropped",
    "fall",
    "falls",
    "fell",
    "fallen",
    "decrease",
    "decreased",
    "decline",
    "declined",
    "sink",
    "sank",
    "plunge",
    "plunged",
    "down",
    "dip",
    "dipped",
    "stop",
    "stopped",
    "collapse",
    "collapsed",
    "fewer",
    "less",
    "low",
];
const ROSE: &[&str] = &[
    "rise",
    "rises",
    "rose",
    "risen",
    "jump",
    "jumped",
    "spike",
    "spiked",
    "increase",
    "increased",
    "climb",
    "climbed",
    "up",
    "surge",
    "surged",
    "grow",
    "grew",
    "more",
    "high",
    "peak",
    "peaked",
];
const CHANGED: &[&str] = &["change", "changed", "happen", "happened"];
const FILLER: &[&str] = &[
    "did", "do", "does", "the", "our", "number", "of", "there", "was", "were", "is", "are", "so", "many", "few", "a",
    "an", "in", "go", "went", "gone", "have", "has", "suddenly", "at", "around", "about", "on", "to", "incoming", "us",
    "we", "get", "got", "come", "came", "much", "sharply", "that", "time", "what", "with", "placed", "event", "hub",
    "utc", "this", "then",
];
/// Parts of a day, by the hour when they begin.
const PARTS_OF_DAY: &[(&str, u32)] =
    &[("morning", 8), ("noon", 12), ("afternoon", 13), ("evening", 18), ("tonight", 20), ("night", 22)];

/// A call of `why`, where the whole sentence is such a question.
pub(super) fn understand(sentence: &Sentence<'_>) -> Option<Understanding> {
    let first = sentence.words.first()?.as_str();
    if first != "why" && !sentence.text.to_lowercase().trim_start().starts_with("what happened") {
        return None;
    }
    let (clock, rest) = without_clock(sentence.text);
    let rest = without_last_night(clock, &rest);
    let (clock, rest) = without_part_of_day(clock, &rest);
    let Apart { words, time } = apart(&rest, sentence.now)?;
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "why").collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let subject = if has(&["payments", "payment"]) && has(&["failed", "failing", "fail", "failures"]) {
        Subject::FailedPayments
    } else if has(&["messages", "traffic", "events", "stream"]) {
        Subject::IncomingMessages
    } else if has(&["orders", "order"]) {
        Subject::Orders
    } else if first == "what" && clock.is_some() {
        // Of a moment alone, what it did to the orders is asked.
        Subject::Orders
    } else {
        return None;
    };
    let named = [
        "payments", "payment", "failed", "failing", "fail", "failures", "messages", "traffic", "events", "stream",
        "orders", "order",
    ];
    let known =
        |word: &&str| [FELL, ROSE, CHANGED, FILLER].iter().any(|list| list.contains(word)) || named.contains(word);
    if !words.iter().all(known) {
        return None;
    }
    let change = match (has(FELL), has(ROSE)) {
        (true, false) => Change::Fell,
        (false, true) => Change::Rose,
        _ if has(CHANGED) => Change::Changed,
        (false, false) if subject == Subject::FailedPayments => Change::Rose,
        _ => return None,
    };
    let day = match &time {
        None => None,
        Some(range) => Some(range.from.filter(|from| range.to.is_some_and(|to| to - *from <= Duration::days(1)))?),
    };
    let (at, scale) = match (clock, day) {
        (Some(clock), day) => (moment(clock, day, sentence.now), Scale::Hours),
        (None, Some(day)) => (day, Scale::Days),
        (None, None) => return None,
    };
    let arguments = WhyArguments { subject, at, change, scale };
    Some(Understanding::Call {
        tool: "why".to_owned(),
        arguments: serde_json::to_value(arguments).unwrap_or_default(),
        confidence: 1.0,
        notes: Vec::new(),
    })
}

/// A time of day on a day; with no day said the latest that is past.
fn moment(clock: NaiveTime, day: Option<NaiveDateTime>, now: NaiveDateTime) -> NaiveDateTime {
    if let Some(day) = day {
        return day.date().and_time(clock);
    }
    let today = now.date().and_time(clock);
    if today < now { today } else { today.checked_sub_signed(Duration::days(1)).unwrap_or(today) }
}

/// "last night" as a day and a part of it; with a time of the morning it is today's.
fn without_last_night(clock: Option<NaiveTime>, text: &str) -> String {
    let morning = NaiveTime::from_hms_opt(12, 0, 0);
    let day = if clock.is_some_and(|clock| Some(clock) < morning) { "today" } else { "yesterday" };
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_night = |word: Option<&&str>| {
        word.is_some_and(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric()).eq_ignore_ascii_case("night"))
    };
    let said = |(place, word): (usize, &&'_ str)| {
        let last = word.eq_ignore_ascii_case("last") && is_night(words.get(place + 1));
        if last { day.to_owned() } else { (*word).to_owned() }
    };
    words.iter().enumerate().map(said).collect::<Vec<_>>().join(" ")
}

/// A part of the day stands for its first hour where no time is said, and says nothing more where one is.
fn without_part_of_day(clock: Option<NaiveTime>, text: &str) -> (Option<NaiveTime>, String) {
    let bare = |word: &str| word.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
    let part = |word: &str| PARTS_OF_DAY.iter().find(|(name, _)| bare(word) == *name);
    let begins = text.split_whitespace().find_map(part).and_then(|(_, hour)| NaiveTime::from_hms_opt(*hour, 0, 0));
    let rest: Vec<&str> = text.split_whitespace().filter(|word| part(word).is_none()).collect();
    (clock.or(begins), rest.join(" "))
}

/// The first time of day of a text, and the text without it: `14:00`, `2pm`, `2 pm`, `2:30 pm`.
fn without_clock(text: &str) -> (Option<NaiveTime>, String) {
    let words: Vec<&str> = text.split_whitespace().collect();
    for (place, word) in words.iter().enumerate() {
        let bare = word.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
        let next =
            words.get(place + 1).map(|next| next.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase());
        let half = next.as_deref().filter(|next| matches!(*next, "am" | "pm"));
        let (digits, half, length) = match (bare.strip_suffix("am"), bare.strip_suffix("pm"), half) {
            (Some(digits), ..) => (digits, Some("am"), 1),
            (_, Some(digits), _) => (digits, Some("pm"), 1),
            (.., Some(half)) => (bare.as_str(), Some(half), 2),
            _ => (bare.as_str(), None, 1),
        };
        let (hour, minute) = match digits.split_once(':') {
            Some((hour, minute)) if minute.len() == 2 => (hour, minute),
            // A number alone is a time only with its half of the day.
            None if half.is_some() => (digits, "0"),
            _ => continue,
        };
        let (Ok(hour), Ok(minute)) = (hour.parse::<u32>(), minute.parse::<u32>()) else { continue };
        let hour = match half {
            Some(_) if !(1..=12).contains(&hour) => continue,
            Some("pm") => hour % 12 + 12,
            Some(_) => hour % 12,
            None => hour,
        };
        let Some(clock) = NaiveTime::from_hms_opt(hour, minute, 0) else { continue };
        let mut rest: Vec<&str> = words[..place].to_vec();
        if rest
            .last()
            .is_some_and(|word| matches!(word.to_lowercase().as_str(), "at" | "around" | "about" | "since" | "after"))
        {
            rest.pop();
        }
        rest.extend(&words[place + length..]);
        return (Some(clock), rest.join(" "));
    }
    (None, text.to_owned())
}
