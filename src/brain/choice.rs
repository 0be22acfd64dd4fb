//! Which brain a run uses: `auto`, `rules`, `local` or `PROVIDER:MODEL`.

use oms_tools::{Failure, FailureKind};

use super::Remote;
use crate::config::Config;

/// The brains of a run.
#[derive(Clone)]
pub enum Brain {
    /// The rules; what they do not understand goes to the remote model, where one is configured.
    Auto(Option<Remote>),
    /// The rules alone.
    Rules,
    /// A remote model alone.
    Remote(Remote),
}

impl Brain {
    /// The brain that the command line and the settings name. Fails where it is unknown, or lacks its key.
    pub fn of(config: &Config) -> Result<Self, Failure> {
        match config.brain() {
            "auto" => match config.settings.remote.as_deref() {
                Some(name) => Remote::named(name, config).map(|remote| Self::Auto(Some(remote))),
                None => Ok(Self::Auto(None)),
            },
            "rules" => Ok(Self::Rules),
            "local" => Err(Failure::new(
                FailureKind::Unavailable,
                "cannot use the brain `local`: this build has no embedded language model",
            )
            .hint("use `--brain rules`, or `--brain openai:MODEL` with OPENAI_BASE_URL of a local server")),
            name => Remote::named(name, config).map(Self::Remote),
        }
    }
}
