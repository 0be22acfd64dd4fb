//! `[bridge]`: who speaks on the bridge.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `[bridge]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BridgeSettings {
    /// The channel's users and who they are for us: `U024BE7LH = "ana"`.
    pub users: BTreeMap<String, String>,
    /// Whether others may ask too; they may do nothing else.
    pub unknown_users: bool,
    /// Questions that one user may ask in a minute.
    pub per_minute: usize,
}

impl Default for BridgeSettings {
    fn default() -> Self {
        Self { users: BTreeMap::new(), unknown_users: true, per_minute: 60 }
    }
}
