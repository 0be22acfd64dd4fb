//! The command line: what can be typed, as one value. Commands stand in `commands/`, one file each.

use std::path::PathBuf;

use chrono::{NaiveDate, NaiveDateTime};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::config::Given;
use crate::telemetry::Verbosity;

/// Ask about a shop's orders in plain words.
#[derive(Debug, Parser)]
#[command(name = "oms", version, about, disable_help_subcommand = true, max_term_width = 100)]
pub struct Cli {
    /// What to do; nothing: the conversation.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options that every command understands.
    #[command(flatten)]
    pub common: Common,
}

/// Options that every command understands.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// The question's "now", UTC: 2026-01-14T12:00:00Z, or a day's first instant: 2026-01-14
    #[arg(long, global = true, value_name = "TIME", value_parser = instant)]
    pub as_of: Option<NaiveDateTime>,
    /// Who understands: auto, rules, local, or PROVIDER:MODEL
    #[arg(long, global = true, value_name = "BRAIN")]
    pub brain: Option<String>,
    /// The orders database: mysql://user:password@host:port/name; default: a private one
    #[arg(long, global = true, value_name = "URL")]
    pub db: Option<String>,
    /// The settings file; default: oms.toml in the configuration folder
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Keep this conversation under a name, and go on with it
    #[arg(long, global = true, value_name = "NAME")]
    pub session: Option<String>,
    /// Nothing on stderr but errors
    #[arg(long, global = true)]
    pub quiet: bool,
    /// What happens, on stderr; twice: more of it
    #[arg(short, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

/// `oms model`.
#[derive(Clone, Debug, Subcommand)]
pub enum ModelCommand {
    /// The models that are known, and which of them are here
    List,
    /// Whether the file is here and the model runs
    Status,
    /// Fetch the file; what was begun goes on
    Pull {
        /// A GGUF file to take instead
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
    /// End the model's process
    Stop,
}

impl Cli {
    /// Threads that the command's work is done on. One client at a time waits for most answers of `oms mcp`, and to hand its
    /// work from thread to thread takes longer than many of them; what takes a whole processor is done by others: the
    /// database, programs, the embedded model.
    pub fn workers(&self) -> usize {
        if matches!(self.command, Some(Command::Mcp { http: None } | Command::Draw)) { 1 } else { 2 }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The conversation (the default)
    Chat,
    /// One question, one answer
    Ask {
        /// The question
        #[arg(required = true, value_name = "QUESTION", trailing_var_arg = true)]
        question: Vec<String>,
        /// One JSON object on one line
        #[arg(long)]
        json: bool,
    },
    /// The scripted suites
    Eval(EvalArguments),
    /// The private database
    Db {
        /// What to do with it
        #[command(subcommand)]
        command: DbCommand,
    },
    /// JSON lines on standard input and output, for a Slack-style bot
    Bridge,
    /// Charts from standard input, drawn: a process of the bridge's
    #[command(hide = true)]
    Draw,
    /// The same tools as an MCP server on standard input and output, or over HTTP on this machine
    Mcp {
        /// Listen for streamable HTTP, with bearer tokens, on this address of this machine
        #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:8765")]
        http: Option<String>,
    },
    /// The embedded language model
    Model {
        /// What to do with it
        #[command(subcommand)]
        command: ModelCommand,
    },
    /// Captured events
    Archive {
        /// What to do with them
        #[command(subcommand)]
        command: ArchiveCommand,
    },
    /// Change sets: proposed, decided, applied
    Change {
        /// What to do with them
        #[command(subcommand)]
        command: ChangeCommand,
    },
    /// The record of what the tools did
    Audit {
        /// What to do with it
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// The pipeline's verdict: exit 0 healthy, 6 degraded, 7 down, 8 unknown
    Health {
        /// One JSON object on one line
        #[arg(long)]
        json: bool,
    },
    /// The same, live in the terminal
    Watch,
    /// What is installed, reachable and allowed, and the command that mends what is not
    Doctor {
        /// One JSON object on one line
        #[arg(long)]
        json: bool,
    },
}

/// What `oms eval` takes.
#[derive(Clone, Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // each is an option of its own
pub struct EvalArguments {
    /// Suites by name or file; none: all of evals/suites
    #[arg(value_name = "SUITE")]
    pub suites: Vec<String>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    /// Write the results into this folder, for CI and for people
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Which cases: all, those that may be tuned on, or those that are only counted
    #[arg(long, value_enum, default_value_t = Split::All)]
    pub split: Split,
    /// Succeed from this accuracy on, a fraction; default: every question must be right
    #[arg(long, value_name = "FRACTION", default_value_t = 1.0)]
    pub accuracy: f64,
    /// Succeed up to this rate of answers that are wrong without a word of doubt
    #[arg(long, value_name = "FRACTION", default_value_t = 0.0)]
    pub silent_wrong: f64,
    /// Ask the paraphrases too
    #[arg(long)]
    pub paraphrases: bool,
    /// Check that mutants of the gold SQL differ, instead of asking
    #[arg(long)]
    pub mutants: bool,
    /// Only these cases, and the conversations of these ids
    #[arg(long = "case", value_name = "ID")]
    pub cases: Vec<String>,
    /// The embedded model writes SELECTs of its own: the floor that it is measured against
    #[arg(long, conflicts_with_all = ["replay", "mutants"])]
    pub free_sql: bool,
    /// Keep what language models are asked and answer, which tools are called and what came of it, in this folder;
    /// with --replay, what comes of the same answers now
    #[arg(long, value_name = "DIR", conflicts_with = "mutants")]
    pub record: Option<PathBuf>,
    /// Hold the program against the turns of this folder, without a model: the same requests, calls and rows
    #[arg(long, value_name = "DIR", conflicts_with_all = ["suites", "mutants", "paraphrases", "cases"])]
    pub replay: Option<PathBuf>,
    /// Ask the questions of this recording anew, of the model itself; --record DIR keeps what it answers now
    #[arg(
        long,
        value_name = "DIR",
        requires = "record",
        conflicts_with_all = ["suites", "mutants", "paraphrases", "cases", "replay", "free_sql"]
    )]
    pub again: Option<PathBuf>,
    /// With --mutants: other databases where a mutant may differ
    #[arg(long, value_name = "URL", requires = "mutants")]
    pub also: Vec<String>,
}

/// Which cases of the suites are run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Split {
    /// Every case.
    #[default]
    All,
    /// The two thirds that may be looked at.
    Tuned,
    /// The third that is only counted.
    Counted,
}

/// What `oms archive` can do.
#[derive(Clone, Debug, Subcommand)]
pub enum ArchiveCommand {
    /// Captured files against the database: ranges, gaps, and each order that is in one and not in the other
    Verify {
        /// A folder, or a container's URL, with a SAS token or without; default: the setting archive.source
        #[arg(value_name = "SOURCE")]
        source: Option<String>,
        /// One JSON object on one line
        #[arg(long)]
        json: bool,
    },
}

/// What `oms change` can do.
#[derive(Clone, Debug, Subcommand)]
pub enum ChangeCommand {
    /// All of them, newest first
    List {
        /// One JSON object on one line
        #[arg(long)]
        json: bool,
    },
    /// One: what it would run, and how it stands
    Show(OneChange),
    /// Approve one, as the person at this terminal
    Approve(OneChange),
    /// Decline one, as the person at this terminal
    Decline(OneChange),
    /// Apply one that enough people have approved, or go on with one that stopped
    Apply {
        /// Which one
        #[command(flatten)]
        one: OneChange,
        /// Take the environment's lock over from a program that has ended
        #[arg(long)]
        take_over: bool,
    },
}

/// One change set.
#[derive(Clone, Debug, Args)]
pub struct OneChange {
    /// Its id
    #[arg(value_name = "ID")]
    pub id: String,
    /// One JSON object on one line
    #[arg(long)]
    pub json: bool,
}

/// What `oms audit` can do.
#[derive(Clone, Debug, Subcommand)]
pub enum AuditCommand {
    /// Prove that no line was changed, moved or taken away; names the first that was
    Verify {
        /// One JSON object on one line
        #[arg(long)]
        json: bool,
    },
    /// The lines, oldest first
    Show {
        /// From this time on, UTC
        #[arg(long, value_name = "TIME", value_parser = instant)]
        since: Option<NaiveDateTime>,
        /// Before this time, UTC
        #[arg(long, value_name = "TIME", value_parser = instant)]
        until: Option<NaiveDateTime>,
        /// About this tool
        #[arg(long, value_name = "TOOL")]
        tool: Option<String>,
        /// On behalf of this person
        #[arg(long, value_name = "PERSON")]
        person: Option<String>,
        /// About this change set
        #[arg(long, value_name = "ID")]
        change: Option<String>,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

/// What `oms db` can do.
#[derive(Clone, Debug, Subcommand)]
pub enum DbCommand {
    /// Start it, and make it where there is none
    Start,
    /// Stop it
    Stop,
    /// Whether it runs, where it is and what it holds
    Status,
    /// Fill it with a shop; what it held is replaced
    Seed {
        /// How many orders
        #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
        orders: u32,
        /// Another seed is another shop
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// History ends at the clock, and "today" is today
        #[arg(long)]
        live: bool,
        /// Replace the orders of a database that was named with --db
        #[arg(long)]
        replace: bool,
    },
    /// Print its address
    Url {
        /// The administrator's, which can change it
        #[arg(long)]
        admin: bool,
    },
}

impl Common {
    /// The options as the configuration takes them.
    pub fn given(&self) -> Given {
        Given {
            as_of: self.as_of,
            brain: self.brain.clone(),
            db: self.db.clone(),
            config: self.config.clone(),
            session: self.session.clone(),
            quiet: self.quiet,
            tape: None,
        }
    }

    /// How much is told on stderr.
    pub fn verbosity(&self) -> Verbosity {
        Verbosity(if self.quiet { 0 } else { self.verbose })
    }
}

/// An instant in UTC, or the first of a day.
fn instant(text: &str) -> Result<NaiveDateTime, String> {
    if let Ok(instant) = chrono::DateTime::parse_from_rfc3339(text) {
        return Ok(instant.naive_utc());
    }
    for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(instant) = NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), format) {
            return Ok(instant);
        }
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .ok_or_else(|| "it is no time such as 2026-01-14T12:00:00Z or 2026-01-14".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn instants() {
        for (text, expected) in [
            ("2026-01-14T12:00:00Z", "2026-01-14T12:00:00"),
            ("2026-01-14T13:00:00+01:00", "2026-01-14T12:00:00"),
            ("2026-01-14 12:30", "2026-01-14T12:30:00"),
            ("2026-01-14", "2026-01-14T00:00:00"),
        ] {
            assert_eq!(instant(text).unwrap(), expected.parse().unwrap(), "{text}");
        }
        for text in ["", "yesterday", "14/01/2026", "2026-13-01", "2026-01-14T25:00:00Z"] {
            assert!(instant(text).is_err(), "{text}");
        }
    }

    #[test]
    fn options_stand_before_and_after_the_command() {
        for line in [
            ["oms", "--brain", "rules", "ask", "revenue"].as_slice(),
            ["oms", "ask", "--brain", "rules", "revenue"].as_slice(),
        ] {
            let cli = Cli::try_parse_from(line).unwrap();
            assert_eq!(cli.common.brain.as_deref(), Some("rules"), "{line:?}");
        }
    }
}
