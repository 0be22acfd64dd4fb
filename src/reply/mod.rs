//! What a turn comes back with: one value that every front end renders in its own way.
//!
//! Sentences, tables and charts are computed from the typed report, never from a model's text.

pub mod chart;
pub mod clean;
pub mod csv;
pub mod figures;
pub mod freshness;
pub mod sentence;
pub(crate) mod shape;
pub mod surface;
pub mod table;
pub mod terminal;
#[cfg(test)]
pub(crate) mod tests;
pub mod vocabulary;

use oms_tools::{Cell, Column, ProposedChange, Table, Told, orders::OrdersReport};
use serde::Serialize;

/// The outcome of a turn; decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// An answer. Exit 0.
    Answered,
    /// Asked back. Exit 3.
    Clarification,
    /// A guard, a right or a policy said no. Exit 4.
    Refused,
    /// A change waits for an approval that was not given. Exit 5.
    ApprovalRequired,
    /// Something failed. Exit 1.
    Error,
}

/// One reply. The shape of `oms ask --json` is made from it by [`Reply::to_json`].
#[derive(Clone, Debug)]
pub struct Reply {
    /// The outcome.
    pub status: Status,
    /// The sentence a person reads.
    pub answer: String,
    /// What the question could mean, when asked back.
    pub choices: Vec<String>,
    /// The orders tool's report behind the answer, if one ran: rows, SQL, interpretation, notes.
    pub report: Option<OrdersReport>,
    /// What another tool told, if one did: its table, notes and change set.
    pub told: Option<Told>,
    /// Every tool call of the turn.
    pub tool_calls: Vec<ToolCall>,
    /// How old the data is.
    pub watermark: Option<Watermark>,
    /// `rules`, `local`, `openai:MODEL`.
    pub brain: String,
    /// 0.0 to 1.0.
    pub confidence: f64,
    /// Milliseconds of the whole turn.
    pub elapsed_ms: f64,
    /// What failed, with status `error` or `refused`.
    pub error: Option<ReplyError>,
}

/// A tool call as the record shows it.
#[derive(Clone, Debug, Serialize)]
pub struct ToolCall {
    /// The tool's name.
    pub tool: String,
    /// Its arguments.
    pub arguments: serde_json::Value,
    /// `ok`, `error` or `refused`.
    pub status: String,
    /// Milliseconds.
    pub elapsed_ms: f64,
}

/// How fresh the data is.
#[derive(Clone, Debug, Serialize)]
pub struct Watermark {
    /// The newest applied event, `2026-01-14T12:00:00.000Z`.
    pub newest_event_at: String,
    /// Seconds behind "now".
    pub behind_seconds: i64,
}

/// What failed, for machines and people.
#[derive(Clone, Debug, Serialize)]
pub struct ReplyError {
    /// A stable word: `refused`, `unavailable`, `timed_out`, ...
    pub kind: String,
    /// What could not be done: the cause.
    pub message: String,
    /// What to do next.
    pub hint: String,
}

/// The contract's object of `oms ask --json`; all keys are always there.
#[derive(Serialize)]
struct AskJson<'a> {
    status: Status,
    answer: &'a str,
    interpretation: Option<&'a str>,
    choices: &'a [String],
    sql: Option<&'a str>,
    columns: &'a [Column],
    rows: &'a [Vec<Cell>],
    truncated: bool,
    tool_calls: &'a [ToolCall],
    change: Option<&'a ProposedChange>,
    watermark: Option<&'a Watermark>,
    brain: &'a str,
    confidence: f64,
    elapsed_ms: f64,
    error: Option<&'a ReplyError>,
}

impl Reply {
    /// The reply as the contract's JSON object, on one line.
    pub fn to_json(&self) -> String {
        let empty = Table::default();
        let report = self.report.as_ref();
        let told = self.told.as_ref().and_then(|told| told.table.as_ref());
        let table = report.map(|report| &report.table).or(told).unwrap_or(&empty);
        let object = AskJson {
            status: self.status,
            answer: &self.answer,
            interpretation: report.map(|report| report.interpretation.as_str()),
            choices: &self.choices,
            sql: report.map(|report| report.sql.as_str()),
            columns: &table.columns,
            rows: &table.rows,
            truncated: table.truncated,
            tool_calls: &self.tool_calls,
            change: self.told.as_ref().and_then(|told| told.change.as_ref()),
            watermark: self.watermark.as_ref(),
            brain: &self.brain,
            confidence: self.confidence,
            elapsed_ms: self.elapsed_ms,
            error: self.error.as_ref(),
        };
        serde_json::to_string(&object).unwrap_or_else(|error| {
            // Cannot happen with these types; kept so that no input can panic the program.
            format!("{{\"status\":\"error\",\"answer\":\"{error}\"}}")
        })
    }

    /// The process's exit status for this reply.
    pub fn exit_code(&self) -> u8 {
        match self.status {
            Status::Answered => 0,
            Status::Error => 1,
            Status::Clarification => 3,
            Status::Refused => 4,
            Status::ApprovalRequired => 5,
        }
    }
}
