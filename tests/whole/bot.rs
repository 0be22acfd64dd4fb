//! The bot's end of a bridge that runs: events in, answers by the event that they answer.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver};

use serde_json::{Value, json};

use crate::home::Home;
use crate::terminal::PATIENCE;

/// A bridge that runs; dropping it ends it.
pub(crate) struct Bot {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    /// Final answers by event.
    pub(crate) answers: HashMap<String, Value>,
    /// Everything that was said, in order.
    pub(crate) all: Vec<Value>,
}

impl Bot {
    pub(crate) fn start(home: &Home, options: &[&str]) -> Self {
        let arguments: Vec<&str> = options.iter().copied().chain(["bridge"]).collect();
        let mut command = home.command(&arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, output) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // A killed bridge may leave a line that is cut.
                if let Ok(value) = serde_json::from_str(&line)
                    && sender.send(value).is_err()
                {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        Self { child, input, output, answers: HashMap::new(), all: Vec::new() }
    }

    /// Its process's number.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn send(&mut self, event: &Value) {
        writeln!(self.input.as_mut().unwrap(), "{event}").unwrap();
    }

    /// Sends lines while others are read, and ends the input.
    pub(crate) fn send_all(&mut self, lines: Vec<String>) {
        let mut input = self.input.take().unwrap();
        std::thread::spawn(move || {
            for line in lines {
                // Whoever was killed reads no more.
                if writeln!(input, "{line}").is_err() {
                    return;
                }
            }
        });
    }

    /// Kills it when it has said so many things, or all; what it said.
    pub(crate) fn kill_after(mut self, count: usize) -> Vec<Value> {
        loop {
            match self.output.recv_timeout(PATIENCE) {
                Ok(value) => self.all.push(value),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => panic!("the bridge says nothing more"),
            }
            if self.all.len() == count {
                self.child.kill().unwrap();
            }
        }
        std::mem::take(&mut self.all)
    }

    /// The final answer to an event; every other line that comes meanwhile is kept.
    pub(crate) fn answer(&mut self, id: &str) -> Value {
        self.until(&format!("an answer to {id}"), |value| value["in_reply_to"] == id && value["final"] == true)
    }

    /// Sends an event and waits for its answer.
    pub(crate) fn ask(&mut self, event: &Value) -> Value {
        self.send(event);
        self.answer(event["event_id"].as_str().unwrap())
    }

    /// The first line from now on that is what is waited for.
    pub(crate) fn until(&mut self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        loop {
            let value = self.output.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{what}: {:?}", self.all.last()));
            self.all.push(value.clone());
            if value["final"] == true {
                self.answers.insert(value["in_reply_to"].as_str().unwrap().to_owned(), value.clone());
            }
            if is(&value) {
                return value;
            }
        }
    }

    /// Waits until the bridge was ended from elsewhere.
    pub(crate) fn killed(mut self) {
        while self.output.recv_timeout(PATIENCE).is_ok() {}
        assert!(!self.child.wait().unwrap().success());
    }

    /// Ends the input; all that was said until the bridge ended by itself.
    pub(crate) fn end(mut self) -> Vec<Value> {
        self.input = None;
        loop {
            match self.output.recv_timeout(PATIENCE) {
                Ok(value) => self.all.push(value),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => panic!("the bridge does not end with its input"),
            }
        }
        assert!(self.child.wait().unwrap().success());
        std::mem::take(&mut self.all)
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A message in a thread.
pub(crate) fn says(id: &str, user: &str, thread: &str, text: &str) -> Value {
    says_in("C1", id, user, thread, text)
}

pub(crate) fn says_in(channel: &str, id: &str, user: &str, thread: &str, text: &str) -> Value {
    json!({"type": "message", "event_id": id, "channel": channel, "user": user, "ts": format!("{thread}.{id}"),
        "thread_ts": thread, "text": text})
}

/// A button that is pressed in a thread.
pub(crate) fn presses(id: &str, user: &str, thread: &str, action: &str, value: &str) -> Value {
    json!({"type": "block_actions", "event_id": id, "channel": "C1", "user": user, "ts": format!("{thread}.{id}"),
        "thread_ts": thread, "action_id": action, "value": value})
}
