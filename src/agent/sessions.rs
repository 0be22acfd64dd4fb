//! A named conversation's file in the state folder: read when it goes on, written as a whole after every turn.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use oms_tools::{Failure, FailureKind};

use super::conversation::Memory;
use crate::database::{private_folder, write_private};

/// Characters of a session's name.
const LONGEST_NAME: usize = 64;

/// Where a session is kept.
#[derive(Clone, Debug)]
pub struct SessionFile {
    path: PathBuf,
}

impl SessionFile {
    /// The file of a session below a state folder. Fails for a name that is no plain word.
    pub fn named(name: &str, state: &Path) -> Result<Self, Failure> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(plain) || name.starts_with('.') {
            return Err(Failure::invalid(
                "cannot use this session name: it must be 1 to 64 letters, digits, `-`, `_` or `.`, and not begin with `.`",
            )
            .hint("--session friday"));
        }
        let folder = state.join("sessions");
        private_folder(&folder)?;
        Ok(Self { path: folder.join(format!("{name}.json")) })
    }

    /// What was kept; nothing for a new session.
    pub(super) fn load(&self) -> Result<Memory, Failure> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Memory::default()),
            Err(error) => return Err(self.broken(&error.kind().to_string())),
        };
        serde_json::from_str(&text).map_err(|error| self.broken(&format!("line {}: it is no session", error.line())))
    }

    pub(super) fn save(&self, memory: &Memory) -> Result<(), Failure> {
        let text = serde_json::to_vec(memory).map_err(|_| {
            Failure::new(FailureKind::Internal, format!("cannot keep the session `{}`", self.path.display()))
        })?;
        write_private(&self.path, &text)
    }

    /// Keeps the session as it is now, so that a turn that is cut off can begin again from here.
    pub fn mark(&self) -> Result<(), Failure> {
        let before = self.before();
        let cannot = |error: &io::Error| self.broken(&error.kind().to_string());
        absent(fs::remove_file(&before)).map_err(|error| cannot(&error))?;
        // A session's file is only ever replaced, so that the same file under another name is what it was.
        absent(fs::hard_link(&self.path, &before)).map_err(|error| cannot(&error))
    }

    /// The session as it was at the last [`Self::mark`].
    pub fn rewind(&self) -> Result<(), Failure> {
        let (before, beside) = (self.before(), self.path.with_extension("again"));
        let rewind = || -> io::Result<()> {
            absent(fs::remove_file(&beside))?;
            match fs::hard_link(&before, &beside) {
                Ok(()) => fs::rename(&beside, &self.path),
                Err(error) if error.kind() == io::ErrorKind::NotFound => absent(fs::remove_file(&self.path)),
                Err(error) => Err(error),
            }
        };
        rewind().map_err(|error| self.broken(&error.kind().to_string()))
    }

    fn before(&self) -> PathBuf {
        self.path.with_extension("before")
    }

    fn broken(&self, cause: &str) -> Failure {
        Failure::new(
            FailureKind::Unavailable,
            format!("cannot go on with the session `{}`: {cause}", self.path.display()),
        )
        .hint("remove the file, or use another `--session`")
    }
}

/// Takes it for done where there was nothing.
fn absent(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_paths_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["", ".", "..", "../x", "a/b", "a b", "a\0", &"x".repeat(65), ".hidden", "ö"] {
            assert!(SessionFile::named(name, folder.path()).is_err(), "{name:?}");
        }
        assert!(SessionFile::named("friday-2", folder.path()).is_ok());
    }

    #[test]
    fn what_is_kept_comes_back_and_a_broken_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let session = SessionFile::named("a", folder.path()).unwrap();
        assert_eq!(session.load().unwrap(), Memory::default());
        let memory = Memory { history: vec![("q".into(), "a".into())], ..Memory::default() };
        session.save(&memory).unwrap();
        assert_eq!(session.load().unwrap(), memory);
        session.mark().unwrap();
        session.save(&Memory::default()).unwrap();
        for _ in 0..2 {
            session.rewind().unwrap();
            assert_eq!(session.load().unwrap(), memory, "as it was marked, as often as it is asked for");
        }
        let new = SessionFile::named("new", folder.path()).unwrap();
        new.mark().unwrap();
        new.save(&memory).unwrap();
        new.rewind().unwrap();
        assert_eq!(new.load().unwrap(), Memory::default(), "there was none");
        fs::write(&session.path, "{\"frame\": 3").unwrap();
        let failure = session.load().unwrap_err();
        assert!(failure.message.contains("line 1") && failure.hints.len() == 1, "{failure}");
    }
}
