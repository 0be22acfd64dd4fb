//! `archive_verify`: the captured events against the orders database, order by order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::captured::{CapturedFile, read_file};
use super::source::ArchiveSource;
use crate::orders::{OrdersDatabase, Parameter, Statement};
use crate::{CallScope, Cell, Effect, Failure, Tool};

/// Order numbers of one question to the database.
const BATCH: usize = 500;
/// Order numbers and gaps that the text names; the report holds all.
const NAMED: usize = 20;
/// The event that begins an order.
const PLACED: &str = "order.placed";

/// What `archive_verify` takes: nothing. The archive is the configured one.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArchiveVerifyArguments {}

/// Sequence numbers that no file holds, both included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SequenceGap {
    /// The first missing one.
    pub from: i64,
    /// The last missing one.
    pub to: i64,
}

/// What the archive holds of one partition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PartitionReport {
    /// Files with at least one event.
    pub files: usize,
    /// Events, repeats not counted.
    pub events: usize,
    /// The first sequence number.
    pub first: i64,
    /// The last sequence number.
    pub last: i64,
    /// What is missing between them.
    pub gaps: Vec<SequenceGap>,
    /// Events that stand in more than one place.
    pub repeats: usize,
}

/// The archive against the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ArchiveReport {
    /// Where the archive is, without any token.
    pub archive: String,
    /// Captured files.
    pub files: usize,
    /// What each partition holds.
    pub partitions: BTreeMap<i64, PartitionReport>,
    /// Orders whose `order.placed` is captured.
    pub captured_orders: usize,
    /// Those of them that are in the database.
    pub in_both: usize,
    /// Captured, not in the database, and kept as a dead letter.
    pub dead_lettered: Vec<String>,
    /// Captured and not in the database at all.
    pub only_in_archive: Vec<String>,
    /// In the database, from a place in the stream that the archive covers, and not captured.
    pub only_in_database: Vec<String>,
}

impl ArchiveReport {
    /// True where nothing is missing on either side.
    pub fn agrees(&self) -> bool {
        self.only_in_archive.is_empty()
            && self.only_in_database.is_empty()
            && self.partitions.values().all(|partition| partition.gaps.is_empty())
    }
}

impl fmt::Display for ArchiveReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.files == 0 {
            "The archive holds no captured file."
        } else if self.agrees() {
            "The archive and the database agree."
        } else {
            "The archive and the database do not agree."
        };
        writeln!(f, "{verdict}")?;
        writeln!(f, "archive        {} ({} files)", self.archive, self.files)?;
        for (number, partition) in &self.partitions {
            let PartitionReport { files, events, first, last, gaps, repeats } = partition;
            writeln!(
                f,
                "partition {number:<4} sequence {first} to {last}, {events} events in {files} files, {} gaps, {repeats} repeats",
                gaps.len()
            )?;
            for gap in gaps.iter().take(NAMED) {
                writeln!(f, "               missing {} to {}", gap.from, gap.to)?;
            }
        }
        writeln!(f, "orders         {} captured, {} of them in the database", self.captured_orders, self.in_both)?;
        for (what, orders) in [
            ("dead letters", &self.dead_lettered),
            ("only archived", &self.only_in_archive),
            ("only in the db", &self.only_in_database),
        ] {
            if !orders.is_empty() {
                let more = orders.len().saturating_sub(NAMED);
                let more = if more == 0 { String::new() } else { format!(" and {more} more") };
                let named: Vec<&str> = orders.iter().take(NAMED).map(String::as_str).collect();
                writeln!(f, "{what:<14} {}: {}{more}", orders.len(), named.join(", "))?;
            }
        }
        Ok(())
    }
}

/// The tool.
#[derive(Clone, Debug)]
pub struct ArchiveVerify {
    database: Arc<OrdersDatabase>,
    source: ArchiveSource,
}

impl ArchiveVerify {
    /// The tool over a database and an archive.
    pub fn new(database: Arc<OrdersDatabase>, source: ArchiveSource) -> Self {
        Self { database, source }
    }

    /// Reads the archive, file by file, and compares it with the database.
    ///
    /// Fails where either cannot be read, and for a damaged file: a report over part of an archive would read as a whole one.
    pub async fn verify(&self) -> Result<ArchiveReport, Failure> {
        let mut archive = Archive::default();
        let names = self.source.names().await?;
        let mut report = ArchiveReport { archive: self.source.place(), files: names.len(), ..ArchiveReport::default() };
        for name in &names {
            archive.add(&read_file(name, &self.source.read(name).await?)?);
        }
        report.partitions = archive.partitions.iter().map(|(number, one)| (*number, one.report())).collect();
        report.captured_orders = archive.placed.len();
        self.missing_in_database(&archive, &mut report).await?;
        self.missing_in_archive(&archive, &mut report).await?;
        Ok(report)
    }

    async fn missing_in_database(&self, archive: &Archive, report: &mut ArchiveReport) -> Result<(), Failure> {
        let placed: Vec<(&String, &(i64, String))> = archive.placed.iter().collect();
        for batch in placed.chunks(BATCH.min(self.database.limits().rows)) {
            let marks = vec!["?"; batch.len()].join(", ");
            let numbers = batch.iter().map(|(number, _)| Parameter::Text((*number).clone())).collect();
            let known =
                self.texts(format!("SELECT order_number FROM orders WHERE order_number IN ({marks})"), numbers).await?;
            for (number, (partition, offset)) in batch {
                if known.contains(*number) {
                    report.in_both += 1;
                    continue;
                }
                let place = vec![Parameter::Integer(*partition), Parameter::Text(offset.clone())];
                let sql = "SELECT offset_id FROM dead_letters WHERE partition_id = ? AND offset_id = ?";
                let dead = !self.texts(sql.to_owned(), place).await?.is_empty();
                let list = if dead { &mut report.dead_lettered } else { &mut report.only_in_archive };
                list.push((*number).clone());
            }
        }
        Ok(())
    }

    /// Orders of the database that came from a place in the stream that the archive covers. What was in the database
    /// before the first captured event did not come through this stream.
    async fn missing_in_archive(&self, archive: &Archive, report: &mut ArchiveReport) -> Result<(), Failure> {
        let Some(begin) = archive.begin else { return Ok(()) };
        let page = self.database.limits().rows.min(5_000);
        let sql = format!(
            "SELECT event_id, order_number, partition_id, offset_id FROM order_events \
             WHERE type = ? AND received_at >= ? AND event_id > ? ORDER BY event_id LIMIT {page}"
        );
        let mut last = String::new();
        loop {
            let parameters =
                vec![Parameter::Text(PLACED.to_owned()), Parameter::Datetime(begin), Parameter::Text(last.clone())];
            let (table, _) = self.database.run(&Statement { sql: sql.clone(), parameters, columns: None }).await?;
            for row in &table.rows {
                let [Cell::Text(id), Cell::Text(number), partition, offset] = &row[..] else { continue };
                last.clone_from(id);
                let (Cell::Integer(partition), Cell::Text(offset)) = (partition, offset) else { continue };
                let covered = i64::try_from(*partition)
                    .ok()
                    .and_then(|partition| archive.partitions.get(&partition))
                    .is_some_and(|partition| partition.covers(offset));
                if covered && !archive.placed.contains_key(number) {
                    report.only_in_database.push(number.clone());
                }
            }
            if table.rows.len() < page && !table.truncated || table.rows.is_empty() {
                report.only_in_database.sort();
                return Ok(());
            }
        }
    }

    /// The first column's texts.
    async fn texts(&self, sql: String, parameters: Vec<Parameter>) -> Result<BTreeSet<String>, Failure> {
        let (table, _) = self.database.run(&Statement { sql, parameters, columns: None }).await?;
        Ok(table
            .rows
            .into_iter()
            .filter_map(|row| match row.into_iter().next() {
                Some(Cell::Text(text)) => Some(text),
                _ => None,
            })
            .collect())
    }
}

impl Tool for ArchiveVerify {
    const NAME: &'static str = "archive_verify";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = ArchiveVerifyArguments;
    type Report = ArchiveReport;

    fn description(&self) -> String {
        "Compares the archive of captured events with the orders database: sequence ranges, gaps, and each order that is in \
         one and not in the other. Reads every captured file: slow for a large archive."
            .to_owned()
    }

    async fn call(&self, _scope: &CallScope, _arguments: Self::Arguments) -> Result<Self::Report, Failure> {
        self.verify().await
    }
}

/// What was read of the archive.
#[derive(Default)]
struct Archive {
    partitions: BTreeMap<i64, Partition>,
    /// Where each order's `order.placed` stands: partition and offset.
    placed: BTreeMap<String, (i64, String)>,
    /// When the hub took the first captured event.
    begin: Option<NaiveDateTime>,
}

#[derive(Default)]
struct Partition {
    files: usize,
    sequences: BTreeSet<i64>,
    repeats: usize,
    /// The first and the last offset.
    offsets: Option<(i64, i64)>,
}

impl Archive {
    fn add(&mut self, file: &CapturedFile) {
        if file.events.is_empty() {
            return;
        }
        let partition = self.partitions.entry(file.partition).or_default();
        partition.files += 1;
        for event in &file.events {
            if !partition.sequences.insert(event.sequence) {
                partition.repeats += 1;
            }
            if let Ok(offset) = event.offset.parse::<i64>() {
                let (first, last) = partition.offsets.unwrap_or((offset, offset));
                partition.offsets = Some((first.min(offset), last.max(offset)));
            }
            self.begin = match (self.begin, event.enqueued) {
                (Some(begin), Some(enqueued)) => Some(begin.min(enqueued)),
                (begin, enqueued) => begin.or(enqueued),
            };
            if let (Some(order), Some(PLACED)) = (&event.order, event.kind.as_deref()) {
                self.placed.entry(order.clone()).or_insert_with(|| (file.partition, event.offset.clone()));
            }
        }
    }
}

impl Partition {
    fn covers(&self, offset: &str) -> bool {
        let (Some((first, last)), Ok(offset)) = (self.offsets, offset.parse::<i64>()) else { return false };
        (first..=last).contains(&offset)
    }

    fn report(&self) -> PartitionReport {
        let mut gaps = Vec::new();
        for (before, next) in self.sequences.iter().zip(self.sequences.iter().skip(1)) {
            if next - before > 1 {
                gaps.push(SequenceGap { from: before + 1, to: next - 1 });
            }
        }
        PartitionReport {
            files: self.files,
            events: self.sequences.len(),
            first: self.sequences.first().copied().unwrap_or_default(),
            last: self.sequences.last().copied().unwrap_or_default(),
            gaps,
            repeats: self.repeats,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::super::captured::tests::file;
    use super::*;

    type Events<'a> = &'a [(i64, &'a str, &'a str)];

    fn archive(files: &[(&str, Events<'_>)]) -> Archive {
        let mut archive = Archive::default();
        for (name, events) in files {
            archive.add(&read_file(name, &file(events)).unwrap());
        }
        archive
    }

    #[test]
    fn ranges_gaps_and_repeats_are_found_over_files_in_any_order() {
        let archive = archive(&[
            ("oms/orders/0/2026/01/14/18/07/00.avro", &[(9, "ORD-3", PLACED), (5, "ORD-2", PLACED)]),
            (
                "oms/orders/0/2026/01/14/18/06/00.avro",
                &[(2, "ORD-1", PLACED), (3, "ORD-1", "order.paid"), (5, "ORD-2", PLACED)],
            ),
            ("oms/orders/1/2026/01/14/18/06/00.avro", &[(1, "ORD-9", PLACED)]),
            ("oms/orders/2/2026/01/14/18/06/00.avro", &[]),
        ]);
        let report = archive.partitions[&0].report();
        assert_eq!((report.first, report.last, report.events, report.repeats, report.files), (2, 9, 4, 1, 2));
        assert_eq!(report.gaps, [SequenceGap { from: 4, to: 4 }, SequenceGap { from: 6, to: 8 }]);
        assert!(archive.partitions[&0].covers("300") && !archive.partitions[&0].covers("901"));
        assert!(!archive.partitions[&0].covers("3:1:2") && !archive.partitions.contains_key(&2));
        assert_eq!(archive.placed.len(), 4);
    }

    #[test]
    fn the_report_says_what_differs() {
        let mut report = ArchiveReport { archive: "x".into(), files: 1, ..ArchiveReport::default() };
        assert!(report.to_string().starts_with("The archive and the database agree."));
        report.only_in_archive = (0..30).map(|number| format!("ORD-{number}")).collect();
        let said = report.to_string();
        assert!(said.starts_with("The archive and the database do not agree."), "{said}");
        assert!(said.contains("only archived  30: ORD-0, ") && said.contains("and 10 more"), "{said}");
        assert!(ArchiveReport::default().to_string().starts_with("The archive holds no captured file."));
    }
}
