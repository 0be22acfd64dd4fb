//! "verify the archive": captured files against the database.

use serde_json::json;

use super::{Sentence, Understanding};

const VERBS: &[&str] = &["verify", "check", "compare", "prove", "audit", "validate"];
const NOUNS: &[&str] = &["archive", "capture", "captured", "captures"];
const FILLER: &[&str] = &[
    "the", "our", "please", "can", "could", "you", "whole", "ten-year", "files", "file", "events", "event", "against",
    "with", "to", "database", "orders", "is", "complete", "that", "in", "of", "now", "and",
];

pub(super) fn understand(sentence: &Sentence<'_>) -> Option<Understanding> {
    let is = |list: &[&str], word: &String| list.contains(&word.as_str());
    let words = sentence.words;
    let asks = words.iter().any(|word| is(VERBS, word)) && words.iter().any(|word| is(NOUNS, word));
    let whole = words.iter().all(|word| is(VERBS, word) || is(NOUNS, word) || is(FILLER, word));
    (asks && whole).then(|| Understanding::Call {
        tool: "archive_verify".to_owned(),
        arguments: json!({}),
        confidence: 1.0,
        notes: Vec::new(),
    })
}
