//! Customers by when they registered, where something else is measured of them: "revenue from customers who signed up in 2025". Must
//! not take the range of a count of sign-ups, which is that count's own.

use oms_tools::orders::semantic::query::SetFilter;

use super::{Assembler, Mode};
use crate::brain::rules::lattice::Atom;
use crate::brain::rules::time::TimeWords;
use crate::brain::rules::vocabulary::Names;

impl Assembler<'_> {
    /// "orders by customers who registered in 2024": who they are, where another figure was named and a range follows at once.
    pub(super) fn of_registered(&mut self, names: &Names) -> bool {
        let said = self.tokens.iter().any(|token| matches!(token.text.as_str(), "registered" | "created"));
        let measured =
            self.draft.query.measures.iter().any(|name| !matches!(name.as_str(), "customers" | "new_customers"))
                || self.draft.weak.is_some();
        if !said
            || !measured
            || names.measure.as_deref() != Some("new_customers")
            || self.plan.is_some()
            || self.without
        {
            return false;
        }
        let Some(Atom::Time(TimeWords::Range(range))) = self.next() else { return false };
        self.draft.query.sets.push(SetFilter {
            who: "customer".to_owned(),
            what: "registration".to_owned(),
            has: true,
            time: Some(range.clone()),
            ..SetFilter::default()
        });
        self.at += 1;
        self.mode = Mode::Plain;
        true
    }
}
