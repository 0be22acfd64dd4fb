//! What the words want to be shown: rows, or a number. Must not guess where either is meant.

use oms_tools::orders::semantic::query::{Filter, FilterOp};

use super::assemble::Draft;
use super::tokens::{Token, is_one_of};

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

/// "what did Carmen Blanco buy last year", "which products get returned because they arrive damaged": goods, each with its units.
pub(super) fn goods(draft: &mut Draft, tokens: &[Token]) {
    let query = &mut draft.query;
    let what = tokens.iter().take(2).any(|token| matches!(token.text.as_str(), "what" | "whats"));
    let person = query.filters.iter().any(|filter| filter.dimension == "customer" && filter.op == FilterOp::In);
    let buys = tokens.iter().any(|token| is_one_of("buy bought purchase purchased", &token.text));
    let measures = query.measures.is_empty() || query.measures == ["customers"];
    if what
        && person
        && buys
        && measures
        && query.dimensions.is_empty()
        && draft.rank.is_none()
        && query.sets.is_empty()
    {
        query.measures = vec!["units_sold".to_owned()];
        query.dimensions = vec!["product".to_owned()];
        draft.bought = false;
        draft.weak = None;
        return;
    }
    let returned = query.filters.iter().any(|filter| filter.dimension.starts_with("return_"));
    if returned && query.list.as_ref().is_some_and(|list| list.entity == "products" && list.columns.is_empty()) {
        query.list = None;
        query.measures = vec!["returned_units".to_owned()];
        query.dimensions = vec!["product".to_owned()];
        query.filters.retain(|filter| !(filter.dimension == "order_status" && filter.values == ["returned"]));
    }
}

/// "out for delivery today": where parcels are now, whenever they left.
pub(super) fn on_its_way(draft: &mut Draft) {
    let query = &mut draft.query;
    let state = query.filters.iter().any(|filter| {
        filter.dimension == "shipment_status"
            && filter.op == FilterOp::In
            && filter.values.iter().all(|value| matches!(value.as_str(), "in_transit" | "out_for_delivery"))
    });
    let today = query.time.as_ref().is_some_and(|time| time.running && time.label.contains("today"));
    if state && today && query.compare.is_none() && query.dimensions.is_empty() {
        query.time = None;
        draft.notes.push("counted by where the parcels are now, whenever they left".to_owned());
    }
}

/// "how many of last week's orders have been delivered": of those that were placed then.
pub(super) fn of_those_orders(draft: &mut Draft, tokens: &[Token]) {
    let query = &mut draft.query;
    let [measure] = &query.measures[..] else { return };
    let Some(event) = measure.strip_prefix("orders_").map(str::to_owned) else { return };
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let of = (0..tokens.len()).find(|at| text(*at) == "many" && text(at + 1) == "of");
    let verb = tokens.iter().rposition(|token| token.stem == event || token.text == event);
    let (Some(of), Some(verb)) = (of, verb) else { return };
    let noun = (of + 2..verb).any(|at| text(at) == "orders");
    let is = (of + 2..verb).any(|at| is_one_of("are were is have has been got", text(at)));
    if noun && is && query.time.is_some() && query.sets.is_empty() {
        query.measures = vec!["orders".to_owned()];
        query.filters.push(Filter { dimension: "order_status".to_owned(), op: FilterOp::In, values: vec![event] });
    }
}
