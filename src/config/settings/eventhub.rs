//! `[eventhub]`: the hub, the processor's consumer group, its checkpoints.

use std::path::PathBuf;

use serde::Deserialize;

/// `[eventhub]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventHubSettings {
    /// A connection string with the right to listen.
    pub connection: Option<String>,
    /// A file that holds it.
    pub connection_file: Option<PathBuf>,
    /// The namespace, asked by Entra ID as `[azure]` signs in, instead of a connection string: its name or its host.
    pub namespace: Option<String>,
    /// `host:port` where the namespace is reached, where that is not its own name.
    pub address: Option<String>,
    /// The hub.
    pub hub: String,
    /// The processor's consumer group.
    pub group: String,
    /// Where its checkpoints are: a storage account's connection string, or a container's URL, with a
    /// SAS token or, by Entra ID, without.
    pub checkpoints: Option<String>,
    /// A file that holds that.
    pub checkpoints_file: Option<PathBuf>,
    /// The container of the checkpoints in that account.
    pub container: String,
    /// The container in the same account that Capture writes to, or its own URL; none: `archive.source` is looked at.
    pub capture: Option<String>,
}

impl Default for EventHubSettings {
    fn default() -> Self {
        Self {
            connection: None,
            connection_file: None,
            namespace: None,
            address: None,
            hub: "orders".to_owned(),
            group: "processor".to_owned(),
            checkpoints: None,
            checkpoints_file: None,
            container: "checkpoints".to_owned(),
            capture: None,
        }
    }
}
