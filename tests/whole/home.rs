//! Folders of their own for a test, and the program run in them.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// No program runs longer, seeding on a slow machine included.
const LONGEST: Duration = Duration::from_mins(5);

pub(crate) struct Home {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Home {
    /// Folders with nothing in them.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::Builder::new().prefix("oms").tempdir().unwrap(), variables: Vec::new() }
    }

    /// Folders with a private database that holds a small shop.
    pub(crate) fn seeded() -> Self {
        let home = Self::empty();
        let ran = home.oms(&["db", "seed", "--orders", "600", "--seed", "7"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        home
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of what tells what happened.
    pub(crate) fn state(&self) -> std::path::PathBuf {
        self.path().join("state/oms")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oms"));
        command.args(arguments).env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("HOME", self.path());
        for name in ["DATA", "STATE", "CACHE", "CONFIG"] {
            command.env(format!("XDG_{name}_HOME"), self.path().join(name.to_lowercase()));
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        command
    }

    pub(crate) fn oms(&self, arguments: &[&str]) -> Ran {
        self.oms_with(&[], arguments)
    }

    /// Runs with these variables besides.
    pub(crate) fn oms_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _limit = Limit::on(&child);
        Ran::of(child.wait_with_output().unwrap())
    }

    /// Runs with these bytes on standard input.
    pub(crate) fn piped(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _limit = Limit::on(&child);
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || stdin.write_all(&input).ok());
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Ran::of(output)
    }

    /// `oms ask --json`, as its object and exit code.
    pub(crate) fn ask(&self, question: &str) -> (Value, i32) {
        self.ask_with(&[], question)
    }

    pub(crate) fn ask_with(&self, options: &[&str], question: &str) -> (Value, i32) {
        let arguments: Vec<&str> = options.iter().copied().chain(["ask", "--json", question]).collect();
        let ran = self.oms(&arguments);
        assert_eq!(ran.out.lines().count(), 1, "one line: {}\n{}", ran.out, ran.err);
        (serde_json::from_str(&ran.out).unwrap(), ran.code)
    }
}

/// Ends a program that does not end by itself; dropped, it lets it be.
struct Limit {
    _ended: mpsc::Sender<()>,
}

impl Limit {
    fn on(child: &Child) -> Self {
        let process = child.id().to_string();
        let (sender, ended) = mpsc::channel();
        std::thread::spawn(move || {
            if ended.recv_timeout(LONGEST) == Err(mpsc::RecvTimeoutError::Timeout) {
                Command::new("kill").args(["-KILL", &process]).status().ok();
            }
        });
        Self { _ended: sender }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.oms(&["db", "stop"]);
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
