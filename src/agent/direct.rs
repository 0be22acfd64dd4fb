//! Calls that a program makes itself, through MCP: the same tools, past the same gate, into the same record.

use std::time::Instant;

use oms_tools::change::ApplyChangeArguments;
use oms_tools::orders::DescribeOrders;
use oms_tools::{CallScope, Effect, ErasedTool, Failure, FailureKind, Principal, ToolReport};
use serde_json::{Value, json};

use super::Agent;
use super::gate::{By, Call, Outcome};
use super::report::{self, SAYING};
use super::rig_tools::{checked, for_model};
use crate::reply::Reply;

/// What a direct call brought.
#[derive(Clone, Debug)]
pub struct Brought {
    /// The typed report.
    pub report: ToolReport,
    /// The same as bounded text for a model.
    pub text: String,
}

impl From<ToolReport> for Brought {
    fn from(report: ToolReport) -> Self {
        Self { text: for_model(&report), report }
    }
}

impl Agent {
    /// The tools that a program may call: all but those that only talk to a person.
    pub fn callable(&self) -> impl Iterator<Item = &dyn ErasedTool> {
        self.tools().iter().map(AsRef::as_ref).filter(|tool| !SAYING.contains(&tool.name()))
    }

    /// Calls a tool on behalf of a principal. Fails as the tool does, or where the gate refuses: what applies goes through
    /// [`Agent::applying`].
    pub async fn call(&self, principal: &Principal, name: &str, arguments: Value) -> Result<Brought, Failure> {
        let Some(tool) = self.callable().find(|tool| tool.name() == name) else {
            let names: Vec<&str> = self.callable().map(ErasedTool::name).collect();
            return Err(
                Failure::invalid(format!("no tool named `{name}`")).hint(format!("tools are {}", names.join(", ")))
            );
        };
        let scope = CallScope { principal: principal.clone(), now: self.now() };
        checked(tool, &scope, &self.gate, arguments).await.result.map(Brought::from)
    }

    /// What a direct call brought, as a reply.
    pub fn replied(&self, brought: Brought) -> Reply {
        report::from_report(brought.report, &self.vocabulary)
    }

    /// Makes a call of the one tool that applies: `work` is all of it, from the look at the approvals to the last step. The
    /// gate sees it before and after.
    pub async fn applying<T>(
        &self,
        principal: &Principal,
        arguments: &ApplyChangeArguments,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let call = Call {
            principal: principal.clone(),
            by: By::Approved,
            tool: "apply_change".to_owned(),
            effect: Effect::Applies,
            arguments: json!(arguments),
        };
        let started = Instant::now();
        let result = match self.gate.before(&call) {
            Ok(()) => work.await,
            Err(failure) => Err(failure),
        };
        let status = match &result {
            Ok(_) => "ok",
            Err(failure) if matches!(failure.kind, FailureKind::Refused | FailureKind::ApprovalRequired) => "refused",
            Err(_) => "error",
        };
        self.gate.after(&call, &Outcome { status, elapsed_ms: started.elapsed().as_secs_f64() * 1000.0 });
        result
    }

    /// The refusal of a call that a program's settings do not give to this person; on record as one.
    pub fn refused(&self, principal: &Principal, tool: &str, effect: Effect, arguments: Value) -> Failure {
        let call = Call { principal: principal.clone(), by: By::Approved, tool: tool.to_owned(), effect, arguments };
        self.gate.after(&call, &Outcome { status: "refused", elapsed_ms: 0.0 });
        Failure::refused(format!("refused: `{}` may only look here, and `{tool}` does more", principal.name))
            .hint(format!("an administrator gives `{}` other rights: `mcp.tokens` in oms.toml", principal.name))
    }

    /// What can say what the data means.
    pub fn describing(&self) -> DescribeOrders {
        DescribeOrders::new(self.model.clone(), self.values.clone(), self.database.personal().clone())
    }
}
