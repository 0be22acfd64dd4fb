//! One order's whole story, asked by its number: what else the words name must be in it. Must not answer a part that it does not
//! tell.

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Filter, FilterOp};

use super::assemble::{Draft, Problem};
use super::lattice::{self, Atom};
use super::tokens::{Token, is_one_of};
use super::{Rules, Understanding, lexicon, sentences, spelling};

/// Words that ask for more than one order's story tells: other orders, means, what it earned, what will be.
const BEYOND: &str = "orders other others another average avg typical usual compare compared comparison versus vs similar all every \
    phone contact address email margin profit profitable cost costs earn earned customers clients buyers stock inventory warehouses spent spend lifetime \
    forecast predict than most least top besides brand category market reviews competitors share percent percentage";

/// The whole story of the one order that a message names, where its words are no question that is read otherwise: what they ask
/// stands in it. A sentence that asks with a word that nobody knows may ask for what the story does not tell.
pub(super) fn told_whole(
    rules: &Rules,
    text: &str,
    tokens: &[Token],
    now: chrono::NaiveDateTime,
) -> Option<Understanding> {
    let beyond = |token: &Token| is_one_of(BEYOND, &token.text);
    if tokens.iter().any(beyond) || super::forbidden::not_told(tokens).is_some() {
        return None;
    }
    let mut numbers: Vec<String> = Vec::new();
    let mut told = Vec::new();
    let parts = sentences::parts(text, tokens);
    for (place, part) in parts.iter().enumerate() {
        let (words, notes) = spelling::corrected(lexicon::rephrase(part.to_vec()), &rules.vocabulary);
        let covers = lattice::covers(&words, &rules.vocabulary, now);
        let pieces = &covers.first()?.pieces;
        numbers.extend(pieces.iter().filter_map(|piece| match &piece.atom {
            Atom::Order(number) => Some(number.clone()),
            _ => None,
        }));
        let states = place + 1 < parts.len()
            && part.first().is_some_and(|first| {
                matches!(
                    first.text.as_str(),
                    "customer"
                        | "a"
                        | "the"
                        | "i"
                        | "we"
                        | "got"
                        | "client"
                        | "someone"
                        | "somebody"
                        | "she"
                        | "he"
                        | "they"
                        | "my"
                )
            });
        if !states && pieces.iter().any(|piece| piece.atom == Atom::Unknown) {
            return None;
        }
        told.extend(notes);
    }
    numbers.dedup();
    let [number] = &numbers[..] else { return None };
    told.push("the order's whole story is shown: look there for what was asked".to_owned());
    let query = SemanticQuery { order_number: Some(number.clone()), ..SemanticQuery::default() };
    Some(Understanding::Query { query: Box::new(query), confidence: 0.6, notes: told })
}

/// The story again, where the last turn was about one order and this one asks on: "what was in it?", "and what did they send back?".
pub(super) fn still_about(
    rules: &Rules,
    frame: &SemanticQuery,
    tokens: &[Token],
    now: chrono::NaiveDateTime,
) -> Option<Understanding> {
    const LONGEST: usize = 14;
    const ASKS: &str = "what what's whats which who how when where why did was is has have were do does";
    let number = frame.order_number.clone()?;
    let beyond = |token: &Token| is_one_of(BEYOND, &token.text) || token.text.bytes().any(|byte| byte.is_ascii_digit());
    let first = tokens.iter().find(|token| !matches!(token.text.as_str(), "and" | "so" | "ok" | "," | "but"))?;
    let refers =
        tokens.iter().any(|token| is_one_of("it its it's they them he she his her their that this there", &token.text));
    if tokens.len() > LONGEST
        || !is_one_of(ASKS, &first.text)
        || !refers
        || tokens.iter().any(|token| beyond(token) && token.text != "cost")
        || super::forbidden::not_told(tokens).is_some()
        || super::forbidden::whose_work(tokens).is_some()
    {
        return None;
    }
    // A range, a place or a group asks for something else.
    let words: Vec<Token> =
        tokens.iter().filter(|token| !matches!(token.text.as_str(), "now" | "today" | "currently")).cloned().collect();
    let covers = lattice::covers(&lexicon::rephrase(words), &rules.vocabulary, now);
    let other = covers.first()?.pieces.iter().any(|piece| match &piece.atom {
        Atom::Time(_) | Atom::Order(_) | Atom::Number { .. } => true,
        Atom::Values(values) => !values.iter().any(|value| {
            value.dimension.ends_with("_status") || value.dimension.ends_with("_reason") || value.dimension == "carrier"
        }),
        _ => false,
    });
    if other {
        return None;
    }
    let query = SemanticQuery { order_number: Some(number), ..SemanticQuery::default() };
    let note = "the order's whole story is shown again: look there for what was asked".to_owned();
    Some(Understanding::Query { query: Box::new(query), confidence: 0.6, notes: vec![note] })
}

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
    // "how many payment attempts were there on ORD-0000042": the one figure.
    let counted = |measure: &String| {
        matches!(
            measure.as_str(),
            "payment_attempts" | "shipments" | "units_sold" | "order_lines" | "returned_units" | "returns_count"
        )
    };
    // "did ORD-0000042 have any failed payments"
    let any = tokens.iter().any(|token| token.text == "any");
    if (draft.how_many || any)
        && matches!(&query.measures[..], [measure] if counted(measure))
        && query.dimensions.is_empty()
        && query
            .filters
            .iter()
            .all(|filter| filter.dimension.starts_with("payment_") || filter.dimension.starts_with("shipment_"))
        && query.time.is_none()
        && query.having.is_empty()
        && query.sets.is_empty()
        && draft.rank.is_none()
        && !draft.average
        && !draft.share
        && let Some(number) = &query.order_number
    {
        let mut counted = SemanticQuery {
            measures: query.measures.clone(),
            filters: query.filters.clone(),
            ..SemanticQuery::default()
        };
        counted.filters.push(Filter { dimension: "order".to_owned(), op: FilterOp::In, values: vec![number.clone()] });
        return Ok((counted, draft.notes));
    }
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
