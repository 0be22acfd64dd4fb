//! Literals and names as they are safe to write: plain ones stay in the text, all others are bound.
//!
//! The parser's own printing of text is not safe (a backslash before a quote comes out as the end of the literal). So no
//! text with a quote, a backslash or anything unusual is ever printed: it becomes a `?`, whatever the session's mode.

use sqlparser::ast::{Ident, Value};

use super::{refused, schema};
use crate::{Failure, orders::Parameter};

/// Values taken out of the text, each with its number.
#[derive(Default)]
pub(crate) struct Bound {
    pub(crate) parameters: Vec<Parameter>,
}

impl Bound {
    /// Makes a literal safe in place.
    pub(crate) fn value(&mut self, value: &mut Value) -> Result<(), Failure> {
        match value {
            Value::Boolean(_) | Value::Null => Ok(()),
            Value::Number(digits, long) => {
                let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
                if plain && !*long { Ok(()) } else { Err(refused(format!("`{digits}` is not a number"))) }
            }
            Value::SingleQuotedString(text) | Value::DoubleQuotedString(text) => {
                // Written as escapes, on which servers and the parser disagree (`\a`, `\f`); and shown, they would move the
                // cursor of a terminal.
                if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
                    return Err(refused("it has control characters in a text").hint("leave the escape out"));
                }
                *value = if is_plain(text) {
                    Value::SingleQuotedString(std::mem::take(text))
                } else {
                    self.parameters.push(Parameter::Text(std::mem::take(text)));
                    Value::Placeholder(format!("?{}", self.parameters.len() - 1))
                };
                Ok(())
            }
            Value::Placeholder(_) => {
                Err(refused("it has a placeholder, and no value for it").hint("write the value itself"))
            }
            Value::DollarQuotedString(_)
            | Value::TripleSingleQuotedString(_)
            | Value::TripleDoubleQuotedString(_)
            | Value::EscapedStringLiteral(_)
            | Value::UnicodeStringLiteral(_)
            | Value::SingleQuotedByteStringLiteral(_)
            | Value::DoubleQuotedByteStringLiteral(_)
            | Value::TripleSingleQuotedByteStringLiteral(_)
            | Value::TripleDoubleQuotedByteStringLiteral(_)
            | Value::SingleQuotedRawStringLiteral(_)
            | Value::DoubleQuotedRawStringLiteral(_)
            | Value::TripleSingleQuotedRawStringLiteral(_)
            | Value::TripleDoubleQuotedRawStringLiteral(_)
            | Value::NationalStringLiteral(_)
            | Value::QuoteDelimitedStringLiteral(_)
            | Value::NationalQuoteDelimitedStringLiteral(_)
            | Value::HexStringLiteral(_) => {
                Err(refused("it has a literal of an unusual kind").hint("write text in 'single quotes'"))
            }
        }
    }

    /// The text with `?` for each value, and the values in the text's order.
    pub(crate) fn finish(self, text: &str) -> (String, Vec<Parameter>) {
        let (mut sql, mut parameters) = (String::with_capacity(text.len()), Vec::new());
        each_placeholder(text, |before, number| {
            sql.push_str(before);
            if let Some(parameter) = number.and_then(|number| self.parameters.get(number)) {
                sql.push('?');
                parameters.push(parameter.clone());
            }
        });
        (sql, parameters)
    }

    /// The text with every value as a literal, for people and for a client in the server's default mode.
    pub(crate) fn shown(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        each_placeholder(text, |before, number| {
            shown.push_str(before);
            if let Some(Parameter::Text(value)) = number.and_then(|number| self.parameters.get(number)) {
                shown.push('\'');
                shown.push_str(&value.replace('\\', "\\\\").replace('\'', "''"));
                shown.push('\'');
            }
        });
        shown
    }
}

/// Calls `found` with the text before each `?n` and its number, and last with the rest and none. A question mark stands
/// nowhere else: plain literals and names have none.
fn each_placeholder(text: &str, mut found: impl FnMut(&str, Option<usize>)) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('?') {
        let digits = after.len() - after.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        found(before, after[..digits].parse().ok());
        rest = &after[digits..];
    }
    found(rest, None);
}

/// Whether text means the same to every parser between any quotes.
pub(crate) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" _-:.,%/@+#()&".contains(&byte))
}

/// Whether a name is one as the schema has them.
pub(crate) fn is_simple(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && name.len() <= 64
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Makes a name that the statement invents safe: an alias, a CTE, a window. Always between backticks, so that no word
/// of it can be a keyword to the server.
pub(crate) fn own_name(ident: &mut Ident) -> Result<(), Failure> {
    let harmless = |letter: char| letter.is_alphanumeric() || " _-%().,/&€#+:".contains(letter);
    if ident.value.is_empty() || ident.value.chars().count() > 64 || !ident.value.chars().all(harmless) {
        return Err(unusual_name(&ident.value));
    }
    if ident.quote_style.is_none() && !is_simple(&ident.value) {
        return Err(unusual_name(&ident.value));
    }
    ident.quote_style = (!schema::uses(&ident.value)).then_some('`');
    Ok(())
}

/// Writes the spelling that was found for a name.
pub(crate) fn found_name(ident: &mut Ident, spelling: String) {
    ident.quote_style = (!schema::uses(&spelling)).then_some('`');
    ident.value = spelling;
}

pub(crate) fn unusual_name(name: &str) -> Failure {
    if name.starts_with('@') {
        return refused(format!("`{name}` is a variable of the server; only columns of tables may be read"));
    }
    refused("a name in it has letters that names do not have").hint("use letters, digits, spaces and _ in names")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_with_control_characters_is_refused() {
        for letter in ['\u{8}', '\0', '\u{7}', '\u{c}', '\u{1a}', '\u{1b}'] {
            let mut value = Value::SingleQuotedString(format!("ab{letter}"));
            assert!(Bound::default().value(&mut value).is_err(), "{letter:?}");
        }
        let mut value = Value::SingleQuotedString("two\nlines\tand".to_owned());
        assert!(Bound::default().value(&mut value).is_ok());
    }
}
