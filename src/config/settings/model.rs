//! `[model]`: how remote language models are asked, and what they may cost.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

/// `[model]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelSettings {
    /// Tries of one call: after 429, a server's error or a lost connection it is made again.
    pub tries: u32,
    /// Tokens that the model's context holds; older turns are forgotten before it is full.
    pub context: usize,
    /// USD that a conversation may spend; none: no limit.
    pub budget: Option<f64>,
    /// Tokens, in and out, that a conversation may use; none: no limit.
    pub budget_tokens: Option<u64>,
    /// Files with keys, by provider: `anthropic = "/home/me/anthropic.key"`; only their owner may read them.
    pub keys: BTreeMap<String, PathBuf>,
    /// The tools that a remote model is offered, by name; none: all. A small model does better with few.
    pub tools: Vec<String>,
    /// Whether a remote model must call a tool before it says anything.
    pub tool_choice: ToolChoiceSetting,
    /// The share of each kind of cases that a model must pass before it may propose changes, 0.0 to 1.0.
    pub pass: f64,
    /// Whether a model that was never examined may propose changes.
    pub unexamined: bool,
    /// Prices by `PROVIDER:MODEL`, in USD for a million tokens.
    pub prices: BTreeMap<String, PriceSettings>,
}

/// Who decides whether a tool is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolChoiceSetting {
    /// The model.
    #[default]
    Auto,
    /// The program: a tool must be called until one has answered in this turn, and then none may be. A small model that would
    /// write its calls as text, or make the same one for ever, is held to one.
    Required,
}

/// A model's price in USD for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceSettings {
    /// Of tokens that are sent.
    pub input: f64,
    /// Of tokens that come back.
    pub output: f64,
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            tries: 4,
            context: 100_000,
            budget: None,
            budget_tokens: None,
            keys: BTreeMap::new(),
            tools: Vec::new(),
            tool_choice: ToolChoiceSetting::Auto,
            pass: 0.8,
            unexamined: false,
            prices: BTreeMap::new(),
        }
    }
}

impl ModelSettings {
    /// The setting that cannot be, and why.
    pub(super) fn wrong(&self) -> Option<(&'static str, &'static str)> {
        let price =
            |price: &PriceSettings| [price.input, price.output].iter().all(|usd| usd.is_finite() && *usd >= 0.0);
        if self.tries == 0 || self.tries > 10 {
            return Some(("tries", "must be 1 to 10"));
        }
        if self.context < 4000 {
            return Some(("context", "must be at least 4000 tokens"));
        }
        if !(0.0..=1.0).contains(&self.pass) {
            return Some(("pass", "must be 0.0 to 1.0"));
        }
        if self.budget.is_some_and(|usd| !usd.is_finite() || usd < 0.0) {
            return Some(("budget", "must be 0 or more USD"));
        }
        if !self.prices.values().all(price) {
            return Some(("input", "must be 0 or more USD for a million tokens, and so must `output`"));
        }
        None
    }
}
