//! What can be written to the record.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Effect;

/// One line of the record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its number, from 1 without a gap.
    pub number: u64,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// On whose behalf.
    pub principal: String,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// The hash of the line before; of nothing for the first.
    pub previous: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A tool was called, and how that ended.
    ToolCalled {
        /// The tool.
        tool: String,
        /// Its declared effect.
        effect: Effect,
        /// Its arguments, without secrets.
        arguments: Value,
        /// `ok`, `error`, `refused` or `cancelled`.
        status: String,
        /// How long it took.
        elapsed_ms: f64,
    },
    /// A change set was made.
    Proposed {
        /// Its id.
        change: String,
        /// Its digest.
        digest: String,
        /// Where it would be applied.
        environment: String,
        /// What it is, in one sentence.
        summary: String,
    },
    /// A person approved exactly this.
    Approved {
        /// The change set.
        change: String,
        /// The digest that the person saw.
        digest: String,
        /// Until when that counts.
        expires_at: DateTime<Utc>,
    },
    /// A person said no.
    Declined {
        /// The change set.
        change: String,
        /// Its digest.
        digest: String,
    },
    /// Somebody tried what policy, expiry or a difference forbids.
    Stopped {
        /// The change set.
        change: String,
        /// Its digest.
        digest: String,
        /// Why.
        reason: String,
    },
    /// The lock of an environment was taken over from a program that had ended.
    TookOver {
        /// The environment.
        environment: String,
        /// The change set it is taken for.
        change: String,
        /// Whose lock it was.
        from: String,
    },
    /// Applying begins.
    ApplyStarted {
        /// The change set.
        change: String,
        /// Its digest.
        digest: String,
        /// Who approved.
        approvers: Vec<String>,
    },
    /// A step is about to start.
    StepStarted {
        /// The change set.
        change: String,
        /// Its digest.
        digest: String,
        /// The step's number, from 1.
        step: usize,
        /// What it does.
        name: String,
    },
    /// A step ended.
    StepEnded {
        /// The change set.
        change: String,
        /// Its digest.
        digest: String,
        /// The step's number, from 1.
        step: usize,
        /// `done`, `failed` or `cancelled`.
        status: String,
        /// The program's exit status, where it had one.
        exit: Option<i32>,
        /// How long it took.
        elapsed_ms: f64,
        /// SHA-256 of its output as it was shown: without secrets.
        output: String,
    },
    /// Applying ended.
    ApplyEnded {
        /// The change set.
        change: String,
        /// Its digest.
        digest: String,
        /// `applied`, `failed` or `cancelled`.
        status: String,
        /// How long all of it took.
        elapsed_ms: f64,
    },
    /// A language model's own sentence was not shown; the computed one stands in its place.
    SentenceReplaced {
        /// Whose sentence.
        brain: String,
        /// What was wrong with it; it repeats nothing of it.
        reason: String,
    },
    /// A line was cut off by a crash, and taken out: nothing had begun on the strength of it.
    Mended {
        /// Its bytes.
        bytes: u64,
        /// SHA-256 of what was there.
        fragment: String,
    },
}

impl Event {
    /// The change set that it is about.
    pub fn change(&self) -> Option<&str> {
        match self {
            Self::Proposed { change, .. }
            | Self::Approved { change, .. }
            | Self::Declined { change, .. }
            | Self::Stopped { change, .. }
            | Self::TookOver { change, .. }
            | Self::ApplyStarted { change, .. }
            | Self::StepStarted { change, .. }
            | Self::StepEnded { change, .. }
            | Self::ApplyEnded { change, .. } => Some(change),
            // A call names the change that it shows or applies.
            Self::ToolCalled { arguments, .. } => {
                arguments.get("id").or_else(|| arguments.get("change")).and_then(Value::as_str)
            }
            Self::SentenceReplaced { .. } | Self::Mended { .. } => None,
        }
    }

    /// The tool that it is about.
    pub fn tool(&self) -> Option<&str> {
        match self {
            Self::ToolCalled { tool, .. } => Some(tool),
            Self::ApplyStarted { .. } | Self::StepStarted { .. } | Self::StepEnded { .. } | Self::ApplyEnded { .. } => {
                Some("apply_change")
            }
            _ => None,
        }
    }

    /// The event as a person reads it.
    pub fn spoken(&self) -> String {
        match self {
            Self::ToolCalled { tool, effect, arguments, status, elapsed_ms } => {
                let effect = match effect {
                    Effect::Reads => "reads",
                    Effect::Proposes => "proposes",
                    Effect::Applies => "applies",
                };
                format!("{tool} ({effect}) {status} in {elapsed_ms:.1} ms: {arguments}")
            }
            Self::Proposed { change, digest, environment, summary } => {
                format!("proposed {change} for {environment}: {summary} (digest {})", short(digest))
            }
            Self::Approved { change, digest, expires_at } => {
                format!("approved {change} (digest {}), until {}", short(digest), expires_at.format("%H:%M:%SZ"))
            }
            Self::Declined { change, digest } => format!("declined {change} (digest {})", short(digest)),
            Self::Stopped { change, reason, .. } => format!("stopped {change}: {reason}"),
            Self::TookOver { environment, change, from } => {
                format!("took the lock of {environment} over for {change} from {from}")
            }
            Self::ApplyStarted { change, digest, approvers } => {
                format!("began to apply {change} (digest {}), approved by {}", short(digest), approvers.join(" and "))
            }
            Self::StepStarted { change, step, name, .. } => format!("{change} step {step} starts: {name}"),
            Self::StepEnded { change, step, status, exit, elapsed_ms, output, .. } => {
                let exit = exit.map_or_else(String::new, |exit| format!(", exit {exit}"));
                format!("{change} step {step} {status}{exit} in {elapsed_ms:.0} ms (output {})", short(output))
            }
            Self::ApplyEnded { change, status, elapsed_ms, .. } => {
                format!("{change} {status} after {elapsed_ms:.0} ms")
            }
            Self::SentenceReplaced { brain, reason } => format!("did not show the sentence of {brain}: {reason}"),
            Self::Mended { bytes, .. } => format!("took out a line of {bytes} bytes that a crash had cut off"),
        }
    }
}

/// The beginning of a hash, for people.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
