//! Events as the contract writes them; what is not one is told with its reason.

use serde::{Deserialize, Serialize};

use crate::database::hash;

/// Something that a person did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) channel: String,
    /// The thread's first message.
    pub(super) thread: String,
    pub(super) user: String,
    pub(super) kind: Kind,
}

/// What it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// A sentence.
    Message { text: String },
    /// The button that shows the SQL of an answer.
    ShowSql { of: String },
    /// Another button.
    Other { action: String },
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Raw {
    Message {
        event_id: String,
        channel: String,
        user: String,
        ts: String,
        #[serde(default)]
        thread_ts: Option<String>,
        text: String,
    },
    BlockActions {
        event_id: String,
        channel: String,
        user: String,
        ts: String,
        #[serde(default)]
        thread_ts: Option<String>,
        action_id: String,
        value: String,
    },
}

impl Event {
    /// Reads one line. Fails with what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let raw: Raw = serde_json::from_str(text).map_err(|error| format!("this is no event: {error}"))?;
        let (id, channel, user, ts, thread_ts, kind) = match raw {
            Raw::Message { event_id, channel, user, ts, thread_ts, text } => {
                (event_id, channel, user, ts, thread_ts, Kind::Message { text })
            }
            Raw::BlockActions { event_id, channel, user, ts, thread_ts, action_id, value } => {
                let kind = if action_id == "show_sql" {
                    Kind::ShowSql { of: value }
                } else {
                    Kind::Other { action: action_id }
                };
                (event_id, channel, user, ts, thread_ts, kind)
            }
        };
        for (name, value) in [("event_id", &id), ("channel", &channel), ("user", &user), ("ts", &ts)] {
            if value.trim().is_empty() || value.len() > 200 {
                return Err(format!("this is no event: `{name}` must be 1 to 200 bytes"));
            }
        }
        Ok(Self { id, channel, thread: thread_ts.unwrap_or(ts), user, kind })
    }

    /// The conversation that it belongs to.
    pub(super) fn conversation(&self) -> String {
        format!("{}\n{}", self.channel, self.thread)
    }

    /// The name of that conversation's file.
    pub(super) fn session(&self) -> String {
        format!("bridge-{:016x}", hash(self.conversation().as_bytes()))
    }
}
