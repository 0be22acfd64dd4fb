//! Makes text from rows, models and people safe to put on a terminal.
//!
//! A product name is data: an escape sequence in it must not move the cursor, retitle the window or hide a line, and a
//! direction override must not make a figure read backwards.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Stands for each character that was not let through.
const REPLACEMENT: char = '\u{fffd}';

/// The text on one line: line breaks and tabs become spaces, other control characters are replaced.
pub fn one_line(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
            other => visible(other),
        })
        .collect()
}

/// The text with its line breaks kept and every other control character replaced.
pub fn paragraphs(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|character| match character {
            '\n' => '\n',
            '\t' => ' ',
            other => visible(other),
        })
        .collect()
}

/// The text without its control characters: what a person meant to type. Line breaks are kept, for a statement's comments.
pub fn typed(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter_map(|character| match character {
            '\n' | '\r' => Some('\n'),
            '\t' => Some(' '),
            other if is_harmful(other) => None,
            other => Some(other),
        })
        .collect::<String>()
        .trim()
        .to_owned()
}

fn visible(character: char) -> char {
    if is_harmful(character) { REPLACEMENT } else { character }
}

fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Columns that the text takes on a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `width` columns, its end replaced by `ellipsis` where it is longer.
pub fn fit(text: &str, width: usize, ellipsis: &str) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let Some(room) = width.checked_sub(ellipsis.width()) else {
        return ellipsis.chars().take(width).collect();
    };
    let mut kept = String::new();
    let mut used = 0;
    for character in text.chars() {
        let step = character.width().unwrap_or(0);
        if used + step > room {
            break;
        }
        kept.push(character);
        used += step;
    }
    // The width of a sequence can differ from the sum of its characters' (joined emoji): only the whole is trusted.
    while kept.width() > room {
        kept.pop();
    }
    kept + ellipsis
}

/// Breaks paragraphs at spaces so that no line is wider than `width`; a longer word is cut. A line's indent is kept for
/// what goes on below it, and an amount is not parted from its `€` or `%`.
pub fn wrap(text: &str, width: usize) -> String {
    let width = width.max(1);
    text.split('\n').map(|paragraph| wrap_one(paragraph, width)).collect::<Vec<_>>().join("\n")
}

fn wrap_one(paragraph: &str, width: usize) -> String {
    let words = paragraph.trim_start_matches(' ');
    let indent = " ".repeat((paragraph.len() - words.len()).min(width / 2));
    let mut lines = Vec::new();
    let mut line = indent.clone();
    for word in unparted(words) {
        let begun = line.width() > indent.len();
        if begun && line.width() + 1 + word.width() > width {
            lines.push(std::mem::replace(&mut line, indent.clone()));
        } else if begun {
            line.push(' ');
        }
        for character in word.chars() {
            if line.width() + character.width().unwrap_or(0) > width && line.width() > indent.len() {
                lines.push(std::mem::replace(&mut line, indent.clone()));
            }
            line.push(character);
        }
    }
    lines.push(line);
    lines.join("\n")
}

/// The words of a line, an amount together with its sign.
fn unparted(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match words.last_mut() {
            Some(before) if before.ends_with('€') || (word.starts_with('%') && !before.is_empty()) => {
                before.push(' ');
                before.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_escape_sequence_gets_through() {
        let hostile = "Lamp\x1b]0;pwned\x07\x1b[2J\u{9b}31m\u{202e}evil\nnext\tcell";
        let shown = one_line(hostile);
        assert!(!shown.chars().any(is_harmful), "{shown:?}");
        assert_eq!(shown, "Lamp\u{fffd}]0;pwned\u{fffd}\u{fffd}[2J\u{fffd}31m\u{fffd}evil next cell");
        assert_eq!(paragraphs("a\r\nb\x1bc"), "a\nb\u{fffd}c");
    }

    #[test]
    fn typed_text_loses_what_nobody_meant() {
        assert_eq!(typed("  revenue\x00 by\tmonth\x1b\n"), "revenue by month");
        assert_eq!(typed("\x01\x02"), "");
    }

    #[test]
    fn fits_by_columns_and_not_by_bytes() {
        for (text, width, expected) in [
            ("Lisbon", 6, "Lisbon"),
            ("Lisbon", 5, "Lisb…"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("ab", 1, "…"),
            ("ab", 0, ""),
        ] {
            assert_eq!(fit(text, width, "…"), expected, "{text} in {width}");
        }
    }

    #[test]
    fn wraps_at_spaces_and_cuts_long_words() {
        assert_eq!(wrap("aa bb cc", 5), "aa bb\ncc");
        assert_eq!(wrap("aaaaaaa b", 3), "aaa\naaa\na b");
        assert_eq!(wrap("one\n\ntwo", 10), "one\n\ntwo");
        assert_eq!(wrap("  1. aa bb", 7), "  1. aa\n  bb");
        assert_eq!(wrap("total € 1.00 or 5.0 %", 7), "total\n€ 1.00\nor\n5.0 %");
    }
}
