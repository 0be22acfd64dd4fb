//! Queries that fit their words one by one and yet say something that nobody asks: a condition that contradicts another, a
//! range compared with itself, orders grouped by each amount. Must not judge what the data happens to hold.

use std::ops::Range;

use oms_tools::Unit;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Comparison, FilterOp};

use crate::brain::rules::assemble::Problem;
use crate::brain::rules::finish::is_grain;
use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::{Family, Word, family_of_measure};
use crate::brain::rules::tokens::Token;
use crate::brain::rules::vocabulary::Vocabulary;

/// Fails with what makes no sense together.
pub(super) fn check(
    query: &SemanticQuery,
    pieces: &[Piece],
    tokens: &[Token],
    vocabulary: &Vocabulary,
) -> Result<(), Problem> {
    contradicts(query)?;
    compared(query)?;
    grouped(query, tokens, vocabulary)?;
    counted(query, tokens)?;
    match left_over(query, pieces, tokens, vocabulary) {
        Some(words) => Err(super::unplaced(&tokens[words])),
        None => Ok(()),
    }
}

/// "from Spain but not from Spain", and "in Spain but not in France": a second condition on one column changes nothing, so who
/// says it means who has the one and not the other.
fn contradicts(query: &SemanticQuery) -> Result<(), Problem> {
    let kinds = |dimension: &str| !is_grain(dimension) && !dimension.ends_with("status");
    let both =
        query.filters.iter().filter(|filter| filter.op == FilterOp::In && kinds(&filter.dimension)).find(|filter| {
            query.filters.iter().any(|other| other.op == FilterOp::NotIn && other.dimension == filter.dimension)
        });
    match both {
        None => Ok(()),
        Some(filter) => Err(Problem::new(format!(
            "one {} and not another: I can tell who bought in one and not in the other, such as \"customers who bought Toys but \
             not Books\"; what should be told here?",
            filter.dimension.replace('_', " ")
        ))),
    }
}

/// A comparison needs two ranges of a kind.
fn compared(query: &SemanticQuery) -> Result<(), Problem> {
    // The days before a weekend are no weekend.
    let weekend = query.time.as_ref().is_some_and(|time| time.label.to_lowercase().contains("weekend"));
    if weekend && matches!(query.compare, Some(Comparison::PreviousPeriod)) {
        return Err(Problem::new("the weekend compared with which other days? Name them by their dates"));
    }
    let Some(Comparison::Range(other)) = &query.compare else { return Ok(()) };
    let same = |time: &oms_tools::orders::semantic::query::TimeRange| (time.from, time.to) == (other.from, other.to);
    if query.time.as_ref().is_none_or(same) {
        return Err(Problem::new(format!("{} compared with which other range, or what with what?", other.label)));
    }
    Ok(())
}

/// What rows are told for.
fn grouped(query: &SemanticQuery, tokens: &[Token], vocabulary: &Vocabulary) -> Result<(), Problem> {
    if let Some(amount) = query.dimensions.iter().find(|name| vocabulary.is_number(name)) {
        return Err(Problem::new(format!(
            "one row for each {}? Give bounds, such as \"orders over 100 euros\", or name the figure: revenue, average order value",
            amount.replace('_', " ")
        )));
    }
    // "slowest at getting orders out": until they leave, or on their way?
    if query.measures.iter().any(|name| name == "transit_time")
        && query.filters.iter().any(|filter| filter.dimension == "order_status" && filter.values == ["shipped"])
    {
        return Err(Problem {
            ruled_out: false,
            message: "is it how long parcels travel, or how long orders wait until they leave?".to_owned(),
            choices: ["transit time", "fulfilment time"].map(str::to_owned).to_vec(),
        });
    }
    // "what place does Spain take in the ranking": ranked alone it is always the first.
    let alone = query.ranking.is_some()
        && query.count_of.is_none()
        && query.dimensions.iter().any(|name| {
            query
                .filters
                .iter()
                .any(|filter| filter.dimension == *name && filter.op == FilterOp::In && filter.values.len() == 1)
        })
        && query.dimensions.len() == 1;
    let asks_place = tokens.iter().any(|token| matches!(token.text.as_str(), "place" | "rank" | "ranks" | "position"));
    if alone && asks_place {
        return Err(Problem::new("the place of one among which others? Ask for the ranking of all of them"));
    }
    if query.without_rows && query.measures.len() > 1 {
        return Err(Problem::new("groups that have none of it have no other figure with it: ask for one of the two"));
    }
    let people = |name: &String| family_of_measure(name) == Family::Customers;
    if query.average_per.as_deref() == Some("order") && query.measures.iter().any(people) {
        return Err(Problem::new("how much of what per order: units, or their value?"));
    }
    // "who ordered in every month": those who did in all of them are no rows of each.
    let every = tokens.windows(2).any(|pair| {
        matches!(pair[0].text.as_str(), "every" | "each")
            && (pair[1].text == "single" || is_grain(pair[1].text.as_str()))
    });
    let who = tokens.iter().any(|token| matches!(token.text.as_str(), "who" | "whose"));
    if every
        && who
        && query.dimensions.iter().any(|name| is_grain(name))
        && query.dimensions.iter().any(|name| name == "customer")
    {
        return Err(Problem::new(
            "is it those who bought in every one of them, which I cannot tell yet, or what each of them bought in each?",
        ));
    }
    if query.measures.iter().any(|name| name == "cancellation_rate")
        && query.filters.iter().any(|filter| matches!(filter.dimension.as_str(), "order_status" | "cancel_reason"))
    {
        return Err(Problem::new(
            "a cancellation rate is of all orders: is it the share of the cancelled ones that is meant? Say \"share of cancelled \
             orders by reason\"",
        ));
    }
    Ok(())
}

/// What is counted, and when it happened.
fn counted(query: &SemanticQuery, tokens: &[Token]) -> Result<(), Problem> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    // "how many units did we ship last week": units are counted by when they were ordered.
    let ships = (0..tokens.len()).any(|at| {
        matches!(text(at), "ship" | "shipped" | "dispatched" | "sent")
            && tokens.get(at + 1).is_none_or(|next| !matches!(next.stem.as_str(), "order" | "status"))
    });
    let status = query.filters.iter().any(|filter| filter.dimension == "order_status" && filter.values == ["shipped"]);
    if ships && status && query.time.is_some() && query.measures.iter().any(|name| name == "units_sold") {
        return Err(Problem::new(
            "units are counted by when they were ordered, not when they left: is it the units ordered in the range, or the parcels \
             shipped in it?",
        ));
    }
    // "for mobile and for web, both": one row for each of them was asked for.
    let two = query.filters.iter().any(|filter| {
        filter.op == FilterOp::In && filter.values.len() == 2 && !query.dimensions.contains(&filter.dimension)
    });
    if two && query.ranking.is_some() && tokens.iter().any(|token| token.text == "both") {
        return Err(Problem::new(
            "the best of both together, or of each of the two? Say \"for each\" with what they are",
        ));
    }
    // "median, and the 90th percentile": one of them at a time.
    let says = |word: &str| tokens.iter().any(|token| token.text == word);
    if query.statistic.is_some() && says("median") && says("percentile") {
        return Err(Problem::new("the median and a percentile are two figures: ask for one of them"));
    }
    // "what did Ana order": what she bought, or how many orders?
    let whose = query.filters.iter().any(|filter| filter.dimension == "customer");
    let what = matches!((text(0), text(1)), ("what", "did" | "has"))
        && tokens.iter().any(|token| matches!(token.text.as_str(), "order" | "ordered" | "buy" | "bought"));
    if what && whose && query.dimensions.is_empty() && query.list.is_none() {
        return Err(Problem {
            ruled_out: false,
            message: "is it the products that are meant, or the orders?".to_owned(),
            choices: ["units sold by product", "the latest orders"].map(str::to_owned).to_vec(),
        });
    }
    // "in more than one warehouse": a condition on how many, not one row for each.
    let several = (0..tokens.len()).find_map(|at| {
        let many = matches!((text(at), text(at + 1)), ("more" | "fewer" | "less", "than") | ("at", "least"))
            && at > 0
            && matches!(text(at - 1), "in" | "from" | "of" | "on" | "at" | "with" | "over" | "across");
        let noun = tokens.get(at + 3)?.stem.clone();
        (many && query.dimensions.contains(&noun)).then_some(noun)
    });
    if let Some(noun) = several {
        return Err(Problem::new(format!(
            "I cannot yet say in how many of the {noun}s something is so; ask by {noun}"
        )));
    }
    Ok(())
}

/// Words that ask for a figure which the query does not have.
fn left_over(
    query: &SemanticQuery,
    pieces: &[Piece],
    tokens: &[Token],
    vocabulary: &Vocabulary,
) -> Option<Range<usize>> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let money = query.list.is_some()
        || query.running_total
        || super::kinds::has_money(query, vocabulary)
        || query.measures.iter().any(|name| vocabulary.unit(name) == Some(Unit::Euro));
    let known = |at: usize| {
        !pieces
            .iter()
            .any(|piece| piece.from <= at && at < piece.to && matches!(piece.atom, Atom::Values(_) | Atom::Part(_)))
    };
    for at in (0..tokens.len()).filter(|at| known(*at)) {
        let next = text(at + 1);
        let said = match text(at) {
            "value" | "values" | "sum" | "worth" if !money => 1,
            "how"
                if next == "much"
                    && at > 0
                    && matches!(text(at - 1), "for" | "and")
                    && at + 2 >= tokens.len()
                    && !money =>
            {
                2
            }
            // "in their own country"; "our own shop" says nothing.
            "own" if at == 0 || text(at - 1) != "our" => 1,
            // "and how many of them failed": a second count.
            "and"
                if next == "how"
                    && text(at + 2) == "many"
                    && at > 1
                    && query.measures.len() == 1
                    && query.list.is_none() =>
            {
                let of_the_first = matches!(
                    text(at + 3),
                    "was" | "is" | "were" | "are" | "did" | "do" | "does" | "have" | "has" | "had" | "" | "each"
                );
                let counted = pieces
                    .iter()
                    .any(|piece| piece.to <= at && matches!(&piece.atom, Atom::Name(names) if names.measure.is_some()));
                let adds = pieces.iter().any(|piece| {
                    piece.from >= at + 3
                        && matches!(
                            piece.atom,
                            Atom::Values(_) | Atom::Word(Word::Bought | Word::Weak(_) | Word::Again)
                        )
                }) || text(at + 3) == "of";
                if of_the_first || !counted || !adds {
                    continue;
                }
                3
            }
            // "and was it profitable?": a second question.
            "and"
                if matches!(next, "was" | "is" | "were" | "are" | "did" | "does")
                    && matches!(text(at + 2), "it" | "they")
                    && at > 1
                    && query.asked.is_none()
                    && query.compare.is_none() =>
            {
                3
            }
            // "what share of their units is that": of each one's own.
            "share" | "percentage"
                if next == "of" && matches!(text(at + 2), "their" | "its") && query.share.is_some() =>
            {
                3
            }
            // "how does it rank"
            "rank" if at + 1 == tokens.len() && query.ranking.is_none() => 1,
            // "customers who use mobile only": and nothing else.
            "only" => {
                let uses = tokens
                    .iter()
                    .any(|token| matches!(token.text.as_str(), "use" | "uses" | "using" | "used" | "ever"));
                let people = query.measures.iter().any(|name| family_of_measure(name) == Family::Customers)
                    || query.dimensions.iter().any(|name| name == "customer")
                    || query.list.as_ref().is_some_and(|list| list.entity == "customers");
                if !(uses && people) {
                    continue;
                }
                1
            }
            _ => continue,
        };
        return Some(at..(at + said).min(tokens.len()));
    }
    // "best sellers first": rows that are ordered by what they have not.
    let sorted = pieces.iter().find(|piece| matches!(piece.atom, Atom::Word(Word::Sorted(_) | Word::ExtremeOf(..))));
    sorted
        .filter(|_| {
            query.ranking.is_none() && query.list.is_none() && query.having.is_empty() && query.filters.is_empty()
        })
        .map(|piece| piece.from..piece.to)
}
