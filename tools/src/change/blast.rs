//! What a change reaches: how many things, whose data, and what stops meanwhile.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::set::is_zero;
use crate::table::count_in_words;

/// Stores that are named at most.
const NAMED: usize = 40;

/// What a change reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blast {
    /// Things that come to be.
    pub added: u64,
    /// Things that change in place.
    pub changed: u64,
    /// Things that are taken away and made anew.
    pub replaced: u64,
    /// Things that are taken away.
    pub destroyed: u64,
    /// Stores whose data can be lost.
    pub data_at_risk: Vec<String>,
    /// Stores that are left out of that list.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub data_at_risk_left_out: usize,
    /// What does not serve meanwhile; none: nothing is expected to stop.
    pub downtime: Option<String>,
}

impl Blast {
    /// Whether something is taken away that is not simply started again.
    pub fn destroys(&self) -> bool {
        self.replaced + self.destroyed > 0 || !self.data_at_risk.is_empty()
    }

    /// This and that together.
    pub(super) fn add(&mut self, other: &Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.replaced += other.replaced;
        self.destroyed += other.destroyed;
        for store in &other.data_at_risk {
            if !self.data_at_risk.contains(store) {
                self.data_at_risk.push(store.clone());
            }
        }
        self.data_at_risk_left_out += other.data_at_risk_left_out;
        self.downtime = match (self.downtime.take(), &other.downtime) {
            (Some(one), Some(two)) if one != *two => Some(format!("{one}; {two}")),
            (one, two) => one.or_else(|| two.clone()),
        };
    }

    /// As a person reads it.
    pub fn spoken(&self) -> String {
        let counts: Vec<String> = [
            (self.added, "added"),
            (self.changed, "changed"),
            (self.replaced, "REPLACED"),
            (self.destroyed, "DESTROYED"),
        ]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
        let mut text = if counts.is_empty() { "nothing counted".to_owned() } else { counts.join(", ") };
        if !self.data_at_risk.is_empty() {
            text.push_str("; DATA AT RISK: ");
            let named = self.data_at_risk.len().min(NAMED);
            text.push_str(&self.data_at_risk[..named].join(", "));
            let more = self.data_at_risk.len() - named + self.data_at_risk_left_out;
            if more > 0 {
                write!(text, " and {} more", count_in_words(more)).ok();
            }
        }
        text.push_str("; downtime: ");
        text.push_str(self.downtime.as_deref().unwrap_or("none expected"));
        text
    }
}
