//! `/sql`: the statement behind the last answer.

use oms_tools::Failure;

use super::{Argument, Command, Done};
use crate::repl::session::Session;
use crate::reply::clean;

pub(super) const COMMAND: Command =
    Command { name: "sql", argument: Argument::None, help: "the statement behind the last answer", run };

fn run(session: &mut Session, _: &str) -> Result<Done, Failure> {
    Ok(Done::Shown(clean::paragraphs(&session.report()?.sql)))
}
