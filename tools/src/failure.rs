//! Why a tool could not do what was asked: kind, cause and hints apart.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of a failure; the word that machines see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The arguments name or combine something that cannot be.
    InvalidArguments,
    /// What the arguments name does not exist.
    NotFound,
    /// A guard, a grant or a policy says no.
    Refused,
    /// A change waits for an approval that was not given.
    ApprovalRequired,
    /// The request is understood but cannot be expressed.
    Unsupported,
    /// A server or a file cannot be reached.
    Unavailable,
    /// The time limit ended it.
    TimedOut,
    /// A defect of ours.
    Internal,
}

/// A failure as a sentence with its hints: lower-case start, no blame, no secrets, no debug output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The kind.
    pub kind: FailureKind,
    /// What could not be done, the name in backticks: the cause.
    pub message: String,
    /// What to do next, one command or setting each.
    pub hints: Vec<String>,
}

impl Failure {
    /// A failure without hints.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hints: Vec::new() }
    }

    /// The same with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Refused by a guard.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Refused, message)
    }

    /// Arguments that cannot be.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(FailureKind::InvalidArguments, message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)?;
        for hint in &self.hints {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
