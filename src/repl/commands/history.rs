//! `/history`: the questions and answers of this conversation.

use oms_tools::Failure;

use super::{Argument, Command, Done};
use crate::repl::session::Session;
use crate::reply::{clean, terminal};

pub(super) const COMMAND: Command =
    Command { name: "history", argument: Argument::None, help: "the questions and answers of this conversation", run };

#[allow(clippy::unnecessary_wraps)] // the shape of every command
fn run(session: &mut Session, _: &str) -> Result<Done, Failure> {
    let turns = session.history();
    if turns.is_empty() {
        return Ok(Done::Shown("nothing was asked yet".to_owned()));
    }
    let lines: Vec<String> = turns
        .iter()
        .enumerate()
        .map(|(index, (question, answer))| {
            let answer = answer.lines().next().unwrap_or_default();
            format!("{}. {}\n   {}", index + 1, clean::one_line(question), clean::one_line(answer))
        })
        .collect();
    Ok(Done::Shown(terminal::text(&lines.join("\n"), session.surface())))
}
