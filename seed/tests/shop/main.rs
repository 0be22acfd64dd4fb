//! The seeded shop on a real server.
//!
//! * [`rows`]: sums to the cent, rules of the contract, shares and situations that must be there
//! * [`replay`]: events replayed by the contract's rules say what the rows say
//! * [`whole`]: same schema, same bytes, half-seeded databases are known, foreign tables are spared
//!
//! All share one private server ([`server`]); each has databases of its own, so they run side by side.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on has failed

mod replay;
mod rows;
mod server;
mod whole;
