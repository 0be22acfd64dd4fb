//! The one place where child processes start: argument vectors and no shell, a working folder, a clean environment, a
//! time limit, an output cap, a process group of their own.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Child;

use crate::{Failure, FailureKind};

/// Bytes of each output stream that are kept: the first and the last half of it.
const OUTPUT_CAP: usize = 64 * 1024;
/// How long a program may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(2);
/// How often it is looked whether a killed group is gone.
const PAUSE: Duration = Duration::from_millis(5);

/// A program with its arguments.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
    folder: PathBuf,
    environment: Vec<(OsString, OsString)>,
    limit: Duration,
}

/// What a program that ended left.
#[derive(Clone, Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output, cut in the middle where it was long.
    pub output: String,
    /// Its standard error, cut in the middle where it was long.
    pub errors: String,
}

impl Program {
    /// A program by its path, to be run in a folder, with an empty environment and a minute's time.
    pub fn new(path: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            arguments: Vec::new(),
            folder: folder.into(),
            environment: Vec::new(),
            limit: Duration::from_mins(1),
        }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
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

    /// The program's name, for messages.
    fn name(&self) -> String {
        self.path
            .file_name()
            .map_or_else(|| self.path.display().to_string(), |name| name.to_string_lossy().into_owned())
    }

    fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(&self.path);
        command.args(&self.arguments).current_dir(&self.folder).env_clear().process_group(0).stdin(Stdio::null());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs it to its end. Dropping the future, or the time limit, ends the whole process group.
    ///
    /// Fails where it cannot be started or does not end in time; an exit status other than 0 is the caller's to judge.
    pub async fn run(&self) -> Result<Ended, Failure> {
        let mut command = tokio::process::Command::from(self.command());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let child = command.spawn().map_err(|error| self.not_started(&error))?;
        let leader = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let mut group = Group { child, leader };
        let (output, errors) = (group.child.stdout.take(), group.child.stderr.take());
        let work = async {
            let (output, errors, status) = tokio::join!(capped(output), capped(errors), group.child.wait());
            status.map(|status| Ended { status, output, errors })
        };
        match tokio::time::timeout(self.limit, work).await {
            Ok(Ok(ended)) => {
                group.leader = None;
                Ok(ended)
            }
            Ok(Err(error)) => Err(self.not_started(&error)),
            Err(_) => {
                group.end().await;
                Err(Failure::new(
                    FailureKind::TimedOut,
                    format!("stopped `{}`: it took longer than {} s", self.name(), self.limit.as_secs_f64()),
                ))
            }
        }
    }

    /// Starts a server that outlives this program; both its outputs are added to the end of a file. The caller learns by
    /// other means when it is ready.
    pub fn start_server(&self, log: &Path) -> Result<Server, Failure> {
        let open = || File::options().create(true).append(true).open(log);
        let cannot = |error: &io::Error| {
            Failure::new(FailureKind::Unavailable, format!("cannot write `{}`: {}", log.display(), error.kind()))
        };
        let (output, errors) = (open().map_err(|error| cannot(&error))?, open().map_err(|error| cannot(&error))?);
        let child = self.command().stdout(output).stderr(errors).spawn().map_err(|error| self.not_started(&error))?;
        Ok(Server { child })
    }

    fn not_started(&self, error: &io::Error) -> Failure {
        let cause = match error.kind() {
            io::ErrorKind::NotFound => "there is no such program".to_owned(),
            io::ErrorKind::PermissionDenied => "it may not be executed".to_owned(),
            kind => kind.to_string(),
        };
        Failure::new(FailureKind::Unavailable, format!("cannot run `{}`: {cause}", self.name()))
    }
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

struct Group {
    child: Child,
    /// The group's id, while something of it may be left.
    leader: Option<Pid>,
}

impl Group {
    fn signal(&self, signal: Signal) {
        if let Some(group) = self.leader {
            kill_process_group(group, signal).ok();
        }
    }

    /// Asks the group to end, waits for its leader, and kills what is left: a shell's background jobs ignore SIGINT.
    async fn end(&mut self) {
        self.signal(Signal::INT);
        tokio::time::timeout(GRACE, self.child.wait()).await.ok();
        self.signal(Signal::KILL);
        self.child.wait().await.ok();
        let Some(group) = self.leader.take() else { return };
        // A killed process is still there for a moment; one that nobody collects stays longer, and does no harm.
        let gone = async {
            while test_kill_process_group(group).is_ok() {
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::time::timeout(GRACE, gone).await.ok();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}

/// Reads a stream to its end, keeping its first and its last part.
async fn capped(stream: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut stream) = stream else { return String::new() };
    let (mut head, mut tail, mut total) = (Vec::new(), Vec::new(), 0);
    let mut buffer = vec![0; 8192];
    while let Ok(read) = stream.read(&mut buffer).await {
        if read == 0 {
            break;
        }
        total += read;
        let room = (OUTPUT_CAP / 2).saturating_sub(head.len()).min(read);
        head.extend_from_slice(&buffer[..room]);
        tail.extend_from_slice(&buffer[room..read]);
        if tail.len() > OUTPUT_CAP {
            tail.drain(..tail.len() - OUTPUT_CAP / 2);
        }
    }
    let kept = head.len() + tail.len();
    let mut text = String::from_utf8_lossy(&head).into_owned();
    if kept < total {
        text.push_str("\n[...]\n");
    }
    text.push_str(&String::from_utf8_lossy(&tail));
    text
}

/// The first program of one of these names in the folders of a `PATH`.
pub fn find(names: &[&str], path: &std::ffi::OsStr) -> Option<PathBuf> {
    let usual = [PathBuf::from("/usr/sbin"), PathBuf::from("/usr/local/sbin"), PathBuf::from("/usr/bin")];
    let folders: Vec<PathBuf> =
        std::env::split_paths(path).chain(usual).filter(|folder| folder.is_absolute()).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn shell(script: &str) -> Program {
        Program::new("/bin/sh", "/").argument("-c").argument(script).variable("PATH", "/usr/bin:/bin")
    }

    #[tokio::test]
    async fn output_errors_and_status_come_back() {
        let ended = shell("echo out; echo err >&2; exit 3").run().await.unwrap();
        assert_eq!((ended.output.as_str(), ended.errors.as_str(), ended.status.code()), ("out\n", "err\n", Some(3)));
    }

    #[tokio::test]
    async fn the_environment_is_what_was_given() {
        let ended = shell("echo \"$HOME|$GIVEN\"").variable("GIVEN", "yes").run().await.unwrap();
        assert_eq!(ended.output, "|yes\n");
    }

    #[tokio::test]
    async fn long_output_keeps_its_head_and_tail() {
        let ended = shell("echo first; seq 1 100000; echo last").run().await.unwrap();
        assert!(ended.output.starts_with("first\n1\n") && ended.output.ends_with("100000\nlast\n"));
        assert!(ended.output.contains("[...]") && ended.output.len() < 3 * OUTPUT_CAP);
    }

    #[tokio::test]
    async fn a_program_that_does_not_end_is_stopped_with_its_children() {
        let folder = tempfile();
        let script = format!("sleep 1000 & echo $! > {}; wait", folder.join("child").display());
        let failure = shell(&script).limit(Duration::from_millis(300)).run().await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::TimedOut);
        let child = std::fs::read_to_string(folder.join("child")).unwrap();
        // The child is gone, or dead and not yet collected.
        let state = std::fs::read_to_string(format!("/proc/{}/stat", child.trim())).unwrap_or_default();
        assert!(state.is_empty() || state.contains(") Z "), "{state}");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn what_cannot_be_started_is_told() {
        let failure = Program::new("/nowhere/mariadbd", "/").run().await.unwrap_err();
        assert_eq!(failure.message, "cannot run `mariadbd`: there is no such program");
    }

    fn tempfile() -> PathBuf {
        let folder = std::env::temp_dir().join(format!("oms-process-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }
}
