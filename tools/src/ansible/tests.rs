#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::hosts::of;
use super::*;
use crate::deploy::tests::program;
use crate::deploy::{AnsiblePlace, Deploy, DeployEnvironment, DeploySettings};
use crate::process::{Watch, find};
use crate::{FailureKind, ToolReport};

/// What the plugin told of the playbook beside it with ansible-core 2.19.
const CHECK: &str = include_str!("../../tests/deploy/ansible-check.jsonl");
const INVENTORY: &str = include_str!("../../tests/deploy/ansible-inventory.json");
const PLAYBOOK: &str = include_str!("../../tests/deploy/site.yml");

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["hosts/inventory/dev", "hosts/inventory/other", "state", "bin", "out"] {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        std::fs::write(folder.path().join("hosts/site.yml"), PLAYBOOK).unwrap();
        let out = folder.path().join("out");
        let inventory = format!(
            "all:\n  vars:\n    ansible_connection: local\n    ansible_python_interpreter: /usr/bin/python3\n    folder: {}\n    \
             db_password: hunter2\n  children:\n    web:\n      hosts:\n        one:\n        two:\n",
            out.display()
        );
        std::fs::write(folder.path().join("hosts/inventory/dev/hosts.yml"), inventory).unwrap();
        std::fs::write(folder.path().join("hosts/inventory/other/hosts.yml"), "all: {}\n").unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn deploy(&self, path: &str, change: impl FnOnce(&mut AnsiblePlace)) -> Arc<Deploy> {
        let mut place = AnsiblePlace {
            folder: self.path("hosts"),
            inventory: "inventory/dev/hosts.yml".into(),
            playbook: "site.yml".into(),
            vault_password_file: None,
        };
        change(&mut place);
        let environment = DeployEnvironment { ansible: Some(place), ..DeployEnvironment::default() };
        Deploy::new(DeploySettings {
            environments: BTreeMap::from([("dev".to_owned(), environment)]),
            path: path.into(),
            state: self.path("state"),
            variables: BTreeMap::from([("HOME".to_owned(), self.path("").display().to_string())]),
            ..DeploySettings::default()
        })
    }

    /// An Ansible that answers with recordings.
    fn recorded(&self, change: impl FnOnce(&mut AnsiblePlace)) -> Arc<Deploy> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/deploy");
        let script = format!(
            "echo \"$@\" >> $HOME/calls\ncase \"$*\" in\n*--syntax-check*) ;;\n*--check*) cat {}/ansible-check.jsonl; exit 2 ;;\nesac",
            here.display()
        );
        program(&self.path("bin"), "ansible-playbook", &script);
        program(&self.path("bin"), "ansible-inventory", &format!("cat {}/ansible-inventory.json", here.display()));
        self.deploy(&format!("{}:/usr/bin:/bin", self.path("bin").display()), change)
    }
}

fn told(report: impl Into<ToolReport>) -> Box<crate::told::Told> {
    let ToolReport::Told(told) = report.into() else { panic!("told") };
    told
}

#[tokio::test]
async fn a_recorded_check_is_told_by_host_and_task() {
    let place = Place::new();
    let deploy = place.recorded(|_| ());
    let found = check(&deploy, None, &AnsibleOptions::default(), &Watch::default()).await.unwrap();
    assert!(found.report.complete && found.report.unread == 0);
    assert_eq!(found.inputs, [place.path("hosts/inventory/dev/hosts.yml"), place.path("hosts/site.yml")]);
    let told = told(found);
    assert_eq!(told.answer, "`site.yml` in `dev` would make 4 changes on 2 of 2 hosts. It fails on `two`.");
    insta::assert_debug_snapshot!(told.table.unwrap().rows);
    let calls = std::fs::read_to_string(place.path("calls")).unwrap();
    let inventory = place.path("hosts/inventory/dev/hosts.yml").display().to_string();
    let playbook = place.path("hosts/site.yml").display().to_string();
    assert_eq!(calls, format!("-i {inventory} --syntax-check {playbook}\n-i {inventory} --check --diff {playbook}\n"));
}

#[test]
fn lines_of_others_and_broken_ones_harm_nothing() {
    let mut report = AnsibleReport::default();
    for line in
        CHECK.lines().chain(["", "ok: [one]", "{}", "{\"oms\": 1", "{\"oms\": 1, \"event\": 5}", "{\"oms\": 1}"])
    {
        report.take(line);
    }
    assert_eq!((report.changed(), report.unread, report.failed()), (4, 2, vec!["two"]));
}

#[test]
fn a_recorded_inventory_is_listed_without_its_variables() {
    let report = of(&serde_json::from_str(INVENTORY).unwrap());
    let told = told(HostsReport { environment: "dev".to_owned(), ..report });
    assert_eq!(told.answer, "`dev` has 2 hosts: `one`, `two`.");
    assert!(!format!("{told:?}").contains("hunter2"));
    assert_eq!(of(&serde_json::json!([])).hosts, []);
    assert_eq!(of(&serde_json::json!({"a": {"hosts": [1, "x"]}, "_meta": 5})).hosts.len(), 1);
}

#[tokio::test]
async fn bad_input_is_refused_with_the_reason() {
    let place = Place::new();
    let deploy = place.recorded(|_| ());
    let with = |change: fn(&mut AnsibleOptions)| {
        let mut options = AnsibleOptions::default();
        change(&mut options);
        options
    };
    for (options, why) in [
        (with(|one| one.playbook = Some("../../etc/passwd".into())), "reads as a path"),
        (with(|one| one.playbook = Some("/etc/x.yml".into())), "reads as a path"),
        (with(|one| one.playbook = Some("--version".into())), "looks like an option"),
        (with(|one| one.playbook = Some("absent.yml".into())), "it is not there"),
        (with(|one| one.playbook = Some("site.yml\n".into())), "more than one line"),
        (with(|one| one.playbook = Some("site\u{1b}[2J.yml".into())), "control signs"),
        (with(|one| one.limit = Some("-e @/etc/passwd".into())), "looks like an option"),
        (with(|one| one.limit = Some("one\u{202e}".into())), "control signs"),
        (with(|one| one.tags = vec!["--step".into()]), "looks like an option"),
        (with(|one| drop(one.variables.insert("-e".into(), "1".into()))), "no variable's name"),
        (with(|one| drop(one.variables.insert("a".into(), "-x".into()))), "looks like an option"),
        (with(|one| one.limit = Some("@/etc/passwd\n".into())), "more than one line"),
        (with(|one| one.tags = vec!["a b".into()]), "cannot stand in a name"),
        (with(|one| drop(one.variables.insert("a b".into(), "1".into()))), "no variable's name"),
        (with(|one| drop(one.variables.insert("a".into(), "1\n2".into()))), "more than one line"),
    ] {
        let failure = check(&deploy, None, &options, &Watch::default()).await.unwrap_err();
        assert!(failure.message.contains(why), "{why}: {failure}");
    }
    std::os::unix::fs::symlink("/etc/hostname", place.path("hosts/out.yml")).unwrap();
    let out = with(|one| one.playbook = Some("out.yml".into()));
    assert!(check(&deploy, None, &out, &Watch::default()).await.unwrap_err().message.contains("a link leads out"));
    std::os::unix::fs::symlink("/etc", place.path("hosts/inventory/linked")).unwrap();
    for (change, why) in [
        (
            (|one: &mut AnsiblePlace| one.inventory = "/etc/hostname".into()) as fn(&mut AnsiblePlace),
            "outside the configured folders",
        ),
        (|one| one.inventory = "../../../../../../etc/hostname".into(), "outside the configured folders"),
        (|one| one.inventory = "inventory/linked/hostname".into(), "a link leads out"),
        (|one| one.vault_password_file = Some("/etc/hostname".into()), "outside the configured folders"),
        (|one| one.playbook = "/etc/hostname".into(), "outside the configured folders"),
    ] {
        let deploy = place.recorded(change);
        let failure = check(&deploy, None, &AnsibleOptions::default(), &Watch::default()).await.unwrap_err();
        assert!(failure.kind == FailureKind::Refused && failure.message.contains(why), "{why}: {failure:?}");
    }
    let failure = check(&deploy, Some("mars"), &AnsibleOptions::default(), &Watch::default()).await.unwrap_err();
    assert!(failure.message.contains("no environment named `mars`: there are `dev`"), "{failure}");
}

/// The real program on this machine, where it is installed (scripts/parts/70-deploy.sh brings it).
#[tokio::test]
async fn real_ansible_checks_and_lists() {
    let path = std::env::var_os("OMS_TEST_ANSIBLE").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into());
    if find(&["ansible-playbook"], &path).is_none() {
        println!("NOT RUN: ansible-playbook is not installed");
        return;
    }
    let path = format!("{}:/usr/bin:/bin", path.to_string_lossy());
    let place = Place::new();
    let deploy = place.deploy(&path, |_| ());
    let found = check(&deploy, Some("dev"), &AnsibleOptions::default(), &Watch::default()).await.unwrap();
    assert_eq!((found.report.changed(), found.report.failed().len(), found.report.unread), (4, 0, 0), "{found:?}");
    let one = &found.report.hosts["one"];
    assert!(one.tasks[0].diff.contains("+hello one"), "{one:?}");
    assert!(one.tasks.iter().any(|task| task.hidden && task.diff.is_empty()), "{one:?}");
    assert!(!serde_json::to_string(&found).unwrap().contains("s3cr3t"));
    assert!(std::fs::read_dir(place.path("out")).unwrap().next().is_none(), "nothing was changed");
    // For real, as a change set would: then nothing is left to change.
    let run = run_invocation(&deploy, "dev", &AnsibleOptions::default()).unwrap();
    let ended = deploy.start(&run).unwrap().run().await.unwrap();
    assert!(ended.status.success(), "{}{}", ended.output, ended.errors);
    assert_eq!(std::fs::read_to_string(place.path("out/motd")).unwrap().lines().count(), 1);
    let limited = AnsibleOptions { limit: Some("one".into()), ..AnsibleOptions::default() };
    let again = check(&deploy, Some("dev"), &limited, &Watch::default()).await.unwrap();
    assert_eq!(again.report.hosts.len(), 1);
    let listed = hosts(&deploy, Some("dev"), &Watch::default()).await.unwrap();
    assert_eq!(listed.hosts.iter().map(|host| host.groups.join(",")).collect::<Vec<_>>(), ["web", "web"]);
    std::fs::write(place.path("hosts/broken.yml"), "- hosts: all\n  tasks:\n    - nam: x\n").unwrap();
    let broken = AnsibleOptions { playbook: Some("broken.yml".into()), ..AnsibleOptions::default() };
    let failure = check(&deploy, Some("dev"), &broken, &Watch::default()).await.unwrap_err();
    assert!(failure.message.contains("couldn't resolve module/action 'nam'"), "{failure}");
}
