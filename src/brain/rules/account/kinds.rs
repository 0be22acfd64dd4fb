//! Words that say what kind of figure is wanted, "how much money", "worth", "how many", "spent", against the kinds of the
//! figures that the query has. Must not take a condition's unit, "over 500 euros", for a figure.

use oms_tools::Unit;
use oms_tools::orders::semantic::SemanticQuery;

use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::Word;
use crate::brain::rules::tokens::Token;
use crate::brain::rules::vocabulary::Vocabulary;

/// Columns of rows that are amounts of money.
const AMOUNTS: [&str; 5] = ["order_value", "grand_total", "price", "payment_amount", "refund_amount"];

/// Words that ask for money wherever they stand.
fn is_money(token: &Token) -> bool {
    matches!(
        token.text.as_str(),
        "money" | "euro" | "euros" | "eur" | "€" | "worth" | "cash" | "amount" | "moneywise" | "monetary"
    )
}

/// Verbs of money, where they stand for a figure: "spent", "earned", "invoiced".
fn is_paid(text: &str) -> bool {
    matches!(text, "spent" | "spend" | "spends" | "spending" | "earn" | "earned" | "earns" | "made" | "make")
}

/// A money word needs money, "how many" a count: where the query has none, the first word that is left over.
pub(super) fn unanswered<'a>(
    query: &SemanticQuery,
    pieces: &'a [Piece],
    tokens: &[Token],
    vocabulary: &Vocabulary,
) -> Option<&'a Piece> {
    pieces.iter().find(|piece| {
        let words = &tokens[piece.from..piece.to];
        match &piece.atom {
            Atom::Word(Word::Filler) => words.iter().any(is_money) && !has_money(query, vocabulary),
            Atom::Word(Word::Weak("billed_amount")) => !has_money(query, vocabulary),
            // "a parcel spends two days in transit": time is spent too.
            Atom::Word(Word::Weak(_)) => {
                let lasts = has_unit(query, vocabulary, &[Unit::Days, Unit::Hours]);
                words.iter().any(|word| is_paid(&word.text)) && !lasts && !has_money(query, vocabulary)
            }
            // "how many of them, in percent"
            Atom::Word(Word::HowMany) if pieces.iter().any(|piece| piece.atom == Atom::Word(Word::Share)) => {
                !has_unit(query, vocabulary, &[Unit::Percent]) && !has_count(query, vocabulary)
            }
            Atom::Word(Word::HowMany) => {
                let lasts = tokens.iter().any(|token| matches!(token.stem.as_str(), "day" | "hour"))
                    && has_unit(query, vocabulary, &[Unit::Days, Unit::Hours]);
                words.first().is_some_and(|word| word.text == "how") && !lasts && !has_count(query, vocabulary)
            }
            _ => false,
        }
    })
}

/// Whether a figure, a condition or a row of the query is an amount of money.
pub(super) fn has_money(query: &SemanticQuery, vocabulary: &Vocabulary) -> bool {
    let filters = query.filters.iter().chain(query.sets.iter().flat_map(|set| &set.filters));
    let rows = query.list.as_ref().is_some_and(|list| {
        matches!(list.entity.as_str(), "orders" | "payments" | "returns" | "products" | "order_items")
    });
    rows || has_unit(query, vocabulary, &[Unit::Euro])
        || filters.into_iter().any(|filter| AMOUNTS.contains(&filter.dimension.as_str()))
        // "in euros" of a margin: the rate of two amounts.
        || query.measures.iter().any(|name| matches!(name.as_str(), "gross_margin" | "average_discount"))
}

fn has_count(query: &SemanticQuery, vocabulary: &Vocabulary) -> bool {
    query.count_of.is_some()
        || query.average_per.is_some()
        || query.share.is_some()
        || has_unit(query, vocabulary, &[Unit::Count])
        || query.list.is_some()
}

fn has_unit(query: &SemanticQuery, vocabulary: &Vocabulary, wanted: &[Unit]) -> bool {
    let figures = query
        .measures
        .iter()
        .chain(query.having.iter().map(|one| &one.measure))
        .chain(query.ranking.iter().map(|ranking| &ranking.by))
        .chain(query.asked.iter().map(|asked| &asked.measure));
    figures.into_iter().any(|name| vocabulary.unit(name).is_some_and(|unit| wanted.contains(&unit)))
}
