//! What runs on the Docker engine, and what it says: state, health, restarts, usage; logs, bounded and searchable.
//!
//! Only looks. What containers print and how they are named is data of others: it is cleaned of control signs and secrets.

mod engine;
mod list;
mod logs;
mod seen;

pub use engine::Engine;
pub use list::{Containers, ContainersArguments, ContainersReport, containers};
pub use logs::{ContainerLogs, ContainerLogsArguments, LogLine, LogsReport, logs};
pub use seen::Container;
pub(crate) use seen::port;
