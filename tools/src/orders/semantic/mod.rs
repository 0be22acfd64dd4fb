//! The meaning of the data, and the way from a semantic query to SQL: catalog, validate, plan, render. Pure, no I/O.

pub mod catalog;
pub mod query;

pub use catalog::Catalog;
pub use query::SemanticQuery;
