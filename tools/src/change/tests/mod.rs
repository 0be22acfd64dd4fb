#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

//! Change sets with real processes: what is applied, what is not, and what is told of it.

mod applying;
mod deciding;
mod runbooks;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::files::{identity, inputs};
use super::*;
use crate::audit::{AuditLog, Event, Filter, Verified};
use crate::deploy::{ComposePlace, Deploy, DeployEnvironment, DeploySettings, Invocation, ProgramKind};
use crate::private::Access;
use crate::{Failure, Principal};

/// Change sets of a folder, with a program that leaves marks.
pub(super) struct Place {
    folder: tempfile::TempDir,
    pub(super) changes: Changes,
}

impl Place {
    pub(super) fn new() -> Self {
        Self::with(|_| ())
    }

    pub(super) fn with(change: impl FnOnce(&mut Policy)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("stack")).unwrap();
        fs::write(root.join("stack/compose.yaml"), "services: {}\n").unwrap();
        let program = root.join("docker-compose");
        // Each step says which it is, does what its second word says, and leaves a mark when it is done.
        let script = "#!/bin/sh\necho \"step $1\"\neval \"$2\"\ntouch \"$1.done\"\n";
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let place = ComposePlace { folder: root.join("stack"), ..ComposePlace::default() };
        let environment = DeployEnvironment { compose: Some(place), ..DeployEnvironment::default() };
        let settings = DeploySettings {
            environments: ["local", "prod"].map(|name| (name.to_owned(), environment.clone())).into(),
            programs: BTreeMap::from([(ProgramKind::Compose, program)]),
            path: "/usr/bin:/bin".into(),
            state: root.join("state"),
            ..DeploySettings::default()
        };
        let mut policy = Policy::default();
        change(&mut policy);
        let record = AuditLog::new(root.join("audit"), Access::Owner);
        let changes = Changes::new(root, Access::Owner, record, policy, Deploy::new(settings));
        Self { folder, changes }
    }

    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// A change set of steps that each run a shell's words, proposed.
    pub(super) fn propose(&self, environment: &str, steps: &[&str]) -> Shown {
        self.try_propose(environment, steps, &Blast::default()).unwrap()
    }

    pub(super) fn try_propose(&self, environment: &str, steps: &[&str], blast: &Blast) -> Result<Shown, Failure> {
        let root = self.root();
        let program = root.join("docker-compose");
        let step = |(place, words): (usize, &&str)| Step {
            name: format!("do the part {}", place + 1),
            tool: "compose_plan".into(),
            invocation: Invocation {
                program: program.clone(),
                arguments: vec![root.join(format!("mark-{}", place + 1)).display().to_string(), (*words).to_owned()],
                folder: root.join("stack"),
                variables: BTreeMap::new(),
                inputs: Vec::new(),
                seconds: 60,
            },
            program: identity(&program).unwrap(),
            inputs: inputs(&[root.join("stack/compose.yaml")], &root.join("state")).unwrap(),
            plan: None,
            touches: vec!["web-1".into()],
            touches_left_out: 0,
            blast: blast.clone(),
            undo: Undo::Impossible { why: "it is a test".into() },
        };
        self.changes.add(ChangeSet {
            format: FORMAT,
            id: String::new(),
            summary: "do the parts".into(),
            runbook: "deploy_local".into(),
            arguments: BTreeMap::new(),
            environment: environment.into(),
            proposed_by: "ana".into(),
            proposed_at: DateTime::<Utc>::UNIX_EPOCH,
            expires_at: DateTime::<Utc>::UNIX_EPOCH,
            steps: steps.iter().enumerate().map(step).collect(),
            checks: Vec::new(),
            blast: blast.clone(),
            notes: Vec::new(),
        })
    }

    pub(super) fn decide(&self, person: &str, shown: &Shown, decision: &Decision) -> Result<Shown, Failure> {
        let id = &shown.stored.change.id;
        self.changes.decide(&Person::present(named(person)), id, &shown.stored.state.digest, decision)
    }

    pub(super) fn approve(&self, person: &str, shown: &Shown) -> Result<Shown, Failure> {
        self.decide(person, shown, &Decision::Approve { typed_name: None })
    }

    pub(super) async fn apply(&self, shown: &Shown) -> Result<Shown, Failure> {
        self.changes.apply(&me(), &shown.stored.change.id, false, &Watching::default()).await
    }

    /// Which steps left their mark.
    pub(super) fn marks(&self) -> Vec<usize> {
        (1..=5).filter(|number| self.root().join(format!("mark-{number}.done")).exists()).collect()
    }

    /// The kinds of what is on record about a change set, and that the record is whole.
    pub(super) fn recorded(&self) -> Vec<String> {
        assert!(matches!(self.changes.record.verify().unwrap(), Verified::Whole { .. }));
        let mut kinds = Vec::new();
        self.changes
            .record
            .show(&Filter::default(), |record| {
                let event = serde_json::to_value(&record.event).unwrap();
                let status = match &record.event {
                    Event::StepEnded { status, .. } | Event::ApplyEnded { status, .. } => format!(" {status}"),
                    _ => String::new(),
                };
                kinds.push(format!("{}{status}", event["event"].as_str().unwrap()));
            })
            .unwrap();
        kinds
    }
}

/// Who runs the tests: approvals count for the user who owns their files.
pub(super) fn me() -> Principal {
    named(&crate::private::user_name(rustix::process::geteuid().as_raw()))
}

pub(super) fn named(name: &str) -> Principal {
    Principal { name: name.to_owned() }
}

pub(super) fn edit(path: &Path, change: impl FnOnce(String) -> String) {
    fs::write(path, change(fs::read_to_string(path).unwrap())).unwrap();
}

/// Shared with what runs.
pub(super) type Lines = Arc<std::sync::Mutex<Vec<String>>>;
