//! The guard on any statement: what passes is printed so that it passes again and is printed alike.
//!
//! With `OMS_FUZZ_SOCKET` naming the socket of a server whose database `oms` holds the shop, what was written and what is
//! printed run there too: the same rows, or both fail. That server must be a throw-away one.

#![no_main]

use std::sync::{LazyLock, Mutex};

use chrono::NaiveDateTime;
use libfuzzer_sys::fuzz_target;
use oms_tools::{
    Cell,
    orders::{
        Limits, OrdersDatabase, PersonalColumns, Statement,
        guard::{self, GuardPolicy},
    },
};
use sqlx::mysql::MySqlConnectOptions;
use tokio::runtime::Runtime;

static PERSONAL: LazyLock<PersonalColumns> = LazyLock::new(PersonalColumns::default);
static SERVER: LazyLock<Option<Mutex<(Runtime, OrdersDatabase)>>> = LazyLock::new(|| {
    let socket = std::env::var_os("OMS_FUZZ_SOCKET")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let options = MySqlConnectOptions::new().socket(socket).username("root").database("oms");
    let limits = Limits { time: std::time::Duration::from_secs(1), rows: 2_000, ..Limits::default() };
    let database = runtime
        .block_on(OrdersDatabase::connect_unchecked(options, limits, PersonalColumns::default()))
        .expect("the server of OMS_FUZZ_SOCKET answers");
    Some(Mutex::new((runtime, database)))
});

fn now() -> NaiveDateTime {
    "2026-01-14T12:00:00".parse().expect("an instant")
}

/// Rows as a bag: without ORDER BY a server gives them as it likes.
fn bag(rows: &[Vec<Cell>]) -> Vec<String> {
    let mut bag: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    bag.sort();
    bag
}

/// Whether what a statement gives may differ from run to run, or from what was written by design.
fn may_differ(sql: &str, notes: &[String]) -> bool {
    let upper = sql.to_ascii_uppercase();
    // Clocks become the question's now; a star leaves out personal columns; the session reads backslashes as they are, the guard as MySQL does by default.
    !notes.is_empty()
        || upper.contains('\\')
        || ["NOW", "CUR", "LOCALTIME", "UTC_", "SYSDATE", "UNIX_TIMESTAMP", "RAND", "UUID"]
            .iter()
            .any(|word| upper.contains(word))
}

fuzz_target!(|sql: &str| {
    let policy = GuardPolicy { database: "oms", personal: &PERSONAL, now: now() };
    let Ok(select) = guard::check(sql, &policy) else { return };
    let again = guard::check(select.shown(), &policy)
        .unwrap_or_else(|failure| panic!("{sql}\nis shown as {}\nwhich is refused: {failure}", select.shown()));
    assert_eq!(again.shown(), select.shown(), "{sql}\nis not stable");
    let places = select.sql().matches('?').count();
    assert!(places >= select.parameters().len(), "{sql}\nhas more values than places: {}", select.sql());

    let Some(server) = &*SERVER else { return };
    if may_differ(sql, select.notes()) {
        return;
    }
    let server = server.lock().expect("one thread");
    let (runtime, database) = &*server;
    let run = |statement: Statement| runtime.block_on(database.run(&statement));
    let written = run(Statement { sql: sql.to_owned(), parameters: Vec::new(), columns: None });
    let printed = run(select.statement());
    match (written, printed) {
        (Ok((written, _)), Ok((printed, _))) if written.rows.len() < 2_000 => {
            assert_eq!(written.rows.len(), printed.rows.len(), "{sql}\nis printed as {}", select.sql());
            // Which rows a LIMIT keeps is the server's choice.
            if !sql.to_ascii_uppercase().contains("LIMIT") {
                assert_eq!(bag(&written.rows), bag(&printed.rows), "{sql}\nis printed as {}", select.sql());
            }
        }
        // The parser reads more than the server does (`FROM orders OR`, a reserved word as a name); what is printed has names
        // between backticks. What was written never runs, so no more is given than was asked for.
        (Err(failure), Ok(_)) if failure.message.contains("does not understand it as SQL") => {}
        (Err(_), Ok(_)) | (Ok(_), Err(_)) => {
            // Time runs out for one of two alike: both once more, and only a lasting difference is one.
            let written = run(Statement { sql: sql.to_owned(), parameters: Vec::new(), columns: None });
            let printed = run(select.statement());
            assert_eq!(
                written.as_ref().err().map(ToString::to_string),
                printed.as_ref().err().map(ToString::to_string),
                "{sql}\nis printed as {}",
                select.sql()
            );
        }
        _ => {}
    }
});
