//! Events as the contract writes them; what is not one is told with its reason.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use sha2::{Digest, Sha256};

use crate::agent::Verdict;

/// What the names of the bridge's sessions begin with.
const SESSION: &str = "bridge-";

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
    /// A button that decides about a change set.
    Decide {
        #[serde(with = "Word")]
        verdict: Verdict,
        change: String,
    },
    /// Another button.
    Other { action: String },
}

/// A verdict's word in the journal.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Verdict", rename_all = "snake_case")]
enum Word {
    Approve,
    Decline,
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
                let kind = match action_id.as_str() {
                    "show_sql" => Kind::ShowSql { of: value },
                    "approve" => Kind::Decide { verdict: Verdict::Approve, change: value },
                    "decline" => Kind::Decide { verdict: Verdict::Decline, change: value },
                    _ => Kind::Other { action: action_id },
                };
                (event_id, channel, user, ts, thread_ts, kind)
            }
        };
        for (name, value) in [("event_id", &id), ("channel", &channel), ("user", &user), ("ts", &ts)] {
            if value.trim().is_empty() || value.len() > 200 {
                return Err(format!("this is no event: `{name}` must be 1 to 200 bytes"));
            }
        }
        let thread = thread_ts.filter(|thread| !thread.trim().is_empty()).unwrap_or(ts);
        if thread.len() > 200 {
            return Err("this is no event: `thread_ts` must be at most 200 bytes".to_owned());
        }
        Ok(Self { id, channel, thread, user, kind })
    }

    /// The conversation that it belongs to.
    fn conversation(&self) -> String {
        format!("{}\n{}", self.channel, self.thread)
    }

    /// The name of that conversation's session. Its hash is one that nobody can aim at another conversation's.
    pub(super) fn session(&self) -> String {
        let hash = Sha256::digest(self.conversation().as_bytes());
        hash[..16].iter().fold(SESSION.to_owned(), |mut name, byte| {
            write!(name, "{byte:02x}").ok();
            name
        })
    }

    /// Whether a session's name is one that [`Self::session`] gives: people give theirs others.
    pub(super) fn is_session(name: &str) -> bool {
        let hash = |rest: &str| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
        name.strip_prefix(SESSION).is_some_and(hash)
    }

    /// Roughly the KiB that it holds in memory while it waits.
    pub(super) fn weight(&self) -> u32 {
        let text = match &self.kind {
            Kind::Message { text } => text.len(),
            Kind::ShowSql { of } | Kind::Decide { change: of, .. } | Kind::Other { action: of } => of.len(),
        };
        u32::try_from(1 + text / 1024).unwrap_or(1)
    }
}
