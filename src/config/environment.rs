//! The environment's variables, read once.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use super::AzureEnvironment;

/// The variables of language models' providers.
const PROVIDERS: &[&str] = &[
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_OPENAI_API_VERSION",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_BASE_URL",
    "GEMINI_API_KEY",
    "GEMINI_BASE_URL",
    "MISTRAL_API_KEY",
    "MISTRAL_BASE_URL",
    "OLLAMA_API_KEY",
    "OLLAMA_API_BASE_URL",
    "LLAMACPP_API_KEY",
    "LLAMACPP_API_BASE_URL",
];

/// What the environment says. Empty variables count as absent.
#[derive(Clone, Default)]
pub struct Environment {
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`.
    pub data_home: Option<PathBuf>,
    /// `XDG_STATE_HOME`.
    pub state_home: Option<PathBuf>,
    /// `XDG_CACHE_HOME`.
    pub cache_home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub config_home: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`.
    pub runtime: Option<PathBuf>,
    /// `OMS_DB_URL`.
    pub database_url: Option<String>,
    /// `OMS_MCP_TOKEN`: the bearer token of the user that serves MCP over HTTP.
    pub mcp_token: Option<String>,
    /// Keys and addresses of language models' providers, by the variable's name.
    pub providers: BTreeMap<&'static str, String>,
    /// A sign-in to Azure.
    pub azure: AzureEnvironment,
    /// `PATH`.
    pub path: Option<OsString>,
    /// True with `NO_COLOR`.
    pub no_color: bool,
    /// `TERM`.
    pub term: Option<String>,
    /// `LC_ALL`, else `LC_CTYPE`, else `LANG`.
    pub locale: Option<String>,
}

impl Environment {
    /// The value of a provider's variable.
    pub fn provider(&self, variable: &str) -> Option<&str> {
        self.providers.get(variable).map(String::as_str)
    }

    pub(super) fn read() -> Self {
        let path = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let text = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            home: path("HOME"),
            data_home: path("XDG_DATA_HOME"),
            state_home: path("XDG_STATE_HOME"),
            cache_home: path("XDG_CACHE_HOME"),
            config_home: path("XDG_CONFIG_HOME"),
            runtime: path("XDG_RUNTIME_DIR"),
            database_url: text("OMS_DB_URL"),
            mcp_token: text("OMS_MCP_TOKEN"),
            providers: PROVIDERS.iter().filter_map(|name| Some((*name, text(name)?))).collect(),
            azure: AzureEnvironment::read(),
            path: env::var_os("PATH"),
            no_color: text("NO_COLOR").is_some(),
            term: text("TERM"),
            locale: text("LC_ALL").or_else(|| text("LC_CTYPE")).or_else(|| text("LANG")),
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Addresses and keys are secrets: only whether they are there is shown.
        f.debug_struct("Environment")
            .field("home", &self.home)
            .field("database_url", &self.database_url.is_some())
            .field("providers", &self.providers.keys())
            .finish_non_exhaustive()
    }
}
