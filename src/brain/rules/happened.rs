//! Orders by what happened to them in a range: the rows of those that were shipped yesterday, and those that were packed then and
//! are not shipped. Must not take a present state for an event.

use oms_tools::orders::semantic::query::SetFilter;

use super::assemble::Draft;
use super::tokens::Token;

/// The measures of events, each also what a set of orders looks for.
pub(super) const EVENTS: [&str; 5] =
    ["orders_paid", "orders_packed", "orders_shipped", "orders_delivered", "orders_returned"];

/// A set of orders with or without an event.
pub(super) fn event(what: &str, has: bool) -> SetFilter {
    SetFilter { who: "order".to_owned(), what: what.to_owned(), has, ..SetFilter::default() }
}

/// "which orders were shipped yesterday", "how many orders were packed yesterday but not shipped": the event is a condition.
pub(super) fn settle(draft: &mut Draft, tokens: &[Token]) {
    let listed = draft.list || draft.which && tokens.iter().any(|token| token.text == "which");
    let query = &mut draft.query;
    let [measure] = &query.measures[..] else { return };
    let second = query.sets.iter().all(|set| EVENTS.contains(&set.what.as_str()));
    let plain = query.dimensions.is_empty()
        && query.having.is_empty()
        && query.compare.is_none()
        && query.average_per.is_none()
        && !query.running_total
        && draft.rank.is_none()
        && !(draft.share || draft.trend || draft.growth || draft.average);
    if !EVENTS.contains(&measure.as_str()) || query.time.is_none() || !second || !plain {
        return;
    }
    let listed = listed && !draft.how_many;
    if !listed && query.sets.is_empty() {
        return;
    }
    let happened = SetFilter { time: query.time.take(), ..event(measure, true) };
    query.sets.insert(0, happened);
    query.measures = if listed { Vec::new() } else { vec!["orders".to_owned()] };
    draft.newest = None;
}
