//! What can be deployed: environments with their places in Terraform, Ansible and Compose, and the programs for them.
//!
//! One value holds the settings and is shared by the tools that look and by the change sets that apply, so that both see the
//! same workspaces, inventories and engines. Nothing here reads the environment: variables are handed in.

mod invocation;
mod programs;
mod settings;
#[cfg(test)]
pub(crate) mod tests;

pub use invocation::Invocation;
pub use programs::{Found, ProgramKind, is_at_least};
pub use settings::{AnsiblePlace, ComposePlace, DeployEnvironment, DeploySettings, TerraformPlace};

use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;

use crate::process::{Folders, arguments};
use crate::redact::{Redactor, is_secret_name};
use crate::{Failure, FailureKind};

/// The settings, checked, with what follows from them.
#[derive(Debug)]
pub struct Deploy {
    settings: DeploySettings,
    folders: Folders,
    redactor: Arc<Redactor>,
}

impl Deploy {
    /// From the settings. Folders that are not there are no failure until something is to run in them.
    pub fn new(settings: DeploySettings) -> Arc<Self> {
        // The folder of our own must be there to be one of the confined ones. Where it cannot be made, what needs it says so.
        if settings.state.is_absolute() {
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&settings.state).ok();
        }
        let places = settings.environments.values().flat_map(DeployEnvironment::folders);
        let folders = Folders::new(settings.folders.iter().cloned().chain(places).chain([settings.state.clone()]));
        let mut redactor = Redactor::default();
        for (name, value) in &settings.variables {
            if is_secret_name(name) {
                redactor.add(value);
            }
        }
        Arc::new(Self { settings, folders, redactor: Arc::new(redactor) })
    }

    /// The settings.
    pub fn settings(&self) -> &DeploySettings {
        &self.settings
    }

    /// Where programs may work and files may come from.
    pub fn folders(&self) -> &Folders {
        &self.folders
    }

    /// What hides the secrets that are known from the settings.
    pub fn redactor(&self) -> &Arc<Redactor> {
        &self.redactor
    }

    /// Whether there is anything to deploy.
    pub fn is_empty(&self) -> bool {
        self.settings.environments.is_empty()
    }

    /// The environment of a name; without a name the only one, or the one that the settings name.
    pub fn environment(&self, name: Option<&str>) -> Result<(&str, &DeployEnvironment), Failure> {
        self.place("an environment", name, Some)
    }

    /// An environment's Terraform place.
    pub fn terraform(&self, name: Option<&str>) -> Result<(&str, &TerraformPlace), Failure> {
        self.place("Terraform", name, |environment| environment.terraform.as_ref())
    }

    /// An environment's Ansible place.
    pub fn ansible(&self, name: Option<&str>) -> Result<(&str, &AnsiblePlace), Failure> {
        self.place("Ansible", name, |environment| environment.ansible.as_ref())
    }

    /// An environment's Compose place.
    pub fn compose(&self, name: Option<&str>) -> Result<(&str, &ComposePlace), Failure> {
        self.place("Compose", name, |environment| environment.compose.as_ref())
    }

    fn place<'a, T>(
        &'a self,
        what: &str,
        name: Option<&str>,
        of: impl Fn(&'a DeployEnvironment) -> Option<&'a T>,
    ) -> Result<(&'a str, &'a T), Failure> {
        let environments = &self.settings.environments;
        let having: Vec<(&str, &T)> =
            environments.iter().filter_map(|(name, found)| of(found).map(|place| (name.as_str(), place))).collect();
        let names = || having.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let Some(name) = name else {
            let usual = self.settings.usual.as_deref();
            return match having.as_slice() {
                [] => Err(Failure::new(FailureKind::NotFound, format!("no environment with {what} is configured"))
                    .hint("set `deploy.environments` in oms.toml, or run oms beside infra/ and compose/")),
                [only] => Ok(*only),
                several => several.iter().find(|(name, _)| Some(*name) == usual).copied().ok_or_else(|| {
                    Failure::invalid(format!("which environment is meant: {}?", names()))
                        .hint("name it, or set `deploy.usual` in oms.toml")
                }),
            };
        };
        arguments::name("the environment", name)?;
        let (name, found) = environments.get_key_value(name).ok_or_else(|| {
            let known = environments.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let known = if known.is_empty() { "none is configured".to_owned() } else { format!("there are {known}") };
            Failure::new(FailureKind::NotFound, format!("no environment named `{name}`: {known}"))
                .hint("name one of these, or add it to `deploy.environments` in oms.toml")
        })?;
        of(found).map(|place| (name.as_str(), place)).ok_or_else(|| {
            let others = if having.is_empty() { String::new() } else { format!("; it is used in {}", names()) };
            Failure::new(FailureKind::NotFound, format!("environment `{name}` does not use {what}{others}"))
        })
    }
}
