//! `[deploy]`: what is deployed where, and with which programs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use oms_tools::deploy::{DeployEnvironment, ProgramKind};
use serde::Deserialize;

/// `[deploy]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeploySettings {
    /// `[deploy.environments.NAME]` with `terraform`, `ansible` and `compose`; none: infra/ and compose/ beside the working
    /// folder.
    pub environments: BTreeMap<String, DeployEnvironment>,
    /// The environment that is meant where none is named.
    pub usual: Option<String>,
    /// Folders, besides those of the environments, that files may come from.
    pub folders: Vec<PathBuf>,
    /// Where a program stands: `terraform = "/opt/tofu/tofu"`.
    pub programs: BTreeMap<ProgramKind, PathBuf>,
    /// Names of variables that programs may see, besides the usual ones.
    pub variables: Vec<String>,
    /// The Docker engine's address; none: `DOCKER_HOST`, else the usual socket.
    pub docker_host: Option<String>,
    /// The `az` commands that may be asked; none: a list of ones that read.
    pub azure_commands: Option<Vec<String>>,
    /// Resource types, besides the usual ones, that hold data.
    pub data_stores: Vec<String>,
    /// Minutes that one program may run.
    pub minutes: f64,
}

impl Default for DeploySettings {
    fn default() -> Self {
        Self {
            environments: BTreeMap::new(),
            usual: None,
            folders: Vec::new(),
            programs: BTreeMap::new(),
            variables: Vec::new(),
            docker_host: None,
            azure_commands: None,
            data_stores: Vec::new(),
            minutes: 30.0,
        }
    }
}

/// What is wrong with it; `None`: nothing.
pub(super) fn wrong(settings: &DeploySettings) -> Option<(&'static str, &'static str)> {
    let minutes = settings.minutes;
    if !minutes.is_finite() || minutes <= 0.0 || minutes > 1440.0 {
        return Some(("minutes", "must be more than 0 and at most 1440"));
    }
    if settings.programs.values().any(|program| !program.is_absolute()) {
        return Some(("programs", "must name programs by absolute paths"));
    }
    None
}
