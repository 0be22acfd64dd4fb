//! What must come of a sentence that asks for no rows: which tool is called with what, what is said, and what is never done.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::suite::Expected;
use super::verdict::Verdict;
use crate::reply::{Reply, Status, ToolCall};

/// The word for "any tool" in `never_calls`.
pub const ANY: &str = "any";

/// What is expected of a turn besides its rows.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// The reply's status; the case's own `status` says the same.
    pub status: Option<Expected>,
    /// The tool that must be called.
    pub tool: Option<String>,
    /// What must stand among that call's arguments; objects within may hold more than is named.
    pub arguments: BTreeMap<String, Value>,
    /// What must stand in the reply: its sentence, notes, choices, table or error.
    pub says: Vec<String>,
    /// What must not stand there.
    pub never_says: Vec<String>,
    /// Tools that must not be called, tried and refused included; `any`: none at all.
    pub never_calls: Vec<String>,
    /// The programs of the stage that have changed something by now, in order.
    pub applied: Option<Vec<String>>,
}

impl Expect {
    /// True where nothing is expected: such a case could not fail.
    pub fn is_empty(&self) -> bool {
        self.tool.is_none()
            && self.says.is_empty()
            && self.never_says.is_empty()
            && self.never_calls.is_empty()
            && self.applied.is_none()
    }

    /// The tools that are named.
    pub fn tools(&self) -> impl Iterator<Item = &str> {
        self.tool.iter().chain(&self.never_calls).map(String::as_str).filter(|name| *name != ANY)
    }

    /// Every text in which `{name}` may stand.
    pub(super) fn texts(&self) -> impl Iterator<Item = &String> {
        let arguments = self.arguments.values().filter_map(|value| match value {
            Value::String(text) => Some(text),
            _ => None,
        });
        self.says.iter().chain(&self.never_says).chain(arguments)
    }

    /// With values for `{name}` in its texts and in the arguments that are texts.
    pub(super) fn filled(&self, fill: impl Fn(&str) -> String) -> Self {
        let all = |texts: &[String]| texts.iter().map(|text| fill(text)).collect();
        let argument = |value: &Value| match value {
            Value::String(text) => Value::String(fill(text)),
            other => other.clone(),
        };
        Self {
            says: all(&self.says),
            never_says: all(&self.never_says),
            arguments: self.arguments.iter().map(|(name, value)| (name.clone(), argument(value))).collect(),
            ..self.clone()
        }
    }

    /// The first thing that is not as it must be; `None`: all is. `applied` is what has changed on the stage by now.
    pub(super) fn difference(&self, reply: &Reply, applied: &[String]) -> Option<(Verdict, String)> {
        if let Some(wanted) = self.applied.as_ref().filter(|wanted| wanted.as_slice() != applied) {
            let lists = (applied.join(", "), wanted.join(", "));
            return Some((Verdict::SilentWrong, format!("[{}] changed something, and not [{}]", lists.0, lists.1)));
        }
        for forbidden in &self.never_calls {
            if let Some(call) = reply.tool_calls.iter().find(|call| forbidden == ANY || call.tool == *forbidden) {
                return Some((Verdict::SilentWrong, format!("called `{}`, which must not be called", call.tool)));
            }
        }
        if let Some(wrong) = self.tool.as_ref().and_then(|tool| self.no_call(tool, reply)) {
            return Some(wrong);
        }
        if self.says.is_empty() && self.never_says.is_empty() {
            return None;
        }
        let said = said(reply);
        if let Some(missing) = self.says.iter().find(|text| !said.contains(text.as_str())) {
            return Some((Verdict::SilentWrong, format!("does not say `{missing}`")));
        }
        let wrong = self.never_says.iter().find(|text| said.contains(text.as_str()))?;
        Some((Verdict::SilentWrong, format!("says `{wrong}`")))
    }

    /// Why no call of this tool is the expected one. Where something was told it must have gone well.
    fn no_call(&self, tool: &str, reply: &Reply) -> Option<(Verdict, String)> {
        let well = matches!(reply.status, Status::Answered | Status::ApprovalRequired);
        let calls: Vec<&ToolCall> =
            reply.tool_calls.iter().filter(|call| call.tool == tool && (!well || call.status == "ok")).collect();
        if calls.is_empty() {
            let names: Vec<&str> = reply.tool_calls.iter().map(|call| call.tool.as_str()).collect();
            return Some((Verdict::WrongTool, format!("did not call `{tool}`, but [{}]", names.join(", "))));
        }
        let fits = |call: &&&ToolCall| {
            self.arguments.iter().all(|(name, wanted)| call.arguments.get(name).is_some_and(|is| holds(is, wanted)))
        };
        if calls.iter().any(|call| fits(&call)) {
            return None;
        }
        let was: Vec<String> = calls.iter().map(|call| call.arguments.to_string()).collect();
        Some((Verdict::SilentWrong, format!("called `{tool}` with {}", was.join(", "))))
    }
}

/// True where a value is what is wanted, or an object that holds at least what is wanted.
fn holds(is: &Value, wanted: &Value) -> bool {
    match (is, wanted) {
        (Value::Object(is), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| is.get(name).is_some_and(|is| holds(is, wanted)))
        }
        (is, wanted) => is == wanted,
    }
}

/// Everything that a person reads of a reply.
fn said(reply: &Reply) -> String {
    let mut said = vec![reply.answer.clone()];
    said.extend(reply.choices.iter().cloned());
    if let Some(told) = &reply.told {
        said.push(told.answer.clone());
        said.extend(told.notes.iter().cloned());
    }
    let tables = reply.told.iter().filter_map(|told| told.table.as_ref());
    for table in tables.chain(reply.report.iter().map(|report| &report.table)) {
        for row in &table.rows {
            said.push(
                row.iter().map(|cell| serde_json::to_string(cell).unwrap_or_default()).collect::<Vec<_>>().join(" "),
            );
        }
    }
    if let Some(error) = &reply.error {
        said.push(error.message.clone());
        said.push(error.hint.clone());
    }
    said.join("\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot go on ends

    use serde_json::json;

    use super::*;
    use crate::eval::tests::judging::reply;

    fn check(expect: &str, expected: Option<(Verdict, &str)>) {
        let expect: Expect = serde_saphyr::from_str(expect).unwrap();
        let mut reply = reply(Status::Answered, None);
        reply.answer = "1 is added; nothing has run.".to_owned();
        let call = |tool: &str, arguments: Value, status: &str| ToolCall {
            tool: tool.to_owned(),
            arguments,
            status: status.to_owned(),
            elapsed_ms: 1.0,
        };
        reply.tool_calls = vec![
            call("propose_change", json!({"runbook": "scale", "arguments": {"units": "10", "hub": "a"}, "n": 3}), "ok"),
            call("show_change", json!({}), "error"),
        ];
        let difference = expect.difference(&reply, &["terraform".to_owned()]);
        assert_eq!(difference.as_ref().map(|(verdict, why)| (*verdict, why.as_str())), expected, "{expect:?}");
    }

    #[test]
    fn calls_and_words_are_held_against_what_is_expected() {
        use Verdict::{SilentWrong, WrongTool};
        check("tool: propose_change", None);
        check("{tool: propose_change, arguments: {runbook: scale, n: 3}}", None);
        check("{tool: propose_change, arguments: {arguments: {units: '10'}}}", None);
        let was = r#"called `propose_change` with {"runbook":"scale","arguments":{"units":"10","hub":"a"},"n":3}"#;
        check("{tool: propose_change, arguments: {n: 4}}", Some((SilentWrong, was)));
        check("{tool: propose_change, arguments: {m: 3}}", Some((SilentWrong, was)));
        check("{tool: propose_change, arguments: {arguments: {units: 10}}}", Some((SilentWrong, was)));
        // A call that failed told nothing.
        check("tool: show_change", Some((WrongTool, "did not call `show_change`, but [propose_change, show_change]")));
        check("tool: doctor", Some((WrongTool, "did not call `doctor`, but [propose_change, show_change]")));
        check("says: [1 is added, nothing has run]", None);
        check("says: [2 are added]", Some((SilentWrong, "does not say `2 are added`")));
        check("never_says: [secret]", None);
        check("never_says: [nothing has]", Some((SilentWrong, "says `nothing has`")));
        check("never_calls: [apply_change, doctor]", None);
        check("never_calls: [show_change]", Some((SilentWrong, "called `show_change`, which must not be called")));
        check("applied: [terraform]", None);
        let nothing = "[terraform] changed something, and not []";
        check("applied: []", Some((SilentWrong, nothing)));
        check("never_calls: [any]", Some((SilentWrong, "called `propose_change`, which must not be called")));
    }

    #[test]
    fn values_stand_for_their_names() {
        let expect: Expect =
            serde_saphyr::from_str("{says: ['{id} waits'], tool: t, arguments: {id: '{id}', n: 1}}").unwrap();
        let filled = expect.filled(|text| text.replace("{id}", "c1"));
        assert_eq!((filled.says[0].as_str(), &filled.arguments["id"]), ("c1 waits", &json!("c1")));
        assert_eq!(expect.texts().count(), 2);
    }
}
