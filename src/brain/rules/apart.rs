//! A sentence's range of time apart from its other words, for sentences that are not about orders. Must not read the rest.

use chrono::NaiveDateTime;
use oms_tools::orders::semantic::query::TimeRange;

use super::time::{self, TimeWords};
use super::tokens;

/// A sentence in two parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Apart {
    /// The words that name no time, folded: lower case, no accents, no signs.
    pub(crate) words: Vec<String>,
    /// The range.
    pub(crate) time: Option<TimeRange>,
}

/// Takes a sentence apart. `None` where it names several ranges, or one that can be read in two ways.
pub(crate) fn apart(text: &str, now: NaiveDateTime) -> Option<Apart> {
    let tokens = tokens::tokens(text);
    let mut parts = Apart { words: Vec::new(), time: None };
    let mut at = 0;
    while at < tokens.len() {
        let readings = time::readings(&tokens, at, now);
        let ranges: Vec<(usize, &TimeRange)> = readings
            .iter()
            .filter_map(|(length, words)| match words {
                TimeWords::Range(range) | TimeWords::Span(range, ..) => Some((*length, range)),
                TimeWords::Compare(_) | TimeWords::Weekdays(_) | TimeWords::Hours(_) => None,
            })
            .collect();
        let Some(longest) = ranges.iter().map(|(length, _)| *length).max().filter(|length| *length > 0) else {
            let text = &tokens[at].text;
            if text.chars().any(char::is_alphanumeric) {
                parts.words.push(text.clone());
            }
            at += 1;
            continue;
        };
        let mut same = ranges.into_iter().filter(|(length, _)| *length == longest).map(|(_, range)| range);
        let range = same.next()?;
        if same.any(|other| (other.from, other.to) != (range.from, range.to)) || parts.time.is_some() {
            return None;
        }
        parts.time = Some(range.clone());
        at += longest;
    }
    Some(parts)
}
