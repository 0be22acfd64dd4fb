//! The hub and the processor as parts of the pipeline.

use chrono::{NaiveDateTime, Utc};

use super::parts::{Look, metric, monitors, ready, restarts, several};
use super::stack::{Container, Containers};
use super::store::StoreFacts;
use super::verdict::{Part, PartHealth, Verdict};
use crate::eventhub::LagReport;
use crate::eventhub::lag::spoken;
use crate::{Failure, FailureKind};

/// How old a reader's claim may be before nobody reads: the client renews it every 10 seconds, and it ends after 60.
const CLAIM_SECONDS: i64 = 90;

/// The hub, by its own word.
pub(crate) fn hub(lag: &Result<LagReport, Failure>, containers: Option<&Containers>) -> PartHealth {
    let of = containers.and_then(|containers| containers.get("event-hub"));
    match lag {
        Ok(lag) => {
            let newest = lag.partitions.iter().filter_map(|one| one.last_enqueued).max();
            let taken = match newest {
                Some(at) => format!("newest event taken {} UTC", at.format("%Y-%m-%d %H:%M:%S")),
                None => "no event yet".to_owned(),
            };
            let said = format!("`{}` answers with {} partitions; {taken}", lag.hub, lag.partitions.len());
            let part = PartHealth::new(Part::Hub, Verdict::Healthy, said);
            restarts(
                part.saw("newest_enqueued", newest).saw("partitions", lag.partitions.len()),
                of,
                Utc::now().naive_utc(),
            )
        }
        Err(failure) => {
            let stopped = of.into_iter().flatten().find_map(Container::stopped);
            // Silence, a key that is not taken and a setting that is wrong tell nothing of how the hub is.
            let unasked =
                matches!(failure.kind, FailureKind::TimedOut | FailureKind::Refused | FailureKind::InvalidArguments)
                    || failure.message.contains("not known where");
            let verdict = if unasked && stopped.is_none() { Verdict::Unknown } else { Verdict::Down };
            let part = PartHealth::new(Part::Hub, verdict, stopped.unwrap_or_else(|| failure.message.clone()));
            failure.hints.iter().cloned().fold(part, PartHealth::hint)
        }
    }
}

/// What is known of whether a processor works.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Alive {
    /// Those that say that they work.
    working: usize,
    /// What those that do not are like.
    lacking: Vec<String>,
    /// Whether one of them said nothing in time.
    silent: bool,
    /// Whether anything could be asked at all.
    asked: bool,
}

/// Asks the processors' monitors; those of containers where none is named.
pub(crate) async fn alive(look: &Look<'_>) -> (Alive, Option<f64>) {
    let (words, pages, of) = monitors(look).await;
    let mut lacking: Vec<String> = of.iter().filter_map(Container::stopped).collect();
    // A frozen one that was asked by its name is silent, and that is known better.
    let frozen = !lacking.is_empty() && !look.pipeline.processors.is_empty();
    let asked = !words.is_empty() || !lacking.is_empty();
    let (mut working, mut silent) = (0, false);
    for (name, word) in words {
        match ready(&word) {
            (Verdict::Healthy, _) => working += 1,
            (Verdict::Unknown, _) if frozen => {}
            (verdict, said) => {
                silent |= verdict == Verdict::Unknown;
                lacking.push(format!("`{name}`: {said}"));
            }
        }
    }
    let failed = pages.into_iter().filter_map(|(_, page)| {
        metric(&page.map(|(_, page)| page).unwrap_or_default(), "oms_checkpoints_total{outcome=\"failed\"")
    });
    let failed = failed.fold(None, |sum, figure| Some(sum.unwrap_or(0.0) + figure));
    (Alive { working, lacking, silent, asked }, failed)
}

/// The processor: whether it works, how far it is behind, and what it could not apply.
pub(crate) fn processor(
    alive: &Alive,
    lag: &Result<LagReport, Failure>,
    store: Option<&StoreFacts>,
    containers: Option<&Containers>,
    lag_seconds: i64,
    now: NaiveDateTime,
) -> PartHealth {
    let of = containers.and_then(|containers| containers.get("processor"));
    let mut reasons = Vec::new();
    let mut verdict = if alive.asked {
        let all = alive.working + alive.lacking.len();
        reasons.push(format!("{} of {all} processors work", alive.working));
        reasons.extend(alive.lacking.iter().cloned());
        several(alive.working, alive.lacking.len(), alive.silent)
    } else {
        by_claims(lag, &mut reasons, now)
    };
    verdict = verdict.max(behind(lag, &mut reasons, lag_seconds, now));
    let dead = store.and_then(|store| store.dead);
    match dead {
        Some(0) => reasons.push("no dead letter is unresolved".to_owned()),
        Some(count) => {
            let s = if count == 1 { "" } else { "s" };
            let newest = store.and_then(|store| store.dead_reason.as_deref());
            let newest = newest.map_or(String::new(), |reason| format!(", the newest: {}", cut(reason)));
            reasons.push(format!("{count} dead letter{s} unresolved{newest}"));
            verdict = verdict.max(Verdict::Degraded);
        }
        None => {
            reasons.push("dead letters were not counted".to_owned());
            verdict = verdict.max(Verdict::Unknown);
        }
    }
    let reasons: Vec<&str> = reasons.iter().map(String::as_str).collect();
    let mut part = PartHealth::new(Part::Processor, verdict, reasons.join("; ")).saw("dead_letters", dead);
    if let Ok(lag) = lag {
        part = part.saw("behind_events", lag.behind_events).saw("behind_seconds", lag.behind_seconds);
        part = part.saw("newest_checkpoint", lag.newest_checkpoint);
    }
    if alive.asked {
        part = part.saw("working", alive.working);
    }
    if verdict == Verdict::Down {
        part = part.hint("see its log: docker compose logs processor");
    }
    restarts(part, of, now)
}

/// What the lag makes of it.
fn behind(lag: &Result<LagReport, Failure>, reasons: &mut Vec<String>, most: i64, now: NaiveDateTime) -> Verdict {
    let Ok(lag) = lag else {
        reasons.push("how far it is behind is not known: the hub was not asked".to_owned());
        return Verdict::Unknown;
    };
    let Some(events) = lag.behind_events else {
        reasons.push("how far it is behind is not known".to_owned());
        return Verdict::Unknown;
    };
    if events == 0 {
        reasons.push("not behind".to_owned());
        return Verdict::Healthy;
    }
    let s = if events == 1 { "" } else { "s" };
    let old = lag.behind_seconds.map_or(String::new(), |seconds| format!(", the oldest {} old", spoken(seconds)));
    reasons.push(format!("{events} event{s} behind{old}"));
    // What just arrived is being worked on; what is of unknown age is as old as the last checkpoint at most.
    let age = lag.behind_seconds.or_else(|| lag.newest_checkpoint.map(|at| (now - at).num_seconds()));
    if age.is_some_and(|age| age <= most) { Verdict::Healthy } else { Verdict::Degraded }
}

/// Where no monitor can be asked, a reader's claim on a partition says whether anybody reads.
fn by_claims(lag: &Result<LagReport, Failure>, reasons: &mut Vec<String>, now: NaiveDateTime) -> Verdict {
    let seen = lag.as_ref().ok().and_then(|lag| lag.owner_seen);
    match seen.map(|at| (now - at).num_seconds()) {
        Some(age) if age <= CLAIM_SECONDS => {
            reasons.push(format!("a reader renewed its claim {} ago", spoken(age)));
            Verdict::Healthy
        }
        Some(age) => {
            reasons.push(format!("no reader has renewed its claim for {}", spoken(age)));
            Verdict::Down
        }
        None => {
            reasons.push("no monitor can be asked and no reader's claim is known".to_owned());
            Verdict::Unknown
        }
    }
}

/// A reason, not longer than a line.
fn cut(text: &str) -> String {
    let first: String = text.chars().filter(|sign| !sign.is_control()).take(100).collect();
    if text.chars().count() > 100 { format!("{first}…") } else { first }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::pipeline::Pipeline;

    fn now() -> NaiveDateTime {
        chrono::DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::days(1)
    }

    #[allow(clippy::unnecessary_wraps, reason = "as a measurement gives it")]
    fn lag(events: Option<i64>, seconds: Option<i64>, claim: Option<i64>) -> Result<LagReport, Failure> {
        Ok(LagReport {
            hub: "orders".into(),
            behind_events: events,
            behind_seconds: seconds,
            owner_seen: claim.map(|ago| now() - TimeDelta::seconds(ago)),
            ..LagReport::default()
        })
    }

    fn store(dead: Option<i64>) -> StoreFacts {
        StoreFacts { dead, dead_reason: Some("no such order\n".into()), ..StoreFacts::default() }
    }

    fn working(working: usize, lacking: &[&str]) -> Alive {
        let lacking: Vec<String> = lacking.iter().map(|&text| text.to_owned()).collect();
        Alive { working, asked: working + lacking.len() > 0, lacking, silent: false }
    }

    #[test]
    fn the_processor_is_judged_by_all_that_is_known() {
        let none = Alive::default();
        let failed: Result<LagReport, Failure> = Err(Failure::new(FailureKind::TimedOut, "no answer"));
        for (alive, lag, dead, expected) in [
            (working(1, &[]), lag(Some(0), Some(0), None), Some(0), Verdict::Healthy),
            // What just arrived is no reason to worry.
            (working(1, &[]), lag(Some(9), Some(3), None), Some(0), Verdict::Healthy),
            (working(1, &[]), lag(Some(9), Some(2820), None), Some(0), Verdict::Degraded),
            (working(1, &[]), lag(Some(9), None, None), Some(0), Verdict::Degraded),
            (working(1, &[]), lag(Some(0), Some(0), None), Some(2), Verdict::Degraded),
            (working(1, &["`p-2` is frozen"]), lag(Some(0), Some(0), None), Some(0), Verdict::Degraded),
            (working(0, &["`p-1` is exited"]), lag(Some(0), Some(0), None), Some(0), Verdict::Down),
            (
                Alive { silent: true, ..working(0, &["`p-1`: silent"]) },
                lag(Some(0), Some(0), None),
                Some(0),
                Verdict::Unknown,
            ),
            // What is not known is not well.
            (working(1, &[]), lag(None, None, None), Some(0), Verdict::Unknown),
            (working(1, &[]), failed.clone(), Some(0), Verdict::Unknown),
            (working(1, &[]), lag(Some(0), Some(0), None), None, Verdict::Unknown),
            (none.clone(), lag(Some(0), Some(0), None), Some(0), Verdict::Unknown),
            // Claims stand in for monitors.
            (none.clone(), lag(Some(0), Some(0), Some(5)), Some(0), Verdict::Healthy),
            (none.clone(), lag(Some(0), Some(0), Some(2820)), Some(0), Verdict::Down),
        ] {
            let part = processor(&alive, &lag, Some(&store(dead)), None, 60, now());
            assert_eq!(part.verdict, expected, "{}", part.said);
        }
        let said =
            processor(&working(1, &[]), &lag(Some(9), Some(2820), None), Some(&store(Some(1))), None, 60, now()).said;
        assert_eq!(
            said,
            "1 of 1 processors work; 9 events behind, the oldest 47 minutes old; 1 dead letter unresolved, the newest: no such order"
        );
    }

    #[test]
    fn a_hub_that_cannot_be_asked_is_unknown_and_one_that_is_not_there_is_down() {
        let unset = Pipeline::default().hub(None).map(|_| LagReport::default());
        assert_eq!(hub(&unset, None).verdict, Verdict::Unknown);
        for (kind, expected) in [
            (FailureKind::TimedOut, Verdict::Unknown),
            (FailureKind::Refused, Verdict::Unknown),
            (FailureKind::Unavailable, Verdict::Down),
            (FailureKind::NotFound, Verdict::Down),
        ] {
            assert_eq!(hub(&Err(Failure::new(kind, "no answer")), None).verdict, expected, "{kind:?}");
        }
        assert_eq!(hub(&lag(None, None, None), None).verdict, Verdict::Healthy);
        let frozen = Container { name: "oms-event-hub-1".into(), state: "paused".into(), ..Container::default() };
        let containers = Containers::from([("event-hub".to_owned(), vec![frozen])]);
        let part = hub(&Err(Failure::new(FailureKind::TimedOut, "no answer")), Some(&containers));
        assert_eq!((part.verdict, part.said.as_str()), (Verdict::Down, "`oms-event-hub-1` is frozen"));
    }
}
