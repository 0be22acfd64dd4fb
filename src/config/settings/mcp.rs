//! `[mcp]`: who may come in over HTTP, and what a client may take.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Rights;

/// `[mcp]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct McpSettings {
    /// Files with bearer tokens, readable by their owner alone, by the name of the person that each speaks for.
    pub tokens: BTreeMap<String, McpToken>,
    /// Whether a person may approve a change through a client that can ask (elicitation).
    pub approve: bool,
    /// Bytes of a message.
    pub bytes: usize,
    /// Sessions over HTTP that are open at the same time.
    pub sessions: usize,
    /// Seconds without a request after which a session ends.
    pub idle_seconds: f64,
    /// Seconds that a request's head may take to come over HTTP, and then its body.
    pub request_seconds: f64,
}

/// A person's token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct McpToken {
    /// The file that holds it.
    pub file: PathBuf,
    /// What its owner may do here.
    pub rights: Rights,
}

impl Default for McpSettings {
    fn default() -> Self {
        Self {
            tokens: BTreeMap::new(),
            approve: true,
            bytes: 4 << 20,
            sessions: 64,
            idle_seconds: 900.0,
            request_seconds: 15.0,
        }
    }
}

impl McpSettings {
    /// A setting that cannot be, and why.
    pub(super) fn wrong(&self) -> Option<(&'static str, &'static str)> {
        if self.bytes < 1024 {
            return Some(("bytes", "must be at least 1024"));
        }
        if self.sessions == 0 {
            return Some(("sessions", "must be at least 1"));
        }
        if !(self.idle_seconds.is_finite() && self.idle_seconds >= 1.0 && self.idle_seconds <= 86_400.0) {
            return Some(("idle_seconds", "must be at least 1 and at most 86400"));
        }
        if !(self.request_seconds.is_finite() && self.request_seconds >= 1.0 && self.request_seconds <= 3600.0) {
            return Some(("request_seconds", "must be at least 1 and at most 3600"));
        }
        if self.tokens.keys().any(|name| name.trim().is_empty()) {
            return Some(("tokens", "names nobody"));
        }
        None
    }
}

/// A token with rights, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    file: PathBuf,
    #[serde(default)]
    rights: Rights,
}

impl<'de> Deserialize<'de> for McpToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = McpToken;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a file, or { file = \"...\", rights = \"viewer\" }")
            }

            fn visit_str<E>(self, file: &str) -> Result<McpToken, E> {
                Ok(McpToken { file: file.into(), rights: Rights::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<McpToken, A::Error> {
                let Written { file, rights } = Written::deserialize(MapAccessDeserializer::new(map))?;
                Ok(McpToken { file, rights })
            }
        }
        deserializer.deserialize_any(Either)
    }
}
