//! Cuts a question into folded words that remember where they stood. Must not interpret them.

/// One word, number or sign of the question.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// Lower case, without accents.
    pub(super) text: String,
    /// The stem of `text`: plural and spelling variants share it.
    pub(super) stem: String,
    /// As it was typed.
    pub(super) raw: String,
    /// First byte in the question.
    pub(super) start: usize,
    /// Between quotes, of any language.
    pub(super) quoted: bool,
}

/// The plain letters of a character: no accent, no full width, lower case.
fn plain(character: char, out: &mut String) {
    let character = match character as u32 {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(character),
        0x0300..=0x036F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2066..=0x2069 | 0xFE0F | 0xFEFF => return,
        _ => character,
    };
    for lower in character.to_lowercase() {
        match lower {
            'à'..='å' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'è'..='ë' | 'ē' | 'ę' | 'ě' => out.push('e'),
            'ì'..='ï' | 'ī' => out.push('i'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => out.push('o'),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'š' | 'ś' => out.push('s'),
            'ž' | 'ź' | 'ż' => out.push('z'),
            'ł' => out.push('l'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            '\u{0300}'..='\u{036F}' => {}
            other => out.push(other),
        }
    }
}

/// Folds a word or phrase: lower case, without accents.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        plain(character, &mut out);
    }
    out
}

/// Whether a word is one of those in a line.
pub(super) fn is_one_of(words: &str, text: &str) -> bool {
    words.split_whitespace().any(|word| word == text)
}

/// Whether a word is digits alone.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The folded word at a place; empty behind the end.
pub(super) fn text(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.text.as_str())
}

/// The stem: American spelling becomes British, a plural its singular.
pub(super) fn stem(word: &str) -> String {
    let word = match word {
        "canceled" => "cancelled",
        "canceling" => "cancelling",
        "cancelation" | "cancelations" => "cancellation",
        "fulfillment" => "fulfilment",
        "catalog" => "catalogue",
        "people" => "person",
        "days" | "day's" => "day",
        "skus" => "sku",
        other => other,
    };
    singular(word)
}

/// A plural as its singular, by its ending.
pub(crate) fn singular(word: &str) -> String {
    let length = word.len();
    if length > 4 && word.ends_with("ies") {
        return format!("{}y", &word[..length - 3]);
    }
    if length > 4 && ["sses", "xes", "ches", "shes"].iter().any(|ending| word.ends_with(ending)) {
        return word[..length - 2].to_owned();
    }
    if length > 3 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) {
        return word[..length - 1].to_owned();
    }
    word.to_owned()
}

/// Stems of a phrase, joined by one space: the key under which words are looked up.
pub(super) fn phrase_key(phrase: &str) -> String {
    tokens(phrase).into_iter().map(|token| token.stem).collect::<Vec<_>>().join(" ")
}

/// Cuts a text into tokens.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&(start, character)) = characters.get(at) {
        if let (Some(first), Some(second)) =
            (flag_letter(character), characters.get(at + 1).and_then(|(_, next)| flag_letter(*next)))
        {
            push_word(&format!("{first}{second}"), start, &mut found);
            at += 2;
            continue;
        }
        // "Dec '25"
        if matches!(character, '\'' | '\u{2019}' | '\u{2018}')
            && (at == 0 || !characters[at - 1].1.is_alphanumeric())
            && !characters.get(at + 3).is_some_and(|(_, next)| next.is_alphanumeric())
            && let (Some((_, tens)), Some((_, ones))) = (characters.get(at + 1), characters.get(at + 2))
            && tens.is_ascii_digit()
            && ones.is_ascii_digit()
        {
            push_word(&format!("20{tens}{ones}"), start, &mut found);
            at += 3;
            continue;
        }
        // "5+ orders"
        if character == '+' && at > 0 && characters[at - 1].1.is_ascii_digit() {
            for text in ["or", "more"] {
                found.push(Token { text: text.into(), stem: text.into(), raw: text.into(), start, quoted: false });
            }
            at += 1;
            continue;
        }
        if let Some(sign) = sign(character) {
            found.push(Token {
                text: sign.to_owned(),
                stem: sign.to_owned(),
                raw: character.to_string(),
                start,
                quoted: false,
            });
            at += 1;
            continue;
        }
        // "2025-12-01..2025-12-07"
        if character == '.' && characters.get(at + 1).is_some_and(|(_, next)| *next == '.') {
            found.push(Token { text: "to".into(), stem: "to".into(), raw: "to".into(), start, quoted: false });
            while characters.get(at).is_some_and(|(_, next)| *next == '.') {
                at += 1;
            }
            continue;
        }
        if !character.is_alphanumeric() && character != '_' {
            if spans(character, characters.get(at + 1), found.last()) {
                found.push(Token { text: "to".into(), stem: "to".into(), raw: "to".into(), start, quoted: false });
            }
            at += 1;
            continue;
        }
        let first = at;
        while let Some(&(_, inner)) = characters.get(at) {
            let continues = inner.is_alphanumeric()
                || ('\u{0300}'..='\u{036F}').contains(&inner)
                || (at > first && joins(&characters, first, at));
            if !continues {
                break;
            }
            at += 1;
        }
        if at == first {
            at += 1;
            continue;
        }
        let raw: String = characters[first..at].iter().map(|(_, character)| *character).collect();
        push_word(&raw, start, &mut found);
    }
    quote(&characters, &mut found);
    found
}

/// Marks the words between quotes; an apostrophe inside a word is none.
fn quote(characters: &[(usize, char)], found: &mut [Token]) {
    let mut open: Option<usize> = None;
    for (at, &(byte, character)) in characters.iter().enumerate() {
        let inside_word = character == '\'' || character == '\u{2019}';
        let between = at > 0
            && characters[at - 1].1.is_alphanumeric()
            && characters.get(at + 1).is_some_and(|(_, next)| next.is_alphanumeric());
        let is_quote =
            matches!(
                character,
                '"' | '\u{201C}'
                    | '\u{201D}'
                    | '\u{201E}'
                    | '\u{201F}'
                    | '\u{00AB}'
                    | '\u{00BB}'
                    | '\u{2039}'
                    | '\u{203A}'
                    | '\u{300C}'
                    | '\u{300D}'
                    | '\u{2018}'
                    | '`'
            ) || (inside_word && !between && (open.is_some() || at == 0 || !characters[at - 1].1.is_alphanumeric()));
        if !is_quote {
            continue;
        }
        match open.take() {
            None => open = Some(byte),
            Some(from) => {
                for token in found.iter_mut().filter(|token| token.start > from && token.start < byte) {
                    token.quoted = true;
                }
            }
        }
    }
}

/// Whether a dash stands between two names of time: "March-May", "Q1-Q3".
fn spans(character: char, next: Option<&(usize, char)>, before: Option<&Token>) -> bool {
    const MONTHS: &str = "jan feb mar apr may jun jul aug sep oct nov dec";
    matches!(character, '-' | '\u{2013}' | '\u{2014}')
        && next.is_some_and(|(_, next)| next.is_alphanumeric() || *next == ' ')
        && before.is_some_and(|token| {
            let text = token.text.as_str();
            let start = text.get(..3).unwrap_or_default();
            (text.len() >= 3 && MONTHS.split(' ').any(|month| month == start))
                || matches!(text, "q1" | "q2" | "q3" | "q4")
                || text.len() == 4 && text.starts_with("20") && text.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// The letter of a regional indicator: two of them are a country's flag.
fn flag_letter(character: char) -> Option<char> {
    let offset = (character as u32).checked_sub(0x1F1E6).filter(|offset| *offset < 26)?;
    char::from_u32('A' as u32 + offset)
}

fn sign(character: char) -> Option<&'static str> {
    Some(match character {
        ',' | ';' => ",",
        '%' => "%",
        '€' | '$' | '£' => "€",
        '&' | '+' => "and",
        '>' => ">",
        '<' => "<",
        _ => return None,
    })
}

/// Whether the sign at `at` stands inside a number, a date or an identifier (`1,000`, `2025-05-03`, `ORD-0000042`).
fn joins(characters: &[(usize, char)], first: usize, at: usize) -> bool {
    let sign = characters[at].1;
    let before = characters[at - 1].1;
    let after = characters.get(at + 1).map(|(_, character)| *character);
    let digit = |character: char| character.is_ascii_digit();
    let whole = characters[first..at].iter().all(|(_, character)| digit(*character) || ",./-:".contains(*character));
    match sign {
        ',' => {
            whole && digit(before) && (1..=3).all(|ahead| characters.get(at + ahead).is_some_and(|(_, c)| digit(*c)))
        }
        ':' | '.' | '/' => whole && digit(before) && after.is_some_and(digit),
        '-' => {
            (whole && digit(before) && after.is_some_and(digit)) || (before.is_alphabetic() && after.is_some_and(digit))
        }
        _ => false,
    }
}

fn push_word(raw: &str, start: usize, found: &mut Vec<Token>) {
    let text = fold(raw);
    // What an apostrophe leaves: "customer's", "what's", "today's".
    if text == "s" || text == "'s" || text == "m" && found.last().is_some_and(|last| last.text == "i") {
        return;
    }
    if !text.is_empty() {
        found.push(Token { stem: stem(&text), text, raw: raw.to_owned(), start, quoted: false });
    }
}
