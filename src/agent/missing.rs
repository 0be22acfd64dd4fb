//! An order that is in no row: where it is instead. An order that was accepted is somewhere on its way, so a shop with a
//! stream is asked for that way at once, within a limit; a shop without one has the database's word alone.

use std::time::Duration;

use oms_tools::{CallScope, Principal, Told, ToolReport};
use serde_json::json;

use super::Agent;
use super::rig_tools::{Made, checked};
use crate::reply::{Reply, Status};

/// How long the way may take: the hub's own limit and a moment more, so that a silent hub is told by the tool.
const PATIENCE: Duration = Duration::from_secs(9);

/// Adds an order's way to the reply that there is no such order, where there is a stream.
pub(super) async fn trace(agent: &Agent, principal: &Principal, reply: &mut Reply) {
    let Some(number) = missing(reply) else { return };
    let tool = agent.tools.iter().find(|tool| tool.name() == "trace_order");
    let Some(tool) = tool.filter(|_| agent.freshness.has_stream()) else { return };
    let scope = CallScope { principal: principal.clone(), now: agent.now() };
    let call = checked(tool.as_ref(), &scope, &agent.gate, json!({ "order": number }));
    let made = tokio::time::timeout(PATIENCE, call).await.ok();
    add(reply, &number, made);
}

/// The number of the order that the reply says is not there.
fn missing(reply: &Reply) -> Option<String> {
    let call = reply.tool_calls.last().filter(|call| call.tool == "query_orders" && call.status == "error")?;
    // Only what is not there is a failure and an answer.
    let is_one = reply.status == Status::Answered && reply.report.is_none();
    let number = call.arguments.get("order_number").filter(|_| is_one)?.as_str()?.trim();
    let digits = number.strip_prefix("ORD-")?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.to_owned())
}

/// Puts what the trace found behind what the database said; `None`: it took too long.
fn add(reply: &mut Reply, number: &str, made: Option<Made>) {
    let unknown = |cause: &str| format!("where it is on its way is not known: {cause}; `trace {number}` asks again");
    let told = match made {
        None => Err(unknown("the pipeline has not answered in time")),
        Some(Made { call, result }) => {
            reply.tool_calls.push(call);
            match result {
                Ok(ToolReport::Told(told)) => Ok(*told),
                Ok(_) => Err(unknown("its trace told nothing")),
                Err(failure) => Err(unknown(&failure.message)),
            }
        }
    };
    match told {
        Ok(told) => {
            let said = reply.answer.trim_end_matches('.');
            reply.answer = format!("{said} in the database. {}", told.answer);
            // The trace names the neighbours itself, and has nothing to offer but itself.
            reply.told = Some(told);
        }
        Err(note) => {
            let told = reply.told.get_or_insert_with(|| Told::new(reply.answer.clone(), serde_json::Value::Null));
            told.notes.retain(|note| !note.starts_with("trace "));
            told.notes.push(note);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use oms_tools::{Failure, FailureKind};

    use super::*;
    use crate::agent::failed_reply;
    use crate::reply::ToolCall;

    const ORDER: &str = "ORD-0000042";

    fn call(tool: &str, arguments: serde_json::Value, status: &str) -> ToolCall {
        ToolCall { tool: tool.to_owned(), arguments, status: status.to_owned(), elapsed_ms: 1.0 }
    }

    fn not_there(kind: FailureKind, number: &str) -> Reply {
        let failure = Failure::new(kind, format!("no order numbered `{number}`")).hint("near it are `ORD-0000041`");
        let mut reply = failed_reply(&failure.hint(format!("trace {number}: whether it was accepted")));
        reply.tool_calls.push(call("query_orders", json!({ "order_number": number }), "error"));
        reply
    }

    fn traced(result: Result<ToolReport, Failure>) -> Made {
        let status = if result.is_ok() { "ok" } else { "error" };
        Made { call: call("trace_order", json!({ "order": ORDER }), status), result }
    }

    #[test]
    fn only_an_order_that_is_not_there_is_missing() {
        assert_eq!(missing(&not_there(FailureKind::NotFound, ORDER)).as_deref(), Some(ORDER));
        for (kind, number) in [
            (FailureKind::Unavailable, ORDER),
            (FailureKind::InvalidArguments, ORDER),
            (FailureKind::Refused, ORDER),
            (FailureKind::NotFound, "ORD-"),
            (FailureKind::NotFound, "ORD-42x"),
            (FailureKind::NotFound, "INV-0000042"),
        ] {
            assert_eq!(missing(&not_there(kind, number)), None, "{kind:?} {number}");
        }
        let mut other = not_there(FailureKind::NotFound, ORDER);
        other.tool_calls.push(call("trace_order", json!({ "order": ORDER }), "ok"));
        assert_eq!(missing(&other), None, "it was traced already");
    }

    #[test]
    fn what_the_trace_found_follows_what_the_database_said() {
        let mut reply = not_there(FailureKind::NotFound, ORDER);
        let told = Told::new(format!("`{ORDER}` is stuck between the hub and the database."), json!({}));
        add(&mut reply, ORDER, Some(traced(Ok(told.into()))));
        assert_eq!(
            reply.answer,
            "No order numbered `ORD-0000042` in the database. `ORD-0000042` is stuck between the hub and the database."
        );
        assert_eq!((reply.tool_calls.len(), reply.told.unwrap().notes), (2, Vec::new()));
    }

    #[test]
    fn a_way_that_is_not_found_out_is_noted_and_the_answer_stands() {
        for (made, cause) in [
            (None, "the pipeline has not answered in time"),
            (
                Some(traced(Err(Failure::new(FailureKind::Unavailable, "nothing listens there")))),
                "nothing listens there",
            ),
        ] {
            let mut reply = not_there(FailureKind::NotFound, ORDER);
            add(&mut reply, ORDER, made);
            assert_eq!(reply.answer, "No order numbered `ORD-0000042`.");
            let note = format!("where it is on its way is not known: {cause}; `trace {ORDER}` asks again");
            assert_eq!(reply.told.unwrap().notes, ["near it are `ORD-0000041`".to_owned(), note]);
        }
    }
}
