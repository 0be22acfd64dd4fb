//! Change sets on disk: `changes/ID/` with the set itself, its state and the approvals, each written as a whole.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ChangeSet, FORMAT, State};
use crate::private::{self, Access, cannot};
use crate::{Failure, FailureKind};

/// Bytes of a stored change set that are read at most.
const LARGEST: u64 = 32 << 20;

/// A person's yes to a digest. The file belongs to the user whose program wrote it, which nobody can forge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who said yes.
    pub person: String,
    /// To what.
    pub digest: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Until when it counts.
    pub expires_at: DateTime<Utc>,
    /// Whether the person typed the environment's name.
    pub typed_name: bool,
}

/// An approval as it was found: with its file's name and owner.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) approval: Approval,
    pub(super) file: String,
    pub(super) owner: String,
}

/// A change set with its state.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The set.
    pub change: ChangeSet,
    /// How far it has come.
    pub state: State,
}

/// The folder of all of them.
#[derive(Clone, Debug)]
pub(super) struct Store {
    folder: PathBuf,
    access: Access,
}

impl Store {
    pub(super) fn new(folder: PathBuf, access: Access) -> Self {
        Self { folder, access }
    }

    fn of(&self, id: &str) -> PathBuf {
        self.folder.join("changes").join(id)
    }

    /// An id that no change set has.
    pub(super) fn new_id(&self) -> Result<String, Failure> {
        let source = Path::new("/dev/urandom");
        for _ in 0..16 {
            let mut bytes = [0; 4];
            File::open(source)
                .and_then(|mut source| source.read_exact(&mut bytes))
                .map_err(|error| cannot("read", source, &error))?;
            let id = format!("c{}", crate::audit::hex(&bytes));
            if !self.of(&id).exists() {
                return Ok(id);
            }
        }
        Err(Failure::new(FailureKind::Internal, "cannot find a free id for a change set"))
    }

    /// Stores a new one.
    pub(super) fn add(&self, change: &ChangeSet, state: &State) -> Result<(), Failure> {
        let folder = self.of(&change.id);
        for folder in [&self.folder, &self.folder.join("changes"), &folder, &folder.join("approvals")] {
            private::folder(folder, self.access)?;
        }
        private::write(&folder.join("change.json"), change.canonical().as_bytes(), self.access)?;
        self.put(&change.id, state)
    }

    /// Writes the state; on the disk when this returns.
    pub(super) fn put(&self, id: &str, state: &State) -> Result<(), Failure> {
        let text = serde_json::to_vec(state)
            .map_err(|_| Failure::new(FailureKind::Internal, "cannot write a change set's state"))?;
        private::write(&self.of(id).join("state.json"), &text, self.access)
    }

    /// A change set by its id. Fails where there is none, and where it is not what was stored.
    pub(super) fn get(&self, id: &str) -> Result<Stored, Failure> {
        if !is_id(id) {
            return Err(none(id));
        }
        let folder = self.of(id);
        let Some(text) = read(&folder.join("change.json"))? else { return Err(none(id)) };
        let tampered = |cause: &str| {
            Failure::refused(format!("refused to use the change set `{id}`: {cause}")).hint("propose it again")
        };
        let change: ChangeSet = serde_json::from_slice(&text).map_err(|_| tampered("its file is no change set"))?;
        let state = read(&folder.join("state.json"))?.ok_or_else(|| tampered("it has no state"))?;
        let state: State = serde_json::from_slice(&state).map_err(|_| tampered("its state cannot be read"))?;
        if change.format != FORMAT {
            return Err(tampered("it is of another version of this program"));
        }
        if change.id != id || change.digest() != state.digest || change.canonical().as_bytes() != text {
            return Err(tampered("it is not what was proposed"));
        }
        if state.steps.len() != change.steps.len() {
            return Err(tampered("its state is of another change set"));
        }
        Ok(Stored { change, state })
    }

    /// All of them, newest first; those that cannot be read are left out.
    pub(super) fn all(&self) -> Result<Vec<Stored>, Failure> {
        let folder = self.folder.join("changes");
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(cannot("read", &folder, &error)),
        };
        let mut all: Vec<Stored> =
            entries.flatten().filter_map(|entry| self.get(&entry.file_name().to_string_lossy()).ok()).collect();
        all.sort_by(|one, two| {
            two.change.proposed_at.cmp(&one.change.proposed_at).then_with(|| two.change.id.cmp(&one.change.id))
        });
        Ok(all)
    }

    /// Stores a person's yes.
    pub(super) fn approve(&self, id: &str, approval: &Approval) -> Result<(), Failure> {
        let text = serde_json::to_vec(approval)
            .map_err(|_| Failure::new(FailureKind::Internal, "cannot write an approval"))?;
        let plain: String = approval.person.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = format!("{}-{plain}-{}.json", approval.at.timestamp_micros(), std::process::id());
        private::write(&self.of(id).join("approvals").join(name), &text, self.access)
    }

    /// The approvals that were given, oldest first.
    pub(super) fn approvals(&self, id: &str) -> Result<Vec<Found>, Failure> {
        let folder = self.of(id).join("approvals");
        let entries = fs::read_dir(&folder).map_err(|error| cannot("read", &folder, &error))?;
        let mut found = Vec::new();
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.extension().is_none_or(|ending| ending != "json")
                || !entry.file_type().is_ok_and(|kind| kind.is_file())
            {
                continue;
            }
            let Ok(mut file) = File::open(&path) else { continue };
            let mut text = Vec::new();
            let (Ok(_), Ok(owner)) = (file.by_ref().take(LARGEST).read_to_end(&mut text), private::owner(&file)) else {
                continue;
            };
            if let Ok(approval) = serde_json::from_slice(&text) {
                found.push(Found { approval, file: name, owner });
            }
        }
        found.sort_by(|one, two| one.file.cmp(&two.file));
        Ok(found)
    }
}

/// Whether this can be an id: nothing else becomes part of a path.
pub fn is_id(text: &str) -> bool {
    text.len() == 9
        && text.starts_with('c')
        && text[1..].bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn none(id: &str) -> Failure {
    let id: String = id.chars().filter(|sign| !sign.is_control()).take(40).collect();
    Failure::new(FailureKind::NotFound, format!("there is no change set `{id}`")).hint("oms change list")
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let mut text = Vec::new();
    match File::open(path).and_then(|file| file.take(LARGEST).read_to_end(&mut text)) {
        Ok(_) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot("read", path, &error)),
    }
}
