//! Suites about operating something run on a stage: a stand-in deployment of the runner's own, so that an eval never touches
//! what is really deployed, and so that what must happen in between can happen.

use serde::Deserialize;

/// What a suite's questions are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The programs of `evals/fixtures/deployment/`, new for each case and each conversation; a person is at the front end.
    Deployment,
}

/// What happens on the stage before a sentence is said.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// A file that the last proposal was made from is edited.
    FileChanges,
    /// Another person approves what was proposed last, with the environment's name typed.
    Approves(String),
    /// The program of this name fails, the next time that it changes something.
    Fails(String),
    /// What was proposed last is approved and applied elsewhere, and that `oms` is killed.
    Crash(Crash),
}

/// When `oms` is killed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crash {
    /// While this program runs: `terraform`, `ansible`.
    pub program: String,
    /// Before or after it has changed something.
    pub moment: Moment,
}

/// A moment of a program's run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Before it has changed anything.
    First,
    /// After it has.
    Last,
}
