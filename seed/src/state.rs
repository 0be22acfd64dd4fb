//! What a database holds: a whole shop, a half-seeded one, nothing, or something else. Reads only.

use sqlx::{Executor, MySqlConnection, Row};

use crate::{SCHEMA, SeedError, load::schema};

/// The row of `dataset_info` that stands there while a database is being seeded.
pub(crate) const SEEDING: &str = "seeding";

/// What a database holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShopState {
    /// All tables of the schema, and no seeding that was left unfinished.
    Whole,
    /// No table of the schema.
    Empty,
    /// A seeding began and did not end: to be seeded again.
    Half,
    /// Some tables of the schema, but not these; or tables of the schema that lack these columns (`table.column`).
    Foreign {
        /// What is missing, in the order of the schema.
        missing: Vec<String>,
    },
}

/// Says what the connection's database holds.
///
/// A database that was not seeded here but has the schema's tables counts as whole.
///
/// # Errors
///
/// Where the database cannot be read.
pub async fn state(connection: &mut MySqlConnection) -> Result<ShopState, SeedError> {
    let tables = schema::tables(SCHEMA);
    let present = tables_present(connection).await?;
    let here: Vec<&str> =
        tables.iter().map(|one| one.name.as_str()).filter(|name| present.iter().any(|one| one == name)).collect();
    if here.is_empty() {
        return Ok(ShopState::Empty);
    }
    if here.contains(&"dataset_info") {
        let rows = text_column(connection, "SELECT CAST(name AS CHAR) FROM dataset_info").await?;
        // Before the marker is written nothing but its own, empty table is there.
        if rows.iter().any(|name| name == SEEDING) || (rows.is_empty() && here.len() == 1) {
            return Ok(ShopState::Half);
        }
    }
    let mut missing: Vec<String> =
        tables.iter().filter(|table| !here.contains(&table.name.as_str())).map(|table| table.name.clone()).collect();
    if missing.is_empty() {
        let columns = text_column(
            connection,
            "SELECT CAST(CONCAT(table_name, '.', column_name) AS CHAR) FROM information_schema.columns \
             WHERE table_schema = DATABASE()",
        )
        .await?;
        missing = tables
            .iter()
            .flat_map(super::load::schema::TableText::columns)
            .filter(|column| !columns.contains(column))
            .collect();
    }
    Ok(if missing.is_empty() { ShopState::Whole } else { ShopState::Foreign { missing } })
}

/// The names of all tables and views of the database.
pub(crate) async fn tables_present(connection: &mut MySqlConnection) -> Result<Vec<String>, SeedError> {
    let query =
        "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1";
    text_column(connection, query).await
}

async fn text_column(connection: &mut MySqlConnection, query: &'static str) -> Result<Vec<String>, SeedError> {
    let rows = connection.fetch_all(query).await;
    let texts = rows.and_then(|rows| rows.iter().map(|row| row.try_get(0)).collect());
    texts.map_err(|cause| SeedError::Statement { what: "read what the database holds".to_owned(), cause })
}
