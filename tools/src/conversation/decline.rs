//! `decline`: what is asked must not or cannot be done.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{CallScope, Effect, Failure, Tool};

/// What `decline` takes, and what it returns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineArguments {
    /// Why, one sentence: "orders are not changed from here". No figures.
    pub reason: String,
}

/// The tool.
#[derive(Clone, Copy, Debug)]
pub struct Decline;

impl Tool for Decline {
    const NAME: &'static str = "decline";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = DeclineArguments;
    type Report = DeclineArguments;

    fn description(&self) -> String {
        "Declines what must not be done, such as changing data, with the reason. Ends the turn.".to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: Self::Arguments) -> Result<Self::Report, Failure> {
        if arguments.reason.trim().is_empty() {
            return Err(Failure::invalid("cannot decline without a `reason`").hint("say why"));
        }
        Ok(arguments)
    }
}
