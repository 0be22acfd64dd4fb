//! `eventhub_lag`: how far the processor is behind, by partition, and the last rows that it wrote.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDateTime;
use futures::FutureExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pipeline;
use super::store::{DatabaseAt, rows};
use crate::eventhub::{LagReport, lag};
use crate::{CallScope, Cell, Column, ColumnType, Effect, Failure, Role, Table, Told, Tool, ToolReport, Unit};

/// Rows among which each partition's newest one is looked for: the newest of all, from an index's end.
const NEWEST: usize = 500;
/// How long the database may take: the lag is told without it.
const ROWS_LIMIT: Duration = Duration::from_millis(1500);
/// How long the hub may take when a person asks about it.
const PATIENCE: Duration = Duration::from_secs(10);

/// What `eventhub_lag` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventHubLagArguments {
    /// The consumer group; none: the processor's.
    #[serde(default)]
    pub consumer_group: Option<String>,
}

/// The tool.
#[derive(Clone)]
pub struct EventHubLag {
    pipeline: Arc<Pipeline>,
    database: DatabaseAt,
}

impl EventHubLag {
    /// The tool over a pipeline and its database.
    pub fn new(pipeline: Arc<Pipeline>, database: DatabaseAt) -> Self {
        Self { pipeline, database }
    }

    async fn measured(&self, group: Option<String>) -> Result<LagReport, Failure> {
        let containers = self.pipeline.containers(PATIENCE / 4).await.and_then(Result::ok);
        let mut hub = self.pipeline.hub(containers.as_ref())?;
        if let Some(group) = group {
            hub.group = group;
        }
        let checkpoints = self.pipeline.checkpoints(containers.as_ref());
        let (container, broken) = match checkpoints {
            Some(Ok(container)) => (Some(container), None),
            Some(Err(failure)) => (None, Some(failure)),
            None => (None, None),
        };
        let mut report = lag::measure(&hub, container.as_ref(), PATIENCE).boxed().await?;
        report.notes.extend(broken.map(|failure| failure.message));
        match tokio::time::timeout(ROWS_LIMIT, self.written()).await {
            Ok(Ok(written)) => {
                for lag in &mut report.partitions {
                    lag.written_at =
                        lag.partition.parse().ok().and_then(|partition: i64| written.get(&partition).copied());
                }
            }
            Ok(Err(failure)) => report.notes.push(format!("the last rows written are not known: {}", failure.message)),
            Err(_) => report.notes.push("the last rows written are not known: the database took too long".to_owned()),
        }
        Ok(report)
    }

    /// When the last row of each partition was written, as far as the newest events tell.
    async fn written(&self) -> Result<BTreeMap<i64, NaiveDateTime>, Failure> {
        let database = self.database.open().await?;
        let sql = format!(
            "SELECT partition_id, MAX(received_at) FROM (SELECT partition_id, received_at FROM order_events \
             ORDER BY occurred_at DESC LIMIT {NEWEST}) newest WHERE partition_id IS NOT NULL GROUP BY partition_id"
        );
        let table = rows(&database, &sql, Vec::new()).await?;
        let row = |row: &Vec<Cell>| match &row[..] {
            [Cell::Integer(partition), Cell::Text(at)] => Some((i64::try_from(*partition).ok()?, moment(at)?)),
            _ => None,
        };
        Ok(table.rows.iter().filter_map(row).collect())
    }
}

/// A datetime as rows hold it.
pub(super) fn moment(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y-%m-%dT%H:%M:%S%.f").ok()
}

/// A datetime as the contract writes it.
pub(super) fn written(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

impl Tool for EventHubLag {
    const NAME: &'static str = "eventhub_lag";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = EventHubLagArguments;
    type Report = LagReport;

    fn description(&self) -> String {
        "How far the processor is behind the event hub: for each partition the first and last sequence number, the last \
         enqueue time, the checkpoint, the last row written, and the lag in events and in seconds."
            .to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: Self::Arguments) -> Result<Self::Report, Failure> {
        self.measured(arguments.consumer_group).await
    }
}

impl From<LagReport> for ToolReport {
    fn from(report: LagReport) -> Self {
        let column =
            |name: &str, kind| Column { name: name.to_owned(), kind, role: Role::Attribute, unit: Unit::Plain };
        let number = |value: Option<i64>| value.map_or(Cell::Null, |value| Cell::Integer(value.into()));
        let time = |value: Option<NaiveDateTime>| value.map_or(Cell::Null, |at| Cell::Text(written(at)));
        let table = Table {
            columns: vec![
                column("partition", ColumnType::String),
                column("first", ColumnType::Integer),
                column("last", ColumnType::Integer),
                column("last_enqueued", ColumnType::Datetime),
                column("checkpoint", ColumnType::Integer),
                column("last_written", ColumnType::Datetime),
                column("behind_events", ColumnType::Integer),
                column("behind_seconds", ColumnType::Integer),
            ],
            rows: report
                .partitions
                .iter()
                .map(|lag| {
                    vec![
                        Cell::Text(lag.partition.clone()),
                        number(lag.first),
                        number(lag.last),
                        time(lag.last_enqueued),
                        number(lag.checkpoint),
                        time(lag.written_at),
                        number(lag.behind_events),
                        number(lag.behind_seconds),
                    ]
                })
                .collect(),
            truncated: false,
        };
        let mut told = Told::new(report.sentence(), serde_json::to_value(&report).unwrap_or_default());
        told.notes.clone_from(&report.notes);
        told.with_table(table).into()
    }
}
