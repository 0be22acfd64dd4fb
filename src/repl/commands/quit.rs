//! `/quit`: leaves, as Ctrl-D does.

use oms_tools::Failure;

use super::{Argument, Command, Done};
use crate::repl::session::Session;

pub(super) const COMMAND: Command =
    Command { name: "quit", argument: Argument::None, help: "leaves, as Ctrl-D does", run };

#[allow(clippy::unnecessary_wraps)] // the shape of every command
fn run(_: &mut Session, _: &str) -> Result<Done, Failure> {
    Ok(Done::Leave)
}
