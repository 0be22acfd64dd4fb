//! A database is whole, half-seeded, empty or foreign, and the whole one is the same everywhere.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::SeqCst},
};

use oms_seed::{Phase, Progress, SCHEMA, SeedError, ShopOptions, ShopState, seed, state};
use sqlx::{ConnectOptions, MySqlConnection, mysql::MySqlConnectOptions};
use tokio::sync::Notify;

use crate::server::{PrivateServer, number, script, texts};

const SMALL: ShopOptions = ShopOptions { orders: 400, seed: 5, live_until: None };

/// A checksum over all rows of all tables, each column as text.
async fn fingerprint(connection: &mut MySqlConnection) -> String {
    let tables = texts(
        connection,
        "SELECT CAST(table_name AS CHAR), CAST(GROUP_CONCAT(CONCAT('COALESCE(HEX(CAST(`', column_name, '` AS CHAR)), ''-'')') ORDER BY \
         ordinal_position) AS CHAR) FROM information_schema.columns WHERE table_schema = DATABASE() GROUP BY table_name ORDER BY 1",
    )
    .await;
    let mut parts = Vec::new();
    for table in &tables {
        let (name, columns) = (table[0].clone().unwrap(), table[1].clone().unwrap());
        let query = format!("SELECT SUM(CONV(LEFT(MD5(CONCAT_WS('|', {columns})), 12), 16, 10)) FROM {name}");
        parts.push(format!("{name} {}", number(connection, &query).await));
    }
    parts.join("\n")
}

#[tokio::test]
async fn the_same_seed_gives_the_same_rows() {
    let server = PrivateServer::shared().await;
    let mut fingerprints = Vec::new();
    for (place, seed_number) in [5, 5, 6].into_iter().enumerate() {
        let options = server.database(&format!("same_{place}")).await;
        seed(options.clone(), &ShopOptions { seed: seed_number, ..SMALL }, |_| {}).await.unwrap();
        fingerprints.push(fingerprint(&mut options.connect().await.unwrap()).await);
    }
    assert_eq!(fingerprints[0], fingerprints[1]);
    assert_ne!(fingerprints[0], fingerprints[2]);
    // The same on every machine: whoever changes the generator on purpose writes the new numbers here.
    assert_eq!(fingerprints[0], include_str!("fingerprint.txt").trim());
}

async fn created(connection: &mut MySqlConnection) -> Vec<String> {
    let mut statements = Vec::new();
    let names =
        "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1";
    for name in texts(connection, names).await {
        let table = texts(connection, &format!("SHOW CREATE TABLE {}", name[0].clone().unwrap())).await;
        let statement = table[0][1].clone().unwrap();
        // How many rows were loaded is no part of the schema.
        let words = statement.split(' ').filter(|word| !word.starts_with("AUTO_INCREMENT="));
        statements.push(words.collect::<Vec<_>>().join(" "));
    }
    statements
}

#[tokio::test]
async fn the_schema_is_what_its_text_says() {
    let server = PrivateServer::shared().await;
    let plain = server.database("plain").await;
    let mut plain = plain.connect().await.unwrap();
    script(&mut plain, SCHEMA).await;
    assert_eq!(state(&mut plain).await.unwrap(), ShopState::Whole);
    let seeded = server.database("seeded").await;
    seed(seeded.clone(), &SMALL, |_| {}).await.unwrap();
    let expected = created(&mut plain).await;
    assert_eq!(expected.len(), 13);
    assert_eq!(created(&mut seeded.connect().await.unwrap()).await, expected);
}

/// Seeds until this much of a phase is done, and lets go there.
async fn interrupt(options: &MySqlConnectOptions, phase: Phase, done: u64) {
    let reached = Arc::new(Notify::new());
    let seen = AtomicBool::new(false);
    let notify = Arc::clone(&reached);
    let shop = ShopOptions { orders: 3_000, ..SMALL };
    let progress = |now: Progress| {
        if now.phase == phase && now.done >= done && !seen.swap(true, SeqCst) {
            notify.notify_one();
        }
    };
    tokio::select! {
        biased;
        () = reached.notified() => {}
        _ = seed(options.clone(), &shop, progress) => panic!("seeded to the end before {phase:?} {done}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_seeding_is_known_and_can_be_repeated() {
    let server = PrivateServer::shared().await;
    let options = server.database("half").await;
    let mut connection = options.connect().await.unwrap();
    assert_eq!(state(&mut connection).await.unwrap(), ShopState::Empty);
    for (phase, done) in [(Phase::Schema, 1), (Phase::Loading, 1), (Phase::Indexes, 1), (Phase::Finishing, 0)] {
        interrupt(&options, phase, done).await;
        assert_eq!(state(&mut connection).await.unwrap(), ShopState::Half, "interrupted in {phase:?}");
        let facts = number(&mut connection, "SELECT COUNT(*) FROM dataset_info WHERE name = 'as_of'").await;
        assert_eq!(facts, 0, "interrupted in {phase:?}");
    }
    let summary = seed(options.clone(), &SMALL, |_| {}).await.unwrap();
    assert_eq!(state(&mut connection).await.unwrap(), ShopState::Whole);
    assert_eq!(summary.as_of.as_deref(), Some("2026-01-14T12:00:00Z"));
    for table in &summary.tables {
        let rows = number(&mut connection, &format!("SELECT COUNT(*) FROM {}", table.table)).await;
        assert_eq!(rows.unsigned_abs(), table.rows, "{}", table.table);
    }
    let facts = texts(&mut connection, "SELECT name, value FROM dataset_info ORDER BY name").await;
    let facts: Vec<String> =
        facts.iter().map(|fact| format!("{} {}", fact[0].clone().unwrap(), fact[1].clone().unwrap())).collect();
    assert_eq!(facts, ["as_of 2026-01-14T12:00:00Z", "seed 5", "seeded_orders 400", "shop MyGreatCompany"]);
}

#[tokio::test]
async fn other_peoples_tables_are_spared() {
    let server = PrivateServer::shared().await;
    let options = server.database("foreign_one").await;
    let mut connection = options.connect().await.unwrap();
    script(
        &mut connection,
        "CREATE TABLE invoices (id INT); CREATE TABLE orders (id INT); INSERT INTO orders VALUES (1)",
    )
    .await;
    let refused = seed(options.clone(), &SMALL, |_| {}).await.unwrap_err();
    assert!(matches!(&refused, SeedError::ForeignTables { tables } if tables == &["invoices"]), "{refused}");
    assert_eq!(
        refused.to_string(),
        "refused to seed: the database holds other tables: `invoices`\nhint: choose an empty database"
    );
    assert_eq!(number(&mut connection, "SELECT COUNT(*) FROM orders").await, 1);
    let ShopState::Foreign { missing } = state(&mut connection).await.unwrap() else { panic!("not foreign") };
    assert_eq!(missing.len(), 12);
    assert!(!missing.contains(&"orders".to_owned()));

    // The pipeline's own tables stay, with what is in them.
    script(&mut connection, "DROP TABLE invoices; CREATE TABLE oms_keys (id INT); INSERT INTO oms_keys VALUES (7)")
        .await;
    seed(options.clone(), &SMALL, |_| {}).await.unwrap();
    assert_eq!(number(&mut connection, "SELECT SUM(id) FROM oms_keys").await, 7);
    assert_eq!(state(&mut connection).await.unwrap(), ShopState::Whole);
    script(&mut connection, "ALTER TABLE dead_letters DROP COLUMN reason").await;
    let missing = vec!["dead_letters.reason".to_owned()];
    assert_eq!(state(&mut connection).await.unwrap(), ShopState::Foreign { missing });
}

#[tokio::test]
async fn a_live_shop_ends_where_it_is_told_and_has_no_as_of() {
    let server = PrivateServer::shared().await;
    let options = server.database("live").await;
    let until = 1_795_564_800_000; // 2026-11-25T00:00:00Z
    let live = ShopOptions { live_until: Some(until), ..SMALL };
    let summary = seed(options.clone(), &live, |_| {}).await.unwrap();
    assert_eq!(summary.as_of, None);
    let mut connection = options.connect().await.unwrap();
    assert_eq!(state(&mut connection).await.unwrap(), ShopState::Whole);
    assert_eq!(
        number(&mut connection, "SELECT COUNT(*) FROM dataset_info WHERE name IN ('as_of', 'seeding')").await,
        0
    );
    assert_eq!(
        number(&mut connection, "SELECT MAX(placed_at) BETWEEN '2026-11-15' AND '2026-11-25' FROM orders").await,
        1
    );
    assert_eq!(number(&mut connection, "SELECT MAX(received_at) <= '2026-11-25' FROM order_events").await, 1);
    let never = ShopOptions { live_until: Some(5), ..SMALL };
    assert!(matches!(seed(options, &never, |_| {}).await, Err(SeedError::End)));
    assert_eq!(state(&mut connection).await.unwrap(), ShopState::Whole);
}
