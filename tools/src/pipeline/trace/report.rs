//! From what was looked at to the way of an order, and where it stands.

use chrono::NaiveDateTime;
use serde::Serialize;

use super::looks::{Captured, Stored, Streamed};
use crate::eventhub::lag::spoken;
use crate::{Cell, Column, ColumnType, Failure, Role, Table, Told, ToolReport, Unit};

/// How a hop of the way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HopState {
    /// Its trace was read.
    Seen,
    /// It was looked for where it had to be, and is not there.
    Missing,
    /// Nothing of the kind has come yet.
    None,
    /// It could not be looked at.
    NotLooked,
}

impl HopState {
    fn word(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Missing => "missing",
            Self::None => "none",
            Self::NotLooked => "not looked at",
        }
    }
}

/// One hop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// `accepted`, `hub`, `captured`, `applied`, `payments`, `parcels`, `returns` or `dead letters`.
    pub hop: &'static str,
    /// How it is.
    pub state: HopState,
    /// What was seen, or why not.
    pub said: String,
}

/// An order's way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TraceReport {
    /// The order.
    pub order: String,
    /// Where it stands, in one sentence.
    pub stands: String,
    /// The hops, in order.
    pub hops: Vec<Hop>,
}

fn hop(hop: &'static str, state: HopState, said: impl Into<String>) -> Hop {
    Hop { hop, state, said: said.into() }
}

/// Puts the looks together.
pub(super) fn of(
    order: &str,
    stored: &Result<Stored, Failure>,
    streamed: &Result<Streamed, Failure>,
    captured: &Captured,
    dead: &Result<Vec<String>, Failure>,
) -> TraceReport {
    let mut hops = vec![accepted(stored, streamed), in_hub(stored, streamed), in_file(stored, streamed, captured)];
    hops.push(applied(stored, streamed));
    hops.extend(after(stored));
    hops.push(dead_letters(stored, dead));
    TraceReport { order: order.to_owned(), stands: stands(order, stored, streamed, dead), hops }
}

fn at(moment: Option<NaiveDateTime>) -> String {
    moment.map_or_else(|| "at an unknown time".to_owned(), |at| format!("{} UTC", at.format("%Y-%m-%d %H:%M:%S")))
}

/// Whether any trace of the order was read.
fn exists(stored: &Result<Stored, Failure>, streamed: &Result<Streamed, Failure>) -> bool {
    stored.as_ref().is_ok_and(|stored| stored.status.is_some() || !stored.events.is_empty())
        || streamed.as_ref().is_ok_and(|streamed| !streamed.events.is_empty())
}

/// The intake accepts only what the hub has taken: an event that was read anywhere was accepted.
fn accepted(stored: &Result<Stored, Failure>, streamed: &Result<Streamed, Failure>) -> Hop {
    let placed = stored.iter().flat_map(|stored| &stored.events).find(|event| event.kind == "order.placed");
    if let Some(event) = placed {
        return hop("accepted", HopState::Seen, format!("placed {}", at(event.occurred)));
    }
    let peeked = streamed.iter().flat_map(|streamed| &streamed.events);
    if let Some(event) = peeked.into_iter().find(|event| event.kind.as_deref() == Some("order.placed")) {
        return hop("accepted", HopState::Seen, format!("taken by the hub {}", at(event.enqueued)));
    }
    if exists(stored, streamed) {
        return hop("accepted", HopState::Missing, "its `order.placed` is nowhere in what was read");
    }
    match (stored, streamed) {
        (Ok(_), Ok(_)) => hop("accepted", HopState::Missing, "no event of it was found"),
        _ => hop("accepted", HopState::NotLooked, "the intake's own list is not read; see the other hops"),
    }
}

fn in_hub(stored: &Result<Stored, Failure>, streamed: &Result<Streamed, Failure>) -> Hop {
    if let Ok(streamed) = streamed
        && let Some(event) = streamed.events.first()
    {
        let more = streamed.events.len() - 1;
        let more = if more == 0 { String::new() } else { format!(", and {more} more of its events") };
        let (partition, offset) = (&event.partition, &event.offset);
        let said = format!("partition {partition}, offset {offset}, {}{more}", at(event.enqueued));
        return hop("hub", HopState::Seen, said);
    }
    let place = stored.as_ref().ok().and_then(|stored| {
        let event = stored.events.iter().find(|event| event.place.is_some())?;
        let (partition, offset) = event.place.as_ref()?;
        Some(format!("it came from partition {partition}, offset {offset}"))
    });
    match (place, streamed) {
        (Some(place), _) => hop("hub", HopState::Seen, place),
        (None, Ok(streamed)) if exists(stored, &Err(unread())) => {
            let why = "its rows tell no place in the hub: it did not come through this stream";
            hop("hub", if streamed.whole { HopState::Missing } else { HopState::NotLooked }, why)
        }
        (None, Ok(streamed)) if streamed.whole => {
            hop("hub", HopState::Missing, "none of its events is among those that wait or that came last")
        }
        (None, Ok(_)) => hop("hub", HopState::NotLooked, "more events wait than are looked at"),
        (None, Err(failure)) => hop("hub", HopState::NotLooked, failure.message.clone()),
    }
}

fn unread() -> Failure {
    Failure::new(crate::FailureKind::Unavailable, "not read")
}

fn in_file(stored: &Result<Stored, Failure>, streamed: &Result<Streamed, Failure>, captured: &Captured) -> Hop {
    match captured {
        Captured::In(name) => hop("captured", HopState::Seen, format!("`{name}`")),
        Captured::InNone if exists(stored, streamed) => {
            hop("captured", HopState::Missing, "in no file of that time, or its window is not over")
        }
        Captured::InNone => hop("captured", HopState::NotLooked, "no place in the hub is known to look for"),
        Captured::NotLooked(why) => hop("captured", HopState::NotLooked, why.clone()),
    }
}

fn applied(stored: &Result<Stored, Failure>, streamed: &Result<Streamed, Failure>) -> Hop {
    let stored = match stored {
        Ok(stored) => stored,
        Err(failure) => return hop("applied", HopState::NotLooked, failure.message.clone()),
    };
    if let (Some(first), Some(last)) = (stored.events.first(), stored.events.last()) {
        let count = stored.events.len();
        let s = if count == 1 { "" } else { "s" };
        let status = stored.status.as_deref().unwrap_or("without a row in `orders`");
        let mut said = format!(
            "{count} event{s}, the first {}, the last {} ({}); the order is {status}",
            at(first.received),
            at(last.received),
            last.kind
        );
        match &stored.waiting {
            Some(waiting) if !waiting.is_empty() => {
                said =
                    format!("{said}; {} of its events wait for an earlier one: {}", waiting.len(), waiting.join("; "));
            }
            _ => {}
        }
        return hop("applied", HopState::Seen, said);
    }
    if let Some(status) = &stored.status {
        return hop("applied", HopState::Seen, format!("the order is {status}; no event of it is kept"));
    }
    match &stored.waiting {
        Some(waiting) if !waiting.is_empty() => hop(
            "applied",
            HopState::Missing,
            format!("{} of its events wait for an earlier one: {}", waiting.len(), waiting.join("; ")),
        ),
        _ if streamed.as_ref().is_ok_and(|streamed| streamed.waiting().next().is_some()) => {
            hop("applied", HopState::Missing, "the processor has not come to it yet")
        }
        _ => hop("applied", HopState::Missing, "the database has no row of it"),
    }
}

/// What comes after an order was applied.
fn after(stored: &Result<Stored, Failure>) -> Vec<Hop> {
    let of = |name: &'static str, lines: &dyn Fn(&Stored) -> Vec<String>| match stored {
        Err(failure) => hop(name, HopState::NotLooked, failure.message.clone()),
        Ok(stored) => match lines(stored) {
            lines if lines.is_empty() => hop(name, HopState::None, "none"),
            lines => hop(name, HopState::Seen, lines.join("; ")),
        },
    };
    vec![
        of("payments", &|stored| stored.payments.clone()),
        of("parcels", &|stored| stored.parcels.clone()),
        of("returns", &|stored| stored.returns.clone()),
    ]
}

fn dead_letters(stored: &Result<Stored, Failure>, dead: &Result<Vec<String>, Failure>) -> Hop {
    let counted = stored.as_ref().ok().and_then(|stored| stored.dead);
    match (dead, counted) {
        (Ok(letters), _) if !letters.is_empty() => hop("dead letters", HopState::Seen, letters.join("; ")),
        (_, Some(count)) if count > 0 => {
            hop("dead letters", HopState::Seen, format!("{count} of its events could not be applied"))
        }
        (_, Some(_)) => hop("dead letters", HopState::None, "none"),
        (Ok(_), None) => hop(
            "dead letters",
            HopState::NotLooked,
            "none at its known places; the list by order may not be seen with this account",
        ),
        (Err(failure), None) => hop("dead letters", HopState::NotLooked, failure.message.clone()),
    }
}

/// Where the order stands.
fn stands(
    order: &str,
    stored: &Result<Stored, Failure>,
    streamed: &Result<Streamed, Failure>,
    dead: &Result<Vec<String>, Failure>,
) -> String {
    let waiting: Vec<_> = streamed.iter().flat_map(Streamed::waiting).collect();
    let behind = streamed.as_ref().ok().and_then(|streamed| streamed.lag.behind_seconds);
    let behind = behind.map_or(String::new(), |seconds| format!(", which is {} behind", spoken(seconds)));
    let known = match stored {
        Ok(stored) => stored,
        Err(failure) => {
            return match waiting.first() {
                Some(event) => format!(
                    "`{order}` is in the hub (partition {}, offset {}) and waits for the processor{behind}; what the database \
                     has of it is not known: {}.",
                    event.partition, event.offset, failure.message
                ),
                None => format!("Where `{order}` stands is not known: {}.", failure.message),
            };
        }
    };
    if let Some(status) = &known.status {
        if let Some(event) = waiting.first() {
            return format!(
                "`{order}` is {status} in the database, and its next event `{}` waits in the hub for the processor{behind}.",
                event.kind.as_deref().unwrap_or("of an unknown type")
            );
        }
        if known.waiting.as_ref().is_some_and(|waiting| !waiting.is_empty()) {
            return format!("`{order}` is {status}, and an event of it waits for an earlier one that has not come.");
        }
        let rest = match streamed {
            Ok(streamed) if streamed.whole => "nothing of it waits in the hub",
            _ => "whether more of it waits in the hub was not looked at",
        };
        return format!("`{order}` has gone all its way so far: it is {status}; {rest}.");
    }
    if dead.as_ref().is_ok_and(|letters| !letters.is_empty()) || known.dead.is_some_and(|count| count > 0) {
        return format!("`{order}` is stuck: its event could not be applied and is kept as a dead letter.");
    }
    if let Some(event) = waiting.first() {
        return format!(
            "`{order}` is stuck between the hub and the database: it stands in partition {} at offset {} since {}, and waits \
             for the processor{behind}.",
            event.partition,
            event.offset,
            at(event.enqueued)
        );
    }
    if known.waiting.as_ref().is_some_and(|waiting| !waiting.is_empty()) {
        return format!("`{order}` is stuck: an event of it came, and waits for an earlier one that has not.");
    }
    if let Ok(streamed) = streamed
        && let Some(event) = streamed.events.first()
    {
        return format!(
            "`{order}` is missing from the database although the processor is past its event (partition {}, offset {}).",
            event.partition, event.offset
        );
    }
    let near =
        if known.near.is_empty() { String::new() } else { format!(" Near it are {}.", known.near.join(" and ")) };
    let looked = match streamed {
        Ok(streamed) if streamed.whole => "nor among the events that wait or came last",
        _ => "and the hub was not looked at as a whole",
    };
    format!("There is no trace of `{order}`: it is not in the database, {looked}.{near}")
}

impl From<TraceReport> for ToolReport {
    fn from(report: TraceReport) -> Self {
        let column = |name: &str| Column {
            name: name.to_owned(),
            kind: ColumnType::String,
            role: Role::Attribute,
            unit: Unit::Plain,
        };
        let text = |text: &str| Cell::Text(text.to_owned());
        let table = Table {
            columns: vec![column("hop"), column("state"), column("what was seen")],
            rows: report.hops.iter().map(|hop| vec![text(hop.hop), text(hop.state.word()), text(&hop.said)]).collect(),
            truncated: false,
        };
        let told = Told::new(report.stands.clone(), serde_json::to_value(&report).unwrap_or_default());
        told.with_table(table).into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::super::looks::AppliedEvent;
    use super::*;
    use crate::eventhub::{LagReport, PartitionLag, PeekedEvent};

    const ORDER: &str = "ORD-0000042";

    fn failed() -> Failure {
        Failure::new(crate::FailureKind::Unavailable, "it cannot be reached")
    }

    fn stored() -> Stored {
        Stored { waiting: Some(vec![]), dead: Some(0), near: vec!["ORD-0000041".into()], ..Stored::default() }
    }

    fn with_rows() -> Stored {
        let place = Some(("2".to_owned(), "4100".to_owned()));
        let event = AppliedEvent { kind: "order.placed".into(), occurred: None, received: None, place };
        Stored { status: Some("paid".into()), events: vec![event], ..stored() }
    }

    fn stream(events: &[i64], whole: bool) -> Streamed {
        let partitions = vec![PartitionLag { partition: "2".into(), checkpoint: Some(10), ..PartitionLag::default() }];
        let event = |sequence: &i64| PeekedEvent {
            partition: "2".into(),
            sequence: *sequence,
            offset: (sequence * 100).to_string(),
            enqueued: None,
            order: Some(ORDER.into()),
            kind: Some("order.placed".into()),
        };
        let lag = LagReport { partitions, behind_seconds: Some(2820), ..LagReport::default() };
        Streamed { lag, events: events.iter().map(event).collect(), whole, hub: "orders".into() }
    }

    #[allow(clippy::needless_pass_by_value, reason = "cases are written in place")]
    fn traced(stored: Result<Stored, Failure>, streamed: Result<Streamed, Failure>, dead: &[&str]) -> TraceReport {
        let dead = Ok(dead.iter().map(|&text| text.to_owned()).collect());
        of(ORDER, &stored, &streamed, &Captured::NotLooked("no archive".into()), &dead)
    }

    fn state(report: &TraceReport, name: &str) -> HopState {
        report.hops.iter().find(|hop| hop.hop == name).unwrap().state
    }

    #[test]
    fn the_hop_where_an_order_stands_is_named() {
        for (stored, streamed, dead, expected) in [
            (
                Ok(with_rows()),
                Ok(stream(&[], true)),
                vec![],
                "has gone all its way so far: it is paid; nothing of it waits",
            ),
            (
                Ok(with_rows()),
                Err(failed()),
                vec![],
                "it is paid; whether more of it waits in the hub was not looked at",
            ),
            (Ok(with_rows()), Ok(stream(&[11], true)), vec![], "its next event `order.placed` waits in the hub"),
            (
                Ok(stored()),
                Ok(stream(&[11], true)),
                vec![],
                "stuck between the hub and the database: it stands in partition 2 at offset 1100",
            ),
            (
                Ok(stored()),
                Ok(stream(&[9], true)),
                vec![],
                "missing from the database although the processor is past its event",
            ),
            (Ok(stored()), Ok(stream(&[9], true)), vec!["partition 2, offset 900: no"], "kept as a dead letter"),
            (
                Ok(stored()),
                Ok(stream(&[], true)),
                vec![],
                "There is no trace of `ORD-0000042`: it is not in the database, nor among",
            ),
            (Ok(stored()), Err(failed()), vec![], "and the hub was not looked at as a whole. Near it are ORD-0000041."),
            (
                Err(failed()),
                Ok(stream(&[11], true)),
                vec![],
                "waits for the processor, which is 47 minutes behind; what the database",
            ),
            (Err(failed()), Err(failed()), vec![], "is not known: it cannot be reached"),
        ] {
            let report = traced(stored, streamed, &dead);
            assert!(report.stands.contains(expected), "{}", report.stands);
        }
        let waits = Stored { waiting: Some(vec!["partition 1, offset 7".into()]), ..stored() };
        let report = traced(Ok(waits), Ok(stream(&[], true)), &[]);
        assert!(report.stands.contains("waits for an earlier one"), "{}", report.stands);
    }

    #[test]
    fn no_hop_is_claimed_that_was_not_seen() {
        let blind = traced(Err(failed()), Err(failed()), &[]);
        for hop in &blind.hops {
            assert_eq!(hop.state, HopState::NotLooked, "{hop:?}");
        }
        let report = traced(Ok(stored()), Ok(stream(&[], false)), &[]);
        assert_eq!((state(&report, "hub"), state(&report, "applied")), (HopState::NotLooked, HopState::Missing));
        let unseen = Stored { dead: None, ..with_rows() };
        let report = traced(Ok(unseen), Ok(stream(&[], true)), &[]);
        assert_eq!(state(&report, "dead letters"), HopState::NotLooked);
        assert_eq!((state(&report, "hub"), state(&report, "accepted")), (HopState::Seen, HopState::Seen));
    }
}
