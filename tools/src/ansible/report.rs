//! Results of a playbook by host and task, from the JSON lines that the plugin tells.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::process::arguments::is_hidden_sign;

/// Results that are kept: those that change or fail.
const MOST_RESULTS: usize = 1_000;

/// How a task ended on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It would change something, or has.
    Changed,
    /// It failed.
    Failed,
    /// It failed, and the playbook goes on.
    Ignored,
    /// The host does not answer.
    Unreachable,
}

impl Outcome {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changes",
            Self::Failed => "fails",
            Self::Ignored => "fails, and is ignored",
            Self::Unreachable => "does not answer",
        }
    }
}

/// One task on one host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskResult {
    /// The task.
    pub task: String,
    /// The module that does it.
    pub module: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What it says; nothing where it is secret.
    pub message: String,
    /// What it would change in a file, shortened; nothing where it is secret.
    pub diff: String,
    /// Whether Ansible keeps it secret.
    pub hidden: bool,
}

/// One host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostReport {
    /// Tasks that were right, changes among them.
    pub ok: u64,
    /// Tasks that change something.
    pub changed: u64,
    /// Tasks that failed.
    pub failures: u64,
    /// Tasks that could not be asked of it.
    pub unreachable: u64,
    /// Tasks that were left out.
    pub skipped: u64,
    /// Tasks that change or fail.
    #[serde(default)]
    pub tasks: Vec<TaskResult>,
}

/// A playbook's results.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsibleReport {
    /// The playbook.
    pub playbook: String,
    /// The hosts.
    pub hosts: BTreeMap<String, HostReport>,
    /// Results that are left out.
    pub left_out: usize,
    /// Lines that could not be read.
    pub unread: usize,
    /// Whether the playbook came to its end.
    pub complete: bool,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct RawEvent {
    event: String,
    host: String,
    task: String,
    module: String,
    changed: bool,
    hidden: bool,
    ignored: bool,
    message: String,
    diff: String,
    hosts: BTreeMap<String, HostReport>,
}

fn clean(text: &str) -> String {
    text.chars().map(|sign| if sign != '\n' && is_hidden_sign(sign) { '\u{fffd}' } else { sign }).collect()
}

impl AnsibleReport {
    /// Takes one line of output; lines of others are left.
    pub fn take(&mut self, line: &str) {
        if !line.starts_with("{\"oms\": 1") {
            return;
        }
        let Ok(event) = serde_json::from_str::<RawEvent>(line) else {
            self.unread += 1;
            return;
        };
        let outcome = match event.event.as_str() {
            "ok" if event.changed => Outcome::Changed,
            "failed" if event.ignored => Outcome::Ignored,
            "failed" => Outcome::Failed,
            "unreachable" => Outcome::Unreachable,
            "end" => {
                self.complete = true;
                for (host, counts) in event.hosts {
                    let known = self.hosts.entry(clean(&host)).or_default();
                    let tasks = std::mem::take(&mut known.tasks);
                    *known = HostReport { tasks, ..counts };
                }
                return;
            }
            _ => return,
        };
        if self.hosts.values().map(|host| host.tasks.len()).sum::<usize>() >= MOST_RESULTS {
            self.left_out += 1;
            return;
        }
        self.hosts.entry(clean(&event.host)).or_default().tasks.push(TaskResult {
            task: clean(&event.task),
            module: clean(&event.module),
            outcome,
            message: clean(&event.message),
            diff: clean(&event.diff),
            hidden: event.hidden,
        });
    }

    /// How many changes on all hosts.
    pub fn changed(&self) -> u64 {
        self.hosts.values().map(|host| host.changed).sum()
    }

    /// The hosts on which something failed or that do not answer.
    pub fn failed(&self) -> Vec<&str> {
        let failed = self.hosts.iter().filter(|(_, host)| host.failures + host.unreachable > 0);
        failed.map(|(name, _)| name.as_str()).collect()
    }
}
