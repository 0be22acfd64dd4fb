//! `[agent]`: budgets of one turn, and how long what was said is kept.

use serde::Deserialize;

/// `[agent]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AgentSettings {
    /// Calls of the model that one turn may make.
    pub calls: usize,
    /// Seconds that one call of a remote model may take.
    pub seconds: f64,
    /// Days after which a named session (`--session`) in which nobody spoke is forgotten; 0: never.
    pub keep_days: u32,
}

impl Default for AgentSettings {
    fn default() -> Self {
        Self { calls: 8, seconds: 60.0, keep_days: 365 }
    }
}
