//! The commands: one small file each. Each returns the process's exit status.

mod archive;
mod ask;
mod audit;
mod bridge;
mod change;
mod chat;
mod db;
mod doctor;
mod draw;
mod eval;
mod health;
mod mcp;
mod model;
mod screen;
mod waiting;
mod watch;

use std::io::{self, Write};
use std::process::ExitCode;

use oms_tools::{Failure, FailureKind};

use crate::cli::{Cli, Command};
use crate::config::Config;
use crate::telemetry;

/// The exit status of a command: 0 to 8 as the README lists them.
pub type Status = u8;

/// Failed.
const FAILED: Status = 1;
/// Wrong usage.
const WRONG_USAGE: Status = 2;

/// Runs the command.
pub async fn run(cli: Cli) -> Status {
    if matches!(cli.command, Some(Command::Draw)) {
        return draw::run();
    }
    let json = matches!(cli.command, Some(Command::Ask { json: true, .. }));
    let config = match Config::read(cli.common.given()) {
        Ok(config) => config,
        Err(failure) if json => return ask::failed(&failure),
        Err(failure) => return fail(&failure),
    };
    telemetry::begin(&config.paths.state, cli.common.verbosity());
    let done = match cli.command {
        None | Some(Command::Chat) => chat::run(&config).await,
        Some(Command::Ask { question, json }) => ask::run(&config, &question.join(" "), json).await,
        Some(Command::Eval(arguments)) => Box::pin(eval::run(&config, &arguments)).await,
        Some(Command::Db { command }) => db::run(&config, command).await,
        Some(Command::Draw) => Ok(draw::run()),
        Some(Command::Bridge) => bridge::run(&config).await,
        Some(Command::Mcp { http }) => mcp::run(&config, http.as_deref()).await,
        Some(Command::Model { command }) => model::run(&config, command).await,
        Some(Command::Archive { command }) => archive::run(&config, command).await,
        Some(Command::Change { command }) => change::run(&config, command).await,
        Some(Command::Audit { command }) => audit::run(&config, command),
        Some(Command::Health { json }) => health::run(&config, json).await,
        Some(Command::Watch) => watch::run(&config).await,
        Some(Command::Doctor { json }) => doctor::run(&config, json).await,
    };
    done.unwrap_or_else(|failure| fail(&failure))
}

/// Says on stderr what failed; the exit status for it.
fn fail(failure: &Failure) -> Status {
    let mut err = io::stderr();
    writeln!(err, "error: {failure}").ok();
    match failure.kind {
        FailureKind::Refused => 4,
        FailureKind::ApprovalRequired => 5,
        _ => FAILED,
    }
}

/// Says that the program could not begin at all.
pub fn cannot_start(error: &io::Error) -> ExitCode {
    writeln!(io::stderr(), "error: cannot start: {}", error.kind()).ok();
    ExitCode::from(FAILED)
}

/// Writes an answer to stdout. A reader that has gone is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(FailureKind::Unavailable, format!("cannot write the answer: {}", error.kind())))
        }
        _ => Ok(()),
    }
}
