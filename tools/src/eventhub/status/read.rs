//! Reads namespaces, hubs and consumer groups.

use std::sync::Arc;

use azure_mgmt_eventhub::package_2024_01::Client;
use azure_mgmt_eventhub::package_2024_01::models::{
    self, EhNamespace, Eventhub, retention_description::CleanupPolicy, sku,
};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;

use super::{CaptureStatus, EventhubStatusArguments, HubStatus, NamespaceStatus, StatusReport};
use crate::azure::{Azure, eventhub_client, management_failure};
use crate::eventhub::hubs;
use crate::{Failure, FailureKind};

/// Hubs whose consumer groups are asked for at a time.
const AT_A_TIME: usize = 4;

pub(super) async fn read(azure: &Arc<Azure>, arguments: &EventhubStatusArguments) -> Result<StatusReport, Failure> {
    if !arguments.every_namespace {
        // Asked first, so that with nothing set the namespace is what is missed.
        azure.namespace_id()?;
    }
    let client = eventhub_client(azure)?;
    let mut report = StatusReport {
        subscription: azure.subscription()?.to_owned(),
        about: arguments.about,
        every_namespace: arguments.every_namespace,
        ..StatusReport::default()
    };
    if arguments.every_namespace {
        report.namespaces = every_namespace(azure, &client).await?;
        return Ok(report);
    }
    let namespace = azure.namespace()?.to_owned();
    let group = azure.resource_group()?.to_owned();
    let what = format!("namespace `{namespace}`");
    let found = client.namespaces_client().get(&group, &namespace, azure.subscription()?).await;
    report.namespaces = vec![of_namespace(found.map_err(|error| management_failure(&error, &what, azure))?)];
    let mut hubs = hubs::all(azure).await?;
    if let Some(hub) = &arguments.hub {
        let known: Vec<String> = hubs.iter().filter_map(|hub| hub.proxy_resource.name.clone()).collect();
        let named = hubs::named(hub, &known, &namespace)?;
        hubs.retain(|hub| hub.proxy_resource.name.as_deref() == Some(&named));
    }
    report.hubs = stream::iter(hubs.into_iter().map(|hub| {
        let client = client.clone();
        async move {
            let mut status = of_hub(hub);
            status.groups = groups(azure, &client, &status.name).await?;
            Ok::<_, Failure>(status)
        }
    }))
    .buffered(AT_A_TIME)
    .try_collect()
    .await?;
    report.hubs.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(report)
}

async fn every_namespace(azure: &Arc<Azure>, client: &Client) -> Result<Vec<NamespaceStatus>, Failure> {
    let what = format!("the namespaces of subscription `{}`", azure.subscription()?);
    let mut pages = client.namespaces_client().list(azure.subscription()?).into_stream();
    let mut namespaces = Vec::new();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| management_failure(&error, &what, azure))?;
        namespaces.extend(page.value.into_iter().map(of_namespace));
        count += 1;
        if count > hubs::MOST_PAGES {
            return Err(Failure::new(FailureKind::Unavailable, format!("cannot read {what}: the list has no end")));
        }
    }
    namespaces.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(namespaces)
}

async fn groups(azure: &Arc<Azure>, client: &Client, hub: &str) -> Result<Vec<String>, Failure> {
    let what = format!("the consumer groups of `{hub}`");
    let (group, namespace) = (azure.resource_group()?.to_owned(), azure.namespace()?.to_owned());
    let subscription = azure.subscription()?.to_owned();
    let mut pages =
        client.consumer_groups_client().list_by_event_hub(group, namespace, hub, subscription).into_stream();
    let mut groups = Vec::new();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| management_failure(&error, &what, azure))?;
        groups.extend(page.value.into_iter().filter_map(|group| group.proxy_resource.name));
        count += 1;
        if count > hubs::MOST_PAGES {
            return Err(Failure::new(FailureKind::Unavailable, format!("cannot read {what}: the list has no end")));
        }
    }
    Ok(groups)
}

fn of_namespace(namespace: EhNamespace) -> NamespaceStatus {
    let resource = namespace.tracked_resource.resource;
    let properties = namespace.properties.unwrap_or_default();
    let tier = namespace.sku.as_ref().map(|sku| match &sku.name {
        sku::Name::UnknownValue(name) => name.clone(),
        known => word(known),
    });
    let grows = properties.is_auto_inflate_enabled.unwrap_or(false);
    NamespaceStatus {
        resource_group: part_after(resource.id.as_deref().unwrap_or_default(), "resourceGroups"),
        name: resource.name.unwrap_or_default(),
        location: namespace.tracked_resource.location.unwrap_or_default(),
        tier: tier.unwrap_or_default(),
        units: namespace.sku.and_then(|sku| sku.capacity),
        grows_to: properties.maximum_throughput_units.filter(|_| grows),
        status: properties.status.or(properties.provisioning_state).unwrap_or_else(|| "Unknown".to_owned()),
        minimum_tls: properties.minimum_tls_version.as_ref().map(word),
        keys_refused: properties.disable_local_auth.unwrap_or(false),
        public_network: properties.public_network_access.as_ref().map(word),
    }
}

fn of_hub(hub: Eventhub) -> HubStatus {
    let properties = hub.properties.unwrap_or_default();
    let retention = properties.retention_description.unwrap_or_default();
    let compacted = retention.cleanup_policy == Some(CleanupPolicy::Compact);
    let days = properties.message_retention_in_days.map(|days| days * 24);
    let partitions = i64::try_from(properties.partition_ids.len()).unwrap_or_default();
    HubStatus {
        name: hub.proxy_resource.name.unwrap_or_default(),
        status: properties.status.as_ref().map_or_else(|| "Unknown".to_owned(), word),
        partitions: properties.partition_count.unwrap_or(partitions),
        kept_hours: retention.retention_time_in_hours.or(days).filter(|_| !compacted),
        compacted,
        groups: Vec::new(),
        capture: properties.capture_description.map(of_capture),
    }
}

fn of_capture(capture: models::CaptureDescription) -> CaptureStatus {
    let destination = capture.destination.and_then(|destination| destination.properties).unwrap_or_default();
    let account = destination.storage_account_resource_id.as_deref().map(|id| part_after(id, "storageAccounts"));
    CaptureStatus {
        on: capture.enabled.unwrap_or(false),
        seconds: capture.interval_in_seconds,
        bytes: capture.size_limit_in_bytes,
        skips_empty: capture.skip_empty_archives.unwrap_or(false),
        account: account.filter(|account| !account.is_empty()),
        container: destination.blob_container,
        names: destination.archive_name_format,
    }
}

/// The part of a resource id that follows a name, in any case.
fn part_after(id: &str, name: &str) -> String {
    let mut parts = id.split('/');
    parts.find(|part| part.eq_ignore_ascii_case(name));
    parts.next().unwrap_or_default().to_owned()
}

/// A value of the management crate's enums as the interface writes it.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}
