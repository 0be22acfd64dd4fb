//! `/chart`: the last answer as a chart.

use oms_tools::Failure;

use super::{Command, Done};
use crate::repl::session::Session;
use crate::reply::chart;

pub(super) const COMMAND: Command = Command { name: "chart", argument: "", help: "the last answer as a chart", run };

fn run(session: &mut Session, _: &str) -> Result<Done, Failure> {
    chart::draw(session.report()?, session.vocabulary(), session.surface()).map(Done::Shown).ok_or_else(|| {
        Failure::invalid("cannot draw the last answer: a chart needs two groups or more, and room")
            .hint("ask for figures by something: \"revenue by month\"")
    })
}
