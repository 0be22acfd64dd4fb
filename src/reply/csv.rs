//! A result as CSV (RFC 4180) for `/csv`, with the contract's values: nothing is rounded or renamed.
//!
//! Text that a spreadsheet would run as a formula (it starts with `=`, `+`, `-`, `@`, a tab or a carriage return) gets a
//! leading apostrophe, because product and customer names come from outside. Figures are written as they are, negative
//! ones included: their type is known.

use std::io::{self, Write};

use oms_tools::{Cell, Table};

/// Writes a header line and all rows; line ends are CRLF, as the RFC has them.
pub fn write(table: &Table, mut to: impl Write) -> io::Result<()> {
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    line(&mut to, names.iter().map(|name| guarded(name)))?;
    for row in &table.rows {
        line(&mut to, row.iter().map(field))?;
    }
    to.flush()
}

fn line(to: &mut impl Write, fields: impl Iterator<Item = String>) -> io::Result<()> {
    let quoted: Vec<String> = fields.map(|field| quoted(&field)).collect();
    write!(to, "{}\r\n", quoted.join(","))
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Boolean(value) => value.to_string(),
        Cell::Integer(value) => value.to_string(),
        Cell::Decimal(text) => text.clone(),
        Cell::Number(value) => value.to_string(),
        Cell::Text(text) | Cell::Json(text) => guarded(text),
    }
}

fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\r', '\n']) || field.starts_with(' ') || field.ends_with(' ') {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
