//! What the orders database says of itself and of the processor's work: reachable, newest event, dead letters, replication.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDateTime;
use futures::future::{BoxFuture, join3};

use super::stack::{Container, Containers};
use super::verdict::{Part, PartHealth, Verdict};
use crate::orders::{OrdersDatabase, Parameter, Statement};
use crate::{Cell, Failure, FailureKind, Table};

/// The words of a fresh connection, or why there is none.
pub type Opened = BoxFuture<'static, Result<Arc<OrdersDatabase>, Failure>>;

/// The orders database: open already, or opened when it is asked.
#[derive(Clone)]
pub enum DatabaseAt {
    /// Open.
    Open(Arc<OrdersDatabase>),
    /// To be opened; it may fail, and may hang.
    Closed(Arc<dyn Fn() -> Opened + Send + Sync>),
}

impl fmt::Debug for DatabaseAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open(_) => "open",
            Self::Closed(_) => "closed",
        })
    }
}

impl DatabaseAt {
    /// An open database.
    pub(crate) async fn open(&self) -> Result<Arc<OrdersDatabase>, Failure> {
        match self {
            Self::Open(database) => Ok(database.clone()),
            Self::Closed(open) => open().await,
        }
    }
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StoreFacts {
    /// When the newest applied event happened, UTC.
    pub(crate) newest: Option<NaiveDateTime>,
    /// Dead letters that nobody has resolved; none: they may not be seen.
    pub(crate) dead: Option<i64>,
    /// The reason of the newest of them.
    pub(crate) dead_reason: Option<String>,
    /// What is known of replication.
    pub(crate) replication: Replication,
    /// Whether the shop's time is fixed: it was seeded for a day, and no pipeline feeds it.
    pub(crate) fixed: bool,
}

/// What is known of replication.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Replication {
    /// The account may not see it.
    #[default]
    NotSeen,
    /// This server replicates from no other.
    None,
    /// It replicates: seconds behind, and whether it runs.
    Behind(Option<i64>, bool),
}

/// Reads what the database says.
pub(crate) async fn facts(database: &OrdersDatabase) -> Result<StoreFacts, Failure> {
    let dead = "SELECT COUNT(*), (SELECT d.reason FROM dead_letters d WHERE d.resolved_at IS NULL ORDER BY d.id DESC LIMIT 1) \
                FROM dead_letters WHERE resolved_at IS NULL";
    let newest = async { Ok::<_, Failure>((database.newest_event().await?, database.as_of().await?)) };
    let (newest, dead, replication) = join3(newest, rows(database, dead, Vec::new()), replication(database)).await;
    let (newest, as_of) = newest?;
    let dead = dead.ok();
    let cell = |index: usize| dead.as_ref().and_then(|table| table.rows.first()?.get(index).cloned());
    Ok(StoreFacts {
        newest,
        fixed: as_of.is_some(),
        dead: match cell(0) {
            Some(Cell::Integer(count)) => i64::try_from(count).ok(),
            _ => None,
        },
        dead_reason: match cell(1) {
            Some(Cell::Text(reason)) => Some(reason),
            _ => None,
        },
        replication,
    })
}

async fn replication(database: &OrdersDatabase) -> Replication {
    // MySQL 8.4 has only the new words, MariaDB 10.11 both.
    let Ok(table) = rows(database, "SHOW REPLICA STATUS", Vec::new()).await else { return Replication::NotSeen };
    let Some(row) = table.rows.first() else { return Replication::None };
    let cell = |names: &[&str]| {
        let place = table.columns.iter().position(|column| names.contains(&column.name.as_str()))?;
        row.get(place)
    };
    let behind = match cell(&["Seconds_Behind_Source", "Seconds_Behind_Master"]) {
        Some(Cell::Integer(seconds)) => i64::try_from(*seconds).ok(),
        _ => None,
    };
    let runs = |names: &[&str]| matches!(cell(names), Some(Cell::Text(text)) if text == "Yes");
    let running =
        runs(&["Replica_IO_Running", "Slave_IO_Running"]) && runs(&["Replica_SQL_Running", "Slave_SQL_Running"]);
    Replication::Behind(behind, running)
}

/// The rows of a statement of ours.
pub(crate) async fn rows(database: &OrdersDatabase, sql: &str, parameters: Vec<Parameter>) -> Result<Table, Failure> {
    let statement = Statement { sql: sql.to_owned(), parameters, columns: None };
    database.run(&statement).await.map(|(table, _)| table)
}

/// The database as a part of the pipeline.
pub(crate) fn judged(facts: &Result<StoreFacts, Failure>, containers: Option<&Containers>) -> PartHealth {
    let facts = match facts {
        Ok(facts) => facts,
        Err(failure) => {
            let of = containers.and_then(|containers| containers.get("mysql"));
            if let Some(stopped) = of.into_iter().flatten().find_map(Container::stopped) {
                return PartHealth::new(Part::Database, Verdict::Down, stopped).hint("make up");
            }
            // A server that is only started on demand is not asked while it sleeps; of one that is silent nothing is known.
            let unasked = matches!(failure.kind, FailureKind::NotFound | FailureKind::TimedOut);
            let verdict = if unasked { Verdict::Unknown } else { Verdict::Down };
            let part = PartHealth::new(Part::Database, verdict, failure.message.clone());
            return failure.hints.iter().cloned().fold(part, PartHealth::hint);
        }
    };
    let newest = match facts.newest {
        Some(newest) => format!("newest event {} UTC", newest.format("%Y-%m-%d %H:%M:%S")),
        None => "no event was ever applied".to_owned(),
    };
    let (verdict, replication) = match facts.replication {
        Replication::NotSeen => {
            (Verdict::Healthy, "replication was not looked at: this account may not see it".to_owned())
        }
        Replication::None => (Verdict::Healthy, "it replicates from no other server".to_owned()),
        Replication::Behind(Some(seconds), true) if seconds <= 60 => {
            (Verdict::Healthy, format!("its replication is {seconds} s behind"))
        }
        Replication::Behind(Some(seconds), true) => {
            (Verdict::Degraded, format!("its replication is {} behind", crate::eventhub::lag::spoken(seconds)))
        }
        Replication::Behind(..) => (Verdict::Degraded, "its replication does not run".to_owned()),
    };
    PartHealth::new(Part::Database, verdict, format!("it answers; {newest}; {replication}"))
        .saw("newest_event", facts.newest)
        .saw("replication_seen", facts.replication != Replication::NotSeen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_judged_by_what_it_says() {
        let facts = |replication| Ok(StoreFacts { replication, ..StoreFacts::default() });
        for (facts, expected) in [
            (Err(Failure::new(crate::FailureKind::Unavailable, "no server").hint("start it")), Verdict::Down),
            (Err(Failure::new(FailureKind::NotFound, "it does not run").hint("start it")), Verdict::Unknown),
            (Err(Failure::new(FailureKind::TimedOut, "it is silent").hint("look at it")), Verdict::Unknown),
            (facts(Replication::NotSeen), Verdict::Healthy),
            (facts(Replication::None), Verdict::Healthy),
            (facts(Replication::Behind(Some(3), true)), Verdict::Healthy),
            (facts(Replication::Behind(Some(300), true)), Verdict::Degraded),
            (facts(Replication::Behind(None, true)), Verdict::Degraded),
            (facts(Replication::Behind(Some(0), false)), Verdict::Degraded),
        ] {
            let part = judged(&facts, None);
            assert_eq!(part.verdict, expected, "{facts:?}");
            assert_eq!(part.hints.is_empty(), facts.is_ok());
        }
        let frozen = Container { name: "oms-mysql-1".into(), state: "paused".into(), ..Container::default() };
        let containers = Containers::from([("mysql".to_owned(), vec![frozen])]);
        let silent = Err(Failure::new(FailureKind::TimedOut, "it is silent"));
        let part = judged(&silent, Some(&containers));
        assert_eq!((part.verdict, part.said.as_str()), (Verdict::Down, "`oms-mysql-1` is frozen"));
        assert!(judged(&facts(Replication::NotSeen), None).said.contains("not looked at"));
    }
}
