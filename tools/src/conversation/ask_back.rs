//! `ask_back`: the question is not understood, or in several ways.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{CallScope, Effect, Failure, Tool};

/// What `ask_back` takes, and what it returns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskBackArguments {
    /// The question back, one sentence: names the word that is not understood. No figures.
    pub message: String,
    /// What the question could mean, in plain words, one reading each.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// The tool.
#[derive(Clone, Copy, Debug)]
pub struct AskBack;

impl Tool for AskBack {
    const NAME: &'static str = "ask_back";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = AskBackArguments;
    type Report = AskBackArguments;

    fn description(&self) -> String {
        "Asks the person back when the question is unclear or can be read in several ways. Ends the turn.".to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: Self::Arguments) -> Result<Self::Report, Failure> {
        if arguments.message.trim().is_empty() {
            return Err(Failure::invalid("cannot ask back with an empty `message`").hint("say what is unclear"));
        }
        Ok(arguments)
    }
}
