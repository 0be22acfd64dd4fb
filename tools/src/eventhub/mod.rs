//! The event hub as its partitions see it: what stands in them, how far the processor has come, what waits. And as Azure sees
//! it: `metrics` what is measured, `status` how it is set up.
//!
//! Only reading: the `$management` node over AMQP, the processor's checkpoints, and events that wait, which a second reader
//! takes nothing away from. It needs no Azure Monitor, so it works on the local stand-in as in the cloud.
//!
//! The AMQP client is fe2o3-amqp itself: Microsoft's crate for Event Hubs is built on it, but its stable version links
//! OpenSSL and knows no shared keys, which is all that the local emulator speaks, and the next one wants a beta of the
//! Azure core.

mod amqp;
pub mod blobs;
mod checkpoint;
mod hubs;
pub mod lag;
pub mod metrics;
mod peek;
pub mod place;
mod signature;
pub mod status;

pub use amqp::{HubFacts, PartitionFacts, hub_facts};
pub use blobs::{BlobContainer, Identity};
pub use checkpoint::{Checkpoint, Checkpoints, Ownership, checkpoints};
pub use lag::{LagReport, PartitionLag};
pub use metrics::{EventhubMetrics, EventhubMetricsArguments};
pub use peek::{Looked, PeekedEvent, peek};
pub use place::HubPlace;
pub use status::{EventhubStatus, EventhubStatusArguments};
