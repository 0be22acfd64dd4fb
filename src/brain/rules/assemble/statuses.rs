//! Words of how an order stands, as a condition on what was named before: "returns of cancelled orders", "packed orders waiting to
//! be shipped". Must not unite two statuses of which both were said.

use oms_tools::orders::semantic::query::FilterOp;

use super::{Assembler, Piece, Problem};
use crate::brain::rules::lattice::Atom;
use crate::brain::rules::lexicon::Word;
use crate::brain::rules::vocabulary::Names;

impl Assembler<'_> {
    /// "orders waiting for the carrier": for what is not in the measure.
    pub(super) fn waits_for_another(&self, names: &Names, piece: &Piece) -> bool {
        names.measure.as_deref() == Some("open_orders")
            && self.tokens[piece.to - 1].text == "waiting"
            && self.tokens.get(piece.to).is_some_and(|next| matches!(next.text.as_str(), "for" | "on"))
            && !matches!(self.next(), Some(Atom::Word(Word::Compare(_)) | Atom::Number { .. } | Atom::Time(_)))
    }

    /// "returns of cancelled orders": the statuses that define a measure, as a condition on the one before it.
    pub(super) fn of_such_a_status(&mut self, measure: &str, status: &[&str], piece: &Piece) -> Result<(), Problem> {
        if self.draft.query.measures == ["orders"] && self.draft.query.filters.is_empty() {
            measure.clone_into(&mut self.draft.query.measures[0]);
            return Ok(());
        }
        if self.draft.query.measures.iter().any(|known| known == measure) {
            return Ok(());
        }
        // "how many packed orders are waiting to be shipped": both hold.
        let said = self.draft.query.filters.iter_mut().find(|filter| {
            filter.dimension == "order_status" && filter.op == FilterOp::In && !filter.values.is_empty()
        });
        if let Some(said) = said {
            said.values.retain(|value| status.contains(&value.as_str()));
            if said.values.is_empty() {
                return Err(self.unplaced(piece));
            }
        } else {
            self.filter("order_status", FilterOp::In, status.iter().map(|status| (*status).to_owned()).collect());
        }
        if measure == "stuck_orders" {
            self.filter("days_since_placed", FilterOp::Above, vec!["3".to_owned()]);
        }
        Ok(())
    }
}
