//! Why a shop could not be seeded, in the words that a person reads.

use thiserror::Error;

/// Why a database could not be seeded or read.
#[derive(Debug, Error)]
pub enum SeedError {
    /// No connection.
    #[error("cannot connect to the database: {0}")]
    Connect(#[source] sqlx::Error),
    /// The server refused a statement.
    #[error("cannot {what}: {cause}")]
    Statement {
        /// What was being done: "load `orders`".
        what: String,
        /// What the server or the driver said.
        #[source]
        cause: sqlx::Error,
    },
    /// The database is used for something else.
    #[error("refused to seed: the database holds other tables: {}\nhint: choose an empty database", quoted(tables))]
    ForeignTables {
        /// Their names.
        tables: Vec<String>,
    },
    /// Another seeding holds the lock.
    #[error("cannot seed: another seeding of this database is at work\nhint: wait until it has ended")]
    Busy,
    /// The end of history is out of range.
    #[error(
        "cannot make a history that ends then: it must end between 2023-01-02 and 2100-01-01\nhint: check the clock"
    )]
    End,
    /// The rows could not be made to the end.
    #[error("cannot make the rows: the work was interrupted")]
    Interrupted,
}

/// The first few names.
fn quoted(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let text = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}
