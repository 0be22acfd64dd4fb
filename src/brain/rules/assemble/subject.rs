//! Whether a noun is the one that is asked about, or says of whom or what the others are. Must not change the draft.

use super::Assembler;
use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::Word;

impl Assembler<'_> {
    /// Whether what follows makes the noun the one that is asked about: "customers with", "customers who".
    pub(super) fn is_subject(&self) -> bool {
        // "customers from Porto with more than 3 orders": where they are from stands between.
        let between = self.pieces[self.at..].iter().take_while(|piece| matches!(piece.atom, Atom::Values(_))).count();
        // "customers in Barcelona who ordered more than 3 times", "from Madrid with spend above 2000 euros"
        if let [first, second, third, ..] = &self.pieces[self.at + between..]
            && between > 0
            && matches!(first.atom, Atom::Word(Word::With | Word::Who | Word::Which | Word::Bought | Word::Weak(_)))
            && matches!(
                (&second.atom, &third.atom),
                (Atom::Word(Word::Bought | Word::Weak(_)) | Atom::Name(_), Atom::Word(Word::Compare(_)))
                    | (Atom::Word(Word::Compare(_)), _)
            )
        {
            return true;
        }
        if between > 0
            && let [first, second, ..] = &self.pieces[self.at + between..]
            && matches!(first.atom, Atom::Word(Word::With | Word::Who | Word::Which))
            && matches!(second.atom, Atom::Word(Word::Compare(_)))
        {
            return true;
        }
        match self.next() {
            Some(Atom::Word(Word::With | Word::Never | Word::No | Word::Compare(_))) => true,
            Some(Atom::Word(Word::Who | Word::Which | Word::Bought)) => self.pieces[self.at..].iter().any(|piece| {
                matches!(
                    &piece.atom,
                    Atom::Word(
                        Word::Compare(_)
                            | Word::Again
                            | Word::Never
                            | Word::No
                            | Word::Without
                            | Word::ExtremeOf(..)
                            | Word::Extreme(_)
                    )
                )
            }),
            _ => false,
        }
    }

    /// "which open orders are of VIP customers": whose, where the orders are what is asked for.
    pub(super) fn of_whom(&self, dimension: &str) -> bool {
        let value = self.at.checked_sub(2).map(|at| self.pieces[at]);
        let whose = value.is_some_and(|piece| {
            matches!(&piece.atom, Atom::Values(values) if values.iter().any(|value| value.dimension == "customer_segment"))
                && piece.from > 0
                && matches!(self.tokens[piece.from - 1].text.as_str(), "of" | "from" | "by" | "for")
        });
        dimension == "customer"
            && whose
            && self.draft.which
            && self.draft.entity.as_deref() == Some("orders")
            && self.draft.query.measures == ["orders"]
            && self.draft.rank.is_none()
    }

    /// "stock value of inactive products", "of products that are no longer active": which ones, no split.
    pub(super) fn of_a_state(&self, dimension: &str, piece: &Piece) -> bool {
        let active = |atom: &Atom| matches!(atom, Atom::Values(values) if values.iter().any(|value| value.dimension == "active"));
        dimension == "product"
            && !self.draft.query.measures.is_empty()
            && !(self.draft.which || self.draft.list || self.draft.rank.is_some() || self.how_many)
            && (self.beside_value("active")
                || self.after_preposition(piece)
                    && self.pieces[self.at..].iter().take(2).any(|piece| active(&piece.atom)))
    }
}
