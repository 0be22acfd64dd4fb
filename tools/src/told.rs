//! What a tool has to tell besides rows of the orders database: computed by the tool from what it saw, drawn by any front end.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Table, ToolReport, Unit};

/// A tool's report as people, machines and models read it. Secrets are redacted before one is made.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The sentence or paragraphs that a person reads; every figure in it is the tool's own.
    pub answer: String,
    /// Rows behind the answer, if any.
    pub table: Option<Table>,
    /// Figures along time, if any.
    pub chart: Option<Chart>,
    /// Besides the answer: what was left out, what could not be looked at.
    pub notes: Vec<String>,
    /// The change set that waits for a person, if this proposes one.
    pub change: Option<ProposedChange>,
    /// The typed report as JSON, for models and machines; bounded by the tool.
    pub data: Value,
}

/// Series along time, all with the same moments.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What is drawn.
    pub title: String,
    /// When the first point begins, UTC.
    pub start: NaiveDateTime,
    /// Seconds from one point to the next.
    pub step: u32,
    /// True where all series share a unit and are to be compared; false draws each on a scale of its own.
    pub one_scale: bool,
    /// The series, the most telling first.
    pub series: Vec<ChartSeries>,
}

/// One series of a [`Chart`].
#[derive(Clone, Debug, PartialEq)]
pub struct ChartSeries {
    /// Its name.
    pub name: String,
    /// How people read its values.
    pub unit: Unit,
    /// One value a moment; none is a gap.
    pub values: Vec<Option<f64>>,
}

/// A change set as a reply names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedChange {
    /// The change set's id, as `oms change show ID` takes it.
    pub id: String,
    /// SHA-256 over everything that would run, in hexadecimal.
    pub digest: String,
    /// What would change, in one paragraph.
    pub summary: String,
    /// When it can no longer be approved, `2026-01-14T12:00:00.000Z`.
    pub expires_at: String,
}

impl Told {
    /// An answer in words, with the report behind it.
    pub fn new(answer: impl Into<String>, data: Value) -> Self {
        Self { answer: answer.into(), data, ..Self::default() }
    }

    /// With rows.
    #[must_use]
    pub fn with_table(mut self, table: Table) -> Self {
        self.table = Some(table);
        self
    }

    /// With one more note.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

impl From<Told> for ToolReport {
    fn from(told: Told) -> Self {
        Self::Told(Box::new(told))
    }
}
