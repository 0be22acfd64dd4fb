//! What a word must be before it may become an argument of a program: no option, no second line, no control sequence.

use crate::Failure;

/// Bytes of one argument.
const LONGEST: usize = 4096;

/// A word as it is, where it can only be read as a value.
///
/// Refuses what is empty, looks like an option, holds a line break, a control sequence or a sign that turns the direction
/// of writing, or is too long. `what` names it: "the host".
pub fn plain<'a>(what: &str, word: &'a str) -> Result<&'a str, Failure> {
    let because = |why: &str| Err(Failure::refused(format!("refused {what} `{}`: {why}", shown(word))));
    if word.trim().is_empty() {
        return Err(Failure::refused(format!("refused {what}: it is empty")));
    }
    if word.len() > LONGEST {
        return because("it is too long");
    }
    if word.contains(['\n', '\r']) {
        return because("it has more than one line");
    }
    if word.chars().any(is_hidden_sign) {
        return because("it holds control signs");
    }
    if word.starts_with('-') {
        return because("it looks like an option");
    }
    Ok(word)
}

/// A name: letters, digits, and `_ . : / @ [ ] -` after the first sign.
pub fn name<'a>(what: &str, word: &'a str) -> Result<&'a str, Failure> {
    plain(what, word)?;
    let fits = |sign: char| sign.is_ascii_alphanumeric() || "_.:/@[]-".contains(sign);
    match word.chars().find(|sign| !fits(*sign)) {
        Some(sign) => {
            Err(Failure::refused(format!("refused {what} `{}`: `{sign}` cannot stand in a name", shown(word))))
        }
        None if word.starts_with(['.', '/', ':']) || word.contains("..") => {
            Err(Failure::refused(format!("refused {what} `{}`: it reads as a path", shown(word))))
        }
        None => Ok(word),
    }
}

/// A sign that a terminal or a reader does not see as itself.
pub(crate) fn is_hidden_sign(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A refused word as it can be shown: its first signs, none of them hidden.
pub(crate) fn shown(word: &str) -> String {
    let mut text: String =
        word.chars().take(60).map(|sign| if is_hidden_sign(sign) { '\u{fffd}' } else { sign }).collect();
    if word.chars().nth(60).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot go on ends

    use super::*;

    #[test]
    fn what_is_no_value_is_refused() {
        for (word, why) in [
            ("", "is empty"),
            ("  ", "is empty"),
            ("-var-file=/etc/passwd", "looks like an option"),
            ("--help", "looks like an option"),
            ("dev\n-destroy", "more than one line"),
            ("dev\r", "more than one line"),
            ("dev\u{1b}[2J", "control signs"),
            ("dev\0", "control signs"),
            ("dev\u{202e}tac", "control signs"),
            ("dev\u{200b}", "control signs"),
        ] {
            let failure = plain("the name", word).unwrap_err();
            assert!(failure.message.contains(why), "{word:?}: {failure}");
            assert!(!failure.message.chars().any(is_hidden_sign), "{word:?}");
            assert!(name("the name", word).is_err(), "{word:?}");
        }
        assert!(plain("the name", &"x".repeat(5000)).is_err());
        for word in ["a b", "a;b", "$(id)", "a'b", "`id`", "a|b", "../up", "/etc", ".hidden", "a/../b", "ä"] {
            assert!(name("the name", word).is_err(), "{word:?}");
        }
    }

    #[test]
    fn values_pass() {
        for word in ["dev", "oms-1", "web-1.example.org", "docker.io/library/nginx:1.29", "module.hub[0]", "a@b"] {
            assert_eq!(name("the name", word).unwrap(), word);
        }
        assert_eq!(plain("the text", "5 minutes -x").unwrap(), "5 minutes -x");
    }
}
