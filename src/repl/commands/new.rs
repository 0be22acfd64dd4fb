//! `/new`: starts a new conversation: what was said is forgotten.

use oms_tools::Failure;

use super::{Argument, Command, Done};
use crate::repl::session::Session;

pub(super) const COMMAND: Command = Command {
    name: "new",
    argument: Argument::None,
    help: "starts a new conversation: what was said is forgotten",
    run,
};

#[allow(clippy::unnecessary_wraps)] // the shape of every command
fn run(session: &mut Session, _: &str) -> Result<Done, Failure> {
    session.forget();
    Ok(Done::Shown("a new conversation".to_owned()))
}
