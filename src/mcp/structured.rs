//! A tool's report as MCP gives it: bounded text for a model, and everything as typed JSON.

use oms_tools::{Cell, ToolReport};
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Number, Value, json};

use super::results::Results;
use crate::agent::Brought;

/// The significant digits that every double holds.
const DIGITS: usize = 15;

/// The result of a call; rows that it brought are kept for this person.
pub(super) fn result(brought: Brought, person: &str, results: &Results) -> CallToolResult {
    let structured = match brought.report {
        ToolReport::Orders(report) => {
            let report = *report;
            let rows = report.table.rows.iter().map(|row| Value::Array(row.iter().map(value).collect())).collect();
            let columns = json!(report.table.columns);
            let truncated = report.table.truncated;
            let address = results.keep(person, report.table);
            object([
                ("interpretation", report.interpretation.into()),
                ("sql", report.sql.into()),
                ("columns", columns),
                ("rows", Value::Array(rows)),
                ("truncated", truncated.into()),
                ("notes", report.notes.into()),
                ("result", address.into()),
            ])
        }
        ToolReport::Told(told) => {
            let address = told.table.map(|table| results.keep(person, table));
            object([
                ("answer", told.answer.into()),
                ("data", told.data),
                ("notes", told.notes.into()),
                ("change", json!(told.change)),
                ("result", address.into()),
            ])
        }
        ToolReport::Description(description) => json!({ "answer": description.to_string() }),
        ToolReport::AskedBack(_) | ToolReport::Declined(_) => json!({ "answer": brought.text }),
    };
    let mut result = CallToolResult::success(vec![ContentBlock::text(brought.text)]);
    result.structured_content = Some(structured);
    result
}

/// An object of values that are moved: `json!` copies each of them, and these may be thousands of rows.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A value as JSON; a decimal that a double does not hold stays text.
fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Boolean(value) => Value::Bool(*value),
        Cell::Integer(value) => match (i64::try_from(*value), u64::try_from(*value)) {
            (Ok(value), _) => value.into(),
            (_, Ok(value)) => value.into(),
            _ => Value::String(value.to_string()),
        },
        Cell::Number(value) => Number::from_f64(*value).map_or(Value::Null, Value::Number),
        Cell::Decimal(text) => {
            let digits = text.chars().filter(char::is_ascii_digit).count();
            let number = text.parse().ok().filter(|_| digits <= DIGITS).and_then(Number::from_f64);
            number.map_or_else(|| Value::String(text.clone()), Value::Number)
        }
        Cell::Text(text) => Value::String(text.clone()),
        Cell::Json(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone())),
    }
}

#[cfg(test)]
mod tests {
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
            assert_eq!(value(&cell), expected, "{cell:?}");
        }
    }
}
