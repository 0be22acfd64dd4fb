//! The event hub: what the cloud measures of it, and how it is set up.

mod hubs;
pub mod metrics;
pub mod status;

pub use metrics::{EventhubMetrics, EventhubMetricsArguments};
pub use status::{EventhubStatus, EventhubStatusArguments};
