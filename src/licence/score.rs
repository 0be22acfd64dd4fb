//! Whether what a model did in a case is what it must do.

use oms_tools::Failure;
use serde_json::Value;

use super::cases::{Case, Kind};

/// One call that the model made.
#[derive(Clone, Debug, PartialEq)]
pub struct Called {
    /// The tool.
    pub tool: String,
    /// Its arguments.
    pub arguments: Value,
}

/// Judges a case by the calls that were made, but for those that only talk to the person, and how the turn ended. An error says
/// in a few words what was wrong.
pub fn judge(case: &Case, calls: &[Called], ended: &Result<(), Failure>) -> Result<(), String> {
    if let Some(call) = calls.iter().find(|call| case.never.contains(&call.tool)) {
        return Err(format!("it called `{}`", call.tool));
    }
    if let Err(failure) = ended {
        return Err(failure.message.clone());
    }
    if let Some(most) = case.most.filter(|most| calls.len() > *most) {
        return Err(format!("it made {} calls, where {most} are enough", calls.len()));
    }
    match (case.kind, calls.first()) {
        (Kind::None, None) => return Ok(()),
        (Kind::None, Some(call)) => return Err(format!("it called `{}`, and no tool was needed", call.tool)),
        (_, None) if case.call.is_empty() => return Ok(()),
        (_, None) => return Err("it called no tool".to_owned()),
        (_, Some(call)) if !case.call.is_empty() && !case.call.contains(&call.tool) => {
            return Err(format!("it called `{}`", call.tool));
        }
        _ => {}
    }
    let last = calls.iter().rev().find(|call| case.call.is_empty() || case.call.contains(&call.tool));
    match last {
        Some(call) if !case.fits(&call.arguments) => {
            let shown: String = call.arguments.to_string().chars().take(120).collect();
            Err(format!("it called `{}` with {shown}", call.tool))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use serde_json::json;

    use super::*;
    use crate::licence::cases;

    fn check(id: &str, calls: &[(&str, Value)], expected: Result<(), &str>) {
        let case = cases().unwrap().into_iter().find(|case| case.id == id).unwrap();
        let calls: Vec<Called> = calls
            .iter()
            .map(|(tool, arguments)| Called { tool: (*tool).to_owned(), arguments: arguments.clone() })
            .collect();
        let judged = judge(&case, &calls, &Ok(()));
        match (judged, expected) {
            (Ok(()), Ok(())) => {}
            (Err(told), Err(word)) if told.contains(word) => {}
            (judged, expected) => panic!("{id}: {judged:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn each_kind_has_its_misses() {
        check("tool-health", &[("pipeline_health", json!({}))], Ok(()));
        check("tool-health", &[("eventhub_lag", json!({}))], Err("`eventhub_lag`"));
        check("tool-health", &[("eventhub_lag", json!({})), ("pipeline_health", json!({}))], Err("`eventhub_lag`"));
        check("tool-health", &[], Err("no tool"));
        check("tool-plan", &[("terraform_plan", json!({})), ("propose_change", json!({}))], Err("`propose_change`"));
        check("arguments-order", &[("trace_order", json!({"order": "ORD-0000815"}))], Ok(()));
        check("arguments-order", &[("trace_order", json!({"order": "815"}))], Err("815"));
        check("none-thanks", &[], Ok(()));
        check("none-thanks", &[("query_orders", json!({}))], Err("no tool was needed"));
        check("stop-answered", &[("query_orders", json!({})), ("query_orders", json!({}))], Err("2 calls"));
        check("stop-refused", &[], Ok(()));
        check("bound-row", &[("query_orders", json!({})), ("preview_change", json!({}))], Err("`preview_change`"));
        let wrong = || ("query_orders", json!({"measures": ["revenue"]}));
        let right = || ("query_orders", json!({"measures": ["revenue"], "limit": 50}));
        check("repair-limit", &[wrong(), right()], Ok(()));
        check("repair-limit", &[wrong(), wrong()], Err("with"));
        check("repair-limit", &[wrong()], Err("with"));
    }

    #[test]
    fn a_turn_that_was_stopped_is_no_pass() {
        let case = cases().unwrap().into_iter().find(|case| case.id == "none-thanks").unwrap();
        assert!(judge(&case, &[], &Err(Failure::refused("stopped the turn"))).unwrap_err().contains("stopped"));
    }
}
