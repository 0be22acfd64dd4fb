//! A sentence as parts, each a row of items: figures, names, ranges of time, words.

use chrono::NaiveDateTime;

use super::Ungrounded;
use super::figures::{self, Figure, Said};
use super::lexer::{self, Token};
use super::result::{Known, Name, Phrase, Range};
use super::words::{self, Word};
use crate::brain::rules::{SaidTime, singular, times_said};

/// One thing that a sentence says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Figure(Figure),
    Name(Name),
    Phrase(Phrase),
    /// The readings of a time expression.
    Time(Vec<Range>),
    Word(Word),
    Comma,
    /// A word that is not of the list, and no name of this result.
    Unknown,
}

/// The words before a year that stands alone: without them it is a figure.
const BEFORE_YEAR: [&str; 12] =
    ["in", "of", "for", "during", "year", "since", "from", "to", "until", "and", "throughout", "between"];

/// Reads a sentence as claims about this result.
pub(super) fn parts(text: &str, known: &Known, now: NaiveDateTime) -> Result<Vec<Vec<Item>>, Ungrounded> {
    let tokens = lexer::tokens(text);
    let times = times_said(text, now);
    let mut parts = vec![Vec::new()];
    let mut at = 0;
    while at < tokens.len() {
        let (length, item) = next(&tokens, at, &times, known);
        at += length.max(1);
        match item {
            Some(Item::Word(Word::Break)) | None => parts.push(Vec::new()),
            Some(item) => {
                if let Some(part) = parts.last_mut() {
                    part.push(item);
                }
            }
        }
    }
    parts.retain(|part: &Vec<Item>| part.iter().any(|item| *item != Item::Comma));
    if parts.len() > 12 { Err(Ungrounded::Nothing) } else { Ok(parts) }
}

/// The next item and the tokens that it takes; `None` ends a part.
fn next(tokens: &[Token], at: usize, times: &[SaidTime], known: &Known) -> (usize, Option<Item>) {
    let rest = &tokens[at..];
    let phrase = known
        .phrases
        .iter()
        .filter(|(stems, _)| {
            rest.len() >= stems.len() && stems.iter().zip(rest).all(|(stem, token)| *stem == singular(&token.text))
        })
        .max_by_key(|(stems, _)| stems.len());
    let name = known
        .names
        .iter()
        .filter(|(pieces, _)| {
            rest.len() >= pieces.len() && pieces.iter().zip(rest).all(|(piece, token)| *piece == token.text)
        })
        .max_by_key(|(pieces, _)| pieces.len());
    let time = times
        .iter()
        .find(|time| time.start == rest[0].start)
        .map(|time| (rest.iter().take_while(|token| token.end <= time.end).count(), time));
    let time = time.filter(|(length, _)| {
        let year = *length == 1 && rest[0].is_number();
        !year || at.checked_sub(1).is_some_and(|before| BEFORE_YEAR.contains(&tokens[before].text.as_str()))
    });
    let phrase_length = phrase.map_or(0, |(stems, _)| stems.len());
    let name_length = name.map_or(0, |(pieces, _)| pieces.len());
    let time_length = time.map_or(0, |(length, _)| length);
    let longest = phrase_length.max(name_length).max(time_length);
    if longest > 0 {
        let item = match (phrase, name, time) {
            (Some((_, phrase)), _, _) if phrase_length == longest => Item::Phrase(*phrase),
            (_, Some((_, name)), _) if name_length == longest => Item::Name(name.clone()),
            (_, _, Some((_, time))) => Item::Time(time.ranges.iter().map(|range| (range.from, range.to)).collect()),
            _ => Item::Unknown,
        };
        return (longest, Some(item));
    }
    if let Some((length, figure)) = figure(tokens, at) {
        return (length, Some(Item::Figure(figure)));
    }
    let text = rest[0].text.as_str();
    let item = match text {
        "." | ";" | ":" | "!" | "?" | "(" | ")" | "\u{2013}" | "\u{2014}" => None,
        "," => Some(Item::Comma),
        "'" | "\u{2019}" | "\"" | "\u{201c}" | "\u{201d}" | "`" | "*" | "%" | "€" => Some(Item::Word(Word::Filler)),
        "~" | "\u{2248}" => Some(Item::Word(Word::About)),
        "t" if at > 0 && matches!(tokens[at - 1].text.as_str(), "'" | "\u{2019}") => Some(Item::Word(Word::Not)),
        _ => Some(words::word(text).map_or(Item::Unknown, Item::Word)),
    };
    (1, item)
}

/// A figure with its sign, scale and unit.
fn figure(tokens: &[Token], at: usize) -> Option<(usize, Figure)> {
    let text = |place: usize| tokens.get(place).map_or("", |token| token.text.as_str());
    if matches!(text(at), "twice" | "double" | "doubled") {
        return Some((1, Figure { value: 2.0, step: 0.01, unit: Some(Said::Times) }));
    }
    if matches!(text(at), "thrice" | "triple" | "tripled") {
        return Some((1, Figure { value: 3.0, step: 0.01, unit: Some(Said::Times) }));
    }
    if text(at) == "half" {
        return Some((1, Figure { value: 50.0, step: 0.01, unit: Some(Said::Of(oms_tools::Unit::Percent)) }));
    }
    let mut place = at;
    let mut unit = None;
    let mut sign = 1.0;
    // "-€ 5", "€ -5", "€5": the signs before the digits belong to them only where digits follow.
    while matches!(text(place), "-" | "\u{2212}" | "€" | "$" | "£" | "+" | "¥") {
        match text(place) {
            "-" | "\u{2212}" => sign = -1.0,
            "+" => {}
            money => unit = figures::unit(money),
        }
        place += 1;
        if place - at > 2 {
            return None;
        }
    }
    let (mut value, mut step);
    if tokens.get(place).is_some_and(Token::is_number) {
        (value, step) = figures::digits(text(place))?;
        place += 1;
    } else {
        // "eur 5" says its unit as a word.
        if place == at && matches!(text(at), "eur" | "usd" | "gbp") && tokens.get(at + 1).is_some_and(Token::is_number)
        {
            let (length, figure) = figure(tokens, at + 1)?;
            return Some((length + 1, Figure { unit: figures::unit(text(at)), ..figure }));
        }
        // "twenty-five" is two words.
        let mut words = Vec::new();
        let mut taken = Vec::new();
        for (offset, token) in tokens[place..].iter().enumerate().take(16) {
            if token.text == "-" && offset > 0 {
                continue;
            }
            words.push(token.text.as_str());
            taken.push(offset + 1);
        }
        let (count, number) = figures::in_words(&words)?;
        (value, step) = (number, 1.0);
        place += taken.get(count.checked_sub(1)?)?;
    }
    if let Some(scale) = figures::scale(text(place)) {
        (value, step) = (value * scale, step * scale);
        place += 1;
    }
    if let Some(said) = figures::unit(text(place)) {
        unit = match unit {
            // "€ 5 %" is nothing.
            Some(before) if before != said => Some(Said::Foreign),
            _ => Some(said),
        };
        place += 1;
    }
    Some((place - at, Figure { value: sign * value, step, unit }))
}
