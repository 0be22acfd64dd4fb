//! Questions in plain Portuguese and Spanish: `portuguese.txt` and `spanish.txt` hold each with the same in English.

use super::fixture::{RULES, now};
use crate::brain::rules::Understanding;

fn check(lines: &str, least: usize) {
    let reading = |question: &str| match RULES.understand(question, now(), None) {
        Understanding::Query { mut query, .. } => {
            if let Some(time) = &mut query.time {
                time.label.clear();
                time.unit = None;
            }
            serde_json::to_string(&query).unwrap()
        }
        other => format!("{other:?}"),
    };
    let mut wrong = Vec::new();
    for line in lines.lines() {
        let (said, meant) = line.split_once(" = ").unwrap();
        let [said_query, meant_query] = [reading(said), reading(meant)];
        if said_query != meant_query || !said_query.starts_with('{') {
            wrong.push(format!("{said}\n  expected {meant_query}\n  found    {said_query}"));
        }
    }
    assert!(lines.lines().count() >= least, "only {} questions", lines.lines().count());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn portuguese_questions_mean_what_their_english_does() {
    check(include_str!("portuguese.txt"), 50);
}

#[test]
fn spanish_questions_mean_what_their_english_does() {
    check(include_str!("spanish.txt"), 50);
}
