//! The archive of captured events against the orders database: what is in one and not in the other.
//!
//! Event Hubs Capture writes one Avro file for each partition and window. `captured` reads such files, `source` finds them
//! in a folder or in a storage container, `verify` compares them with the database. Nothing here writes.

mod captured;
mod source;
mod verify;

#[cfg(test)]
pub(crate) use captured::tests::file as captured_file;
pub use captured::{CapturedEvent, CapturedFile, read_file};
pub use source::ArchiveSource;
pub use verify::{ArchiveReport, ArchiveVerify, ArchiveVerifyArguments, PartitionReport, SequenceGap};
