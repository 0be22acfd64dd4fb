#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;

/// A program that says something, where programs are looked for.
pub(crate) fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn settings(root: &Path) -> DeploySettings {
    let folder = |name: &str| {
        let folder = root.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    };
    let terraform = |workspace: &str| TerraformPlace {
        folder: folder("infra"),
        workspace: Some(workspace.to_owned()),
        ..TerraformPlace::default()
    };
    let environments = BTreeMap::from([
        ("dev".to_owned(), DeployEnvironment { terraform: Some(terraform("dev")), ..DeployEnvironment::default() }),
        (
            "local".to_owned(),
            DeployEnvironment {
                compose: Some(ComposePlace { folder: folder("compose"), ..ComposePlace::default() }),
                ..DeployEnvironment::default()
            },
        ),
        ("prod".to_owned(), DeployEnvironment { terraform: Some(terraform("prod")), ..DeployEnvironment::default() }),
    ]);
    DeploySettings {
        environments,
        path: root.join("bin").into(),
        state: folder("state"),
        variables: BTreeMap::from([
            ("ARM_CLIENT_SECRET".to_owned(), "the-clients-own".to_owned()),
            ("HOME".to_owned(), root.display().to_string()),
        ]),
        ..DeploySettings::default()
    }
}

fn deploy(change: impl FnOnce(&mut DeploySettings)) -> (tempfile::TempDir, Arc<Deploy>) {
    let place = tempfile::tempdir().unwrap();
    let mut settings = settings(&place.path().canonicalize().unwrap());
    change(&mut settings);
    (place, Deploy::new(settings))
}

#[test]
fn environments_are_found_by_name_by_use_and_by_default() {
    let (_place, found) = deploy(|_| ());
    assert_eq!(found.terraform(Some("prod")).unwrap().1.workspace.as_deref(), Some("prod"));
    assert_eq!(found.compose(None).unwrap().0, "local", "the only one that uses it");
    let which = found.terraform(None).unwrap_err();
    assert_eq!(which.message, "which environment is meant: `dev`, `prod`?");
    let (_place, usual) = deploy(|settings| settings.usual = Some("dev".to_owned()));
    assert_eq!(usual.terraform(None).unwrap().0, "dev");
    for (name, kind, why) in [
        ("staging", FailureKind::NotFound, "no environment named `staging`: there are `dev`, `local`, `prod`"),
        ("local", FailureKind::NotFound, "environment `local` does not use Terraform; it is used in `dev`, `prod`"),
        ("-destroy", FailureKind::Refused, "looks like an option"),
        ("dev\nprod", FailureKind::Refused, "more than one line"),
        ("../prod", FailureKind::Refused, "reads as a path"),
        ("dev\u{1b}[31m", FailureKind::Refused, "control signs"),
    ] {
        let failure = found.terraform(Some(name)).unwrap_err();
        assert!(failure.kind == kind && failure.message.contains(why), "{name}: {failure:?}");
    }
    let (_place, none) = deploy(|settings| settings.environments.clear());
    assert!(none.is_empty() && none.environment(None).is_err());
}

#[tokio::test]
async fn an_invocation_runs_only_known_programs_in_configured_folders() {
    let (place, deploy) = deploy(|_| ());
    let root = place.path().canonicalize().unwrap();
    let terraform = program(&root.join("bin"), "terraform", "/usr/bin/env | /usr/bin/sort; pwd; echo \"$@\"");
    let mut invocation = deploy.invocation(terraform.clone(), vec!["plan".to_owned()], root.join("infra"));
    invocation.variables.insert("TF_WORKSPACE".to_owned(), "dev".to_owned());
    let ended = deploy.start(&invocation).unwrap().run().await.unwrap();
    let said: Vec<&str> =
        ended.output.lines().filter(|line| !line.starts_with("_=") && !line.starts_with("SHLVL")).collect();
    let infra = root.join("infra").display().to_string();
    assert_eq!(
        said,
        [
            "ARM_CLIENT_SECRET=[hidden]",
            &format!("HOME={}", root.display()),
            "LC_ALL=C.UTF-8",
            &format!("PATH={}", root.join("bin").display()),
            &format!("PWD={infra}"),
            "TF_WORKSPACE=dev",
            &infra,
            "plan",
        ]
    );
    let refused = |program: PathBuf, folder: PathBuf| {
        let invocation = deploy.invocation(program, Vec::new(), folder);
        deploy.start(&invocation).unwrap_err()
    };
    assert!(refused("/bin/sh".into(), infra.clone().into()).message.contains("no program of a deployment"));
    assert!(refused("terraform".into(), infra.clone().into()).message.contains("no program of a deployment"));
    assert!(refused(terraform.clone(), root.clone()).message.contains("outside the configured folders"));
    assert!(refused(root.join("bin/tofu"), infra.into()).message.contains("not there any more"));
    std::os::unix::fs::symlink("/etc", root.join("infra/out")).unwrap();
    assert!(refused(terraform, root.join("infra/out")).message.contains("a link leads out"));
}

#[tokio::test]
async fn programs_are_found_under_each_of_their_names() {
    let (place, deploy) = deploy(|_| ());
    let root = place.path().canonicalize().unwrap();
    let bin = root.join("bin");
    let called = |kind| {
        deploy.all(kind).into_iter().map(|found| found.called).filter(|called| called != "/").collect::<Vec<_>>()
    };
    let failure = deploy.find(ProgramKind::Az);
    if let Err(failure) = failure {
        assert!(failure.to_string().contains("deploy.programs.az"), "{failure}");
    }
    program(&bin, "tofu", "echo OpenTofu v1.9.0");
    program(&bin, "terraform", "echo Terraform v1.4.0");
    assert_eq!(called(ProgramKind::Terraform), ["terraform", "tofu"]);
    let found = deploy.find(ProgramKind::Terraform).unwrap();
    assert_eq!(deploy.version(ProgramKind::Terraform, &found).await.unwrap(), "1.4.0");
    program(&bin, "docker", "echo \"$@\"");
    program(&bin, "docker-compose", "echo 2.30.1");
    program(&root.join(".docker/cli-plugins"), "docker-compose", "echo 2.31.0");
    assert_eq!(called(ProgramKind::Compose), ["docker compose", "docker-compose"]);
    let found = deploy.find(ProgramKind::Compose).unwrap();
    assert_eq!((found.program, found.before), (bin.join("docker"), vec!["compose".to_owned()]));
}
