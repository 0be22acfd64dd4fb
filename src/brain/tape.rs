//! What is said between the program and a language model, kept turn by turn, and said again without the model. A request
//! that is not the recorded one, in instructions, tools, messages or parameters, gets no answer: an answer to another request
//! would prove nothing.

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

    /// The recorded answer to this request; `None` where the tape records, and the model is to be asked.
    pub(crate) fn played(&self, to: &str, request: &Value) -> Option<Result<Value, Failure>> {
        if !self.plays {
            return None;
        }
        let mut reel = self.reel();
        let wanted = without_secrets(request);
        let next = reel.exchanges.front();
        let difference = match next {
            Some(next) if next.to == to && next.request == wanted => {
                return reel.exchanges.pop_front().map(|exchange| Ok(exchange.answer));
            }
            Some(next) if next.to != to => format!("request: it went to `{}` and now goes to `{to}`", next.to),
            Some(next) => difference("request", &next.request, &wanted),
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
        (Value::Array(one), Value::Array(other)) => {
            let differs = one.iter().zip(other).enumerate().find(|(_, (a, b))| a != b);
            differs.map_or_else(
                || format!("{place}: {} were recorded, and now there are {}", one.len(), other.len()),
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
    fn whatever_differs_in_a_request_is_told_and_not_answered() {
        let request = json!({
            "model": "m",
            "messages": [{"role": "system", "content": "be true"}, {"role": "user", "content": "how many"}],
            "tools": [{"function": {"name": "query_orders"}}],
            "tool_choice": "required",
        });
        let changed = |place: &str, value: Value| {
            let mut request = request.clone();
            *request.pointer_mut(place).unwrap() = value;
            request
        };
        let player = Tape::player();
        for to in ["/v1/chat/completions", "local"] {
            for (place, value, told) in [
                ("/messages/0/content", json!("be brief"), "request.messages[0].content: `be true`"),
                ("/messages/1/content", json!("how few"), "request.messages[1].content: `how many`"),
                ("/tools/0/function/name", json!("query"), "request.tools[0].function.name: `query_orders`"),
                ("/tools", json!([]), "request.tools: 1 were recorded, and now there are 0"),
                ("/tool_choice", json!("auto"), "request.tool_choice: `required`"),
                ("/model", json!("n"), "request.model: `m`"),
            ] {
                player.put(vec![Exchange { to: to.to_owned(), request: request.clone(), answer: json!("12") }]);
                assert!(player.played(to, &changed(place, value)).unwrap().is_err(), "{place}");
                let other = player.other().unwrap();
                assert!(other.starts_with(told), "{place}: {other}");
                assert!(player.played(to, &request).unwrap().is_ok(), "{place}");
            }
        }
    }

    #[test]
    fn a_difference_is_told_by_its_place() {
        for (one, other, told) in [
            (json!({"a": {"b": 1}}), json!({"a": {"b": 2}}), "request.a.b: 1"),
            (json!([1, "xäy"]), json!([1, "xüy"]), "request[1]: `xäy`"),
            (json!([1]), json!([1, 2]), "request: 1 were recorded, and now there are 2"),
            (json!([1, 3]), json!([2]), "request[0]: 1 was recorded"),
            (json!({}), json!({"a": 1}), "request.a: null"),
        ] {
            let difference = difference("request", &one, &other);
            assert!(difference.starts_with(told), "{difference}");
        }
    }
}
