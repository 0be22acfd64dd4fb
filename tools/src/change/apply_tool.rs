//! `apply_change`: the only tool that changes the world.
//!
//! It is in the list so that people see it there. The gate refuses it to every brain; a person's own message applies.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Changes, Watching, said};
use crate::{CallScope, Effect, Failure, Told, Tool};

/// What it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyChangeArguments {
    /// The change set's id.
    pub id: String,
}

/// The tool.
#[derive(Clone, Debug)]
pub struct ApplyChange(Arc<Changes>);

impl ApplyChange {
    /// The tool over these change sets.
    pub fn new(changes: Arc<Changes>) -> Self {
        Self(changes)
    }
}

impl Tool for ApplyChange {
    const NAME: &'static str = "apply_change";
    const EFFECT: Effect = Effect::Applies;
    type Arguments = ApplyChangeArguments;
    type Report = Told;

    fn description(&self) -> String {
        "Applies a change set that people have approved. Not to be called: a person's own message does it.".to_owned()
    }

    async fn call(&self, scope: &CallScope, arguments: Self::Arguments) -> Result<Told, Failure> {
        let shown = self.0.apply(&scope.principal, &arguments.id, false, &Watching::default()).await?;
        Ok(said::applied(&shown))
    }
}
