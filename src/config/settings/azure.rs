//! `[azure]`: where the event hub's namespace is in Azure, and as whom it is asked.

use oms_tools::azure::{Cloud, Way};
use serde::Deserialize;
use std::path::PathBuf;

/// `[azure]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AzureSettings {
    /// The cloud.
    pub cloud: Cloud,
    /// The tenant of the subscription; none: the sign-in's own.
    pub tenant: Option<String>,
    /// The subscription's id; none: `AZURE_SUBSCRIPTION_ID`.
    pub subscription: Option<String>,
    /// The resource group of the namespace.
    pub resource_group: Option<String>,
    /// The Event Hubs namespace.
    pub namespace: Option<String>,
    /// How it is signed in.
    pub credential: SignIn,
    /// Authorities that are believed beside this machine's: a PEM file.
    pub certificates: Option<PathBuf>,
    /// Another management endpoint, on this machine alone: for tests.
    pub endpoint: Option<String>,
}

/// How it is signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// The first of the others that is set up here.
    #[default]
    Auto,
    /// `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET`.
    Environment,
    /// `AZURE_FEDERATED_TOKEN_FILE`.
    WorkloadIdentity,
    /// The identity of this machine in Azure.
    ManagedIdentity,
    /// `az login`.
    Cli,
}

impl SignIn {
    /// The ways that may be tried, in their order.
    pub fn ways(self) -> Vec<Way> {
        match self {
            Self::Auto => Way::ALL.to_vec(),
            Self::Environment => vec![Way::Environment],
            Self::WorkloadIdentity => vec![Way::WorkloadIdentity],
            Self::ManagedIdentity => vec![Way::ManagedIdentity],
            Self::Cli => vec![Way::AzureCli],
        }
    }
}
