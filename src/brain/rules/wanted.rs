//! What the words want to be shown: rows, or a number. Must not guess where either is meant.

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
