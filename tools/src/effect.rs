//! What a tool does to the world. There is no default: every tool says it.

use serde::{Deserialize, Serialize};

/// The declared effect of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Looks and changes nothing.
    Reads,
    /// Prepares a change set that a person can approve; changes nothing itself.
    Proposes,
    /// Changes the world, after an approval.
    Applies,
}
