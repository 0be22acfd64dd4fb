//! A tool's report as MCP gives it: bounded text for a model, and everything as typed JSON.

use std::sync::Arc;

use oms_tools::{Cell, Column, ProposedChange, Table, ToolReport};
use rmcp::model::{CallToolResult, ContentBlock};
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::results::Results;
use crate::agent::Brought;

/// The significant digits that every double holds.
const DIGITS: usize = 15;

/// Where a call's structured result may wait, written already, until its answer is said. A thousand rows as a tree of values
/// take longer to make, to write and to forget than they took the database. Gives back what it does not take.
pub(super) type Beside<'a> = &'a dyn Fn(Box<RawValue>) -> Option<Box<RawValue>>;

/// The result of a call; rows that it brought are kept for this person. `beside`: none where the answer must be whole.
pub(super) fn result(brought: Brought, person: &str, results: &Results, beside: Option<Beside<'_>>) -> CallToolResult {
    let Brought { report, text } = brought;
    let structured = match report {
        ToolReport::Orders(report) => {
            let report = *report;
            let table = Arc::new(report.table);
            let result = results.keep(person, table.clone());
            written(
                beside,
                &Selected {
                    interpretation: &report.interpretation,
                    sql: &report.sql,
                    columns: &table.columns,
                    rows: Values(&table),
                    truncated: table.truncated,
                    notes: &report.notes,
                    result: &result,
                },
            )
        }
        ToolReport::Told(told) => {
            let told = *told;
            let result = told.table.map(|table| results.keep(person, Arc::new(table)));
            written(
                beside,
                &Telling {
                    answer: &told.answer,
                    data: &told.data,
                    notes: &told.notes,
                    change: told.change.as_ref(),
                    result: result.as_deref(),
                },
            )
        }
        ToolReport::Description(description) => written(beside, &Words { answer: &description.0 }),
        ToolReport::AskedBack(_) | ToolReport::Declined(_) => written(beside, &Words { answer: &text }),
    };
    let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
    result.structured_content = structured;
    result
}

/// The structured result, unless it waits beside the answer.
fn written(beside: Option<Beside<'_>>, structured: &impl Serialize) -> Option<Value> {
    let left = match beside.zip(to_raw_value(structured).ok()) {
        Some((beside, text)) => beside(text).is_some(),
        None => true,
    };
    // These types have no map with other keys than text: they can always be written.
    left.then(|| serde_json::to_value(structured).unwrap_or_default())
}

#[derive(Serialize)]
struct Selected<'a> {
    interpretation: &'a str,
    sql: &'a str,
    columns: &'a [Column],
    rows: Values<'a>,
    truncated: bool,
    notes: &'a [String],
    result: &'a str,
}

#[derive(Serialize)]
struct Telling<'a> {
    answer: &'a str,
    data: &'a Value,
    notes: &'a [String],
    change: Option<&'a ProposedChange>,
    result: Option<&'a str>,
}

#[derive(Serialize)]
struct Words<'a> {
    answer: &'a str,
}

/// The rows of a table.
struct Values<'a>(&'a Table);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.rows.iter().map(|row| Row(row)))
    }
}

struct Row<'a>(&'a [Cell]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Exact))
    }
}

/// A value as JSON; a decimal that a double does not hold stays text.
struct Exact<'a>(&'a Cell);

impl Serialize for Exact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Cell::Decimal(text) => {
                // As it is written, in its own scale: a number of so many digits is the same one in a double.
                if text.bytes().filter(u8::is_ascii_digit).count() <= DIGITS {
                    self.0.serialize(serializer)
                } else {
                    serializer.serialize_str(text)
                }
            }
            // Every other kind is exact as it is.
            other => other.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot go on ends

    use serde_json::json;

    use super::*;

    #[test]
    fn values_lose_nothing() {
        for (cell, expected) in [
            (Cell::Null, json!(null)),
            (Cell::Boolean(true), json!(true)),
            (Cell::Integer(-5), json!(-5)),
            (Cell::Integer(u64::MAX.into()), json!(u64::MAX)),
            (Cell::Decimal("543409.29".into()), json!(543_409.29)),
            (Cell::Decimal("12345678901234567.89".into()), json!("12345678901234567.89")),
            (Cell::Number(0.5), json!(0.5)),
            (Cell::Text("a".into()), json!("a")),
            (Cell::Json("{\"a\":1}".into()), json!({"a": 1})),
        ] {
            assert_eq!(serde_json::to_value(Exact(&cell)).unwrap(), expected, "{cell:?}");
            let text = to_raw_value(&Exact(&cell)).unwrap();
            assert_eq!(serde_json::from_str::<Value>(text.get()).unwrap(), expected, "{cell:?}");
        }
    }
}
