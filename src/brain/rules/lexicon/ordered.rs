//! How rows are to be ordered, however it is said: "worst one first", "highest at the top", "from best to worst". Must not take
//! what names one row: "the first one".

use crate::brain::rules::tokens::{Token, is_one_of, text};

use super::rephrased::word;

const HIGH: &str = "highest biggest largest greatest strongest longest slowest busiest heaviest most max maximum";
const LOW: &str = "lowest smallest weakest shortest fastest quickest quietest fewest least min minimum";

/// The words that say an order, and which end comes first.
fn end(text: &str) -> Option<&'static str> {
    match text {
        "best" => Some("best"),
        "worst" => Some("worst"),
        _ if is_one_of(HIGH, text) => Some("highest"),
        _ if is_one_of(LOW, text) => Some("lowest"),
        _ => None,
    }
}

/// Every such phrase as "highest first", "lowest first", "best first" or "worst first".
pub(super) fn ordered(found: Vec<Token>) -> Vec<Token> {
    both_ends(begins_with(comes_first(found)))
}

fn first(found: &mut Vec<Token>, range: std::ops::Range<usize>, end: &str) {
    let start = found[range.start].start;
    found.splice(range, [end, "first"].map(|text| word(text, start)));
}

/// "worst one first", "most frequent first", "with the highest at the top".
fn comes_first(mut found: Vec<Token>) -> Vec<Token> {
    let place = |at: usize| match (text(&found, at), text(&found, at + 1), text(&found, at + 2)) {
        ("first", "in", "the") if text(&found, at + 3) == "list" => 4,
        ("first", ..) => 1,
        ("at" | "on", "the", "top") => 3,
        ("at" | "on" | "up", "top", _) => 2,
        _ => 0,
    };
    let said = (1..found.len()).find_map(|at| {
        let length = place(at);
        if length == 0 {
            return None;
        }
        let idle = |word: &str| matches!(word, "one" | "ones" | "come" | "comes" | "coming" | "goes" | "is");
        let mut from = at;
        while from > 0 && idle(text(&found, from - 1)) {
            from -= 1;
        }
        // "most frequent first", "fewest orders first": one word may stand between.
        let near = (from.saturating_sub(2)..from).rev().find_map(|at| end(text(&found, at)).map(|end| (at, end)))?;
        let between = near.0 + 1..from;
        let kept = matches!(text(&found, near.0 + 1), "expensive" | "recent" | "new" | "old") && !between.is_empty();
        // "which carrier has the most first attempts": nothing is ordered there.
        let closes = found
            .get(at + length)
            .is_none_or(|next| matches!(next.text.as_str(), "," | "and" | "please" | "for" | "in" | "by"));
        (!kept && closes).then_some((near.0, at + length, near.1))
    });
    let Some((mut from, to, end)) = said else { return found };
    while from > 0 && matches!(text(&found, from - 1), "the" | "with") {
        from -= 1;
    }
    first(&mut found, from..to, end);
    found
}

/// "starting with the highest", "begin with the worst one".
fn begins_with(mut found: Vec<Token>) -> Vec<Token> {
    let starts = |at: usize| {
        matches!(text(&found, at), "starting" | "start" | "beginning" | "begin")
            && matches!(text(&found, at + 1), "with" | "from" | "at")
    };
    let Some(at) = (1..found.len()).find(|at| starts(*at)) else { return found };
    let named = at + 2 + usize::from(text(&found, at + 2) == "the");
    let Some(end) = end(text(&found, named)) else { return found };
    let to = named + 1 + usize::from(matches!(text(&found, named + 1), "one" | "ones"));
    if to == found.len() || matches!(text(&found, to), "," | "and" | "please") {
        first(&mut found, at..to, end);
    }
    found
}

/// "from best to worst", "high to low", "largest to smallest".
fn both_ends(mut found: Vec<Token>) -> Vec<Token> {
    let side = |at: usize| match text(&found, at) {
        "high" => Some("highest"),
        "low" => Some("lowest"),
        other => end(other),
    };
    let at = (1..found.len().saturating_sub(2)).find(|at| {
        side(*at).is_some()
            && text(&found, at + 1) == "to"
            && side(at + 2).is_some_and(|other| Some(other) != side(*at))
    });
    let Some((at, end)) = at.and_then(|at| side(at).map(|end| (at, end))) else { return found };
    let mut from = at;
    while from > 1
        && matches!(text(&found, from - 1), "from" | "the" | "order" | "in" | "sorted" | "ranked" | "ordered")
    {
        from -= 1;
    }
    first(&mut found, from..at + 3, end);
    found
}
