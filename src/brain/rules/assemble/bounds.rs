//! Whether a figure is above or below a number, asked with yes or no. Must not take a condition on groups for it.

use oms_tools::Unit;
use oms_tools::orders::semantic::query::{Asked, AskedOf, FilterOp};

use super::Assembler;
use crate::brain::rules::lattice::Atom;
use crate::brain::rules::lexicon::Word;
use crate::brain::rules::vocabulary::Names;

impl Assembler<'_> {
    /// "did we make more than 450,000 euros of revenue in 2025": the figure, and what it was asked to be.
    pub(super) fn asks_whether(
        &mut self,
        op: FilterOp,
        values: &[String],
        is_percent: bool,
        before: Option<&Names>,
        after: Option<&str>,
    ) -> bool {
        let asks = self.tokens.first().is_some_and(|token| {
            matches!(
                token.text.as_str(),
                "did" | "do" | "does" | "is" | "are" | "was" | "were" | "have" | "has" | "had"
            )
        });
        let named = after.or_else(|| before.and_then(|names| names.measure.as_deref()));
        let measure = match (named, &self.draft.query.measures[..]) {
            (Some(named), []) => named.to_owned(),
            (Some(named), [known]) if named == known => named.to_owned(),
            (None, [known]) => known.clone(),
            (None, []) if self.draft.weak.is_some() && self.euros_behind() => "revenue".to_owned(),
            (None, []) if is_percent && matches!(self.next(), Some(Atom::Word(Word::Weak("revenue")))) => {
                "revenue".to_owned()
            }
            _ => return false,
        };
        let unit = self.vocabulary.unit(&measure);
        // "more than 3 days": the figure's own unit, or that of another figure. A rate's bound is said in percent.
        let timed = matches!(self.next(), Some(Atom::Name(Names { measure: None, dimension: Some(_), .. })));
        let own_unit = match unit {
            Some(Unit::Days) => self.is_ahead("day"),
            Some(Unit::Hours) => self.is_ahead("hour"),
            _ => false,
        };
        if named != Some(measure.as_str()) && timed && !own_unit || unit == Some(Unit::Percent) && !is_percent {
            return false;
        }
        let plain = self.draft.query.having.is_empty() && self.draft.rank.is_none() && !self.draft.share;
        if !asks
            || !plain
            || !self.vocabulary.has_measure(&measure)
            || matches!(op, FilterOp::NotIn | FilterOp::Contains)
        {
            return false;
        }
        // "is France above 10 % of sales": a percent of what is no percent is a share.
        let of = if is_percent && unit != Some(Unit::Percent) {
            self.draft.share = true;
            AskedOf::Share
        } else {
            AskedOf::Figure
        };
        self.draft.query.asked = Some(Asked { measure: measure.clone(), op, values: values.to_vec(), of });
        self.measure(&measure);
        true
    }

    fn is_ahead(&self, dimension: &str) -> bool {
        matches!(self.next(), Some(Atom::Name(names)) if names.measure.is_none() && names.dimension.as_deref() == Some(dimension))
    }

    /// Whether the unit of the figure that was asked about follows its number.
    pub(super) fn is_unit_ahead(&self) -> bool {
        let unit = self.draft.query.asked.as_ref().and_then(|asked| self.vocabulary.unit(&asked.measure));
        match unit {
            Some(Unit::Days) => self.is_ahead("day"),
            Some(Unit::Hours) => self.is_ahead("hour"),
            _ => false,
        }
    }
}
