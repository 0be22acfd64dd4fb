//! From the configuration to what is known of the pipeline. A setting that cannot be used is kept as the reason why a part
//! cannot be asked: it must not keep the others from being looked at.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use oms_tools::azure::Cloud;
use oms_tools::eventhub::{BlobContainer, HubPlace, Identity};
use oms_tools::orders::OrdersDatabase;
use oms_tools::pipeline::{CaptureAt, DatabaseAt, Pipeline, Stack, Thresholds};
use oms_tools::{Failure, FailureKind};

use crate::config::{Config, EventHubSettings, PipelineSettings};
use crate::database::{self, Account, PrivateServer};

/// What the configuration says of the pipeline.
///
/// Fails where an address of a part is none.
pub fn pipeline(config: &Config) -> Result<Pipeline, Failure> {
    let (hub, pipeline) = (&config.settings.eventhub, &config.settings.pipeline);
    let identity = crate::azure::identity(config);
    let trust = crate::azure::trust(config);
    let container = |text: &str, name: &str| BlobContainer::parse(text, name, Some(&identity))?.trusting(&trust);
    let checkpoints = secret("checkpoints", hub.checkpoints.as_deref(), hub.checkpoints_file.as_deref());
    Ok(Pipeline {
        hub: place(hub, config.settings.azure.cloud, &identity).map(|place| Ok(place?.trusting(trust.clone()))),
        capture: capture(hub, checkpoints.as_ref(), config.settings.archive.source.as_deref(), container),
        checkpoints: checkpoints.map(|text| container(&text?, &hub.container)),
        shop: pipeline.shop.as_deref().map(|text| url("shop", text)).transpose()?,
        certificate: pipeline.certificate.as_deref().map(certificate).transpose()?,
        web: urls("web", &pipeline.web)?,
        intake: pipeline.intake.as_deref().map(|text| url("intake", text)).transpose()?,
        processors: urls("processors", &pipeline.processors)?,
        stack: pipeline.stack.clone().map(|project| Stack { socket: config.engine_socket(), project }),
        disks: if pipeline.disks.is_empty() { disks(config) } else { pipeline.disks.clone() },
        without: pipeline.without.clone(),
        thresholds: thresholds(pipeline),
    })
}

/// The orders database as it is: opened when it is asked, and nothing is started or seeded for that.
pub fn database_as_it_is(config: &Config) -> DatabaseAt {
    let config = Arc::new(config.clone());
    DatabaseAt::Closed(Arc::new(move || {
        let config = config.clone();
        Box::pin(async move {
            let options = if let Some(url) = config.database_url() {
                database::parse_url(url)?
            } else {
                let server = PrivateServer::of(&config);
                if server.running().await.is_none() {
                    return Err(Failure::new(FailureKind::NotFound, "the private database does not run")
                        .hint("oms db start, or name a database with `--db`"));
                }
                server.options(Account::Reader)?
            };
            let (limits, personal) = (config.settings.limits(), config.settings.personal());
            OrdersDatabase::connect(options, limits, personal).await.map(Arc::new)
        })
    }))
}

fn thresholds(settings: &PipelineSettings) -> Thresholds {
    Thresholds {
        patience: Duration::from_secs_f64(settings.seconds),
        lag_seconds: settings.lag_seconds.into(),
        capture_seconds: settings.capture_seconds.into(),
        disk_percent: settings.disk_percent,
    }
}

/// A secret from the setting itself, or from the file that it names.
fn secret(name: &str, text: Option<&str>, file: Option<&Path>) -> Option<Result<String, Failure>> {
    match (text, file) {
        (Some(text), _) => Some(Ok(text.to_owned())),
        (None, Some(file)) => Some(std::fs::read_to_string(file).map(|text| text.trim().to_owned()).map_err(|error| {
            Failure::invalid(format!(
                "cannot read the file `{}` of `eventhub.{name}_file`: {}",
                file.display(),
                error.kind()
            ))
        })),
        (None, None) => None,
    }
}

/// The hub by its connection string, or by Entra ID.
fn place(settings: &EventHubSettings, cloud: Cloud, identity: &Identity) -> Option<Result<HubPlace, Failure>> {
    let connection = secret("connection", settings.connection.as_deref(), settings.connection_file.as_deref());
    let (hub, group) = (&settings.hub, &settings.group);
    let place = match (connection, &settings.namespace) {
        (Some(_), Some(_)) => Err(Failure::invalid(
            "cannot tell how the event hub is to be asked: by `eventhub.connection` or by `eventhub.namespace`",
        )
        .hint("leave `eventhub.connection` (or its file) out for Entra ID, or `eventhub.namespace` for the key")),
        (Some(text), None) => text.and_then(|text| HubPlace::by_connection_string(&text, hub, group)),
        (None, Some(namespace)) => HubPlace::by_identity(namespace, cloud, hub, group, identity.clone()),
        (None, None) => return None,
    };
    Some(place.map(|place| match &settings.address {
        Some(address) => place.at(address),
        None => place,
    }))
}

/// The address of another container in the account of an address.
fn beside(account: &str, name: &str) -> String {
    let Some(mut url) = oms_tools::Url::parse(account).ok().filter(|_| !account.contains(';')) else {
        return account.to_owned();
    };
    if let Ok(mut parts) = url.path_segments_mut() {
        parts.pop_if_empty().pop().push(name);
    }
    url.into()
}

fn capture(
    settings: &EventHubSettings,
    account: Option<&Result<String, Failure>>,
    archive: Option<&str>,
    container: impl Fn(&str, &str) -> Result<BlobContainer, Failure>,
) -> Option<Result<CaptureAt, Failure>> {
    let container = |text: &str, name: &str| Some(container(text, name).map(CaptureAt::Container));
    match (settings.capture.as_deref(), account, archive) {
        (Some(url), ..) if url.contains("://") => container(url, ""),
        (Some(name), Some(Ok(account)), _) => container(&beside(account, name), name),
        (Some(_), Some(Err(failure)), _) => Some(Err(failure.clone())),
        (Some(_), None, _) => Some(Err(Failure::invalid(
            "cannot look at what Capture wrote: `eventhub.capture` names a container, and `eventhub.checkpoints` no account",
        ))),
        (None, _, Some(source)) if source.contains("://") => container(source, ""),
        (None, _, Some(folder)) => Some(Ok(CaptureAt::Folder(folder.into()))),
        (None, _, None) => None,
    }
}

fn certificate(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| {
        Failure::invalid(format!("cannot read `{}` of `pipeline.certificate`: {}", file.display(), error.kind()))
    })
}

fn url(setting: &str, text: &str) -> Result<oms_tools::Url, Failure> {
    oms_tools::Url::parse(text)
        .ok()
        .filter(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
        .ok_or_else(|| {
            Failure::invalid(format!("cannot use `pipeline.{setting}`: `{text}` is no address"))
                .hint("write it as http://HOST:PORT or https://HOST")
        })
}

fn urls(setting: &str, texts: &[String]) -> Result<Vec<oms_tools::Url>, Failure> {
    texts.iter().map(|text| url(setting, text)).collect()
}

/// The disk of our data; before there is any, that of the folder above.
fn disks(config: &Config) -> Vec<std::path::PathBuf> {
    let data = config.paths.data.ancestors().find(|folder| folder.exists());
    data.map(Path::to_owned).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_beside_another_is_in_the_same_account() {
        for (account, expected) in [
            ("https://shop.blob.core.windows.net/checkpoints", "https://shop.blob.core.windows.net/archive"),
            ("https://127.0.0.1:9/dev/checkpoints/?sig=x", "https://127.0.0.1:9/dev/archive?sig=x"),
            ("AccountName=a;BlobEndpoint=http://x/y", "AccountName=a;BlobEndpoint=http://x/y"),
            ("no address", "no address"),
        ] {
            assert_eq!(beside(account, "archive"), expected);
        }
    }
}
