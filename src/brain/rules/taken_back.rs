//! "revenue for 2023, no wait, 2024": what a sentence takes back while it is said. Must not drop what has no replacement.

use chrono::NaiveDateTime;

use super::lattice::{self, Atom, Piece};
use super::lexicon::{self, Word};
use super::tokens::Token;
use super::vocabulary::Vocabulary;

/// Words that take back what was said right before them.
const MARKERS: [&[&str]; 14] = [
    &["no", "sorry"],
    &["no", "wait"],
    &["wait", "no"],
    &["no", "i", "mean"],
    &["no", "i", "meant"],
    &["sorry", "i", "mean"],
    &["sorry", "i", "meant"],
    &["i", "mean"],
    &["i", "meant"],
    &["scratch", "that"],
    &["or", "rather"],
    &["make", "that"],
    &["correction"],
    &["sorry"],
];

/// What kind of thing a piece names: only the like replaces the like.
#[derive(PartialEq)]
enum Kind {
    Time,
    Value(String),
    Measure,
    Dimension,
}

/// The tokens without what was taken back, and what the person is told.
pub(super) fn without(tokens: &[Token], vocabulary: &Vocabulary, now: NaiveDateTime) -> Option<(Vec<Token>, String)> {
    let (at, length) = (1..tokens.len()).find_map(|at| {
        let found = MARKERS
            .iter()
            .filter(|marker| {
                tokens.len() > at + marker.len()
                    && marker.iter().zip(&tokens[at..]).all(|(word, token)| *word == token.text)
            })
            .map(|marker| marker.len())
            .max()?;
        Some((at, found))
    })?;
    let trimmed = |tokens: &[Token]| {
        let from = tokens.iter().position(|token| token.text != ",").unwrap_or(tokens.len());
        let to = tokens.iter().rposition(|token| token.text != ",").map_or(from, |last| last + 1);
        lexicon::rephrase(tokens[from..to].to_vec())
    };
    let (mut before, after) = (trimmed(&tokens[..at]), trimmed(&tokens[at + length..]));
    let (said, new) = (pieces(&before, vocabulary, now)?, pieces(&after, vocabulary, now)?);
    let first = new.iter().find(|piece| piece.atom != Atom::Word(Word::Filler))?;
    let wanted = kind(first)?;
    let old = said.iter().rfind(|piece| kind(piece).is_some_and(|kind| kind == wanted))?;
    let words = |tokens: &[Token]| tokens.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    let note =
        format!("took back `{}` for `{}`", words(&before[old.from..old.to]), words(&after[first.from..first.to]));
    before.drain(old.from..old.to);
    before.extend(after);
    Some((before, note))
}

fn pieces(tokens: &[Token], vocabulary: &Vocabulary, now: NaiveDateTime) -> Option<Vec<Piece>> {
    lattice::covers(tokens, vocabulary, now).into_iter().next().map(|cover| cover.pieces)
}

fn kind(piece: &Piece) -> Option<Kind> {
    Some(match &piece.atom {
        Atom::Time(_) => Kind::Time,
        Atom::Values(values) => Kind::Value(values.first()?.dimension.clone()),
        Atom::Name(names) if names.measure.is_some() => Kind::Measure,
        Atom::Name(names) if names.dimension.is_some() => Kind::Dimension,
        _ => return None,
    })
}
