//! All spans that mean something, and the best ways to cover the question with them. Must not decide what they mean together.

use chrono::NaiveDateTime;

use super::lexicon::Word;
use super::numbers;
use super::spelling;
use super::time::{self, TimeWords};
use super::tokens::Token;
use super::vocabulary::{Names, Value, Vocabulary};

/// What a span stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Atom {
    Name(Names),
    Values(Vec<Value>),
    Time(TimeWords),
    Number {
        text: String,
        percent: bool,
    },
    Order(String),
    /// A part of a name: "whose name contains Cookbook".
    Contains(String),
    /// Words that stand in names of products: "wireless headphones".
    Part(String),
    Word(Word),
    Unknown,
}

/// A span of tokens with what it stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) atom: Atom,
    /// First token.
    pub(super) from: usize,
    /// Token after the last.
    pub(super) to: usize,
    /// What the person is told: "read `chanel` as channel".
    pub(super) note: Option<String>,
    cost: u32,
}

/// A cover of the whole question.
#[derive(Clone, Debug)]
pub(super) struct Cover {
    pub(super) cost: u32,
    pub(super) pieces: Vec<Piece>,
}

const KEPT: usize = 5;
const PIECE: u32 = 10;
const FUZZY: u32 = 60;
const UNKNOWN: u32 = 1_000;

/// The covers of a question, the cheapest first, at most five.
pub(super) fn covers(tokens: &[Token], vocabulary: &Vocabulary, now: NaiveDateTime) -> Vec<Cover> {
    let spans: Vec<Vec<Piece>> = (0..tokens.len()).map(|at| spans_at(tokens, at, vocabulary, now)).collect();
    // One entry for each way to reach a token: its cost, the entry that it continues, the piece.
    let mut reached: Vec<Vec<(u32, usize, Option<Piece>)>> = vec![Vec::new(); tokens.len() + 1];
    reached[0].push((0, 0, None));
    for at in 0..tokens.len() {
        reached[at].sort_by_key(|(cost, _, _)| *cost);
        reached[at].truncate(KEPT);
        for way in 0..reached[at].len() {
            let cost = reached[at][way].0;
            for piece in &spans[at] {
                reached[piece.to].push((cost + piece.cost, way, Some(piece.clone())));
            }
        }
    }
    let Some(ends) = reached.last_mut() else { return Vec::new() };
    ends.sort_by_key(|(cost, _, _)| *cost);
    ends.truncate(KEPT);
    let ends = ends.clone();
    ends.into_iter()
        .map(|(cost, mut way, mut piece)| {
            let mut pieces = Vec::new();
            while let Some(current) = piece.take() {
                let previous = &reached[current.from][way];
                way = previous.1;
                piece.clone_from(&previous.2);
                pieces.push(current);
            }
            pieces.reverse();
            Cover { cost, pieces }
        })
        .collect()
}

fn spans_at(tokens: &[Token], at: usize, vocabulary: &Vocabulary, now: NaiveDateTime) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut put = |atom: Atom, length: usize, cost: u32| {
        found.push(Piece { atom, from: at, to: at + length, note: None, cost });
    };
    let mut key = String::new();
    for length in 1..=vocabulary.longest.min(tokens.len() - at) {
        if length > 1 {
            key.push(' ');
        }
        key.push_str(&tokens[at + length - 1].stem);
        if let Some(names) = vocabulary.names(&key) {
            put(Atom::Name(names.clone()), length, PIECE);
        }
        if let Some(values) = vocabulary.values(&key) {
            // "in status placed": after the noun the value, not the verb.
            let after_noun = at > 0
                && tokens[at - 1].stem == "status"
                && values.iter().any(|value| value.dimension.ends_with("status"));
            put(Atom::Values(values.clone()), length, if after_noun { PIECE - 2 } else { PIECE + 2 });
        }
        if let Some(word) = vocabulary.operator(&key) {
            // Filler of several words must not take one that a longer name needs.
            let filler = PIECE + if length > 1 { 2 } else { 1 };
            put(Atom::Word(word.clone()), length, if *word == Word::Filler { filler } else { PIECE });
        }
    }
    if let Some(values) = vocabulary.code(&tokens[at].raw) {
        put(Atom::Values(values.clone()), 1, PIECE - 1);
    }
    // "ups": a code of three letters in small ones too, where it is nothing else.
    if found_none(tokens, at, vocabulary)
        && tokens[at].raw.len() == 3
        && let Some(values) = vocabulary.code(&tokens[at].raw.to_uppercase())
    {
        put(Atom::Values(values.clone()), 1, PIECE + 4);
    }
    for (length, words) in time::readings(tokens, at, now) {
        put(Atom::Time(words), length, PIECE - 1);
    }
    let words: Vec<&str> = tokens[at..].iter().take(4).map(|token| token.text.as_str()).collect();
    if let Some((length, text)) = numbers::decimal(&words) {
        let percent = usize::from(matches!(words.get(length), Some(&("%" | "percent"))));
        put(
            Atom::Number { text: if percent == 1 { numbers::hundredth(&text) } else { text }, percent: percent == 1 },
            length + percent,
            PIECE,
        );
    }
    if let Some((length, text)) = contained(&tokens[at..]) {
        put(Atom::Contains(text), length, PIECE - 5);
    }
    if let Some(sku) = sku(&tokens[at].text) {
        let value = Value { dimension: "sku".to_owned(), value: sku };
        put(Atom::Values(vec![value]), 1, PIECE - 2);
    }
    // "units per order 2025": no order's number, its year.
    let each = at > 0 && matches!(tokens[at - 1].text.as_str(), "per" | "each" | "every" | "average" | "an" | "by");
    if let Some((length, number)) = order_number(&words).filter(|_| !each || words[0] != "order") {
        put(Atom::Order(number), length, PIECE - 2);
    }
    found.extend(part_of_a_product(tokens, at, 2, vocabulary));
    if found.iter().all(|piece| piece.to > at + 1) {
        found.extend(part_of_a_product(tokens, at, 1, vocabulary));
        found.extend(shortened(tokens, at, vocabulary));
        found.extend(nearly(tokens, at, vocabulary));
        found.push(Piece { atom: Atom::Unknown, from: at, to: at + 1, note: None, cost: UNKNOWN });
    }
    found
}

/// Whether a token alone is no name, value or operator.
fn found_none(tokens: &[Token], at: usize, vocabulary: &Vocabulary) -> bool {
    let key = &tokens[at].stem;
    vocabulary.names(key).is_none() && vocabulary.values(key).is_none() && vocabulary.operator(key).is_none()
}

/// "wireless headphones": several words that stand together in a product's name; one alone where it is nothing else.
fn part_of_a_product(tokens: &[Token], at: usize, least: usize, vocabulary: &Vocabulary) -> Option<Piece> {
    let most = Vocabulary::LONGEST_PART.min(tokens.len() - at);
    (least..=most).rev().find_map(|length| {
        let taken = &tokens[at..at + length];
        let key = taken.iter().map(|token| token.stem.as_str()).collect::<Vec<_>>().join(" ");
        let text = vocabulary.part_of_a_product(&key)?;
        let raw = taken.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
        let note = Some(format!("took `{raw}` as products whose name contains {text}"));
        Some(Piece { atom: Atom::Part(text.to_owned()), from: at, to: at + length, note, cost: PIECE + 3 })
    })
}

/// "chan", "segm": the beginning of one name only.
fn shortened(tokens: &[Token], at: usize, vocabulary: &Vocabulary) -> Option<Piece> {
    let token = &tokens[at];
    let (key, names) = vocabulary.beginning_with(&token.stem).filter(|_| !spelling::is_english(&token.text))?;
    let note = Some(format!("read `{}` as {key}", token.raw));
    Some(Piece { atom: Atom::Name(names), from: at, to: at + 1, note, cost: PIECE + FUZZY })
}

/// `SKU-00042`, as the database has it.
fn sku(word: &str) -> Option<String> {
    let digits = word.strip_prefix("sku-")?;
    (!digits.is_empty() && digits.len() <= 12 && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| format!("SKU-{digits:0>5}"))
}

/// "contains Cookbook", "name contains the word 'Cook book'", "with Cookbook in the name", "called Cookbook".
fn contained(tokens: &[Token]) -> Option<(usize, String)> {
    const LONGEST_TEXT: usize = 6;
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    // A quoted run, or one word.
    let literal = |from: usize| {
        let quoted =
            tokens[from.min(tokens.len())..].iter().take(LONGEST_TEXT).take_while(|token| token.quoted).count();
        let length = quoted.max(1);
        let taken = tokens.get(from..from + length)?;
        Some((length, taken.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ")))
    };
    let mut at = 0;
    let named =
        matches!(text(0), "whose" | "with" | "where" | "having" | "the" | "a" | "name" | "names" | "title" | "titles");
    while at < 4
        && matches!(
            text(at),
            "whose" | "with" | "where" | "having" | "the" | "a" | "that" | "product" | "their" | "its"
        )
    {
        at += 1;
    }
    let says_name = matches!(text(at), "name" | "names" | "title" | "titles");
    at += usize::from(says_name);
    at += usize::from(matches!(text(at), "that" | "which"));
    let verb = match text(at) {
        "contain" | "contains" | "containing" => true,
        "include" | "includes" | "including" | "has" | "have" | "having" | "like" | "matching" | "matches" => says_name,
        _ => false,
    };
    if verb && (at == 0 || named || says_name) {
        at += 1;
        while matches!(text(at), "the" | "word" | "words" | "text" | "string" | "term" | "letters")
            && !tokens[at].quoted
        {
            at += 1;
        }
        let (length, found) = literal(at)?;
        let explicit = says_name || tokens[at].quoted;
        let tail = match (text(at + length), text(at + length + 1), text(at + length + 2)) {
            ("in", "the" | "its" | "their", "name" | "names" | "title" | "titles") => 3,
            ("in", "name" | "names" | "title" | "titles", _) => 2,
            _ => 0,
        };
        return (explicit || tail > 0).then_some((at + length + tail, found));
    }
    let lead = usize::from(matches!(text(0), "with" | "having" | "contain" | "containing"));
    if lead == 1 || tokens.first().is_some_and(|token| token.quoted) {
        let lead = lead + usize::from(matches!(text(lead), "the")) + usize::from(text(lead + 1) == "word");
        let (length, found) = literal(lead)?;
        let tail = match (text(lead + length), text(lead + length + 1), text(lead + length + 2)) {
            ("in", "the" | "its" | "their", "name" | "names" | "title" | "titles") => 3,
            ("in", "name" | "names" | "title" | "titles", _) => 2,
            _ => return None,
        };
        return Some((lead + length + tail, found));
    }
    None
}

/// `ORD-0000042`, `order 42`, `order #42`; `DP000006134`.
fn order_number(words: &[&str]) -> Option<(usize, String)> {
    let number = |digits: &str| {
        (!digits.is_empty() && digits.len() <= 12 && digits.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| format!("ORD-{digits:0>7}"))
    };
    // A parcel's tracking number stands for the order that it belongs to.
    let parcel = |id: &str| {
        let (letters, digits) = (id.get(..2)?, id.get(2..)?);
        (digits.len() == 9
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && letters.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .then(|| id.to_ascii_uppercase())
    };
    if let Some(found) = words.first().and_then(|id| parcel(id)) {
        return Some((1, found));
    }
    if let ["parcel" | "tracking" | "package" | "shipment", "number" | "no" | "code", id, ..] = words
        && let Some(found) = parcel(id)
    {
        return Some((3, found));
    }
    match words {
        [first, ..] if first.starts_with("ord-") => number(&first[4..]).map(|found| (1, found)),
        ["order", "number" | "no" | "nr", digits, ..] => number(digits).map(|found| (3, found)),
        ["order", id, ..] if id.starts_with("ord-") => number(&id[4..]).map(|found| (2, found)),
        ["order", digits, ..] => number(digits).map(|found| (2, found)),
        _ => None,
    }
}

/// Words with small typing errors: only where nothing fits exactly, never identifiers or words under four letters.
fn nearly(tokens: &[Token], at: usize, vocabulary: &Vocabulary) -> Vec<Piece> {
    let mut found = Vec::new();
    for length in 1..=2.min(tokens.len() - at) {
        let taken = &tokens[at..at + length];
        let key = taken.iter().map(|token| token.stem.as_str()).collect::<Vec<_>>().join(" ");
        let letters = key.chars().count();
        if !(4..=40).contains(&letters) || key.chars().any(|character| character.is_ascii_digit()) {
            continue;
        }
        if taken.iter().any(|token| spelling::is_english(&token.text)) {
            continue;
        }
        // A correct word beside a wrong one is not forgiven twice.
        if length == 2 && taken[1..].iter().any(|token| vocabulary.operator(&token.stem).is_some()) {
            continue;
        }
        let allowed = if letters < 8 { 1 } else { 2 };
        let mut near = vocabulary.near(&key, 0.4);
        // Another first letter is another word more often than an error: "undelivered" is not "delivered".
        near.retain(|near| near.key.chars().next() == key.chars().next() && spelling::is_plausible(&key, &near.key));
        let Some(best) = near.first().filter(|near| {
            near.distance > 0 && near.distance <= allowed && (near.similarity >= 0.5 || near.distance <= 1)
        }) else {
            continue;
        };
        let raw = taken.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
        for candidate in near.iter().take_while(|near| near.distance == best.distance) {
            let note = Some(format!("read `{raw}` as {}", candidate.key));
            let cost = PIECE + FUZZY * u32::try_from(candidate.distance).unwrap_or(9);
            let mut put = |atom| found.push(Piece { atom, from: at, to: at + length, note: note.clone(), cost });
            if let Some(names) = vocabulary.names(&candidate.key) {
                put(Atom::Name(names.clone()));
            } else if let Some(values) = vocabulary.values(&candidate.key) {
                put(Atom::Values(values.clone()));
            } else if let Some(word) = vocabulary.operator(&candidate.key) {
                put(Atom::Word(word.clone()));
            }
        }
    }
    found
}
