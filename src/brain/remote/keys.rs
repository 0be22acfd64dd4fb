//! A provider's key: from its variable, or from a file that only its owner can read. It is never shown.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use oms_tools::{Failure, FailureKind};

use super::transport::Tokens;
use crate::config::Config;

/// A key; it has no `Debug`, so that no log can hold it.
pub(super) struct Key(pub(super) String);

impl Key {
    /// For servers that ask for none.
    pub(super) fn none() -> Self {
        Self("none".to_owned())
    }
}

/// The key of a provider; the variable counts before the file.
pub(super) fn of(provider: &str, variable: &str, config: &Config) -> Result<Option<Key>, Failure> {
    if let Some(key) = config.environment.provider(variable) {
        return Ok(Some(Key(key.to_owned())));
    }
    let Some(file) = config.settings.model.keys.get(provider) else { return Ok(None) };
    let shown = file.display();
    let cannot = |cause: &str| {
        Failure::new(FailureKind::Unavailable, format!("cannot read the key `{shown}` of {provider}: {cause}"))
    };
    let metadata = fs::metadata(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            cannot("there is no such file").hint(format!("check `model.keys.{provider}` in oms.toml"))
        }
        kind => cannot(&kind.to_string()),
    })?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(cannot("others than its owner may read or write it").hint(format!("chmod 600 {shown}")));
    }
    let key = fs::read_to_string(file).map_err(|error| cannot(&error.kind().to_string()))?;
    match key.trim() {
        "" => Err(cannot("it is empty")),
        key if key.contains(char::is_whitespace) => Err(cannot("it holds more than one word")),
        key => Ok(Some(Key(key.to_owned()))),
    }
}

/// Tokens of Entra ID for Azure OpenAI without a key: the developer's own login with the Azure CLI.
pub(super) fn entra(_config: &Config) -> Result<Tokens, Failure> {
    azure_identity::DeveloperToolsCredential::new(None).map(|credential| credential as Arc<_>).map_err(|error| {
        Failure::new(FailureKind::Unavailable, "cannot use the brain `azure`: there is neither a key nor a login")
            .hint("set AZURE_OPENAI_API_KEY, or run `az login`")
            .hint(error.to_string())
    })
}
