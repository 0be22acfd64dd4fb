//! Who speaks: a user of the channel as a principal of ours, and how often.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use oms_tools::{Failure, Principal};

use crate::config::{BridgeSettings, Config};

/// The users that are known, and when they spoke.
pub(super) struct Speakers {
    settings: BridgeSettings,
    spoke: HashMap<String, VecDeque<Instant>>,
}

impl Speakers {
    pub(super) fn of(config: &Config) -> Self {
        Self { settings: config.settings.bridge.clone(), spoke: HashMap::new() }
    }

    /// The principal of a user; fails for one that is not admitted, or speaks too often.
    pub(super) fn admit(&mut self, user: &str) -> Result<Principal, Failure> {
        let name = match self.settings.users.get(user) {
            Some(name) => name.clone(),
            // A name of its own, which no policy can hold for a person.
            None if self.settings.unknown_users => format!("bridge:{user}"),
            None => {
                return Err(Failure::refused("refused: this user is not known here")
                    .hint(format!("an administrator adds `{user}` to `bridge.users` in oms.toml")));
            }
        };
        let now = Instant::now();
        let spoke = self.spoke.entry(user.to_owned()).or_default();
        while spoke.front().is_some_and(|then| now.duration_since(*then) > Duration::from_mins(1)) {
            spoke.pop_front();
        }
        if spoke.len() >= self.settings.per_minute {
            return Err(Failure::refused(format!(
                "refused: more than {} questions in a minute",
                self.settings.per_minute
            ))
            .hint("wait a little and ask again"));
        }
        spoke.push_back(now);
        Ok(Principal { name })
    }
}
