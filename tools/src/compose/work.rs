//! How Compose is called for an environment's project.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::deploy::{ComposePlace, Deploy, Found, Invocation, ProgramKind};
use crate::process::arguments;

/// Compose in one environment.
pub(super) struct Work<'a> {
    pub(super) deploy: &'a Deploy,
    pub(super) environment: &'a str,
    pub(super) place: &'a ComposePlace,
    pub(super) folder: PathBuf,
    pub(super) found: Found,
}

impl<'a> Work<'a> {
    pub(super) fn new(deploy: &'a Deploy, environment: Option<&str>) -> Result<Self, Failure> {
        let (environment, place) = deploy.compose(environment)?;
        let folder = deploy.folders().confine(&place.folder)?;
        let found = deploy.find(ProgramKind::Compose)?;
        Ok(Self { deploy, environment, place, folder, found })
    }

    /// The project's files by their real paths.
    pub(super) fn files(&self) -> Result<Vec<PathBuf>, Failure> {
        let usual = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
        let files = if self.place.files.is_empty() {
            let there = usual.iter().map(PathBuf::from).find(|file| self.folder.join(file).is_file());
            there.into_iter().collect()
        } else {
            self.place.files.clone()
        };
        if files.is_empty() {
            return Err(Failure::new(
                crate::FailureKind::NotFound,
                format!("there is no compose file in `{}`", self.folder.display()),
            )
            .hint("set `files` of the environment's compose below `deploy.environments` in oms.toml"));
        }
        files.iter().map(|file| self.deploy.folders().confine(&self.folder.join(file))).collect()
    }

    /// One call of Compose on the project.
    pub(super) fn call(&self, words: &[&str], variables: &BTreeMap<String, String>) -> Result<Invocation, Failure> {
        let mut all = self.found.before.clone();
        let files = self.files()?;
        for file in &files {
            all.extend(["-f".to_owned(), file.display().to_string()]);
        }
        if let Some(project) = &self.place.project {
            all.extend(["-p".to_owned(), arguments::name("the project", project)?.to_owned()]);
        }
        for profile in &self.place.profiles {
            all.extend(["--profile".to_owned(), arguments::name("the profile", profile)?.to_owned()]);
        }
        all.extend(words.iter().map(|word| (*word).to_owned()));
        let mut invocation = self.deploy.invocation(self.found.program.clone(), all, self.folder.clone());
        for (name, value) in self.place.variables.iter().chain(variables) {
            invocation.variables.insert(name.clone(), value.clone());
        }
        invocation.inputs = files;
        let own = self.folder.join(".env");
        if own.is_file() {
            invocation.inputs.push(self.deploy.folders().confine(&own)?);
        }
        Ok(invocation)
    }
}

/// What `up` is called with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpOptions {
    /// Only these services; none: all.
    pub services: Vec<String>,
    /// How many containers of a service.
    pub scale: Vec<(String, u32)>,
    /// Whether images are built first.
    pub build: bool,
    /// Variables that differ from the settings' own, by name.
    pub variables: BTreeMap<String, String>,
}

/// What brings an environment's project up, and waits until it is healthy.
pub fn up_invocation(deploy: &Deploy, environment: &str, options: &UpOptions) -> Result<Invocation, Failure> {
    let work = Work::new(deploy, Some(environment))?;
    let mut call = work.call(&["up", "--detach", "--wait", "--remove-orphans"], &options.variables)?;
    if options.build {
        call.arguments.push("--build".to_owned());
    }
    for (service, count) in &options.scale {
        call.arguments.push("--scale".to_owned());
        call.arguments.push(format!("{}={count}", arguments::name("the service", service)?));
    }
    for service in &options.services {
        call.arguments.push(arguments::name("the service", service)?.to_owned());
    }
    Ok(call)
}

/// What takes an environment's project down; with its volumes, its data is gone.
pub fn down_invocation(deploy: &Deploy, environment: &str, volumes: bool) -> Result<Invocation, Failure> {
    let work = Work::new(deploy, Some(environment))?;
    let mut call = work.call(&["down", "--remove-orphans"], &BTreeMap::new())?;
    if volumes {
        call.arguments.push("--volumes".to_owned());
    }
    Ok(call)
}
