//! `/tools`: what the agent can do, and the effect of each tool.

use oms_tools::{Effect, Failure};

use super::{Argument, Command, Done};
use crate::repl::session::Session;
use crate::reply::{clean, terminal};

pub(super) const COMMAND: Command = Command {
    name: "tools",
    argument: Argument::None,
    help: "what the agent can do, and the effect of each tool",
    run,
};

#[allow(clippy::unnecessary_wraps)] // the shape of every command
fn run(session: &mut Session, _: &str) -> Result<Done, Failure> {
    let tools = session.tools();
    if tools.is_empty() {
        return Ok(Done::Shown("no tool is enabled; `oms doctor` says why".to_owned()));
    }
    let lines: Vec<String> = tools
        .iter()
        .map(|tool| {
            let effect = match tool.effect {
                Effect::Reads => "reads",
                Effect::Proposes => "proposes",
                Effect::Applies => "applies",
            };
            format!("{} ({effect}): {}", tool.name, clean::one_line(&tool.description))
        })
        .collect();
    Ok(Done::Shown(terminal::text(&lines.join("\n"), session.surface())))
}
