//! How far a change set has come: written before a step starts and after it ends, so that a crash leaves the truth.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What became of a change set; the state file's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for people.
    Proposed,
    /// Somebody said no.
    Declined,
    /// A program applies it, or did when it ended.
    Applying,
    /// All steps and checks are done.
    Applied,
    /// A step or a check failed.
    Failed,
    /// A person stopped it.
    Cancelled,
}

/// How far a step has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// Not begun.
    #[default]
    Waiting,
    /// Begun; not known to have ended.
    Started,
    /// Ended well.
    Done,
    /// Ended badly.
    Failed,
    /// Stopped by a person.
    Cancelled,
}

/// One step's state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepState {
    /// How far it has come.
    pub status: StepStatus,
    /// The program's exit status.
    pub exit: Option<i32>,
    /// How long it took.
    pub elapsed_ms: Option<f64>,
    /// The end of what it printed, without secrets.
    pub said: Option<String>,
}

/// A change set's state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The digest that it was stored with.
    pub digest: String,
    /// What became of it.
    pub status: Status,
    /// Its steps, in order.
    pub steps: Vec<StepState>,
    /// Who applied it last, or declined it.
    pub by: Option<String>,
    /// When this was written.
    pub at: DateTime<Utc>,
    /// Why it failed.
    pub reason: Option<String>,
    /// Which approvals were used up: names of their files.
    pub used: Vec<String>,
}

/// The status as a person is told it: what the file says, held against the clock and the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Waits for people.
    Waiting,
    /// Nobody approved in time.
    Expired,
    /// Somebody said no.
    Declined,
    /// A program is applying it now.
    Applying,
    /// The program that applied it ended in the middle.
    Interrupted,
    /// Done.
    Applied,
    /// A step or a check failed.
    Failed,
    /// A person stopped it.
    Cancelled,
}

impl Standing {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waits for approval",
            Self::Expired => "expired",
            Self::Declined => "declined",
            Self::Applying => "is being applied",
            Self::Interrupted => "interrupted",
            Self::Applied => "applied",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it can be begun, or gone on with where it stopped.
    pub(super) fn can_run(self) -> bool {
        matches!(self, Self::Waiting | Self::Interrupted | Self::Failed | Self::Cancelled)
    }
}

impl State {
    /// A change set that was just proposed.
    pub(super) fn proposed(digest: String, steps: usize, at: DateTime<Utc>) -> Self {
        Self {
            digest,
            status: Status::Proposed,
            steps: vec![StepState::default(); steps],
            by: None,
            at,
            reason: None,
            used: Vec::new(),
        }
    }

    /// Whether some step began.
    pub fn began(&self) -> bool {
        self.steps.iter().any(|step| step.status != StepStatus::Waiting)
    }
}
