//! The folders that programs may work in and files may come from.

use std::path::{Path, PathBuf};

use super::arguments::shown;
use crate::Failure;

/// A list of folders that confines paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folders(Vec<PathBuf>);

impl Folders {
    /// These folders and all below them. One that is not there confines nothing.
    pub fn new(folders: impl IntoIterator<Item = PathBuf>) -> Self {
        Self(folders.into_iter().filter_map(|folder| folder.canonicalize().ok()).collect())
    }

    /// The folders, each by its real path.
    pub fn list(&self) -> &[PathBuf] {
        &self.0
    }

    /// The real path of what is meant, where it lies in one of the folders.
    ///
    /// Refuses what lies outside, and what lies inside by name only, because a link leads out.
    pub fn confine(&self, path: &Path) -> Result<PathBuf, Failure> {
        let name = shown(&path.to_string_lossy());
        if path.to_string_lossy().chars().any(char::is_control) {
            return Err(Failure::refused(format!("refused `{name}`: its name holds control signs")));
        }
        if !path.is_absolute() {
            return Err(Failure::refused(format!("refused `{name}`: it is no absolute path")));
        }
        let real = path.canonicalize().map_err(|error| {
            let cause =
                if error.kind() == std::io::ErrorKind::NotFound { "it is not there" } else { "it cannot be read" };
            Failure::new(crate::FailureKind::NotFound, format!("cannot use `{name}`: {cause}"))
                .hint("check the paths below `deploy` in oms.toml")
        })?;
        if self.0.iter().any(|folder| real.starts_with(folder)) {
            return Ok(real);
        }
        let by_name = self.0.iter().any(|folder| path.starts_with(folder));
        let steps_up = path.components().any(|part| part == std::path::Component::ParentDir);
        let cause = if by_name && !steps_up {
            "a link leads out of the configured folders"
        } else {
            "it is outside the configured folders"
        };
        Err(Failure::refused(format!("refused `{name}`: {cause}"))
            .hint("add its folder to `deploy.folders` in oms.toml"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot go on ends

    use super::*;
    use crate::FailureKind;

    #[test]
    fn only_what_really_lies_inside_passes() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().canonicalize().unwrap();
        let (inside, outside) = (root.join("in"), root.join("out"));
        for folder in [&inside, &outside, &inside.join("deep")] {
            std::fs::create_dir_all(folder).unwrap();
        }
        std::os::unix::fs::symlink(&outside, inside.join("link")).unwrap();
        std::os::unix::fs::symlink(inside.join("deep"), inside.join("near")).unwrap();
        std::fs::write(outside.join("file"), "x").unwrap();
        std::os::unix::fs::symlink(outside.join("file"), inside.join("file")).unwrap();
        let folders = Folders::new([inside.clone(), root.join("absent")]);
        assert_eq!(folders.confine(&inside.join("deep")).unwrap(), inside.join("deep"));
        assert_eq!(folders.confine(&inside.join("near")).unwrap(), inside.join("deep"));
        assert_eq!(folders.confine(&inside).unwrap(), inside);
        for (path, kind, why) in [
            (outside.clone(), FailureKind::Refused, "outside"),
            (inside.join("link"), FailureKind::Refused, "a link leads out"),
            (inside.join("file"), FailureKind::Refused, "a link leads out"),
            (inside.join("../out"), FailureKind::Refused, "outside"),
            (root.join("inx"), FailureKind::NotFound, "not there"),
            (inside.join("absent"), FailureKind::NotFound, "not there"),
            (PathBuf::from("relative"), FailureKind::Refused, "no absolute path"),
            (inside.join("a\nb"), FailureKind::Refused, "control signs"),
            (PathBuf::from("/"), FailureKind::Refused, "outside"),
        ] {
            let failure = folders.confine(&path).unwrap_err();
            assert!(failure.kind == kind && failure.message.contains(why), "{path:?}: {failure:?}");
        }
        assert!(Folders::default().confine(&inside).is_err(), "no folder allows nothing");
    }
}
