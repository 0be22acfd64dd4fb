//! Whether a word is an English one, so that it is no typing error of another: "stack" is not stuck, "fattest" not fastest.
//! The list is SCOWL's; COPYRIGHT beside it says whose it is.

use std::sync::LazyLock;

/// Sorted words, many to a line.
const WORDS: &str = include_str!("words.txt");

/// Whether a folded word of 4 to 12 letters is in the list.
pub(in crate::brain::rules) fn is_word(word: &str) -> bool {
    static LINES: LazyLock<Vec<&str>> = LazyLock::new(|| WORDS.lines().collect());
    let first = |line: &str| line.split(' ').next().unwrap_or_default() <= word;
    let after = LINES.partition_point(|line| first(line));
    after > 0 && LINES[after - 1].split(' ').any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::is_word;

    #[test]
    fn a_word_is_found_at_the_ends_of_lines_and_a_typing_error_is_not() {
        let first = super::WORDS.lines().next().and_then(|line| line.split(' ').next()).unwrap();
        let last = super::WORDS.lines().last().and_then(|line| line.split(' ').next_back()).unwrap();
        for word in [first, last, "stack", "fattest", "normal", "cancelled", "canceled"] {
            assert!(is_word(word), "{word}");
        }
        for word in ["", "a", "zzzzzz", "revenu", "ordrs", "custmers", "recieved", "portugl"] {
            assert!(!is_word(word), "{word}");
        }
    }
}
