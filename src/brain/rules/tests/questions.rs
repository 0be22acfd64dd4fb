//! Questions that have one reading: `questions.txt` holds each with its semantic query on the line below.

use oms_tools::orders::semantic::SemanticQuery;

use super::fixture::{RULES, now};
use crate::brain::rules::Understanding;

pub(super) fn read(question: &str, frame: Option<&SemanticQuery>) -> SemanticQuery {
    match RULES.understand(question, now(), frame) {
        Understanding::Query { query, .. } => *query,
        other => panic!("`{question}` gave {other:?}"),
    }
}

#[test]
fn each_question_gives_its_query() {
    let lines: Vec<&str> = include_str!("questions.txt").lines().collect();
    let mut wrong = Vec::new();
    for pair in lines.chunks(2) {
        let found = match RULES.understand(pair[0], now(), None) {
            Understanding::Query { query, .. } => serde_json::to_string(&query).unwrap(),
            other => format!("{other:?}"),
        };
        let expected: SemanticQuery = serde_json::from_str(pair[1].trim()).unwrap();
        if found != serde_json::to_string(&expected).unwrap() {
            wrong.push(format!("{}\n  expected {}\n  found    {found}", pair[0], pair[1].trim()));
        }
    }
    assert!(lines.len() / 2 >= 250, "only {} questions", lines.len() / 2);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn wording_does_not_change_the_query() {
    for group in [
        &[
            "revenue last month",
            "REVENUE LAST MONTH",
            "please tell me the revenue of last month",
            "last month's revenue",
            "what was our revenue last month?",
        ][..],
        &[
            "orders by country",
            "orders per country",
            "orders for each country",
            "orders split by country",
            "orders broken down by country",
        ],
        &["cancelled orders", "canceled orders", "cancellations", "how many cancelled orders"],
        &["top 5 products by revenue", "5 top products by revenue", "top five products by sales"],
    ] {
        let mut readings: Vec<SemanticQuery> = group.iter().map(|question| read(question, None)).collect();
        for reading in &mut readings {
            if let Some(time) = &mut reading.time {
                time.label.clear();
            }
        }
        for (question, reading) in group.iter().zip(&readings) {
            assert_eq!(reading, &readings[0], "{question}");
        }
    }
}

#[test]
fn typing_errors_are_forgiven_and_told() {
    for (question, told) in
        [("revenue by chanel", "read `chanel` as channel"), ("sales in Lisbonn", "read `Lisbonn` as lisbon")]
    {
        match RULES.understand(question, now(), None) {
            Understanding::Query { notes, confidence, .. } => {
                assert_eq!(notes, [told]);
                assert!(confidence < 1.0);
            }
            other => panic!("{other:?}"),
        }
    }
}
