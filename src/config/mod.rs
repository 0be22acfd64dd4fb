//! What configures the program: the environment, `oms.toml` and the command line, in rising order.
//!
//! This is the only module that reads the environment. Every limit is a setting; no argument of a model sets one.

mod azure;
mod deploy;
mod environment;
mod paths;
mod settings;
#[cfg(test)]
mod tests;

pub use azure::AzureEnvironment;
pub use environment::Environment;
pub use paths::Paths;
pub use settings::{
    BridgeSettings, BridgeUser, DatabaseSettings, EventHubSettings, McpSettings, McpToken, ModelSettings,
    PipelineSettings, PriceSettings, Rights, Settings, ToolChoiceSetting,
};

use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use oms_tools::Failure;
use oms_tools::audit::AuditLog;
use oms_tools::change::Changes;
use oms_tools::private::Access;

use crate::brain::Tape;

/// What the command line says, for every command alike.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// `--as-of`.
    pub as_of: Option<NaiveDateTime>,
    /// `--brain`.
    pub brain: Option<String>,
    /// `--db`.
    pub db: Option<String>,
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--session`.
    pub session: Option<String>,
    /// `--quiet`.
    pub quiet: bool,
    /// What a run records, or replays, of language models.
    pub tape: Option<Tape>,
}

/// Everything that configures a run.
#[derive(Clone, Debug)]
pub struct Config {
    /// The command line.
    pub given: Given,
    /// The environment.
    pub environment: Environment,
    /// The folders.
    pub paths: Paths,
    /// The settings of `oms.toml`.
    pub settings: Settings,
}

impl Config {
    /// Reads the environment and the settings file: the one that is named, else `oms.toml` in the configuration folder,
    /// else none.
    ///
    /// Fails with file, line, what is wrong and the nearest right word.
    pub fn read(given: Given) -> Result<Self, Failure> {
        let environment = Environment::read();
        let paths = Paths::of(&environment)?;
        let named = given.config.clone();
        let settings = match named {
            Some(file) => Settings::read(&file)?,
            None => Settings::read_if_there(&paths.config.join("oms.toml"))?,
        };
        Ok(Self { given, environment, paths, settings })
    }

    /// The address of the database that is to be used: `--db`, else `OMS_DB_URL`, else the setting; none: the private one.
    pub fn database_url(&self) -> Option<&str> {
        self.given
            .db
            .as_deref()
            .or(self.environment.database_url.as_deref())
            .or(self.settings.database.url.as_deref())
            .filter(|url| !url.is_empty())
    }

    /// The brain that is to be used: `--brain`, else the setting, else `auto`.
    pub fn brain(&self) -> &str {
        self.given.brain.as_deref().or(self.settings.brain.as_deref()).unwrap_or("auto")
    }

    /// Where change sets, approvals and the record are kept, and who may read them.
    pub fn changes_folder(&self) -> (PathBuf, Access) {
        match &self.settings.changes.folder {
            Some(folder) => (folder.clone(), Access::Team),
            None => (self.paths.state.clone(), Access::Owner),
        }
    }

    /// What was proposed, decided and applied.
    pub fn changes(&self) -> Changes {
        let (folder, access) = self.changes_folder();
        Changes::new(folder, access, self.record(), self.settings.policy(), self.deploy())
    }

    /// The record of what the tools did.
    pub fn record(&self) -> AuditLog {
        let (folder, access) = self.changes_folder();
        AuditLog::new(folder.join("audit"), access)
    }

    /// The folder of the semantic model's files, where the built-in ones are not to be used.
    pub fn model_folder(&self) -> Option<&Path> {
        self.settings.orders.model.as_deref()
    }
}
