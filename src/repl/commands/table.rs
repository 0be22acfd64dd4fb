//! `/table`: all rows of the last answer.

use oms_tools::Failure;

use super::{Argument, Command, Done};
use crate::repl::session::Session;
use crate::reply::table::{self, Rows};

pub(super) const COMMAND: Command =
    Command { name: "table", argument: Argument::None, help: "all rows of the last answer", run };

fn run(session: &mut Session, _: &str) -> Result<Done, Failure> {
    let table = &session.report()?.table;
    if table.rows.is_empty() {
        return Err(Failure::invalid("the last answer has no rows"));
    }
    Ok(Done::Shown(table::render(table, session.vocabulary(), session.surface(), Rows::All)))
}
