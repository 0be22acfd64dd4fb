//! What was taken and what was answered, on disk before anything else happens: so an event has one answer, whatever is killed
//! when.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::Utc;
use oms_tools::{Failure, FailureKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event::Event;
use crate::database::private_folder;

/// Seconds that an answer is remembered.
const REMEMBERED: i64 = 24 * 3600;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    Taken { at: i64, event: Event },
    Answered { at: i64, id: String, answer: Value },
}

/// What is known of an event.
pub(super) enum Known {
    /// It waits for its answer.
    Taken,
    /// It has this answer.
    Answered(Value),
}

/// The journal of one bridge; a second one on the same folder is refused.
pub(super) struct Journal {
    file: File,
    path: PathBuf,
    known: HashMap<String, Option<Value>>,
    _lock: File,
}

impl Journal {
    /// Opens it, and tells what was taken and not answered, in order. What is older than a day is forgotten.
    pub(super) fn open(state: &Path) -> Result<(Self, Vec<Event>), Failure> {
        let folder = state.join("bridge");
        private_folder(&folder)?;
        let path = folder.join("journal.jsonl");
        let cannot = |error: &io::Error| failure(&path, error);
        let open = |path: &Path| OpenOptions::new().create(true).append(true).mode(0o600).open(path);
        let lock = open(&folder.join("lock")).map_err(|error| cannot(&error))?;
        if lock.try_lock().is_err() {
            return Err(Failure::new(FailureKind::Unavailable, "cannot start the bridge: another one runs here")
                .hint("end that one, or give this one another XDG_STATE_HOME"));
        }
        let now = Utc::now().timestamp();
        let mut taken: Vec<(i64, Event)> = Vec::new();
        let mut answers: HashMap<String, (i64, Value)> = HashMap::new();
        match File::open(&path) {
            Ok(file) => {
                for line in BufReader::new(file).lines() {
                    let line = line.map_err(|error| cannot(&error))?;
                    // The last line of a killed bridge may be cut: it was not yet taken, or not yet said.
                    match serde_json::from_str(&line) {
                        Ok(Entry::Taken { at, event }) => taken.push((at, event)),
                        Ok(Entry::Answered { at, id, answer }) => {
                            answers.insert(id, (at, answer));
                        }
                        Err(_) => tracing::warn!("a line of the bridge's journal is cut"),
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(cannot(&error)),
        }
        answers.retain(|_, (at, _)| now - *at < REMEMBERED);
        let mut unfinished = Vec::new();
        let mut text = String::new();
        for (at, event) in taken {
            if let Some((at, answer)) = answers.get(&event.id) {
                text.push_str(&line(&Entry::Taken { at: *at, event: event.clone() }));
                text.push_str(&line(&Entry::Answered { at: *at, id: event.id, answer: answer.clone() }));
            } else if now - at < REMEMBERED {
                text.push_str(&line(&Entry::Taken { at, event: event.clone() }));
                unfinished.push(event);
            }
        }
        let making = path.with_extension("new");
        let write = || -> io::Result<()> {
            let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&making)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&making, &path)
        };
        write().map_err(|error| cannot(&error))?;
        let file = open(&path).map_err(|error| cannot(&error))?;
        let mut known: HashMap<String, Option<Value>> =
            answers.into_iter().map(|(id, (_, answer))| (id, Some(answer))).collect();
        known.extend(unfinished.iter().map(|event| (event.id.clone(), None)));
        Ok((Self { file, path, known, _lock: lock }, unfinished))
    }

    /// What is known of an event.
    pub(super) fn known(&self, id: &str) -> Option<Known> {
        self.known.get(id).map(|answer| answer.clone().map_or(Known::Taken, Known::Answered))
    }

    /// Takes an event: after this it is answered, come what may.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), Failure> {
        self.append(&Entry::Taken { at: Utc::now().timestamp(), event: event.clone() })?;
        self.known.insert(event.id.clone(), None);
        Ok(())
    }

    /// Keeps an answer before it is said.
    pub(super) fn answered(&mut self, id: &str, answer: &Value) -> Result<(), Failure> {
        self.known.insert(id.to_owned(), Some(answer.clone()));
        self.append(&Entry::Answered { at: Utc::now().timestamp(), id: id.to_owned(), answer: answer.clone() })
    }

    /// The SQL behind an answer.
    pub(super) fn sql(&self, id: &str) -> Option<String> {
        self.known.get(id)?.as_ref()?["sql"].as_str().map(str::to_owned)
    }

    fn append(&mut self, entry: &Entry) -> Result<(), Failure> {
        let written = self.file.write_all(line(entry).as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(|error| failure(&self.path, &error))
    }
}

fn line(entry: &Entry) -> String {
    // These types have no map with other keys than text: they can always be written.
    let mut text = serde_json::to_string(entry).unwrap_or_default();
    text.push('\n');
    text
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        FailureKind::Unavailable,
        format!("cannot keep the bridge's journal `{}`: {}", path.display(), error.kind()),
    )
    .hint("is the disk full? `df -h`")
}
