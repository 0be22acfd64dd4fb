//! The session layer by itself, against a real server: what it lets through, cuts, decodes and says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

mod common;

use std::time::Duration;

use common::PrivateServer;
use oms_tools::{
    Cell, Column, ColumnType, Failure, FailureKind, Role, Table, Unit,
    orders::{Limits, OrdersDatabase, Parameter, PersonalColumns, Statement},
};
use sqlx::{Executor, Row};

fn statement(sql: &str) -> Statement {
    Statement { sql: sql.to_owned(), parameters: Vec::new(), columns: None }
}

async fn open(server: &PrivateServer, limits: Limits) -> OrdersDatabase {
    let options = server.administrator().database("oms");
    OrdersDatabase::connect_unchecked(options, limits, PersonalColumns::default()).await.unwrap()
}

async fn run(database: &OrdersDatabase, sql: &str) -> Result<Table, Failure> {
    database.run(&statement(sql)).await.map(|(table, _)| table)
}

#[tokio::test(flavor = "multi_thread")]
async fn session_layer() {
    let server = PrivateServer::start(&[]).await;
    server
        .script(
            "CREATE TABLE kinds (id BIGINT UNSIGNED PRIMARY KEY, small TINYINT NOT NULL, yes BOOLEAN, money DECIMAL(12,2),
               at DATETIME(3), stamp TIMESTAMP NULL, day DATE, clock TIME, year YEAR, state ENUM('placed','paid'), doc JSON,
               text VARCHAR(40), raw VARBINARY(8), bits BIT(5), share DOUBLE, rough FLOAT);
             INSERT INTO kinds VALUES (18446744073709551615, -7, TRUE, 1234.50, '2026-01-14 12:00:00.000',
               '2026-01-14 12:00:01', '2026-01-14', '-12:30:00', 2026, 'paid', '{\"a\": [1, 2]}', 'São \\'Paulo\\'',
               x'ff00', b'10101', 0.125, 0.1);
             INSERT INTO kinds (id, small) VALUES (1, 0);
             CREATE TABLE dataset_info (name VARCHAR(40) PRIMARY KEY, value VARCHAR(190) NOT NULL);
             CREATE TABLE order_events (occurred_at DATETIME(3), KEY (occurred_at));",
        )
        .await;
    decodes(&server).await;
    limits_rows_and_bytes(&server).await;
    is_read_only(&server).await;
    stops_slow_statements(&server).await;
    stops_dropped_statements(&server).await;
    leaves_no_state(&server).await;
    outlives_lost_connections(&server).await;
    says_what_fails(&server).await;
}

async fn decodes(server: &PrivateServer) {
    use ColumnType::{Boolean, Date, Datetime, Decimal, Integer, Json, Number, String as Text};
    let database = open(server, Limits::default()).await;
    let table = run(&database, "SELECT * FROM kinds ORDER BY id DESC").await.unwrap();
    let shown = serde_json::to_string(&table.rows).unwrap();
    assert_eq!(
        shown,
        r#"[[18446744073709551615,-7,true,1234.50,"2026-01-14T12:00:00.000Z","2026-01-14T12:00:01.000Z","2026-01-14","-12:30:00",2026,"paid",{"a": [1, 2]},"São 'Paulo'","0xff00",21,0.125,0.1],[1,0,null,null,null,null,null,null,null,null,null,null,null,null,null,null]]"#
    );
    let kinds: Vec<ColumnType> = table.columns.iter().map(|column| column.kind).collect();
    assert_eq!(
        kinds,
        [
            Integer, Integer, Boolean, Decimal, Datetime, Datetime, Date, Text, Integer, Text, Json, Text, Text,
            Integer, Number, Number
        ]
    );
    let empty = run(&database, "SELECT id, money FROM kinds WHERE small = 99").await.unwrap();
    assert_eq!((empty.columns.len(), empty.rows.len()), (2, 0));
    let declared = Statement {
        sql: "SELECT SUM(small + 8), text FROM kinds WHERE text = ? GROUP BY text".into(),
        parameters: vec![Parameter::Text("São 'Paulo'".into())],
        columns: Some(vec![
            Column { name: "units".into(), kind: Integer, role: Role::Measure, unit: Unit::Count },
            Column { name: "city".into(), kind: Text, role: Role::Dimension, unit: Unit::Plain },
        ]),
    };
    let (table, _) = database.run(&declared).await.unwrap();
    assert_eq!(table.rows, [[Cell::Integer(1), Cell::Text("São 'Paulo'".into())]]);
    assert_eq!(database.as_of().await.unwrap(), None);
    assert_eq!(database.newest_event().await.unwrap(), None);
    server.script("INSERT INTO dataset_info VALUES ('as_of', '2026-01-14T12:00:00Z'); INSERT INTO order_events VALUES ('2026-01-14 11:59:00');").await;
    assert_eq!(database.as_of().await.unwrap().unwrap().to_string(), "2026-01-14 12:00:00");
    assert_eq!(database.newest_event().await.unwrap().unwrap().to_string(), "2026-01-14 11:59:00");
    database.close().await;
}

async fn limits_rows_and_bytes(server: &PrivateServer) {
    let database = open(server, Limits { rows: 10, bytes: 100, ..Limits::default() }).await;
    let all = run(&database, "SELECT seq FROM seq_1_to_10").await.unwrap();
    assert_eq!((all.rows.len(), all.truncated), (10, false));
    let cut = run(&database, "SELECT seq FROM seq_1_to_1000000").await.unwrap();
    assert_eq!((cut.rows.len(), cut.truncated), (10, true));
    let wide = run(&database, "SELECT REPEAT('a', 60) FROM seq_1_to_2").await.unwrap();
    assert_eq!((wide.rows.len(), wide.truncated), (1, true));
    // A session whose result was cut is not used again; the next statement has a whole one.
    assert_eq!(run(&database, "SELECT 1").await.unwrap().rows, [[Cell::Integer(1)]]);
    database.close().await;
}

async fn is_read_only(server: &PrivateServer) {
    let database = open(server, Limits::default()).await;
    for sql in [
        "INSERT INTO kinds (id, small) VALUES (2, 2)",
        "UPDATE kinds SET small = 9",
        "DELETE FROM kinds",
        "CREATE TABLE other (id INT)",
        "DROP TABLE kinds",
        "TRUNCATE TABLE kinds",
        "SELECT * FROM kinds FOR UPDATE",
    ] {
        let failure = run(&database, sql).await.expect_err(sql);
        assert_eq!(failure.kind, FailureKind::Refused, "{sql}: {failure}");
    }
    let two = run(&database, "SELECT 1; DELETE FROM kinds").await.expect_err("two statements");
    assert_eq!(two.kind, FailureKind::InvalidArguments);
    assert_eq!(run(&database, "SELECT COUNT(*) FROM kinds").await.unwrap().rows, [[Cell::Integer(2)]]);
    // A backslash is a letter: it cannot hide the end of a literal.
    let table = run(&database, r"SELECT 'a\'").await.unwrap();
    assert_eq!(table.rows, [[Cell::Text("a\\".into())]]);
    database.close().await;
}

async fn stops_slow_statements(server: &PrivateServer) {
    let limits = Limits { time: Duration::from_millis(300), ..Limits::default() };
    let database = open(server, limits).await;
    for sql in [
        "SELECT SLEEP(60)",
        "SELECT BENCHMARK(10000000000, MD5('a'))",
        "SELECT COUNT(*) FROM seq_1_to_100000 a, seq_1_to_100000 b, seq_1_to_100000 c",
    ] {
        let failure = run(&database, sql).await.expect_err(sql);
        assert_eq!(failure.kind, FailureKind::TimedOut, "{sql}: {failure}");
    }
    // Where the statement lifts the server's limit, the watchdog ends it.
    let lifted = run(&database, "SET STATEMENT max_statement_time = 0 FOR SELECT SLEEP(60)").await.expect_err("lifted");
    assert_eq!(lifted.kind, FailureKind::TimedOut);
    database.close().await;
    assert_eq!(running(server, "SLEEP").await, 0);
}

async fn stops_dropped_statements(server: &PrivateServer) {
    let database = open(server, Limits::default()).await;
    {
        let slow = run(&database, "SELECT SLEEP(120) AS given_up");
        tokio::pin!(slow);
        loop {
            tokio::select! {
                done = &mut slow => panic!("ended by itself: {done:?}"),
                waiting = running(server, "given_up") => if waiting > 0 { break },
            }
        }
    }
    // Closing waits for the kill that the drop began.
    database.close().await;
    while running(server, "given_up").await > 0 {
        tokio::task::yield_now().await;
    }
}

async fn running(server: &PrivateServer, text: &str) -> i64 {
    let mut admin = server.admin().await;
    let sql = "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE CONCAT('%', ?, '%') AND id <> CONNECTION_ID()";
    admin.fetch_one(sqlx::query(sql).bind(text)).await.unwrap().get(0)
}

async fn leaves_no_state(server: &PrivateServer) {
    let database = open(server, Limits::default()).await;
    database.run_once(&statement("SELECT GET_LOCK('held', 0), @kept := 7")).await.unwrap();
    let kept = run(&database, "SELECT @kept").await.unwrap();
    assert_eq!(kept.rows, [[Cell::Null]]);
    let mut admin = server.admin().await;
    // The server frees the lock as soon as it sees the closed socket.
    loop {
        let free: Option<i64> = admin.fetch_one("SELECT IS_FREE_LOCK('held')").await.unwrap().get(0);
        if free == Some(1) {
            break;
        }
    }
    database.close().await;
}

async fn outlives_lost_connections(server: &PrivateServer) {
    let database = open(server, Limits::default()).await;
    let table = run(&database, "SELECT CONNECTION_ID()").await.unwrap();
    let Cell::Integer(id) = table.rows[0][0] else { panic!("no id") };
    server.script(&format!("KILL {id}")).await;
    assert_eq!(run(&database, "SELECT 1").await.unwrap().rows, [[Cell::Integer(1)]]);
    database.close().await;
}

async fn says_what_fails(server: &PrivateServer) {
    server.script("CREATE USER r@localhost IDENTIFIED BY 'right'; GRANT SELECT ON oms.kinds TO r@localhost; CREATE DATABASE other;").await;
    let connect = async |options| OrdersDatabase::connect(options, Limits::default(), PersonalColumns::default()).await;
    connect(server.account("r", "right")).await.unwrap().close().await;
    let mut said = Vec::new();
    for options in [
        server.account("r", "wrong"),
        server.account("r", "right").database("nowhere"),
        server.account("r", "right").database("other"),
        server.account("r", "right").socket("/nonexistent/socket"),
        server.administrator(),
        server.administrator().database("oms"),
    ] {
        said.push(
            connect(options)
                .await
                .expect_err("refused")
                .message
                .replace(&server.folder().display().to_string(), "FOLDER"),
        );
    }
    assert_eq!(
        said,
        [
            "cannot log in to the orders database as `r`: wrong user or password",
            "cannot open the database `nowhere` at `FOLDER/s`: this account may not use it",
            "cannot open the database `other` at `FOLDER/s`: this account may not use it",
            "cannot reach the orders database at `/nonexistent/socket`: no server listens there",
            "cannot use the orders database: the address names no database",
            "refused to use the account `root` on `oms`: it has ALL PRIVILEGES on *.*; only SELECT is allowed",
        ]
    );
    let database = connect(server.account("r", "right")).await.unwrap();
    let mut said = Vec::new();
    for sql in [
        "SELECT * FROM dataset_info",
        "SELECT * FROM gone",
        "SELECT nothing FROM kinds",
        "SELECT (SELECT id FROM kinds)",
        "SELECT FROM",
        "SELECT EXTRACTVALUE('<a/>', CONCAT('~', (SELECT text FROM kinds LIMIT 1)))",
        "SELECT LOAD_FILE('/etc/passwd') IS NULL, 18446744073709551615 + 1",
    ] {
        said.push(run(&database, sql).await.expect_err(sql).message);
    }
    assert_eq!(
        said,
        [
            "cannot run the statement: this account may not read something that it names",
            "cannot run the statement: this account may not read something that it names",
            "cannot run the statement: it names a column that is not there",
            "cannot run the statement: a subquery used as a value gives more than one row or column",
            "cannot run the statement: the server does not understand it as SQL",
            "cannot run the statement: the server ended it with error 1105",
            "cannot run the statement: a number in it leaves the range of its type",
        ]
    );
    database.close().await;
}
