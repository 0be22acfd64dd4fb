//! Brains: what turns a sentence into a tool call. Each is a rig model, chosen at run time.

mod choice;
mod in_process;
mod local;
mod operations;
mod remote;
pub mod rules;
mod rules_model;
mod tape;

pub use choice::Brain;
pub use local::Local;
pub(crate) use local::verified;
pub use remote::Spending;
pub(crate) use remote::{Budget, Price, Provider, Remote};
pub(crate) use rules_model::{RulesTurn, Verdict, rules_model};
pub use tape::{Exchange, Tape, difference};
