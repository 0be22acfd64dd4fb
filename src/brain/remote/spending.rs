//! What asking a language model costs: tokens as the provider counts them, and their price.

use oms_tools::Failure;
use rig_core::completion::Usage;
use serde::{Deserialize, Serialize};

use crate::config::{ModelSettings, PriceSettings};

/// The price of a model's tokens in USD for a million.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Price {
    input: f64,
    output: f64,
}

impl From<&PriceSettings> for Price {
    fn from(settings: &PriceSettings) -> Self {
        Self { input: settings.input, output: settings.output }
    }
}

/// What was spent: of a turn, or of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spending {
    /// Calls of a language model.
    pub calls: u64,
    /// Tokens that were sent.
    pub input_tokens: u64,
    /// Tokens that came back.
    pub output_tokens: u64,
    /// USD, as far as prices are known.
    pub usd: f64,
    /// Calls whose price is unknown.
    pub unpriced: u64,
}

impl Spending {
    /// Of one turn's calls. The provider's own figure counts, else the price of the settings.
    pub(crate) fn of(calls: usize, usage: &Usage, price: Option<Price>) -> Self {
        let calls = u64::try_from(calls).unwrap_or(u64::MAX);
        let (input, output) = (usage.input_tokens.unwrap_or(0), usage.output_tokens.unwrap_or(0));
        #[expect(clippy::cast_precision_loss, reason = "a count of tokens is far below 2^53")]
        let priced = |price: Price| (input as f64 * price.input + output as f64 * price.output) / 1e6;
        let usd = price.map(priced).or_else(|| usage.cost.map(|cost| cost.total));
        Self {
            calls,
            input_tokens: input,
            output_tokens: output,
            usd: usd.unwrap_or(0.0),
            unpriced: if usd.is_some() { 0 } else { calls },
        }
    }

    /// With another turn's.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            calls: self.calls + other.calls,
            input_tokens: self.input_tokens + other.input_tokens,
            output_tokens: self.output_tokens + other.output_tokens,
            usd: self.usd + other.usd,
            unpriced: self.unpriced + other.unpriced,
        }
    }
}

impl std::fmt::Display for Spending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.calls == 0 {
            return f.write_str("no language model was asked");
        }
        let calls = if self.calls == 1 { "call" } else { "calls" };
        write!(f, "{} {calls}, {} tokens in, {} tokens out", self.calls, self.input_tokens, self.output_tokens)?;
        match self.unpriced {
            0 => write!(f, ", {:.4} USD", self.usd),
            all if all == self.calls => f.write_str(", price unknown"),
            some => write!(f, ", {:.4} USD without {some} whose price is unknown", self.usd),
        }
    }
}

/// What a conversation may spend on language models.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Budget {
    usd: Option<f64>,
    tokens: Option<u64>,
}

impl From<&ModelSettings> for Budget {
    fn from(settings: &ModelSettings) -> Self {
        Self { usd: settings.budget, tokens: settings.budget_tokens }
    }
}

impl Budget {
    /// Fails where it is used up, or cannot be kept because a price is unknown.
    pub(crate) fn allows(&self, spent: &Spending) -> Result<(), Failure> {
        if let Some(usd) = self.usd {
            if spent.usd >= usd {
                return Err(Failure::refused(format!(
                    "stopped: this conversation has spent {:.4} USD of its {usd:.2} on language models",
                    spent.usd
                ))
                .hint("raise `model.budget`, begin a new conversation with /new, or use `--brain rules`"));
            }
            if spent.unpriced > 0 {
                return Err(Failure::refused("stopped: there is a budget, but what this model costs is unknown")
                    .hint("set `model.prices.\"PROVIDER:MODEL\"` in oms.toml, or use `model.budget_tokens`"));
            }
        }
        let tokens = spent.input_tokens + spent.output_tokens;
        match self.tokens {
            Some(most) if tokens >= most => Err(Failure::refused(format!(
                "stopped: this conversation has used {tokens} of its {most} tokens of language models"
            ))
            .hint("raise `model.budget_tokens`, begin a new conversation with /new, or use `--brain rules`")),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_priced_by_the_settings() {
        let usage = Usage::new().input_tokens(2_000_000).output_tokens(500_000);
        let spent = Spending::of(2, &usage, Some(Price { input: 0.5, output: 2.0 }));
        assert!((spent.usd - 2.0).abs() < 1e-9 && spent.unpriced == 0, "{spent:?}");
        assert_eq!(spent.to_string(), "2 calls, 2000000 tokens in, 500000 tokens out, 2.0000 USD");
        let unknown = Spending::of(1, &usage, None);
        assert!(unknown.to_string().ends_with("price unknown"), "{unknown}");
    }

    #[test]
    fn a_budget_stops() {
        let spent = Spending { calls: 1, input_tokens: 90, output_tokens: 10, usd: 1.0, unpriced: 0 };
        let budget = |usd, tokens| Budget { usd, tokens };
        assert!(budget(None, None).allows(&spent).is_ok());
        assert!(budget(Some(1.5), Some(101)).allows(&spent).is_ok());
        assert!(budget(Some(1.0), None).allows(&spent).is_err());
        assert!(budget(None, Some(100)).allows(&spent).is_err());
        let unpriced = Spending { unpriced: 1, usd: 0.0, ..spent };
        assert!(budget(Some(1.0), None).allows(&unpriced).is_err(), "an unknown price cannot be kept within a budget");
    }
}
