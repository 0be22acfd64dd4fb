//! What is said between the program and a language model, kept turn by turn, and said again without the model. A request
//! that is not the recorded one gets no answer: an answer to another question would prove nothing.
//!
//! What every request to a remote model tells it alike (instructions, tools) may have changed since: its answer still proves how
//! calls, results and sentences go, and that it was told otherwise is told. The embedded model chooses by what it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use oms_tools::redact::Redactor;
use oms_tools::{Failure, FailureKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One request and what came back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// Where it went: `local`, or the path of a provider's address.
    pub to: String,
    /// The request, without secrets.
    pub request: Value,
    /// The answer, without secrets.
    pub answer: Value,
}

/// A tape that records, or that plays. Clones share it.
#[derive(Clone, Debug)]
pub struct Tape {
    plays: bool,
    reel: Arc<Mutex<Reel>>,
}

#[derive(Debug, Default)]
struct Reel {
    exchanges: VecDeque<Exchange>,
    /// The first request that was not the recorded one.
    other: Option<String>,
    /// Whether a remote model is told otherwise than it was.
    retold: bool,
}

impl Tape {
    /// A tape that records.
    pub fn recorder() -> Self {
        Self { plays: false, reel: Arc::default() }
    }

    /// A tape that plays what is put on it.
    pub fn player() -> Self {
        Self { plays: true, reel: Arc::default() }
    }

    /// True where no model is asked.
    pub(crate) fn plays(&self) -> bool {
        self.plays
    }

    /// Puts a turn's exchanges on the tape in the place of what is on it.
    pub fn put(&self, exchanges: Vec<Exchange>) {
        *self.reel() = Reel { exchanges: exchanges.into(), ..Reel::default() };
    }

    /// Takes off what is on the tape: what was recorded, or what was not asked for.
    pub fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.reel().exchanges).into()
    }

    /// How a request differed from the recorded one, if one did.
    pub fn other(&self) -> Option<String> {
        self.reel().other.clone()
    }

    /// Whether instructions or tools of a remote model have changed since.
    pub fn retold(&self) -> bool {
        self.reel().retold
    }

    /// The recorded answer to this request; `None` where the tape records, and the model is to be asked.
    pub(crate) fn played(&self, to: &str, request: &Value) -> Option<Result<Value, Failure>> {
        if !self.plays {
            return None;
        }
        let mut reel = self.reel();
        let wanted = without_secrets(request);
        let next = reel.exchanges.front();
        let difference = match next {
            Some(next) if next.to == to && said(to, &next.request) == said(to, &wanted) => {
                let retold = next.request != wanted;
                reel.retold |= retold;
                return reel.exchanges.pop_front().map(|exchange| Ok(exchange.answer));
            }
            Some(next) => difference("request", &said(to, &next.request), &said(to, &wanted)),
            None => "one more request than was recorded".to_owned(),
        };
        let failure = Failure::new(FailureKind::Unavailable, "cannot replay this turn: the model is asked otherwise")
            .hint("what the model is told has changed since: record it anew");
        reel.other.get_or_insert(difference);
        Some(Err(failure))
    }

    /// Keeps a request and its answer.
    pub(crate) fn keep(&self, to: &str, request: &Value, answer: &Value) {
        if !self.plays {
            let exchange =
                Exchange { to: to.to_owned(), request: without_secrets(request), answer: without_secrets(answer) };
            self.reel().exchanges.push_back(exchange);
        }
    }

    fn reel(&self) -> MutexGuard<'_, Reel> {
        self.reel.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a request says beyond what every one of its kind does.
fn said(to: &str, request: &Value) -> Value {
    let mut request = request.clone();
    if to == "local" {
        return request;
    }
    if let Some(fields) = request.as_object_mut() {
        fields.remove("tools");
    }
    for message in request.get_mut("messages").and_then(Value::as_array_mut).into_iter().flatten() {
        if message.get("role").is_some_and(|role| role == "system") {
            message["content"] = Value::Null;
        }
    }
    request
}

fn without_secrets(value: &Value) -> Value {
    let mut value = value.clone();
    Redactor::default().json(&mut value);
    value
}

/// The first place where two values differ, in a line.
pub fn difference(place: &str, one: &Value, other: &Value) -> String {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let keys = one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)));
            for key in keys {
                let (a, b) = (one.get(key).unwrap_or(&Value::Null), other.get(key).unwrap_or(&Value::Null));
                if a != b {
                    return difference(&format!("{place}.{key}"), a, b);
                }
            }
            format!("{place}: the same")
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let differs = one.iter().zip(other).enumerate().find(|(_, (a, b))| a != b);
            differs.map_or_else(
                || format!("{place}: the same"),
                |(index, (a, b))| difference(&format!("{place}[{index}]"), a, b),
            )
        }
        (Value::String(one), Value::String(other)) => {
            let at = one
                .char_indices()
                .zip(other.chars())
                .find(|((_, a), b)| a != b)
                .map_or(one.len().min(other.len()), |((at, _), _)| at);
            let near = |text: &str| {
                let start = (at.saturating_sub(20)..=at).find(|start| text.is_char_boundary(*start)).unwrap_or(0);
                text.get(start..).unwrap_or_default().chars().take(60).collect::<String>()
            };
            format!("{place}: `{}` was recorded, and now it is `{}`", near(one), near(other))
        }
        (one, other) => {
            let short = |value: &Value| value.to_string().chars().take(80).collect::<String>();
            format!("{place}: {} was recorded, and now it is {}", short(one), short(other))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_recorded_request_is_answered() {
        let recorder = Tape::recorder();
        assert!(recorder.played("local", &json!({"a": 1})).is_none());
        recorder.keep("local", &json!({"a": 1, "key": "sk-abcdefghijklmnopqrstuvwxyz0123456789"}), &json!("one"));
        recorder.keep("local", &json!({"a": 2}), &json!("two"));
        let kept = recorder.take();
        assert!(!serde_json::to_string(&kept).unwrap().contains("sk-abcdef"), "{kept:?}");
        let player = Tape::player();
        player.put(kept);
        let again = json!({"a": 1, "key": "sk-abcdefghijklmnopqrstuvwxyz0123456789"});
        assert_eq!(player.played("local", &again).unwrap().unwrap(), json!("one"));
        assert!(player.played("elsewhere", &json!({"a": 2})).unwrap().is_err());
        assert!(player.played("local", &json!({"a": 3})).unwrap().is_err());
        assert!(player.other().is_some());
        assert_eq!(player.played("local", &json!({"a": 2})).unwrap().unwrap(), json!("two"));
        assert!(player.played("local", &json!({"a": 2})).unwrap().is_err(), "one more than was recorded");
        player.keep("local", &json!(1), &json!(2));
        assert!(player.take().is_empty(), "a player records nothing");
    }

    #[test]
    fn a_remote_model_may_be_told_otherwise_and_not_be_asked_otherwise() {
        let request = |instructions: &str, question: &str| {
            json!({"messages": [{"role": "system", "content": instructions}, {"role": "user", "content": question}],
                "tools": [instructions]})
        };
        let kept = |to: &str| Exchange { to: to.to_owned(), request: request("one", "how many"), answer: json!("12") };
        let player = Tape::player();
        for (to, instructions, question, answered, retold) in [
            ("/v1/chat/completions", "one", "how many", true, false),
            ("/v1/chat/completions", "two", "how many", true, true),
            ("/v1/chat/completions", "one", "how few", false, false),
            ("local", "two", "how many", false, false),
        ] {
            player.put(vec![kept(to)]);
            let answer = player.played(to, &request(instructions, question)).unwrap();
            assert_eq!((answer.is_ok(), player.retold()), (answered, retold), "{to} {instructions} {question}");
        }
    }

    #[test]
    fn a_difference_is_told_by_its_place() {
        for (one, other, told) in [
            (json!({"a": {"b": 1}}), json!({"a": {"b": 2}}), "request.a.b: 1"),
            (json!([1, "xäy"]), json!([1, "xüy"]), "request[1]: `xäy`"),
            (json!([1]), json!([1, 2]), "request: [1]"),
            (json!({}), json!({"a": 1}), "request.a: null"),
        ] {
            let difference = difference("request", &one, &other);
            assert!(difference.starts_with(told), "{difference}");
        }
    }
}
