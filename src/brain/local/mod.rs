//! The embedded language model as a brain: it fills the semantic query by choosing, step by step, among what the catalogue has
//! and what the question named. What it is unsure of is asked back.

mod decide;
mod floor;
mod prompt;
pub(crate) mod verified;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDateTime;
use oms_model::{Answer, Request};
use oms_tools::orders::semantic::SemanticModel;
use oms_tools::{Failure, FailureKind};

use super::Tape;
use super::rules::{Rules, Understanding};
use crate::config::Config;
use crate::model::{Session, Sidecar};

/// The embedded model.
#[derive(Clone, Debug)]
pub struct Local {
    /// None where a tape plays.
    sidecar: Option<Sidecar>,
    tape: Option<Tape>,
    threshold: f64,
    /// Where verified queries are kept.
    data: PathBuf,
}

impl Local {
    /// The model of this configuration; `None` where its program or its file is not there.
    pub(crate) fn ready(config: &Config) -> Option<Self> {
        let local = Self::of(config)?;
        (local.sidecar.is_none() || crate::model::ModelFile::of(config).usable().is_ok()).then_some(local)
    }

    /// The model of this configuration; `None` where its program is not there.
    pub(crate) fn of(config: &Config) -> Option<Self> {
        let tape = config.given.tape.clone();
        let sidecar = if tape.as_ref().is_some_and(Tape::plays) { None } else { Some(Sidecar::of(config)?) };
        Some(Self { sidecar, tape, threshold: config.settings.local.threshold, data: config.paths.data.clone() })
    }

    /// Understands a question: a query, a question back, or a refusal.
    pub(crate) async fn understand(
        &self,
        rules: &Rules,
        model: &Arc<SemanticModel>,
        text: &str,
        now: NaiveDateTime,
    ) -> Result<Understanding, Failure> {
        let links = rules.links(text, now);
        if let Some(early) = decide::before(&links) {
            return Ok(early);
        }
        let mut session = self.talk().await?;
        // What is recorded must not hang on what this machine's people have picked.
        let verified = if self.tape.is_some() { Vec::new() } else { verified::read(&self.data) };
        let told = prompt::question(text, &links, &verified);
        let decision = decide::decide(&mut session, &model.catalog, told, &links).await?;
        Ok(decide::understanding(&decision, rules, model, &links, now, self.threshold))
    }

    /// A SELECT of the model's own, for comparison only.
    pub(crate) async fn free_sql(&self, text: &str, now: NaiveDateTime) -> Result<String, Failure> {
        let mut talk = self.talk().await?;
        floor::select(&mut talk, oms_seed::SCHEMA, text, &now.format("%Y-%m-%d %H:%M:%S").to_string()).await
    }

    async fn talk(&self) -> Result<Talk, Failure> {
        let session = match &self.sidecar {
            Some(sidecar) => Some(sidecar.session().await?),
            None => None,
        };
        Ok(Talk { session, tape: self.tape.clone() })
    }

    /// Evaluates the instructions, so that the first question need not wait for it.
    pub(crate) async fn warm_up(&self, model: &Arc<SemanticModel>) -> Result<(), Failure> {
        let mut session = self.talk().await?;
        decide::warm_up(&mut session, &model.catalog).await
    }
}

/// One conversation with the model, or with what was recorded of one.
pub(super) struct Talk {
    session: Option<Session>,
    tape: Option<Tape>,
}

impl Talk {
    /// Asks and waits for the answer.
    async fn request(&mut self, request: &Request) -> Result<Answer, Failure> {
        let unreadable = |_| Failure::new(FailureKind::Internal, "cannot replay this turn: its record is no answer");
        let asked = serde_json::to_value(request).map_err(unreadable)?;
        if let Some(played) = self.tape.as_ref().and_then(|tape| tape.played("local", &asked)) {
            return serde_json::from_value(played?).map_err(unreadable);
        }
        let session = self.session.as_mut().ok_or_else(|| {
            Failure::new(
                FailureKind::Internal,
                "cannot ask the embedded language model: there is neither a process nor a tape",
            )
        })?;
        let answer = session.request(request).await?;
        if let Some(tape) = &self.tape {
            tape.keep("local", &asked, &serde_json::to_value(&answer).map_err(unreadable)?);
        }
        Ok(answer)
    }
}
