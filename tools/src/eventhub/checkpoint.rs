//! The processor's checkpoints: blobs of a storage container, one for each partition and consumer group.
//!
//! Layout: `{namespace}/{hub}/{group}/checkpoint/{partition}` and `.../ownership/{partition}`, in lower case; what they say
//! stands in the blobs' metadata (Microsoft's checkpoint store for blobs).

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::NaiveDateTime;

use super::HubPlace;
use super::blobs::{Blob, BlobContainer};
use crate::{Failure, FailureKind};

/// How far a consumer group has come in a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The sequence number of the last event that is done with.
    pub sequence: i64,
    /// When that was put down, UTC.
    pub at: Option<NaiveDateTime>,
}

/// Who reads a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// The reader's name for itself; none: given up.
    pub owner: Option<String>,
    /// When the claim was renewed last, UTC.
    pub at: Option<NaiveDateTime>,
}

/// What a container says of one consumer group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkpoints {
    /// By partition.
    pub checkpoints: BTreeMap<String, Checkpoint>,
    /// By partition.
    pub owners: BTreeMap<String, Ownership>,
    /// Groups of this hub that the container knows, this one or others.
    pub groups: Vec<String>,
    /// Hubs that the container knows.
    pub hubs: Vec<String>,
}

/// What the container says of a hub's consumer group.
///
/// Fails with what mends it: not reachable, not allowed, no such container; also when `limit` is over.
pub async fn checkpoints(container: &BlobContainer, hub: &HubPlace, limit: Duration) -> Result<Checkpoints, Failure> {
    let listed = tokio::time::timeout(limit, container.list("", None)).await.unwrap_or_else(|_| {
        let place = container.place();
        Err(Failure::new(
            FailureKind::TimedOut,
            format!("cannot read the checkpoints at `{place}`: no answer within {} ms", limit.as_millis()),
        ))
    })?;
    Ok(of_group(&listed.blobs, hub))
}

/// What blobs say of a hub's group. The namespace is the one of the hub's host, or, where the hub is reached under another
/// name than the processor's, the one that was written to last.
fn of_group(blobs: &[Blob], hub: &HubPlace) -> Checkpoints {
    let parts: Vec<(Vec<&str>, &Blob)> = blobs
        .iter()
        .map(|blob| (blob.name.split('/').collect::<Vec<_>>(), blob))
        .filter(|(parts, _)| parts.len() == 5)
        .collect();
    let hubs = parts.iter().map(|(parts, _)| parts[1].to_owned()).collect();
    let mut found = Checkpoints { hubs, ..Checkpoints::default() };
    parts
        .iter()
        .filter(|(parts, _)| same(parts[1], &hub.hub))
        .for_each(|(parts, _)| found.groups.push(parts[2].into()));
    for names in [&mut found.hubs, &mut found.groups] {
        names.sort();
        names.dedup();
    }
    let ours = || parts.iter().filter(|(parts, _)| same(parts[1], &hub.hub) && same(parts[2], &hub.group));
    let Some(namespace) =
        ours().max_by_key(|(parts, blob)| (same(parts[0], &hub.host), blob.modified)).map(|(parts, _)| parts[0])
    else {
        return found;
    };
    for (parts, blob) in ours().filter(|(parts, _)| parts[0] == namespace) {
        let partition = parts[4].to_owned();
        let text = |name: &str| blob.metadata.get(name).filter(|text| !text.is_empty());
        match parts[3] {
            "checkpoint" => {
                if let Some(sequence) = text("sequencenumber").and_then(|text| text.parse().ok()) {
                    found.checkpoints.insert(partition, Checkpoint { sequence, at: blob.modified });
                }
            }
            "ownership" => {
                let owner = text("ownerid").cloned();
                found.owners.insert(partition, Ownership { owner, at: blob.modified });
            }
            _ => {}
        }
    }
    found
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;
    use crate::eventhub::blobs;

    const PAGE: &str = r#"<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="checkpoints"><Blobs>
        <Blob><Name>event-hub/orders/processor/checkpoint/0</Name><Properties><Last-Modified>Wed, 14 Jan 2026 12:00:00 GMT</Last-Modified></Properties><Metadata><sequencenumber>41</sequencenumber><offset>4100</offset></Metadata></Blob>
        <Blob><Name>event-hub/orders/processor/ownership/0</Name><Properties><Last-Modified>Wed, 14 Jan 2026 12:00:05 GMT</Last-Modified></Properties><Metadata><ownerid>me</ownerid></Metadata></Blob>
        <Blob><Name>event-hub/orders/processor/ownership/1</Name><Properties/><Metadata><ownerid></ownerid></Metadata></Blob>
        <Blob><Name>event-hub/orders/audit/checkpoint/0</Name><Metadata><SequenceNumber>7</SequenceNumber></Metadata></Blob>
        <Blob><Name>event-hub/orders/processor/checkpoint/1</Name><Metadata><sequencenumber>no number</sequencenumber></Metadata></Blob>
        <Blob><Name>something else</Name></Blob></Blobs><NextMarker>m&amp;1</NextMarker></EnumerationResults>"#;

    fn hub(host: &str, group: &str) -> HubPlace {
        let text = format!("Endpoint=sb://{host};SharedAccessKeyName=r;SharedAccessKey=k;UseDevelopmentEmulator=true");
        HubPlace::by_connection_string(&text, "orders", group).unwrap()
    }

    #[test]
    fn listings_give_each_group_s_checkpoints() {
        let blobs = blobs::tests::listed(PAGE);
        for host in ["event-hub", "127.0.0.1"] {
            let found = of_group(&blobs, &hub(host, "Processor"));
            assert_eq!(found.checkpoints.len(), 1, "{host}");
            let first = &found.checkpoints["0"];
            assert_eq!((first.sequence, first.at.unwrap().to_string().as_str()), (41, "2026-01-14 12:00:00"));
            assert_eq!(found.owners["0"].owner.as_deref(), Some("me"));
            assert_eq!(found.owners["1"].owner, None);
            assert_eq!((found.groups, found.hubs), (vec!["audit".into(), "processor".into()], vec!["orders".into()]));
        }
        assert_eq!(of_group(&blobs, &hub("event-hub", "audit")).checkpoints["0"].sequence, 7);
        assert!(of_group(&blobs, &hub("event-hub", "nobody")).checkpoints.is_empty());
    }
}
