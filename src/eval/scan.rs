//! A gold SELECT as words, quotes and signs: enough to change one of them, and nothing more.

/// One piece of a statement; put together they are the statement again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) kind: PieceKind,
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// A keyword or a name, dots included: `o.status`.
    Word,
    /// A number.
    Number,
    /// A quoted text, quotes included.
    Quoted,
    /// `<=`, `(`, `*`, ...
    Sign,
    /// Blanks and line breaks.
    Blank,
}

/// Splits a statement.
pub(super) fn scan(sql: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = match first {
            '\'' => (PieceKind::Quoted, quoted(rest)),
            c if c.is_whitespace() => (PieceKind::Blank, run(rest, char::is_whitespace)),
            c if c.is_ascii_digit() => (PieceKind::Number, run(rest, |c| c.is_ascii_digit() || c == '.')),
            c if c.is_alphabetic() || c == '_' => {
                (PieceKind::Word, run(rest, |c| c.is_alphanumeric() || c == '_' || c == '.'))
            }
            _ => {
                let two = ["<=", ">=", "<>", "!="].iter().any(|sign| rest.starts_with(sign));
                (PieceKind::Sign, if two { 2 } else { first.len_utf8() })
            }
        };
        let (text, after) = rest.split_at(length);
        pieces.push(Piece { kind, text: text.to_owned() });
        rest = after;
    }
    pieces
}

fn run(text: &str, takes: impl Fn(char) -> bool) -> usize {
    text.find(|c| !takes(c)).unwrap_or(text.len())
}

/// The length of the quoted text at the beginning; a quote inside is doubled.
fn quoted(text: &str) -> usize {
    let mut quotes = text.char_indices().skip(1).filter(|(_, c)| *c == '\'').map(|(index, _)| index).peekable();
    while let Some(index) = quotes.next() {
        if quotes.peek() == Some(&(index + 1)) {
            quotes.next();
        } else {
            return index + 1;
        }
    }
    text.len()
}

/// The pieces as a statement.
pub(super) fn join(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::{PieceKind, join, scan};

    #[test]
    fn pieces_are_the_statement_again() {
        for sql in ["SELECT 'it''s' AS a, o.x<=1.5 FROM t  o WHERE b <> ''", "", "'open", "é + ü"] {
            assert_eq!(join(&scan(sql)), sql);
        }
    }

    #[test]
    fn quotes_inside_do_not_end_a_text() {
        let quoted: Vec<_> = scan("a='it''s' and b=''");
        let quoted: Vec<_> =
            quoted.iter().filter(|piece| piece.kind == PieceKind::Quoted).map(|piece| piece.text.as_str()).collect();
        assert_eq!(quoted, ["'it''s'", "''"]);
    }
}
