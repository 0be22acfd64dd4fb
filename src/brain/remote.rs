//! A language model behind an OpenAI-compatible endpoint, through rig.

use rig_core::DynModel;
use rig_core::operation::Completion;
use rig_core::providers::openai::Route;
use rig_core::providers::openai::wire::{OPENAI, OpenAIConfig};

use oms_tools::{Failure, FailureKind};

use crate::config::Config;

/// A remote model and the name that replies give it.
#[derive(Clone)]
pub struct Remote {
    /// `openai:MODEL`.
    pub(crate) label: String,
    /// The model.
    pub(crate) model: DynModel<Completion>,
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").field("label", &self.label).finish_non_exhaustive()
    }
}

impl Remote {
    /// The model of this name at `OPENAI_BASE_URL`, with `OPENAI_API_KEY`. A server of one's own needs no key.
    pub(crate) fn openai(model: &str, config: &Config) -> Result<Self, Failure> {
        let base = config.environment.openai_base_url.as_deref();
        let key = match (config.environment.openai_key.as_deref(), base) {
            (Some(key), _) => key,
            (None, Some(_)) => "none",
            (None, None) => {
                return Err(Failure::new(
                    FailureKind::Unavailable,
                    format!("cannot use the brain `openai:{model}`: there is no key"),
                )
                .hint("set OPENAI_API_KEY, and OPENAI_BASE_URL for another server")
                .hint("or use `--brain rules`, which needs none"));
            }
        };
        let mut openai = OpenAIConfig::with_key(&OPENAI, key).with_route(Route::Chat);
        if let Some(base) = base {
            if !base.starts_with("http://") && !base.starts_with("https://") {
                return Err(Failure::invalid(
                    "cannot use OPENAI_BASE_URL: it does not begin with `https://` or `http://`",
                )
                .hint("write it as https://host/v1"));
            }
            openai = openai.with_base_url(base.trim_end_matches('/'));
        }
        Ok(Self { label: format!("openai:{model}"), model: openai.client().completion(model).erase() })
    }
}
