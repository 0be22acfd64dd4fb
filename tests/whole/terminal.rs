//! A person at a terminal: `script` (bsdutils, on every Debian) makes it. Nothing waits for a time: each key is pressed when
//! the screen shows what it answers, and a screen that never does ends the test.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::home::Home;

/// No wait is longer.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// A terminal with the program in it; dropping it ends both.
pub(crate) struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: mpsc::Receiver<Vec<u8>>,
    seen: String,
    /// All that the screen has shown.
    pub(crate) all: String,
}

impl Terminal {
    /// Runs the program with these arguments at a terminal.
    pub(crate) fn run(home: &Home, arguments: &[&str]) -> Self {
        let program = home.command(arguments);
        let words: Vec<String> = std::iter::once(program.get_program())
            .chain(program.get_args())
            .map(|word| format!("'{}'", word.to_string_lossy().replace('\'', "'\\''")))
            .collect();
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--flush", "--command"]);
        command.arg(format!("exec {}", words.join(" "))).arg("/dev/null");
        command.env_clear().env("TERM", "xterm").env("SHELL", "/bin/sh");
        command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut output = child.stdout.take().unwrap();
        let (sender, screen) = mpsc::channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let keys = child.stdin.take().unwrap();
        Self { child, keys, screen, seen: String::new(), all: String::new() }
    }

    /// Reads on until the screen shows the text, and forgets what came before it.
    pub(crate) fn sees(&mut self, expected: &str) {
        loop {
            if let Some(at) = self.seen.find(expected) {
                self.seen.drain(..at + expected.len());
                return;
            }
            let more = self.screen.recv_timeout(PATIENCE);
            let more = more.unwrap_or_else(|_| panic!("the screen never shows `{expected}`:\n{}", self.all));
            self.take(&more);
        }
    }

    pub(crate) fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits for the program's end; its exit status.
    pub(crate) fn ends(mut self) -> (i32, String) {
        while let Ok(more) = self.screen.recv_timeout(PATIENCE) {
            self.take(&more);
        }
        self.child.kill().ok();
        let status = self.child.wait().unwrap();
        (status.code().unwrap_or(-1), std::mem::take(&mut self.all))
    }

    fn take(&mut self, more: &[u8]) {
        let text = String::from_utf8_lossy(more).replace('\r', "");
        self.seen.push_str(&text);
        self.all.push_str(&text);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
