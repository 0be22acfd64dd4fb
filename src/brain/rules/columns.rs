//! Rows with the columns that were asked for, "list late parcels with customer and country": what stands before "with" says
//! which rows, what stands behind it names columns and nothing else. Must not take a condition for a column.

use chrono::NaiveDateTime;
use oms_tools::Unit;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::catalog::Entity;
use oms_tools::orders::semantic::query::{Filter, FilterOp, RowList};

use super::lattice::{self, Atom};
use super::lexicon::{self, Word};
use super::tokens::{Token, phrase_key};
use super::{Rules, Understanding, sentences};

/// What people call columns, and the columns that it can be, the likeliest first: the first one that the rows have is meant.
const CALLED: &[(&str, &[&str])] = &[
    ("status", &["shipment_status", "payment_status", "return_status", "order_status"]),
    ("country", &["ship_country", "customer_country", "warehouse_country"]),
    ("destination", &["ship_country"]),
    ("shipping country", &["ship_country"]),
    ("destination country", &["ship_country"]),
    ("city", &["ship_city", "customer_city", "warehouse_city"]),
    ("shipping city", &["ship_city"]),
    ("reason", &["return_reason", "failure_reason", "cancel_reason"]),
    ("cancellation reason", &["cancel_reason"]),
    ("reason for cancellation", &["cancel_reason"]),
    ("amount", &["amount", "refund_amount"]),
    ("refund", &["refund_amount"]),
    ("value", &["items_total"]),
    ("order value", &["items_total"]),
    ("total", &["grand_total"]),
    ("shipping cost", &["shipping_fee"]),
    ("shipping", &["shipping_fee"]),
    ("tax", &["tax_total"]),
    ("vat", &["tax_total"]),
    ("name", &["customer", "product"]),
    ("customer name", &["customer"]),
    ("name of the customer", &["customer"]),
    ("product name", &["product"]),
    ("segment", &["customer_segment"]),
    ("method", &["payment_method"]),
    ("way of paying", &["payment_method"]),
    ("tracking number", &["tracking_number"]),
    ("tracking code", &["tracking_number"]),
    ("promised date", &["promised_at"]),
    ("promised time", &["promised_at"]),
    ("delivery date", &["delivered_at"]),
    ("shipping date", &["shipped_at"]),
    ("order date", &["placed_at"]),
    ("launch date", &["launched_on"]),
    ("registration date", &["created_at"]),
    ("order number", &["order_number"]),
    ("number", &["order_number"]),
    ("order no", &["order_number"]),
    ("time", &["placed_at", "attempted_at", "shipped_at", "requested_at"]),
    ("date", &["placed_at", "shipped_at", "requested_at", "attempted_at"]),
    ("order country", &["ship_country"]),
    ("when placed", &["placed_at"]),
    ("when it was placed", &["placed_at"]),
    ("when they were placed", &["placed_at"]),
    ("moment they were placed", &["placed_at"]),
    ("time they were placed", &["placed_at"]),
    ("when they came in", &["placed_at"]),
    ("time of order", &["placed_at"]),
    ("time of the order", &["placed_at"]),
    ("when they were shipped", &["shipped_at"]),
    ("when they were promised", &["promised_at"]),
    ("when they were delivered", &["delivered_at"]),
    ("reason they were cancelled", &["cancel_reason"]),
    ("reason it was cancelled", &["cancel_reason"]),
    ("why they were cancelled", &["cancel_reason"]),
    ("reorder point", &["reorder_level"]),
    ("list price", &["price"]),
    ("purchase price", &["cost"]),
    ("billed amount", &["grand_total"]),
    ("amount billed", &["grand_total"]),
    ("city it goes to", &["ship_city"]),
    ("city they go to", &["ship_city"]),
    ("country it goes to", &["ship_country"]),
    ("country they go to", &["ship_country"]),
    ("request date", &["requested_at"]),
    ("requested date", &["requested_at"]),
    ("when it was requested", &["requested_at"]),
    ("when they were requested", &["requested_at"]),
    ("when it was shipped", &["shipped_at"]),
    ("when it was delivered", &["delivered_at"]),
    ("when it was promised", &["promised_at"]),
    ("when it left", &["shipped_at"]),
    ("when it was attempted", &["attempted_at"]),
];
/// Words that begin the columns.
const BEGINS: [&str; 7] = ["with", "w", "including", "incl", "showing", "plus", "and"];
/// Words beside columns that say nothing.
const IDLE: [&str; 11] = ["the", "their", "its", "his", "her", "and", ",", "also", "each", "please", "too"];
/// Words that ask for rows.
const ASKS: [&str; 9] = ["what", "list", "show", "which", "give", "display", "print", "send", "name"];
/// Columns that the gate speaks of.
const PERSONAL: [&str; 2] = ["email", "phone"];

/// The rows with these columns; `None` where the words are something else.
pub(super) fn listed(rules: &Rules, text: &str, tokens: &[Token], now: NaiveDateTime) -> Option<Understanding> {
    if let Some(found) = of_one_order(rules, text, tokens, now) {
        return Some(found);
    }
    let asked = tokens.iter().take(4).any(|token| ASKS.contains(&token.text.as_str()));
    // "5 newest orders with channel": rows, as much as behind "show".
    let newest = tokens
        .iter()
        .take(3)
        .any(|token| matches!(token.text.as_str(), "newest" | "latest" | "oldest" | "recent" | "last"))
        || tokens.iter().take(4).any(|token| matches!(token.text.as_str(), "biggest" | "largest" | "smallest"))
            && tokens.iter().take(5).any(|token| token.text == "orders");
    for at in (2..tokens.len().saturating_sub(1)).rev() {
        let Some(tail) = tail(text, tokens, at) else { continue };
        let (tail, order) = ordered(tail);
        // "and the reason for each"
        let (tail, each) = match tail {
            [columns @ .., of, each] if each.text == "each" && matches!(of.text.as_str(), "for" | "of") => {
                (columns, true)
            }
            _ => (tail, false),
        };
        let asked = asked && !each;
        // "stuck for over a week: number, customer, country": several columns, and one that no figure is called.
        let ends = sentences::end_before(text, tokens, at) || tokens[at].text == "with" && tokens[at - 1].text == ",";
        if !(asked || each || newest || ends && is_a_row(rules, tail)) {
            continue;
        }
        let measures = figures(rules, tail);
        if measures.is_none() && named(tail, &rules.vocabulary.catalog.entities).is_none() {
            continue;
        }
        let head = tokens[..at].to_vec();
        let listing = |head: &[Token]| {
            let start = head[0].start;
            let mut head = head.to_vec();
            head.insert(0, lexicon::word("list", start));
            head
        };
        let head = if asked { head } else { listing(&head) };
        let Understanding::Query { mut query, mut confidence, mut notes } = rules.sentence(&head, now, None, false)
        else {
            continue;
        };
        // "show the returns since Friday with order number, reason and status": rows, though returns are a figure too.
        if asked
            && query.list.is_none()
            && query.dimensions.is_empty()
            && is_a_row(rules, tail)
            && let Understanding::Query { query: rows, confidence: other, notes: told } =
                rules.sentence(&listing(&head), now, None, false)
            && rows.list.is_some()
        {
            (query, confidence, notes) = (rows, other, told);
        }
        if !asked && query.list.is_none() {
            continue;
        }
        let Some(entity) = query.list.as_ref().and_then(|list| entity(rules, &list.entity)) else { continue };
        match named(tail, std::slice::from_ref(entity)) {
            Some(columns) => {
                show(&mut query, entity, columns)?;
                if let Some(order) = order {
                    sort(&mut query, order)?;
                }
            }
            None if order.is_some() => return None,
            None => {
                let theirs = matches!(tokens[at + 1].text.as_str(), "their" | "its" | "his" | "her");
                of_each(rules, &mut query, measures?, theirs)?;
            }
        }
        return Some(Understanding::Query { query, confidence, notes });
    }
    None
}

/// The words from `at` on that may name columns: behind "with", or behind the end of a sentence.
fn tail<'a>(text: &str, tokens: &'a [Token], at: usize) -> Option<&'a [Token]> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let their = matches!(word(at + 1), "their" | "its" | "the" | "his" | "her");
    // "orders and countries" are two things, "orders and their countries" are rows with a column.
    if BEGINS.contains(&word(at)) && (word(at) != "and" || their) {
        return Some(&tokens[at + 1..]);
    }
    if !sentences::end_before(text, tokens, at) {
        return None;
    }
    let leads = match (word(at), word(at + 1)) {
        ("i" | "we", "need" | "want") | ("show" | "give", "me") => 2,
        ("with" | "show" | "please", _) => 1,
        _ => 0,
    };
    Some(&tokens[at + leads..])
}

/// Which row comes first.
#[derive(Clone, Copy)]
enum Order {
    Biggest,
    Smallest,
    Newest,
    Oldest,
}

/// Columns, and how the rows are to be ordered where that is said behind them: ", biggest first".
fn ordered(tail: &[Token]) -> (&[Token], Option<Order>) {
    let [columns @ .., last, first] = tail else { return (tail, None) };
    let order = match last.text.as_str() {
        "biggest" | "largest" | "highest" => Order::Biggest,
        "smallest" | "lowest" => Order::Smallest,
        "newest" | "latest" => Order::Newest,
        "oldest" => Order::Oldest,
        _ => return (tail, None),
    };
    if first.text == "first" { (columns, Some(order)) } else { (tail, None) }
}

fn sort(query: &mut SemanticQuery, order: Order) -> Option<()> {
    let list = query.list.as_mut().filter(|list| list.order_by.is_none())?;
    match order {
        Order::Newest => list.ascending = false,
        Order::Oldest => list.ascending = true,
        Order::Biggest | Order::Smallest => {
            let column = match list.entity.as_str() {
                "orders" => "items_total",
                "products" => "price",
                "payments" => "amount",
                "returns" => "refund_amount",
                _ => return None,
            };
            list.order_by = Some(column.to_owned());
            list.ascending = matches!(order, Order::Smallest);
        }
    }
    Some(())
}

/// "what did they buy in order ORD-0000042? product, quantity and line total": its lines, parcels, payments or returns with these
/// columns. Without columns its whole story is told.
fn of_one_order(rules: &Rules, text: &str, tokens: &[Token], now: NaiveDateTime) -> Option<Understanding> {
    let mut numbers = tokens.iter().filter(|token| token.text.starts_with("ord-"));
    let (number, None) = (numbers.next()?, numbers.next()) else { return None };
    let at = (2..tokens.len()).find(|at| {
        tail(text, tokens, *at).is_some_and(|tail| named(tail, &rules.vocabulary.catalog.entities).is_some())
    })?;
    let tail = tail(text, tokens, at)?;
    let of = tokens[..at].iter().find_map(|token| {
        Some(match token.stem.as_str() {
            "item" | "line" | "product" | "article" | "buy" | "bought" | "contain" => "order_items",
            "payment" | "attempt" => "payments",
            "parcel" | "shipment" | "package" => "shipments",
            "return" => "returns",
            _ => return None,
        })
    });
    let inside = tokens.windows(3).any(|run| {
        run[0].text == "what"
            && matches!(run[1].text.as_str(), "was" | "is" | "s")
            && matches!(run[2].text.as_str(), "in" | "inside")
    });
    let of = of.or(inside.then_some("order_items"))?;
    // "which failed attempts", "lines over 20 euros": conditions are not dropped.
    let head = lexicon::rephrase(tokens[..at].to_vec());
    let covers = lattice::covers(&head, &rules.vocabulary, now);
    let plain = |piece: &lattice::Piece| match &piece.atom {
        Atom::Name(_) | Atom::Order(_) => true,
        Atom::Word(word) => {
            matches!(word, Word::Filler | Word::List | Word::Which | Word::Who | Word::Story | Word::Bought | Word::And)
        }
        _ => false,
    };
    if !covers.first()?.pieces.iter().all(plain) {
        return None;
    }
    let entity = entity(rules, of)?;
    let columns = named(tail, std::slice::from_ref(entity))?;
    let mut query = SemanticQuery {
        filters: vec![Filter {
            dimension: "order".to_owned(),
            op: FilterOp::In,
            values: vec![number.text.to_uppercase()],
        }],
        list: Some(RowList { entity: of.to_owned(), ..RowList::default() }),
        ..SemanticQuery::default()
    };
    show(&mut query, entity, columns)?;
    Some(Understanding::Query { query: Box::new(query), confidence: 0.9, notes: Vec::new() })
}

/// Whether words name several columns, and one of an order or a customer that is no figure and no group.
fn is_a_row(rules: &Rules, tail: &[Token]) -> bool {
    let Some(columns) = named(tail, &rules.vocabulary.catalog.entities) else { return false };
    let own = |name: &String| {
        matches!(
            name.as_str(),
            "order_number" | "customer" | "placed_at" | "items_total" | "grand_total" | "tracking_number" | "sku"
        )
    };
    // "number and amount" are two figures.
    let figures = columns.len() < 3
        && tail.iter().any(|token| token.text == "number")
        && !tail.iter().any(|token| token.stem == "order");
    columns.len() > 1 && !figures && columns.iter().any(own)
}

fn entity<'a>(rules: &'a Rules, name: &str) -> Option<&'a Entity> {
    rules.vocabulary.catalog.entities.iter().find(|entity| entity.name == name)
}

/// The usual columns and those that are named besides.
fn show(query: &mut SemanticQuery, entity: &Entity, named: Vec<String>) -> Option<()> {
    let list = query.list.as_mut().filter(|list| list.columns.is_empty())?;
    let usual = &entity.columns[..entity.usual.min(entity.columns.len())];
    let more: Vec<String> = named.into_iter().filter(|column| !usual.contains(column)).collect();
    if !more.is_empty() {
        list.columns = usual.iter().cloned().chain(more).collect();
    }
    Some(())
}

/// "list customers in Lisbon with their revenue": figures of each of them.
///
/// `theirs`: the figures are said to be those of each. "customers with returns" are those that have any, where "with their
/// returns" are counts; sums and rates are figures either way.
fn of_each(rules: &Rules, query: &mut SemanticQuery, measures: Vec<String>, theirs: bool) -> Option<()> {
    let counts = |name: &String| rules.vocabulary.unit(name) == Some(Unit::Count);
    if !theirs && measures.iter().any(counts) {
        return None;
    }
    let list = query.list.as_ref()?;
    let group = match list.entity.as_str() {
        "customers" => "customer",
        "products" => "product",
        _ => return None,
    };
    // A range says when they registered or were launched, and a number how many of the newest: neither is the figures'.
    if query.time.is_some() || list.limit.is_some() || list.order_by.is_some() || list.of.is_some() {
        return None;
    }
    query.list = None;
    query.measures = measures;
    query.dimensions = vec![group.to_owned()];
    Some(())
}

/// The measures that words name; `None` where one of the words is no measure's.
fn figures(rules: &Rules, words: &[Token]) -> Option<Vec<String>> {
    all_named(words, |key| rules.vocabulary.names(key)?.measure.clone())
}

/// The columns of these rows that words name; `None` where one of the words is no column's.
fn named(words: &[Token], entities: &[Entity]) -> Option<Vec<String>> {
    all_named(words, |key| column(key, entities))
}

/// What the words name, the longest names first, each once; `None` where nothing is named, or a word belongs to no name.
fn all_named(words: &[Token], name: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if IDLE.contains(&words[at].text.as_str()) {
            at += 1;
            continue;
        }
        let (length, one) = (1..=4.min(words.len() - at)).rev().find_map(|length| {
            let key = words[at..at + length].iter().map(|token| token.stem.as_str()).collect::<Vec<_>>().join(" ");
            name(&key).map(|one| (length, one))
        })?;
        if !found.contains(&one) {
            found.push(one);
        }
        at += length;
    }
    (!found.is_empty()).then_some(found)
}

fn column(key: &str, entities: &[Entity]) -> Option<String> {
    let columns =
        || entities.iter().flat_map(|entity| &entity.columns).filter(|known| !PERSONAL.contains(&known.as_str()));
    let called = CALLED.iter().filter(|(called, _)| phrase_key(called) == key).flat_map(|(_, columns)| *columns);
    let mut called = called.filter_map(|column| columns().find(|known| known == column));
    called.next().or_else(|| columns().find(|column| phrase_key(&column.replace('_', " ")) == key)).cloned()
}
