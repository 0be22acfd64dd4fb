//! Reading the record: the proof of its chain, and the lines that somebody looks for.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::Record;
use super::log::{AuditLog, Head, LONGEST_LINE, Line, NOTHING, hex, line};
use crate::Failure;
use crate::private::cannot;

/// What a look at the whole record found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Every line follows the one before.
    Whole {
        /// How many there are.
        lines: u64,
    },
    /// A line does not fit.
    Broken {
        /// Its number in the file, from 1.
        line: u64,
        /// What is wrong with it.
        cause: String,
    },
}

/// Which lines are looked for; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Written at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Written before this time.
    pub until: Option<DateTime<Utc>>,
    /// About this tool.
    pub tool: Option<String>,
    /// On behalf of this person.
    pub person: Option<String>,
    /// About this change set.
    pub change: Option<String>,
}

impl Filter {
    fn takes(&self, record: &Record) -> bool {
        let is = |wanted: &Option<String>, found: Option<&str>| wanted.is_none() || wanted.as_deref() == found;
        self.since.is_none_or(|since| record.at >= since)
            && self.until.is_none_or(|until| record.at < until)
            && is(&self.tool, record.event.tool())
            && is(&self.person, Some(&record.principal))
            && is(&self.change, record.event.change())
    }
}

impl AuditLog {
    /// Proves the chain from the first line to the last. Fails where the file cannot be read.
    pub fn verify(&self) -> Result<Verified, Failure> {
        // The head is read first: lines that are added meanwhile are newer than it.
        let head: Option<Head> =
            std::fs::read(self.head_file()).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let broken = |line, cause: &str| Ok(Verified::Broken { line, cause: cause.to_owned() });
        let mut previous = NOTHING.to_owned();
        let mut number = 0;
        let mut headed = head.is_none();
        let mut wrong = None;
        self.lines(|text| {
            number += 1;
            match fits(text, number, &previous) {
                Ok(hash) => {
                    if let Some(head) = &head
                        && head.number == number
                    {
                        if head.hash != hash {
                            wrong = Some("it is not the line that was written here");
                            return false;
                        }
                        headed = true;
                    }
                    previous = hash;
                    true
                }
                Err(cause) => {
                    wrong = Some(cause);
                    false
                }
            }
        })?;
        match wrong {
            Some(cause) => broken(number, cause),
            None if !headed => broken(number + 1, "it is missing: lines were taken from the end"),
            None => Ok(Verified::Whole { lines: number }),
        }
    }

    /// Gives each line that the filter takes, oldest first. Fails at a line that is none: `verify` names it.
    pub fn show(&self, filter: &Filter, mut each: impl FnMut(&Record)) -> Result<(), Failure> {
        let (mut number, mut unreadable) = (0_u64, false);
        self.lines(|text| {
            number += 1;
            let record = serde_json::from_slice::<Line>(text)
                .ok()
                .and_then(|line| serde_json::from_str::<Record>(line.record.get()).ok());
            unreadable = record.is_none();
            if let Some(record) = record.filter(|record| filter.takes(record)) {
                each(&record);
            }
            !unreadable
        })?;
        if unreadable {
            return Err(Failure::invalid(format!("cannot read line {number} of `{}`", self.file().display()))
                .hint("oms audit verify"));
        }
        Ok(())
    }

    /// Gives each line without its end until `each` says stop; nothing where there is no file.
    fn lines(&self, mut each: impl FnMut(&[u8]) -> bool) -> Result<(), Failure> {
        let path = self.file();
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(cannot("read", &path, &error)),
        };
        // A line that is being added is whole when its writer gives the lock back.
        file.lock_shared().map_err(|error| cannot("lock", &path, &error))?;
        let mut reader = BufReader::new(file);
        let mut text = Vec::new();
        loop {
            text.clear();
            // What is longer than a line can be is given as it is, cut: it cannot fit.
            let read = reader
                .by_ref()
                .take(LONGEST_LINE)
                .read_until(b'\n', &mut text)
                .map_err(|error| cannot("read", &path, &error))?;
            if read == 0 || !each(&text) {
                return Ok(());
            }
        }
    }
}

/// The line's hash, where it follows the one before it.
fn fits(text: &[u8], number: u64, previous: &str) -> Result<String, &'static str> {
    let Some((b'\n', text)) = text.split_last() else { return Err("it is cut off") };
    let parsed: Line = serde_json::from_slice(text).map_err(|_| "it is no line of the record")?;
    let record = parsed.record.get();
    if hex(&Sha256::digest(record.as_bytes())) != parsed.hash || line(&parsed.hash, record).as_bytes() != text {
        return Err("its text is not what was written");
    }
    let read: Record = serde_json::from_str(record).map_err(|_| "it is no line of the record")?;
    if read.number != number || read.previous != previous {
        return Err("it does not follow the line before it");
    }
    Ok(parsed.hash)
}
