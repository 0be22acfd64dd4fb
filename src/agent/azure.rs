//! The client of Azure of a run, from the settings and the environment.

use std::sync::Arc;

use oms_tools::azure::{Azure, AzureCli, AzurePlace, Credentials, EnvironmentCredential};
use oms_tools::{Failure, process};

use crate::config::Config;

/// The client. It signs in when it is first asked something.
///
/// Fails where a setting names what cannot be; settings that are not there are told when a tool needs them.
pub(super) fn azure(config: &Config) -> Result<Arc<Azure>, Failure> {
    let (settings, environment) = (&config.settings.azure, &config.environment.azure);
    let subscription = settings.subscription.clone().or_else(|| environment.subscription.clone());
    let place = AzurePlace {
        cloud: settings.cloud,
        tenant: settings.tenant.clone(),
        subscription: subscription.clone(),
        resource_group: settings.resource_group.clone(),
        namespace: settings.namespace.clone(),
        endpoint: settings.endpoint.clone(),
    };
    let path = config.environment.path.as_deref();
    let credentials = Credentials::new(
        settings.credential.ways(),
        settings.cloud,
        EnvironmentCredential {
            tenant: environment.tenant.clone(),
            client: environment.client.clone(),
            secret: environment.secret.clone().map(Into::into),
            token_file: environment.token_file.clone(),
        },
        AzureCli { program: path.and_then(|path| process::find(&["az"], path)), variables: environment.cli.clone() },
        settings.tenant.clone(),
        subscription,
    );
    Azure::new(place, credentials).map(Arc::new)
}
