//! A word that stands in some product's name is a product only where goods are meant: "kettles sold", "revenue from lamps",
//! not "bank payments", "in the building". Must not judge by the word itself: any English word may be in a name.

use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::Word;
use crate::brain::rules::tokens::Token;

/// Measures that are of goods.
const OF_GOODS: [&str; 14] = [
    "revenue",
    "units_sold",
    "units_ordered",
    "gross_profit",
    "gross_margin",
    "discounts",
    "average_discount",
    "returned_units",
    "return_rate",
    "stock",
    "available_stock",
    "stock_value",
    "average_price",
    "products",
];

/// Whether something beside one word says that it is of a product's name.
pub(super) fn is_of_goods(pieces: &[Piece], tokens: &[Token], at: usize) -> bool {
    let piece = &pieces[at];
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let before = |back: usize| piece.from.checked_sub(back).map_or("", text);
    // Written as a name within the sentence, or in quotes.
    let first = &tokens[piece.from];
    if first.quoted || piece.from > 0 && first.raw.starts_with(|letter: char| letter.is_uppercase()) {
        return true;
    }
    // "the building", "in hand": a place or a manner; "bank payments": a kind of something else.
    let placed = matches!(before(1), "in" | "at" | "on" | "into" | "through" | "by" | "via" | "per")
        || matches!(before(1), "the" | "our" | "a" | "an" | "my" | "your" | "this" | "that");
    let after = pieces[at + 1..].iter().find(|piece| piece.atom != Atom::Word(Word::Filler));
    let adjoins = after.filter(|after| after.from == piece.to);
    let of_goods = |measure: &str| OF_GOODS.contains(&measure);
    let names = adjoins.and_then(|after| match &after.atom {
        Atom::Name(names) => Some(names),
        _ => None,
    });
    if names.is_some_and(|names| {
        names.dimension.as_deref() == Some("product") || names.measure.as_deref().is_some_and(of_goods)
    }) {
        return true;
    }
    let other = names.is_some_and(|names| names.measure.is_some());
    let sold = |token: &Token| {
        matches!(
            token.text.as_str(),
            "sold"
                | "sell"
                | "sells"
                | "selling"
                | "bought"
                | "buy"
                | "buys"
                | "buying"
                | "purchased"
                | "stock"
                | "returned"
                | "units"
                | "pieces"
        )
    };
    let counted =
        matches!(before(1), "many" | "of" | "for" | "from" | "more" | "any" | "with" | "containing" | "contain");
    !other && (counted || !placed && tokens.iter().any(sold))
}
