//! What is counted where no figure is named: rows whose state is named, what lies in stock, what somebody buys most. Must not look
//! at ranges.

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Filter, FilterOp};

use super::assemble::Draft;
use super::grouping::GOODS;
use super::tokens::{Token, is_number, is_one_of};

/// "buy most", "order the least".
fn buys_most(tokens: &[Token]) -> bool {
    let buys = |text: &str| {
        matches!(text, "buy" | "buys" | "bought" | "order" | "ordered" | "shop" | "purchase" | "purchased")
    };
    let most = |text: &str| matches!(text, "most" | "least");
    tokens.windows(3).any(|run| {
        let words = [run[0].text.as_str(), run[1].text.as_str(), run[2].text.as_str()];
        buys(words[0]) && (most(words[1]) || words[1] == "the" && most(words[2]))
    }) || tokens
        .iter()
        .rev()
        .take(2)
        .collect::<Vec<_>>()
        .windows(2)
        .any(|pair| most(&pair[0].text) && buys(&pair[1].text))
}

/// "exceptions by carrier", "timeouts by hour": the rows whose state is named are counted.
fn by_state(query: &SemanticQuery) -> Option<&'static str> {
    let carrier = query.dimensions.iter().any(|name| name == "carrier")
        || query.filters.iter().any(|filter| filter.dimension == "carrier");
    query.filters.iter().filter(|filter| filter.op == FilterOp::In).find_map(|filter| match filter.dimension.as_str() {
        "failure_reason" => Some("payment_attempts"),
        "shipment_status" => Some("shipments"),
        "return_reason" | "return_status" => Some("returned_units"),
        "order_status" if carrier && query.time.is_some() && filter.values == ["delivered"] => {
            Some("parcels_delivered")
        }
        _ => None,
    })
}

/// "the most common failure reason for card payments": of those that failed.
pub(super) fn of_failed_payments(query: &mut SemanticQuery) {
    if query.measures == ["payment_attempts"]
        && query.dimensions.iter().any(|name| name == "failure_reason")
        && !query.filters.iter().any(|filter| filter.dimension == "payment_status")
    {
        query.filters.push(Filter {
            dimension: "payment_status".to_owned(),
            op: FilterOp::In,
            values: vec!["failed".to_owned()],
        });
    }
}

/// "how many of the lamp do we have in each warehouse": what lies there now.
pub(super) fn is_stock_of_a_product(draft: &Draft, tokens: &[Token]) -> bool {
    let query = &draft.query;
    let owns = |run: &[Token]| {
        let words: Vec<&str> = run.iter().map(|token| token.text.as_str()).collect();
        matches!(words[..], ["do", "we", "have" | "hold"] | ["have", "we", "got"] | ["we", "still", "have"])
    };
    let of_a_product =
        |filter: &Filter| matches!(filter.dimension.as_str(), "product" | "sku") && filter.op != FilterOp::NotIn;
    query.measures.is_empty()
        && draft.how_many
        && query.filters.iter().any(of_a_product)
        && query.time.is_none()
        && draft.rank.is_none()
        && tokens.windows(3).any(owns)
}

/// "number of VIPs": the customers of a segment.
pub(super) fn of_a_segment(draft: &mut Draft) {
    let query = &mut draft.query;
    let segment = query.filters.iter().any(|filter| filter.dimension == "customer_segment");
    let own = query.filters.iter().all(|filter| filter.dimension.starts_with("customer_"));
    if draft.how_many && query.measures.is_empty() && draft.count.is_none() && segment && own && draft.weak.is_none() {
        query.measures.push("customers".to_owned());
    }
}

/// "which category do business customers buy most": what they buy, not how many they are.
pub(super) fn what_they_buy(draft: &mut Draft, tokens: &[Token]) {
    let query = &mut draft.query;
    let ranked = draft.bought && !draft.how_many && draft.rank.is_some();
    if !ranked || query.measures != ["customers"] || !buys_most(tokens) {
        return;
    }
    let goods = query.dimensions.iter().any(|name| GOODS.contains(&name.as_str()));
    query.measures = vec![if goods { "units_sold" } else { "orders" }.to_owned()];
    if let Some(rank) = draft.rank.as_mut().filter(|rank| rank.by.as_deref() == Some("customers")) {
        rank.by = None;
    }
}

/// Counts the rows whose state is named, where no figure is.
pub(super) fn take_state(query: &mut SemanticQuery) {
    let Some(counted) = by_state(query).filter(|_| query.measures.is_empty()) else { return };
    query.measures.push(counted.to_owned());
    // That they were delivered is what is counted.
    if counted == "parcels_delivered" {
        query.filters.retain(|filter| filter.dimension != "order_status");
    }
}

/// "customers with two or more returns", "rejected returns, how many": each return once, where its pieces are not named.
pub(super) fn returns_as_such(draft: &mut Draft, tokens: &[Token]) {
    let says = |words: &str| tokens.iter().any(|token| is_one_of(words, &token.text));
    let named = tokens.iter().position(|token| matches!(token.text.as_str(), "returns" | "return"));
    let Some(named) = named.filter(|_| !says("unit units item items piece pieces goods things product products rate"))
    else {
        return;
    };
    let query = &mut draft.query;
    if query.measures != ["returned_units"] {
        return;
    }
    if let [bound] = &mut query.having[..]
        && bound.measure == "returned_units"
        && !bound.of_total
        && bound.of_change.is_none()
    {
        let from = named.saturating_sub(4);
        let numbered = tokens[from..named].iter().any(|token| {
            super::numbers::small(&[token.text.as_str()]).is_some()
                || is_one_of("once twice", &token.text)
                || is_number(&token.text)
        });
        if numbered {
            "returns_count".clone_into(&mut bound.measure);
            query.measures = vec!["returns_count".to_owned()];
            if let Some(rank) = draft.rank.as_mut().filter(|rank| rank.by.as_deref() == Some("returned_units")) {
                rank.by = Some("returns_count".to_owned());
            }
        }
    } else if draft.how_many && query.having.is_empty() && draft.rank.is_none() && query.count_of.is_none() {
        query.measures = vec!["returns_count".to_owned()];
    }
}
