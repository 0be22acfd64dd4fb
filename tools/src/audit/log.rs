//! Adding to the record. Several programs may: each holds the file's lock while it reads the end and adds its line.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use chrono::{SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{Event, Record};
use crate::private::{self, Access, cannot};
use crate::{Failure, FailureKind};

/// Bytes of one line at most: longer arguments are replaced by their hash before.
pub(super) const LONGEST_LINE: u64 = 64 * 1024;
/// Bytes at the end of the file that nearly always hold its last line.
const USUAL_END: u64 = 8 * 1024;
/// Bytes of a call's arguments that are kept as they are.
const LONGEST_ARGUMENTS: usize = 4 * 1024;
/// The hash that the first line follows.
pub(super) const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How surely a line must be on the disk when [`AuditLog::append`] returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// With the next one that is synced: a call that changes nothing.
    Written,
    /// On the disk.
    Synced,
}

/// The record's files in a folder: `audit.jsonl`, and `audit.head`, which knows how long it was at least.
#[derive(Clone, Debug)]
pub struct AuditLog {
    pub(super) folder: PathBuf,
    access: Access,
}

/// A line as it stands in the file; the hash is over the record's very bytes.
#[derive(Deserialize)]
pub(super) struct Line<'a> {
    pub(super) hash: String,
    #[serde(borrow)]
    pub(super) record: &'a RawValue,
}

/// What `audit.head` holds: a line that was surely there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) number: u64,
    pub(super) hash: String,
}

impl AuditLog {
    /// The record in a folder; nothing is made yet.
    pub fn new(folder: PathBuf, access: Access) -> Self {
        Self { folder, access }
    }

    /// The file of the lines.
    pub fn file(&self) -> PathBuf {
        self.folder.join("audit.jsonl")
    }

    pub(super) fn head_file(&self) -> PathBuf {
        self.folder.join("audit.head")
    }

    /// Adds a line; its number.
    ///
    /// Fails where it cannot be written, or where the end of the file is not the end of a chain. The caller must then not
    /// do what the line would have told.
    pub fn append(&self, principal: &str, event: Event, keep: Keep) -> Result<u64, Failure> {
        private::folder(&self.folder, self.access)?;
        let path = self.file();
        let mut file = private::open(&path, self.access)?;
        file.lock().map_err(|error| cannot("lock", &path, &error))?;
        let (mut last, torn) = self.end(&file, &path)?;
        if let Some(fragment) = torn {
            let event = Event::Mended { bytes: fragment.len() as u64, fragment: hex(&Sha256::digest(&fragment)) };
            last = write(&mut file, &path, "oms", event, &last)?;
        }
        let head = write(&mut file, &path, principal, bounded(event), &last)?;
        if keep == Keep::Synced {
            file.sync_data().map_err(|error| cannot("write", &path, &error))?;
            // Written only after the line: a crash between the two leaves a head that is too old, never one too new.
            let text = serde_json::to_vec(&head).unwrap_or_default();
            private::write(&self.head_file(), &text, self.access)?;
        }
        Ok(head.number)
    }

    /// The last whole line, and what stands behind it: a line that a crash cut off, taken out of the file.
    fn end(&self, file: &File, path: &Path) -> Result<(Head, Option<Vec<u8>>), Failure> {
        let io = |error: std::io::Error| cannot("read", path, &error);
        let length = file.metadata().map_err(io)?.len();
        // Nearly every line is short: the longest one there may be is looked for only where these bytes hold no whole one.
        let (mut from, mut tail) = (0, Vec::new());
        for bytes in [USUAL_END, 2 * LONGEST_LINE] {
            from = length.saturating_sub(bytes);
            // The file is locked: it does not become shorter meanwhile. One read, and not a look at how much there is first.
            tail.resize(usize::try_from(length - from).unwrap_or_default(), 0);
            file.read_exact_at(&mut tail, from).map_err(io)?;
            // Two ends of lines: between them is a whole one.
            if tail.split(|byte| *byte == b'\n').nth(2).is_some() {
                break;
            }
        }
        let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
        let fragment = (whole < tail.len()).then(|| tail[whole..].to_vec());
        if fragment.is_some() {
            if whole == 0 && from > 0 {
                return Err(self.broken());
            }
            file.set_len(from + whole as u64).map_err(|error| cannot("mend", path, &error))?;
        }
        let lines = &tail[..whole];
        let start =
            lines[..lines.len().saturating_sub(1)].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = lines[start..].trim_ascii_end();
        if line.is_empty() {
            if length > 0 && fragment.is_none() {
                return Err(self.broken());
            }
            return Ok((Head { number: 0, hash: NOTHING.to_owned() }, fragment));
        }
        let parsed: Line = serde_json::from_slice(line).map_err(|_| self.broken())?;
        let record: Record = serde_json::from_str(parsed.record.get()).map_err(|_| self.broken())?;
        Ok((Head { number: record.number, hash: parsed.hash }, fragment))
    }

    fn broken(&self) -> Failure {
        Failure::new(
            FailureKind::Unavailable,
            format!("cannot add to the record `{}`: its last line is no line of it", self.file().display()),
        )
        .hint("oms audit verify")
    }
}

fn write(file: &mut File, path: &Path, principal: &str, event: Event, last: &Head) -> Result<Head, Failure> {
    let record = Record {
        number: last.number + 1,
        at: Utc::now().trunc_subsecs(3),
        principal: principal.to_owned(),
        event,
        previous: last.hash.clone(),
    };
    let text = serde_json::to_string(&record)
        .map_err(|_| Failure::new(FailureKind::Internal, "cannot write a line of the record"))?;
    let hash = hex(&Sha256::digest(text.as_bytes()));
    // One write: another program's line cannot come between, and a crash leaves a beginning of this one at most.
    let line = format!("{}\n", line(&hash, &text));
    file.write_all(line.as_bytes()).map_err(|error| cannot("write", path, &error))?;
    Ok(Head { number: record.number, hash })
}

/// The only form of a line.
pub(super) fn line(hash: &str, record: &str) -> String {
    format!("{{\"hash\":\"{hash}\",\"record\":{record}}}")
}

/// The event with arguments that fit on a line.
fn bounded(event: Event) -> Event {
    match event {
        Event::ToolCalled { tool, effect, arguments, status, elapsed_ms } => {
            let text = arguments.to_string();
            let arguments = if text.len() > LONGEST_ARGUMENTS {
                serde_json::json!({ "sha256": hex(&Sha256::digest(text.as_bytes())), "bytes": text.len() })
            } else {
                arguments
            };
            Event::ToolCalled { tool, effect, arguments, status, elapsed_ms }
        }
        other => other,
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").ok();
        text
    })
}
