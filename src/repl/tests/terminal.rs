//! A conversation at a pseudo-terminal: keys, completion, Ctrl-C and Ctrl-D as a person meets them.
//!
//! `script` (bsdutils, on every Debian) makes the terminal; its other side is this test binary again. Nothing waits for
//! a time: each key is sent when the screen shows what it answers.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc as threads};
use std::time::Duration;

use tokio::sync::mpsc;

use super::Scripted;
use crate::repl::{LONGEST_QUESTION, ReplOptions, run};
use crate::reply::surface::Surface;
use crate::reply::tests::fixture::{catalog, values};

/// A screen that never shows what is expected ends the test instead of hanging it.
const PATIENCE: Duration = Duration::from_mins(1);

/// The person: reads the screen and presses keys.
struct Person {
    screen: ChildStdout,
    keys: ChildStdin,
    seen: String,
}

impl Person {
    /// Reads on until the screen shows the text, and forgets what came before it.
    fn sees(&mut self, expected: &str) {
        let mut buffer = [0; 4096];
        loop {
            if let Some(at) = self.seen.find(expected) {
                self.seen.drain(..at + expected.len());
                return;
            }
            let count = self.screen.read(&mut buffer).unwrap();
            assert!(count > 0, "the screen ended before `{expected}`: {:?}", self.seen);
            self.seen.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    }

    fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }
}

fn start(history: &std::path::Path) -> Child {
    let program = std::env::current_exe().unwrap();
    let other_side = "repl::tests::terminal::the_other_side";
    let command = format!("exec '{}' --exact {other_side} --ignored --nocapture --test-threads 1", program.display());
    Command::new("script")
        .args(["--quiet", "--return", "--flush", "--command", &command, "/dev/null"])
        .env("OMS_TEST_HISTORY", history)
        .env("TERM", "xterm")
        .env("SHELL", "/bin/sh")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn at_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let history = folder.path().join("state/history");
    let mut child = start(&history);
    let mut person =
        Person { screen: child.stdout.take().unwrap(), keys: child.stdin.take().unwrap(), seen: String::new() };
    let (done, waits) = threads::channel();
    let guard = std::thread::spawn(move || {
        if waits.recv_timeout(PATIENCE).is_err() {
            child.kill().unwrap();
        }
        child.wait().unwrap()
    });

    person.sees("orders from 2023 to 2026");
    person.sees("oms> ");
    person.types("\x03");
    person.sees("Ctrl-D or /quit leaves");
    person.sees("oms> ");
    person.types("reve\t by country\r");
    person.sees("Revenue by shipping country");
    person.sees("Germany (DE)");
    person.sees("████");
    person.sees("oms> ");
    person.types("wait\r");
    person.sees("working…");
    person.types("\x03");
    person.sees("cancelled");
    person.sees("oms> ");
    person.types("\x1b[200~one\ntwo\x1b[201~\r");
    person.sees("I do not know that word.");
    person.sees("oms> ");
    person.types("\x04");
    person.sees("test result: ok");

    done.send(()).unwrap();
    assert!(guard.join().unwrap().success());
    let kept = std::fs::read_to_string(history).unwrap();
    assert_eq!(kept, "#V2\nrevenue by country\nwait\none\\ntwo\n");
}

#[tokio::test]
#[ignore = "the other side of `at_a_terminal`, which runs it"]
async fn the_other_side() {
    let Some(history) = std::env::var_os("OMS_TEST_HISTORY") else { return };
    let (started, _kept) = mpsc::unbounded_channel();
    let conversation = Scripted { heard: Arc::new(Mutex::new(Vec::new())), started };
    let options = ReplOptions {
        history_file: Some(history.into()),
        greeting: Some("orders from 2023 to 2026".into()),
        surface: Surface::terminal(80, true),
        interactive: true,
        longest_question: LONGEST_QUESTION,
    };
    let (_kept, happenings) = mpsc::unbounded_channel();
    run(Box::new(conversation), Arc::new(catalog()), Arc::new(values()), options, happenings).await.unwrap();
}
