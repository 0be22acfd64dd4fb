//! `list_changes` and `show_change`: what was proposed, decided and applied.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Changes, said};
use crate::{CallScope, Effect, Failure, Told, Tool};

/// What `list_changes` takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListChangesArguments {}

/// What `show_change` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowChangeArguments {
    /// The change set's id: `c` and eight hexadecimal digits.
    pub id: String,
}

/// The tool that lists.
#[derive(Clone, Debug)]
pub struct ListChanges(Arc<Changes>);

/// The tool that shows one.
#[derive(Clone, Debug)]
pub struct ShowChange(Arc<Changes>);

impl ListChanges {
    /// The tool over these change sets.
    pub fn new(changes: Arc<Changes>) -> Self {
        Self(changes)
    }
}

impl ShowChange {
    /// The tool over these change sets.
    pub fn new(changes: Arc<Changes>) -> Self {
        Self(changes)
    }
}

impl Tool for ListChanges {
    const NAME: &'static str = "list_changes";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = ListChangesArguments;
    type Report = Told;

    fn description(&self) -> String {
        "Lists the change sets, newest first: what waits for approval, what was applied, declined or stopped."
            .to_owned()
    }

    async fn call(&self, _scope: &CallScope, _arguments: Self::Arguments) -> Result<Told, Failure> {
        Ok(said::list(&self.0.list()?))
    }
}

impl Tool for ShowChange {
    const NAME: &'static str = "show_change";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = ShowChangeArguments;
    type Report = Told;

    fn description(&self) -> String {
        "Shows one change set: what runs, what it reaches, how it stands, and what can be done next.".to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: Self::Arguments) -> Result<Told, Failure> {
        let mut told = said::standing(&self.0.show(&arguments.id)?);
        // Shown is not proposed: what a person decides next must have been proposed, or asked for by that person.
        told.change = None;
        Ok(told)
    }
}
