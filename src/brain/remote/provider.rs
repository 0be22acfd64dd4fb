//! The providers: one row each, from which the choice, the hints and the errors derive.

use oms_tools::{Failure, FailureKind};
use rig_core::DynModel;
use rig_core::operation::Completion;
use rig_core::providers::anthropic::wire::{ANTHROPIC, AnthropicConfig};
use rig_core::providers::gemini::GeminiConfig;
use rig_core::providers::ollama::OllamaConfig;
use rig_core::providers::openai::Route;
use rig_core::providers::openai::wire::{AZURE, Auth, LLAMACPP, MISTRAL, OPENAI, OpenAIConfig};

use super::keys::{self, Key};
use super::transport::Patient;
use crate::brain::Tape;
use crate::config::Config;

/// Whose model is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    /// OpenAI, and every server that is compatible with it (`OPENAI_BASE_URL`).
    OpenAi,
    /// Azure OpenAI: the model is the deployment's name; a key, or Entra ID where there is none.
    Azure,
    /// Anthropic.
    Anthropic,
    /// Gemini.
    Gemini,
    /// Mistral.
    Mistral,
    /// Ollama, on this machine where no address is given.
    Ollama,
    /// llama.cpp's `llama-server`, on this machine where no address is given.
    LlamaServer,
}

/// What is known of a provider.
struct Row {
    provider: Provider,
    /// As `--brain` writes it.
    name: &'static str,
    /// The variable of its key.
    key: &'static str,
    /// The variable of its address.
    base: &'static str,
}

const ROWS: [Row; 7] = [
    Row { provider: Provider::OpenAi, name: "openai", key: "OPENAI_API_KEY", base: "OPENAI_BASE_URL" },
    Row { provider: Provider::Azure, name: "azure", key: "AZURE_OPENAI_API_KEY", base: "AZURE_OPENAI_ENDPOINT" },
    Row { provider: Provider::Anthropic, name: "anthropic", key: "ANTHROPIC_API_KEY", base: "ANTHROPIC_BASE_URL" },
    Row { provider: Provider::Gemini, name: "gemini", key: "GEMINI_API_KEY", base: "GEMINI_BASE_URL" },
    Row { provider: Provider::Mistral, name: "mistral", key: "MISTRAL_API_KEY", base: "MISTRAL_BASE_URL" },
    Row { provider: Provider::Ollama, name: "ollama", key: "OLLAMA_API_KEY", base: "OLLAMA_API_BASE_URL" },
    Row {
        provider: Provider::LlamaServer,
        name: "llama-server",
        key: "LLAMACPP_API_KEY",
        base: "LLAMACPP_API_BASE_URL",
    },
];

/// Where `llama-server` listens when it is not told otherwise.
const LLAMA_SERVER: &str = "http://127.0.0.1:8080/v1";
/// Who may ask Azure's language models, as Entra ID names it.
const AZURE_SCOPE: &str = "https://cognitiveservices.azure.com/.default";

impl Provider {
    fn row(self) -> &'static Row {
        ROWS.iter().find(|row| row.provider == self).unwrap_or(&ROWS[0])
    }

    /// As `--brain` writes it.
    pub(crate) fn name(self) -> &'static str {
        self.row().name
    }

    /// The variable of its key.
    pub(crate) fn key_variable(self) -> &'static str {
        self.row().key
    }

    /// The variable of its address.
    pub(crate) fn base_variable(self) -> &'static str {
        self.row().base
    }

    /// Tokens of one answer, for providers that want a limit with every request. A call of a tool takes a few hundred.
    pub(crate) fn answer_tokens(self) -> Option<u64> {
        (self == Self::Anthropic).then_some(4096)
    }

    /// `PROVIDER:MODEL` apart.
    pub(super) fn parse(name: &str) -> Result<(Self, &str), Failure> {
        let (provider, model) = name.split_once(':').unwrap_or((name, ""));
        let Some(row) = ROWS.iter().find(|row| row.name == provider.trim()) else {
            return Err(unknown(name, provider));
        };
        match model.trim() {
            "" => Err(Failure::invalid(format!("cannot use the brain `{}`: it needs a model", row.name))
                .hint(format!("--brain {}:MODEL", row.name))),
            model => Ok((row.provider, model)),
        }
    }

    /// The model of this name, ready to be asked.
    pub(super) fn model(self, model: &str, config: &Config) -> Result<DynModel<Completion>, Failure> {
        let base = self.base(config)?;
        let http = Patient::new(&config.settings)?.with_tape(config.given.tape.clone());
        Ok(match self {
            Self::OpenAi => {
                let key = match (self.key(config)?, &base) {
                    (Some(key), _) => key,
                    // A compatible server of one's own needs no key, but the header must hold something.
                    (None, Some(_)) => Key::none(),
                    (None, None) => return Err(self.keyless(model)),
                };
                let mut wire = OpenAIConfig::with_key(&OPENAI, key.0).with_route(Route::Chat);
                if let Some(base) = base {
                    wire = wire.with_base_url(base);
                }
                wire.connect(http).completion(model).erase()
            }
            Self::Azure => {
                let Some(base) = base else { return Err(self.homeless(model, "https://NAME.openai.azure.com")) };
                let (key, http) = match self.key(config)? {
                    Some(key) => (key.0, http),
                    None => (String::new(), http.with_token(keys::entra(config)?, AZURE_SCOPE)),
                };
                let mut wire = OpenAIConfig::with_key(&AZURE, key.as_str()).with_base_url(base).with_route(Route::Chat);
                if key.is_empty() {
                    // The transport puts the token in its place: it lives for an hour, the settings for a session.
                    wire = wire.with_auth(Auth::OptionalBearer);
                }
                if let Some(version) = config.environment.provider("AZURE_OPENAI_API_VERSION") {
                    wire = wire.with_api_version(version);
                }
                wire.connect(http).completion(model).erase()
            }
            Self::Anthropic => {
                let mut wire = AnthropicConfig::with_key(&ANTHROPIC, self.needed(model, config)?.0);
                if let Some(base) = base {
                    wire = wire.with_base_url(base);
                }
                wire.connect(http).completion(model).erase()
            }
            Self::Gemini => {
                let mut wire = GeminiConfig::new(self.needed(model, config)?.0);
                if let Some(base) = base {
                    wire = wire.with_base_url(base);
                }
                wire.connect(http).completion(model).erase()
            }
            Self::Mistral => {
                let mut wire = OpenAIConfig::with_key(&MISTRAL, self.needed(model, config)?.0).with_route(Route::Chat);
                if let Some(base) = base {
                    wire = wire.with_base_url(base);
                }
                wire.connect(http).completion(model).erase()
            }
            Self::Ollama => {
                let mut wire = OllamaConfig::new();
                if let Some(base) = base {
                    wire = wire.with_base_url(base);
                }
                if let Some(key) = self.key(config)? {
                    wire.api_key = key.0.into();
                }
                wire.connect(http).completion(model).erase()
            }
            Self::LlamaServer => {
                let key = self.key(config)?.map_or_else(String::new, |key| key.0);
                OpenAIConfig::with_key(&LLAMACPP, key)
                    .with_base_url(base.unwrap_or_else(|| LLAMA_SERVER.to_owned()))
                    .with_route(Route::Chat)
                    .connect(http)
                    .completion(model)
                    .erase()
            }
        })
    }

    fn key(self, config: &Config) -> Result<Option<Key>, Failure> {
        // A tape needs no key, and is given none.
        if config.given.tape.as_ref().is_some_and(Tape::plays) {
            return Ok(Some(Key::none()));
        }
        keys::of(self.name(), self.key_variable(), config)
    }

    fn needed(self, model: &str, config: &Config) -> Result<Key, Failure> {
        self.key(config)?.ok_or_else(|| self.keyless(model))
    }

    fn keyless(self, model: &str) -> Failure {
        let name = self.name();
        let failure =
            Failure::new(FailureKind::Unavailable, format!("cannot use the brain `{name}:{model}`: there is no key"));
        let variable = self.key_variable();
        let failure = match self {
            Self::OpenAi => failure.hint(format!("set {variable}, and {} for another server", self.base_variable())),
            _ => failure.hint(format!("set {variable}, or `model.keys.{name}` to a file of yours with mode 600")),
        };
        failure.hint("or use `--brain rules`, which needs none")
    }

    fn homeless(self, model: &str, example: &str) -> Failure {
        Failure::new(
            FailureKind::Unavailable,
            format!("cannot use the brain `{}:{model}`: there is no address of its server", self.name()),
        )
        .hint(format!("set {} to {example}", self.base_variable()))
    }

    pub(super) fn base(self, config: &Config) -> Result<Option<String>, Failure> {
        let Some(base) = config.environment.provider(self.base_variable()) else { return Ok(None) };
        if !base.starts_with("http://") && !base.starts_with("https://") {
            return Err(Failure::invalid(format!(
                "cannot use {}: it does not begin with `https://` or `http://`",
                self.base_variable()
            ))
            .hint("write it as https://host/v1"));
        }
        Ok(Some(base.trim_end_matches('/').to_owned()))
    }
}

fn unknown(name: &str, provider: &str) -> Failure {
    let failure = Failure::invalid(format!("no brain named `{name}`"));
    let near = ["auto", "rules", "local"]
        .into_iter()
        .chain(ROWS.iter().map(|row| row.name))
        .map(|known| (strsim::damerau_levenshtein(known, provider), known))
        .min()
        .filter(|(distance, _)| *distance <= 2);
    if let Some((_, known)) = near {
        return failure.hint(format!("did you mean `{known}`?"));
    }
    let names: Vec<String> = ROWS.iter().map(|row| format!("{}:MODEL", row.name)).collect();
    failure.hint(format!("brains are auto, rules, local and {}", names.join(", ")))
}
