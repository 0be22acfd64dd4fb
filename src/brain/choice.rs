//! Which brain a run uses: `auto`, `rules`, `local` or `PROVIDER:MODEL`.

use oms_tools::{Failure, FailureKind};

use super::{Local, Remote};
use crate::config::Config;

/// The brains of a run.
#[derive(Clone)]
pub enum Brain {
    /// The rules; what they do not understand goes to the remote model where one is configured, or else to the embedded one
    /// where it is there.
    Auto(Option<Remote>, Option<Local>),
    /// The rules alone.
    Rules,
    /// The embedded model alone.
    Local(Local),
    /// A remote model alone.
    Remote(Remote),
}

impl Brain {
    /// The brain that the command line and the settings name. Fails where it is unknown, or lacks its key or its program.
    pub fn of(config: &Config) -> Result<Self, Failure> {
        match config.brain() {
            "auto" => match config.settings.remote.as_deref() {
                Some(name) => Remote::named(name, config).map(|remote| Self::Auto(Some(remote), None)),
                None => Ok(Self::Auto(None, Local::ready(config))),
            },
            "rules" => Ok(Self::Rules),
            "local" => Local::of(config).map(Self::Local).ok_or_else(|| {
                Failure::new(
                    FailureKind::Unavailable,
                    "cannot use the brain `local`: the program `oms-model` is not beside this one",
                )
                .hint("build it: `make model`, or set `local.program`")
                .hint("or use `--brain rules`, which needs none")
            }),
            name => Remote::named(name, config).map(Self::Remote),
        }
    }
}
