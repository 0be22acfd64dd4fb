//! `/chart`: the last answer as a chart, on the screen or into a file.

use oms_tools::Failure;

use super::{Argument, Command, Done};
use crate::repl::session::Session;
use crate::reply::chart;

pub(super) const COMMAND: Command = Command {
    name: "chart",
    argument: Argument::Optional("FILE.svg|png"),
    help: "the last answer as a chart, or into a new file",
    run,
};

fn run(session: &mut Session, file: &str) -> Result<Done, Failure> {
    if let Some(told) = session.last()?.told.as_ref().and_then(|told| told.chart.as_ref()) {
        if file.is_empty() {
            return chart::course::draw(told, session.surface()).map(Done::Shown).ok_or_else(chart::no_chart);
        }
        chart::file::write_course(told, file)?;
        return Ok(Done::Shown(format!("wrote the chart to `{file}`")));
    }
    if file.is_empty() {
        let drawn = chart::draw(session.report()?, session.vocabulary(), session.surface());
        return drawn.map(Done::Shown).ok_or_else(chart::no_chart);
    }
    chart::file::write(session.report()?, session.vocabulary(), file)?;
    Ok(Done::Shown(format!("wrote the chart to `{file}`")))
}
