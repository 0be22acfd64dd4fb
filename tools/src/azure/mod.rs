//! Azure's management interface: who we are there, where it is, and what its refusals mean to a person.
//!
//! Reads alone: every request is a GET. Tokens are sent to the cloud's own management host, or to this machine where a test
//! stands in for it; nothing else ever sees one.

mod arm;
mod carrier;
mod cli;
mod cloud;
mod credentials;
mod legacy;
mod refusal;
#[cfg(test)]
pub(crate) mod stand_in;
#[cfg(test)]
pub(crate) mod tests;

pub use cli::AzureCli;
pub use cloud::Cloud;
pub use credentials::{Credentials, EnvironmentCredential, Way};

pub(crate) use arm::Got;
pub(crate) use legacy::{eventhub_client, failure as management_failure};

use std::time::Duration;

use reqwest::Url;

use crate::{Failure, FailureKind, trust};

/// Where our namespace is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AzurePlace {
    /// The cloud.
    pub cloud: Cloud,
    /// The tenant that the subscription belongs to; none: the sign-in's own.
    pub tenant: Option<String>,
    /// The subscription's id.
    pub subscription: Option<String>,
    /// The resource group of the namespace.
    pub resource_group: Option<String>,
    /// The Event Hubs namespace.
    pub namespace: Option<String>,
    /// Another management endpoint, on this machine alone; none: the cloud's.
    pub endpoint: Option<String>,
}

/// A client of one subscription's management interface.
pub struct Azure {
    place: AzurePlace,
    endpoint: Url,
    credentials: Credentials,
    /// Why there is none is told when it is needed.
    http: Result<reqwest::Client, Failure>,
}

impl std::fmt::Debug for Azure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Azure").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Azure {
    /// How long one request may take.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// A client for this place, that believes whom the sign-in believes. Fails where the endpoint would send tokens to another
    /// machine, or in the clear.
    pub fn new(place: AzurePlace, credentials: Credentials) -> Result<Self, Failure> {
        let endpoint = match &place.endpoint {
            Some(given) => cloud::on_this_machine(given)?,
            None => Url::parse(place.cloud.management()).map_err(|_| {
                Failure::new(FailureKind::Internal, "cannot use the cloud's management address: it is no URL")
            })?,
        };
        // A redirect could carry the token elsewhere; the management interface answers reads itself.
        let http = credentials
            .trust()
            .http()
            .and_then(|builder| builder.timeout(Self::PATIENCE).build().map_err(|_| trust::none()));
        Ok(Self { place, endpoint, credentials, http })
    }

    /// Where it looks.
    pub fn place(&self) -> &AzurePlace {
        &self.place
    }

    /// The subscription. Fails with the setting that names it.
    pub(crate) fn subscription(&self) -> Result<&str, Failure> {
        named(
            self.place.subscription.as_deref(),
            "subscription",
            "its subscription is not set",
            &[
                "set `azure.subscription` in oms.toml, or AZURE_SUBSCRIPTION_ID",
                "`az account show --query id --output tsv` tells the one of your sign-in",
            ],
        )
    }

    /// The resource group.
    pub(crate) fn resource_group(&self) -> Result<&str, Failure> {
        named(
            self.place.resource_group.as_deref(),
            "resource group",
            "its resource group is not set",
            &[
                "set `azure.resource_group` in oms.toml",
                "`az eventhubs namespace list --output table` tells the namespaces with their resource groups",
            ],
        )
    }

    /// The namespace.
    pub(crate) fn namespace(&self) -> Result<&str, Failure> {
        named(
            self.place.namespace.as_deref(),
            "namespace",
            "no Event Hubs namespace is set",
            &[
                "set `azure.namespace` (with `azure.resource_group` and `azure.subscription`) in oms.toml",
                "`az eventhubs namespace list --output table` tells them",
            ],
        )
    }

    /// The namespace's resource id.
    pub(crate) fn namespace_id(&self) -> Result<String, Failure> {
        // Asked in this order, so that with nothing set the namespace is what is missed.
        let namespace = self.namespace()?;
        let (group, subscription) = (self.resource_group()?, self.subscription()?);
        Ok(format!(
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventHub/namespaces/{namespace}"
        ))
    }
}

/// A part of an address: set, and nothing but a name, so that it cannot lead to another resource.
fn named<'a>(value: Option<&'a str>, what: &str, missing: &str, hints: &[&str]) -> Result<&'a str, Failure> {
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        let failure = Failure::new(FailureKind::Unavailable, format!("cannot ask Azure: {missing}"));
        return Err(hints.iter().fold(failure, |failure, hint| failure.hint(*hint)));
    };
    let name = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '(' | ')');
    if !value.chars().all(name) || value.chars().all(|letter| letter == '.') || value.len() > 90 {
        return Err(Failure::invalid(format!("cannot ask Azure: `{}` is no {what}", value.escape_debug()))
            .hint(hints.first().copied().unwrap_or("check the settings below `[azure]`")));
    }
    Ok(value)
}
