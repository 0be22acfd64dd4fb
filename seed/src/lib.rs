//! The orders schema, and a shop that looks real to fill it: deterministic, to the cent, from one seed.
//!
//! [`seed`] makes the shop in a database, [`state`] says what a database holds. Inside, `shop` is what there is before
//! anybody orders, `history` is what happens (told as events and folded into rows), `generate` makes all rows in one
//! pass, and `load` brings them into the database. Only `load` writes, and nothing here prints or reads the clock.

mod calendar;
mod error;
mod generate;
mod history;
mod load;
mod random;
mod shop;
mod state;

use serde::Serialize;
use sqlx::mysql::MySqlConnectOptions;

pub use error::SeedError;
pub use state::{ShopState, state};

/// The orders schema: CREATE TABLE statements for MySQL 8.4 and MariaDB 10.11 or newer.
pub const SCHEMA: &str = include_str!("../schema.sql");

/// The seeded shop's fixed "now", 2026-01-14T12:00:00Z, in Unix milliseconds.
pub const AS_OF: i64 = 1_768_392_000_000;
const AS_OF_TEXT: &str = "2026-01-14T12:00:00Z";

/// The earliest end of history that makes sense: a day after the opening.
const EARLIEST_END: i64 = (calendar::OPENING_DAY + 1) * calendar::DAY;
/// 2100-01-01: clocks that say more are wrong.
const LATEST_END: i64 = 4_102_444_800_000;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShopOptions {
    /// How many orders; customers, products and stock follow from it.
    pub orders: u32,
    /// Where chance comes from: the same seed gives the same rows.
    pub seed: u64,
    /// Where history ends, in Unix milliseconds UTC, with no `as_of` row; none: at [`AS_OF`], with that row.
    pub live_until: Option<i64>,
}

impl Default for ShopOptions {
    fn default() -> Self {
        Self { orders: 50_000, seed: 1, live_until: None }
    }
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Old tables go, new ones come; counted in tables.
    Schema,
    /// Rows are made and loaded; counted in orders.
    Loading,
    /// Indexes and foreign keys are built; counted in tables.
    Indexes,
    /// The last touches; 0 of 1, then 1 of 1.
    Finishing,
}

/// How far a seeding has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// How much of it is done. Within a phase it may stand still or step back a little: two connections report.
    pub done: u64,
    /// How much there is to do in this phase.
    pub total: u64,
}

/// What a seeding made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeedSummary {
    /// Rows of each table, in the schema's order; `dataset_info` is not counted.
    pub tables: Vec<TableRows>,
    /// Rows of all these tables.
    pub rows: u64,
    /// The `as_of` row, RFC 3339; none for a live shop.
    pub as_of: Option<String>,
}

/// The rows of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableRows {
    /// The table's name.
    pub table: &'static str,
    /// How many rows it got.
    pub rows: u64,
}

impl SeedSummary {
    /// The rows of a table; 0 for one that is not the schema's.
    pub fn rows_of(&self, table: &str) -> u64 {
        self.tables.iter().find(|one| one.table == table).map_or(0, |one| one.rows)
    }
}

/// Seeds the chosen database: drops the schema's tables, creates, loads and indexes them, and marks it whole at the
/// very end. Tables named `oms_*` stay as they are.
///
/// `options` is an administrator's account with the database chosen. `progress` is called often, from the task that
/// awaits. Whoever calls asks before existing data is replaced. Dropping the future stops the work and leaves a
/// database that [`state`] calls half-seeded.
///
/// # Errors
///
/// Where the options make no sense, the database holds other tables, another seeding is at work, or a statement fails.
pub async fn seed(
    options: MySqlConnectOptions,
    shop: &ShopOptions,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<SeedSummary, SeedError> {
    let end = shop.live_until.unwrap_or(AS_OF);
    if !(EARLIEST_END..=LATEST_END).contains(&end) {
        return Err(SeedError::End);
    }
    let as_of = shop.live_until.is_none().then_some(AS_OF_TEXT);
    let settings = generate::Settings { orders: u64::from(shop.orders), seed: shop.seed, end };
    let facts = [
        ("shop", "MyGreatCompany".to_owned()),
        ("seed", shop.seed.to_string()),
        ("seeded_orders", shop.orders.to_string()),
    ];
    let rows = load::insert::fill(&options, settings, &facts, as_of, &progress).await?;
    let tables: Vec<TableRows> = rows.into_iter().map(|(table, rows)| TableRows { table, rows }).collect();
    let rows = tables.iter().map(|one| one.rows).sum();
    Ok(SeedSummary { tables, rows, as_of: as_of.map(str::to_owned) })
}
