//! The one place that changes a database: empties it, loads it, completes it. Two connections work side by side, the
//! events on one and everything else on the other, while a third thread makes the rows.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, MySqlConnection, Row, mysql::MySqlConnectOptions};
use tokio::sync::mpsc::{Receiver, channel};

use super::{
    rows::{Batch, Table},
    schema::{self, TableText},
};
use crate::{
    Phase, Progress, SCHEMA, SeedError,
    generate::{Settings, generate},
    state::{SEEDING, tables_present},
};

/// Bytes of a statement where the server allows them.
const STATEMENT: i64 = 1024 * 1024;
/// Statements that wait for each connection: they bound what is held in memory.
const WAITING: usize = 3;
/// What the server need not check while rows come from here: the tests check them all.
const SESSION: &str = "SET SESSION unique_checks = 0, foreign_key_checks = 0, time_zone = '+00:00', \
                       sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";

/// Rows of each table.
pub(crate) type Rows = Vec<(&'static str, u64)>;

/// Connects for loading.
async fn connect(options: &MySqlConnectOptions) -> Result<MySqlConnection, SeedError> {
    // Statements are megabytes long: none of them belongs in a log.
    let options = options.clone().disable_statement_logging();
    let mut connection = options.connect().await.map_err(SeedError::Connect)?;
    run(&mut connection, SESSION, "prepare the session").await?;
    Ok(connection)
}

async fn run(connection: &mut MySqlConnection, statement: &str, what: &str) -> Result<(), SeedError> {
    let done = connection.execute(sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))).await;
    done.map(|_| ()).map_err(|cause| SeedError::Statement { what: what.to_owned(), cause })
}

/// Fills the database with a shop and writes these facts about it at the end; `as_of` comes with the last statement.
pub(crate) async fn fill(
    options: &MySqlConnectOptions,
    settings: Settings,
    facts: &[(&str, String)],
    as_of: Option<&str>,
    progress: &(impl Fn(Progress) + Send + Sync),
) -> Result<Rows, SeedError> {
    let mut first = connect(options).await?;
    let mut second = connect(options).await?;
    lock(&mut first).await?;
    let tables = schema::tables(SCHEMA);
    let report = |phase, done, total| progress(Progress { phase, done, total });
    report(Phase::Schema, 0, tables.len() as u64);
    reset(&mut first, &tables, &report).await?;
    let rows = load(&mut first, &mut second, settings, &report).await?;
    tracing::debug!(rows = rows.iter().map(|(_, rows)| rows).sum::<u64>(), "loaded; adding keys");
    complete(&mut first, &mut second, &tables, &report).await?;
    report(Phase::Finishing, 0, 1);
    for table in &tables {
        run(&mut first, &format!("ANALYZE TABLE {}", table.name), &format!("analyse `{}`", table.name)).await?;
    }
    for (name, value) in facts {
        let statement = format!("INSERT INTO dataset_info (name, value) VALUES ('{name}', '{value}')");
        run(&mut first, &statement, "write `dataset_info`").await?;
    }
    // One statement, the last one: before it the database is half-seeded, after it is whole.
    let last = match as_of {
        Some(as_of) => format!("UPDATE dataset_info SET name = 'as_of', value = '{as_of}' WHERE name = '{SEEDING}'"),
        None => format!("DELETE FROM dataset_info WHERE name = '{SEEDING}'"),
    };
    run(&mut first, &last, "mark the database as whole").await?;
    for connection in [first, second] {
        // The shop is whole; a connection that cannot say goodbye changes nothing.
        connection.close().await.ok();
    }
    report(Phase::Finishing, 1, 1);
    Ok(rows)
}

/// Two at a time would mix two shops. An interrupted seeding's last statement may hold the lock for a moment.
async fn lock(connection: &mut MySqlConnection) -> Result<(), SeedError> {
    let query = "SELECT CAST(COALESCE(GET_LOCK(CONCAT('oms seed ', LEFT(DATABASE(), 50)), 30), 0) AS SIGNED)";
    let row = connection.fetch_one(query).await;
    let got = row.and_then(|row| row.try_get::<i64, _>(0));
    match got.map_err(|cause| SeedError::Statement { what: "lock the database".to_owned(), cause })? {
        1 => Ok(()),
        _ => Err(SeedError::Busy),
    }
}

/// Drops the schema's tables and creates them anew, without their secondary keys.
///
/// The marker is there before anything else is dropped or made: whatever interrupts it, no whole shop is seen.
async fn reset(
    connection: &mut MySqlConnection,
    tables: &[TableText],
    report: &impl Fn(Phase, u64, u64),
) -> Result<(), SeedError> {
    let foreign: Vec<String> = tables_present(connection)
        .await?
        .into_iter()
        .filter(|name| !name.starts_with("oms_") && !tables.iter().any(|table| table.name == *name))
        .collect();
    if !foreign.is_empty() {
        return Err(SeedError::ForeignTables { tables: foreign });
    }
    let marker = tables.iter().filter(|table| table.name == "dataset_info");
    let others = || tables.iter().filter(|table| table.name != "dataset_info");
    for table in marker {
        drop_table(connection, table).await?;
        create(connection, table).await?;
    }
    run(
        connection,
        &format!("INSERT INTO dataset_info (name, value) VALUES ('{SEEDING}', 'not finished')"),
        "mark the database as half-seeded",
    )
    .await?;
    for table in others() {
        drop_table(connection, table).await?;
    }
    for (done, table) in (1..).zip(others()) {
        create(connection, table).await?;
        report(Phase::Schema, done, tables.len() as u64);
    }
    Ok(())
}

async fn drop_table(connection: &mut MySqlConnection, table: &TableText) -> Result<(), SeedError> {
    let name = &table.name;
    run(connection, &format!("DROP TABLE IF EXISTS {name}"), &format!("drop `{name}`")).await
}

async fn create(connection: &mut MySqlConnection, table: &TableText) -> Result<(), SeedError> {
    run(connection, &table.create, &format!("create `{}`", table.name)).await
}

/// Makes the rows and sends them.
async fn load(
    first: &mut MySqlConnection,
    second: &mut MySqlConnection,
    settings: Settings,
    report: &(impl Fn(Phase, u64, u64) + Send + Sync),
) -> Result<Rows, SeedError> {
    report(Phase::Loading, 0, settings.orders);
    let limit = usize::try_from(statement_limit(first).await?).unwrap_or(64 * 1024);
    let (events_in, events) = channel::<Batch>(WAITING);
    let (others_in, others) = channel::<Batch>(WAITING);
    let making = tokio::task::spawn_blocking(move || {
        let mut sink = |batch: Batch| {
            let to = if batch.table == Table::OrderEvents { &events_in } else { &others_in };
            to.blocking_send(batch).is_ok()
        };
        generate(settings, limit, &mut sink)
    });
    let told = |orders| report(Phase::Loading, orders, settings.orders);
    tokio::try_join!(send(first, events, &told), send(second, others, &told))?;
    let rows = making.await.map_err(|_| SeedError::Interrupted)?;
    told(settings.orders);
    Ok(rows)
}

/// How long a statement may be: well under the server's own limit.
async fn statement_limit(connection: &mut MySqlConnection) -> Result<i64, SeedError> {
    let row = connection.fetch_one("SELECT CAST(@@max_allowed_packet AS SIGNED)").await;
    let limit = row.and_then(|row| row.try_get::<i64, _>(0));
    let limit = limit.map_err(|cause| SeedError::Statement { what: "read `max_allowed_packet`".to_owned(), cause })?;
    Ok((limit / 4 * 3).min(STATEMENT))
}

async fn send(
    connection: &mut MySqlConnection,
    mut batches: Receiver<Batch>,
    told: &(impl Fn(u64) + Sync),
) -> Result<(), SeedError> {
    while let Some(Batch { table, statement, orders }) = batches.recv().await {
        let done = connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await;
        done.map_err(|cause| SeedError::Statement { what: format!("load `{}`", table.name()), cause })?;
        told(orders);
    }
    Ok(())
}

/// Adds the secondary keys: the events' on one connection, the others' on the other.
async fn complete(
    first: &mut MySqlConnection,
    second: &mut MySqlConnection,
    tables: &[TableText],
    report: &impl Fn(Phase, u64, u64),
) -> Result<(), SeedError> {
    let total = tables.iter().filter(|table| table.complete.is_some()).count() as u64;
    let done = AtomicU64::new(0);
    report(Phase::Indexes, 0, total);
    let events = tables.iter().filter(|table| table.name == Table::OrderEvents.name());
    let others = tables.iter().filter(|table| table.name != Table::OrderEvents.name());
    tokio::try_join!(
        add_keys(first, events, || report(Phase::Indexes, 1 + done.fetch_add(1, SeqCst), total)),
        add_keys(second, others, || report(Phase::Indexes, 1 + done.fetch_add(1, SeqCst), total)),
    )?;
    Ok(())
}

async fn add_keys<'a>(
    connection: &mut MySqlConnection,
    tables: impl Iterator<Item = &'a TableText>,
    added: impl Fn(),
) -> Result<(), SeedError> {
    for table in tables {
        if let Some(statement) = &table.complete {
            run(connection, statement, &format!("add the keys of `{}`", table.name)).await?;
            added();
        }
    }
    Ok(())
}
