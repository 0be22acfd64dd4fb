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
            if name.is_empty() || !name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_') {
                return Err(Failure::refused(format!(
                    "refused the variable `{}`: it is no variable's name",
                    arguments::shown(name)
                )));
            }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot go on ends

    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::FailureKind;
    use crate::deploy::tests::program;
    use crate::deploy::{DeployEnvironment, DeploySettings};

    fn deploy(root: &Path, change: impl FnOnce(&mut ComposePlace)) -> Arc<Deploy> {
        let mut place = ComposePlace { folder: root.join("stack"), ..ComposePlace::default() };
        change(&mut place);
        let environment = DeployEnvironment { compose: Some(place), ..DeployEnvironment::default() };
        Deploy::new(DeploySettings {
            environments: BTreeMap::from([("local".to_owned(), environment)]),
            programs: BTreeMap::from([(ProgramKind::Compose, root.join("bin/docker-compose"))]),
            state: root.join("state"),
            ..DeploySettings::default()
        })
    }

    fn place() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        program(&root.join("bin"), "docker-compose", "exit 1");
        std::fs::create_dir_all(root.join("stack")).unwrap();
        std::fs::write(root.join("stack/compose.yaml"), "services: {}\n").unwrap();
        std::fs::write(root.join("outside.yaml"), "services: {}\n").unwrap();
        std::os::unix::fs::symlink(root.join("outside.yaml"), root.join("stack/linked.yaml")).unwrap();
        (folder, root)
    }

    #[test]
    fn bad_input_is_refused_with_the_reason() {
        let (_folder, root) = place();
        let up = UpOptions::default();
        for (change, why) in [
            (
                (|one: &mut ComposePlace| one.files = vec!["/etc/hostname".into()]) as fn(&mut ComposePlace),
                "outside the configured folders",
            ),
            (|one| one.files = vec!["../outside.yaml".into()], "outside the configured folders"),
            (|one| one.files = vec!["linked.yaml".into()], "a link leads out"),
            (|one| one.files = vec!["com\u{1b}pose.yaml".into()], "control signs"),
            (|one| one.project = Some("--file=/etc/passwd".into()), "looks like an option"),
            (|one| one.project = Some("oms\nother".into()), "more than one line"),
            (|one| one.profiles = vec!["-f".into()], "looks like an option"),
            (|one| one.profiles = vec!["a\u{202e}b".into()], "control signs"),
            (|one| drop(one.variables.insert("A=B".into(), "x".into())), "no variable's name"),
            (|one| drop(one.variables.insert(String::new(), "x".into())), "no variable's name"),
        ] {
            let failure = up_invocation(&deploy(&root, change), "local", &up).unwrap_err();
            assert!(failure.kind == FailureKind::Refused && failure.message.contains(why), "{why}: {failure:?}");
        }
        let sound = deploy(&root, |_| ());
        for (services, scale, why) in [
            (vec!["--build".to_owned()], vec![], "looks like an option"),
            (vec!["web\napp".to_owned()], vec![], "more than one line"),
            (vec![], vec![("-x".to_owned(), 2)], "looks like an option"),
            (vec![], vec![("web=5,app".to_owned(), 2)], "cannot stand in a name"),
        ] {
            let failure = up_invocation(&sound, "local", &UpOptions { services, scale, ..up.clone() }).unwrap_err();
            assert!(failure.kind == FailureKind::Refused && failure.message.contains(why), "{why}: {failure:?}");
        }
        let unknown = up_invocation(&sound, "mars", &up).unwrap_err();
        assert!(unknown.message.contains("no environment named `mars`: there are `local`"), "{unknown}");
        assert!(up_invocation(&sound, "local", &up).is_ok());
        // What Compose reads by itself is confined as well.
        std::os::unix::fs::symlink(root.join("outside.yaml"), root.join("stack/.env")).unwrap();
        let linked = up_invocation(&sound, "local", &up).unwrap_err();
        assert!(linked.message.contains("a link leads out"), "{linked}");
        assert!(down_invocation(&sound, "local", false).is_err());
    }
}
