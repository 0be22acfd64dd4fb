//! Whether a figure is above or below a number: of which figure that is asked, and where it cannot be said with yes or no.

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Asked, AskedOf, FilterOp};

use super::assemble::{Draft, Problem};
use super::finish::is_grain;
use super::lattice::{Atom, Cover};
use super::tokens::Token;
use super::vocabulary::Vocabulary;

/// "did revenue grow more than 10 % in 2025": a percent of what is compared is of its change, not of the total.
pub(super) fn of_change(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    let Some(asked) = &mut draft.query.asked else { return Ok(()) };
    if draft.query.compare.is_none() && !draft.growth {
        return Ok(());
    }
    if asked.of != AskedOf::Share || draft.query.compare.is_none() {
        return Err(Problem::new(
            "is that number a bound on the figure, or on its change in percent, and against what?",
        ));
    }
    asked.of = AskedOf::Change;
    let falls =
        ["fall", "fell", "drop", "dropped", "decrease", "decreased", "decline", "declined", "shrink", "lose", "down"];
    if tokens.iter().any(|token| falls.contains(&token.text.as_str())) {
        // To fall by more than 10 % is to change by less than -10 %.
        asked.op = match asked.op {
            FilterOp::Above => FilterOp::Below,
            FilterOp::Below => FilterOp::Above,
            FilterOp::AtLeast => FilterOp::AtMost,
            FilterOp::AtMost => FilterOp::AtLeast,
            same => same,
        };
        asked.values = asked.values.iter().rev().map(|value| format!("-{value}")).collect();
    }
    draft.share = false;
    Ok(())
}

/// Yes or no is said of one figure: of groups, rows or another figure than the bound is on, it would be said of the wrong one.
pub(super) fn of_one_figure(draft: &mut Draft, tokens: &[Token], vocabulary: &Vocabulary) -> Result<(), Problem> {
    let query = &mut draft.query;
    let Some(asked) = &mut query.asked else { return Ok(()) };
    let fits = query.measures.len() == 1 && query.measures[0] == asked.measure;
    if !fits || !query.dimensions.is_empty() || query.list.is_some() || query.count_of.is_some() {
        return Err(Problem::new(
            "is that number a bound on one figure, or a condition on groups? Say \"did we have more than 50 buyers in March\" or \
             \"days with more than 5 orders\"",
        ));
    }
    // "did we ship more than 100 orders in June": those that were shipped then, whatever they are now.
    let happened = tokens
        .first()
        .is_some_and(|token| matches!(token.text.as_str(), "did" | "have" | "has" | "had" | "was" | "were"));
    let place = query
        .filters
        .iter()
        .position(|filter| filter.dimension == "order_status" && filter.op == FilterOp::In && filter.values.len() == 1);
    if let Some(place) = place.filter(|_| happened && asked.measure == "orders" && query.time.is_some()) {
        let status = query.filters[place].values[0].clone();
        // "delivered orders" are in that state.
        let state = tokens.windows(2).any(|pair| pair[0].text == status && pair[1].stem == "order");
        let event = format!("orders_{status}");
        if !state && vocabulary.has_measure(&event) {
            query.filters.remove(place);
            query.measures = vec![event.clone()];
            asked.measure = event;
        }
    }
    Ok(())
}

/// "did France sell more than Spain", "was revenue higher in December than in November": yes or no of one against the other.
/// `said`: the question as it was typed.
pub(super) fn one_or_other(query: &mut SemanticQuery, said: &[Token], cover: &Cover) {
    let asks = said.first().is_some_and(|token| {
        matches!(token.text.as_str(), "did" | "do" | "does" | "is" | "are" | "was" | "were" | "has" | "have" | "had")
    });
    let [measure] = &query.measures[..] else { return };
    let plain = query.asked.is_none()
        && query.list.is_none()
        && query.count_of.is_none()
        && query.ranking.is_none()
        && query.share.is_none()
        && query.ratio.is_none();
    let mut words = said.iter().enumerate().filter_map(|(at, token)| {
        let op = match token.text.as_str() {
            "more" | "higher" | "bigger" | "larger" | "greater" => FilterOp::Above,
            "fewer" | "less" | "lower" | "smaller" => FilterOp::Below,
            "faster" | "quicker" if measure.ends_with("_time") => FilterOp::Below,
            "slower" if measure.ends_with("_time") => FilterOp::Above,
            "beat" | "beats" | "outsell" | "outsells" | "outsold" => return Some(FilterOp::Above),
            _ => return None,
        };
        said[at..].iter().any(|token| token.text == "than").then_some(op)
    });
    let (true, true, Some(op), None) = (asks, plain, words.next(), words.next()) else { return };
    let values = match (&query.dimensions[..], query.compare.is_some()) {
        ([], true) => Vec::new(),
        ([group], false) if !is_grain(group) => {
            let filter = query.filters.iter().find(|filter| filter.dimension == *group && filter.op == FilterOp::In);
            let Some(filter) = filter.filter(|filter| filter.values.len() == 2) else { return };
            let mut named = cover.pieces.iter().filter_map(|piece| match &piece.atom {
                Atom::Values(values) => {
                    values.iter().map(|value| &value.value).find(|value| filter.values.contains(value)).cloned()
                }
                _ => None,
            });
            let (Some(one), Some(other)) = (named.next(), named.next()) else { return };
            if one == other {
                return;
            }
            vec![one, other]
        }
        _ => return,
    };
    query.asked = Some(Asked { measure: measure.clone(), op, values, of: AskedOf::Other });
}
