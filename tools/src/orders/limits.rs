//! What one statement may cost, and which columns are personal. Configuration sets both; no argument of a model does.

use std::{collections::BTreeSet, time::Duration};

/// The limits of one statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long the server may work on it.
    pub time: Duration,
    /// How many rows are read; the rest is left out and told.
    pub rows: usize,
    /// How many bytes of values are read; the rest is left out and told.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(10), rows: 10_000, bytes: 8 << 20 }
    }
}

/// The columns that are kept from every answer: personal data, and texts that may carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalColumns {
    hidden: BTreeSet<(String, String)>,
}

/// The columns hidden where configuration grants none: personal data, and documents that repeat it.
const HIDDEN: [(&str, &str); 4] =
    [("customers", "email"), ("customers", "phone"), ("order_events", "payload"), ("dead_letters", "body")];

impl Default for PersonalColumns {
    fn default() -> Self {
        Self { hidden: HIDDEN.iter().map(|(table, column)| ((*table).to_owned(), (*column).to_owned())).collect() }
    }
}

impl PersonalColumns {
    /// The same, with one column shown: `customers`, `email`.
    #[must_use]
    pub fn granting(mut self, table: &str, column: &str) -> Self {
        self.hidden.remove(&(table.to_ascii_lowercase(), column.to_ascii_lowercase()));
        self
    }

    /// Whether a column is kept from answers. Names are compared without regard to case.
    pub fn hides(&self, table: &str, column: &str) -> bool {
        self.hidden.contains(&(table.to_ascii_lowercase(), column.to_ascii_lowercase()))
    }

    /// All hidden columns as `(table, column)`, in order.
    pub fn hidden(&self) -> impl Iterator<Item = (&str, &str)> {
        self.hidden.iter().map(|(table, column)| (table.as_str(), column.as_str()))
    }
}
