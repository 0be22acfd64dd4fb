//! `/cost`: what language models have cost in this conversation.

use oms_tools::Failure;

use super::{Argument, Command, Done};
use crate::repl::session::Session;

pub(super) const COMMAND: Command = Command {
    name: "cost",
    argument: Argument::None,
    help: "what language models have cost, in the last turn and in this conversation",
    run,
};

#[allow(clippy::unnecessary_wraps)] // the shape of every command
fn run(session: &mut Session, _: &str) -> Result<Done, Failure> {
    let (last, all) = session.spending();
    Ok(Done::Shown(format!("last turn: {last}\nthis conversation: {all}")))
}
