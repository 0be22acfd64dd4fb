//! What was taken, begun, answered and said, on disk before anything else happens: so an event has one answer and one
//! effect, whatever is killed when.
//!
//! Two files for each hour: `events-*.jsonl` tells what happened to each event, `answers-*.jsonl` holds the answers, which
//! stay on disk; memory holds where each is. What is older than a day is forgotten, but never what was not answered.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::Utc;
use oms_tools::{Failure, FailureKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::event::Event;
use crate::database::private_folder;

/// Hours that an answer is remembered.
const REMEMBERED: i64 = 24;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    Taken { event: Event },
    Began { id: String },
    Proposing { id: String, proposing: Proposing },
    Answered { id: String, offset: u64, length: u64, shown: Option<ShownChange> },
    Said { ids: Vec<String> },
}

/// A proposal that was about to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Proposing {
    pub(super) runbook: String,
    /// Milliseconds since 1970.
    pub(super) at: i64,
}

/// A change set that an answer showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ShownChange {
    pub(super) id: String,
    pub(super) digest: String,
}

/// An answer as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    /// The line that is said.
    pub(super) message: Value,
    /// The SQL behind it.
    pub(super) sql: Option<String>,
}

/// What is known of an event.
pub(super) enum Known {
    /// It waits for its answer.
    Taken,
    /// It has this answer.
    Answered(Value),
}

/// What an earlier bridge left to do.
#[derive(Default)]
pub(super) struct Left {
    /// Answers that may not have been said.
    pub(super) unsaid: Vec<(String, Value)>,
    /// Events without an answer, in the order in which they were taken.
    pub(super) unanswered: Vec<Unanswered>,
}

/// An event without an answer, and how far it came.
pub(super) struct Unanswered {
    pub(super) event: Event,
    pub(super) began: bool,
    pub(super) proposing: Option<Proposing>,
}

/// Where an answer is; without a length: nowhere yet.
#[derive(Clone, Copy)]
struct Place {
    hour: i64,
    offset: u64,
    length: u64,
}

/// A hash of an event's id: memory does not grow with what a bot names its events.
type Key = [u8; 16];

fn key(id: &str) -> Key {
    let mut key = [0; 16];
    key.copy_from_slice(&Sha256::digest(id.as_bytes())[..16]);
    key
}

/// The journal of one bridge; a second one on the same folder is refused.
pub(super) struct Journal {
    folder: PathBuf,
    hour: i64,
    events: File,
    answers: File,
    written: u64,
    known: HashMap<Key, Place>,
    shown: HashMap<String, (String, i64)>,
    claimed: HashSet<String>,
    _lock: File,
}

impl Journal {
    /// Opens it, and tells what an earlier bridge left to do.
    pub(super) fn open(state: &Path) -> Result<(Self, Left), Failure> {
        let folder = state.join("bridge");
        private_folder(&folder)?;
        let lock = append(&folder.join("lock")).map_err(|error| failure(&folder, &error))?;
        if lock.try_lock().is_err() {
            return Err(Failure::new(FailureKind::Unavailable, "cannot start the bridge: another one runs here")
                .hint("end that one, or give this one another XDG_STATE_HOME"));
        }
        let hour = hour();
        let read = Reading::read(&folder, hour).map_err(|error| failure(&folder, &error))?;
        let open = || -> io::Result<(File, File, u64)> {
            let events = append(&events_of(&folder, hour))?;
            whole_lines(&events, &events_of(&folder, hour))?;
            let mut answers = append(&answers_of(&folder, hour))?;
            let written = answers.seek(SeekFrom::End(0))?;
            Ok((events, answers, written))
        };
        let (events, answers, written) = open().map_err(|error| failure(&folder, &error))?;
        let mut journal = Self {
            folder,
            hour,
            events,
            answers,
            written,
            known: read.known,
            shown: read.shown,
            claimed: HashSet::new(),
            _lock: lock,
        };
        let mut left = Left::default();
        for (_, (event, taken, began, proposing)) in read.unanswered {
            // Its file may be removed soon: it is taken anew, as far as it came.
            if taken != hour {
                journal.append(&Entry::Taken { event: event.clone() })?;
                if began {
                    journal.append(&Entry::Began { id: event.id.clone() })?;
                }
                if let Some(proposing) = proposing.clone() {
                    journal.append(&Entry::Proposing { id: event.id.clone(), proposing })?;
                }
            }
            left.unanswered.push(Unanswered { event, began, proposing });
        }
        for (_, id) in read.unsaid {
            if let Some(Known::Answered(answer)) = journal.known(&id)? {
                left.unsaid.push((id, answer));
            }
        }
        journal.sync()?;
        journal.remove_old();
        Ok((journal, left))
    }

    /// What is known of an event.
    pub(super) fn known(&self, id: &str) -> Result<Option<Known>, Failure> {
        match self.known.get(&key(id)) {
            None => Ok(None),
            Some(place) if place.length == 0 => Ok(Some(Known::Taken)),
            Some(place) => Ok(Some(Known::Answered(self.read(*place)?.message))),
        }
    }

    /// Takes an event. Once [`Self::sync`] has returned it is answered, come what may.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), Failure> {
        self.append(&Entry::Taken { event: event.clone() })?;
        self.known.insert(key(&event.id), Place { hour: self.hour, offset: 0, length: 0 });
        Ok(())
    }

    /// Puts what was written on the disk.
    pub(super) fn sync(&self) -> Result<(), Failure> {
        self.events.sync_data().map_err(|error| failure(&self.folder, &error))
    }

    /// Says that an event's turn begins; from here on it may have an effect.
    pub(super) fn begin(&mut self, id: &str) -> Result<(), Failure> {
        self.append(&Entry::Began { id: id.to_owned() })
    }

    /// Says that an event's turn is about to propose a change.
    pub(super) fn proposing(&mut self, id: &str, runbook: &str) -> Result<(), Failure> {
        let proposing = Proposing { runbook: runbook.to_owned(), at: Utc::now().timestamp_millis() };
        self.append(&Entry::Proposing { id: id.to_owned(), proposing })?;
        self.sync()
    }

    /// Keeps an answer before it is said.
    pub(super) fn answered(&mut self, id: &str, answer: &Answer, shown: Option<ShownChange>) -> Result<(), Failure> {
        self.roll()?;
        let mut text = serde_json::to_vec(answer).unwrap_or_default();
        text.push(b'\n');
        self.answers.write_all(&text).map_err(|error| failure(&self.folder, &error))?;
        let place = Place { hour: self.hour, offset: self.written, length: text.len() as u64 };
        self.written += place.length;
        if let Some(change) = &shown {
            self.shown.insert(change.id.clone(), (change.digest.clone(), self.hour));
        }
        let Place { offset, length, .. } = place;
        self.append(&Entry::Answered { id: id.to_owned(), offset, length, shown })?;
        self.known.insert(key(id), place);
        Ok(())
    }

    /// Answers that were said.
    pub(super) fn said(&mut self, ids: Vec<String>) -> Result<(), Failure> {
        self.append(&Entry::Said { ids })
    }

    /// The SQL behind an answer of this channel.
    pub(super) fn sql(&self, id: &str, channel: &str) -> Option<String> {
        let place = self.known.get(&key(id)).filter(|place| place.length > 0)?;
        let answer = self.read(*place).ok()?;
        answer.sql.filter(|_| answer.message["channel"] == channel)
    }

    /// The digest that was shown with a change set.
    pub(super) fn digest(&self, change: &str) -> Option<String> {
        self.shown.get(change).map(|(digest, _)| digest.clone())
    }

    /// Takes a change set for the answer to an event that was cut off while it was proposed. False: another answer has it.
    pub(super) fn claim(&mut self, change: &str) -> bool {
        !self.shown.contains_key(change) && self.claimed.insert(change.to_owned())
    }

    fn read(&self, place: Place) -> Result<Answer, Failure> {
        let cannot = |error: io::Error| failure(&self.folder, &error);
        let mut text = vec![0; usize::try_from(place.length).unwrap_or(0)];
        let read = File::open(answers_of(&self.folder, place.hour))
            .and_then(|file| file.read_exact_at(&mut text, place.offset));
        read.map_err(cannot)?;
        serde_json::from_slice(&text).map_err(|_| cannot(io::ErrorKind::InvalidData.into()))
    }

    fn append(&mut self, entry: &Entry) -> Result<(), Failure> {
        self.roll()?;
        self.events.write_all(line(entry).as_bytes()).map_err(|error| failure(&self.folder, &error))
    }

    /// Goes on in other files when the hour is over, and forgets what is older than a day.
    fn roll(&mut self) -> Result<(), Failure> {
        let now = hour();
        if now == self.hour {
            return Ok(());
        }
        self.sync()?;
        let open = || -> io::Result<(File, File)> {
            Ok((append(&events_of(&self.folder, now))?, append(&answers_of(&self.folder, now))?))
        };
        let (events, mut answers) = open().map_err(|error| failure(&self.folder, &error))?;
        self.written = answers.seek(SeekFrom::End(0)).map_err(|error| failure(&self.folder, &error))?;
        (self.events, self.answers, self.hour) = (events, answers, now);
        self.known.retain(|_, place| place.length == 0 || now - place.hour <= REMEMBERED);
        self.shown.retain(|_, (_, hour)| now - *hour <= REMEMBERED);
        self.remove_old();
        Ok(())
    }

    fn remove_old(&self) {
        for (hour, path) in files(&self.folder) {
            // An hour more, for an event that waits since then.
            if self.hour - hour > REMEMBERED + 1 {
                fs::remove_file(path).ok();
            }
        }
    }
}

/// What the files of an earlier bridge say.
#[derive(Default)]
struct Reading {
    known: HashMap<Key, Place>,
    shown: HashMap<String, (String, i64)>,
    /// By the order in which they were taken, with the hour.
    unanswered: BTreeMap<u64, (Event, i64, bool, Option<Proposing>)>,
    unsaid: BTreeMap<u64, String>,
}

impl Reading {
    fn read(folder: &Path, now: i64) -> io::Result<Self> {
        let mut read = Self::default();
        let mut hours: Vec<i64> = files(folder).into_iter().map(|(hour, _)| hour).collect();
        hours.sort_unstable();
        hours.dedup();
        let mut order: HashMap<Key, u64> = HashMap::new();
        for hour in hours {
            let file = match File::open(events_of(folder, hour)) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let mut input = BufReader::new(file);
            let mut line = Vec::new();
            while input.by_ref().read_until(b'\n', &mut line)? > 0 {
                // The last line of a killed bridge may be cut: that was not yet taken, or not yet said.
                if let Ok(entry) = serde_json::from_slice(&line) {
                    read.entry(entry, hour, &mut order);
                } else {
                    tracing::warn!("a line of the bridge's journal is cut");
                }
                line.clear();
            }
        }
        read.known.retain(|_, place| place.length == 0 || now - place.hour <= REMEMBERED);
        read.shown.retain(|_, (_, hour)| now - *hour <= REMEMBERED);
        Ok(read)
    }

    fn entry(&mut self, entry: Entry, hour: i64, order: &mut HashMap<Key, u64>) {
        match entry {
            Entry::Taken { event } => {
                let next = order.len() as u64;
                let place = *order.entry(key(&event.id)).or_insert(next);
                self.known.insert(key(&event.id), Place { hour, offset: 0, length: 0 });
                self.unanswered.insert(place, (event, hour, false, None));
            }
            Entry::Began { id } => {
                if let Some(waiting) = order.get(&key(&id)).and_then(|place| self.unanswered.get_mut(place)) {
                    waiting.2 = true;
                }
            }
            Entry::Proposing { id, proposing } => {
                if let Some(waiting) = order.get(&key(&id)).and_then(|place| self.unanswered.get_mut(place)) {
                    waiting.3 = Some(proposing);
                }
            }
            Entry::Answered { id, offset, length, shown } => {
                if let Some(place) = order.get(&key(&id)) {
                    self.unanswered.remove(place);
                    self.unsaid.insert(*place, id.clone());
                }
                if let Some(change) = shown {
                    self.shown.insert(change.id, (change.digest, hour));
                }
                self.known.insert(key(&id), Place { hour, offset, length });
            }
            Entry::Said { ids } => {
                for id in ids {
                    if let Some(place) = order.get(&key(&id)) {
                        self.unsaid.remove(place);
                    }
                }
            }
        }
    }
}

fn hour() -> i64 {
    Utc::now().timestamp() / 3600
}

fn events_of(folder: &Path, hour: i64) -> PathBuf {
    folder.join(format!("events-{hour}.jsonl"))
}

fn answers_of(folder: &Path, hour: i64) -> PathBuf {
    folder.join(format!("answers-{hour}.jsonl"))
}

/// The journal's files with their hours.
fn files(folder: &Path) -> Vec<(i64, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let hour = |path: &Path| path.file_stem()?.to_str()?.rsplit_once('-')?.1.parse().ok();
    entries.filter_map(|entry| Some((hour(&entry.path())?, entry.path()))).collect()
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

/// Ends a line that was cut, so that the next one is whole.
fn whole_lines(mut file: &File, path: &Path) -> io::Result<()> {
    let length = file.metadata()?.len();
    let mut last = [b'\n'];
    if length > 0 {
        File::open(path)?.read_exact_at(&mut last, length - 1)?;
    }
    if last == [b'\n'] { Ok(()) } else { file.write_all(b"\n") }
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
