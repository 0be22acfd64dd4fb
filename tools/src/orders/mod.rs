//! Questions about the orders: the semantic query, the guarded SELECT, and the one place where SQL reaches the database.

pub mod describe;
pub mod query;
pub mod report;
pub mod semantic;
pub mod values;

pub mod grants;
pub mod guard;
pub mod limits;
pub mod select;
pub mod session;

mod decode;
mod server_error;

pub use describe::{DescribeOrders, DescribeOrdersArguments};
pub use limits::{Limits, PersonalColumns};
pub use query::QueryOrders;
pub use report::OrdersReport;
pub use select::{SelectOrders, SelectOrdersArguments};
pub use semantic::{SemanticModel, SemanticQuery};
pub use session::{Flavour, OrdersDatabase, Parameter, Statement};
