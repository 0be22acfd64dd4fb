//! A question in plain Portuguese or Spanish, in the words of the grammar. Must not touch an English one, nor guess which of the
//! two languages a word is from that means something else in each.

use std::sync::LazyLock;

use crate::brain::rules::tokens::Token;

use super::rephrased::{Table, word};
use super::romance::{PORTUGUESE, ROMANCE, SHARED, SPANISH};

static PORTUGUESE_TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(&[PORTUGUESE, ROMANCE]));
static SPANISH_TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(&[SPANISH, ROMANCE]));
/// What means the same in both, for questions that show neither.
static EITHER_TABLE: LazyLock<Table> = LazyLock::new(|| {
    let spanish: Vec<&str> = entries(SPANISH).collect();
    let same = entries(PORTUGUESE).filter(|entry| spanish.contains(entry));
    Table::new(&same.chain([ROMANCE]).collect::<Vec<_>>())
});

fn entries(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split(['|', '\n']).map(str::trim)
}

/// The question in English words, where half of its words are of the other language and one is no English word.
pub(super) fn translated(found: Vec<Token>) -> Vec<Token> {
    let [portuguese, spanish] = [&PORTUGUESE_TABLE, &SPANISH_TABLE].map(|table| known(table, &found));
    let table = match portuguese.cmp(&spanish) {
        std::cmp::Ordering::Greater => &PORTUGUESE_TABLE,
        std::cmp::Ordering::Less => &SPANISH_TABLE,
        std::cmp::Ordering::Equal => &EITHER_TABLE,
    };
    if portuguese.max(spanish) * 2 < found.len() || !is_sure(table, &found) {
        return found;
    }
    mean_of_groups(table.apply(&found))
}

/// How many words a table knows.
fn known(table: &Table, found: &[Token]) -> usize {
    let (mut known, mut at) = (0, 0);
    while at < found.len() {
        let length = table.at(found, at).map(|phrase| phrase.words.len());
        known += length.unwrap_or(0);
        at += length.unwrap_or(1);
    }
    known
}

/// Whether a word is of that language alone, and of no name.
fn is_sure(table: &Table, found: &[Token]) -> bool {
    let shared: Vec<&str> = SHARED.split_whitespace().collect();
    (0..found.len())
        .any(|at| table.at(found, at).is_some_and(|phrase| phrase.words.iter().any(|word| !shared.contains(word))))
}

/// "receita média por dia", "pedidos por día de media": "por" after a mean is "per", no split.
fn mean_of_groups(mut found: Vec<Token>) -> Vec<Token> {
    let Some(mean) = found.iter().position(|token| token.text == "average") else { return found };
    let by = |token: &Token| token.text == "by";
    let after = found[mean..].iter().position(by).map(|at| at + mean);
    if let Some(at) = after.or_else(|| found[..mean].iter().rposition(by)) {
        found[at] = word("per", found[at].start);
    }
    found
}
