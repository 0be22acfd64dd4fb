//! `oms.toml`: the settings, their defaults and what is said of a broken file.

mod agent;
mod archive;
mod azure;
mod bridge;
mod changes;
mod database;
mod deploy;
mod environments;
mod eventhub;
mod local;
mod mcp;
mod model;
mod orders;
mod people;
mod pipeline;

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use oms_tools::Failure;
use oms_tools::change::Policy;
use oms_tools::orders::{Limits, PersonalColumns};
use serde::Deserialize;

pub(crate) use agent::AgentSettings;
pub(crate) use archive::ArchiveSettings;
pub(crate) use azure::AzureSettings;
pub use bridge::{BridgeSettings, BridgeUser, Rights};
pub(crate) use changes::ChangesSettings;
pub use database::DatabaseSettings;
pub(crate) use deploy::DeploySettings;
pub(crate) use environments::EnvironmentsSettings;
pub use eventhub::EventHubSettings;
pub(crate) use local::LocalSettings;
pub use mcp::{McpSettings, McpToken};
pub use model::{ModelSettings, PriceSettings, ToolChoiceSetting};
pub(crate) use orders::OrdersSettings;
pub(crate) use people::PeopleSettings;
pub use pipeline::PipelineSettings;

/// The settings. Every field has a default; an unknown name is an error.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The brain: `auto`, `rules`, `local` or `PROVIDER:MODEL`.
    pub brain: Option<String>,
    /// The model that `auto` asks what the rules do not understand: `PROVIDER:MODEL`; none: the rules ask back.
    pub remote: Option<String>,
    /// Where the orders are and what a statement may cost.
    pub database: DatabaseSettings,
    /// What the orders mean.
    pub orders: OrdersSettings,
    /// Where captured events are.
    pub archive: ArchiveSettings,
    /// Where the event hub is in Azure, and as whom it is asked.
    pub azure: AzureSettings,
    /// Budgets of one turn.
    pub agent: AgentSettings,
    /// Where change sets and the record are kept.
    pub changes: ChangesSettings,
    /// What is deployed where.
    pub deploy: DeploySettings,
    /// Who may propose and approve.
    pub people: PeopleSettings,
    /// What holds in an environment.
    pub environments: EnvironmentsSettings,
    /// Who speaks on the bridge.
    pub bridge: BridgeSettings,
    /// Who may come in over MCP, and what a client may take.
    pub mcp: McpSettings,
    /// The embedded language model.
    pub local: LocalSettings,
    /// How remote language models are asked.
    pub model: ModelSettings,
    /// The event hub and the processor's checkpoints.
    pub eventhub: EventHubSettings,
    /// Where the pipeline's parts are.
    pub pipeline: PipelineSettings,
}

impl Settings {
    /// Reads a settings file.
    pub fn read(file: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
        Self::parse(&text, file)
    }

    /// Reads a settings file; the defaults where there is none.
    pub fn read_if_there(file: &Path) -> Result<Self, Failure> {
        match fs::read_to_string(file) {
            Ok(text) => Self::parse(&text, file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(unreadable(file, &error)),
        }
    }

    pub(in crate::config) fn parse(text: &str, file: &Path) -> Result<Self, Failure> {
        let settings: Self = toml::from_str(text).map_err(|error| broken(text, file, &error))?;
        let wrong = |setting: &str, cause: &str| {
            let line = text.lines().position(|line| line.trim_start().starts_with(setting)).map_or(1, |line| line + 1);
            Failure::invalid(format!("cannot use `{}`, line {line}: `{setting}` {cause}", file.display()))
        };
        let seconds = |value: f64| value.is_finite() && value > 0.0 && value <= 3600.0;
        if !seconds(settings.database.seconds) || !seconds(settings.agent.seconds) {
            return Err(wrong("seconds", "must be more than 0 and at most 3600"));
        }
        if settings.database.rows == 0 {
            return Err(wrong("rows", "must be at least 1"));
        }
        if settings.database.bytes < 1024 {
            return Err(wrong("bytes", "must be at least 1024"));
        }
        if settings.agent.calls == 0 {
            return Err(wrong("calls", "must be at least 1"));
        }
        if let Some((setting, cause)) =
            environments::wrong(&settings.environments).or_else(|| deploy::wrong(&settings.deploy))
        {
            return Err(wrong(setting, cause));
        }
        if let Some((setting, cause)) =
            settings.local.wrong().or_else(|| settings.model.wrong()).or_else(|| settings.bridge.wrong())
        {
            return Err(wrong(setting, cause));
        }
        if let Some((setting, cause)) = settings.pipeline.wrong().or_else(|| settings.mcp.wrong()) {
            return Err(wrong(setting, cause));
        }
        let known = PersonalColumns::default();
        for name in &settings.database.show {
            let hidden = name.split_once('.').is_some_and(|(table, column)| known.hides(table, column));
            if !hidden {
                let names: Vec<String> = known.hidden().map(|(table, column)| format!("{table}.{column}")).collect();
                return Err(wrong("show", &format!("names `{name}`, which is no hidden column"))
                    .hint(format!("hidden are {}", names.join(", "))));
            }
        }
        Ok(settings)
    }

    /// Who may propose and approve what.
    pub fn policy(&self) -> Policy {
        Policy { people: self.people.clone(), environments: self.environments.clone() }
    }

    /// The limits of one statement.
    pub fn limits(&self) -> Limits {
        Limits {
            time: Duration::from_secs_f64(self.database.seconds),
            rows: self.database.rows,
            bytes: self.database.bytes,
        }
    }

    /// The columns that are kept from answers.
    pub fn personal(&self) -> PersonalColumns {
        self.database
            .show
            .iter()
            .filter_map(|name| name.split_once('.'))
            .fold(PersonalColumns::default(), |personal, (table, column)| personal.granting(table, column))
    }
}

fn unreadable(file: &Path, error: &io::Error) -> Failure {
    let cause = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        _ => error.kind().to_string(),
    };
    Failure::invalid(format!("cannot read the settings `{}`: {cause}", file.display()))
        .hint("check `--config`, or leave it out")
}

/// The parser's finding with its line; where a name is unknown, the nearest one.
fn broken(text: &str, file: &Path, error: &toml::de::Error) -> Failure {
    let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    let message = error.message().lines().next().unwrap_or("it is not TOML").trim_end_matches(',').to_owned();
    let failure = Failure::invalid(format!("cannot use `{}`, line {line}: {message}", file.display()));
    let mut names = message.split('`').skip(1).step_by(2);
    match (message.starts_with("unknown "), names.next()) {
        (true, Some(wrong)) => {
            let near = names.map(|name| (strsim::damerau_levenshtein(wrong, name), name)).min();
            match near {
                Some((distance, near)) if distance <= 3 => failure.hint(format!("did you mean `{near}`?")),
                _ => failure.hint("README.md lists the settings"),
            }
        }
        _ => failure.hint("README.md lists the settings"),
    }
}
