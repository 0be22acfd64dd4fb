//! Rows as typed values: what every order tool returns and every front end draws from.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// The contract's column types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Text, ENUMs and grains that are labels (`2025-11`, `2025-Q4`, `Monday`).
    String,
    /// Whole numbers.
    Integer,
    /// Exact numbers with a scale: money.
    Decimal,
    /// DOUBLE: fractions, rates, durations.
    Number,
    /// true or false.
    Boolean,
    /// `2026-01-14`.
    Date,
    /// `2026-01-14T12:00:00.000Z`.
    Datetime,
    /// A JSON document.
    Json,
}

/// What a column is in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A figure.
    Measure,
    /// What the figures are split by.
    Dimension,
    /// A column of a listed row.
    Attribute,
}

/// How people read the figures of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// As it is.
    Plain,
    /// A count of things.
    Count,
    /// Money in EUR.
    Euro,
    /// A fraction, read as percent.
    Percent,
    /// Days.
    Days,
    /// Hours.
    Hours,
}

/// One column. Machines see its name and type only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The name: a measure's or dimension's catalogue name, or the statement's alias.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Its part in the answer.
    #[serde(skip)]
    pub role: Role,
    /// How people read it.
    #[serde(skip)]
    pub unit: Unit,
}

/// One value, as the contract prints it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// SQL NULL.
    Null,
    /// A BOOLEAN.
    Boolean(bool),
    /// Any integer of the server, signed or unsigned 64-bit.
    Integer(i128),
    /// A DECIMAL in its own scale, as the server printed it.
    Decimal(String),
    /// A DOUBLE, always finite.
    Number(f64),
    /// Text; also dates and datetimes, already in the contract's form.
    Text(String),
    /// A JSON document, as text that was checked to parse.
    Json(String),
}

impl Cell {
    /// The value as a number for charts and computed sentences; `None` where it is none.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss)] // a chart's precision suffices
            Self::Integer(value) => Some(*value as f64),
            Self::Decimal(text) => text.parse().ok(),
            Self::Number(value) => Some(*value),
            _ => None,
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // RawValue keeps a DECIMAL's digits and scale exactly; an f64 would lose both.
        let raw = |text: &str| RawValue::from_string(text.to_owned());
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => match (i64::try_from(*value), u64::try_from(*value)) {
                (Ok(value), _) => serializer.serialize_i64(value),
                (_, Ok(value)) => serializer.serialize_u64(value),
                _ => serializer.serialize_str(&value.to_string()),
            },
            Self::Number(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Decimal(text) | Self::Json(text) => match raw(text) {
                Ok(raw) => raw.serialize(serializer),
                Err(_) => serializer.serialize_str(text),
            },
        }
    }
}

/// A result: columns, rows, and whether rows were left out by a limit.
#[derive(Clone, Debug, PartialEq, Serialize, Default)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
    /// True where a limit of rows or bytes cut the result.
    pub truncated: bool,
}

impl Table {
    /// A table of texts: for listings of what is no row of a database.
    pub fn of_texts<const N: usize>(columns: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Self {
        let column = |name: &str| Column {
            name: name.to_owned(),
            kind: ColumnType::String,
            role: Role::Attribute,
            unit: Unit::Plain,
        };
        Self {
            columns: columns.into_iter().map(column).collect(),
            rows: rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect(),
            truncated: false,
        }
    }
}
