//! Every capability that a brain of `oms` can see: one file each, one list.
//!
//! A tool is typed arguments in and a typed report out, with a declared [`Effect`]. This crate never prints, never reads
//! the environment and knows nothing of terminals, brains or conversations: limits and connections are handed to it.

pub mod ansible;
pub mod archive;
pub mod audit;
pub mod azure;
pub mod azure_cli;
pub mod call;
pub mod change;
pub mod compose;
pub mod containers;
pub mod conversation;
pub mod deploy;
pub mod doctor;
pub mod effect;
pub mod eventhub;
pub mod failure;
mod moment;
pub mod numbers;
pub mod orders;
pub mod pipeline;
pub mod private;
pub mod process;
pub mod redact;
pub mod table;
pub mod terraform;
pub mod told;
pub mod tool;
pub mod trust;

pub use call::{CallScope, Principal};
pub use effect::Effect;
pub use failure::{Failure, FailureKind};
pub use reqwest::Url;
pub use table::{Cell, Column, ColumnType, Role, Table, Unit};
pub use told::{Chart, ChartSeries, ProposedChange, Told};
pub use tool::{Description, ErasedTool, Tool, ToolReport};
pub use trust::Trust;
