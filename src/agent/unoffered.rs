//! Calls of tools that a language model was not offered: refused, on record, and told to it, so that it can say so.

use std::sync::Arc;
use std::time::Instant;

use oms_tools::{CallScope, Failure, FailureKind, Principal};
use rig_agent::agent::{AgentHook, HookContext, InvalidToolCallAction, InvalidToolCallContext, InvalidToolCallReason};
use serde_json::Value;

use super::Agent;
use super::gate::{By, Call, Gate, Outcome};
use super::rig_tools::{Made, Record};
use crate::licence::Withheld;
use crate::reply::ToolCall;

/// Sees the calls that rig cannot dispatch.
pub(super) struct Unoffered {
    withheld: Option<Withheld>,
    /// Every tool that there is, with its effect.
    tools: Vec<(&'static str, oms_tools::Effect)>,
    gate: Arc<Gate>,
    principal: Principal,
    record: Arc<Record>,
}

impl Unoffered {
    pub(super) fn new(agent: &Agent, withheld: Option<Withheld>, scope: &CallScope, record: &Arc<Record>) -> Self {
        Self {
            withheld,
            tools: agent.tools.iter().map(|tool| (tool.name(), tool.effect())).collect(),
            gate: agent.gate.clone(),
            principal: scope.principal.clone(),
            record: record.clone(),
        }
    }

    /// The failure of a call of this name.
    fn refuse(&self, name: &str, arguments: Value, offered: &[String]) -> Failure {
        let started = Instant::now();
        let known = self.tools.iter().find(|(tool, effect)| *tool == name && *effect != oms_tools::Effect::Reads);
        let (failure, status) = if let (Some((tool, effect)), Some(withheld)) = (known, &self.withheld) {
            let call = Call {
                principal: self.principal.clone(),
                by: By::Unlicensed,
                tool: (*tool).to_owned(),
                effect: *effect,
                arguments: arguments.clone(),
            };
            // The gate holds by itself: what it lets through is refused here all the same, for it was not offered.
            let failure = match self.gate.before(&call) {
                Err(failure) if failure.kind != FailureKind::Refused => failure,
                _ => withheld.refusal(tool),
            };
            let elapsed_ms = started.elapsed().as_secs_f64() * 1000.0;
            self.gate.after(&call, &Outcome { status: "refused", elapsed_ms });
            (failure, "refused")
        } else {
            let near = offered.iter().map(|tool| (strsim::damerau_levenshtein(tool, name), tool)).min();
            let failure = Failure::invalid(format!("no tool named `{}`", short(name)));
            let failure = match near {
                Some((distance, near)) if distance <= 3 => failure.hint(format!("did you mean `{near}`?")),
                _ => failure.hint(format!("tools are {}", offered.join(", "))),
            };
            (failure, "error")
        };
        let call = ToolCall { tool: short(name), arguments, status: status.to_owned(), elapsed_ms: 0.0 };
        self.record.push(Made { call, result: Err(failure.clone()) });
        failure
    }
}

/// A model's own word for a tool, not longer than a name.
fn short(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(60).collect()
}

impl AgentHook for Unoffered {
    async fn on_invalid_tool_call(
        &self,
        _: &HookContext,
        event: &InvalidToolCallContext,
    ) -> Option<InvalidToolCallAction> {
        match event.reason {
            InvalidToolCallReason::UnknownTool | InvalidToolCallReason::DisallowedByToolChoice => {
                let arguments = event.args.as_deref().and_then(|text| serde_json::from_str(text).ok());
                let failure = self.refuse(&event.tool_name, arguments.unwrap_or_default(), &event.available_tools);
                Some(InvalidToolCallAction::Skip { reason: failure.to_string() })
            }
            // Rig answers arguments that are no JSON with what is wrong with them.
            _ => None,
        }
    }
}
