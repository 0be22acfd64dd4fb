//! Language models behind a provider's endpoint, through rig: which provider, with which key, and how patiently it is asked.

mod keys;
mod provider;
mod spending;
mod transport;

use rig_core::DynModel;
use rig_core::operation::Completion;

use oms_tools::Failure;

use crate::config::Config;

pub(crate) use provider::Provider;
pub use spending::Spending;
pub(crate) use spending::{Budget, Price};

/// A remote model and the name that replies give it.
#[derive(Clone)]
pub struct Remote {
    /// `openai:MODEL`.
    pub(crate) label: String,
    /// Whose model it is.
    pub(crate) provider: Provider,
    /// The address of its server, where one is named.
    pub(crate) address: Option<String>,
    /// The model.
    pub(crate) model: DynModel<Completion>,
    /// What its tokens cost, where the settings say so.
    pub(crate) price: Option<Price>,
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").field("label", &self.label).finish_non_exhaustive()
    }
}

impl Remote {
    /// The model that `PROVIDER:MODEL` names.
    ///
    /// Fails where the provider is unknown, lacks its key or its address, or where a key's file can be read by others.
    pub(crate) fn named(name: &str, config: &Config) -> Result<Self, Failure> {
        let (provider, model) = Provider::parse(name)?;
        let label = format!("{}:{model}", provider.name());
        let model = provider.model(model, config)?;
        let address = provider.base(config)?;
        let price = config.settings.model.prices.get(&label).map(Price::from);
        Ok(Self { label, provider, address, model, price })
    }
}
