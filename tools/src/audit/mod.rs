//! The record of what the tools did: JSON lines that are only added to, each bound to the one before by its hash.
//!
//! Who edits, reorders or removes a line breaks the chain, and `verify` names the first line that does not fit. What goes
//! in is redacted by the caller; nothing here reads a secret. A change is applied only where its step could be written
//! here first.

mod event;
mod log;
mod read;
#[cfg(test)]
mod tests;

pub use event::{Event, Record};
pub(crate) use log::hex;
pub use log::{AuditLog, Keep};
pub use read::{Filter, Verified};
