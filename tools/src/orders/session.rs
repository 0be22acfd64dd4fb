//! The one place where SQL reaches the database.
//!
//! Every statement runs prepared, in a READ ONLY transaction, under a server's time limit and a watchdog of our own, and
//! is read only up to the limits of rows and bytes. Nothing here looks at what a statement says: the guard and the account
//! are layers of their own, and each must hold without the others.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::NaiveDateTime;
use futures::TryStreamExt;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Either, Executor, MySqlConnection, Row, Statement as _,
    mysql::{MySqlArguments, MySqlConnectOptions, MySqlSslMode},
};
use tokio::{runtime::Handle, sync::Semaphore, task::JoinHandle};
use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};

use super::{
    decode, grants,
    limits::{Limits, PersonalColumns},
    server_error,
};
use crate::{Cell, Column, Failure, FailureKind, Table};

/// How many statements run side by side; the rest wait.
const SESSIONS: usize = 4;
/// Sessions that are ready where some had to be closed.
const SPARE: usize = 3;
/// What every session has begun before a statement comes; nothing is seen or locked until one does.
const BEGIN: &str = "START TRANSACTION READ ONLY";
/// How long a server may take to greet.
const GREETING: Duration = Duration::from_secs(5);
/// How long the watchdog lets the server's own limit go first: its error says more than a cut connection.
const GRACE: Duration = Duration::from_millis(250);

/// A value bound to a `?`.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    /// Text, also for dates and datetimes: `2026-01-14 12:00:00`.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// An exact number as text, `12.50`.
    Decimal(String),
    /// A DOUBLE.
    Number(f64),
    /// An instant, UTC.
    Datetime(NaiveDateTime),
    /// A calendar day.
    Date(chrono::NaiveDate),
    /// SQL NULL.
    Null,
}

/// One statement with its values apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// One SELECT with a `?` for each parameter.
    pub sql: String,
    /// The values, in the order of the `?`.
    pub parameters: Vec<Parameter>,
    /// What each column is in the answer; `None` where the server's types are to say it.
    pub columns: Option<Vec<Column>>,
}

/// Which server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// MariaDB 10.11 or later.
    MariaDb,
    /// MySQL 8 or later.
    MySql,
}

/// Whether a connection may serve another statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Afterwards {
    Keep,
    Close,
}

/// The orders database, past its session layer.
pub struct OrdersDatabase {
    options: MySqlConnectOptions,
    limits: Limits,
    personal: PersonalColumns,
    flavour: Flavour,
    version: String,
    database: String,
    slots: Semaphore,
    idle: Arc<Mutex<Vec<Session>>>,
    /// What still happens at the server: queries that are stopped, sessions that are replaced.
    errands: Arc<Mutex<Vec<JoinHandle<()>>>>,
    runtime: Handle,
}

struct Session {
    connection: MySqlConnection,
    id: u64,
}

struct Greeting {
    version: String,
    database: Option<String>,
}

impl std::fmt::Debug for OrdersDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The options hold a password: only what may be seen is shown.
        f.debug_struct("OrdersDatabase")
            .field("database", &self.database)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl OrdersDatabase {
    /// Connects, and refuses an account that could do more than SELECT.
    ///
    /// Fails with what mends it: no server, wrong password, unknown database, an account with too many rights.
    pub async fn connect(
        options: MySqlConnectOptions,
        limits: Limits,
        personal: PersonalColumns,
    ) -> Result<Self, Failure> {
        let database = Self::connect_unchecked(options, limits, personal).await?;
        grants::check(&database.grants().await?, database.options.get_username(), &database.database)?;
        Ok(database)
    }

    /// Connects without reading the account's rights: only to prove the session's layer by itself.
    #[doc(hidden)]
    pub async fn connect_unchecked(
        options: MySqlConnectOptions,
        limits: Limits,
        personal: PersonalColumns,
    ) -> Result<Self, Failure> {
        // What sqlx would set in a round trip of its own is set with the rest, in `open`.
        let mut options = options
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .timezone(None)
            .set_names(false)
            .disable_statement_logging();
        if options.get_socket().is_some() {
            options = options.ssl_mode(MySqlSslMode::Disabled);
        }
        let (session, greeting) = open(&options, limits).await?;
        let database = greeting.database.ok_or_else(|| {
            Failure::invalid("cannot use the orders database: the address names no database")
                .hint("end `--db` with its name: `mysql://user@host/oms`")
        })?;
        Ok(Self {
            flavour: flavour(&greeting.version),
            version: greeting.version,
            database,
            options,
            limits,
            personal,
            slots: Semaphore::new(SESSIONS),
            idle: Arc::new(Mutex::new(vec![session])),
            errands: Arc::default(),
            runtime: Handle::current(),
        })
    }

    /// Which server it is.
    pub fn flavour(&self) -> Flavour {
        self.flavour
    }

    /// The server's version, as it says it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The name of the database that holds the orders.
    pub fn name(&self) -> &str {
        &self.database
    }

    /// The columns that are kept from answers.
    pub fn personal(&self) -> &PersonalColumns {
        &self.personal
    }

    /// The limits of each statement.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Runs one statement of ours; the rows, and the milliseconds that the database took.
    pub async fn run(&self, statement: &Statement) -> Result<(Table, f64), Failure> {
        self.execute(statement, Afterwards::Keep).await
    }

    /// Runs one statement that others wrote: its session is closed afterwards, with whatever state it left.
    pub async fn run_once(&self, statement: &Statement) -> Result<(Table, f64), Failure> {
        self.execute(statement, Afterwards::Close).await
    }

    /// The seeded shop's fixed "now", `dataset_info.as_of`; `None` on a live database.
    pub async fn as_of(&self) -> Result<Option<NaiveDateTime>, Failure> {
        let table = self.ask("SELECT value FROM dataset_info WHERE name = 'as_of'").await?;
        let Some(text) = first_text(&table) else { return Ok(None) };
        NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y-%m-%dT%H:%M:%S%.f").map(Some).map_err(|_| {
            Failure::new(FailureKind::Unavailable, format!("cannot read `dataset_info.as_of`: `{text}` is not a time"))
                .hint("renew the private database with `oms db seed`")
        })
    }

    /// When the newest event that was applied happened; `None` where there is none. Read from an index's end.
    pub async fn newest_event(&self) -> Result<Option<NaiveDateTime>, Failure> {
        let table = self.ask("SELECT MAX(occurred_at) FROM order_events").await?;
        Ok(first_text(&table)
            .and_then(|text| NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y-%m-%dT%H:%M:%S%.f").ok()))
    }

    /// When the first and the last order were placed; `None` where there is none. Read from an index's ends.
    pub async fn orders_span(&self) -> Result<Option<(NaiveDateTime, NaiveDateTime)>, Failure> {
        let table = self.ask("SELECT MIN(placed_at), MAX(placed_at) FROM orders").await?;
        let instant = |index: usize| match table.rows.first()?.get(index)? {
            Cell::Text(text) => NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y-%m-%dT%H:%M:%S%.f").ok(),
            _ => None,
        };
        Ok(instant(0).zip(instant(1)))
    }

    /// The account's rights, one GRANT a line, as the server prints them.
    pub async fn grants(&self) -> Result<Vec<String>, Failure> {
        let table = self.ask("SHOW GRANTS").await?;
        Ok(table
            .rows
            .iter()
            .filter_map(|row| match row.first() {
                Some(Cell::Text(text)) => Some(text.clone()),
                _ => None,
            })
            .collect())
    }

    /// Ends idle sessions and waits until statements that were given up are stopped on the server.
    pub async fn close(&self) {
        // Errands first: one of them may leave a session.
        let errands = std::mem::take(&mut *lock(&self.errands));
        for errand in errands {
            errand.await.ok();
        }
        let idle = std::mem::take(&mut *lock(&self.idle));
        for session in idle {
            session.connection.close().await.ok();
        }
    }

    async fn ask(&self, sql: &str) -> Result<Table, Failure> {
        let statement = Statement { sql: sql.to_owned(), parameters: Vec::new(), columns: None };
        self.run(&statement).await.map(|(table, _)| table)
    }

    #[tracing::instrument(name = "sql", skip_all, fields(sql = statement.sql))]
    async fn execute(&self, statement: &Statement, afterwards: Afterwards) -> Result<(Table, f64), Failure> {
        let _slot =
            self.slots.acquire().await.map_err(|_| {
                Failure::new(FailureKind::Internal, "cannot run the statement: the database was closed")
            })?;
        let (mut session, mut watchdog, started) = Box::pin(self.prepared(&statement.sql)).await?;
        let left = (self.limits.time + GRACE).saturating_sub(started.elapsed());
        // sqlx enters and leaves the current span twice for each row, a tenth of what a thousand rows take: it sees none here.
        let reading = read(&mut session.connection, statement, self.limits).with_subscriber(NoSubscriber::default());
        let read = tokio::time::timeout(left, reading).await;
        let elapsed = started.elapsed();
        let Ok(read) = read else { return Err(server_error::timed_out(self.limits.time)) };
        let read = read.inspect_err(|_| watchdog.armed = false)?;
        // BENCHMARK() and its like end at the limit with a row and no error: late rows are no answer.
        if elapsed >= self.limits.time {
            return Err(server_error::timed_out(self.limits.time));
        }
        // A result that was cut still has rows under way: that session ends here.
        if !read.truncated {
            watchdog.armed = false;
            match afterwards {
                Afterwards::Keep => {
                    let anew = AssertSqlSafe(format!("ROLLBACK; {BEGIN}"));
                    if session.connection.execute(anew).await.is_ok() {
                        lock(&self.idle).push(session);
                    }
                }
                Afterwards::Close => self.replace(session),
            }
        }
        Ok((read, elapsed.as_secs_f64() * 1000.0))
    }

    /// Closes a session behind the caller's back, and has others ready for the next statements.
    fn replace(&self, session: Session) {
        let (options, limits, flavour, idle) = (self.options.clone(), self.limits, self.flavour, self.idle.clone());
        self.errand(async move {
            while lock(&idle).len() < SPARE
                && let Ok(fresh) = reopen(&options, limits, flavour).await
            {
                lock(&idle).push(fresh);
            }
            session.connection.close().await.ok();
        });
    }

    /// Does something at the server that nobody waits for but [`OrdersDatabase::close`].
    fn errand(&self, work: impl Future<Output = ()> + Send + 'static) {
        let errand = self.runtime.spawn(async {
            // Behind the answer, which somebody waits for.
            tokio::task::yield_now().await;
            work.await;
        });
        let mut errands = lock(&self.errands);
        errands.retain(|errand| !errand.is_finished());
        errands.push(errand);
    }

    /// A session that has prepared this statement in a READ ONLY transaction: an idle one, or a new one where its server has
    /// gone since. That is seen here, before anything runs.
    async fn prepared(&self, sql: &str) -> Result<(Session, Watchdog<'_>, Instant), Failure> {
        loop {
            let kept = lock(&self.idle).pop();
            let fresh = kept.is_none();
            let mut session = match kept {
                Some(session) => session,
                None => Box::pin(reopen(&self.options, self.limits, self.flavour)).await?,
            };
            // From here on every way out that does not disarm it, also a dropped future, stops the query on the server.
            let mut watchdog = Watchdog { database: self, id: session.id, armed: true };
            let started = Instant::now();
            let preparing = session.connection.prepare(sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(sql.to_owned())));
            let Ok(prepared) = tokio::time::timeout(self.limits.time + GRACE, preparing).await else {
                return Err(server_error::timed_out(self.limits.time));
            };
            let Err(error) = prepared else { return Ok((session, watchdog, started)) };
            watchdog.armed = false;
            if fresh || !server_error::connection_is_gone(&error) {
                return Err(server_error::running(&error));
            }
        }
    }
}

/// Stops a statement on the server when nobody waits for it any more.
struct Watchdog<'a> {
    database: &'a OrdersDatabase,
    id: u64,
    armed: bool,
}

impl Drop for Watchdog<'_> {
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        let (options, id) = (self.database.options.clone(), self.id);
        self.database.errand(async move {
            let stop = async {
                let mut connection = options.connect().await?;
                connection.execute(AssertSqlSafe(format!("KILL QUERY {id}"))).await?;
                connection.close().await
            };
            // Where this fails the server's own time limit ends the query.
            if let Ok(Err(error)) = tokio::time::timeout(GREETING, stop).await {
                tracing::debug!(number = ?server_error::running(&error).kind, "could not stop a query that was given up");
            }
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A list of sessions is whole after every push and pop, whatever panicked in between.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn flavour(version: &str) -> Flavour {
    if version.contains("MariaDB") { Flavour::MariaDb } else { Flavour::MySql }
}

/// Connects to a server that is not known yet, and sets the session up: two round trips after the handshake.
async fn open(options: &MySqlConnectOptions, limits: Limits) -> Result<(Session, Greeting), Failure> {
    in_time(options, async {
        let mut connection = options.connect().await?;
        let row = connection.fetch_one("SELECT VERSION(), CONNECTION_ID(), DATABASE()").await?;
        let (version, id, database): (String, u64, Option<String>) =
            (row.try_get_unchecked(0)?, row.try_get_unchecked(1)?, row.try_get_unchecked(2)?);
        connection.execute(AssertSqlSafe(set_up(flavour(&version), limits))).await?;
        Ok((Session { connection, id }, Greeting { version, database }))
    })
    .await
}

/// Connects to the same server once more, in one round trip after the handshake.
async fn reopen(options: &MySqlConnectOptions, limits: Limits, flavour: Flavour) -> Result<Session, Failure> {
    in_time(options, async {
        let mut connection = options.connect().await?;
        let sql = format!("{}; SELECT CONNECTION_ID()", set_up(flavour, limits));
        let id = connection.fetch_one(AssertSqlSafe(sql)).await?.try_get_unchecked(0)?;
        Ok(Session { connection, id })
    })
    .await
}

/// What a server greets with; a failure where it does not in time.
async fn in_time<T>(
    options: &MySqlConnectOptions,
    opening: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Failure> {
    match tokio::time::timeout(GREETING, opening).await {
        Ok(opened) => opened.map_err(|error| server_error::connecting(&error, options)),
        Err(_) => Err(Failure::new(
            FailureKind::Unavailable,
            format!("cannot reach the orders database at {}: it does not answer", server_error::place(options)),
        )
        .hint("see `oms db status`, or check `--db`")),
    }
}

/// What makes a session ours: literals without backslash escapes, UTC, read-only, limited in time; and the transaction.
fn set_up(flavour: Flavour, limits: Limits) -> String {
    let milliseconds = limits.time.as_millis().max(1);
    let seconds = limits.time.as_secs().max(1);
    let own = match flavour {
        Flavour::MariaDb => {
            format!("tx_read_only = 1, SESSION max_statement_time = {}", limits.time.as_secs_f64().max(0.001))
        }
        Flavour::MySql => format!("transaction_read_only = 1, SESSION max_execution_time = {milliseconds}"),
    };
    format!(
        "SET NAMES utf8mb4, SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_BACKSLASH_ESCAPES', \
         SESSION time_zone = '+00:00', SESSION lock_wait_timeout = {seconds}, SESSION {own}; {BEGIN}"
    )
}

async fn read(connection: &mut MySqlConnection, statement: &Statement, limits: Limits) -> Result<Table, Failure> {
    let mut columns = statement.columns.clone();
    let (mut blobs, mut wires) = (Vec::new(), Vec::new());
    let mut table = Table::default();
    let mut bytes = 0;
    {
        let query = sqlx::query_with(AssertSqlSafe(statement.sql.clone()), arguments(&statement.parameters)?);
        let mut results = connection.fetch_many(query);
        while let Some(result) = results.try_next().await.map_err(|error| server_error::running(&error))? {
            let Either::Right(row) = result else { continue };
            if table.rows.len() == limits.rows {
                table.truncated = true;
                break;
            }
            if table.rows.is_empty() {
                blobs = decode::blobs(row.columns());
                wires = decode::wires(row.columns());
            }
            let columns = columns.get_or_insert_with(|| decode::server_columns(row.columns()));
            let decoded = decode::decode_row(&row, &wires, columns)?;
            bytes += decoded.bytes;
            if bytes > limits.bytes {
                table.truncated = true;
                break;
            }
            table.rows.push(decoded.cells);
        }
    }
    table.columns = if let Some(columns) = columns {
        columns
    } else {
        // No row told them: the prepared statement does, from the cache.
        let sql = AssertSqlSafe(statement.sql.clone());
        let prepared = connection.prepare(sqlx::SqlSafeStr::into_sql_str(sql)).await;
        decode::server_columns(prepared.map_err(|error| server_error::running(&error))?.columns())
    };
    if statement.columns.is_none() {
        decode::recognise_json(&mut table.columns, &mut table.rows, &blobs);
    }
    Ok(table)
}

fn arguments(parameters: &[Parameter]) -> Result<MySqlArguments, Failure> {
    use sqlx::Arguments;
    let mut arguments = MySqlArguments::default();
    for parameter in parameters {
        match parameter {
            Parameter::Text(text) | Parameter::Decimal(text) => arguments.add(text),
            Parameter::Integer(value) => arguments.add(value),
            Parameter::Number(value) => arguments.add(value),
            Parameter::Datetime(value) => arguments.add(value),
            Parameter::Date(value) => arguments.add(value),
            Parameter::Null => arguments.add(None::<String>),
        }
        .map_err(|_| Failure::new(FailureKind::Internal, "cannot bind a value of the statement"))?;
    }
    Ok(arguments)
}

fn first_text(table: &Table) -> Option<&str> {
    match table.rows.first()?.first()? {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}
