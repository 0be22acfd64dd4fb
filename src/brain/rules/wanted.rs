//! What the words want to be shown: rows or a number, the one at the top or the first ten. Must not guess where either is meant.

use oms_tools::orders::semantic::SemanticQuery;

use super::assemble::{Problem, Rank};
use super::tokens::Token;

/// "what's completely sold out", "is anything running low": which ones, asked of a state and not of a number that has a name.
pub(super) fn asks_what(tokens: &[Token]) -> bool {
    let idle = |token: &&Token| {
        matches!(
            token.text.as_str(),
            "is" | "are"
                | "s"
                | "completely"
                | "totally"
                | "entirely"
                | "currently"
                | "now"
                | "right"
                | "really"
                | "already"
                | "all"
                | "we"
                | "nearly"
                | "almost"
                | "about"
                | "to"
                | "there"
                | "that"
                | "getting"
        )
    };
    let mut words = tokens.iter();
    let asks = words.find(|token| !matches!(token.text.as_str(), "and" | "so" | "show" | "me" | "tell" | "list"));
    let asked = asks.is_some_and(|token| {
        matches!(token.text.as_str(), "what" | "what's" | "whats" | "which" | "anything" | "everything")
    });
    let mut rest = words.skip_while(idle).map(|token| token.text.as_str());
    let state = rest.next().is_some_and(|word| {
        matches!(
            word,
            "sold"
                | "out"
                | "running"
                | "run"
                | "ran"
                | "low"
                | "short"
                | "below"
                | "under"
                | "due"
                | "unavailable"
                | "stocked"
        )
    });
    asked && state && !rest.next().is_some_and(|word| word.starts_with("stock"))
}

/// "top city": the glossary's ten, or the one that the noun says?
pub(super) fn one_or_ten(query: &SemanticQuery, rank: &Rank, tokens: &[Token]) -> Result<(), Problem> {
    // Of a handful the first ten are all, the one at the top first.
    let handful = |name: &String| {
        name.ends_with("_reason")
            || name.ends_with("_status")
            || matches!(name.as_str(), "payment_method" | "channel" | "customer_segment" | "carrier")
    };
    let several = rank.extreme || !rank.singular || rank.only_order || query.dimensions.iter().all(handful);
    if several || !tokens.iter().any(|token| token.text == "top") {
        return Ok(());
    }
    let group = query.dimensions.iter().find(|name| rank.per.as_ref() != Some(*name)).map_or("", |name| name);
    let group = group.trim_start_matches("ship_").replace('_', " ");
    Err(Problem {
        ruled_out: false,
        message: format!("is it the one {group} at the top that is meant, or the first ten?"),
        choices: vec![format!("best {group}"), format!("top 10 {group}")],
    })
}
