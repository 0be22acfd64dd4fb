//! A verdict on disk: one small file for each model, with what it was told and which cases it was given.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use oms_tools::Failure;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::cases::{self, Kind};
use crate::config::Config;
use crate::database::{private_folder, write_private};

/// What a verdict is about: another server, another prompt or other cases are another subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The model, as `--brain` writes it.
    pub brain: String,
    /// The address of its server, where one is named.
    pub address: Option<String>,
    /// The hash of what it is told, the tools included.
    pub told: String,
}

/// Passed cases and all cases, by kind.
pub type Scores = BTreeMap<Kind, (u32, u32)>;

/// How a model passed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// The model, as `--brain` writes it.
    pub brain: String,
    /// When it was examined.
    pub at: DateTime<Utc>,
    /// Passed cases and all cases, by kind.
    pub scores: Scores,
}

impl Subject {
    pub(super) fn file(&self, config: &Config) -> PathBuf {
        let of = [&self.brain, self.address.as_deref().unwrap_or_default(), &self.told, &cases::hash()].join("\n");
        let digest = format!("{:x}", Sha256::digest(of));
        config.paths.data.join("licences").join(format!("{}.json", &digest[..32]))
    }
}

impl Verdict {
    /// The verdict about this subject; `None` where it was not examined, or its file says nothing.
    pub fn read(config: &Config, subject: &Subject) -> Option<Self> {
        let verdict: Self = serde_json::from_slice(&fs::read(subject.file(config)).ok()?).ok()?;
        (verdict.brain == subject.brain).then_some(verdict)
    }

    /// The newest verdict about a model of this name, whatever it was told.
    pub fn newest(config: &Config, brain: &str) -> Option<Self> {
        let files = fs::read_dir(config.paths.data.join("licences")).ok()?;
        files
            .filter_map(|file| serde_json::from_slice::<Self>(&fs::read(file.ok()?.path()).ok()?).ok())
            .filter(|verdict| verdict.brain == brain)
            .max_by_key(|verdict| verdict.at)
    }

    /// `tool 9 of 10, arguments 8 of 8`.
    pub fn said(&self) -> String {
        let shares: Vec<String> =
            self.scores.iter().map(|(kind, (passed, all))| format!("{kind} {passed} of {all}")).collect();
        shares.join(", ")
    }

    /// Keeps it in the place of an earlier one.
    pub fn write(&self, config: &Config, subject: &Subject) -> Result<(), Failure> {
        let file = subject.file(config);
        if let Some(folder) = file.parent() {
            private_folder(folder)?;
        }
        write_private(&file, &serde_json::to_vec_pretty(self).unwrap_or_default())
    }

    /// Whether no case of this kind was asked.
    pub fn unasked(&self, kind: Kind) -> bool {
        self.scores.get(&kind).is_none_or(|(_, all)| *all == 0)
    }

    /// The kind with the smallest share of passed cases, which decides.
    pub fn weakest(&self) -> Option<(Kind, f64)> {
        self.scores
            .iter()
            .map(|(kind, (passed, all))| (*kind, f64::from(*passed) / f64::from((*all).max(1))))
            .min_by(|one, other| one.1.total_cmp(&other.1))
    }
}
