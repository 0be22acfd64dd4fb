//! `oms eval`: the scripted suites against the agent as it is configured. Exit 0 where every question is right, or where
//! the figures reach the bar that was named; else 1.

mod replay;
mod stage;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use futures::FutureExt;
use futures::future::BoxFuture;
use oms_tools::Failure;
use oms_tools::orders::OrdersDatabase;
use serde_json::json;

use self::stage::Deployment;
use super::{FAILED, Status, print, waiting::Waiting};
use crate::agent::{Agent, Conversation, Presence, failed_reply};
use crate::brain::{Local, Tape};
use crate::cli::{EvalArguments, Split};
use crate::config::Config;
use crate::database;
use crate::eval::mutants::MutantReport;
use crate::eval::recording::{self, RecordedTurn};
use crate::eval::stage::{Happening, Stage};
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
        cases: arguments.cases.clone(),
    };
    // A broken suite is told before anything is started.
    let suites = options.load()?;
    if let Some(folder) = &arguments.replay {
        return replay::run(config, folder, arguments.record.as_deref()).await;
    }
    if let (Some(folder), Some(into)) = (&arguments.again, &arguments.record) {
        return replay::again(config, folder, into).await;
    }
    let mut config = config.clone();
    config.given.tape = arguments.record.is_some().then(Tape::recorder);
    let config = &config;
    let agent = Agent::start(config, &Waiting::of(config)).await?;
    if arguments.mutants {
        let report = mutants(config, &agent, arguments, &suites).await;
        agent.database().close().await;
        let report = report?;
        print(eval::mutants::render(&report).trim_end())?;
        return Ok(if report.total.fraction().is_some_and(|share| share >= CAUGHT) { 0 } else { FAILED });
    }
    if let Err(failure) = known_tools(&suites, &agent) {
        agent.database().close().await;
        return Err(failure);
    }
    let mut asker = Asker {
        config,
        agent: agent.clone(),
        conversations: HashMap::new(),
        stage: None,
        on_stage: false,
        floor: if arguments.free_sql { Some(floor(config)?) } else { None },
        turns: Vec::new(),
    };
    let report = eval::run(&suites, &mut asker, agent.database().as_ref(), options.run_options()).await;
    if let Some(stage) = &asker.stage {
        stage.close().await;
    }
    agent.database().close().await;
    let report = report?;
    if let Some(folder) = &arguments.record {
        recording::write(folder, &asker.turns)?;
    }
    print(options.present(&report)?.trim_end())?;
    let fraction = |proportion: Proportion| proportion.fraction().unwrap_or(1.0);
    let summary = &report.summary;
    let broken = report.verdicts.get(&Verdict::GoldBroken).is_some_and(|count| *count > 0);
    let passed = fraction(summary.accuracy) >= arguments.accuracy
        && fraction(summary.operations) >= arguments.accuracy
        && fraction(summary.silent_wrong) <= arguments.silent_wrong
        && !broken;
    Ok(if passed { 0 } else { FAILED })
}

/// The embedded model as it is configured.
fn floor(config: &Config) -> Result<Local, Failure> {
    Local::ready(config).ok_or_else(|| {
        Failure::invalid("cannot ask for SELECTs of its own: the embedded language model is not here")
            .hint("make model")
    })
}

/// Fails where a suite names a tool that is not there: that it was never called would prove nothing.
fn known_tools(suites: &[Suite], agent: &Agent) -> Result<(), Failure> {
    let names: Vec<&str> = agent.tools().iter().map(|tool| tool.name()).collect();
    for suite in suites {
        for case in suite.all_cases() {
            let expected = case.expect.iter().flat_map(eval::expect::Expect::tools);
            if let Some(name) = expected.into_iter().find(|name| !names.contains(name)) {
                let failure =
                    Failure::invalid(format!("`{}` of suite `{}` names no tool: `{name}`", case.id, suite.name));
                return Err(match eval::coverage::nearest(name, names.iter().copied()) {
                    Some(near) => failure.hint(format!("did you mean `{near}`?")),
                    None => failure,
                });
            }
        }
    }
    Ok(())
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
struct Asker<'a> {
    config: &'a Config,
    agent: Arc<Agent>,
    conversations: HashMap<String, Conversation>,
    /// Made when the first suite asks for it.
    stage: Option<Deployment>,
    on_stage: bool,
    /// The embedded model, where it writes SELECTs of its own.
    floor: Option<Local>,
    /// The turns in which a language model was asked, where they are recorded.
    turns: Vec<RecordedTurn>,
}

impl Asker<'_> {
    /// A conversation with nothing said yet: on a stage with a person at it, elsewhere with nobody who could decide.
    fn begin(&self) -> Conversation {
        match self.stage.as_ref().filter(|_| self.on_stage) {
            Some(stage) => stage.agent().conversation(principal::local()).with(Presence::Person),
            None => self.agent.conversation(principal::local()),
        }
    }

    /// What the embedded model's own SELECT brings.
    async fn write_and_run(&self, text: &str) -> Reply {
        let started = Instant::now();
        let asked = async {
            let Some(local) = &self.floor else { return Err(Failure::invalid("there is no embedded model")) };
            let sql = local.free_sql(text, self.agent.now()).await?;
            self.agent.call(&principal::local(), "select_orders", json!({ "sql": sql })).await
        };
        let mut reply = match asked.await {
            Ok(brought) => self.agent.replied(brought),
            Err(failure) => failed_reply(&failure),
        };
        "local SQL".clone_into(&mut reply.brain);
        reply.elapsed_ms = started.elapsed().as_secs_f64() * 1000.0;
        reply
    }

    /// Keeps a turn in which a language model was asked.
    fn keep(&mut self, conversation: Option<&str>, text: &str, reply: &Reply) {
        let exchanges = self.config.given.tape.as_ref().map(Tape::take).unwrap_or_default();
        if !exchanges.is_empty() {
            self.turns.push(RecordedTurn {
                conversation: conversation.map(str::to_owned),
                question: text.to_owned(),
                exchanges,
                outcome: recording::outcome(reply),
            });
        }
    }
}

impl Ask for Asker<'_> {
    fn ask<'a>(&'a mut self, conversation: Option<&'a str>, text: &'a str) -> BoxFuture<'a, Reply> {
        async move {
            let reply = match conversation {
                _ if self.floor.is_some() => self.write_and_run(text).await,
                None => self.begin().turn(text).await,
                Some(name) => {
                    let mut conversation = self.conversations.remove(name).unwrap_or_else(|| self.begin());
                    let reply = conversation.turn(text).await;
                    self.conversations.insert(name.to_owned(), conversation);
                    reply
                }
            };
            self.keep(conversation, text, &reply);
            reply
        }
        .boxed()
    }

    fn enter(&mut self, stage: Option<Stage>) -> BoxFuture<'_, Result<(), Failure>> {
        async move {
            self.on_stage = stage.is_some();
            match (stage, &self.stage) {
                (None, _) => {}
                (Some(Stage::Deployment), Some(stage)) => stage.reset()?,
                (Some(Stage::Deployment), None) => self.stage = Some(Deployment::start(self.config).await?),
            }
            Ok(())
        }
        .boxed()
    }

    fn happens<'a>(
        &'a mut self,
        happening: &'a Happening,
        change: Option<&'a str>,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        async move {
            match &self.stage {
                Some(stage) => stage.happens(happening, change).await,
                None => Err(Failure::invalid("nothing can happen: there is no stage")),
            }
        }
        .boxed()
    }

    fn applied(&self) -> Vec<String> {
        self.stage.as_ref().filter(|_| self.on_stage).map(Deployment::applied).unwrap_or_default()
    }
}
