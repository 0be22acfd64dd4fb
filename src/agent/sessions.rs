//! A named conversation's file in the state folder: read when it goes on, written as a whole after every turn.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use oms_tools::{Failure, FailureKind};

use super::conversation::Memory;
use crate::database::{private_folder, write_private};

/// Characters of a session's name.
const LONGEST_NAME: usize = 64;

/// The files that a session may have.
const ENDINGS: [&str; 3] = ["json", BEFORE, AGAIN];
const BEFORE: &str = "before";
const AGAIN: &str = "again";

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

    /// The sessions below a state folder that nothing was said in for so many days; none for 0 days.
    pub fn untouched(state: &Path, days: u32) -> Vec<Self> {
        let age = Duration::from_secs(u64::from(days) * 24 * 3600);
        let Some(oldest) = SystemTime::now().checked_sub(age).filter(|_| days > 0) else { return Vec::new() };
        let mut said: HashMap<PathBuf, SystemTime> = HashMap::new();
        for entry in fs::read_dir(state.join("sessions")).into_iter().flatten().flatten() {
            let path = entry.path();
            let ours =
                path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending));
            if let Some(at) = entry.metadata().and_then(|found| found.modified()).ok().filter(|_| ours) {
                let last = said.entry(path.with_extension("json")).or_insert(at);
                *last = at.max(*last);
            }
        }
        said.into_iter().filter(|(_, at)| *at < oldest).map(|(path, _)| Self { path }).collect()
    }

    /// The session's name.
    pub fn name(&self) -> &str {
        self.path.file_stem().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Forgets what was said.
    pub fn remove(&self) -> Result<(), Failure> {
        // What would be gone back to goes first: cut off in between, the session is still what it was.
        for ending in [AGAIN, BEFORE, "json"] {
            absent(fs::remove_file(self.path.with_extension(ending)))
                .map_err(|error| self.broken(&error.kind().to_string()))?;
        }
        Ok(())
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
        let (before, beside) = (self.before(), self.path.with_extension(AGAIN));
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
        self.path.with_extension(BEFORE)
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
    fn only_what_nobody_spoke_in_for_days_is_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let aged = |name: &str, ending: &str, days: u64| {
            let path = folder.path().join(format!("sessions/{name}.{ending}"));
            fs::write(&path, "{}").unwrap();
            let at = SystemTime::now() - Duration::from_secs(days * 24 * 3600 + 60);
            fs::File::options().append(true).open(path).unwrap().set_modified(at).unwrap();
        };
        SessionFile::named("a", folder.path()).unwrap();
        aged("old", "json", 30);
        aged("old.er", "json", 40);
        aged("old.er", "before", 50);
        aged("goes-on", "json", 0);
        aged("goes-on", "before", 90);
        aged("recent", "json", 29);
        aged("notes", "txt", 90);
        let untouched = |days| {
            let mut names: Vec<String> =
                SessionFile::untouched(folder.path(), days).iter().map(|session| session.name().to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(untouched(30), ["old", "old.er"]);
        assert_eq!(untouched(29), ["old", "old.er", "recent"]);
        assert!(untouched(0).is_empty() && untouched(u32::MAX).is_empty());
        for session in SessionFile::untouched(folder.path(), 30) {
            session.remove().unwrap();
            session.remove().unwrap();
        }
        assert!(untouched(30).is_empty());
        let left = fs::read_dir(folder.path().join("sessions")).unwrap().count();
        assert_eq!(left, 4, "the others are there with all their files");
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
