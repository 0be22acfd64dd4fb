//! The one place that sees every tool call before and after it: policy, audit and approval stand here.

use std::sync::{Mutex, PoisonError};

use oms_tools::{Effect, Failure, Principal};
use serde_json::Value;

/// What a call comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A brain, whatever it read.
    Brain,
    /// A language model that may not propose changes.
    Unlicensed,
    /// A person's own message.
    Person,
    /// A program's call for what people approve outside of it; whether they have is looked at before anything runs.
    Approved,
}

/// A call as it is about to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// On whose behalf.
    pub principal: Principal,
    /// What it comes from.
    pub by: By,
    /// The tool's name.
    pub tool: String,
    /// The tool's declared effect.
    pub effect: Effect,
    /// Its arguments.
    pub arguments: Value,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// `ok`, `error`, `refused` or `cancelled`.
    pub status: &'static str,
    /// Milliseconds.
    pub elapsed_ms: f64,
}

/// Sees calls; may refuse them before they are made.
type Watcher = Box<dyn Fn(&Call, Option<&Outcome>) -> Result<(), Failure> + Send + Sync>;

/// The gate that every brain's calls pass.
#[derive(Default)]
pub struct Gate {
    watchers: Mutex<Vec<Watcher>>,
}

impl Gate {
    /// Adds a watcher. It is asked with no outcome before a call, where an error refuses the call, and told the outcome
    /// after it.
    pub fn watch(&self, watcher: impl Fn(&Call, Option<&Outcome>) -> Result<(), Failure> + Send + Sync + 'static) {
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(watcher));
    }

    /// Before a call. A tool that would change something is refused to every brain, whatever was approved: when something
    /// is applied is for a person to say.
    pub(super) fn before(&self, call: &Call) -> Result<(), Failure> {
        if call.by == By::Unlicensed && call.effect != Effect::Reads {
            return Err(Failure::refused(format!(
                "refused to call `{}`: this language model may not propose changes",
                call.tool
            ))
            .hint("`oms doctor --brain PROVIDER:MODEL` examines it"));
        }
        if call.effect == Effect::Applies && call.by == By::Brain {
            return Err(Failure::refused(format!(
                "refused to call `{}`: only a person's own message applies",
                call.tool
            ))
            .hint("propose the change; the person's next message decides"));
        }
        let watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        watchers.iter().try_for_each(|watcher| watcher(call, None))
    }

    /// After a call.
    pub(super) fn after(&self, call: &Call, outcome: &Outcome) {
        tracing::info!(
            tool = call.tool,
            effect = ?call.effect,
            principal = call.principal.name,
            status = outcome.status,
            elapsed_ms = outcome.elapsed_ms,
            "tool call"
        );
        let watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        for watcher in watchers.iter() {
            if let Err(failure) = watcher(call, Some(outcome)) {
                tracing::warn!(tool = call.tool, %failure, "a watcher failed after a call");
            }
        }
    }
}
