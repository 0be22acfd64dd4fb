//! What is a sentence of operations, and what is left to the orders parser.

use chrono::NaiveDateTime;

use super::{Understanding, understand};

fn now() -> NaiveDateTime {
    chrono::DateTime::UNIX_EPOCH.naive_utc()
}

/// The tool that a sentence goes to.
fn tool(text: &str) -> Option<String> {
    match understand(text, now()) {
        Some(Understanding::Call { tool, .. }) => Some(tool),
        _ => None,
    }
}

#[test]
fn the_archive_is_verified_on_request() {
    for text in [
        "verify the archive",
        "Could you check the archive against the database, please?",
        "verify the captured events",
    ] {
        assert_eq!(tool(text).as_deref(), Some("archive_verify"), "{text}");
    }
}

#[test]
fn questions_about_orders_are_left_alone() {
    for text in [
        "revenue by country last month",
        "where is ORD-0000042?",
        "check the orders of yesterday",
        "archive the orders",
        "",
    ] {
        assert_eq!(tool(text), None, "{text}");
    }
}
