//! Recorded turns: what a model was asked and what it answered, which tools were called, and what came of it; in a folder, so
//! that every machine can hold the program against it without the model.
//!
//! What turns have in common (instructions, schemas, lists of options) stands once, in `texts.json`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use oms_tools::{Failure, FailureKind};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::brain::{Exchange, difference};
use crate::reply::{Reply, Status};

/// Longer values stand once for all turns.
const LONG: usize = 300;
/// Stands in the place of a longer value.
const INSTEAD: &str = "$text";

/// One recorded turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedTurn {
    /// The conversation; none: one of this turn alone.
    pub conversation: Option<String>,
    /// What was asked.
    pub question: String,
    /// What the model was asked and answered.
    pub exchanges: Vec<Exchange>,
    /// What came of it.
    pub outcome: Value,
}

/// How a replayed turn ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// The same requests, the same calls, the same rows.
    Same,
    /// The model is asked otherwise than when it was recorded: its answers say nothing any more.
    Stale(String),
    /// Asked the same, and something else came of it.
    Other(String),
}

/// What of a reply is compared: its status, its calls, its rows, how many choices it offers; a model's own sentence where
/// it was shown. Sentences that the program computes have tests of their own.
pub fn outcome(reply: &Reply) -> Value {
    // The embedded model writes no sentences; a remote one's name has its provider before a colon.
    let own_sentence = reply.brain.contains(':');
    let rows = reply.report.as_ref().map(|report| {
        let columns: Vec<&str> = report.table.columns.iter().map(|column| column.name.as_str()).collect();
        json!({ "columns": columns, "rows": report.table.rows })
    });
    let calls: Vec<Value> = reply
        .tool_calls
        .iter()
        .map(|call| json!({ "tool": call.tool, "arguments": call.arguments, "status": call.status }))
        .collect();
    json!({
        "status": reply.status,
        "brain": reply.brain,
        "calls": calls,
        "result": rows,
        "choices": reply.choices.len(),
        "sentence": (own_sentence && reply.status == Status::Answered).then_some(&reply.answer),
    })
}

impl RecordedTurn {
    /// Holds what came of this turn now against what was recorded.
    pub fn compare(&self, now: &Value, asked_otherwise: Option<String>, left: usize) -> Replayed {
        if let Some(difference) = asked_otherwise {
            return Replayed::Stale(difference);
        }
        if left > 0 {
            return Replayed::Stale(format!("{left} recorded requests were not made"));
        }
        if self.outcome == *now { Replayed::Same } else { Replayed::Other(difference("reply", &self.outcome, now)) }
    }
}

/// Writes turns into a folder, in the place of those that it holds.
pub fn write(folder: &Path, turns: &[RecordedTurn]) -> Result<(), Failure> {
    let cannot = |error: &io::Error| {
        Failure::new(FailureKind::Unavailable, format!("cannot write `{}`: {}", folder.display(), error.kind()))
            .hint("name a folder that can be written")
    };
    fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
    let mut texts = BTreeMap::new();
    let mut lines = String::new();
    for turn in turns {
        let mut value = serde_json::to_value(turn).map_err(|error| cannot(&error.into()))?;
        if let Some(exchanges) = value.get_mut("exchanges").and_then(Value::as_array_mut) {
            for request in exchanges.iter_mut().filter_map(|exchange| exchange.get_mut("request")) {
                fold(request, &mut texts);
            }
        }
        lines.push_str(&value.to_string());
        lines.push('\n');
    }
    let texts = serde_json::to_string_pretty(&texts).map_err(|error| cannot(&error.into()))?;
    fs::write(folder.join("texts.json"), texts + "\n").map_err(|error| cannot(&error))?;
    fs::write(folder.join("turns.jsonl"), lines).map_err(|error| cannot(&error))
}

/// The turns of a folder.
///
/// Fails with the file and the line where one cannot be read.
pub fn read(folder: &Path) -> Result<Vec<RecordedTurn>, Failure> {
    let file = |name: &str| -> Result<String, Failure> {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|error| {
            Failure::invalid(format!("cannot read `{}`: {}", path.display(), error.kind()))
                .hint("record turns: `oms --brain local eval --record DIR`")
        })
    };
    let wrong = |line: usize, cause: &str| {
        Failure::invalid(format!("`{}`, line {line}: {cause}", folder.join("turns.jsonl").display()))
            .hint("record the turns anew")
    };
    let texts: BTreeMap<String, Value> = serde_json::from_str(&file("texts.json")?)
        .map_err(|error| Failure::invalid(format!("cannot read `{}`: {error}", folder.join("texts.json").display())))?;
    let mut turns = Vec::new();
    for (line, text) in file("turns.jsonl")?.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let mut value: Value = serde_json::from_str(text).map_err(|error| wrong(line + 1, &error.to_string()))?;
        unfold(&mut value, &texts).map_err(|text| wrong(line + 1, &format!("the text `{text}` is missing")))?;
        turns.push(serde_json::from_value(value).map_err(|error| wrong(line + 1, &error.to_string()))?);
    }
    Ok(turns)
}

/// Puts a mark in the place of every long text, every long list of texts and every tool's schema.
fn fold(value: &mut Value, texts: &mut BTreeMap<String, Value>) {
    let long = match &*value {
        Value::String(text) => text.len() > LONG,
        Value::Array(items) => {
            items.iter().all(|item| item.is_string() || item.get("function").is_some())
                && value.to_string().len() > LONG
        }
        _ => false,
    };
    if long {
        let digest = Sha256::digest(value.to_string());
        let name = format!("{digest:x}")[..12].to_owned();
        texts.insert(name.clone(), value.take());
        *value = json!({ INSTEAD: name });
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| fold(item, texts)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fold(field, texts)),
        _ => {}
    }
}

fn unfold(value: &mut Value, texts: &BTreeMap<String, Value>) -> Result<(), String> {
    if let Some(name) = value.get(INSTEAD).and_then(Value::as_str) {
        *value = texts.get(name).cloned().ok_or_else(|| name.to_owned())?;
        return Ok(());
    }
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|item| unfold(item, texts)),
        Value::Object(fields) => fields.values_mut().try_for_each(|field| unfold(field, texts)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_common_texts_stand_once() {
        let folder = tempfile::tempdir().unwrap();
        let long = "instructions ".repeat(60);
        let turn = |question: &str| RecordedTurn {
            conversation: None,
            question: question.to_owned(),
            exchanges: vec![Exchange {
                to: "local".into(),
                request: json!({"ask": {"instructions": long, "text": question}, "options": vec!["a"; 200]}),
                answer: json!({"ready": {}}),
            }],
            outcome: json!({"status": "answered"}),
        };
        let turns = vec![turn("one"), turn("two")];
        write(folder.path(), &turns).unwrap();
        assert_eq!(read(folder.path()).unwrap(), turns);
        let text = fs::read_to_string(folder.path().join("texts.json")).unwrap();
        assert_eq!(text.matches("\"instructions ").count(), 1, "{text}");
        assert!(!fs::read_to_string(folder.path().join("turns.jsonl")).unwrap().contains("instructions instructions"));
        fs::write(folder.path().join("texts.json"), "{}").unwrap();
        assert!(read(folder.path()).unwrap_err().message.contains("is missing"));
        fs::write(folder.path().join("turns.jsonl"), "{\n").unwrap();
        assert!(read(folder.path()).unwrap_err().message.contains("line 1"));
    }

    #[test]
    fn a_turn_is_the_same_stale_or_another() {
        let turn = RecordedTurn {
            conversation: None,
            question: "q".into(),
            exchanges: Vec::new(),
            outcome: json!({"status": "answered", "result": {"rows": [[1]]}}),
        };
        assert_eq!(turn.compare(&turn.outcome, None, 0), Replayed::Same);
        assert!(matches!(turn.compare(&turn.outcome, Some("x".into()), 0), Replayed::Stale(_)));
        assert!(matches!(turn.compare(&turn.outcome, None, 1), Replayed::Stale(_)));
        let other = json!({"status": "answered", "result": {"rows": [[2]]}});
        assert!(matches!(turn.compare(&other, None, 0), Replayed::Other(cause) if cause.contains("rows")));
    }
}
