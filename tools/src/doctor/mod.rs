//! `doctor`: whether what a deployment needs is installed and reachable, and the command that mends what is not.

use std::fmt::Write;
use std::sync::Arc;

use futures::future::join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::containers::Engine;
use crate::deploy::{Deploy, DeployEnvironment, ProgramKind, is_at_least};
use crate::told::Told;
use crate::{CallScope, Effect, Failure, Table, Tool, ToolReport};

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub part: String,
    /// Whether it is as it must be.
    pub ok: bool,
    /// What was found.
    pub said: String,
    /// What mends it.
    pub hints: Vec<String>,
}

/// Everything that was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoctorReport {
    /// One by one.
    pub findings: Vec<Finding>,
}

impl DoctorReport {
    /// Whether all is as it must be.
    pub fn is_sound(&self) -> bool {
        self.findings.iter().all(|finding| finding.ok)
    }
}

/// Whether an environment uses a program.
fn is_used(kind: ProgramKind, environment: &DeployEnvironment) -> bool {
    match kind {
        ProgramKind::Terraform => environment.terraform.is_some(),
        ProgramKind::AnsiblePlaybook | ProgramKind::AnsibleInventory => environment.ansible.is_some(),
        ProgramKind::Compose => environment.compose.is_some(),
        // The engine is spoken to by itself; `az` is asked only where somebody asks.
        ProgramKind::Docker | ProgramKind::Az => false,
    }
}

/// Looks at programs, engine and folders.
pub async fn examine(deploy: &Deploy) -> DoctorReport {
    let programs = join_all(ProgramKind::ALL.iter().map(|kind| program(deploy, *kind))).await;
    let mut findings: Vec<Finding> = programs.into_iter().flatten().collect();
    let uses_engine = deploy.settings().environments.values().any(|environment| environment.compose.is_some());
    findings.push(match engine(deploy).await {
        Ok(version) => {
            Finding { part: "engine".to_owned(), ok: true, said: format!("Docker engine {version}"), hints: Vec::new() }
        }
        Err(failure) => {
            Finding { part: "engine".to_owned(), ok: !uses_engine, said: failure.message, hints: failure.hints }
        }
    });
    for (name, environment) in &deploy.settings().environments {
        findings.push(place(deploy, name, environment));
    }
    DoctorReport { findings }
}

async fn engine(deploy: &Deploy) -> Result<String, Failure> {
    Engine::connect(deploy).await?.version().await
}

async fn program(deploy: &Deploy, kind: ProgramKind) -> Vec<Finding> {
    let part = kind.setting().to_owned();
    let found = deploy.all(kind);
    let used = deploy.settings().environments.values().any(|environment| is_used(kind, environment));
    if found.is_empty() {
        let needed = if used { "" } else { "; no environment needs it" };
        let said = format!("`{}` is not installed{needed}", kind.names().join("` or `"));
        let hints = if used { vec![kind.hint().to_owned()] } else { Vec::new() };
        return vec![Finding { part, ok: !used, said, hints }];
    }
    let versions = join_all(found.iter().map(|one| deploy.version(kind, one))).await;
    let (major, minor) = kind.least();
    let each = found.iter().zip(versions).enumerate().map(|(at, (one, version))| {
        // The first is the one that is used; the others are told.
        let counts = used && at == 0;
        let place = format!("`{}` ({})", one.called, one.program.display());
        match version {
            Ok(version) if is_at_least(&version, kind.least()) => {
                Finding { part: part.clone(), ok: true, said: format!("{place} {version}"), hints: Vec::new() }
            }
            Ok(version) => Finding {
                part: part.clone(),
                ok: !counts,
                said: format!("{place} is version {version}; {major}.{minor} or newer is needed"),
                hints: vec![kind.hint().to_owned()],
            },
            Err(failure) => Finding { part: part.clone(), ok: !counts, said: failure.message, hints: failure.hints },
        }
    });
    each.collect()
}

fn place(deploy: &Deploy, name: &str, environment: &DeployEnvironment) -> Finding {
    let part = format!("environment {name}");
    let folders = [
        ("Terraform", environment.terraform.as_ref().map(|place| &place.folder)),
        ("Ansible", environment.ansible.as_ref().map(|place| &place.folder)),
        ("Compose", environment.compose.as_ref().map(|place| &place.folder)),
    ];
    let mut said = Vec::new();
    for (what, folder) in folders {
        let Some(folder) = folder else { continue };
        match deploy.folders().confine(folder) {
            Ok(folder) => said.push(format!("{what} in {}", folder.display())),
            Err(failure) => return Finding { part, ok: false, said: failure.message, hints: failure.hints },
        }
    }
    Finding { part, ok: true, said: said.join(", "), hints: Vec::new() }
}

/// What `doctor` takes: nothing.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DoctorArguments {}

/// `doctor`.
pub struct Doctor(Arc<Deploy>);

impl Doctor {
    /// The tool over a deployment's settings.
    pub fn new(deploy: Arc<Deploy>) -> Self {
        Self(deploy)
    }
}

impl Tool for Doctor {
    const NAME: &'static str = "doctor";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = DoctorArguments;
    type Report = DoctorReport;

    fn description(&self) -> String {
        "Checks whether the programs of a deployment are installed in versions that work, and whether engine and folders are \
         there."
            .to_owned()
    }

    async fn call(&self, _scope: &CallScope, _arguments: DoctorArguments) -> Result<DoctorReport, Failure> {
        Ok(examine(&self.0).await)
    }
}

impl From<DoctorReport> for ToolReport {
    fn from(report: DoctorReport) -> Self {
        let wrong: Vec<&Finding> = report.findings.iter().filter(|finding| !finding.ok).collect();
        let mut answer = match wrong.len() {
            0 => "Everything that is needed is installed and reachable.".to_owned(),
            1 => "One thing is missing:".to_owned(),
            count => format!("{count} things are missing:"),
        };
        for finding in &wrong {
            write!(answer, "\n{}: {}", finding.part, finding.said).ok();
            for hint in &finding.hints {
                write!(answer, "\n  hint: {hint}").ok();
            }
        }
        let rows = report.findings.iter().map(|finding| {
            [finding.part.clone(), if finding.ok { "ok" } else { "missing" }.to_owned(), finding.said.clone()]
        });
        let table = Table::of_texts(["part", "state", "found"], rows);
        Told::new(answer, serde_json::to_value(&report).unwrap_or_default()).with_table(table).into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot go on ends

    use std::collections::BTreeMap;

    use super::*;
    use crate::deploy::tests::program;
    use crate::deploy::{ComposePlace, DeploySettings, TerraformPlace};

    #[tokio::test]
    async fn what_is_missing_or_too_old_is_told_with_what_mends_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let bin = root.join("bin");
        std::fs::create_dir_all(root.join("infra")).unwrap();
        program(&bin, "terraform", "echo Terraform v1.4.2");
        program(&bin, "tofu", "echo OpenTofu v1.9.0");
        program(&bin, "docker-compose", "echo 2.30.1");
        let environment = DeployEnvironment {
            terraform: Some(TerraformPlace { folder: root.join("infra"), ..TerraformPlace::default() }),
            compose: Some(ComposePlace { folder: root.join("absent"), ..ComposePlace::default() }),
            ..DeployEnvironment::default()
        };
        let deploy = Deploy::new(DeploySettings {
            environments: BTreeMap::from([("dev".to_owned(), environment)]),
            path: bin.into(),
            docker_host: Some(format!("unix://{}/no.sock", root.display())),
            ..DeploySettings::default()
        });
        let report = examine(&deploy).await;
        assert!(!report.is_sound());
        let said = |part: &str| {
            let all = report.findings.iter().filter(|finding| finding.part == part);
            all.map(|finding| format!("{} {}", finding.ok, finding.said)).collect::<Vec<_>>().join("\n")
        };
        assert!(said("terraform").contains("is version 1.4.2; 1.5 or newer is needed"), "{}", said("terraform"));
        assert!(
            said("terraform").starts_with("false ") && said("terraform").contains("true `tofu`"),
            "{}",
            said("terraform")
        );
        assert!(
            said("compose").contains("`docker-compose`") && said("compose").contains("2.30.1"),
            "{}",
            said("compose")
        );
        assert!(said("engine").starts_with("false cannot ask the Docker engine"), "{}", said("engine"));
        assert!(said("environment dev").starts_with("false cannot use"), "{}", said("environment dev"));
    }
}
