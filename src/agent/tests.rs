//! From the calls of a turn to its reply, and what the gate lets through.

use std::sync::{Arc, Mutex};

use oms_tools::conversation::{AskBackArguments, DeclineArguments};
use oms_tools::{Effect, Failure, FailureKind, Principal, ToolReport};
use serde_json::json;

use super::gate::{By, Call, Gate, Outcome};
use super::report::{failed_reply, reply};
use super::rig_tools::Made;
use crate::reply::tests::fixture::{revenue_by_country, vocabulary};
use crate::reply::{Reply, Status, ToolCall};

fn made(tool: &str, result: Result<ToolReport, Failure>) -> Made {
    let status = if result.is_ok() { "ok" } else { "error" };
    Made { call: ToolCall { tool: tool.into(), arguments: json!({}), status: status.into(), elapsed_ms: 1.0 }, result }
}

fn rows() -> Made {
    made("query_orders", Ok(revenue_by_country().into()))
}

fn of(calls: &[Made], said: &str) -> Reply {
    reply(calls, Ok(said.to_owned()), &vocabulary())
}

#[test]
fn the_sentence_is_computed_and_a_model_s_text_is_not_the_answer() {
    let reply = of(&[rows()], "Revenue was 9,999,999 EUR.");
    assert_eq!(reply.status, Status::Answered);
    assert!(!reply.answer.contains("9,999,999") && reply.answer.contains("201,268.55"), "{}", reply.answer);
}

#[test]
fn words_without_a_tool_are_a_question_back_and_figures_are_not_said() {
    assert_eq!(of(&[], "Which month do you mean?").answer, "Which month do you mean?");
    for text in ["It was 12 orders.", "", "  ", "Revenue: ١٢"] {
        let reply = of(&[], text);
        assert_eq!(reply.status, Status::Clarification, "{text}");
        assert!(reply.answer.contains("is not shown"), "{text}");
    }
}

#[test]
fn a_later_report_replaces_an_earlier_failure_and_not_the_other_way_round() {
    let failed = || made("query_orders", Err(Failure::invalid("no measure named `revnue`")));
    assert_eq!(of(&[failed(), rows()], "done").status, Status::Answered);
    assert_eq!(of(&[rows(), failed()], "done").status, Status::Answered);
    assert_eq!(of(&[failed()], "done").status, Status::Clarification);
    assert_eq!(of(&[failed(), rows()], "done").tool_calls.len(), 2);
}

#[test]
fn saying_tools_end_the_turn_and_are_no_calls_of_the_record() {
    let question = AskBackArguments { message: "Which city?".into(), choices: vec!["a".into(), "b".into()] };
    let asked = of(&[made("ask_back", Ok(question.into()))], "done");
    assert_eq!((asked.status, asked.choices.len(), asked.tool_calls.len()), (Status::Clarification, 2, 0));
    let refusal = DeclineArguments { reason: "orders are not changed from here".into() };
    let declined = of(&[made("decline", Ok(refusal.into()))], "done");
    assert_eq!((declined.status, declined.tool_calls.len()), (Status::Refused, 0));
    assert_eq!(declined.error.unwrap().kind, "refused");
}

#[test]
fn failures_have_their_status_and_exit_code() {
    for (kind, status, code) in [
        (FailureKind::Refused, Status::Refused, 4),
        (FailureKind::Unsupported, Status::Refused, 4),
        (FailureKind::InvalidArguments, Status::Clarification, 3),
        (FailureKind::NotFound, Status::Answered, 0),
        (FailureKind::Unavailable, Status::Error, 1),
        (FailureKind::TimedOut, Status::Error, 1),
        (FailureKind::Internal, Status::Error, 1),
        (FailureKind::ApprovalRequired, Status::ApprovalRequired, 5),
    ] {
        let reply = failed_reply(&Failure::new(kind, "x").hint("y"));
        assert_eq!((reply.status, reply.exit_code()), (status, code), "{kind:?}");
    }
}

fn call(effect: Effect) -> Call {
    Call {
        principal: Principal { name: "ana".into() },
        by: By::Brain,
        tool: "apply_change".into(),
        effect,
        arguments: json!({"id": "x"}),
    }
}

#[test]
fn nothing_is_applied_by_a_brain() {
    let gate = Gate::default();
    assert!(gate.before(&call(Effect::Reads)).is_ok());
    assert!(gate.before(&call(Effect::Proposes)).is_ok());
    assert_eq!(gate.before(&call(Effect::Applies)).unwrap_err().kind, FailureKind::Refused);
    assert!(gate.before(&Call { by: By::Person, ..call(Effect::Applies) }).is_ok());
}

#[test]
fn a_watcher_sees_every_call_before_and_after_and_can_refuse_it() {
    let gate = Gate::default();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = seen.clone();
    gate.watch(move |call, outcome| {
        kept.lock().unwrap().push((call.principal.name.clone(), call.effect, outcome.map(|outcome| outcome.status)));
        if outcome.is_none() && call.effect == Effect::Proposes { Err(Failure::refused("not now")) } else { Ok(()) }
    });
    assert!(gate.before(&call(Effect::Reads)).is_ok());
    gate.after(&call(Effect::Reads), &Outcome { status: "ok", elapsed_ms: 1.0 });
    assert!(gate.before(&call(Effect::Proposes)).is_err());
    let ana = || "ana".to_owned();
    assert_eq!(
        *seen.lock().unwrap(),
        [(ana(), Effect::Reads, None), (ana(), Effect::Reads, Some("ok")), (ana(), Effect::Proposes, None)]
    );
}
