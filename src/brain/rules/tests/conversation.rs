//! Fragments edit the last question.

use super::fixture::{RULES, now};
use super::questions::read;
use crate::brain::rules::Understanding;
use oms_tools::orders::semantic::SemanticQuery;

/// Each fragment, applied to the first question, must equal the whole question.
fn check(first: &str, fragment: &str, whole: &str) {
    let bare = |mut query: SemanticQuery| {
        if let Some(time) = &mut query.time {
            time.label.clear();
        }
        query
    };
    let frame = read(first, None);
    assert_eq!(bare(read(fragment, Some(&frame))), bare(read(whole, None)), "{first} + {fragment}");
}

/// "how many did they order" after one order's story is about that order, and what it does not tell is asked back.
#[test]
fn a_story_goes_on() {
    let story = read("what happened to ORD-0000042", None);
    for more in ["what was in it?", "and what did they send back?", "where is it now", "how many did they order"] {
        assert_eq!(read(more, Some(&story)), story, "{more}");
    }
    let other = RULES.understand("how many orders have they placed", now(), Some(&story));
    assert!(matches!(other, Understanding::AskBack { .. }), "{other:?}");
}

/// "top 5" after "is Portugal our biggest market" asks for five, and no more whether it is the first.
#[test]
fn the_first_is_asked_once() {
    let first = read("is Portugal our biggest market", None);
    assert!(first.asked.is_some());
    let five = read("top 5", Some(&first));
    assert_eq!((five.asked, five.ranking.and_then(|ranking| ranking.limit)), (None, Some(5)));
}

#[test]
fn fragments_edit_the_frame() {
    check("revenue by country last month", "and last year?", "revenue by country last year");
    check("revenue by country last month", "what about in November?", "revenue by country in November");
    check("revenue by country last month", "That looks odd to me. And last year?", "revenue by country last year");
    check("revenue in Spain last week", "My boss is puzzled. and in Portugal?", "revenue in Portugal last week");
    check("revenue by country", "only mobile", "mobile revenue by country");
    check("revenue by country", "without Spain", "revenue by country without Spain");
    check("revenue by country last year", "by month instead", "revenue by month last year");
    check("revenue by country", "by category", "revenue by country and category");
    check("revenue by country", "top 5", "top 5 countries by revenue");
    check("revenue by country", "as a share", "share of revenue by country");
    check("orders above 300 euros in 2025", "over 500?", "orders above 500 euros in 2025");
    check("customers with more than 3 orders", "at least 10?", "customers with at least 10 orders");
    check("revenue last month", "by day", "revenue by day last month");
    check("revenue by month", "by week", "revenue by week");
    check("revenue in Spain", "and in Portugal?", "revenue in Portugal");
    check("orders in March 2025", "more than 500?", "did we have more than 500 orders in March 2025");
    check("did we have more than 500 orders in 2025", "and in 2024?", "did we have more than 500 orders in 2024");
    check("did we have more than 500 orders in 2025", "by month", "orders in 2025 by month");
    check("did we have more than 500 orders in 2025", "and how many in 2024?", "how many orders in 2024");
    check("revenue in Spain last week", "and orders?", "orders in Spain last week");
    check("revenue by country", "units sold instead", "units sold by country");
    check("revenue last month", "vs last year", "revenue last month year over year");
    check("top 5 customers by revenue in 2025", "by profit instead", "top 5 customers by profit in 2025");
    check("top 5 customers by revenue", "top 3 only", "top 3 customers by revenue");
    check("revenue in 2025", "no, I meant 2024", "revenue in 2024");
    check("revenue by country", "sorry, by month", "revenue by month");
    check("orders yesterday", "revenue?", "revenue yesterday");
    check("stock by warehouse", "value instead of units", "stock value by warehouse");
    check("cancelled orders in 2025", "by reason", "cancelled orders by cancel reason in 2025");
    check("how many orders are open", "list them", "list open orders");
    check("revenue in Spain and Portugal", "without Portugal", "revenue in Spain");
    check("revenue by country", "forget that. how many customers in Spain?", "how many customers in Spain");
    check("how many customers in Spain", "how many orders did those customers place", "orders of customers in Spain");
    check("list orders from Spain", "only cancelled", "list cancelled orders from Spain");
    check("revenue by country", "and the runner-up?", "second largest country by revenue");
    check("revenue by country", "the third one", "third largest country by revenue");
    check(
        "revenue by category last month",
        "which category got the most?",
        "which category had the highest revenue last month",
    );
    check("return rate by category", "which is the worst?", "which category has the highest return rate");
    check("top 5 customers", "the second one", "second best customer");
    check("most expensive products", "the second one", "second most expensive product");
    check("list orders", "the largest of them", "largest order");
    check("revenue in 2025", "and the year before?", "revenue in 2024");
    check("returns in Q3 2025", "and for the quarter before that?", "returns in Q2 2025");
    check("units sold by category", "only web orders", "units sold by category on web");
    check(
        "how many customers bought in 2023 but not in 2024",
        "only customers in Spain",
        "how many customers in Spain bought in 2023 but not in 2024",
    );
    check("refunds by month in 2025", "only VIP customers", "refunds of VIP customers by month in 2025");
    check("stock in LIS-1", "the available stock, I mean", "available stock in LIS-1");
}

#[test]
fn both_of_those_ranges_are_those_of_the_last_question() {
    let frame = read("how many customers bought in Q1 2025 but not in Q2 2025", None);
    let found = read("and how many bought in both of those quarters?", Some(&frame));
    assert_eq!(found.sets.iter().map(|set| set.has).collect::<Vec<_>>(), [true, true]);
    assert_eq!(found.sets[1].time, frame.sets[1].time);
}

#[test]
fn a_whole_question_is_a_new_subject() {
    let frame = read("revenue by country last month", None);
    assert_eq!(read("orders by channel", Some(&frame)), read("orders by channel", None));
    assert_eq!(read("top 5 customers", Some(&frame)), read("top 5 customers", None));
}

#[test]
fn what_is_carried_over_is_told() {
    let frame = read("revenue by country last month", None);
    match RULES.understand("only mobile", now(), Some(&frame)) {
        Understanding::Query { notes, .. } => assert_eq!(
            notes,
            ["carried over from the last question: revenue by ship country, from 2025-12-01 to before 2026-01-01"]
        ),
        other => panic!("{other:?}"),
    }
}
