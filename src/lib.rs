//! `oms`: one program that a shop's small operations team talks to. ARCHITECTURE.md is the map.

pub mod agent;
mod azure;
pub mod brain;
pub mod bridge;
pub mod cli;
pub mod commands;
pub mod config;
pub mod database;
pub mod eval;
pub mod licence;
pub mod mcp;
pub mod model;
pub mod pipeline;
pub mod principal;
pub mod repl;
pub mod reply;
pub mod telemetry;
