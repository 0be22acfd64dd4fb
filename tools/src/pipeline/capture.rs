//! What Capture has written: found by walking down the newest folders, so that ten years of files cost no more than a day.
//!
//! Names are `{namespace}/{hub}/{partition}/{year}/{month}/{day}/{hour}/{minute}/{second}.avro`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Utc};
use futures::future::join_all;
use tokio::time::timeout;

use super::verdict::{Part, PartHealth, Verdict, listed};
use crate::archive::{CapturedEvent, read_file};
use crate::eventhub::lag::spoken;
use crate::eventhub::{BlobContainer, HubFacts};
use crate::{Failure, FailureKind};

/// Levels of a name below its partition.
const LEVELS: usize = 6;
/// Seconds that writing a file may take.
const SLACK: i64 = 60;
/// Files that are opened in the search for one event.
const OPENED: usize = 12;

/// A place of captured files.
#[derive(Clone, Debug)]
pub enum CaptureAt {
    /// A folder that holds them below it.
    Folder(PathBuf),
    /// A container.
    Container(BlobContainer),
}

impl CaptureAt {
    /// Names directly below `prefix`, in order: folders, each with `/` at its end, and files.
    async fn below(&self, prefix: &str) -> Result<Vec<String>, Failure> {
        let mut names = match self {
            Self::Folder(root) => {
                let (root, prefix) = (root.clone(), prefix.to_owned());
                let read = tokio::task::spawn_blocking(move || children(&root, &prefix)).await;
                read.ok().and_then(Result::ok).ok_or_else(|| {
                    Failure::new(
                        FailureKind::Unavailable,
                        "cannot read the captured files: their folder cannot be read",
                    )
                    .hint("check `archive.source` in oms.toml")
                })?
            }
            Self::Container(container) => {
                let listing = container.list(prefix, Some("/")).await?;
                let files = listing.blobs.into_iter().map(|blob| blob.name);
                listing.folders.into_iter().chain(files).collect()
            }
        };
        names.sort();
        Ok(names)
    }

    async fn read(&self, name: &str) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Folder(root) => tokio::fs::read(root.join(name)).await.map_err(|error| {
                Failure::new(
                    FailureKind::Unavailable,
                    format!("cannot read the captured file `{name}`: {}", error.kind()),
                )
            }),
            Self::Container(container) => container.read(name).await,
        }
    }

    /// Where a hub's files stand: `namespace/hub/`; none where nothing was captured of it.
    async fn root(&self, hub: &str) -> Result<Option<String>, Failure> {
        for namespace in self.below("").await?.into_iter().filter(|name| name.ends_with('/')) {
            let hubs = self.below(&namespace).await?;
            let ours = |name: &String| {
                let last = name.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                name.ends_with('/') && last.eq_ignore_ascii_case(hub)
            };
            if let Some(root) = hubs.into_iter().find(ours) {
                return Ok(Some(root));
            }
        }
        Ok(None)
    }

    /// The newest file of a partition, by its name.
    async fn newest(&self, root: &str, partition: &str) -> Result<Option<String>, Failure> {
        let mut prefix = format!("{root}{partition}/");
        for _ in 0..LEVELS {
            match self.below(&prefix).await?.pop() {
                Some(name) if name.ends_with('/') => prefix = name,
                other => return Ok(other),
            }
        }
        Ok(None)
    }

    /// The file that holds an event, among those written about the time when the hub took it, and the event as it stands
    /// there. The second value is true where every file that could hold it was opened.
    pub(crate) async fn find(
        &self,
        hub: &str,
        partition: &str,
        enqueued: NaiveDateTime,
        is_it: impl Fn(&CapturedEvent) -> bool,
    ) -> Result<(Option<(String, CapturedEvent)>, bool), Failure> {
        let Some(root) = self.root(hub).await? else { return Ok((None, true)) };
        let mut names = Vec::new();
        for hours in -1..=2_i64 {
            let at = enqueued + TimeDelta::hours(hours);
            let hour = format!("{root}{partition}/{}", at.format("%Y/%m/%d/%H/"));
            for minute in self.below(&hour).await.unwrap_or_default() {
                if minute.ends_with('/') {
                    names.extend(self.below(&minute).await?);
                }
            }
        }
        // A file's name tells a moment of its window: those nearest to the event are opened first.
        names.sort_by_key(|name| time_of(name).map_or(i64::MAX, |at| (at - enqueued).num_seconds().abs()));
        let whole = names.len() <= OPENED;
        for name in names.into_iter().take(OPENED) {
            let file = read_file(&name, &self.read(&name).await?)?;
            if let Some(event) = file.events.into_iter().find(|event| is_it(event)) {
                return Ok((Some((name, event)), true));
            }
        }
        Ok((None, whole))
    }
}

/// The names below a folder of a folder.
fn children(root: &Path, prefix: &str) -> std::io::Result<Vec<String>> {
    let folder = root.join(prefix);
    if !folder.is_dir() {
        // Nothing was captured there; a root that is not there is another matter.
        return if prefix.is_empty() { Err(std::io::ErrorKind::NotFound.into()) } else { Ok(Vec::new()) };
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let slash = if entry.file_type()?.is_dir() { "/" } else { "" };
        names.push(format!("{prefix}{}{slash}", entry.file_name().to_string_lossy()));
    }
    Ok(names)
}

/// The moment in a captured file's name.
pub(crate) fn time_of(name: &str) -> Option<NaiveDateTime> {
    let parts: Vec<u32> =
        name.trim_end_matches(".avro").rsplit('/').take(LEVELS).map_while(|part| part.parse().ok()).collect();
    let [second, minute, hour, day, month, year] = parts[..] else { return None };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?.and_hms_opt(hour, minute, second)
}

/// Capture as a part of the pipeline: whether events are older than they may be without being in a file.
pub(crate) async fn judged(
    captured: Option<Result<CaptureAt, Failure>>,
    hub: Result<(String, HubFacts), Failure>,
    window: i64,
    limit: Duration,
) -> PartHealth {
    let unknown = |said: String| PartHealth::new(Part::Capture, Verdict::Unknown, said);
    let captured = match captured {
        Some(Ok(captured)) => captured,
        Some(Err(failure)) => return unknown(failure.message),
        None => {
            return unknown("it is not known where it writes".to_owned()).hint(
                "set `eventhub.capture` or `archive.source` in oms.toml, or name `capture` in `pipeline.without`",
            );
        }
    };
    let Ok((hub, facts)) = hub else {
        return unknown("what it should have written is not known: the hub was not asked".to_owned());
    };
    let read = async {
        let root = captured.root(&hub).await?;
        let newest = facts.partitions.iter().map(|facts| {
            let (captured, root) = (&captured, root.as_deref());
            async move {
                match root {
                    Some(root) => captured.newest(root, &facts.partition).await,
                    None => Ok(None),
                }
            }
        });
        join_all(newest).await.into_iter().collect::<Result<Vec<_>, Failure>>()
    };
    let newest = match timeout(limit, read).await {
        Ok(Ok(newest)) => newest,
        Ok(Err(failure)) => return unknown(failure.message),
        Err(_) => return unknown("its files cannot be listed in time".to_owned()),
    };
    let newest = newest.into_iter().map(|name| name.as_deref().and_then(time_of)).collect::<Vec<_>>();
    backlog(&facts, &newest, window, Utc::now().naive_utc())
}

/// Which partitions have events that should be in a file and are in none.
fn backlog(facts: &HubFacts, newest: &[Option<NaiveDateTime>], window: i64, now: NaiveDateTime) -> PartHealth {
    let mut late = Vec::new();
    let mut oldest = 0;
    for (facts, captured) in facts.partitions.iter().zip(newest) {
        let Some(taken) = facts.last_enqueued.filter(|_| !facts.empty) else { continue };
        let age = (now - taken).num_seconds();
        // A name may tell the begin or the end of its window.
        let covered = captured.is_some_and(|at| (taken - at).num_seconds() <= window + SLACK);
        if !covered && age > 2 * window + SLACK {
            late.push(facts.partition.as_str());
            oldest = oldest.max(age);
        }
    }
    let last = newest.iter().flatten().max();
    let part = match (late.is_empty(), last) {
        (false, _) => {
            let s = if late.len() == 1 { "" } else { "s" };
            let said = format!(
                "events of partition{s} {} are in no captured file although the newest is {} old",
                listed(&late),
                spoken(oldest)
            );
            PartHealth::new(Part::Capture, Verdict::Degraded, said)
                .hint("look at Capture's state and its storage: what is older than the hub's retention would be lost")
        }
        (true, Some(last)) => {
            let said = format!("newest file {} UTC, nothing overdue", last.format("%Y-%m-%d %H:%M:%S"));
            PartHealth::new(Part::Capture, Verdict::Healthy, said)
        }
        (true, None) => PartHealth::new(Part::Capture, Verdict::Healthy, "no file yet, and nothing overdue"),
    };
    part.saw("newest_file", last).saw("late_partitions", late.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::archive::captured_file;
    use crate::eventhub::PartitionFacts;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn facts(last_enqueued: Option<&str>) -> PartitionFacts {
        let last_enqueued = last_enqueued.map(at);
        PartitionFacts { partition: "2".into(), first: 0, last: 9, last_enqueued, empty: last_enqueued.is_none() }
    }

    #[test]
    fn names_tell_their_time() {
        assert_eq!(time_of("oms/orders/3/2026/01/14/18/06/05.avro"), Some(at("2026-01-14T18:06:05")));
        for name in ["", "x.avro", "oms/orders/3/2026/13/14/18/06/05.avro", "oms/orders/3/2026/01/14/18/06/x.avro"] {
            assert_eq!(time_of(name), None, "{name}");
        }
    }

    #[test]
    fn what_is_overdue_is_a_backlog() {
        let now = at("2026-01-14T12:00:00");
        for (taken, captured, expected) in [
            (None, None, Verdict::Healthy),
            // Within the window, nothing is due.
            (Some("2026-01-14T11:58:00"), None, Verdict::Healthy),
            (Some("2026-01-14T11:30:00"), None, Verdict::Degraded),
            (Some("2026-01-14T11:30:00"), Some("2026-01-14T11:31:00"), Verdict::Healthy),
            (Some("2026-01-14T11:30:00"), Some("2026-01-14T11:26:00"), Verdict::Healthy),
            (Some("2026-01-14T11:30:00"), Some("2026-01-14T10:00:00"), Verdict::Degraded),
        ] {
            let facts = HubFacts { partitions: vec![facts(taken)] };
            let part = backlog(&facts, &[captured.map(at)], 300, now);
            assert_eq!(part.verdict, expected, "{taken:?} {captured:?}: {}", part.said);
        }
    }

    #[tokio::test]
    async fn the_newest_file_and_the_file_of_an_event_are_found() {
        let root = tempfile::tempdir().unwrap();
        for (name, events) in [
            ("oms/Orders/0/2025/12/31/23/59/00.avro", vec![(1, "ORD-0000001", "order.placed")]),
            ("oms/Orders/0/2026/01/14/11/05/00.avro", vec![(2, "ORD-0000002", "order.placed")]),
            ("oms/Orders/0/2026/01/14/11/06/00.avro", vec![(3, "ORD-0000003", "order.placed")]),
            ("oms/other/0/2027/01/14/11/06/00.avro", vec![(9, "ORD-0000009", "order.placed")]),
        ] {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, captured_file(&events)).unwrap();
        }
        let captured = CaptureAt::Folder(root.path().to_owned());
        let hub = captured.root("orders").await.unwrap().unwrap();
        let newest = captured.newest(&hub, "0").await.unwrap();
        assert_eq!(newest.as_deref(), Some("oms/Orders/0/2026/01/14/11/06/00.avro"));
        assert_eq!(captured.newest(&hub, "1").await.unwrap(), None);
        assert_eq!(captured.root("nothing").await.unwrap(), None);
        let find = |order: &'static str| {
            let captured = captured.clone();
            async move {
                captured
                    .find("orders", "0", at("2026-01-14T11:05:30"), |event| event.order.as_deref() == Some(order))
                    .await
            }
        };
        let (found, _) = find("ORD-0000002").await.unwrap();
        assert_eq!(found.unwrap().0, "oms/Orders/0/2026/01/14/11/05/00.avro");
        // The other year's file is not looked at: it is no file of that time.
        assert_eq!(find("ORD-0000001").await.unwrap(), (None, true));
        assert!(CaptureAt::Folder(root.path().join("nowhere")).root("orders").await.is_err());
    }
}
