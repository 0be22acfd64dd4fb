//! What `query_orders` and `select_orders` return.

use serde::Serialize;

use super::semantic::SemanticQuery;
use crate::Table;

/// Rows with all that is needed to say and to check where they came from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrdersReport {
    /// The rows.
    pub table: Table,
    /// The statement that ran, with its values as literals: it can be pasted into a client.
    pub sql: String,
    /// Definitions, filters and the exact time range in words: "revenue: line totals of orders not cancelled; 2025-12-01
    /// to 2025-12-31 (UTC)".
    pub interpretation: String,
    /// What a reader should know besides: overlapping groups, ties that were cut, a range that means something else.
    pub notes: Vec<String>,
    /// The query that was asked; `None` for a raw SELECT.
    pub query: Option<SemanticQuery>,
    /// Milliseconds that the database took.
    pub database_ms: f64,
}
