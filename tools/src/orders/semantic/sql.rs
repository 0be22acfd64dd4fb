//! SQL text with its values apart, put together piece by piece; and the same text with the values as literals.

use std::fmt::Write;

use chrono::{Duration, NaiveDateTime};

use crate::orders::Parameter;

/// A piece of SQL: a `?` for each parameter, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) parameters: Vec<Parameter>,
}

impl Sql {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), parameters: Vec::new() }
    }

    /// An expression of the catalogue: `{now}` and `{now-3d}` become values.
    pub(crate) fn expand(text: &str, now: NaiveDateTime) -> Self {
        let mut sql = Self::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{now") {
            let Some((offset, after)) = after.split_once('}') else { break };
            let days: i64 = offset.trim_start_matches('-').trim_end_matches('d').parse().unwrap_or(0);
            sql.push(before);
            sql.bind(Parameter::Datetime(now - Duration::days(days)));
            rest = after;
        }
        sql.push(rest);
        sql
    }

    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(crate) fn bind(&mut self, parameter: Parameter) -> &mut Self {
        self.text.push('?');
        self.parameters.push(parameter);
        self
    }

    pub(crate) fn append(&mut self, other: &Self) -> &mut Self {
        self.text.push_str(&other.text);
        self.parameters.extend(other.parameters.iter().cloned());
        self
    }

    pub(crate) fn join<'a>(pieces: impl IntoIterator<Item = &'a Self>, between: &str) -> Self {
        let mut sql = Self::default();
        for (index, piece) in pieces.into_iter().enumerate() {
            if index > 0 {
                sql.push(between);
            }
            sql.append(piece);
        }
        sql
    }

    /// `before` this `after`.
    pub(crate) fn within(&self, before: &str, after: &str) -> Self {
        let mut sql = Self::new(before);
        sql.append(self).push(after);
        sql
    }

    /// A list of values between commas.
    pub(crate) fn list(values: impl IntoIterator<Item = Parameter>) -> Self {
        let mut sql = Self::default();
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                sql.push(", ");
            }
            sql.bind(value);
        }
        sql
    }

    /// The text with its values as literals, for people to paste into a client.
    pub(crate) fn with_literals(&self) -> String {
        let mut values = self.parameters.iter();
        let mut shown = String::with_capacity(self.text.len());
        let mut quoted = false;
        for letter in self.text.chars() {
            quoted ^= letter == '\'';
            match letter {
                '?' if !quoted => shown.push_str(&values.next().map(literal).unwrap_or_default()),
                _ => shown.push(letter),
            }
        }
        shown
    }
}

/// A value as both servers read it, with backslash escapes or without.
fn literal(value: &Parameter) -> String {
    match value {
        Parameter::Text(text) if text.contains('\\') => {
            let mut hex = String::from("_utf8mb4 x'");
            for byte in text.bytes() {
                // Writing to a String cannot fail.
                write!(hex, "{byte:02x}").ok();
            }
            hex + "'"
        }
        Parameter::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Parameter::Decimal(text) => text.clone(),
        Parameter::Integer(value) => value.to_string(),
        Parameter::Number(value) => format!("{value:e}"),
        Parameter::Datetime(value) => {
            let format = if value.and_utc().timestamp_subsec_millis() == 0 { "%F %T" } else { "%F %T%.3f" };
            format!("'{}'", value.format(format))
        }
        Parameter::Date(value) => format!("'{value}'"),
        Parameter::Null => "NULL".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_values_as_literals() {
        let check = |value: Parameter, expected: &str| {
            let mut sql = Sql::new("a = '?' AND b = ");
            sql.bind(value);
            assert_eq!(sql.with_literals(), format!("a = '?' AND b = {expected}"));
        };
        check(Parameter::Text("O'Brien".into()), "'O''Brien'");
        check(Parameter::Text("a\\b".into()), "_utf8mb4 x'615c62'");
        check(Parameter::Integer(3), "3");
        check(Parameter::Decimal("12.50".into()), "12.50");
        check(Parameter::Null, "NULL");
        let noon: NaiveDateTime = "2026-01-14T12:00:00".parse().unwrap();
        check(Parameter::Datetime(noon), "'2026-01-14 12:00:00'");
        assert_eq!(
            Sql::expand("x < {now-3d} AND y < {now}", noon).with_literals(),
            "x < '2026-01-11 12:00:00' AND y < '2026-01-14 12:00:00'"
        );
    }
}
