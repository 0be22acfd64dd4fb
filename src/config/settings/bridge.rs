//! `[bridge]`: who speaks on the bridge, and what each may do.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// `[bridge]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BridgeSettings {
    /// The channel's users and who they are for us: `U024BE7LH = "ana"`, or with rights.
    pub users: BTreeMap<String, BridgeUser>,
    /// Whether others may ask too; they may do nothing else.
    pub unknown_users: bool,
    /// Events that one user may send in a minute.
    pub per_minute: usize,
    /// Seconds after which a turn that still runs says so, and again each time.
    pub progress_seconds: f64,
    /// Days after which a conversation in which nobody spoke is forgotten; 0: never.
    pub keep_days: u32,
    /// The orders database under an account that may read personal columns; none: the private one, under an account of its own.
    pub personal_url: Option<String>,
}

/// A user of the channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeUser {
    /// Who it is for us, in the record and for the policy.
    pub name: String,
    /// What this user may do.
    pub rights: Rights,
    /// Whether direct messages with this user may show personal columns.
    pub personal: bool,
}

/// What a user may do on the bridge. The policy of an environment is asked besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rights {
    /// Ask.
    #[default]
    Viewer,
    /// Propose changes, and decline one's own.
    Operator,
    /// Approve and decline them.
    Approver,
}

impl Default for BridgeSettings {
    fn default() -> Self {
        Self {
            users: BTreeMap::new(),
            unknown_users: true,
            per_minute: 60,
            progress_seconds: 3.0,
            keep_days: 30,
            personal_url: None,
        }
    }
}

impl BridgeSettings {
    /// A setting that cannot be, and why.
    pub(super) fn wrong(&self) -> Option<(&'static str, &'static str)> {
        if !self.progress_seconds.is_finite() || self.progress_seconds <= 0.0 || self.progress_seconds > 3600.0 {
            return Some(("progress_seconds", "must be more than 0 and at most 3600"));
        }
        let mut rights: BTreeMap<&str, Rights> = BTreeMap::new();
        for user in self.users.values() {
            if user.name.trim().is_empty() {
                return Some(("users", "must name who each user is here"));
            }
            // What a name may do is asked where only the name is known.
            if *rights.entry(&user.name).or_insert(user.rights) != user.rights {
                return Some(("users", "gives one name different rights"));
            }
        }
        None
    }
}

/// A user with rights, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    #[serde(default)]
    rights: Rights,
    #[serde(default)]
    personal: bool,
}

impl<'de> Deserialize<'de> for BridgeUser {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = BridgeUser;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name, or { name = \"...\", rights = \"viewer\", personal = false }")
            }

            fn visit_str<E>(self, name: &str) -> Result<BridgeUser, E> {
                Ok(BridgeUser { name: name.to_owned(), rights: Rights::default(), personal: false })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<BridgeUser, A::Error> {
                let Written { name, rights, personal } = Written::deserialize(MapAccessDeserializer::new(map))?;
                Ok(BridgeUser { name, rights, personal })
            }
        }
        deserializer.deserialize_any(Either)
    }
}
