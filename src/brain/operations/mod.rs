//! Sentences about operating the shop's pipeline, understood before a sentence is read as a question about orders.
//!
//! One file a subject; each takes the whole sentence and claims it only where every word is accounted for, so that a question
//! about orders is never taken away from the orders parser. Pure, as the rules are.

mod archive;
mod change;
mod deploy;
#[cfg(test)]
mod hub_tests;
mod metrics;
mod part_of_day;
#[cfg(test)]
mod tests;
mod watch;
mod why;

use chrono::NaiveDateTime;

use super::rules::Understanding;

/// What a subject sees of a sentence.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "not every subject reads all of it")]
pub(crate) struct Sentence<'a> {
    /// As it was typed.
    pub(crate) text: &'a str,
    /// Its words in lower case, without signs at their ends; `ORD-0000042` and `10` stay whole.
    pub(crate) words: &'a [String],
    /// The question's "now".
    pub(crate) now: NaiveDateTime,
}

type Subject = fn(&Sentence<'_>) -> Option<Understanding>;

/// The subjects, in the order in which they are asked.
const SUBJECTS: &[Subject] = &[
    archive::understand,
    change::understand,
    metrics::understand,
    watch::understand,
    deploy::understand,
    why::understand,
];

/// Characters of a sentence that are considered.
const LONGEST: usize = 500;

/// The call that a sentence asks for; `None` where it is none of operations.
pub(crate) fn understand(text: &str, now: NaiveDateTime) -> Option<Understanding> {
    if text.chars().nth(LONGEST).is_some() {
        return None;
    }
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    let sentence = Sentence { text, words: &words, now };
    SUBJECTS.iter().find_map(|subject| subject(&sentence))
}
