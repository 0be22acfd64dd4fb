//! `oms eval`: the scripted suites against the agent as it is configured. Exit 0 where every question is right, or where
//! the figures reach the bar that was named; else 1.

use std::collections::HashMap;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use oms_tools::Failure;
use oms_tools::orders::OrdersDatabase;

use super::{FAILED, Status, print, waiting::Waiting};
use crate::agent::{Agent, Conversation};
use crate::cli::{EvalArguments, Split};
use crate::config::Config;
use crate::database;
use crate::eval::mutants::MutantReport;
use crate::eval::statistics::Proportion;
use crate::eval::{self, Ask, EvalOptions, Gold, Suite, Verdict};
use crate::principal;
use crate::repl::Converse;
use crate::reply::Reply;

pub(super) async fn run(config: &Config, arguments: &EvalArguments) -> Result<Status, Failure> {
    let options = EvalOptions {
        suites: arguments.suites.clone(),
        json: arguments.json,
        report: arguments.report.clone(),
        split: match arguments.split {
            Split::All => eval::Split::All,
            Split::Tuned => eval::Split::Tuned,
            Split::Counted => eval::Split::Counted,
        },
        paraphrases: arguments.paraphrases,
        mutants: arguments.mutants,
    };
    // A broken suite is told before anything is started.
    let suites = options.load()?;
    let agent = Agent::start(config, &Waiting::of(config)).await?;
    if arguments.mutants {
        let report = mutants(config, &agent, arguments, &suites).await;
        agent.database().close().await;
        let report = report?;
        print(eval::mutants::render(&report).trim_end())?;
        return Ok(if report.total.fraction().is_some_and(|share| share >= CAUGHT) { 0 } else { FAILED });
    }
    let mut asker = Asker { agent: agent.clone(), conversations: HashMap::new() };
    let report = eval::run(&suites, &mut asker, agent.database().as_ref(), options.run_options()).await;
    agent.database().close().await;
    let report = report?;
    print(options.present(&report)?.trim_end())?;
    let fraction = |proportion: Proportion| proportion.fraction().unwrap_or(1.0);
    let summary = &report.summary;
    let broken = report.verdicts.get(&Verdict::GoldBroken).is_some_and(|count| *count > 0);
    let passed = fraction(summary.accuracy) >= arguments.accuracy
        && fraction(summary.silent_wrong) <= arguments.silent_wrong
        && !broken;
    Ok(if passed { 0 } else { FAILED })
}

/// The share of mutants that must differ from their gold somewhere.
const CAUGHT: f64 = 0.98;

/// Runs the gold SQL and its mutants on this database and on the others that were named.
async fn mutants(
    config: &Config,
    agent: &Agent,
    arguments: &EvalArguments,
    suites: &[Suite],
) -> Result<MutantReport, Failure> {
    let mut others = Vec::new();
    for url in &arguments.also {
        let options = database::parse_url(url)?;
        others.push(OrdersDatabase::connect(options, config.settings.limits(), config.settings.personal()).await?);
    }
    let mut databases: Vec<&dyn Gold> = vec![agent.database().as_ref()];
    databases.extend(others.iter().map(|other| other as &dyn Gold));
    let report = eval::mutants::check(suites, &databases).await;
    for other in &others {
        other.close().await;
    }
    report
}

/// The agent as the suites ask it: a conversation for each name, and a new one where there is none.
struct Asker {
    agent: Arc<Agent>,
    conversations: HashMap<String, Conversation>,
}

impl Ask for Asker {
    fn ask<'a>(&'a mut self, conversation: Option<&'a str>, text: &'a str) -> BoxFuture<'a, Reply> {
        async move {
            let agent = &self.agent;
            match conversation {
                None => agent.conversation(principal::local()).turn(text).await,
                Some(name) => {
                    let conversation = self
                        .conversations
                        .entry(name.to_owned())
                        .or_insert_with(|| agent.conversation(principal::local()));
                    conversation.turn(text).await
                }
            }
        }
        .boxed()
    }
}
