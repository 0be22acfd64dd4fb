//! What each hop says of an order: the database, the hub, the captured files, the dead letters.

use std::time::Duration;

use chrono::NaiveDateTime;
use futures::future::join_all;

use super::super::Pipeline;
use super::super::capture::CaptureAt;
use super::super::lag::moment;
use super::super::stack::Containers;
use super::super::store::{DatabaseAt, rows};
use crate::eventhub::{LagReport, Looked, PeekedEvent, lag, peek};
use crate::orders::{OrdersDatabase, Parameter};
use crate::{Cell, Failure, Table};

/// Events of a partition that are looked at for an order, from the oldest that waits on.
const WAITING: i64 = 2_000;
/// Events before the checkpoint that are looked at where the database knows nothing of the order.
const BEFORE: i64 = 500;

/// An event as it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AppliedEvent {
    pub(super) kind: String,
    pub(super) occurred: Option<NaiveDateTime>,
    pub(super) received: Option<NaiveDateTime>,
    pub(super) place: Option<(String, String)>,
}

/// What the database holds of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) status: Option<String>,
    pub(super) events: Vec<AppliedEvent>,
    /// One line each: "card captured € 12.00, 2026-01-14 12:00:00".
    pub(super) payments: Vec<String>,
    pub(super) parcels: Vec<String>,
    pub(super) returns: Vec<String>,
    /// Events that wait for an earlier one; none: not to be seen.
    pub(super) waiting: Option<Vec<String>>,
    /// Events that were dead-lettered; none: not to be seen.
    pub(super) dead: Option<i64>,
    /// Orders around a number that does not exist.
    pub(super) near: Vec<String>,
}

impl Stored {
    /// Partition and offset of each applied event.
    pub(super) fn places(&self) -> Vec<(String, String)> {
        self.events.iter().filter_map(|event| event.place.clone()).collect()
    }
}

/// Reads what the database holds.
pub(super) async fn stored(database: &DatabaseAt, order: &str) -> Result<Stored, Failure> {
    let database = database.open().await?;
    let ask = |sql: &'static str| {
        let database = database.clone();
        async move { rows(&database, sql, vec![Parameter::Text(order.to_owned())]).await }
    };
    let mut stored = Stored {
        status: texts(&ask("SELECT status FROM orders WHERE order_number = ?").await?).pop(),
        events: applied(
            &ask("SELECT type, occurred_at, received_at, CAST(partition_id AS CHAR), offset_id FROM order_events \
                 WHERE order_number = ? ORDER BY version")
            .await?,
        ),
        ..Stored::default()
    };
    if stored.status.is_some() {
        stored.payments = texts(
            &ask(
                "SELECT CONCAT(p.method, ' ', p.status, COALESCE(CONCAT(' (', p.failure_reason, ')'), ''), ' EUR ', p.amount, ', ', \
                 DATE_FORMAT(p.attempted_at, '%Y-%m-%d %H:%i:%s')) FROM payments p JOIN orders o ON o.id = p.order_id \
                 WHERE o.order_number = ? ORDER BY p.attempted_at, p.id",
            )
            .await?,
        );
        stored.parcels = texts(
            &ask(
                "SELECT CONCAT(s.carrier, ' ', s.tracking_number, ' ', s.status, COALESCE(CONCAT(', shipped ', \
                 DATE_FORMAT(s.shipped_at, '%Y-%m-%d %H:%i:%s')), ''), COALESCE(CONCAT(', delivered ', \
                 DATE_FORMAT(s.delivered_at, '%Y-%m-%d %H:%i:%s')), '')) FROM shipments s JOIN orders o ON o.id = s.order_id \
                 WHERE o.order_number = ? ORDER BY s.id",
            )
            .await?,
        );
        stored.returns = texts(
            &ask(
                "SELECT CONCAT(r.reason, ' ', r.status, ', ', DATE_FORMAT(r.requested_at, '%Y-%m-%d %H:%i:%s')) FROM returns r \
                 JOIN order_items i ON i.id = r.order_item_id JOIN orders o ON o.id = i.order_id \
                 WHERE o.order_number = ? ORDER BY r.requested_at, r.id",
            )
            .await?,
        );
    } else {
        stored.near = near(&database, order).await?;
    }
    // The pipeline's own tables: not every database has them, and not every account may see them.
    stored.waiting = ask(
        "SELECT CONCAT('partition ', partition_id, ', offset ', offset_id, ', since ', DATE_FORMAT(waiting_since, '%Y-%m-%d %H:%i:%s')) \
         FROM oms_waiting_events WHERE order_number = ? ORDER BY waiting_since",
    )
    .await
    .ok()
    .map(|table| texts(&table));
    let dead = ask("SELECT COUNT(*) FROM oms_dead_events WHERE order_number = ?").await.ok();
    stored.dead = dead.and_then(|table| match table.rows.first()?.first()? {
        Cell::Integer(count) => i64::try_from(*count).ok(),
        _ => None,
    });
    Ok(stored)
}

async fn near(database: &OrdersDatabase, order: &str) -> Result<Vec<String>, Failure> {
    let sql = "SELECT MAX(order_number) FROM orders WHERE order_number < ? UNION ALL \
               SELECT MIN(order_number) FROM orders WHERE order_number > ?";
    let order = || Parameter::Text(order.to_owned());
    Ok(texts(&rows(database, sql, vec![order(), order()]).await?))
}

fn applied(table: &Table) -> Vec<AppliedEvent> {
    let text = |cell: Option<&Cell>| match cell {
        Some(Cell::Text(text)) => Some(text.clone()),
        Some(Cell::Integer(number)) => Some(number.to_string()),
        _ => None,
    };
    let row = |row: &Vec<Cell>| AppliedEvent {
        kind: text(row.first()).unwrap_or_default(),
        occurred: text(row.get(1)).and_then(|text| moment(&text)),
        received: text(row.get(2)).and_then(|text| moment(&text)),
        place: text(row.get(3)).zip(text(row.get(4))),
    };
    table.rows.iter().map(row).collect()
}

fn texts(table: &Table) -> Vec<String> {
    table
        .rows
        .iter()
        .filter_map(|row| match row.first() {
            Some(Cell::Text(text)) => Some(text.clone()),
            _ => None,
        })
        .collect()
}

/// What the hub says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Streamed {
    /// The lag as it was measured.
    pub(super) lag: LagReport,
    /// The order's events that were seen in the hub.
    pub(super) events: Vec<PeekedEvent>,
    /// Whether everything that waits was looked at.
    pub(super) whole: bool,
    /// The hub's name.
    pub(super) hub: String,
}

impl Streamed {
    /// The events of the order that no processor is done with.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &PeekedEvent> {
        self.events.iter().filter(|event| {
            let lag = self.lag.partitions.iter().find(|lag| lag.partition == event.partition);
            lag.is_some_and(|lag| lag.checkpoint.is_none_or(|done| event.sequence > done))
        })
    }
}

/// Looks for an order's events among those that wait, and for an order that the database does not know also among those
/// just before.
pub(super) async fn streamed(
    pipeline: &Pipeline,
    containers: Option<&Containers>,
    order: &str,
    known: bool,
    limit: Duration,
) -> Result<Streamed, Failure> {
    let hub = pipeline.hub(containers)?;
    let checkpoints = pipeline.checkpoints(containers).transpose()?;
    let lag = lag::measure(&hub, checkpoints.as_ref(), limit / 2).await?;
    let mut whole = true;
    let places: Vec<Looked> = lag
        .partitions
        .iter()
        .filter_map(|one| {
            let (first, last) = (one.first?, one.last?);
            let done = one.checkpoint.unwrap_or(first - 1).max(first - 1);
            let after = if known { done } else { (done - BEFORE).max(first - 1) };
            let until = last.min(done + WAITING);
            whole &= until == last;
            let most = usize::try_from(until - after).unwrap_or_default();
            (until > after).then(|| Looked { partition: one.partition.clone(), after, until, most })
        })
        .collect();
    let (mut events, seen) =
        if places.is_empty() { (Vec::new(), true) } else { peek(&hub, &places, limit / 2).await? };
    events.retain(|event| event.order.as_deref() == Some(order));
    Ok(Streamed { lag, events, whole: whole && seen, hub: hub.hub })
}

/// What the captured files say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Captured {
    /// The file that holds the order's first event.
    In(String),
    /// It is in none of the files that could hold it.
    InNone,
    /// Why it was not found out.
    NotLooked(String),
}

/// Looks for the file of the order's first event.
pub(super) async fn captured(
    pipeline: &Pipeline,
    containers: Option<&Containers>,
    stored: &Result<Stored, Failure>,
    streamed: &Result<Streamed, Failure>,
    order: &str,
    limit: Duration,
) -> Captured {
    let captured: CaptureAt = match pipeline.captured(containers) {
        Some(Ok(captured)) => captured,
        Some(Err(failure)) => return Captured::NotLooked(failure.message),
        None => return Captured::NotLooked("it is not known where Capture writes".to_owned()),
    };
    let hub = match (pipeline.hub(containers), streamed) {
        (Ok(hub), _) => hub.hub,
        (Err(_), Ok(streamed)) => streamed.hub.clone(),
        (Err(failure), Err(_)) => return Captured::NotLooked(failure.message),
    };
    let first = stored.as_ref().ok().and_then(|stored| {
        let event = stored.events.iter().find(|event| event.place.is_some())?;
        let (partition, offset) = event.place.clone()?;
        Some((partition, Some(offset), event.received.or(event.occurred)?))
    });
    let peeked = streamed.as_ref().ok().and_then(|streamed| {
        let event = streamed.events.first()?;
        Some((event.partition.clone(), Some(event.offset.clone()), event.enqueued?))
    });
    let Some((partition, offset, at)) = first.or(peeked) else {
        return Captured::NotLooked("no place in the hub is known to look for".to_owned());
    };
    let is_it = |event: &crate::archive::CapturedEvent| {
        offset.as_ref().is_some_and(|offset| &event.offset == offset) && event.order.as_deref() == Some(order)
    };
    match tokio::time::timeout(limit, captured.find(&hub, &partition, at, is_it)).await {
        Ok(Ok((Some((name, _)), _))) => Captured::In(name),
        Ok(Ok((None, true))) => Captured::InNone,
        Ok(Ok((None, false))) => Captured::NotLooked("too many files are of that time to open them all".to_owned()),
        Ok(Err(failure)) => Captured::NotLooked(failure.message),
        Err(_) => Captured::NotLooked("reading the captured files took too long".to_owned()),
    }
}

/// Dead letters that stand where the order's events do: place and reason.
pub(super) async fn dead(
    database: &DatabaseAt,
    places: &[(String, String)],
    streamed: &Result<Streamed, Failure>,
) -> Result<Vec<String>, Failure> {
    let peeked = streamed.iter().flat_map(|streamed| &streamed.events);
    let mut all: Vec<(String, String)> = peeked.map(|event| (event.partition.clone(), event.offset.clone())).collect();
    all.extend(places.iter().cloned());
    all.sort();
    all.dedup();
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let database = database.open().await?;
    let found = join_all(all.iter().filter_map(|(partition, offset)| {
        let partition: i64 = partition.parse().ok()?;
        let parameters = vec![Parameter::Integer(partition), Parameter::Text(offset.clone())];
        let sql = "SELECT CONCAT('partition ', partition_id, ', offset ', offset_id, ': ', reason, \
                   IF(resolved_at IS NULL, '', ' (resolved)')) FROM dead_letters WHERE partition_id = ? AND offset_id = ?";
        Some(rows(&database, sql, parameters))
    }))
    .await;
    let mut letters = Vec::new();
    for table in found {
        letters.extend(texts(&table?));
    }
    Ok(letters)
}
