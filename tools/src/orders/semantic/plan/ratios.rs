//! One measure divided by another: both are figures of the same groups, each computed by itself, so that neither is doubled.

use super::figures::{Assembly, Computed};
use crate::{Unit, orders::semantic::sql::Sql};

impl Assembly<'_, '_> {
    /// What the measures are divided by, and per how many of it.
    pub(super) fn divisor(&self) -> Option<(&Computed<'_>, u32)> {
        let ratio = self.query().ratio.as_ref()?;
        self.measures.iter().find(|one| one.measure.name == ratio.to).map(|one| (one, ratio.times))
    }

    /// A measure's unit: that of a share where one amount is divided by another.
    pub(super) fn unit(&self, one: &Computed<'_>) -> Unit {
        let divided = self.query().ratio.as_ref().zip(self.divisor()).filter(|_| one.asked);
        match divided {
            Some((ratio, (divisor, _))) if ratio.is_share(one.measure.unit, divisor.measure.unit) => Unit::Percent,
            _ => one.measure.unit,
        }
    }

    /// A measure's column: its figure, or that divided by the other measure's.
    pub(super) fn shown(
        &self,
        one: &Computed<'_>,
        slots: (usize, Option<usize>),
        divided_by: Option<(usize, Option<usize>)>,
    ) -> Sql {
        let figure = self.value(one, slots);
        let Some(((divisor, times), by)) = self.divisor().filter(|_| one.asked).zip(divided_by) else { return figure };
        let mut sql = figure.within("(", &format!(") * {times}e0 / NULLIF("));
        sql.append(&self.value(divisor, by)).push(", 0)");
        sql
    }
}
