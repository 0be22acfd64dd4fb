//! From the server's values to the contract's cells.
//!
//! Types come from the statement where it declares its columns, else from the server. MariaDB sends JSON as BLOB and
//! whole sums as DECIMAL; what a cell looks like in an answer is decided here and nowhere else.

use std::fmt::Write;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc};
use sqlx::{
    Column as _, Decode, MySql, Row, TypeInfo, ValueRef,
    mysql::{MySqlColumn, MySqlRow, MySqlValueRef, types::MySqlTime},
};

use crate::{Cell, Column, ColumnType, Failure, FailureKind, Role, Unit};

/// A decoded row and how many bytes its values took.
pub(crate) struct DecodedRow {
    pub(crate) cells: Vec<Cell>,
    pub(crate) bytes: usize,
}

/// The columns as the server describes them.
pub(crate) fn server_columns(columns: &[MySqlColumn]) -> Vec<Column> {
    columns
        .iter()
        .map(|column| {
            let kind = server_type(column.type_info().name());
            let role = match kind {
                ColumnType::Decimal | ColumnType::Number => Role::Measure,
                _ => Role::Attribute,
            };
            Column { name: column.name().to_owned(), kind, role, unit: Unit::Plain }
        })
        .collect()
}

/// The contract's type for a type name of sqlx.
fn server_type(name: &str) -> ColumnType {
    match name {
        "BOOLEAN" => ColumnType::Boolean,
        "DECIMAL" => ColumnType::Decimal,
        "FLOAT" | "DOUBLE" => ColumnType::Number,
        "DATE" => ColumnType::Date,
        "DATETIME" | "TIMESTAMP" => ColumnType::Datetime,
        "JSON" => ColumnType::Json,
        "YEAR" | "BIT" => ColumnType::Integer,
        other if other.contains("INT") && !other.contains("TEXT") => ColumnType::Integer,
        _ => ColumnType::String,
    }
}

/// How a column's values arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    Null,
    Boolean,
    Decimal,
    Float,
    Double,
    Date,
    Datetime,
    Timestamp,
    Time,
    Unsigned,
    Signed,
    Json,
    Text,
}

/// How each column's values arrive: looked at once for all rows.
pub(crate) fn wires(columns: &[MySqlColumn]) -> Vec<Wire> {
    columns.iter().map(|column| wire(column.type_info().name())).collect()
}

fn wire(name: &str) -> Wire {
    match name {
        "NULL" => Wire::Null,
        "BOOLEAN" => Wire::Boolean,
        "DECIMAL" => Wire::Decimal,
        "FLOAT" => Wire::Float,
        "DOUBLE" => Wire::Double,
        "DATE" => Wire::Date,
        "DATETIME" => Wire::Datetime,
        "TIMESTAMP" => Wire::Timestamp,
        "TIME" => Wire::Time,
        "YEAR" | "BIT" => Wire::Unsigned,
        "JSON" => Wire::Json,
        other if other.ends_with("UNSIGNED") => Wire::Unsigned,
        other if other.contains("INT") => Wire::Signed,
        _ => Wire::Text,
    }
}

/// Decodes one row; `wires` says how each cell arrives, `columns` what it becomes.
pub(crate) fn decode_row(row: &MySqlRow, wires: &[Wire], columns: &[Column]) -> Result<DecodedRow, Failure> {
    if row.len() != columns.len() || row.len() != wires.len() {
        return Err(unreadable("it has another number of columns than was declared"));
    }
    let mut bytes = 0;
    let mut cells = Vec::with_capacity(columns.len());
    for (index, (wire, column)) in wires.iter().zip(columns).enumerate() {
        let cell = decode_cell(row, index, *wire).map_err(|()| unreadable("a value does not fit its type"))?;
        bytes += size(&cell);
        cells.push(coerce(cell, column.kind));
    }
    Ok(DecodedRow { cells, bytes })
}

fn unreadable(cause: &str) -> Failure {
    Failure::new(FailureKind::Internal, format!("cannot read a row of the orders database: {cause}"))
}

fn size(cell: &Cell) -> usize {
    match cell {
        Cell::Null | Cell::Boolean(_) => 1,
        Cell::Integer(_) | Cell::Number(_) => 8,
        Cell::Decimal(text) | Cell::Text(text) | Cell::Json(text) => text.len(),
    }
}

/// A value as its server type says.
fn decode_cell(row: &MySqlRow, index: usize, wire: Wire) -> Result<Cell, ()> {
    let value = row.try_get_raw(index).map_err(|_| ())?;
    if value.is_null() {
        return Ok(Cell::Null);
    }
    Ok(match wire {
        Wire::Null => Cell::Null,
        Wire::Boolean => Cell::Boolean(get::<i64>(value)? != 0),
        Wire::Decimal => Cell::Decimal(json_number(get::<&str>(value)?).ok_or(())?),
        // The shortest text of the FLOAT, and not the DOUBLE nearest to it: 0.1 stays 0.1.
        Wire::Float => number(get::<f32>(value)?.to_string().parse().map_err(|_| ())?),
        Wire::Double => number(get::<f64>(value)?),
        Wire::Date => Cell::Text(get::<NaiveDate>(value)?.format("%Y-%m-%d").to_string()),
        Wire::Datetime => Cell::Text(datetime(get::<NaiveDateTime>(value)?)),
        Wire::Timestamp => Cell::Text(datetime(get::<DateTime<Utc>>(value)?.naive_utc())),
        Wire::Time => Cell::Text(time(&get::<MySqlTime>(value)?)),
        Wire::Unsigned => Cell::Integer(get::<u64>(value)?.into()),
        Wire::Signed => Cell::Integer(get::<i64>(value)?.into()),
        Wire::Json => json(text(value)?),
        Wire::Text => Cell::Text(text(value)?),
    })
}

fn get<'r, T: Decode<'r, MySql>>(value: MySqlValueRef<'r>) -> Result<T, ()> {
    T::decode(value).map_err(|_| ())
}

/// Text, or `0x` and hexadecimal digits where the bytes are none.
fn text(value: MySqlValueRef<'_>) -> Result<String, ()> {
    let bytes = get::<Vec<u8>>(value)?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| {
        let mut hex = String::from("0x");
        for byte in error.as_bytes() {
            // Writing to a String cannot fail.
            write!(hex, "{byte:02x}").ok();
        }
        hex
    }))
}

fn number(value: f64) -> Cell {
    if value.is_finite() { Cell::Number(value) } else { Cell::Null }
}

/// Thousandths as the contract says; a column that keeps microseconds keeps them here too.
///
/// Written digit by digit: a result has thousands of these, and chrono reads its pattern anew for each.
fn datetime(value: NaiveDateTime) -> String {
    let micros = value.and_utc().timestamp_subsec_micros();
    let Some(year) = u32::try_from(value.year()).ok().filter(|year| *year <= 9999) else {
        return value.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
    };
    let mut text = String::with_capacity("2026-01-14T12:00:00.000000Z".len());
    let parts = [
        (year, 4, '-'),
        (value.month(), 2, '-'),
        (value.day(), 2, 'T'),
        (value.hour(), 2, ':'),
        (value.minute(), 2, ':'),
        (value.second(), 2, '.'),
    ];
    for (part, digits, then) in parts {
        padded(&mut text, part, digits);
        text.push(then);
    }
    match micros % 1000 {
        0 => padded(&mut text, micros / 1000, 3),
        _ => padded(&mut text, micros, 6),
    }
    text.push('Z');
    text
}

/// A number with zeros before it.
fn padded(text: &mut String, value: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = value / 10_u32.pow(place) % 10;
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

fn time(value: &MySqlTime) -> String {
    // Of the sign, and not of the time: sqlx 0.9 answers `MySqlTime::is_negative` the wrong way round.
    let sign = if value.sign().is_negative() { "-" } else { "" };
    let (hours, minutes, seconds, micros) = (value.hours(), value.minutes(), value.seconds(), value.microseconds());
    if micros == 0 {
        format!("{sign}{hours:02}:{minutes:02}:{seconds:02}")
    } else {
        format!("{sign}{hours:02}:{minutes:02}:{seconds:02}.{micros:06}")
    }
}

/// A DECIMAL's text as a JSON number of the same scale: ZEROFILL's leading zeros go.
fn json_number(text: &str) -> Option<String> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    if !whole.bytes().chain(fraction.unwrap_or_default().bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if !whole.is_empty() && (whole == "0" || !whole.starts_with('0')) && fraction != Some("") {
        // As nearly all of them are.
        return Some(text.to_owned());
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(match fraction {
        Some(fraction) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
        _ => format!("{sign}{whole}"),
    })
}

/// A JSON document, or text where it is none.
fn json(text: String) -> Cell {
    match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) => Cell::Json(text),
        Err(_) => Cell::Text(text),
    }
}

/// The cell as a declared type; one that cannot become it stays as it is.
fn coerce(cell: Cell, kind: ColumnType) -> Cell {
    match (kind, cell) {
        (ColumnType::Boolean, Cell::Integer(value @ (0 | 1))) => Cell::Boolean(value == 1),
        (ColumnType::Integer, Cell::Boolean(value)) => Cell::Integer(value.into()),
        (ColumnType::Integer, Cell::Decimal(text)) => match whole(&text) {
            Some(value) => Cell::Integer(value),
            None => Cell::Decimal(text),
        },
        (ColumnType::Integer, Cell::Text(text)) => text.parse().map_or(Cell::Text(text), Cell::Integer),
        #[allow(clippy::cast_possible_truncation)] // whole and below 2^53: exact
        (ColumnType::Integer, Cell::Number(value)) if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 => {
            Cell::Integer(value as i128)
        }
        (ColumnType::Decimal, Cell::Integer(value)) => Cell::Decimal(value.to_string()),
        (ColumnType::Decimal, Cell::Number(value)) => Cell::Decimal(value.to_string()),
        #[allow(clippy::cast_precision_loss)] // a DOUBLE was asked for
        (ColumnType::Number, Cell::Integer(value)) => Cell::Number(value as f64),
        (ColumnType::Number, Cell::Decimal(text)) => text.parse().map_or(Cell::Decimal(text), Cell::Number),
        (ColumnType::String, Cell::Integer(value)) => Cell::Text(value.to_string()),
        (ColumnType::String, Cell::Decimal(text)) => Cell::Text(text),
        (ColumnType::Date, Cell::Text(text)) if text.ends_with("T00:00:00.000Z") => {
            Cell::Text(text.chars().take("2026-01-14".len()).collect())
        }
        // Date arithmetic on text gives text: `2026-01-14 12:00:00`. What came as a moment ends in `Z` already.
        (ColumnType::Datetime, Cell::Text(text)) if !text.ends_with('Z') => {
            match NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f") {
                Ok(value) => Cell::Text(datetime(value)),
                Err(_) => Cell::Text(text),
            }
        }
        (ColumnType::Json, Cell::Text(text)) => json(text),
        (_, cell) => cell,
    }
}

fn whole(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.bytes().all(|byte| byte == b'0') { whole.parse().ok() } else { None }
}

/// Turns BLOB columns that hold only JSON objects or arrays into JSON: MariaDB's JSON is a BLOB on the wire.
pub(crate) fn recognise_json(columns: &mut [Column], rows: &mut [Vec<Cell>], blobs: &[bool]) {
    for (index, column) in columns.iter_mut().enumerate() {
        if !blobs.get(index).copied().unwrap_or_default() || column.kind != ColumnType::String {
            continue;
        }
        let document = |cell: &Cell| match cell {
            Cell::Null => true,
            Cell::Text(text) => text.starts_with(['{', '[']) && matches!(json(text.clone()), Cell::Json(_)),
            _ => false,
        };
        let some = rows.iter().any(|row| row.get(index).is_some_and(|cell| *cell != Cell::Null));
        if some && rows.iter().all(|row| row.get(index).is_some_and(document)) {
            column.kind = ColumnType::Json;
            for cell in rows.iter_mut().filter_map(|row| row.get_mut(index)) {
                if let Cell::Text(text) = cell {
                    *cell = Cell::Json(std::mem::take(text));
                }
            }
        }
    }
}

/// Which columns arrive as BLOB.
pub(crate) fn blobs(columns: &[MySqlColumn]) -> Vec<bool> {
    columns.iter().map(|column| column.type_info().name().ends_with("BLOB")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot go on ends

    use super::*;

    #[test]
    fn keeps_the_scale_of_decimals() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(json_number(text).as_deref(), expected, "{text}");
        check("1234.50", Some("1234.50"));
        check("-0.10", Some("-0.10"));
        check("00012.00", Some("12.00"));
        check(".5", Some("0.5"));
        check("-.5", Some("-0.5"));
        check("5.", Some("5"));
        check("0.00", Some("0.00"));
        check("-0", Some("-0"));
        check("00", Some("0"));
        check("-007", Some("-7"));
        check("0", Some("0"));
        check("1e5", None);
        check("NaN", None);
    }

    #[test]
    fn writes_moments_as_chrono_does() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        for (value, pattern) in [
            (day(2026, 1, 14).and_hms_opt(12, 0, 0).unwrap(), "%Y-%m-%dT%H:%M:%S%.3fZ"),
            (day(1999, 12, 31).and_hms_milli_opt(23, 59, 59, 7).unwrap(), "%Y-%m-%dT%H:%M:%S%.3fZ"),
            (day(2026, 1, 14).and_hms_micro_opt(0, 5, 9, 120_003).unwrap(), "%Y-%m-%dT%H:%M:%S%.6fZ"),
            (day(0, 1, 1).and_hms_opt(1, 2, 3).unwrap(), "%Y-%m-%dT%H:%M:%S%.3fZ"),
            (day(9999, 10, 20).and_hms_micro_opt(1, 2, 3, 999_999).unwrap(), "%Y-%m-%dT%H:%M:%S%.6fZ"),
        ] {
            assert_eq!(datetime(value), value.format(pattern).to_string());
        }
    }

    #[test]
    fn coerces_to_declared_types() {
        let check = |cell: Cell, kind, expected: Cell| assert_eq!(coerce(cell, kind), expected);
        check(Cell::Decimal("12".into()), ColumnType::Integer, Cell::Integer(12));
        check(Cell::Decimal("12.50".into()), ColumnType::Integer, Cell::Decimal("12.50".into()));
        check(Cell::Integer(1), ColumnType::Boolean, Cell::Boolean(true));
        check(Cell::Integer(2), ColumnType::Boolean, Cell::Integer(2));
        check(Cell::Decimal("0.125".into()), ColumnType::Number, Cell::Number(0.125));
        check(Cell::Text("2026-01-14T00:00:00.000Z".into()), ColumnType::Date, Cell::Text("2026-01-14".into()));
        check(
            Cell::Text("2026-01-14 12:00:00".into()),
            ColumnType::Datetime,
            Cell::Text("2026-01-14T12:00:00.000Z".into()),
        );
        check(Cell::Text("{\"a\":1}".into()), ColumnType::Json, Cell::Json("{\"a\":1}".into()));
        check(Cell::Text("{".into()), ColumnType::Json, Cell::Text("{".into()));
        check(Cell::Null, ColumnType::Integer, Cell::Null);
    }
}
