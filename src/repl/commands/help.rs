//! `/help`: this list.

use oms_tools::Failure;

use super::{ALL, Argument, Command, Done};
use crate::repl::session::Session;
use crate::reply::terminal;

pub(super) const COMMAND: Command = Command { name: "help", argument: Argument::None, help: "this list", run };

#[allow(clippy::unnecessary_wraps)] // the shape of every command
fn run(session: &mut Session, _: &str) -> Result<Done, Failure> {
    let width = ALL.iter().map(|command| command.usage().len()).max().unwrap_or(0);
    let mut lines: Vec<String> =
        ALL.iter().map(|command| format!("{:width$}  {}", command.usage(), command.help)).collect();
    lines.push(String::new());
    lines
        .push("Anything else is a question: \"revenue by country last month\", \"top 5 products in 2025\".".to_owned());
    lines.push(
        "A line that ends in a backslash goes on in the next one. Ctrl-C cancels an answer, Ctrl-D leaves.".to_owned(),
    );
    Ok(Done::Shown(terminal::text(&lines.join("\n"), session.surface())))
}
