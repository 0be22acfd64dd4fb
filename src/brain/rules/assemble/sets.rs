//! Who has a row in one range and has, or has not, in another: "bought in 2024 but not in 2025", "in both 2024 and 2025".

use oms_tools::orders::semantic::query::{SetFilter, TimeRange};

use super::{Assembler, Piece};
use crate::brain::rules::lattice::Atom;
use crate::brain::rules::lexicon::Word;
use crate::brain::rules::time::TimeWords;
use crate::brain::rules::tokens::Token;

/// Two sets, in the order in which their ranges are said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact about the words, independent of the others")]
pub(super) struct Plan {
    customers: bool,
    /// "registered in 2023 and bought in 2025": the first range is of when they registered.
    cohort: bool,
    first: bool,
    second: bool,
}

/// The plan of a question that speaks of buyers in two ranges; none for every other.
pub(super) fn plan(pieces: &[&Piece], tokens: &[Token], says_customers: bool) -> Option<Plan> {
    let is_range = |piece: &&&Piece| matches!(piece.atom, Atom::Time(TimeWords::Range(_)));
    let ranges: Vec<&&Piece> = pieces.iter().filter(is_range).collect();
    let spans = pieces.iter().filter(|piece| matches!(piece.atom, Atom::Time(TimeWords::Span(..)))).count();
    if spans > 0 {
        return None;
    }
    let [one, two] = ranges[..] else { return None };
    let signs = |token: &Token| matches!(token.text.as_str(), "registered" | "signed" | "joined");
    let cohort = tokens[..one.from].iter().any(signs) && !tokens[one.to..].iter().any(signs);
    // One range that is said twice is one, but for "registered in 2025 and bought in 2025".
    if let (Atom::Time(TimeWords::Range(first)), Atom::Time(TimeWords::Range(second))) = (&one.atom, &two.atom)
        && (first.from, first.to) == (second.from, second.to)
        && !cohort
    {
        return None;
    }
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.stem.as_str()));
    let products = says(&["product", "article", "item"]);
    let customers = says_customers || pieces.iter().any(|piece| piece.atom == Atom::Word(Word::Who));
    let buys = pieces.iter().any(|piece| piece.atom == Atom::Word(Word::Bought))
        || says(&[
            "buyer",
            "purchase",
            "purchased",
            "sold",
            "sell",
            "moved",
            "move",
            "active",
            "order",
            "spent",
            "shopped",
        ]);
    let compares = pieces.iter().any(|piece| {
        matches!(
            piece.atom,
            Atom::Word(Word::Versus | Word::Growth | Word::Along(_) | Word::Share | Word::Average | Word::Compare(_))
        )
    });
    if !(customers || products) || !buys || compares {
        return None;
    }
    let negates =
        |piece: &&Piece| matches!(piece.atom, Atom::Word(Word::Without | Word::Never | Word::No | Word::Nothing));
    let between = pieces.iter().any(|piece| piece.from >= one.to && piece.to <= two.from && negates(piece));
    let after = pieces.iter().any(|piece| piece.from >= two.to && negates(piece));
    let before = pieces.iter().any(|piece| piece.to <= one.from && negates(piece));
    // "buyers in March and in May" counts them for each; "who bought in March and in May" did so in both.
    let counted = says(&["buyer"])
        && !tokens.iter().any(|token| {
            matches!(token.text.as_str(), "bought" | "ordered" | "purchased" | "shopped" | "spent" | "who" | "that")
        });
    let joined = pieces.iter().any(|piece| {
        let between = piece.from >= one.to && piece.to <= two.from;
        matches!(piece.atom, Atom::Word(Word::Both | Word::Again))
            || matches!(piece.atom, Atom::Word(Word::And)) && between && !counted
    });
    if customers && cohort {
        return Some(Plan { customers, cohort: true, first: true, second: !(between || after) });
    }
    let plan = |first, second| Some(Plan { customers, cohort: false, first, second });
    match (before, between || after) {
        (false, true) => plan(true, false),
        (true, false) if pieces.iter().any(|piece| piece.atom == Atom::Word(Word::But)) => plan(false, true),
        (false, false) if joined || tokens[one.to..two.from].iter().any(|token| token.text == "bought") => {
            plan(true, true)
        }
        _ => None,
    }
}

impl Assembler<'_> {
    /// Takes the next range of the plan.
    pub(super) fn next_of_plan(&mut self, range: &TimeRange) {
        let Some(plan) = self.plan else { return };
        if plan.cohort && self.draft.query.time.is_none() {
            self.draft.query.time = Some(range.clone());
            self.draft.registered = true;
            return;
        }
        let has = if self.draft.query.sets.is_empty() && !plan.cohort { plan.first } else { plan.second };
        self.draft.query.sets.push(SetFilter {
            who: if plan.customers { "customer" } else { "product" }.to_owned(),
            what: "orders".to_owned(),
            has,
            time: Some(range.clone()),
            ..SetFilter::default()
        });
    }
}
