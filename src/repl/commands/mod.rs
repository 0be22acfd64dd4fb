//! The commands of the conversation: one small file each, one list. Help, completion and README derive from the list.

mod chart;
mod cost;
mod csv;
mod explain;
mod help;
mod history;
mod json;
mod new;
mod quit;
mod sql;
mod table;
mod tools;

use oms_tools::Failure;

use super::session::Session;

/// One command.
pub struct Command {
    /// The name, without the slash.
    pub name: &'static str,
    /// What it takes.
    pub argument: Argument,
    /// One line for people.
    pub help: &'static str,
    run: fn(&mut Session, &str) -> Result<Done, Failure>,
}

/// What a command takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    None,
    /// One thing of this name, `FILE`.
    Needed(&'static str),
    /// One thing of this name, or nothing.
    Optional(&'static str),
}

impl Argument {
    /// As usage shows it, with a space before it; nothing where there is none.
    pub(super) fn shown(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Needed(name) => format!(" {name}"),
            Self::Optional(name) => format!(" [{name}]"),
        }
    }
}

/// What came of a command.
pub(super) enum Done {
    /// Text to show.
    Shown(String),
    /// The person leaves.
    Leave,
}

/// All commands, in the order in which `/help` shows them.
pub const ALL: &[Command] = &[
    sql::COMMAND,
    explain::COMMAND,
    table::COMMAND,
    chart::COMMAND,
    csv::COMMAND,
    json::COMMAND,
    tools::COMMAND,
    cost::COMMAND,
    history::COMMAND,
    new::COMMAND,
    help::COMMAND,
    quit::COMMAND,
];

impl Command {
    /// The command as it is typed: `/csv FILE`.
    pub fn usage(&self) -> String {
        format!("/{}{}", self.name, self.argument.shown())
    }
}

/// The command's name and its argument, where the text is a command: a slash and a letter.
pub(super) fn parse(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix('/')?;
    if !rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let (name, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some((name, argument.trim()))
}

/// Runs a command by its name.
pub(super) fn run(session: &mut Session, name: &str, argument: &str) -> Result<Done, Failure> {
    let Some(command) = ALL.iter().find(|command| command.name == name) else { return Err(unknown(name)) };
    match command.argument {
        Argument::None if !argument.is_empty() => {
            Err(Failure::invalid(format!("`/{name}` takes no argument")).hint(format!("/{name}")))
        }
        Argument::Needed(wanted) if argument.is_empty() => {
            Err(Failure::invalid(format!("`/{name}` needs a {wanted}")).hint(command.usage()))
        }
        _ => (command.run)(session, argument),
    }
}

fn unknown(name: &str) -> Failure {
    let failure = Failure::invalid(format!("no command named `/{name}`"));
    let near = ALL
        .iter()
        .map(|command| (strsim::damerau_levenshtein(command.name, name), command.name))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    match near {
        Some((_, near)) => failure.hint(format!("did you mean `/{near}`?")),
        None => failure.hint("/help lists the commands"),
    }
}
