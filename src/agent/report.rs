//! From the calls of a turn to its reply. Sentences come from typed reports; a model's own text is an answer only where
//! [`super::grounding`] finds all of it in them.

use oms_tools::orders::OrdersReport;
use oms_tools::{Failure, FailureKind, Told, ToolReport};

use super::rig_tools::Made;
use crate::reply::vocabulary::Vocabulary;
use crate::reply::{Reply, ReplyError, Status, ToolCall, sentence};

/// Tools that end a turn: what they say is the reply itself, and no call of the record.
pub(super) const SAYING: [&str; 2] = ["ask_back", "decline"];

/// A reply without rows.
pub(super) fn plain(status: Status, answer: impl Into<String>) -> Reply {
    Reply {
        status,
        answer: answer.into(),
        choices: Vec::new(),
        report: None,
        told: None,
        tool_calls: Vec::new(),
        watermark: None,
        brain: String::new(),
        confidence: 0.0,
        elapsed_ms: 0.0,
        error: None,
    }
}

/// A failure as a reply: refused by a guard, not understood, not there, or failed.
pub fn failed_reply(failure: &Failure) -> Reply {
    let status = match failure.kind {
        // What the glossary rules out is refused with its reason; a wrong name is a question back.
        FailureKind::Refused | FailureKind::Unsupported => Status::Refused,
        FailureKind::InvalidArguments => Status::Clarification,
        FailureKind::NotFound => Status::Answered,
        FailureKind::ApprovalRequired => Status::ApprovalRequired,
        FailureKind::Unavailable | FailureKind::TimedOut | FailureKind::Internal => Status::Error,
    };
    let mut reply = plain(status, failure.message.clone());
    match status {
        Status::Answered => {
            reply.confidence = 1.0;
            // An answer is a sentence; a failure's message stands after the program's name.
            reply.answer = sentence(&failure.message);
            // What is near, and what to ask next: an answer has no other place for it.
            let notes = failure.hints.clone();
            reply.told = Some(Told { notes, ..Told::new(reply.answer.clone(), serde_json::Value::Null) });
        }
        Status::Clarification => reply.choices.clone_from(&failure.hints),
        _ => {
            reply.confidence = if status == Status::Refused { 1.0 } else { 0.0 };
            reply.error = Some(ReplyError {
                kind: kind(failure.kind).to_owned(),
                message: failure.message.clone(),
                hint: failure.hints.join("\n"),
            });
        }
    }
    reply
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let begun: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    if begun.ends_with(['.', '?', '!', ':']) { begun } else { format!("{begun}.") }
}

/// The stable word of a failure's kind.
fn kind(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::InvalidArguments => "invalid_arguments",
        FailureKind::NotFound => "not_found",
        FailureKind::Refused => "refused",
        FailureKind::Unsupported => "unsupported",
        FailureKind::Unavailable => "unavailable",
        FailureKind::TimedOut => "timed_out",
        FailureKind::ApprovalRequired => "approval_required",
        FailureKind::Internal => "internal",
    }
}

/// The reply of a turn: the last thing that a tool brought, and how the loop ended.
pub(super) fn reply(made: &[Made], ended: Result<String, Failure>, vocabulary: &Vocabulary) -> Reply {
    let calls: Vec<ToolCall> =
        made.iter().map(|made| made.call.clone()).filter(|call| !SAYING.contains(&call.tool.as_str())).collect();
    // A later call's report replaces an earlier one's; a failure counts only where nothing better came.
    let best =
        made.iter().rev().find(|made| made.result.is_ok()).or_else(|| made.last()).map(|made| made.result.clone());
    let mut reply = match (best, ended) {
        (Some(Ok(report)), _) => from_report(report, vocabulary),
        (Some(Err(failure)), _) | (None, Err(failure)) => failed_reply(&failure),
        (None, Ok(text)) => unfounded(&text),
    };
    reply.tool_calls = calls;
    reply
}

/// The results of a turn that a model's sentence may speak of, the shown one last.
pub(super) fn results(made: &[Made]) -> Vec<&OrdersReport> {
    made.iter()
        .filter_map(|made| match &made.result {
            Ok(ToolReport::Orders(report)) => Some(report.as_ref()),
            _ => None,
        })
        .collect()
}

pub(super) fn from_report(report: ToolReport, vocabulary: &Vocabulary) -> Reply {
    match report {
        ToolReport::Orders(report) => {
            let mut reply = plain(Status::Answered, sentence::say(&report, vocabulary));
            reply.report = Some(*report);
            reply
        }
        ToolReport::Description(description) => plain(Status::Answered, description.to_string()),
        ToolReport::Told(told) => {
            let status = if told.change.is_some() { Status::ApprovalRequired } else { Status::Answered };
            let mut reply = plain(status, told.answer.clone());
            reply.confidence = 1.0;
            reply.told = Some(*told);
            reply
        }
        ToolReport::AskedBack(question) => {
            let mut reply = plain(Status::Clarification, question.message);
            reply.choices = question.choices;
            reply
        }
        ToolReport::Declined(refusal) => {
            let mut reply = plain(Status::Refused, refusal.reason.clone());
            reply.error = Some(ReplyError { kind: "refused".to_owned(), message: refusal.reason, hint: String::new() });
            reply
        }
    }
}

/// A model's text with no tool behind it: a figure in it would have no ground, so only words are passed on.
fn unfounded(text: &str) -> Reply {
    if text.trim().is_empty() || text.chars().any(char::is_numeric) {
        return plain(
            Status::Clarification,
            "the model answered without looking at the data, so its answer is not shown; please ask in other words",
        );
    }
    plain(Status::Clarification, text.trim())
}
