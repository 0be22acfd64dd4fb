//! What the environment says of a sign-in to Azure: Azure's own variables, and what the Azure CLI needs.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// Azure's variables. Secrets among them are kept from being shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AzureEnvironment {
    /// `AZURE_TENANT_ID`.
    pub tenant: Option<String>,
    /// `AZURE_CLIENT_ID`.
    pub client: Option<String>,
    /// `AZURE_CLIENT_SECRET`.
    pub secret: Option<String>,
    /// `AZURE_FEDERATED_TOKEN_FILE`.
    pub token_file: Option<PathBuf>,
    /// `AZURE_AUTHORITY_HOST`.
    pub authority: Option<String>,
    /// `AZURE_SUBSCRIPTION_ID`.
    pub subscription: Option<String>,
    /// What the Azure CLI is run with: where it keeps its sign-in, and how it gets out.
    pub cli: Vec<(OsString, OsString)>,
}

/// Variables that the Azure CLI is run with.
const CLI: [&str; 12] = [
    "HOME",
    "PATH",
    "LANG",
    "AZURE_CONFIG_DIR",
    "REQUESTS_CA_BUNDLE",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "https_proxy",
    "http_proxy",
    "no_proxy",
    "XDG_CONFIG_HOME",
];

impl AzureEnvironment {
    pub(super) fn read() -> Self {
        let text = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            tenant: text("AZURE_TENANT_ID"),
            client: text("AZURE_CLIENT_ID"),
            secret: text("AZURE_CLIENT_SECRET"),
            token_file: text("AZURE_FEDERATED_TOKEN_FILE").map(PathBuf::from),
            authority: text("AZURE_AUTHORITY_HOST"),
            subscription: text("AZURE_SUBSCRIPTION_ID"),
            cli: CLI.iter().filter_map(|name| Some((OsString::from(name), env::var_os(name)?))).collect(),
        }
    }
}

impl std::fmt::Debug for AzureEnvironment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AzureEnvironment")
            .field("tenant", &self.tenant)
            .field("secret", &self.secret.is_some())
            .finish_non_exhaustive()
    }
}
