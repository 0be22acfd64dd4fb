//! `[orders]`: what the orders mean.

use std::path::PathBuf;

use serde::Deserialize;

/// `[orders]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrdersSettings {
    /// A folder with the semantic model's `*.yaml` files; none: the built-in ones.
    pub model: Option<PathBuf>,
}
