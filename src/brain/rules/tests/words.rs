//! Words of the trade: `words.txt` holds a question in them, and the same in the glossary's words.

use super::fixture::{RULES, now};
use super::questions::read;
use crate::brain::rules::Understanding;

#[test]
fn words_of_the_trade_mean_what_the_glossary_calls_so() {
    let mut asked = 0;
    for line in include_str!("words.txt").lines() {
        let (said, meant) = line.split_once(" = ").unwrap();
        let [mut said_query, mut meant_query] = [read(said, None), read(meant, None)];
        for query in [&mut said_query, &mut meant_query] {
            if let Some(time) = &mut query.time {
                time.label.clear();
                time.unit = None;
            }
        }
        assert_eq!(said_query, meant_query, "{said}");
        asked += 1;
    }
    assert!(asked > 150, "only {asked} questions");
}

#[test]
fn everyday_words_are_no_typing_errors() {
    for question in [
        "completed orders",
        "orders picked yesterday",
        "national revenue last month",
        "internal orders last month",
        "revenue by expert",
        "orders by operator",
        "custom orders last month",
        "prime orders",
        "risk by country",
        "any chance revenue last month",
        "customer acquisition cost last quarter",
        "solo orders last month",
        "revenue from pain last month",
    ] {
        let found = RULES.understand(question, now(), None);
        assert!(matches!(found, Understanding::AskBack { .. }), "{question}: {found:?}");
    }
}
