//! `[local]`: the embedded language model.

use std::path::PathBuf;

use serde::Deserialize;

/// `[local]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LocalSettings {
    /// The program; none: `oms-model` beside this one.
    pub program: Option<PathBuf>,
    /// The model's file; none: the one that `oms model pull` fetched.
    pub file: Option<PathBuf>,
    /// Threads; none: one for each core.
    pub threads: Option<u16>,
    /// Tokens of its context.
    pub context: u32,
    /// Seconds without a question after which it ends.
    pub idle: u32,
    /// Seconds that one step may take.
    pub seconds: f64,
    /// Below this it asks back, 0.0 to 1.0.
    pub threshold: f64,
}

impl Default for LocalSettings {
    fn default() -> Self {
        Self { program: None, file: None, threads: None, context: 4096, idle: 900, seconds: 240.0, threshold: 0.5 }
    }
}

impl LocalSettings {
    /// The setting that cannot be, and why.
    pub(super) fn wrong(&self) -> Option<(&'static str, &'static str)> {
        if self.threads == Some(0) {
            return Some(("threads", "must be at least 1"));
        }
        if !(2048..=32_768).contains(&self.context) {
            return Some(("context", "of the embedded model must be 2048 to 32768 tokens"));
        }
        if !(0.0..=1.0).contains(&self.threshold) {
            return Some(("threshold", "must be 0.0 to 1.0"));
        }
        if !self.seconds.is_finite() || self.seconds <= 0.0 {
            return Some(("seconds", "must be more than 0"));
        }
        None
    }
}
