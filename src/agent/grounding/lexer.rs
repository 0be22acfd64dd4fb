//! Cuts a sentence into words, numbers and signs that remember where they stood.

/// One piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Lower case.
    pub(super) text: String,
    /// First byte.
    pub(super) start: usize,
    /// The byte behind it.
    pub(super) end: usize,
}

impl Token {
    /// Begins with a digit.
    pub(super) fn is_number(&self) -> bool {
        self.text.starts_with(|sign: char| sign.is_ascii_digit())
    }
}

/// Cuts a text. A number keeps the signs between its digits; every other sign stands alone.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let signs: Vec<(usize, char)> = text.char_indices().collect();
    let end_of = |at: usize| signs.get(at).map_or(text.len(), |(byte, _)| *byte);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&(start, sign)) = signs.get(at) {
        let first = at;
        at += 1;
        if sign.is_whitespace() {
            continue;
        }
        let digit = |at: usize| signs.get(at).is_some_and(|(_, sign)| sign.is_ascii_digit());
        if sign.is_ascii_digit() {
            while digit(at) || (matches!(signs.get(at), Some((_, '.' | ','))) && digit(at + 1)) {
                at += 1;
            }
        } else if sign.is_alphanumeric() {
            while signs.get(at).is_some_and(|(_, sign)| sign.is_alphanumeric()) {
                at += 1;
            }
        }
        let (from, to) = (end_of(first), end_of(at));
        found.push(Token { text: text[from..to].to_lowercase(), start, end: to });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_falls_into_pieces() {
        let pieces = |text: &str| tokens(text).into_iter().map(|token| token.text).collect::<Vec<_>>();
        assert_eq!(pieces("€1,234.50, by 12k."), ["€", "1,234.50", ",", "by", "12", "k", "."]);
        assert_eq!(pieces("Q4 2025-12-01"), ["q4", "2025", "-", "12", "-", "01"]);
        assert_eq!(pieces("İstanbul’s 3 %"), ["i̇stanbul", "’", "s", "3", "%"]);
    }
}
