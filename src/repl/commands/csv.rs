//! `/csv FILE`: all rows of the last answer into a new CSV file.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, ErrorKind};

use oms_tools::{Failure, FailureKind};

use super::{Argument, Command, Done};
use crate::repl::session::Session;
use crate::reply::csv;
use crate::reply::figures::group;

pub(super) const COMMAND: Command = Command {
    name: "csv",
    argument: Argument::Needed("FILE"),
    help: "all rows of the last answer into a new CSV file",
    run,
};

fn run(session: &mut Session, file: &str) -> Result<Done, Failure> {
    let table = &session.report()?.table;
    // Only a new file: a mistyped name must not cost anyone a file.
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .and_then(|created| csv::write(table, BufWriter::new(created)));
    written.map_err(|error| failure(file, &error))?;
    let cut = if table.truncated { "; a limit had cut the result" } else { "" };
    Ok(Done::Shown(format!("wrote {} rows to `{file}`{cut}", group(&table.rows.len().to_string()))))
}

fn failure(file: &str, error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::AlreadyExists => {
            Failure::invalid(format!("cannot write `{file}`: it exists already")).hint("choose another name")
        }
        _ => Failure::new(FailureKind::Unavailable, format!("cannot write `{file}`: {error}")),
    }
}
