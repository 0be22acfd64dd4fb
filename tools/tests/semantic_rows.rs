//! Semantic queries on a real server: their rows equal those of SQL written by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

mod common;

use std::sync::Arc;

use chrono::NaiveDateTime;
use common::PrivateServer;
use oms_tools::{
    CallScope, Cell, Failure, FailureKind, Principal, Tool,
    orders::{
        DescribeOrders, Limits, OrdersDatabase, OrdersReport, PersonalColumns, QueryOrders, SemanticModel,
        SemanticQuery, Statement,
        values::{self, KnownValues},
    },
};

const SCHEMA: &str = include_str!("../../seed/schema.sql");
const SHOP: &str = include_str!("shop.sql");
const GOLD: &str = include_str!("semantic_gold.txt");
const QUESTIONS: &str = include_str!("../../src/brain/rules/tests/questions.txt");

fn now() -> NaiveDateTime {
    "2026-01-14T12:00:00".parse().unwrap()
}

struct Shop {
    database: Arc<OrdersDatabase>,
    tool: QueryOrders,
    model: Arc<SemanticModel>,
}

impl Shop {
    async fn open(server: &PrivateServer) -> Self {
        let options = server.administrator().database("oms");
        let database =
            OrdersDatabase::connect_unchecked(options, Limits::default(), PersonalColumns::default()).await.unwrap();
        let database = Arc::new(database);
        let model = Arc::new(SemanticModel::load().unwrap());
        Self { tool: QueryOrders::new(database.clone(), model.clone()), database, model }
    }

    async fn ask(&self, query: &str) -> Result<OrdersReport, Failure> {
        let query: SemanticQuery = serde_json::from_str(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        let scope = CallScope { principal: Principal { name: "test".into() }, now: now() };
        self.tool.call(&scope, query).await
    }

    async fn rows(&self, sql: &str) -> Vec<Vec<Cell>> {
        let statement = Statement { sql: sql.to_owned(), parameters: Vec::new(), columns: None };
        self.database.run(&statement).await.unwrap_or_else(|failure| panic!("{sql}: {failure}")).0.rows
    }
}

/// A cell as it is compared: numbers by value, text as it is.
fn comparable(cell: &Cell) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Boolean(value) => i64::from(*value).to_string(),
        Cell::Text(text) => text.clone(),
        other => {
            let value = other.as_f64().unwrap();
            if value == 0.0 { "0.0000".to_owned() } else { format!("{value:.4}") }
        }
    }
}

fn comparable_rows(rows: &[Vec<Cell>]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.iter().map(comparable).collect()).collect()
}

/// Pairs of a query and the SQL that a person would write for it, separated by lines.
fn gold() -> Vec<(&'static str, String)> {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    for line in GOLD.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if line.starts_with('{') {
            pairs.push((line, String::new()));
        } else {
            let sql = &mut pairs.last_mut().unwrap().1;
            sql.push(' ');
            sql.push_str(line.trim());
        }
    }
    pairs
}

async fn check_gold(shop: &Shop) {
    let mut wrong = Vec::new();
    let pairs = gold();
    for (query, sql) in &pairs {
        let expected = comparable_rows(&shop.rows(sql).await);
        match shop.ask(query).await {
            Ok(report) => {
                let found = comparable_rows(&report.table.rows);
                if found != expected {
                    wrong.push(format!("{query}\n  {}\n  found    {found:?}\n  expected {expected:?}", report.sql));
                }
            }
            Err(failure) => wrong.push(format!("{query}\n  {failure}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), pairs.len(), wrong.join("\n"));
    assert!(pairs.len() >= 60, "only {} pairs", pairs.len());
}

/// Queries of the rules brain's questions.
async fn check_questions(shop: &Shop) {
    let mut failed = Vec::new();
    let queries: Vec<&str> = QUESTIONS.lines().filter(|line| line.starts_with("    ")).collect();
    for query in &queries {
        match shop.ask(query).await {
            Ok(report) => {
                // What is shown can be pasted: it gives the same rows.
                let again = shop.rows(&report.sql).await;
                assert_eq!(again.len(), report.table.rows.len(), "{}", report.sql);
                assert!(report.interpretation.len() > 10, "{query}");
            }
            Err(failure) if failure.kind == FailureKind::NotFound => {}
            // The row of this average is an order, and an order may have parcels from several warehouses.
            Err(failure) if query.trim() == r#"{"measures":["fulfilment_time"],"dimensions":["warehouse"]}"# => {
                assert_eq!(failure.kind, FailureKind::Unsupported);
                assert_eq!(failure.hints, ["by `warehouse` there are transit_time"]);
            }
            Err(failure) => failed.push(format!("{query}\n  {failure}")),
        }
    }
    assert!(failed.is_empty(), "{} of {} failed:\n{}", failed.len(), queries.len(), failed.join("\n"));
}

/// Adding up the groups of every dimension that splits a measure gives its total, for measures that add up.
async fn check_totals(shop: &Shop) {
    const OVERLAPPING: [&str; 4] = ["buyers", "repeat_buyers", "orders_shipped", "orders_delivered"];
    let mut checked = 0;
    for measure in &shop.model.catalog.measures {
        let name = measure.name.as_str();
        let ratio = matches!(measure.unit, oms_tools::Unit::Percent | oms_tools::Unit::Days | oms_tools::Unit::Hours);
        if ratio || name.starts_with("average_") || OVERLAPPING.contains(&name) || name.starts_with("orders_") {
            for dimension in shop.model.splits(name) {
                let query = format!(r#"{{"measures":["{name}"],"dimensions":["{dimension}"]}}"#);
                let report = shop.ask(&query).await;
                assert!(report.is_ok(), "{query}: {}", report.unwrap_err());
            }
            continue;
        }
        let total =
            shop.ask(&format!(r#"{{"measures":["{name}"]}}"#)).await.unwrap().table.rows[0][0].as_f64().unwrap();
        for dimension in shop.model.splits(name) {
            let query = format!(r#"{{"measures":["{name}"],"dimensions":["{dimension}"]}}"#);
            let report = shop.ask(&query).await.unwrap_or_else(|failure| panic!("{query}: {failure}"));
            if report.notes.iter().any(|note| note.contains("overlap")) {
                continue;
            }
            let sum: f64 = report.table.rows.iter().map(|row| row[1].as_f64().unwrap()).sum();
            assert!((sum - total).abs() < 0.005, "{query}: {sum} is not {total}\n{}", report.sql);
            checked += 1;
        }
    }
    assert!(checked > 300, "only {checked} sums");
}

async fn check_words(shop: &Shop) {
    let report = shop
        .ask(r#"{"measures":["revenue"],"dimensions":["ship_country"],"filters":[{"dimension":"ship_country","op":"not_in","values":["Spain"]}],"time":{"from":"2025-12-01T00:00:00","to":"2026-01-01T00:00:00"}}"#)
        .await
        .unwrap();
    assert_eq!(
        report.interpretation,
        "revenue: line totals of orders that were not cancelled; shipping country is not Spain; 2025-12-01 to 2025-12-31 (UTC)"
    );
    assert!(report.sql.contains("orders.ship_country <> 'ES'"), "{}", report.sql);
    let failure = shop.ask(r#"{"order_number":"ORD-0000041"}"#).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::NotFound);
    assert_eq!(
        failure.to_string(),
        "no order numbered `ORD-0000041`\nhint: near it are `ORD-0000040`\nhint: trace ORD-0000041: whether it was accepted, waits in \
         the hub, was captured or is a dead letter"
    );
    let story = shop.ask(r#"{"order_number":"ORD-0000006"}"#).await.unwrap();
    let what: Vec<String> = story.table.rows.iter().map(|row| comparable(&row[1])).collect();
    assert_eq!(&what[..2], ["order", "line"], "{story:?}");
    for kind in ["payment", "parcel", "return", "event"] {
        assert!(what.iter().any(|found| found == kind), "{kind}: {what:?}");
    }
}

async fn check_ties(shop: &Shop) {
    // Forty orders of one to a day: all days tie.
    let query = r#"{"measures":["orders"],"dimensions":["day"],"ranking":{"by":"orders","direction":"top","limit":3}}"#;
    let report = shop.ask(query).await.unwrap();
    assert_eq!(report.table.columns.len(), 2);
    assert_eq!(report.table.rows.len(), 3);
    assert!(report.table.rows.iter().all(|row| row.len() == 2));
    assert_eq!(report.notes, ["40 tie at place 1: the first 3 by name are shown"]);
    let all = shop.ask(&query.replace("\"limit\":3", "\"limit\":3,\"ties\":\"all\"")).await.unwrap();
    assert_eq!((all.table.rows.len(), all.notes.len()), (40, 0));
    let none = query.replace("\"limit\":3", "\"limit\":40");
    assert!(shop.ask(&none).await.unwrap().notes.is_empty());
}

async fn check_values(shop: &Shop) {
    let known = KnownValues::read(&shop.database).await.unwrap();
    let has =
        |dimension: &str, value: &str| known.values.iter().find(|one| one.dimension == dimension && one.value == value);
    assert_eq!(has("ship_country", "ES").unwrap().words[..2], ["Spain", "Spanish"]);
    assert!(
        has("customer", "Conor O'Brien").is_some()
            && has("brand", "Brand 1").is_some()
            && has("warehouse", "LIS-1").is_some()
    );
    assert!(
        has("ship_city", "München").is_some() && has("category", "Toys").is_some() && has("carrier", "DHL").is_some()
    );
    let text = serde_json::to_string(&known).unwrap();
    assert!(!text.contains("canary"), "personal values");
    let mark = values::fingerprint(&shop.database).await.unwrap();
    assert_eq!(mark, values::fingerprint(&shop.database).await.unwrap());
    let describe = DescribeOrders::new(shop.model.clone(), Arc::new(known), PersonalColumns::default());
    let said = |topic: &str| describe.describe(Some(topic)).unwrap().0;
    assert!(said("revenue").contains("line totals of orders that were not cancelled"));
    assert!(said("AOV").contains("average_order_value"));
    assert!(said("country").contains("country"));
    assert!(said("ship_country").contains("ES (Spain)"), "{}", said("ship_country"));
    assert!(said("customers").contains("full_name") && !said("customers").contains("email"));
    assert!(describe.describe(None).unwrap().0.contains("order_to_door_time"));
    let failure = describe.describe(Some("revnue")).unwrap_err();
    assert_eq!(failure.hints, ["did you mean `revenue`?"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_equal_those_of_hand_written_sql() {
    let server = PrivateServer::start(&[]).await;
    server.script(SCHEMA).await;
    server.script(SHOP).await;
    // The guard's shop needs no sums that agree; figures do.
    server
        .script("UPDATE orders SET items_total = (SELECT SUM(line_total) FROM order_items WHERE order_id = orders.id)")
        .await;
    let shop = Shop::open(&server).await;
    check_gold(&shop).await;
    check_questions(&shop).await;
    check_totals(&shop).await;
    check_words(&shop).await;
    check_ties(&shop).await;
    check_values(&shop).await;
    shop.database.close().await;

    let options = oms_seed::ShopOptions { orders: 3_000, seed: 7, live_until: None };
    oms_seed::seed(server.administrator().database("oms"), &options, |_| {}).await.unwrap();
    let shop = Shop::open(&server).await;
    check_gold(&shop).await;
    check_questions(&shop).await;
    check_totals(&shop).await;
}
