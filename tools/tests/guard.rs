//! The guard against every attack and every honest SELECT, and each layer with the others off, on a real server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

mod common;

use chrono::NaiveDate;
use common::PrivateServer;
use oms_tools::{
    Cell, FailureKind, Table,
    orders::{
        Limits, OrdersDatabase, PersonalColumns, Statement,
        guard::{self, GuardPolicy},
    },
};
use sqlx::{Executor, Row};

const ATTACKS: &str = include_str!("attacks.txt");
const HONEST: &str = include_str!("honest_selects.sql");
const SCHEMA: &str = include_str!("../../seed/schema.sql");
const SHOP: &str = include_str!("shop.sql");

fn guard(sql: &str) -> Result<guard::GuardedSelect, oms_tools::Failure> {
    let personal = PersonalColumns::default();
    let now = NaiveDate::from_ymd_opt(2026, 1, 14).unwrap().and_hms_opt(12, 0, 0).unwrap();
    guard::check(sql, &GuardPolicy { database: "oms", personal: &personal, now })
}

fn attacks() -> impl Iterator<Item = &'static str> {
    ATTACKS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn honest() -> impl Iterator<Item = String> {
    HONEST.lines().filter(|line| !line.starts_with("-- ")).map(|line| line.replace("\\n", "\n"))
}

/// Each attack as it stands and in other spellings.
fn spellings(attack: &str) -> Vec<String> {
    let mut swapped = String::new();
    let mut quoted = false;
    for letter in attack.chars() {
        quoted ^= letter == '\'';
        // Words only: text between quotes is what is stolen or matched.
        swapped.push(if quoted {
            letter
        } else if letter.is_ascii_uppercase() {
            letter.to_ascii_lowercase()
        } else {
            letter.to_ascii_uppercase()
        });
    }
    let mut all = vec![
        attack.to_owned(),
        swapped,
        attack.replace(' ', "/**/"),
        attack.replace(' ', " /* a */\n"),
        format!("-- first\n{attack}"),
        format!("# first\n{attack};"),
    ];
    if attack.starts_with("SELECT") || attack.starts_with("WITH") {
        all.extend([
            format!("SELECT * FROM ({attack}) AS t"),
            format!("SELECT id FROM orders WHERE id IN ({attack})"),
            format!("SELECT ({attack})"),
            format!("WITH t AS ({attack}) SELECT * FROM t"),
            format!("SELECT id FROM orders UNION ALL {attack}"),
            format!("({attack}) UNION SELECT 1"),
            format!("SELECT CASE WHEN EXISTS ({attack}) THEN 1 ELSE 2 END"),
        ]);
    }
    all
}

#[test]
fn every_attack_in_every_spelling_is_refused() {
    let mut count = 0;
    for attack in attacks() {
        for spelling in spellings(attack) {
            count += 1;
            match guard(&spelling) {
                Ok(select) => panic!("let through {spelling:?} as {:?}", select.sql()),
                Err(failure) => {
                    assert_eq!(failure.kind, FailureKind::Refused, "{spelling}: {failure}");
                    assert!(failure.message.starts_with("refused to run this statement: "), "{failure}");
                }
            }
        }
    }
    assert!(count > 1500, "only {count} attacks");
}

#[test]
fn every_honest_select_is_let_through() {
    let mut blocked = Vec::new();
    let mut count = 0;
    for sql in honest() {
        count += 1;
        match guard(&sql) {
            Ok(select) => {
                let again = guard(select.shown()).map(|select| select.shown().to_owned());
                assert_eq!(again.as_deref(), Ok(select.shown()), "not stable: {sql}");
            }
            Err(failure) => blocked.push(format!("{sql}\n    {failure}")),
        }
    }
    assert!(blocked.is_empty(), "{} blocked:\n{}", blocked.len(), blocked.join("\n"));
    assert!(count >= 200, "only {count} honest statements");
}

#[test]
fn refusals_say_why() {
    let check = |sql: &str, expected: &str| {
        let failure = guard(sql).expect_err(sql);
        assert_eq!(failure.message, format!("refused to run this statement: {expected}"), "{sql}");
    };
    check("DELETE FROM orders", "it would change table `orders`; only SELECT is allowed");
    check("UPDATE orders SET status = 'paid'", "it would change table `orders`; only SELECT is allowed");
    check("DROP DATABASE oms", "it would change the database (DROP); only SELECT is allowed");
    check("SHOW TABLES", "it is SHOW; only SELECT is allowed");
    check("DO SLEEP(1)", "it is DO; only SELECT is allowed");
    check("SELECT 1; SELECT 2", "it has 2 statements; only one SELECT is allowed");
    check("SELECT SLEEP(1)", "function `SLEEP` is not allowed");
    check("SELECT @@version", "it uses a variable of the server; only columns of tables may be read");
    check("SELECT * FROM mysql.user", "`mysql.user` is no table of the orders schema");
    check("SELECT email FROM customers", "column `email` of `customers` is personal and not to be seen");
    check("SELECT id FROM orders FOR UPDATE", "it would lock rows (FOR UPDATE or FOR SHARE); only reading is allowed");
    check("SELECT 1 INTO OUTFILE '/tmp/x'", "it would write its result somewhere (INTO); only reading is allowed");
    check("SELECT /*! 1 */", "it has an executable comment");
    check("SELECT statos FROM orders", "there is no column `statos` in the tables it names");
    check("", "it is empty; only SELECT is allowed");
    assert_eq!(guard("SELECT statos FROM orders").expect_err("unknown").hints, ["did you mean `status`?"]);
    let left_out = guard("SELECT * FROM customers").unwrap();
    assert_eq!(left_out.notes(), ["left out of `customers`: `email`, `phone` (personal)"]);
    assert!(!left_out.sql().contains("email"));
}

#[test]
fn a_number_that_runs_into_letters_is_refused() {
    for sql in [
        "SELECT 20E",
        "SELECT 20E#",
        "SELECT 20Eab FROM orders",
        "SELECT 1.5e FROM orders",
        "SELECT 7x",
        "SELECT 1.2.3",
    ] {
        let refused = guard(sql).unwrap_err();
        assert!(refused.message.contains("letters"), "{sql}: {}", refused.message);
    }
    for sql in
        ["SELECT 20 AS e FROM orders", "SELECT 2e3 FROM orders", "SELECT 1.5 x FROM orders", "SELECT id*2 FROM orders"]
    {
        assert!(guard(sql).is_ok(), "{sql}");
    }
}

#[test]
fn long_deep_and_odd_text_is_refused() {
    let deep = format!("SELECT {}1{}", "(".repeat(5000), ")".repeat(5000));
    let chain = format!("SELECT 1{}", " + 1".repeat(10_000));
    let nots = format!("SELECT {}1", "NOT ".repeat(5000));
    let unions = format!("SELECT 1{}", " UNION SELECT 1".repeat(2000));
    let long = format!("SELECT '{}'", "a".repeat(70_000));
    for sql in [deep, chain, nots, unions, long, "SELECT '\0'".into(), "SELECT\u{b}1".into(), "SELECT 'a".into()] {
        let start: String = sql.chars().take(40).collect();
        assert_eq!(guard(&sql).expect_err(&start).kind, FailureKind::Refused, "{start}");
    }
    // The most that is allowed still stands on its stack.
    assert!(guard(&format!("SELECT 1{}", " + 1".repeat(990))).is_ok());
    assert!(guard(&format!("SELECT id FROM orders WHERE id IN ({}1)", "1, ".repeat(5000))).is_ok());
}

/// Text made of everything that parsers read apart comes back as the same value, and never as SQL.
/// A statement of few tokens is checked on the caller's own stack: whatever it nests fits, also on small ones.
#[test]
fn nested_text_fits_the_stack_it_is_checked_on() {
    let nested = |open: &str, core: &str, close: &str, depth: usize| {
        format!("SELECT {}{core}{} AS x FROM orders", open.repeat(depth), close.repeat(depth))
    };
    for stack in [512 << 10, 1 << 20, 2 << 20, 8 << 20] {
        let checked = std::thread::Builder::new().stack_size(stack).spawn(move || {
            for depth in (0..60).chain([100, 400, 990, 1100]) {
                for (open, core, close) in [
                    ("(", "1", ")"),
                    ("NOT ", "TRUE", ""),
                    ("- ", "1", ""),
                    ("CASE WHEN 1 THEN ", "1", " END"),
                    ("(SELECT ", "1", ")"),
                    ("ABS(", "1", ")"),
                    ("", "1", " + 1"),
                    ("EXISTS (SELECT 1 FROM orders WHERE ", "1", ")"),
                    ("1 IN (", "1", ")"),
                ] {
                    // Let through or refused: what counts is that it is said, and that the process is still there.
                    guard(&nested(open, core, close, depth)).ok();
                }
            }
            true
        });
        assert!(checked.unwrap().join().unwrap(), "{stack}");
    }
}

#[test]
fn odd_text_is_bound_and_never_printed() {
    let pieces = ["\\", "'", "\"", "%", "`", "--", "/*", "*/", "#", ";", "a", " ", "ü", "?", "?0", "@", "\n"];
    let mut seed = 42_u64;
    for _ in 0..2000 {
        let mut text = String::new();
        for _ in 0..8 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[usize::try_from(seed >> 33).unwrap() % pieces.len()]);
        }
        if text.contains("/*!") || text.contains("/*+") {
            continue;
        }
        let literal = text.replace('\\', "\\\\").replace('\'', "''");
        let select = guard(&format!("SELECT id FROM orders WHERE ship_city = '{literal}' AND id > 0")).unwrap();
        let bound: Vec<&str> = select
            .parameters()
            .iter()
            .map(|parameter| match parameter {
                oms_tools::orders::Parameter::Text(text) => text.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        if bound.is_empty() {
            assert!(select.sql().contains(&format!("'{text}'")), "{text:?}: {}", select.sql());
        } else {
            assert_eq!(bound, [text.as_str()]);
            assert_eq!(select.sql(), "SELECT id FROM orders WHERE ship_city = ? AND id > 0");
        }
    }
}

/// A quote behind a backslash ends no literal: what follows stays text, and is bound.
#[test]
fn text_that_looks_like_sql_stays_text() {
    let select = guard(r"SELECT id FROM orders WHERE ship_city = 'a\' UNION SELECT email FROM customers -- '").unwrap();
    assert_eq!(select.sql(), "SELECT id FROM orders WHERE ship_city = ?");
    let text = "a' UNION SELECT email FROM customers -- ".to_owned();
    assert_eq!(select.parameters(), [oms_tools::orders::Parameter::Text(text)]);
}

#[test]
fn names_get_the_schemas_spelling() {
    let select = guard("SELECT Orders.ID, o2.`Status` FROM ORDERS JOIN `orders` O2 ON o2.id = Orders.id").unwrap();
    assert_eq!(select.sql(), "SELECT orders.id, `O2`.status FROM orders JOIN orders `O2` ON `O2`.id = orders.id");
}

#[test]
fn now_is_the_questions_now() {
    let select =
        guard("SELECT COUNT(*) FROM orders WHERE placed_at >= NOW() - INTERVAL 7 DAY AND placed_at < CURDATE()")
            .unwrap();
    assert_eq!(
        select.sql(),
        "SELECT COUNT(*) FROM orders WHERE placed_at >= TIMESTAMP '2026-01-14 12:00:00.000' - INTERVAL 7 DAY AND placed_at < DATE '2026-01-14'"
    );
}

#[test]
fn the_schema_is_the_one_that_is_seeded() {
    for (table, columns) in guard::tables() {
        let body = SCHEMA.split(&format!("CREATE TABLE {table} (")).nth(1).unwrap_or_else(|| panic!("no {table}"));
        let body = body.split("ENGINE=").next().unwrap();
        let words = ["FOREIGN", "PRIMARY", "UNIQUE", "KEY", "CHECK", ")"];
        let seeded: Vec<&str> = body
            .lines()
            .filter_map(|line| line.split_whitespace().next())
            .filter(|word| !words.contains(word) && !word.starts_with("--"))
            .collect();
        assert_eq!(seeded, columns, "{table}");
    }
    assert_eq!(SCHEMA.matches("CREATE TABLE").count(), guard::tables().count());
}

fn as_it_is(sql: &str) -> Statement {
    Statement { sql: sql.to_owned(), parameters: Vec::new(), columns: None }
}

async fn shop() -> PrivateServer {
    let server = PrivateServer::start(&[]).await;
    server.script(SCHEMA).await;
    server.script(SHOP).await;
    server
        .script(
            "CREATE TABLE secrets (word VARCHAR(40)); INSERT INTO secrets VALUES ('canary-word');
             CREATE FUNCTION wipe() RETURNS INT MODIFIES SQL DATA BEGIN DELETE FROM payments; RETURN 1; END;
             CREATE USER reader@localhost IDENTIFIED BY 'r';",
        )
        .await;
    let personal = PersonalColumns::default();
    for (table, columns) in guard::tables() {
        let seen: Vec<&str> = columns.iter().copied().filter(|column| !personal.hides(table, column)).collect();
        server.script(&format!("GRANT SELECT ({}) ON oms.{table} TO reader@localhost", seen.join(", "))).await;
    }
    server
}

async fn connect(server: &PrivateServer, name: &str) -> OrdersDatabase {
    let options = if name == "root" { server.administrator().database("oms") } else { server.account(name, "r") };
    let limits = Limits { time: std::time::Duration::from_millis(1500), ..Limits::default() };
    let connected = if name == "root" {
        OrdersDatabase::connect_unchecked(options, limits, PersonalColumns::default()).await
    } else {
        OrdersDatabase::connect(options, limits, PersonalColumns::default()).await
    };
    connected.unwrap()
}

/// All that an attack could have changed or left.
async fn state(server: &PrivateServer) -> Vec<String> {
    let mut admin = server.admin().await;
    let mut found = Vec::new();
    for (table, _) in guard::tables() {
        let sql = sqlx::AssertSqlSafe(format!("CHECKSUM TABLE {table}"));
        let row = admin.fetch_one(sqlx::query(sql)).await.unwrap();
        found.push(format!("{table} {:?}", row.get::<Option<i64>, _>(1)));
    }
    for sql in ["SHOW TABLES", "SHOW DATABASES", "SELECT User FROM mysql.user"] {
        found.extend(admin.fetch_all(sql).await.unwrap().iter().map(|row| row.get::<String, _>(0)));
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_printed_gives_the_rows_of_what_was_written() {
    let server = shop().await;
    let reader = connect(&server, "reader").await;
    let admin = connect(&server, "root").await;
    let mut wrong = Vec::new();
    let mut count = 0;
    for sql in honest() {
        let select = guard(&sql).unwrap();
        let printed = match reader.run_once(&select.statement()).await {
            Ok((table, _)) => table,
            Err(failure) => {
                wrong.push(format!("{sql}\n    {failure}"));
                continue;
            }
        };
        count += usize::from(!printed.rows.is_empty());
        // A star may show more to the administrator.
        if !select.notes().is_empty() {
            continue;
        }
        // The original goes as it is, in the server's default mode of backslashes.
        let original = default_mode(&server, &sql).await;
        if printed.rows.len() != original {
            wrong.push(format!("{sql}\n    {} rows, not {original}: {}", printed.rows.len(), select.sql()));
        }
        if !sql.contains('\\') {
            let rows = admin.run_once(&as_it_is(&sql)).await.unwrap().0.rows;
            if bag(&rows) != bag(&printed.rows) {
                wrong.push(format!("{sql}\n    {}\n    {rows:?}\n    {:?}", select.sql(), printed.rows));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 180, "only {count} gave rows: the shop is too small");
    reader.close().await;
    admin.close().await;
}

/// Rows without their order: MariaDB 10.11 forgets ORDER BY where a window stands over an aggregate.
fn bag(rows: &[Vec<Cell>]) -> Vec<String> {
    let mut bag: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    bag.sort();
    bag
}

async fn default_mode(server: &PrivateServer, sql: &str) -> usize {
    let mut admin = server.admin().await;
    admin.fetch_all(sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))).await.unwrap().len()
}

/// The guard off: every attack goes to the session and the account as it stands.
#[tokio::test(flavor = "multi_thread")]
async fn the_account_and_the_session_hold_without_the_guard() {
    let server = shop().await;
    let before = state(&server).await;
    let reader = connect(&server, "reader").await;
    for attack in attacks().filter(|attack| !attack.contains("COUNT(*) FROM orders a") && !attack.starts_with("KILL")) {
        let table = match reader.run_once(&as_it_is(attack)).await {
            Ok((table, _)) => table,
            Err(failure) => {
                // Nothing of the data is in a failure's words.
                assert!(!failure.to_string().contains("canary"), "{attack}: {failure}");
                continue;
            }
        };
        let shown = serde_json::to_string(&table).unwrap();
        assert!(!shown.contains("canary"), "{attack}: {shown}");
        assert!(!shown.contains("root:x:"), "{attack}: {shown}");
    }
    assert_eq!(state(&server).await, before);
    assert!(!std::path::Path::new("/tmp/oms-canary").exists());
    // A lock that was taken is gone with its session.
    let mut admin = server.admin().await;
    loop {
        let free: Option<i64> = admin.fetch_one("SELECT IS_FREE_LOCK('a')").await.unwrap().get(0);
        if free == Some(1) {
            break;
        }
    }
    reader.close().await;
}

/// The guard and the account off: the session alone stops every change.
#[tokio::test(flavor = "multi_thread")]
async fn the_session_holds_alone_against_changes() {
    let server = shop().await;
    let before = state(&server).await;
    let admin = connect(&server, "root").await;
    for attack in [
        "INSERT INTO categories (id, name) VALUES (99, 'x')",
        "REPLACE INTO categories (id, name) VALUES (99, 'x')",
        "UPDATE orders SET status = 'cancelled'",
        "DELETE FROM payments",
        "TRUNCATE TABLE payments",
        "DROP TABLE payments",
        "DROP DATABASE oms",
        "ALTER TABLE orders ADD COLUMN x INT",
        "CREATE TABLE x (id INT)",
        "CREATE TABLE x AS SELECT * FROM orders",
        "RENAME TABLE orders TO gone",
        "CREATE USER x IDENTIFIED BY 'y'",
        "GRANT ALL ON *.* TO reader@localhost",
        "SELECT wipe()",
        "SELECT id FROM orders FOR UPDATE",
        "SELECT 1; DELETE FROM payments",
        "SELECT SLEEP(5)",
        "SELECT BENCHMARK(10000000000, MD5('a'))",
        "SET STATEMENT max_statement_time = 0 FOR SELECT SLEEP(30)",
        "SELECT COUNT(*) FROM orders a, orders b, orders c, order_items d, order_items e, order_items f, order_items g, order_items h",
    ] {
        let outcome = admin.run_once(&as_it_is(attack)).await;
        assert!(outcome.is_err(), "{attack}: {outcome:?}");
    }
    admin.close().await;
    assert_eq!(state(&server).await, before);
}

/// The account off: with every right on the server, the guard alone lets no attack through to it.
#[tokio::test(flavor = "multi_thread")]
async fn the_guard_holds_alone() {
    let server = shop().await;
    let before = state(&server).await;
    let mut admin = server.admin().await;
    for attack in attacks() {
        for spelling in spellings(attack) {
            if let Ok(select) = guard(&spelling) {
                // No session of ours, and all rights: only what the guard printed.
                sqlx::query(sqlx::AssertSqlSafe(select.sql().to_owned())).fetch_all(&mut admin).await.ok();
                panic!("reached the server: {spelling}");
            }
        }
    }
    assert_eq!(state(&server).await, before);
    let table: Table = connect(&server, "root")
        .await
        .run_once(&guard("SELECT * FROM customers").unwrap().statement())
        .await
        .unwrap()
        .0;
    assert!(table.rows.iter().flatten().all(|cell| !matches!(cell, Cell::Text(text) if text.contains("canary"))));
}
