//! `propose_change` and `preview_change`: a runbook becomes one change set, or is only looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Changes, runbooks, said};
use crate::process::Watch;
use crate::{CallScope, Effect, Failure, Told, Tool};

/// What the two tools take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeChangeArguments {
    /// The runbook's name, one of those that the description lists.
    pub runbook: String,
    /// The environment's name; absent: the configured default.
    #[serde(default)]
    pub environment: Option<String>,
    /// What the runbook takes, by name, as texts: {"units": "10"}. Leave out what the person did not say: it is asked for.
    #[serde(default)]
    pub arguments: BTreeMap<String, String>,
}

/// The tool that proposes.
#[derive(Clone, Debug)]
pub struct ProposeChange(Arc<Changes>);

/// The tool that only looks.
#[derive(Clone, Debug)]
pub struct PreviewChange(Arc<Changes>);

impl ProposeChange {
    /// The tool over these change sets.
    pub fn new(changes: Arc<Changes>) -> Self {
        Self(changes)
    }
}

impl PreviewChange {
    /// The tool over these change sets.
    pub fn new(changes: Arc<Changes>) -> Self {
        Self(changes)
    }
}

/// The runbooks with what they take, for a model.
fn catalogue() -> String {
    let listed = runbooks().unwrap_or_default().iter().map(|runbook| {
        let takes: Vec<&str> = runbook.arguments.iter().map(|argument| argument.name.as_str()).collect();
        let takes = if takes.is_empty() { String::new() } else { format!(" ({})", takes.join(", ")) };
        format!("{}{takes}: {}", runbook.runbook, runbook.title)
    });
    listed.collect::<Vec<_>>().join("; ")
}

impl Tool for ProposeChange {
    const NAME: &'static str = "propose_change";
    const EFFECT: Effect = Effect::Proposes;
    type Arguments = ProposeChangeArguments;
    type Report = Told;

    fn description(&self) -> String {
        format!(
            "Plans a change of what is deployed and proposes it; changes nothing. Only a person's next message can approve. \
             Runbooks: {}.",
            catalogue()
        )
    }

    async fn call(&self, scope: &CallScope, arguments: Self::Arguments) -> Result<Told, Failure> {
        let planned = self.0.plan(&scope.principal, &arguments, &Watch::default()).await?;
        if planned.steps.is_empty() {
            return Ok(nothing(&planned.summary, &planned.notes));
        }
        Ok(said::proposal(&self.0.add(planned)?))
    }
}

impl Tool for PreviewChange {
    const NAME: &'static str = "preview_change";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = ProposeChangeArguments;
    type Report = Told;

    fn description(&self) -> String {
        "Tells what a runbook would change, by the same plans as propose_change, and proposes nothing. For questions such as \
         \"what would a deploy change?\"."
            .to_owned()
    }

    async fn call(&self, scope: &CallScope, arguments: Self::Arguments) -> Result<Told, Failure> {
        let planned = self.0.plan(&scope.principal, &arguments, &Watch::default()).await?;
        if planned.steps.is_empty() {
            return Ok(nothing(&planned.summary, &planned.notes));
        }
        Ok(said::preview(&planned))
    }
}

fn nothing(summary: &str, notes: &[String]) -> Told {
    let text = format!("Nothing would change: to {summary}, everything is already as it should be.\n");
    let text = text + &said::noted(notes);
    Told::new(text.trim_end(), serde_json::json!({ "changes": 0 }))
}
