//! The meaning of the data, and the way from a semantic query to SQL: catalog, validate, plan, render. Pure, no I/O.
//!
//! What words mean stands in `prompts/orders/*.yaml`; nothing here names a measure. Only `dialect` knows how MySQL 8 and
//! MariaDB 10.11 spell what both can say. Nothing here reaches the database: the outcome is a statement with its values
//! apart.

pub mod catalog;
pub mod model;
pub mod names;
pub mod query;

mod dialect;
mod plan;
mod source;
mod sql;
mod validate;
mod words;

pub use catalog::Catalog;
pub use model::SemanticModel;
pub use plan::Plan;
pub(crate) use plan::story::{is_tracking_number, near as near_orders};
pub use query::SemanticQuery;
