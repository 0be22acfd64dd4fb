//! The sovereign clouds: each has hosts of its own, and a token of one is worth nothing in another.

use azure_core::cloud::CloudConfiguration;
use reqwest::Url;
use serde::Deserialize;

use crate::Failure;

/// A cloud.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cloud {
    /// Azure.
    #[default]
    Public,
    /// Azure Government (United States).
    UsGovernment,
    /// Azure in China (21Vianet).
    China,
}

impl Cloud {
    /// The address of the management interface.
    pub fn management(self) -> &'static str {
        match self {
            Self::Public => "https://management.azure.com/",
            Self::UsGovernment => "https://management.usgovcloudapi.net/",
            Self::China => "https://management.chinacloudapi.cn/",
        }
    }

    /// What the host of every Event Hubs namespace ends with.
    pub fn event_hubs(self) -> &'static str {
        match self {
            Self::Public => "servicebus.windows.net",
            Self::UsGovernment => "servicebus.usgovcloudapi.net",
            Self::China => "servicebus.chinacloudapi.cn",
        }
    }

    /// What a token for the management interface is asked for.
    pub fn scope(self) -> String {
        format!("{}.default", self.management())
    }

    /// The name that `az cloud set --name` takes.
    pub fn az_name(self) -> &'static str {
        match self {
            Self::Public => "AzureCloud",
            Self::UsGovernment => "AzureUSGovernment",
            Self::China => "AzureChinaCloud",
        }
    }

    /// What `azure_identity` calls it; decides where tokens come from.
    pub(super) fn configuration(self) -> CloudConfiguration {
        match self {
            Self::Public => CloudConfiguration::AzurePublic,
            Self::UsGovernment => CloudConfiguration::AzureGovernment,
            Self::China => CloudConfiguration::AzureChina,
        }
    }
}

/// An endpoint that is not a cloud's: it gets our tokens, so it must be on this machine.
pub(super) fn on_this_machine(text: &str) -> Result<Url, Failure> {
    let wrong = |cause: &str| {
        Failure::invalid(format!("cannot use `azure.endpoint`: {cause}"))
            .hint("leave it out: `azure.cloud` chooses the cloud's own endpoint")
    };
    let url = Url::parse(text).map_err(|_| wrong("it is no URL"))?;
    let local = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    if !local {
        return Err(wrong("tokens would go to it, and it is not on this machine"));
    }
    // Here too: any user of this machine may listen on a port that a stand-in has left.
    if url.scheme() != "https" {
        return Err(wrong("tokens would go to it in the clear; it must begin with `https://`")
            .hint("`azure.certificates` names the authority of a stand-in's certificate"));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() {
        return Err(wrong("it has a path or a query"));
    }
    Ok(url)
}
