//! Who we are in Azure, and the client of its management interface, from the settings and the environment.

use std::path::Path;
use std::sync::Arc;

use oms_tools::archive::ArchiveSource;
use oms_tools::azure::{Azure, AzureCli, AzurePlace, Credentials, EnvironmentCredential};
use oms_tools::eventhub::Identity;
use oms_tools::{Failure, FailureKind, Trust, process};

use crate::config::Config;

/// The client. It signs in when it is first asked something.
///
/// Fails where a setting names what cannot be; settings that are not there are told when a tool needs them.
pub(crate) fn azure(config: &Config) -> Result<Arc<Azure>, Failure> {
    let settings = &config.settings.azure;
    let place = AzurePlace {
        cloud: settings.cloud,
        tenant: settings.tenant.clone(),
        subscription: subscription(config),
        resource_group: settings.resource_group.clone(),
        namespace: settings.namespace.clone(),
        endpoint: settings.endpoint.clone(),
    };
    Azure::new(place, credentials(config)).map(Arc::new)
}

/// Who we are for the event hub itself and for storage: no token is asked for before it is needed.
pub(crate) fn identity(config: &Config) -> Identity {
    Arc::new(credentials(config))
}

/// Where captured events are, asked as we sign in.
pub(crate) fn archive(config: &Config, source: &str) -> Result<ArchiveSource, Failure> {
    ArchiveSource::parse(source, Some(&identity(config)))?.trusting(&trust(config))
}

/// Whose certificates are believed. A file that cannot be used is told by what needs it.
pub(crate) fn trust(config: &Config) -> Trust {
    let read = |file: &Path| {
        let pem = std::fs::read(file).map_err(|error| {
            let said = format!("cannot read `{}` of `azure.certificates`: {}", file.display(), error.kind());
            Failure::new(FailureKind::Unavailable, said)
                .hint("name the PEM file of the authority, or leave it out for those of this machine")
        })?;
        Trust::beside(&pem)
    };
    match config.settings.azure.certificates.as_deref() {
        Some(file) => read(file).unwrap_or_else(Trust::unusable),
        None => Trust::default(),
    }
}

fn subscription(config: &Config) -> Option<String> {
    config.settings.azure.subscription.clone().or_else(|| config.environment.azure.subscription.clone())
}

fn credentials(config: &Config) -> Credentials {
    let (settings, environment) = (&config.settings.azure, &config.environment.azure);
    let path = config.environment.path.as_deref();
    Credentials::new(
        settings.credential.ways(),
        settings.cloud,
        EnvironmentCredential {
            tenant: environment.tenant.clone(),
            client: environment.client.clone(),
            secret: environment.secret.clone().map(Into::into),
            token_file: environment.token_file.clone(),
            authority: environment.authority.clone(),
        },
        AzureCli { program: path.and_then(|path| process::find(&["az"], path)), variables: environment.cli.clone() },
        settings.tenant.clone(),
        subscription(config),
    )
    .trusting(trust(config))
}
