//! Files as a change set remembers them, and whether they still are what they were.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Identity, Input, Step};
use crate::audit::hex;
use crate::{Failure, FailureKind};

/// What stands for the contents of a file that is not there.
const ABSENT: &str = "absent";
/// What stands before the hash of a folder's names.
const NAMES: &str = "names:";
/// Parts of names of files that programs leave beside what they read.
const TRACES: &[&str] = &["terraform.tfstate", ".terraform.lock.hcl", ".retry", ".log"];

/// A program's file as it is now.
pub(super) fn identity(path: &Path) -> Result<Identity, Failure> {
    let path = fs::canonicalize(path).map_err(|error| unreadable(path, &error))?;
    let found = fs::metadata(&path).map_err(|error| unreadable(&path, &error))?;
    Ok(Identity {
        size: found.len(),
        inode: found.ino(),
        modified: (i128::from(found.mtime()) * 1_000_000_000 + i128::from(found.mtime_nsec())).to_string(),
        path,
    })
}

/// These files as they are now, each once, by path; and which files stand beside them, because a new one can be read too.
/// What lies below `apart` is this program's own, where files come and go.
pub(super) fn inputs(paths: &[PathBuf], apart: &Path) -> Result<Vec<Input>, Failure> {
    let files: BTreeSet<&PathBuf> = paths.iter().collect();
    let folders: BTreeSet<&Path> =
        files.iter().filter_map(|path| path.parent()).filter(|folder| !folder.starts_with(apart)).collect();
    let mut inputs = Vec::new();
    for path in files {
        inputs.push(Input { path: path.clone(), sha256: hashed(path)? });
    }
    for folder in folders {
        inputs.push(Input { path: folder.to_path_buf(), sha256: names(folder)? });
    }
    Ok(inputs)
}

/// A hash over the names of the files in a folder. A program's own traces are left out: states, caches, retries.
fn names(folder: &Path) -> Result<String, Failure> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ABSENT.to_owned()),
        Err(error) => return Err(unreadable(folder, &error)),
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !TRACES.iter().any(|trace| name.contains(trace)))
        .collect();
    names.sort();
    Ok(format!("{NAMES}{}", hex(&Sha256::digest(names.join("\n").as_bytes()))))
}

fn hashed(path: &Path) -> Result<String, Failure> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(ABSENT.to_owned()),
        Err(error) => return Err(unreadable(path, &error)),
    };
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer).map_err(|error| unreadable(path, &error))? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}

/// Looks at everything that a step runs and reads, and stops at the first difference.
pub(super) fn recheck(step: &Step) -> Result<(), Failure> {
    let program = identity(&step.invocation.program)?;
    if program != step.program {
        return Err(drifted(&program.path, "the program is another one than at the proposal"));
    }
    for input in &step.inputs {
        let is_folder = input.sha256.starts_with(NAMES);
        let now = if is_folder { names(&input.path)? } else { hashed(&input.path)? };
        if now != input.sha256 {
            let cause = match (input.sha256.as_str(), now.as_str()) {
                (ABSENT, _) => "it was not there at the proposal",
                (_, ABSENT) => "it is gone since the proposal",
                _ if is_folder => "a file came or went since the proposal",
                _ => "it has changed since the proposal",
            };
            return Err(drifted(&input.path, cause));
        }
    }
    Ok(())
}

/// The refusal of what is not as it was.
pub(super) fn drifted(path: &Path, cause: &str) -> Failure {
    Failure::refused(format!("stopped before anything ran: `{}`: {cause}; the approval is void", path.display()))
        .hint("propose it again: what would run must be seen again")
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(FailureKind::Unavailable, format!("cannot read `{}`: {}", path.display(), error.kind()))
}
