//! Small words that change which rows are meant: "still", "already", "so far", "at the same point". Must not pass one over
//! because the sentence reads well without it.

use std::ops::Range;

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Comparison, TimeRange};

use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::{Family, Word, family_of_measure};
use crate::brain::rules::tokens::Token;

/// The first of such words that is not in the query.
pub(super) fn unheld(query: &SemanticQuery, pieces: &[Piece], tokens: &[Token]) -> Option<Range<usize>> {
    let filler = |at: usize| {
        let piece = pieces.iter().find(|piece| piece.from <= at && at < piece.to);
        piece.is_some_and(|piece| piece.atom == Atom::Word(Word::Filler))
    };
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    (0..tokens.len()).filter(|at| filler(*at)).find_map(|at| {
        let next = text(at + 1);
        let (length, held) = match (text(at), next) {
            // "at the same point last year", "by this time": the range ends where the running one does.
            // "Toys and Books at the same time" are together.
            ("same", "time") if at < 2 || text(at - 2) == "at" && !matches!(text(at + 2), "last" | "previous") => {
                (1, true)
            }
            ("same", "point" | "time" | "stage" | "moment") | ("this", "time" | "point" | "stage")
                if filler(at + 1) =>
            {
                (2, ends_alike(query) || query.compare.is_none() && ends_now(query))
            }
            ("so", "far") | ("to", "date") | ("until" | "till", "now") => (2, ends_now(query)),
            ("still" | "already", _) => (1, is_state(query) || query.time.as_ref().is_some_and(|time| time.running)),
            ("yet", _) => (1, is_state(query)),
            _ => (1, true),
        };
        (!held).then_some(at..at + length)
    })
}

/// Whether nothing ends the range before now.
fn ends_now(query: &SemanticQuery) -> bool {
    let open = |time: &TimeRange| time.running || time.to.is_none();
    query.time.as_ref().is_none_or(open)
}

/// Whether a running range is compared with the same part of another one.
fn ends_alike(query: &SemanticQuery) -> bool {
    let Some(time) = query.time.as_ref().filter(|time| time.running) else { return false };
    match &query.compare {
        Some(Comparison::Range(other)) => {
            let length = |range: &TimeRange| Some(range.to? - range.from?);
            length(other) == length(time)
        }
        Some(_) => true,
        None => false,
    }
}

/// Whether the query is about how something stands: a status, what lies in stock, who has or has not.
fn is_state(query: &SemanticQuery) -> bool {
    let status = |name: &str| name.ends_with("status") || matches!(name, "active" | "days_since_placed");
    let stands = |name: &String| {
        family_of_measure(name) == Family::Stock
            || name.starts_with("orders_")
            || matches!(
                name.as_str(),
                "open_orders"
                    | "stuck_orders"
                    | "late_shipments"
                    | "late_rate"
                    | "cancelled_orders"
                    | "shipments"
                    | "parcels_delivered"
                    | "refunds"
                    | "repeat_buyers"
                    | "repeat_rate"
                    | "returned_units"
                    | "returns_count"
            )
    };
    query.filters.iter().any(|filter| status(&filter.dimension))
        || query.dimensions.iter().any(|name| status(name))
        || !query.sets.is_empty()
        || query.without_rows
        || query.measures.iter().chain(query.list.iter().filter_map(|list| list.of.as_ref())).any(stands)
        || query.list.as_ref().is_some_and(|list| list.entity == "inventory")
}
