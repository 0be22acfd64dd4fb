//! `/json`: the last answer as the JSON object of `oms ask --json`.

use oms_tools::Failure;

use super::{Argument, Command, Done};
use crate::repl::session::Session;

pub(super) const COMMAND: Command = Command {
    name: "json",
    argument: Argument::None,
    help: "the last answer as the JSON object of `oms ask --json`",
    run,
};

fn run(session: &mut Session, _: &str) -> Result<Done, Failure> {
    Ok(Done::Shown(session.last()?.to_json()))
}
