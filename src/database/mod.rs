//! The orders database that a run uses: the one that was named, or a private server of our own.
//!
//! The private server is started on demand, shared by all `oms` processes of a user, and stopped by `oms db stop`. This
//! module never reads orders: that is `oms_tools::orders`.

mod accounts;
mod files;
mod open;
mod server;

pub use accounts::Account;
pub(crate) use files::{hash, private_folder, write_private};
pub use open::{Seeding, open, parse_url};
pub(crate) use open::{customers, open_personal, seed, seed_failure};
pub use server::{PrivateServer, Running};
