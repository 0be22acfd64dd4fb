//! A second request within one sentence, "and what was it worth", "and how many customers": each must have left something in
//! the query. Must not take a clause that says more of the first request for another one.

use oms_tools::Unit;
use oms_tools::orders::semantic::SemanticQuery;

use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::{Family, Word, family_of_measure};
use crate::brain::rules::tokens::Token;
use crate::brain::rules::vocabulary::Vocabulary;

/// The words of the first request behind "and" or a comma that has no content of its own.
pub(super) fn empty(query: &SemanticQuery, pieces: &[Piece], tokens: &[Token]) -> Option<std::ops::Range<usize>> {
    let grouped = query.list.is_some() || !query.dimensions.is_empty();
    let joins = |at: usize| matches!(tokens[at].text.as_str(), "and" | "," | "plus" | "but" | "then" | "also");
    let asks = |at: usize| {
        tokens.get(at).is_some_and(|token| matches!(token.text.as_str(), "what" | "which" | "how" | "who" | "where"))
    };
    let starts: Vec<usize> = (1..tokens.len()).filter(|at| asks(*at) && joins(at - 1)).collect();
    starts.iter().enumerate().find_map(|(place, from)| {
        let to = starts.get(place + 1).copied().unwrap_or(tokens.len());
        let mut within = pieces.iter().filter(|piece| *from <= piece.from && piece.to <= to);
        // "packed but not shipped, which ones": the rows of the one request.
        let which = grouped
            && tokens[*from..to]
                .iter()
                .all(|token| matches!(token.text.as_str(), "which" | "ones" | "one" | "are" | "they" | "who" | "?"));
        (!which && !within.any(|piece| is_content(&piece.atom))).then_some(*from..to)
    })
}

/// Whether a piece asks for something, or says something of what is asked.
fn is_content(atom: &Atom) -> bool {
    !matches!(
        atom,
        Atom::Word(
            Word::Filler | Word::Which | Word::With | Word::And | Word::But | Word::By | Word::Both | Word::Only
        )
    )
}

/// Whether what "how many" stands before is counted: "how many customers" is answered by no number of orders.
pub(super) fn is_counted(measure: &str, query: &SemanticQuery, vocabulary: &Vocabulary) -> bool {
    let family = family_of_measure(measure);
    let goods = matches!(measure, "units_sold" | "products");
    let counts = |name: &String| {
        let own = family_of_measure(name);
        vocabulary.unit(name) == Some(Unit::Count)
            && (own == family || goods && matches!(own, Family::Orders | Family::Returns | Family::Stock))
    };
    let of = match measure {
        "orders" => "order",
        "customers" | "buyers" | "new_customers" => "customer",
        "products" | "units_sold" => "product",
        _ => "",
    };
    let groups = query.count_of.iter().chain(&query.dimensions).any(|name| !of.is_empty() && name.starts_with(of));
    let rate = query.share.is_some()
        || query
            .measures
            .iter()
            .any(|name| family_of_measure(name) == family && vocabulary.unit(name) == Some(Unit::Percent));
    groups
        || rate
        || query.list.is_some()
        || query.statistic.is_some()
        || query.average_per.is_some()
        || query.sets.iter().any(|set| family_of_what(&set.what) == Some(family))
        || query.measures.iter().chain(query.having.iter().map(|one| &one.measure)).any(counts)
}

/// The family of what a set looks for.
fn family_of_what(what: &str) -> Option<Family> {
    Some(match what {
        "orders" | "any_orders" | "lines" | "cancelled_orders" | "open_orders" => Family::Orders,
        "returns" => Family::Returns,
        "shipments" => Family::Shipments,
        "payments" => Family::Payments,
        _ => return None,
    })
}
