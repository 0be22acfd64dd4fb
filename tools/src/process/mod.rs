//! The one place where child processes start: argument vectors and no shell, a confined working folder, a clean
//! environment, a time limit, an output cap, a process group of their own.
//!
//! What a program prints is hidden where it is secret before anything else sees it. A program is never left running: the
//! time limit, a cancel and a dropped future all end its whole group, politely first.

pub mod arguments;
mod cancel;
mod capture;
mod folders;
mod group;
mod partner;
mod program;
mod run;
#[cfg(test)]
mod tests;

pub use cancel::{Cancel, Line, Lines, Stream, Watch};
pub use folders::Folders;
pub use group::settle;
pub use partner::Partner;
pub use program::{Program, Server};
pub use run::Ended;

use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The first program of one of these names in the folders of a `PATH`.
pub fn find(names: &[&str], path: &OsStr) -> Option<PathBuf> {
    let usual = [PathBuf::from("/usr/sbin"), PathBuf::from("/usr/local/sbin"), PathBuf::from("/usr/bin")];
    let folders: Vec<PathBuf> =
        std::env::split_paths(path).chain(usual).filter(|folder| folder.is_absolute()).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| can_run(file)))
}

/// Whether a file is there that may be executed.
pub(crate) fn can_run(file: &Path) -> bool {
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}
