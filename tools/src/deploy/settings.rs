//! The settings as they are handed in: `[deploy]` of oms.toml, paths made absolute.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ProgramKind;

/// What is deployed where, with what, and within which bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct DeploySettings {
    /// The environments by name.
    pub environments: BTreeMap<String, DeployEnvironment>,
    /// The environment that is meant where none is named; none: the only one there is.
    pub usual: Option<String>,
    /// Folders, besides those of the environments, that files may come from.
    pub folders: Vec<PathBuf>,
    /// Where a program stands, where it is not to be looked for in the `PATH`.
    pub programs: BTreeMap<ProgramKind, PathBuf>,
    /// The `PATH`.
    pub path: OsString,
    /// The variables that programs may see, with their values.
    pub variables: BTreeMap<String, String>,
    /// Where saved plans and Terraform's working data are kept: a private folder.
    pub state: PathBuf,
    /// The Docker engine's address; none: the usual socket.
    pub docker_host: Option<String>,
    /// The `az` commands that may be run, each as its words: `eventhubs namespace show`.
    pub azure_commands: Vec<String>,
    /// Resource types that hold data: what destroys or replaces one is flagged.
    pub data_stores: Vec<String>,
    /// How long one program may run.
    pub limit: Duration,
    /// How long a program may take to end after it was asked to: Terraform gives its lock up.
    pub grace: Duration,
}

impl Default for DeploySettings {
    fn default() -> Self {
        Self {
            environments: BTreeMap::new(),
            usual: None,
            folders: Vec::new(),
            programs: BTreeMap::new(),
            path: OsString::new(),
            variables: BTreeMap::new(),
            state: PathBuf::new(),
            docker_host: None,
            azure_commands: AZURE_COMMANDS.iter().map(|command| (*command).to_owned()).collect(),
            data_stores: DATA_STORES.iter().map(|kind| (*kind).to_owned()).collect(),
            limit: Duration::from_mins(30),
            grace: Duration::from_secs(20),
        }
    }
}

/// What may be asked of Azure where nothing is configured: it reads, and shows no key.
const AZURE_COMMANDS: &[&str] = &[
    "account show",
    "account list",
    "group list",
    "group show",
    "resource list",
    "resource show",
    "eventhubs namespace list",
    "eventhubs namespace show",
    "eventhubs eventhub list",
    "eventhubs eventhub show",
    "eventhubs eventhub consumer-group list",
    "storage account list",
    "storage account show",
    "monitor metrics list",
    "monitor activity-log list",
    "lock list",
    "role assignment list",
];

/// Types that hold data.
const DATA_STORES: &[&str] = &[
    "azurerm_storage_account",
    "azurerm_storage_container",
    "azurerm_storage_management_policy",
    "azurerm_storage_container_immutability_policy",
    "azurerm_eventhub",
    "azurerm_eventhub_namespace",
    "azurerm_mysql_flexible_server",
    "azurerm_mysql_flexible_database",
    "azurerm_key_vault",
    "azurerm_log_analytics_workspace",
    "azurerm_managed_disk",
    "docker_volume",
];

/// What one environment is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeployEnvironment {
    /// Its cloud.
    pub terraform: Option<TerraformPlace>,
    /// Its hosts.
    pub ansible: Option<AnsiblePlace>,
    /// Its containers.
    pub compose: Option<ComposePlace>,
}

impl DeployEnvironment {
    /// The folders of its parts.
    pub(super) fn folders(&self) -> Vec<PathBuf> {
        let terraform = self.terraform.iter().map(|place| place.folder.clone());
        let ansible = self.ansible.iter().map(|place| place.folder.clone());
        let compose = self.compose.iter().map(|place| place.folder.clone());
        terraform.chain(ansible).chain(compose).collect()
    }

    /// The same with every relative path below a folder.
    pub fn below(&mut self, root: &std::path::Path) {
        if let Some(place) = &mut self.terraform {
            place.folder = root.join(&place.folder);
        }
        if let Some(place) = &mut self.ansible {
            place.folder = root.join(&place.folder);
        }
        if let Some(place) = &mut self.compose {
            place.folder = root.join(&place.folder);
        }
    }
}

/// A Terraform configuration in one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TerraformPlace {
    /// The folder of the configuration.
    pub folder: PathBuf,
    /// Files of variables, below the folder or absolute.
    pub var_files: Vec<PathBuf>,
    /// Files of the backend's settings, likewise.
    pub backend_files: Vec<PathBuf>,
    /// Settings of the backend that stand in no file: `storage_account_name`.
    pub backend: BTreeMap<String, String>,
    /// The workspace; none: `default`.
    pub workspace: Option<String>,
}

/// Ansible's hosts in one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnsiblePlace {
    /// The folder of the playbooks.
    pub folder: PathBuf,
    /// The inventory, below the folder or absolute.
    pub inventory: PathBuf,
    /// The playbook that deploys, below the folder.
    pub playbook: PathBuf,
    /// The file with the vault's password, below the folder or absolute.
    pub vault_password_file: Option<PathBuf>,
}

/// A Compose project in one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ComposePlace {
    /// The folder of the project.
    pub folder: PathBuf,
    /// Its files, below the folder; none: Compose's own choice.
    pub files: Vec<PathBuf>,
    /// Its profiles.
    pub profiles: Vec<String>,
    /// The project's name; none: Compose's own choice.
    pub project: Option<String>,
    /// Variables that the files name.
    pub variables: BTreeMap<String, String>,
}
