//! A token from the Azure CLI: `az account get-access-token`, run without a shell and with a time limit.

use std::ffi::OsString;
use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use azure_core::credentials::{AccessToken, Secret};
use azure_core::time::OffsetDateTime;
use serde::Deserialize;

use crate::process::{Program, Watch};

/// The Azure CLI begins slowly: it is a Python program.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of its answer at most.
const LARGEST: u64 = 64 * 1024;

/// The Azure CLI with what it needs of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AzureCli {
    /// The program; none: it is not installed.
    pub program: Option<PathBuf>,
    /// Variables that it is run with: `HOME`, `PATH`, `AZURE_CONFIG_DIR`, proxies.
    pub variables: Vec<(OsString, OsString)>,
}

/// What `az account get-access-token --output json` prints.
#[derive(Deserialize)]
struct Printed {
    #[serde(rename = "accessToken")]
    token: String,
    /// Seconds since 1970; there since version 2.54.
    expires_on: Option<i64>,
}

impl AzureCli {
    /// A token. Fails with the CLI's own words, for [`super::credentials`] to read.
    pub(super) async fn token(
        &self,
        scope: &str,
        tenant: Option<&str>,
        subscription: Option<&str>,
    ) -> Result<AccessToken, String> {
        let Some(program) = &self.program else { return Err("`az` is not installed".to_owned()) };
        let mut az = Program::new(program, "/").limit(PATIENCE);
        for argument in ["account", "get-access-token", "--output", "json", "--scope", scope] {
            az = az.argument(argument);
        }
        // The CLI refuses both at once; a tenant says less than a subscription, so it goes first only where it is set.
        if let Some(tenant) = tenant {
            az = az.argument("--tenant").argument(tenant);
        } else if let Some(subscription) = subscription {
            az = az.argument("--subscription").argument(subscription);
        }
        for (name, value) in &self.variables {
            az = az.variable(name, value);
        }
        // Read apart from what is kept of outputs: there a token is hidden.
        let watch = Watch::default();
        let read = az.read(&watch, |output| {
            let mut text = Vec::new();
            output.take(LARGEST).read_to_end(&mut text).map(|_| text)
        });
        let (ended, printed) = read.await.map_err(|failure| failure.message)?;
        if !ended.status.success() {
            return Err(ended.errors);
        }
        let printed: Printed = serde_json::from_slice(&printed.unwrap_or_default())
            .map_err(|_| "`az` printed no token: update it".to_owned())?;
        let expires = printed
            .expires_on
            .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
            .ok_or("`az` does not tell when its token expires: update it to 2.54 or newer")?;
        Ok(AccessToken::new(Secret::new(printed.token), expires))
    }
}
