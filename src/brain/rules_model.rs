//! The rules brain as a model of rig's agent loop: understands the turn's sentence, calls one tool, and is done.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDateTime;
use oms_tools::orders::semantic::SemanticQuery;
use rig_core::DynModel;
use rig_core::completion::CompletionRequest;
use rig_core::message::{Message, UserContent};
use rig_core::operation::Completion;
use serde_json::json;

use super::in_process::{InProcess, Step, model};
use super::operations;
use super::rules::{Rules, Understanding};

/// What one turn knows besides its sentence.
#[derive(Debug)]
pub(crate) struct RulesTurn {
    /// The question's "now".
    pub(crate) now: NaiveDateTime,
    /// The conversation's last query, which fragments edit.
    pub(crate) frame: Option<SemanticQuery>,
    /// A reading that the person chose from those offered before; decides the turn.
    pub(crate) chosen: Option<SemanticQuery>,
    /// What the embedded model understood; then the rules are not asked.
    pub(crate) decided: Option<Understanding>,
    /// The names of the tools that this turn has.
    pub(crate) tools: Vec<&'static str>,
    /// What the rules thought of it.
    pub(crate) verdict: Mutex<Verdict>,
}

impl RulesTurn {
    /// Whether a call goes to a tool that this turn has.
    fn offers(&self, understanding: &Understanding) -> bool {
        !matches!(understanding, Understanding::Call { tool, .. } if !self.tools.contains(&tool.as_str()))
    }
}

/// What a call's arguments cannot carry.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Verdict {
    /// 0.0 to 1.0.
    pub(crate) confidence: f64,
    /// What the person should be told: "read `chanel` as channel".
    pub(crate) notes: Vec<String>,
    /// The readings behind the choices of a question back.
    pub(crate) readings: Vec<SemanticQuery>,
}

/// The rules as a model, for one turn.
pub(crate) fn rules_model(rules: Arc<Rules>, turn: Arc<RulesTurn>) -> DynModel<Completion> {
    model(RulesBrain { rules, turn })
}

#[derive(Clone)]
struct RulesBrain {
    rules: Arc<Rules>,
    turn: Arc<RulesTurn>,
}

impl InProcess for RulesBrain {
    const NAME: &'static str = "rules";

    fn next(&self, request: &CompletionRequest) -> Step {
        let Some(text) = prompt(request) else {
            // The tool has answered: the sentence is computed from its report.
            return Step::Say("done".to_owned());
        };
        let _span = tracing::info_span!("brain", name = Self::NAME).entered();
        let understanding = match (&self.turn.decided, &self.turn.chosen) {
            (Some(decided), _) => decided.clone(),
            (None, Some(query)) => {
                Understanding::Query { query: Box::new(query.clone()), confidence: 1.0, notes: Vec::new() }
            }
            (None, None) => operations::understand(&text, self.turn.now)
                .filter(|understanding| self.turn.offers(understanding))
                .unwrap_or_else(|| self.rules.understand(&text, self.turn.now, self.turn.frame.as_ref())),
        };
        let mut verdict = self.turn.verdict.lock().unwrap_or_else(PoisonError::into_inner);
        let call = |tool: &str, arguments| Step::Call { tool: tool.to_owned(), arguments };
        match understanding {
            Understanding::Query { query, confidence, notes } => {
                *verdict = Verdict { confidence, notes, readings: Vec::new() };
                call("query_orders", serde_json::to_value(query).unwrap_or_default())
            }
            Understanding::Call { tool, arguments, confidence, notes } => {
                *verdict = Verdict { confidence, notes, readings: Vec::new() };
                call(&tool, arguments)
            }
            Understanding::Select { sql } => {
                verdict.confidence = 1.0;
                call("select_orders", json!({ "sql": sql }))
            }
            Understanding::Describe { topic } => {
                verdict.confidence = 1.0;
                call("describe_orders", json!({ "topic": topic }))
            }
            Understanding::Refuse { reason } => {
                verdict.confidence = 1.0;
                call("decline", json!({ "reason": reason }))
            }
            Understanding::AskBack { message, choices, readings } => {
                verdict.readings = readings;
                call("ask_back", json!({ "message": message, "choices": choices }))
            }
        }
    }
}

/// The person's sentence; `None` where the last message is a tool's result.
fn prompt(request: &CompletionRequest) -> Option<String> {
    let Some(Message::User { content }) = request.chat_history.last() else { return None };
    let texts: Vec<&str> = content
        .iter()
        .map(|part| match part {
            UserContent::Text(text) => Some(text.text.as_str()),
            _ => None,
        })
        .collect::<Option<_>>()?;
    Some(texts.join("\n"))
}
