//! A change set: everything that would run, as one value, and the digest that a person approves.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Blast;
use crate::audit::hex;
use crate::deploy::Invocation;

/// The form of the stored value; another one is not read.
pub const FORMAT: u32 = 1;

/// What would change, exactly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeSet {
    /// [`FORMAT`].
    pub format: u32,
    /// Its id: `c` and eight hexadecimal digits.
    pub id: String,
    /// What it does, in one sentence.
    pub summary: String,
    /// The runbook that it follows.
    pub runbook: String,
    /// What the runbook was given.
    pub arguments: BTreeMap<String, String>,
    /// Where.
    pub environment: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Until when it can be approved and begun.
    pub expires_at: DateTime<Utc>,
    /// What runs, in this order.
    pub steps: Vec<Step>,
    /// What must hold afterwards.
    pub checks: Vec<Check>,
    /// What it reaches, over all steps.
    pub blast: Blast,
    /// What was seen on the way and a person should know: parts that need no change, for instance.
    pub notes: Vec<String>,
}

/// One program that runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What it does, for people.
    pub name: String,
    /// The tool that planned it.
    pub tool: String,
    /// The exact program, arguments, working folder and variables.
    pub invocation: Invocation,
    /// The program's file as it was.
    pub program: Identity,
    /// Every file that it reads, as it was.
    pub inputs: Vec<Input>,
    /// SHA-256 of a saved plan that must still be the one of this environment.
    pub plan: Option<String>,
    /// What it touches: addresses, hosts, services.
    pub touches: Vec<String>,
    /// Things that it touches and that are left out of that list.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub touches_left_out: usize,
    /// What it reaches.
    pub blast: Blast,
    /// How it is undone.
    pub undo: Undo,
}

/// A file by what the system knows of it: hashing a program of 100 MB would cost a second at each look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Its path without links.
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// Its number in the file system.
    pub inode: u64,
    /// Nanoseconds since 1970 of its last change.
    pub modified: String,
}

/// A file by its contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its path without links.
    pub path: PathBuf,
    /// SHA-256; `absent` for a file that was not there, which matters as much.
    pub sha256: String,
}

/// How a step is undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case", deny_unknown_fields)]
pub enum Undo {
    /// By another proposal, planned when it is asked for: the world has moved on by then.
    Propose {
        /// The runbook.
        runbook: String,
        /// What it is given.
        arguments: BTreeMap<String, String>,
        /// For people.
        says: String,
    },
    /// Not at all.
    Impossible {
        /// Why, and what can be done instead.
        why: String,
    },
}

/// What must hold after the last step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// For people: `the storefront answers through Traefik`.
    pub name: String,
    /// Where it is asked, on this machine only.
    pub url: String,
    /// A text that the answer holds.
    pub contains: Option<String>,
    /// Seconds until it must.
    pub seconds: u64,
}

impl ChangeSet {
    /// The one text of this value: keys in order, no spaces.
    pub fn canonical(&self) -> String {
        canonical(&serde_json::to_value(self).unwrap_or_default())
    }

    /// SHA-256 over [`Self::canonical`].
    pub fn digest(&self) -> String {
        hex(&Sha256::digest(self.canonical().as_bytes()))
    }
}

/// What is not there in stored values from before it was there: their digests stay.
#[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
pub(super) fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// JSON with sorted keys and no spaces.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
            let fields: Vec<String> = sorted
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::String(name.clone()), canonical(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}
