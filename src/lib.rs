//! `oms`: one program that a shop's small operations team talks to. ARCHITECTURE.md is the map.

pub mod brain;
pub mod repl;
pub mod reply;
