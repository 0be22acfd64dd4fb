//! Brings rows into a database: the schema without its indexes, rows in large statements, then the indexes.

pub(crate) mod insert;
pub(crate) mod rows;
pub(crate) mod schema;
