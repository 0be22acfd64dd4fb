//! The folders of the XDG base directory specification, each with `oms` at its end.

use std::path::PathBuf;

use oms_tools::Failure;

use super::Environment;

/// Where files are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// What must not be lost: the private database.
    pub data: PathBuf,
    /// What tells what happened: histories, sessions, logs.
    pub state: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
    /// `oms.toml`.
    pub config: PathBuf,
    /// Sockets, where the system gives a folder for them.
    pub runtime: Option<PathBuf>,
}

impl Paths {
    pub(super) fn of(environment: &Environment) -> Result<Self, Failure> {
        let folder = |given: &Option<PathBuf>, below_home: &str| -> Result<PathBuf, Failure> {
            // The specification: a relative path is to be ignored.
            if let Some(folder) = given.as_ref().filter(|folder| folder.is_absolute()) {
                return Ok(folder.join("oms"));
            }
            let home = environment.home.as_ref().filter(|home| home.is_absolute()).ok_or_else(|| {
                Failure::invalid("cannot tell where files are kept: `HOME` is not set")
                    .hint("set HOME to your home folder")
            })?;
            Ok(home.join(below_home).join("oms"))
        };
        Ok(Self {
            data: folder(&environment.data_home, ".local/share")?,
            state: folder(&environment.state_home, ".local/state")?,
            cache: folder(&environment.cache_home, ".cache")?,
            config: folder(&environment.config_home, ".config")?,
            runtime: environment.runtime.clone().filter(|folder| folder.is_absolute()).map(|folder| folder.join("oms")),
        })
    }
}
