//! The programs of a deployment: where they stand, under which name, and in which version.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Deploy;
use crate::process::{Program, can_run, find};
use crate::{Failure, FailureKind};

/// A program that a deployment needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProgramKind {
    /// Terraform or `OpenTofu`.
    Terraform,
    /// Runs playbooks.
    AnsiblePlaybook,
    /// Reads inventories.
    AnsibleInventory,
    /// Docker's own command line.
    Docker,
    /// Compose, as Docker's plugin or alone.
    Compose,
    /// Azure's command line.
    Az,
}

impl ProgramKind {
    /// All of them, in the order in which they are told.
    pub const ALL: &'static [Self] =
        &[Self::Terraform, Self::AnsiblePlaybook, Self::AnsibleInventory, Self::Docker, Self::Compose, Self::Az];

    /// The names that it goes by, the preferred one first.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Terraform => &["terraform", "tofu"],
            Self::AnsiblePlaybook => &["ansible-playbook"],
            Self::AnsibleInventory => &["ansible-inventory"],
            Self::Docker => &["docker"],
            Self::Compose => &["docker-compose"],
            Self::Az => &["az"],
        }
    }

    /// The setting that names it: `deploy.programs.terraform`.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::AnsiblePlaybook => "ansible-playbook",
            Self::AnsibleInventory => "ansible-inventory",
            Self::Docker => "docker",
            Self::Compose => "compose",
            Self::Az => "az",
        }
    }

    /// The oldest version that is used here.
    pub fn least(self) -> (u32, u32) {
        match self {
            Self::Terraform => (1, 5),
            Self::AnsiblePlaybook | Self::AnsibleInventory => (2, 14),
            Self::Docker => (20, 10),
            Self::Compose => (2, 0),
            Self::Az => (2, 40),
        }
    }

    /// How a missing one is got.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Terraform => "install terraform or tofu",
            Self::AnsiblePlaybook | Self::AnsibleInventory => "pip install -r infra/ansible/requirements.txt",
            Self::Docker => "apt-get install docker.io",
            Self::Compose => "install Docker's compose plugin, or docker-compose 2 or newer",
            Self::Az => "install the Azure CLI",
        }
    }
}

/// A program that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Where it stands.
    pub program: PathBuf,
    /// What stands before every argument: `compose` for Docker's plugin.
    pub before: Vec<String>,
    /// As it is typed: `docker compose`, `tofu`.
    pub called: String,
}

impl Deploy {
    /// Where a program stands: as configured, else in the `PATH`.
    pub fn find(&self, kind: ProgramKind) -> Result<Found, Failure> {
        self.all(kind).into_iter().next().ok_or_else(|| {
            let names = kind.names().join("` or `");
            Failure::new(FailureKind::Unavailable, format!("cannot run `{names}`: it is not on the PATH"))
                .hint(kind.hint())
                .hint(format!("or set `deploy.programs.{}` in oms.toml", kind.setting()))
        })
    }

    /// Every way in which a program is there, the preferred one first.
    pub fn all(&self, kind: ProgramKind) -> Vec<Found> {
        if let Some(configured) = self.settings().programs.get(&kind) {
            // Docker itself in Compose's place means its plugin.
            let is_docker = kind == ProgramKind::Compose && configured.file_name().is_some_and(|name| name == "docker");
            let before = if is_docker { vec!["compose".to_owned()] } else { Vec::new() };
            let called = configured.display().to_string();
            return vec![Found { program: configured.clone(), before, called }];
        }
        let path = &self.settings().path;
        let mut all = Vec::new();
        if kind == ProgramKind::Compose
            && let Some(docker) = find(&["docker"], path)
            && self.has_plugin()
        {
            all.push(Found {
                program: docker,
                before: vec!["compose".to_owned()],
                called: "docker compose".to_owned(),
            });
        }
        for name in kind.names() {
            if let Some(program) = find(&[name], path) {
                all.push(Found { program, before: Vec::new(), called: (*name).to_owned() });
            }
        }
        all
    }

    /// Whether Docker's own command line knows `compose`. Looked up as it looks, without running it.
    fn has_plugin(&self) -> bool {
        let variables = &self.settings().variables;
        let own = variables.get("DOCKER_CONFIG").map(PathBuf::from);
        let own = own.or_else(|| variables.get("HOME").map(|home| PathBuf::from(home).join(".docker")));
        let usual = ["/usr/local/lib/docker", "/usr/local/libexec/docker", "/usr/lib/docker", "/usr/libexec/docker"];
        own.into_iter()
            .chain(usual.into_iter().map(PathBuf::from))
            .any(|folder| can_run(&folder.join("cli-plugins/docker-compose")))
    }

    /// The version that a found program says it has, as `1.11.4`.
    pub async fn version(&self, kind: ProgramKind, found: &Found) -> Result<String, Failure> {
        let words: &[&str] = match kind {
            ProgramKind::Terraform | ProgramKind::Az => &["version"],
            ProgramKind::Compose => &["version", "--short"],
            ProgramKind::Docker | ProgramKind::AnsiblePlaybook | ProgramKind::AnsibleInventory => &["--version"],
        };
        let mut program = Program::new(&found.program, "/")
            .arguments(&found.before)
            .arguments(words)
            .limit(Duration::from_mins(1))
            .variable("PATH", &self.settings().path)
            .variable("LC_ALL", "C.UTF-8")
            .variable("CHECKPOINT_DISABLE", "1");
        for (name, value) in &self.settings().variables {
            program = program.variable(name, value);
        }
        let ended = program.run().await?;
        if !ended.status.success() {
            return Err(Failure::new(
                FailureKind::Unavailable,
                format!("`{}` does not tell its version", found.called),
            ));
        }
        version_in(&ended.output).ok_or_else(|| {
            Failure::new(FailureKind::Unavailable, format!("`{}` does not tell its version", found.called))
        })
    }
}

/// Whether a version is at least another one.
pub fn is_at_least(version: &str, (major, minor): (u32, u32)) -> bool {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= (major, minor)
}

/// The first `1.2` or `1.2.3` in a text.
fn version_in(text: &str) -> Option<String> {
    text.split(|sign: char| !(sign.is_ascii_digit() || sign == '.'))
        .map(|word| word.trim_matches('.'))
        .find(|word| word.contains('.') && word.split('.').all(|part| !part.is_empty()))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_say() {
        for (said, version) in [
            ("Terraform v1.11.4\non linux_amd64\n", "1.11.4"),
            ("OpenTofu v1.9.0\non linux_amd64\n", "1.9.0"),
            ("ansible-playbook [core 2.19.14]\n  config file = None\n", "2.19.14"),
            ("Docker version 28.2.2, build e6534b4\n", "28.2.2"),
            ("5.6.1\n", "5.6.1"),
            ("docker-compose version 1.29.2, build unknown\n", "1.29.2"),
            ("{\n  \"azure-cli\": \"2.77.0\"\n}", "2.77.0"),
        ] {
            assert_eq!(version_in(said).as_deref(), Some(version), "{said}");
        }
        assert_eq!(version_in("no version here, not v1 nor 2"), None);
        assert!(is_at_least("2.19.14", (2, 14)) && is_at_least("5.6.1", (2, 0)) && is_at_least("1.5.0", (1, 5)));
        assert!(!is_at_least("1.29.2", (2, 0)) && !is_at_least("1.4.9", (1, 5)) && !is_at_least("", (0, 1)));
    }
}
