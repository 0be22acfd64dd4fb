//! One order's whole story, asked by its number: what else the words name must be in it. Must not answer a part that it does not
//! tell.

use oms_tools::orders::semantic::SemanticQuery;

use super::assemble::{Draft, Problem};
use super::tokens::Token;

/// The query of one order's story, and its notes.
///
/// Fails where the words name a figure, a split, a condition or a range that the story does not tell.
pub(super) fn one_order(draft: Draft, tokens: &[Token]) -> Result<(SemanticQuery, Vec<String>), Problem> {
    let query = &draft.query;
    // "what did ORD-0000042 cost": what was paid for it, not what the goods cost us.
    let did_cost = tokens
        .iter()
        .position(|token| token.text == "did")
        .is_some_and(|did| tokens[did..].iter().any(|token| token.text == "cost"));
    let of_its_story = |measure: &String| {
        matches!(
            measure.as_str(),
            "orders"
                | "customers"
                | "cancelled_orders"
                | "shipments"
                | "payment_attempts"
                | "returned_units"
                | "returns_count"
                | "billed_amount"
                | "revenue"
                | "refunds"
                | "payment_amounts"
                | "units_sold"
                | "order_lines"
                | "discounts"
                | "shipping_fees"
                | "average_order_value"
        ) || measure.starts_with("orders_")
    };
    let told = |dimension: &str| {
        dimension.ends_with("_status")
            || dimension.ends_with("_reason")
            || dimension == "price" && did_cost
            || matches!(
                dimension,
                "carrier"
                    | "payment_method"
                    | "status"
                    | "reason"
                    | "customer"
                    | "warehouse"
                    | "product"
                    | "channel"
                    | "order"
            )
    };
    if !query.measures.iter().all(of_its_story)
        || !query.dimensions.iter().all(|dimension| told(dimension))
        || query.filters.iter().any(|filter| !told(&filter.dimension))
        || query.time.is_some()
        || draft.rank.is_some()
        // "how many of each product": its lines say so.
        || draft.how_many && !query.dimensions.iter().any(|dimension| dimension == "product")
        || !query.having.is_empty()
    {
        return Err(Problem::new("one order is shown as a whole: ask for its number alone"));
    }
    Ok((SemanticQuery { order_number: query.order_number.clone(), ..SemanticQuery::default() }, draft.notes))
}
