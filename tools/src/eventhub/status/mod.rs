//! `eventhub_status`: how the namespace and its hubs are set up, from Azure's management interface.

mod read;
mod tell;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::azure::Azure;
use crate::{CallScope, Effect, Failure, Tool};

/// What `eventhub_status` takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EventhubStatusArguments {
    /// Only this hub; none: all hubs of the namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hub: Option<String>,
    /// True for all namespaces of the subscription, without their hubs.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub every_namespace: bool,
    /// What the person wants to know first.
    pub about: About,
}

/// What an answer begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Everything.
    #[default]
    Everything,
    /// Tier, throughput units, auto-inflate.
    Throughput,
    /// How many partitions.
    Partitions,
    /// How long events are kept.
    Retention,
    /// The consumer groups.
    ConsumerGroups,
    /// Whether Capture is on, and where it writes.
    Capture,
}

/// A namespace as it is set up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NamespaceStatus {
    /// Its name.
    pub name: String,
    /// Its resource group.
    pub resource_group: String,
    /// The region.
    pub location: String,
    /// `Basic`, `Standard` or `Premium`.
    pub tier: String,
    /// Throughput units, of Premium processing units.
    pub units: Option<i32>,
    /// Up to how many units it grows by itself; none: it does not.
    pub grows_to: Option<i32>,
    /// `Active`, or why not.
    pub status: String,
    /// The lowest version of TLS that it accepts.
    pub minimum_tls: Option<String>,
    /// Shared keys are refused: Entra ID alone.
    pub keys_refused: bool,
    /// `Enabled`, `Disabled` or `SecuredByPerimeter`.
    pub public_network: Option<String>,
}

/// A hub as it is set up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HubStatus {
    /// Its name.
    pub name: String,
    /// `Active`, or why not.
    pub status: String,
    /// Its partitions.
    pub partitions: i64,
    /// Hours that events are kept; none for a compacted hub.
    pub kept_hours: Option<i64>,
    /// Keeps the newest event of each key instead of all for a time.
    pub compacted: bool,
    /// The consumer groups.
    pub groups: Vec<String>,
    /// Capture, where it is set up.
    pub capture: Option<CaptureStatus>,
}

/// Capture as it is set up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CaptureStatus {
    /// Set up is not yet on.
    pub on: bool,
    /// A file is closed after these seconds.
    pub seconds: Option<i32>,
    /// Or after these bytes.
    pub bytes: Option<i32>,
    /// Quiet windows leave no file.
    pub skips_empty: bool,
    /// The storage account.
    pub account: Option<String>,
    /// The container in it.
    pub container: Option<String>,
    /// How files are named.
    pub names: Option<String>,
}

/// The answer of `eventhub_status`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StatusReport {
    /// The subscription.
    pub subscription: String,
    /// The namespaces.
    pub namespaces: Vec<NamespaceStatus>,
    /// The hubs of the one namespace that was asked for.
    pub hubs: Vec<HubStatus>,
    /// What the person wants to know first.
    #[serde(skip)]
    pub about: About,
    /// All namespaces were asked for.
    #[serde(skip)]
    pub every_namespace: bool,
}

/// The tool.
#[derive(Debug)]
pub struct EventhubStatus {
    azure: Arc<Azure>,
}

impl EventhubStatus {
    /// The tool over a namespace.
    pub fn new(azure: Arc<Azure>) -> Self {
        Self { azure }
    }
}

impl Tool for EventhubStatus {
    const NAME: &'static str = "eventhub_status";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = EventhubStatusArguments;
    type Report = StatusReport;

    fn description(&self) -> String {
        "Reads how the Event Hubs namespace is set up in Azure: tier, throughput units, auto-inflate, hubs, partitions, \
         retention, consumer groups, Capture and where it writes. What is measured is in `eventhub_metrics`."
            .to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: Self::Arguments) -> Result<Self::Report, Failure> {
        read::read(&self.azure, &arguments).await
    }
}
