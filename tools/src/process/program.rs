//! A program with its arguments, and how it is started.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use super::{Folders, can_run};
use crate::redact::Redactor;
use crate::{Failure, FailureKind};

/// Bytes of each output stream that are kept: the first and the last half of it.
const OUTPUT_CAP: usize = 64 * 1024;
/// How long a program may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(2);
/// Where `env` stands, which gives a program its signals back.
const ENV: &str = "/usr/bin/env";
/// The signals that end a program: HUP, INT, QUIT, TERM, as bits of `SigIgn`.
const ENDING_SIGNALS: u64 = 1 | 1 << 1 | 1 << 2 | 1 << 14;

/// A program with its arguments.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
    folder: PathBuf,
    within: Option<Folders>,
    environment: Vec<(OsString, OsString)>,
    pub(super) limit: Duration,
    pub(super) cap: usize,
    pub(super) grace: Duration,
    pub(super) redactor: Arc<Redactor>,
}

impl Program {
    /// A program by its path, to be run in a folder, with an empty environment and a minute's time.
    pub fn new(path: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            arguments: Vec::new(),
            folder: folder.into(),
            within: None,
            environment: Vec::new(),
            limit: Duration::from_mins(1),
            cap: OUTPUT_CAP,
            grace: GRACE,
            redactor: Arc::default(),
        }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// The same with more arguments.
    #[must_use]
    pub fn arguments(mut self, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// The same with one more environment variable.
    #[must_use]
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// The same with another time limit.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The same with another number of bytes that are kept of each output stream.
    #[must_use]
    pub fn cap(mut self, bytes: usize) -> Self {
        self.cap = bytes;
        self
    }

    /// The same with another time to end in after it was asked to.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// The same, but it starts only where its folder lies in one of these.
    #[must_use]
    pub fn within(mut self, folders: &Folders) -> Self {
        self.within = Some(folders.clone());
        self
    }

    /// The same with values to hide in what it prints, besides what is secret by its shape.
    #[must_use]
    pub fn hiding(mut self, redactor: Arc<Redactor>) -> Self {
        self.redactor = redactor;
        self
    }

    /// The program's name, for messages.
    pub(super) fn name(&self) -> String {
        self.path
            .file_name()
            .map_or_else(|| self.path.display().to_string(), |name| name.to_string_lossy().into_owned())
    }

    /// The command as it is started. Looks at the folder now: a link may have been put there since it was configured.
    pub(super) fn command(&self) -> Result<std::process::Command, Failure> {
        let folder = match &self.within {
            Some(folders) => folders.confine(&self.folder)?,
            None => self.folder.clone(),
        };
        if !folder.is_dir() {
            return Err(Failure::new(
                FailureKind::NotFound,
                format!("cannot run `{}`: there is no folder `{}`", self.name(), folder.display()),
            ));
        }
        let mut command = if ignores_ending_signals() && can_run(Path::new(ENV)) && can_run(&self.path) {
            // A shell's background job ignores SIGINT, and so would all that it starts: it could not be asked to end.
            let mut command = std::process::Command::new(ENV);
            command.arg("--default-signal=HUP,INT,QUIT,TERM").arg("--").arg(&self.path);
            command
        } else {
            std::process::Command::new(&self.path)
        };
        command.args(&self.arguments).current_dir(&folder).env_clear().process_group(0).stdin(Stdio::null());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        Ok(command)
    }

    /// Starts a server that outlives this program; both its outputs are added to the end of a file. The caller learns by
    /// other means when it is ready.
    pub fn start_server(&self, log: &Path) -> Result<Server, Failure> {
        let open = || File::options().create(true).append(true).open(log);
        let cannot = |error: &io::Error| {
            Failure::new(FailureKind::Unavailable, format!("cannot write `{}`: {}", log.display(), error.kind()))
        };
        let (output, errors) = (open().map_err(|error| cannot(&error))?, open().map_err(|error| cannot(&error))?);
        let child = self.command()?.stdout(output).stderr(errors).spawn().map_err(|error| self.not_started(&error))?;
        Ok(Server { child })
    }

    pub(super) fn not_started(&self, error: &io::Error) -> Failure {
        let cause = match error.kind() {
            io::ErrorKind::NotFound => "there is no such program".to_owned(),
            io::ErrorKind::PermissionDenied => "it may not be executed".to_owned(),
            kind => kind.to_string(),
        };
        Failure::new(FailureKind::Unavailable, format!("cannot run `{}`: {cause}", self.name()))
    }
}

/// Whether this process ignores a signal that ends programs, as the kernel tells it.
fn ignores_ending_signals() -> bool {
    let Ok(status) = fs::read_to_string("/proc/self/status") else { return false };
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).map(str::trim);
    mask.and_then(|mask| u64::from_str_radix(mask, 16).ok()).is_some_and(|mask| mask & ENDING_SIGNALS != 0)
}

/// A server that was started.
#[derive(Debug)]
pub struct Server {
    child: std::process::Child,
}

impl Server {
    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }
}
