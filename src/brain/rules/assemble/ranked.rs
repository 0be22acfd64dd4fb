//! The words of a ranking: which end, how many, by what. Must not take two directions for one.

use oms_tools::orders::semantic::query::Direction;

use super::{Assembler, Mode, Problem, Rank};
use crate::brain::rules::lattice::{Atom, Piece};

impl Assembler<'_> {
    pub(super) fn rank(
        &mut self,
        direction: Direction,
        extreme: bool,
        by: Option<&str>,
        piece: &Piece,
    ) -> Result<(), Problem> {
        // "by brand, lowest first, top 10": how many of the order that was said.
        let many = matches!(self.next(), Some(Atom::Number { percent: false, .. }));
        if let Some(rank) = self.draft.rank.as_mut().filter(|rank| rank.only_order && rank.limit.is_none())
            && direction == Direction::Top
            && many
            && by.is_none()
        {
            rank.only_order = false;
            return Ok(());
        }
        if let Some(rank) = &mut self.draft.rank {
            // "top products by most orders" says one thing twice; two directions are two questions.
            if rank.direction != direction || (rank.by.is_some() && by.is_some()) {
                return Err(self.unplaced(piece));
            }
            rank.by = rank.by.take().or(by.map(str::to_owned));
            return Ok(());
        }
        let limit = self.draft.place.map(|_| 1).or(self.draft.limit.take());
        let skip = self.draft.place.map_or(0, |place| place.saturating_sub(1));
        let singular = !self.draft.plural_groups;
        self.draft.rank = Some(Rank {
            direction,
            limit,
            extreme,
            by: by.map(str::to_owned),
            singular,
            per: None,
            only_order: false,
            skip,
        });
        self.mode = Mode::Plain;
        Ok(())
    }
}
