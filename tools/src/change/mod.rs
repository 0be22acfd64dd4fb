//! Change sets: what would run, exactly as a person saw it, and the one way to apply it.

mod blast;
mod policy;

pub use blast::Blast;
pub use policy::{EnvironmentPolicy, LOCAL, People, Policy, Requirement};
