//! Rows as typed values: what every order tool returns and every front end draws from.

use serde::{Deserialize, Serialize, Serializer};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
    /// Bytes, read in thousands: kB, MB, GB.
    Bytes,
}

/// A figure as a sentence of a tool says it: `1,234`, `12.5`, `3.4 MB`, `12.5 %`.
pub fn in_words(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Bytes => bytes_in_words(value),
        Unit::Percent => format!("{} %", grouped(value * 100.0, 1)),
        // A small mean needs its digits, a large one does not.
        _ => grouped(value, if value.abs() < 100.0 { 2 } else { 1 }),
    }
}

/// A count as a sentence says it: `49,500`.
pub fn count_in_words(count: usize) -> String {
    with_commas(&count.to_string())
}

/// Bytes in the largest unit that leaves a number of 1 or more.
pub fn bytes_in_words(bytes: f64) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
    let (mut value, mut unit) = (bytes, 0);
    while value.abs() >= 1000.0 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{} {}", grouped(value, usize::from(unit > 0)), units[unit])
}

/// A number with commas between its thousands and at most so many decimals, no trailing zeros.
fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut shown = with_commas(whole);
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        shown.push('.');
        shown.push_str(fraction);
    }
    if value < 0.0 && shown != "0" { format!("-{shown}") } else { shown }
}

fn with_commas(digits: &str) -> String {
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
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
            // RawValue keeps a DECIMAL's digits and scale exactly; an f64 would lose both.
            Self::Decimal(text) | Self::Json(text) => match serde_json::from_str::<&RawValue>(text) {
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

    /// The same as a list that was cut, where something was left out of it.
    #[must_use]
    pub fn without(mut self, left_out: usize) -> Self {
        self.truncated |= left_out > 0;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_in_sentences() {
        for (value, unit, words) in [
            (0.0, Unit::Count, "0"),
            (1_234_567.0, Unit::Count, "1,234,567"),
            (12.345, Unit::Count, "12.35"),
            (205.75, Unit::Count, "205.8"),
            (-1234.5, Unit::Plain, "-1,234.5"),
            (-0.001, Unit::Count, "0"),
            (999.0, Unit::Bytes, "999 bytes"),
            (314_572_800.0, Unit::Bytes, "314.6 MB"),
            (1e30, Unit::Bytes, "1,000,000,000,000,000 PB"),
            (0.125, Unit::Percent, "12.5 %"),
        ] {
            assert_eq!(in_words(value, unit), words, "{value}");
        }
        for (count, words) in [(0, "0"), (999, "999"), (49_500, "49,500"), (1_000_000, "1,000,000")] {
            assert_eq!(count_in_words(count), words);
        }
    }
}
