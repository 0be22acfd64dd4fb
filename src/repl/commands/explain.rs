//! `/explain`: how the last question was read, the query made from it, and its SQL.

use oms_tools::{Failure, FailureKind};

use super::{Argument, Command, Done};
use crate::repl::session::Session;
use crate::reply::{clean, terminal};

pub(super) const COMMAND: Command = Command {
    name: "explain",
    argument: Argument::None,
    help: "how the last question was read, the query made from it, and its SQL",
    run,
};

fn run(session: &mut Session, _: &str) -> Result<Done, Failure> {
    let reply = session.last()?;
    let report = session.report()?;
    let mut parts = vec![terminal::text(&report.interpretation, session.surface())];
    if let Some(query) = &report.query {
        let query = serde_json::to_string_pretty(query)
            .map_err(|error| Failure::new(FailureKind::Internal, format!("cannot show the query: {error}")))?;
        parts.push(clean::paragraphs(&query));
    }
    parts.push(clean::paragraphs(&report.sql));
    parts.push(format!(
        "{} (confidence {:.2}); database {:.1} ms, whole turn {:.1} ms",
        clean::one_line(&reply.brain),
        reply.confidence,
        report.database_ms,
        reply.elapsed_ms
    ));
    Ok(Done::Shown(parts.join("\n\n")))
}
