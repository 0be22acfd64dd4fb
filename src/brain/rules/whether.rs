//! Whether a figure is above or below a number: of which figure that is asked, and where it cannot be said with yes or no.

use oms_tools::orders::semantic::query::{AskedOf, FilterOp};

use super::assemble::{Draft, Problem};
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
