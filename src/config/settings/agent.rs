//! `[agent]`: budgets of one turn.

use serde::Deserialize;

/// `[agent]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AgentSettings {
    /// Calls of the model that one turn may make.
    pub calls: usize,
    /// Seconds that one call of a remote model may take.
    pub seconds: f64,
}

impl Default for AgentSettings {
    fn default() -> Self {
        Self { calls: 8, seconds: 60.0 }
    }
}
