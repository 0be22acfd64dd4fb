//! The embedded language model as a brain: it fills the semantic query by choosing, step by step, among what the catalogue has
//! and what the question named. What it is unsure of is asked back.

mod decide;
mod prompt;

use std::sync::Arc;

use chrono::NaiveDateTime;
use oms_tools::Failure;
use oms_tools::orders::semantic::SemanticModel;

use super::rules::{Rules, Understanding};
use crate::config::Config;
use crate::model::Sidecar;

/// The embedded model.
#[derive(Clone, Debug)]
pub struct Local {
    sidecar: Sidecar,
    threshold: f64,
}

impl Local {
    /// The model of this configuration; `None` where its program or its file is not there.
    pub(crate) fn ready(config: &Config) -> Option<Self> {
        let local = Self::of(config)?;
        crate::model::ModelFile::of(config).usable().is_ok().then_some(local)
    }

    /// The model of this configuration; `None` where its program is not there.
    pub(crate) fn of(config: &Config) -> Option<Self> {
        Some(Self { sidecar: Sidecar::of(config)?, threshold: config.settings.local.threshold })
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
        let mut session = self.sidecar.session().await?;
        let decision = decide::decide(&mut session, &model.catalog, text, &links).await?;
        Ok(decide::understanding(&decision, rules, model, &links, now, self.threshold))
    }

    /// Evaluates the instructions, so that the first question need not wait for it.
    pub(crate) async fn warm_up(&self, model: &Arc<SemanticModel>) -> Result<(), Failure> {
        let mut session = self.sidecar.session().await?;
        decide::warm_up(&mut session, &model.catalog).await
    }
}
