//! Who speaks: a user of the channel as a principal of ours, what that one may do, and how often.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use oms_tools::{Failure, Principal};

use crate::agent::Presence;
use crate::config::{BridgeSettings, Config, Rights};

/// Users whose last minute is kept; beyond that the quiet ones are forgotten.
const REMEMBERED: usize = 1_000;
const MINUTE: Duration = Duration::from_mins(1);

/// Somebody who may speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Speaker {
    pub(super) principal: Principal,
    pub(super) rights: Rights,
    /// Whether personal columns may be shown where nobody else reads.
    pub(super) personal: bool,
}

impl Speaker {
    pub(super) fn presence(&self) -> Presence {
        match self.rights {
            Rights::Viewer => Presence::Onlooker,
            Rights::Operator => Presence::Proposer,
            Rights::Approver => Presence::Person,
        }
    }
}

/// The users that are known, and when they spoke.
pub(super) struct Speakers {
    settings: BridgeSettings,
    spoke: HashMap<String, VecDeque<Instant>>,
}

impl Speakers {
    pub(super) fn of(config: &Config) -> Self {
        Self { settings: config.settings.bridge.clone(), spoke: HashMap::new() }
    }

    /// The speaker that a user is; fails for one that is not admitted, or speaks too often.
    pub(super) fn admit(&mut self, user: &str) -> Result<Speaker, Failure> {
        let speaker = match self.settings.users.get(user) {
            Some(known) => Speaker {
                principal: Principal { name: known.name.clone() },
                rights: known.rights,
                personal: known.personal,
            },
            // A name of its own, which no policy can hold for a person.
            None if self.settings.unknown_users => Speaker {
                principal: Principal { name: format!("bridge:{user}") },
                rights: Rights::Viewer,
                personal: false,
            },
            None => {
                return Err(Failure::refused("refused: this user is not known here")
                    .hint(format!("an administrator adds `{user}` to `bridge.users` in oms.toml")));
            }
        };
        let now = Instant::now();
        let past = |then: &Instant| now.duration_since(*then) > MINUTE;
        if self.spoke.len() > REMEMBERED {
            self.spoke.retain(|_, spoke| spoke.back().is_some_and(|then| !past(then)));
        }
        let spoke = self.spoke.entry(user.to_owned()).or_default();
        while spoke.front().is_some_and(past) {
            spoke.pop_front();
        }
        if spoke.len() >= self.settings.per_minute {
            return Err(Failure::refused(format!(
                "refused: more than {} messages in a minute",
                self.settings.per_minute
            ))
            .hint("wait a little and ask again"));
        }
        spoke.push_back(now);
        Ok(speaker)
    }
}

/// What each name may do, for the gate, which knows names only. Whoever is not in it may look.
pub(super) fn rights(settings: &BridgeSettings) -> BTreeMap<String, Rights> {
    settings.users.values().map(|user| (user.name.clone(), user.rights)).collect()
}
