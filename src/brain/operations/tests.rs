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
        "track order ORD-0000007",
        "how many orders are stuck",
        "list the stuck orders, newest first",
        "which orders are stuck?",
        "what is the status of ORD-0000042",
        "how many parcels are behind their promise",
        "orders by status",
        "are sales down?",
        "how is revenue today?",
        "is revenue down this month",
        "how many orders were delayed?",
        "",
    ] {
        assert_eq!(tool(text), None, "{text}");
    }
}

#[test]
fn the_pipeline_is_asked_about_in_many_words() {
    for text in [
        "is everything healthy?",
        "is the pipeline ok",
        "is the pipeline healthy right now?",
        "how is the pipeline?",
        "Is everything up and running?",
        "health",
        "is the database up?",
        "is the event hub running",
        "are the web servers ok",
        "is anything wrong?",
        "is the system down?",
        "are there dead letters?",
        "how many dead letters are there",
        "any dead letters?",
        "is the stack working?",
        "what is the status of the pipeline",
    ] {
        assert_eq!(tool(text).as_deref(), Some("pipeline_health"), "{text}");
    }
    for text in [
        "how far behind is the processor?",
        "how far behind are we?",
        "what is the lag",
        "show the lag by partition",
        "is the processor lagging?",
        "how fresh is the data?",
        "what is the consumer lag?",
        "how many events are we behind?",
        "is the stream delayed",
    ] {
        assert_eq!(tool(text).as_deref(), Some("eventhub_lag"), "{text}");
    }
    for text in [
        "trace ORD-0000042",
        "trace order 42",
        "where is ORD-0000042 stuck?",
        "where did order ORD-0000042 get stuck in the pipeline",
        "follow ORD-0000042 through the pipeline",
        "Please trace the order #42.",
    ] {
        assert_eq!(tool(text).as_deref(), Some("trace_order"), "{text}");
    }
    assert!(matches!(understand("where is my order stuck?", now()), Some(Understanding::AskBack { .. })));
}
