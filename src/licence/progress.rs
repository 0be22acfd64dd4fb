//! How far an examination came, on disk: one that is cut is gone on with, for a slow model takes many minutes.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use oms_tools::Failure;
use serde::{Deserialize, Serialize};

use super::verdict::Subject;
use crate::config::Config;
use crate::database::{private_folder, write_private};

/// How long a cut examination can be gone on with: after it, what is behind a name may be another model.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// The cases that were asked so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// When the examination began.
    pub began: DateTime<Utc>,
    /// By the case's name: what was wrong, or nothing where it was passed.
    pub cases: BTreeMap<String, Option<String>>,
}

impl Progress {
    /// Of an examination of this subject that was cut less than a day ago; else of one that begins.
    pub fn of(config: &Config, subject: &Subject) -> Self {
        let kept = fs::read(Self::file(config, subject)).ok();
        let kept = kept.and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        let now = Utc::now();
        kept.filter(|progress| now - progress.began < KEPT).unwrap_or(Self { began: now, cases: BTreeMap::new() })
    }

    /// Keeps a case's outcome, on disk too.
    pub fn keep(
        &mut self,
        config: &Config,
        subject: &Subject,
        case: &str,
        outcome: Result<(), String>,
    ) -> Result<(), Failure> {
        self.cases.insert(case.to_owned(), outcome.err());
        let file = Self::file(config, subject);
        if let Some(folder) = file.parent() {
            private_folder(folder)?;
        }
        write_private(&file, &serde_json::to_vec(self).unwrap_or_default())
    }

    /// Forgets it: the examination is over.
    pub fn end(config: &Config, subject: &Subject) {
        fs::remove_file(Self::file(config, subject)).ok();
    }

    fn file(config: &Config, subject: &Subject) -> PathBuf {
        subject.file(config).with_extension("part")
    }
}
