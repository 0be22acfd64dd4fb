//! One change at a time for an environment: a lock file that says whose it is. A dead owner's lock is told, and taken over
//! only where a person says so, or where the same change goes on.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::private::{self, Access, cannot};
use crate::{Failure, FailureKind};

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The person.
    pub person: String,
    /// The change set.
    pub change: String,
    /// The machine.
    pub machine: String,
    /// The process.
    pub process: u32,
    /// When that process started, as the kernel counts: process numbers come again.
    pub started: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Owner {
    /// This process, for a change set.
    pub(super) fn this(person: &str, change: &str, since: DateTime<Utc>) -> Self {
        let process = std::process::id();
        Self {
            person: person.to_owned(),
            change: change.to_owned(),
            machine: machine(),
            process,
            started: started(process).unwrap_or_default(),
            since,
        }
    }

    /// Whether its program still runs. On another machine that cannot be known, so it is taken to.
    pub fn lives(&self) -> bool {
        self.machine != machine() || started(self.process).is_some_and(|started| started == self.started)
    }

    /// As a person reads it.
    pub fn spoken(&self) -> String {
        format!(
            "`{}` since {} for `{}` (process {} on `{}`)",
            self.person,
            self.since.format("%Y-%m-%d %H:%M:%SZ"),
            self.change,
            self.process,
            self.machine
        )
    }
}

/// A lock that is held; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Lock {
    file: PathBuf,
    owner: Owner,
    /// Whose it was, where it was taken over.
    pub(super) taken_from: Option<Owner>,
}

/// The locks' folder.
#[derive(Clone, Debug)]
pub(super) struct Locks {
    folder: PathBuf,
    access: Access,
}

impl Locks {
    pub(super) fn new(folder: &Path, access: Access) -> Self {
        Self { folder: folder.join("locks"), access }
    }

    fn file(&self, environment: &str) -> PathBuf {
        self.folder.join(format!("{environment}.json"))
    }

    /// Who holds an environment's lock.
    pub(super) fn holder(&self, environment: &str) -> Option<Owner> {
        fs::read(self.file(environment)).ok().and_then(|text| serde_json::from_slice(&text).ok())
    }

    /// Takes an environment's lock. Fails where a living program holds it, and, unless `take_over` is said or it is held for
    /// the same change set, where a dead one does.
    pub(super) fn take(&self, environment: &str, owner: Owner, take_over: bool) -> Result<Lock, Failure> {
        private::folder(&self.folder, self.access)?;
        let file = self.file(environment);
        // Looking and taking are one step among programs.
        let guard = self.folder.join(format!("{environment}.guard"));
        let guard_file = private::open(&guard, self.access)?;
        guard_file.lock().map_err(|error| cannot("lock", &guard, &error))?;
        let mut taken_from = None;
        if file.exists() {
            let held = self.holder(environment).ok_or_else(|| {
                Failure::new(FailureKind::Unavailable, format!("cannot read the lock `{}`", file.display()))
                    .hint("see who applies something, then remove the file")
            })?;
            if held.lives() {
                return Err(Failure::refused(format!(
                    "refused: `{environment}` is being changed by {}; one change at a time",
                    held.spoken()
                ))
                .hint("wait until it is done, then apply again"));
            }
            if !take_over && held.change != owner.change {
                return Err(Failure::refused(format!(
                    "refused: the lock of `{environment}` is held by {}, and that program has ended",
                    held.spoken()
                ))
                .hint(format!("oms change show {}", held.change))
                .hint(format!("oms change apply {} --take-over", owner.change)));
            }
            fs::remove_file(&file).map_err(|error| cannot("take over", &file, &error))?;
            taken_from = Some(held);
        }
        let text = serde_json::to_vec(&owner).unwrap_or_default();
        make(&file, &text).map_err(|error| cannot("lock", &file, &error))?;
        Ok(Lock { file, owner, taken_from })
    }
}

fn make(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).mode(0o640).open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

impl Drop for Lock {
    fn drop(&mut self) {
        let held: Option<Owner> = fs::read(&self.file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        // Only one's own: it may have been taken over from outside.
        if held.as_ref() == Some(&self.owner) {
            fs::remove_file(&self.file).ok();
        }
    }
}

fn machine() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname").map_or_else(|_| "unknown".to_owned(), |name| name.trim().to_owned())
}

/// When a process started, in ticks since the machine did, with the machine's own start; `None`: it does not run.
fn started(process: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name may hold anything, so fields are counted from its closing parenthesis.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    if fields.first() == Some(&"Z") {
        return None;
    }
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    Some(format!("{}/{}", fields.get(19)?, boot.trim()))
}
