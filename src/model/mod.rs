//! The embedded language model as seen from here: its file, and the process that runs it.

mod file;
mod gguf;
mod machine;
mod pull;
mod sidecar;

pub use file::{Found, KNOWN, Known, ModelFile};
pub use gguf::{Defect, examine};
pub use pull::{Pulled, Source, pull};
pub use sidecar::{Session, Sidecar};
