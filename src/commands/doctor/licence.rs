//! Whether the language model may propose changes: examined where it is named on the command line, told from its verdict else.

use std::io::{self, Write};

use oms_tools::Failure;

use super::Finding;
use crate::agent::{Agent, Examined};
use crate::brain::{Brain, Remote};
use crate::commands::waiting::Waiting;
use crate::config::Config;
use crate::licence::Verdict;

/// Missed cases that are told one by one.
const TOLD: usize = 12;

pub(super) async fn findings(config: &Config) -> Vec<Finding> {
    let named = config.given.brain.is_some();
    match Brain::of(config) {
        Ok(Brain::Remote(remote)) if named => match examined(config, &remote).await {
            Ok(finding) => vec![finding],
            Err(failure) => vec![Finding::of("licence", failure)],
        },
        Ok(Brain::Remote(remote) | Brain::Auto(Some(remote), _)) => vec![kept(config, &remote)],
        Ok(Brain::Local(_)) => vec![Finding::ok(
            "licence",
            "the embedded model only fills queries about the orders: it has no tool that proposes, and needs no examination",
        )],
        // What the rules propose they were written to; a brain that cannot be is told already.
        _ => Vec::new(),
    }
}

/// Examines the model. That it is not good enough is a finding, and no defect of this installation.
async fn examined(config: &Config, remote: &Remote) -> Result<Finding, Failure> {
    let agent = Agent::start(config, &Waiting::of(config)).await?;
    let told = |place: usize, all: usize| {
        if !config.given.quiet {
            writeln!(io::stderr(), "examining {}: case {} of {all}", remote.label, place + 1).ok();
        }
    };
    let examined = agent.examine(remote, &told).await;
    let (_, licence) = agent.examined(remote);
    agent.database().close().await;
    let Examined { verdict, missed, spent } = examined
        .map_err(|failure| failure.hint("what was asked so far is kept for a day: the same command goes on with it"))?;
    let may = match &licence {
        _ if !agent.can_propose() => {
            format!("`{}` is offered no tool that proposes changes (`model.tools`)", remote.label)
        }
        Ok(()) => format!("`{}` may propose changes", remote.label),
        Err(withheld) => withheld.said(),
    };
    let cost = format!("{} calls, {} tokens in, {} out", spent.calls, spent.input_tokens, spent.output_tokens);
    let mut finding = Finding::ok("licence", format!("{may} ({}; {cost})", verdict.said()));
    finding.ok = licence.is_ok() || !agent.can_propose();
    finding.needed = false;
    finding.hints = missed.iter().take(TOLD).map(|(id, cause)| format!("missed {id}: {cause}")).collect();
    if missed.len() > TOLD {
        finding.hints.push(format!("and {} more", missed.len() - TOLD));
    }
    Ok(finding)
}

/// What is known without asking.
fn kept(config: &Config, remote: &Remote) -> Finding {
    let examines = format!("`oms doctor --brain {}` examines it, for about 100 calls of the model", remote.label);
    let (said, ok) = match Verdict::newest(config, &remote.label) {
        Some(verdict) => (
            format!(
                "`{}` was examined on {}: {}; counts as long as instructions, tools and cases stay the same",
                remote.label,
                verdict.at.format("%Y-%m-%d %H:%M UTC"),
                verdict.said()
            ),
            verdict.weakest().is_some_and(|(_, share)| share >= config.settings.model.pass),
        ),
        None => (format!("`{}` has not been examined", remote.label), config.settings.model.unexamined),
    };
    let mut finding =
        Finding::ok("licence", format!("{said}; it {} propose changes", if ok { "may" } else { "may not" }));
    finding.ok = ok;
    finding.needed = false;
    finding.hints.push(examines);
    finding
}
