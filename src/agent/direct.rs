//! Calls that a program makes itself, through MCP: the same tools, past the same gate, into the same record.

use oms_tools::{CallScope, ErasedTool, Failure, Principal, ToolReport};
use serde_json::Value;

use super::Agent;
use super::report::SAYING;
use super::rig_tools::{checked, for_model};

/// What a direct call brought.
#[derive(Clone, Debug)]
pub struct Brought {
    /// The typed report.
    pub report: ToolReport,
    /// The same as bounded text for a model.
    pub text: String,
}

impl Agent {
    /// The tools that a program may call: all but those that only talk to a person.
    pub fn callable(&self) -> impl Iterator<Item = &dyn ErasedTool> {
        self.tools().iter().map(AsRef::as_ref).filter(|tool| !SAYING.contains(&tool.name()))
    }

    /// Calls a tool on behalf of a principal. Fails as the tool does, or where the gate refuses.
    pub async fn call(&self, principal: &Principal, name: &str, arguments: Value) -> Result<Brought, Failure> {
        let Some(tool) = self.callable().find(|tool| tool.name() == name) else {
            let names: Vec<&str> = self.callable().map(ErasedTool::name).collect();
            return Err(
                Failure::invalid(format!("no tool named `{name}`")).hint(format!("tools are {}", names.join(", ")))
            );
        };
        let scope = CallScope { principal: principal.clone(), now: self.now() };
        let made = checked(tool, &scope, &self.gate, arguments).await;
        made.result.map(|report| Brought { text: for_model(&report), report })
    }
}
