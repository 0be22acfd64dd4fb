//! The conversation's engine: one turn is history + sentence -> brain -> tool calls -> reply, on rig's agent loop.
//!
//! Every brain passes the same loop, the same tools and the same gate. Nothing here prints, and nothing here knows SQL.

mod compaction;
mod conversation;
mod deciding;
mod decision;
mod direct;
mod exam;
mod gate;
mod grounding;
mod meaning;
mod missing;
mod model_failure;
mod model_run;
mod pick;
mod preamble;
mod report;
mod rig_tools;
mod sessions;
#[cfg(test)]
mod tests;
mod tools;
mod turn;
mod unoffered;
mod values;

pub use conversation::Conversation;
pub use deciding::{Presence, Stopper, Verdict};
pub use direct::Brought;
pub use exam::Examined;
pub use gate::{By, Call, Gate, Outcome};
pub use meaning::semantic_model;
pub use report::failed_reply;
pub use sessions::SessionFile;

use std::sync::Arc;

use chrono::{NaiveDateTime, Utc};
use oms_tools::change::Changes;
use oms_tools::orders::OrdersDatabase;
use oms_tools::orders::semantic::{Catalog, SemanticModel};
use oms_tools::orders::values::KnownValues;
use oms_tools::pipeline::Freshness;
use oms_tools::{Effect, ErasedTool, Failure, Principal};

use self::tools::Parts;
use crate::brain::rules::Rules;
use crate::brain::{Brain, Budget, Remote};
use crate::config::Config;
use crate::database::{self, Seeding};
use crate::licence::{self, Subject, Withheld};
use crate::reply::vocabulary::Vocabulary;

/// What all conversations of a run share.
pub struct Agent {
    catalog: Arc<Catalog>,
    model: Arc<SemanticModel>,
    values: Arc<KnownValues>,
    vocabulary: Vocabulary,
    rules: Arc<Rules>,
    database: Arc<OrdersDatabase>,
    tools: Vec<Arc<dyn ErasedTool>>,
    /// Those of them that a remote model may be offered: `model.tools`.
    chosen: Vec<Arc<dyn ErasedTool>>,
    changes: Arc<Changes>,
    freshness: Freshness,
    gate: Arc<Gate>,
    brain: Brain,
    now: Now,
    calls: usize,
    seconds: f64,
    context: usize,
    budget: Budget,
    /// The hash of what a language model is told: instructions, names, tools.
    told: String,
    /// For the embedded model, which may come while a conversation is held.
    config: Config,
}

/// Where the question's "now" comes from.
#[derive(Clone, Copy, Debug)]
enum Now {
    /// `--as-of`, or the shop's `dataset_info.as_of`.
    Fixed(NaiveDateTime),
    /// The clock.
    Clock,
}

impl Agent {
    /// Opens the database, loads the meaning of the data and chooses the brain.
    ///
    /// Fails with what mends it: an unreachable database, an account with too many rights, a broken semantic model, a brain
    /// without its key.
    pub async fn start(config: &Config, seeding: &dyn Seeding) -> Result<Arc<Self>, Failure> {
        let brain = Brain::of(config)?;
        let model = semantic_model(config)?;
        Self::assemble(config, brain, model, database::open(config, seeding).await?).await
    }

    /// The same on a database that is open.
    pub async fn on(config: &Config, database: OrdersDatabase) -> Result<Arc<Self>, Failure> {
        Self::assemble(config, Brain::of(config)?, semantic_model(config)?, database).await
    }

    async fn assemble(
        config: &Config,
        brain: Brain,
        model: SemanticModel,
        database: OrdersDatabase,
    ) -> Result<Arc<Self>, Failure> {
        let (model, database) = (Arc::new(model), Arc::new(database));
        let now = match config.given.as_of {
            Some(now) => Now::Fixed(now),
            None => database.as_of().await?.map_or(Now::Clock, Now::Fixed),
        };
        let values = Arc::new(values::known(&database, &model, config).await?);
        let catalog = model.catalog.clone();
        let changes = Arc::new(config.changes());
        let pipeline = Arc::new(crate::pipeline::pipeline(config)?);
        let parts = Parts {
            config,
            changes: &changes,
            database: &database,
            model: &model,
            values: &values,
            pipeline: &pipeline,
        };
        let tools = tools::tools(&parts)?;
        let chosen = tools::chosen(&tools, &config.settings.model.tools)?;
        let told = preamble::fingerprint(&catalog, &chosen, config.settings.model.tool_choice);
        Ok(Arc::new(Self {
            told,
            vocabulary: Vocabulary::new(catalog.clone(), &values),
            rules: Arc::new(Rules::new(catalog.clone(), values.clone())),
            catalog,
            model,
            values,
            database,
            tools,
            chosen,
            changes,
            gate: Arc::new(deciding::audited(config.record())),
            freshness: Freshness::new(pipeline),
            brain,
            now,
            calls: config.settings.agent.calls,
            seconds: config.settings.agent.seconds,
            context: config.settings.model.context,
            budget: Budget::from(&config.settings.model),
            config: config.clone(),
        }))
    }

    /// A conversation of this principal, with nothing said yet.
    pub fn conversation(self: &Arc<Self>, principal: Principal) -> Conversation {
        Conversation::new(self.clone(), principal)
    }

    /// The catalogue of measures and dimensions.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// The values of the database that a question may name.
    pub fn values(&self) -> &Arc<KnownValues> {
        &self.values
    }

    /// The names that replies use.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// What was proposed, decided and applied.
    pub fn changes(&self) -> &Arc<Changes> {
        &self.changes
    }

    /// What sees every call.
    pub fn gate(&self) -> &Arc<Gate> {
        &self.gate
    }

    /// The orders database.
    pub fn database(&self) -> &Arc<OrdersDatabase> {
        &self.database
    }

    /// The tools, in the order in which they are shown.
    pub fn tools(&self) -> &[Arc<dyn ErasedTool>] {
        &self.tools
    }

    /// The tools that a remote model is offered, with or without a licence to propose changes.
    fn offered(&self, licensed: bool) -> Vec<Arc<dyn ErasedTool>> {
        let fits = |tool: &&Arc<dyn ErasedTool>| licensed || tool.effect() == Effect::Reads;
        self.chosen.iter().filter(fits).cloned().collect()
    }

    /// Whether a remote model is offered any tool that proposes changes once it may.
    pub fn can_propose(&self) -> bool {
        self.chosen.iter().any(|tool| tool.effect() != Effect::Reads)
    }

    /// Whether a remote model may propose changes.
    fn licence(&self, remote: &Remote) -> Result<(), Withheld> {
        licence::of(&self.config, &self.subject(remote))
    }

    /// What a verdict about a remote model is about.
    fn subject(&self, remote: &Remote) -> Subject {
        Subject { brain: remote.label.clone(), address: remote.address.clone(), told: self.told.clone() }
    }

    /// The question's "now".
    pub fn now(&self) -> NaiveDateTime {
        match self.now {
            Now::Fixed(now) => now,
            Now::Clock => Utc::now().naive_utc(),
        }
    }
}
