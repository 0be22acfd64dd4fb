//! A tool as MCP shows it: its schemas, and annotations that follow from what it declares of itself.

use std::sync::Arc;

use oms_tools::{Effect, ErasedTool};
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value, json};

/// What a tool's structured result looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Rows of the orders database with their statement.
    Rows,
    /// Words alone.
    Words,
    /// An answer with the typed data behind it.
    Told,
}

/// The tools that look at nothing but the orders database, our own files and this machine. All others ask systems whose
/// contents others write: the hub, Azure, hosts, containers.
const CLOSED: [&str; 6] = ["query_orders", "select_orders", "describe_orders", "list_changes", "show_change", "doctor"];

/// What [`tool`] says of the only one that applies: its own description is for brains, which are never given it.
const APPLY: &str = "Applies a change set that people have approved, and says what came of it. Where an approval is missing, the \
                     person at the client is asked, if the client can; otherwise it is refused with the command that approves. \
                     No argument approves.";

/// The shape of a tool's structured result.
pub(super) fn shape(name: &str) -> Shape {
    match name {
        "query_orders" | "select_orders" => Shape::Rows,
        "describe_orders" => Shape::Words,
        _ => Shape::Told,
    }
}

/// A tool for the list.
pub(super) fn tool(tool: &dyn ErasedTool) -> Tool {
    let applies = tool.effect() == Effect::Applies;
    let description = if applies { APPLY.to_owned() } else { tool.description() };
    Tool::new(tool.name(), description, Arc::new(object(tool.schema())))
        .with_title(title(tool.name()))
        .with_raw_output_schema(Arc::new(object(output(shape(tool.name())))))
        .with_annotations(annotations(tool.name(), tool.effect()))
}

fn annotations(name: &str, effect: Effect) -> ToolAnnotations {
    let mut annotations = ToolAnnotations::new();
    annotations.title = Some(title(name));
    annotations.read_only_hint = Some(effect == Effect::Reads);
    // What proposes only writes down a proposal; only what applies can destroy.
    annotations.destructive_hint = Some(effect == Effect::Applies);
    // A second proposal is another one, and a change set that stopped goes on.
    annotations.idempotent_hint = Some(effect == Effect::Reads);
    annotations.open_world_hint = Some(!CLOSED.contains(&name));
    annotations
}

/// `query_orders` as people read it: "Query orders".
fn title(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn object(schema: Value) -> JsonObject {
    match schema {
        Value::Object(schema) => schema,
        _ => JsonObject::default(),
    }
}

/// The JSON schema of a structured result.
fn output(shape: Shape) -> Value {
    let texts = |what: &str| json!({ "type": "array", "items": { "type": "string" }, "description": what });
    let result = json!({
        "type": ["string", "null"],
        "description": "the resource that holds all rows as CSV, while it is among the last results",
    });
    let notes = texts("what a reader should know besides");
    match shape {
        Shape::Rows => json!({
            "type": "object",
            "required": ["interpretation", "sql", "columns", "rows", "truncated", "notes", "result"],
            "additionalProperties": false,
            "properties": {
                "interpretation": { "type": "string", "description": "definitions, filters and the exact range, in words" },
                "sql": { "type": "string", "description": "the statement that ran" },
                "columns": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["name", "type"],
                        "properties": { "name": { "type": "string" }, "type": { "type": "string" } },
                    },
                },
                "rows": {
                    "type": "array",
                    "items": { "type": "array" },
                    "description": "each as long as `columns`; a decimal with more digits than a double holds is a string",
                },
                "truncated": { "type": "boolean", "description": "whether a limit left rows out" },
                "notes": notes,
                "result": result,
            },
        }),
        Shape::Words => json!({
            "type": "object",
            "required": ["answer"],
            "additionalProperties": false,
            "properties": { "answer": { "type": "string" } },
        }),
        Shape::Told => json!({
            "type": "object",
            "required": ["answer", "data", "notes", "change", "result"],
            "additionalProperties": false,
            "properties": {
                "answer": { "type": "string", "description": "what a person reads; every figure in it is the tool's own" },
                "data": { "description": "the typed report" },
                "notes": notes,
                "change": {
                    "type": ["object", "null"],
                    "description": "the change set that waits for a person",
                    "required": ["id", "digest", "summary", "expires_at"],
                    "properties": {
                        "id": { "type": "string" },
                        "digest": { "type": "string", "description": "SHA-256 over everything that would run" },
                        "summary": { "type": "string" },
                        "expires_at": { "type": "string" },
                    },
                },
                "result": result,
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

    use super::*;

    #[test]
    fn annotations_are_true_to_the_effect() {
        for (effect, read_only, destructive, idempotent) in [
            (Effect::Reads, true, false, true),
            (Effect::Proposes, false, false, false),
            (Effect::Applies, false, true, false),
        ] {
            let hints = annotations("some_tool", effect);
            assert_eq!(hints.read_only_hint, Some(read_only), "{effect:?}");
            assert_eq!(hints.destructive_hint, Some(destructive), "{effect:?}");
            assert_eq!(hints.idempotent_hint, Some(idempotent), "{effect:?}");
            assert_eq!(hints.open_world_hint, Some(true), "what is not known to be closed is open");
        }
        for name in CLOSED {
            assert_eq!(annotations(name, Effect::Reads).open_world_hint, Some(false), "{name}");
        }
    }

    #[test]
    fn titles() {
        assert_eq!(title("query_orders"), "Query orders");
        assert_eq!(title("why"), "Why");
        assert_eq!(title(""), "");
    }
}
