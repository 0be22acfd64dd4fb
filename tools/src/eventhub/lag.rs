//! How far the processor is behind the hub: by partition, in events and in seconds.
//!
//! An event is behind while its sequence number is beyond the checkpoint of the consumer group; the seconds are the age of
//! the oldest such event. A partition without a checkpoint counts from its first event.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use chrono::{NaiveDateTime, Utc};
use futures::future::join;
use serde::Serialize;

use super::{BlobContainer, Checkpoints, HubFacts, HubPlace, Looked, checkpoints, hub_facts, peek};
use crate::Failure;

/// Partitions whose oldest waiting event is looked at; the others' lag is known in events alone.
const LOOKED_AT: usize = 32;

/// One partition's lag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PartitionLag {
    /// The partition.
    pub partition: String,
    /// The first sequence number that the hub still keeps; none where it is empty.
    pub first: Option<i64>,
    /// The last sequence number; none where none was ever sent.
    pub last: Option<i64>,
    /// When the hub took the last event, UTC.
    pub last_enqueued: Option<NaiveDateTime>,
    /// The last sequence number that the group is done with; none: it has none put down, or it could not be read.
    pub checkpoint: Option<i64>,
    /// When that was put down, UTC.
    pub checkpoint_at: Option<NaiveDateTime>,
    /// When the last row of this partition's events was written, among the newest ones, UTC.
    pub written_at: Option<NaiveDateTime>,
    /// Events that wait; none: not known.
    pub behind_events: Option<i64>,
    /// The age of the oldest of them in seconds; none: not known.
    pub behind_seconds: Option<i64>,
    /// Events that the hub has dropped before they were read.
    pub lost: i64,
}

/// The lag of a consumer group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LagReport {
    /// The hub.
    pub hub: String,
    /// The consumer group.
    pub group: String,
    /// By partition.
    pub partitions: Vec<PartitionLag>,
    /// Events that wait in all; none: not known.
    pub behind_events: Option<i64>,
    /// The age of the oldest of them in seconds; none: not known.
    pub behind_seconds: Option<i64>,
    /// When a checkpoint was put down last, UTC.
    pub newest_checkpoint: Option<NaiveDateTime>,
    /// When a reader renewed its claim last, UTC.
    pub owner_seen: Option<NaiveDateTime>,
    /// What could not be looked at, and why.
    pub notes: Vec<String>,
}

/// Measures the lag. The hub must answer; what else does not is noted.
///
/// Fails where the hub cannot be asked, or the group is not known to it as far as the checkpoints tell.
pub async fn measure(hub: &HubPlace, container: Option<&BlobContainer>, limit: Duration) -> Result<LagReport, Failure> {
    measure_from(hub, hub_facts(hub, limit), container, limit).await
}

/// The same with what the hub is asked for somebody else too.
pub(crate) async fn measure_from(
    hub: &HubPlace,
    facts: impl Future<Output = Result<HubFacts, Failure>>,
    container: Option<&BlobContainer>,
    limit: Duration,
) -> Result<LagReport, Failure> {
    let begun = tokio::time::Instant::now();
    let read = async {
        match container {
            Some(container) => Some(checkpoints(container, hub, limit).await),
            None => None,
        }
    };
    let (facts, read) = join(facts, read).await;
    let facts = facts.map_err(|failure| nearer(failure, hub, read.as_ref()))?;
    let mut report = LagReport { hub: hub.hub.clone(), group: hub.group.clone(), ..LagReport::default() };
    let known = match read {
        Some(Ok(known)) => {
            unknown_group(hub, &known)?;
            Some(known)
        }
        Some(Err(failure)) => {
            report.notes.push(failure.message);
            None
        }
        None => {
            report.notes.push("the checkpoints are not known: `eventhub.checkpoints` is not set".to_owned());
            None
        }
    };
    report.partitions = partitions(&facts, known.as_ref());
    if let Some(known) = &known {
        report.newest_checkpoint = known.checkpoints.values().filter_map(|checkpoint| checkpoint.at).max();
        report.owner_seen = known.owners.values().filter(|owner| owner.owner.is_some()).filter_map(|one| one.at).max();
        let left = limit.saturating_sub(begun.elapsed());
        ages(hub, &mut report, left).await;
    }
    report.add_up();
    Ok(report)
}

/// What the two sides say of each partition.
fn partitions(facts: &HubFacts, known: Option<&Checkpoints>) -> Vec<PartitionLag> {
    facts
        .partitions
        .iter()
        .map(|facts| {
            let (first, last) = (facts.first.max(0), facts.last);
            let checkpoint = known.and_then(|known| known.checkpoints.get(&facts.partition));
            let done = checkpoint.map_or(first - 1, |checkpoint| checkpoint.sequence);
            let kept = |number: i64| (number >= 0).then_some(number);
            PartitionLag {
                partition: facts.partition.clone(),
                first: if facts.empty { None } else { kept(facts.first) },
                last: kept(last),
                last_enqueued: facts.last_enqueued,
                checkpoint: checkpoint.map(|checkpoint| checkpoint.sequence),
                checkpoint_at: checkpoint.and_then(|checkpoint| checkpoint.at),
                behind_events: known.map(|_| if last < 0 { 0 } else { (last - done.max(first - 1)).max(0) }),
                // What the hub dropped after its retention will not come again.
                lost: if checkpoint.is_some() && last >= 0 { (first - 1 - done).max(0) } else { 0 },
                ..PartitionLag::default()
            }
        })
        .collect()
}

/// How old the oldest waiting event of each partition is, by looking at it.
async fn ages(hub: &HubPlace, report: &mut LagReport, limit: Duration) {
    let waiting: Vec<Looked> = report
        .partitions
        .iter()
        .filter(|lag| lag.behind_events.is_some_and(|events| events > 0))
        .take(LOOKED_AT)
        .map(|lag| {
            let before = lag.first.unwrap_or(0).max(0) - 1;
            let after = lag.checkpoint.unwrap_or(before).max(before);
            Looked { partition: lag.partition.clone(), after, until: after + 1, most: 1 }
        })
        .collect();
    let oldest: BTreeMap<String, NaiveDateTime> = if waiting.is_empty() {
        BTreeMap::new()
    } else {
        match peek(hub, &waiting, limit).await {
            Ok((events, _)) => {
                events.into_iter().filter_map(|event| Some((event.partition, event.enqueued?))).collect()
            }
            Err(failure) => {
                report.notes.push(format!("how old the waiting events are is not known: {}", failure.message));
                BTreeMap::new()
            }
        }
    };
    let now = Utc::now().naive_utc();
    for lag in &mut report.partitions {
        lag.behind_seconds = match lag.behind_events {
            Some(0) => Some(0),
            Some(_) => oldest.get(&lag.partition).map(|at| (now - *at).num_seconds().max(0)),
            None => None,
        };
    }
}

impl LagReport {
    fn add_up(&mut self) {
        self.behind_events = self.partitions.iter().map(|lag| lag.behind_events).sum();
        let oldest = self.partitions.iter().map(|lag| lag.behind_seconds).collect::<Option<Vec<_>>>();
        // Part of the partitions tells how much it is at least; that is said only as a note.
        self.behind_seconds = oldest.map(|seconds| seconds.into_iter().max().unwrap_or(0));
        let lost: i64 = self.partitions.iter().map(|lag| lag.lost).sum();
        if lost > 0 {
            self.notes.push(format!("{lost} events were dropped by the hub before they were read"));
        }
    }

    /// The sentence.
    pub fn sentence(&self) -> String {
        let mut text = format!("The consumer group `{}` of the hub `{}` ", self.group, self.hub);
        match (self.behind_events, self.behind_seconds) {
            (Some(0), _) => text.push_str("is not behind: every event is processed"),
            (Some(events), Some(seconds)) => {
                let s = if events == 1 { "" } else { "s" };
                write!(text, "is {events} event{s} behind; the oldest of them is {} old", spoken(seconds)).ok();
            }
            (Some(events), None) => {
                let s = if events == 1 { "" } else { "s" };
                write!(text, "is {events} event{s} behind").ok();
            }
            (None, _) => text.push_str("cannot be measured: its checkpoints are not known"),
        }
        let worst =
            self.partitions.iter().filter(|lag| lag.behind_events.unwrap_or(0) > 0).max_by_key(|lag| lag.behind_events);
        if let Some(worst) = worst
            && self.partitions.len() > 1
        {
            write!(text, "; partition {} most of all ({})", worst.partition, worst.behind_events.unwrap_or(0)).ok();
        }
        text.push('.');
        text
    }
}

/// A number of seconds as people say it.
pub fn spoken(seconds: i64) -> String {
    let of = |count: i64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    match seconds {
        ..120 => of(seconds.max(0), "second"),
        120..7200 => of(seconds / 60, "minute"),
        7200..172_800 => of(seconds / 3600, "hour"),
        _ => of(seconds / 86_400, "day"),
    }
}

/// A group that no checkpoint knows, although other groups have some: nearest name.
fn unknown_group(hub: &HubPlace, known: &Checkpoints) -> Result<(), Failure> {
    let is_known = known.groups.is_empty() || known.groups.iter().any(|group| group.eq_ignore_ascii_case(&hub.group));
    if is_known {
        return Ok(());
    }
    let failure = Failure::invalid(format!("no consumer group named `{}` has read the hub `{}`", hub.group, hub.hub));
    Err(with_nearest(failure, &hub.group, &known.groups))
}

/// A hub that checkpoints know nothing of may be misspelt: the nearest of those that they do know.
fn nearer(failure: Failure, hub: &HubPlace, read: Option<&Result<Checkpoints, Failure>>) -> Failure {
    match read {
        Some(Ok(known)) if !known.hubs.iter().any(|name| name.eq_ignore_ascii_case(&hub.hub)) => {
            with_nearest(failure, &hub.hub, &known.hubs)
        }
        _ => failure,
    }
}

fn with_nearest(failure: Failure, wrong: &str, known: &[String]) -> Failure {
    let wrong = wrong.to_lowercase();
    let near = known.iter().map(|name| (strsim::damerau_levenshtein(&wrong, name), name)).min();
    match near {
        Some((distance, name)) if distance <= 3 => failure.hint(format!("did you mean `{name}`?")),
        Some(_) => failure.hint(format!("there is {}", known.join(", "))),
        None => failure,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;
    use crate::eventhub::{Checkpoint, PartitionFacts};

    fn facts(partition: &str, first: i64, last: i64) -> PartitionFacts {
        PartitionFacts {
            partition: partition.into(),
            first,
            last,
            last_enqueued: None,
            empty: last < first || last < 0,
        }
    }

    fn known(of: &[(&str, i64)]) -> Checkpoints {
        let one = |(partition, sequence): &(&str, i64)| {
            ((*partition).to_owned(), Checkpoint { sequence: *sequence, at: None })
        };
        Checkpoints {
            checkpoints: of.iter().map(one).collect(),
            groups: vec!["processor".into(), "audit".into()],
            hubs: vec!["orders".into()],
            ..Checkpoints::default()
        }
    }

    #[test]
    fn lag_is_counted_from_the_checkpoint() {
        for (first, last, checkpoint, behind, lost) in [
            (0, 9, Some(9), 0, 0),
            (0, 9, Some(4), 5, 0),
            (0, 9, None, 10, 0),
            // Empty, and emptied by retention after it was read.
            (-1, -1, None, 0, 0),
            (10, 9, Some(9), 0, 0),
            // Retention went past the checkpoint: 5 to 9 are gone, 10 to 19 wait.
            (10, 19, Some(4), 10, 5),
            (10, 19, None, 10, 0),
            // A checkpoint of an earlier hub of that name.
            (0, 9, Some(50), 0, 0),
        ] {
            let facts = HubFacts { partitions: vec![facts("0", first, last)] };
            let known = known(&checkpoint.map(|sequence| ("0", sequence)).into_iter().collect::<Vec<_>>());
            let lag = partitions(&facts, Some(&known)).pop().unwrap();
            assert_eq!((lag.behind_events, lag.lost), (Some(behind), lost), "{first} {last} {checkpoint:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_no_zero() {
        let facts = HubFacts { partitions: vec![facts("0", 0, 9), facts("1", 0, 3)] };
        let mut report = LagReport { partitions: partitions(&facts, None), ..LagReport::default() };
        report.add_up();
        assert_eq!((report.behind_events, report.behind_seconds), (None, None));
        assert!(report.sentence().contains("cannot be measured"));
        let mut report =
            LagReport { partitions: partitions(&facts, Some(&known(&[("0", 9)]))), ..LagReport::default() };
        report.partitions[0].behind_seconds = Some(0);
        report.add_up();
        assert_eq!((report.behind_events, report.behind_seconds), (Some(4), None));
        report.partitions[1].behind_seconds = Some(130);
        report.add_up();
        let said = report.sentence();
        assert!(said.contains("4 events behind; the oldest of them is 2 minutes old; partition 1"), "{said}");
    }

    #[test]
    fn wrong_names_get_the_nearest_one() {
        let text = "Endpoint=sb://h;SharedAccessKeyName=r;SharedAccessKey=k;UseDevelopmentEmulator=true";
        let hub = HubPlace::by_connection_string(text, "order", "procesor").unwrap();
        let failure = unknown_group(&hub, &known(&[])).unwrap_err();
        assert_eq!(failure.hints, ["did you mean `processor`?"]);
        assert!(unknown_group(&hub, &Checkpoints::default()).is_ok());
        let failure = nearer(super::super::amqp::no_hub(&hub), &hub, Some(&Ok(known(&[]))));
        assert!(failure.hints.contains(&"did you mean `orders`?".to_owned()), "{failure}");
    }

    #[test]
    fn seconds_are_said_as_people_say_them() {
        for (seconds, expected) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (119, "119 seconds"),
            (2820, "47 minutes"),
            (7200, "2 hours"),
            (200_000, "2 days"),
        ] {
            assert_eq!(spoken(seconds), expected);
        }
    }
}
