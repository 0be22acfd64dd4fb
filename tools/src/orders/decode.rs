//! From the server's values to the contract's cells.
//!
//! Types come from the statement where it declares its columns, else from the server. MariaDB sends JSON as BLOB and
//! whole sums as DECIMAL; what a cell looks like in an answer is decided here and nowhere else.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use sqlx::{
    Column as _, Decode, MySql, Row, Type, TypeInfo, ValueRef,
    mysql::{MySqlColumn, MySqlRow, types::MySqlTime},
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

/// Decodes one row; `columns` says what each cell becomes.
pub(crate) fn decode_row(row: &MySqlRow, columns: &[Column]) -> Result<DecodedRow, Failure> {
    if row.len() != columns.len() {
        return Err(unreadable("it has another number of columns than was declared"));
    }
    let mut bytes = 0;
    let mut cells = Vec::with_capacity(columns.len());
    for (index, column) in columns.iter().enumerate() {
        let cell = decode_cell(row, index).map_err(|()| unreadable("a value does not fit its type"))?;
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
fn decode_cell(row: &MySqlRow, index: usize) -> Result<Cell, ()> {
    let value = row.try_get_raw(index).map_err(|_| ())?;
    if value.is_null() {
        return Ok(Cell::Null);
    }
    let name = value.type_info().name().to_owned();
    Ok(match name.as_str() {
        "NULL" => Cell::Null,
        "BOOLEAN" => Cell::Boolean(get::<i64>(row, index)? != 0),
        "DECIMAL" => Cell::Decimal(json_number(&get::<String>(row, index)?).ok_or(())?),
        // The shortest text of the FLOAT, and not the DOUBLE nearest to it: 0.1 stays 0.1.
        "FLOAT" => number(get::<f32>(row, index)?.to_string().parse().map_err(|_| ())?),
        "DOUBLE" => number(get::<f64>(row, index)?),
        "DATE" => Cell::Text(get::<NaiveDate>(row, index)?.format("%Y-%m-%d").to_string()),
        "DATETIME" => Cell::Text(datetime(get::<NaiveDateTime>(row, index)?)),
        "TIMESTAMP" => Cell::Text(datetime(get::<DateTime<Utc>>(row, index)?.naive_utc())),
        "TIME" => Cell::Text(time(&get::<MySqlTime>(row, index)?)),
        "YEAR" | "BIT" => Cell::Integer(get::<u64>(row, index)?.into()),
        "JSON" => json(text(row, index)?),
        other if other.ends_with("UNSIGNED") => Cell::Integer(get::<u64>(row, index)?.into()),
        other if other.contains("INT") => Cell::Integer(get::<i64>(row, index)?.into()),
        _ => Cell::Text(text(row, index)?),
    })
}

fn get<'r, T: Decode<'r, MySql> + Type<MySql>>(row: &'r MySqlRow, index: usize) -> Result<T, ()> {
    row.try_get_unchecked(index).map_err(|_| ())
}

/// Text, or `0x` and hexadecimal digits where the bytes are none.
fn text(row: &MySqlRow, index: usize) -> Result<String, ()> {
    let bytes = get::<Vec<u8>>(row, index)?;
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

fn datetime(value: NaiveDateTime) -> String {
    // Thousandths as the contract says; a column that keeps microseconds keeps them here too.
    let whole_milliseconds = value.and_utc().timestamp_subsec_micros().is_multiple_of(1000);
    value.format(if whole_milliseconds { "%Y-%m-%dT%H:%M:%S%.3fZ" } else { "%Y-%m-%dT%H:%M:%S%.6fZ" }).to_string()
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
        // Date arithmetic on text gives text: `2026-01-14 12:00:00`.
        (ColumnType::Datetime, Cell::Text(text)) => {
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
    use super::*;

    #[test]
    fn keeps_the_scale_of_decimals() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(json_number(text).as_deref(), expected, "{text}");
        check("1234.50", Some("1234.50"));
        check("-0.10", Some("-0.10"));
        check("00012.00", Some("12.00"));
        check(".5", Some("0.5"));
        check("0", Some("0"));
        check("1e5", None);
        check("NaN", None);
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
