//! Typing errors in the words of time: "yesturday", "last quater". Must not touch a word that means something as it is.

use super::tokens::{Token, stem};
use super::vocabulary::Vocabulary;

const TIMES: [&str; 31] = [
    "yesterday",
    "today",
    "week",
    "weeks",
    "month",
    "months",
    "quarter",
    "quarters",
    "year",
    "years",
    "weekend",
    "weekends",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "christmas",
];

/// The tokens with the words of time corrected, and what the person is told.
pub(super) fn corrected(mut tokens: Vec<Token>, vocabulary: &Vocabulary) -> (Vec<Token>, Vec<String>) {
    let mut told = Vec::new();
    for token in &mut tokens {
        let letters = token.text.chars().count();
        if !(4..=12).contains(&letters)
            || !token.text.bytes().all(|byte| byte.is_ascii_lowercase())
            || TIMES.contains(&token.text.trim_end_matches('s'))
            || TIMES.contains(&token.text.as_str())
            || vocabulary.is_known_word(&token.stem)
        {
            continue;
        }
        let allowed = if letters < 7 { 1 } else { 2 };
        let near = TIMES
            .iter()
            .filter(|time| time.as_bytes()[0] == token.text.as_bytes()[0] && time.len().abs_diff(letters) <= 2)
            .map(|time| (strsim::damerau_levenshtein(&token.text, time), *time))
            .filter(|(distance, _)| *distance <= allowed)
            .min();
        let Some((_, time)) = near else { continue };
        told.push(format!("read `{}` as {time}", token.raw));
        time.clone_into(&mut token.text);
        token.stem = stem(time);
    }
    (tokens, told)
}
