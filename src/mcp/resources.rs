//! What a client can read: what the data means, and the rows of its own last calls.

use rmcp::model::{Resource, ResourceTemplate};

use super::results::{LAST, Results};
use crate::agent::Agent;

/// An overview of what can be asked.
const MEANING: &str = "oms://meaning";
/// Every measure, dimension and row list in full.
const GLOSSARY: &str = "oms://glossary";
/// Every table with its columns.
const SCHEMA: &str = "oms://schema";

/// The resources of a person.
pub(super) fn list(results: &Results, person: &str) -> Vec<Resource> {
    let text = |uri: &str, name: &str, description: &str| {
        Resource::new(uri, name).with_description(description).with_mime_type("text/plain")
    };
    let csv = |uri: &str, name: &str, description: &str| {
        Resource::new(uri, name).with_description(description).with_mime_type("text/csv")
    };
    let mut all = vec![
        text(MEANING, "meaning", "what can be asked about the orders: an overview of measures and dimensions"),
        text(
            GLOSSARY,
            "glossary",
            "every measure with its definition, every dimension with its values, every row list",
        ),
        text(SCHEMA, "schema", "the tables and their columns, for select_orders"),
        csv(LAST, "last result", "the rows of your last call that brought rows"),
    ];
    all.extend(
        results
            .addresses(person)
            .iter()
            .map(|uri| csv(uri, uri.trim_start_matches("oms://"), "all rows of one of your last calls")),
    );
    all
}

/// The patterns of resources.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new(Results::TEMPLATE, "result")
            .with_description("all rows of one of your last calls; a call's structured result names it")
            .with_mime_type("text/csv"),
    ]
}

/// A resource's text and its type; `None` where there is none.
pub(super) fn read(agent: &Agent, results: &Results, person: &str, uri: &str) -> Option<(String, &'static str)> {
    let plain = |text: String| Some((text, "text/plain"));
    match uri {
        // The overview is there for every database.
        MEANING => plain(agent.describing().describe(None).map_or_else(|failure| failure.to_string(), |all| all.0)),
        GLOSSARY => plain(agent.describing().glossary().0),
        SCHEMA => plain(agent.describing().schema().0),
        other => results.csv(person, other).map(|text| (text, "text/csv")),
    }
}
