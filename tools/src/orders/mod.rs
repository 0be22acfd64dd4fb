//! Questions about the orders: the semantic query, the guarded SELECT, and the one place where SQL reaches the database.

pub mod report;
pub mod semantic;
pub mod values;

pub use report::OrdersReport;
