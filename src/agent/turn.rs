//! One turn: a brain is asked through rig's agent loop, its calls pass the gate, and the record becomes the reply.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use futures::future::join;
use oms_tools::audit::{Event, Keep};
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::pipeline::StreamState;
use oms_tools::{CallScope, ErasedTool, Failure, FailureKind, Principal};
use rig_agent::AgentBuilder;
use rig_agent::agent::AgentRunner;
use rig_agent::run::spec::UnhandledInvalidToolCall;
use rig_core::DynModel;
use rig_core::message::Message;
use rig_core::operation::Completion;
use rig_core::tool::DynamicTool;
use tracing::Instrument;

use super::compaction::compacted;
use super::grounding::{self, Ungrounded};
use super::missing;
use super::model_failure;
use super::model_run::{self, Allowance, Watch};
use super::preamble::{preamble, without_licence};
use super::report;
use super::rig_tools::{Made, Record, dynamic_tools};
use super::unoffered::Unoffered;
use super::{Agent, Now};
use crate::brain::rules::Understanding;
use crate::brain::{Brain, Local, Remote, RulesTurn, Spending, Verdict, rules_model};
use crate::reply::{Reply, Status, Watermark, clean, freshness};

/// What a turn is asked with.
pub(super) struct Asked<'a> {
    pub(super) text: &'a str,
    pub(super) principal: &'a Principal,
    /// The conversation's last query.
    pub(super) frame: Option<&'a SemanticQuery>,
    /// A reading that the person picked.
    pub(super) chosen: Option<SemanticQuery>,
    /// What a language model and the person said so far.
    pub(super) messages: &'a [Message],
    /// The questions and computed answers so far.
    pub(super) history: &'a [(String, String)],
    /// What language models have cost so far.
    pub(super) spent: Spending,
}

/// What a turn leaves.
pub(super) struct Turned {
    pub(super) reply: Reply,
    /// The readings that were offered.
    pub(super) readings: Vec<SemanticQuery>,
    /// The new messages, where a language model was asked.
    pub(super) messages: Vec<Message>,
    /// What language models cost.
    pub(super) spent: Spending,
}

/// Runs one turn.
pub(super) async fn run(agent: &Agent, asked: Asked<'_>) -> Turned {
    let started = Instant::now();
    let now = agent.now();
    let span = tracing::info_span!("turn", principal = asked.principal.name);
    if matches!(agent.now, Now::Clock) {
        agent.freshness.begin();
    }
    let mut turned = async {
        match &agent.brain {
            Brain::Rules => by_rules(agent, &asked, now, None).await,
            Brain::Remote(remote) => by_model(agent, &asked, now, remote).await,
            Brain::Local(local) => by_local(agent, &asked, now, local).await.unwrap_or_else(|failure| failed(&failure)),
            Brain::Auto(remote, local) => {
                let turned = by_rules(agent, &asked, now, None).await;
                // Readings are a question that the rules understood; without them they did not understand.
                if turned.reply.status != Status::Clarification || !turned.readings.is_empty() {
                    turned
                } else if let Some(remote) = remote {
                    by_model(agent, &asked, now, remote).await
                } else if let Some(local) = local.clone().or_else(|| Local::ready(&agent.config)) {
                    by_local(agent, &asked, now, &local).await.unwrap_or_else(|failure| {
                        // What the rules say stands; that the model could not be asked is told beside it.
                        let mut turned = turned;
                        turned.reply.answer = format!("{}\n({})", turned.reply.answer, failure.message);
                        turned
                    })
                } else {
                    turned
                }
            }
        }
    }
    .instrument(span)
    .await;
    missing::trace(agent, asked.principal, &mut turned.reply).await;
    if turned.reply.report.is_some() {
        watermark(agent, now, &mut turned.reply).await;
    }
    turned.reply.elapsed_ms = started.elapsed().as_secs_f64() * 1000.0;
    tracing::info!(
        status = ?turned.reply.status,
        brain = turned.reply.brain,
        elapsed_ms = turned.reply.elapsed_ms,
        "turn ended"
    );
    turned
}

/// Asks the embedded model, whose decision is then carried out as the rules' would be.
async fn by_local(agent: &Agent, asked: &Asked<'_>, now: NaiveDateTime, local: &Local) -> Result<Turned, Failure> {
    let decided = match &asked.chosen {
        Some(query) => Understanding::Query { query: Box::new(query.clone()), confidence: 1.0, notes: Vec::new() },
        None => local.understand(&agent.rules, &agent.model, asked.text, now).await?,
    };
    let mut turned = by_rules(agent, asked, now, Some(decided)).await;
    "local".clone_into(&mut turned.reply.brain);
    Ok(turned)
}

fn failed(failure: &Failure) -> Turned {
    let mut reply = report::failed_reply(failure);
    "local".clone_into(&mut reply.brain);
    Turned { reply, readings: Vec::new(), messages: Vec::new(), spent: Spending::default() }
}

async fn by_rules(agent: &Agent, asked: &Asked<'_>, now: NaiveDateTime, decided: Option<Understanding>) -> Turned {
    let turn = Arc::new(RulesTurn {
        now,
        frame: asked.frame.cloned(),
        chosen: asked.chosen.clone(),
        decided,
        tools: agent.tools.iter().map(|tool| tool.name()).collect(),
        verdict: Mutex::new(Verdict::default()),
    });
    let model = rules_model(agent.rules.clone(), turn.clone());
    let mut reply = prompt_rules(agent, model, asked, now).await;
    let verdict = std::mem::take(&mut *turn.verdict.lock().unwrap_or_else(PoisonError::into_inner));
    "rules".clone_into(&mut reply.brain);
    if reply.status == Status::Answered || reply.status == Status::Refused {
        reply.confidence = verdict.confidence;
    }
    if let Some(report) = &mut reply.report {
        report.notes.splice(0..0, verdict.notes);
    } else if let Some(told) = &mut reply.told {
        told.notes.splice(0..0, verdict.notes);
    }
    let readings = if reply.status == Status::Clarification { verdict.readings } else { Vec::new() };
    Turned { reply, readings, messages: Vec::new(), spent: Spending::default() }
}

async fn by_model(agent: &Agent, asked: &Asked<'_>, now: NaiveDateTime, remote: &Remote) -> Turned {
    let (mut reply, messages, spent) = prompt_model(agent, remote, asked, now).await;
    reply.brain.clone_from(&remote.label);
    if reply.status == Status::Answered {
        // A model does not say how sure it is; what it called was checked, what it meant was not.
        reply.confidence = 0.8;
    }
    Turned { reply, readings: Vec::new(), messages, spent }
}

/// Asks the rules through rig's loop.
async fn prompt_rules(agent: &Agent, model: DynModel<Completion>, asked: &Asked<'_>, now: NaiveDateTime) -> Reply {
    let record = Arc::new(Record::default());
    let scope = CallScope { principal: asked.principal.clone(), now };
    let tools = dynamic_tools(&agent.tools, &scope, &agent.gate, &record);
    let run = runner(model, asked.text, String::new(), agent.calls, tools);
    let ended = match tokio::time::timeout(limit(agent), async { run.await }).await {
        Ok(Ok(response)) => Ok(response.output().clone()),
        Ok(Err(error)) => Err(model_failure::failure(&error, None)),
        Err(_) => Err(too_slow()),
    };
    report::reply(&record.take(), ended, &agent.vocabulary)
}

/// Asks a language model through rig's loop; the reply, the new messages, and what it cost.
async fn prompt_model(
    agent: &Agent,
    remote: &Remote,
    asked: &Asked<'_>,
    now: NaiveDateTime,
) -> (Reply, Vec<Message>, Spending) {
    if let Err(failure) = agent.budget.allows(&asked.spent) {
        return (report::failed_reply(&failure), Vec::new(), Spending::default());
    }
    let withheld = agent.licence(remote).err();
    let mut instructions = preamble(&agent.catalog, now);
    if let Some(withheld) = &withheld {
        instructions.push_str(&without_licence(withheld));
    }
    let offered = agent.offered(withheld.is_none());
    let fixed = fixed(&instructions, &offered);
    // A half stays free for what this turn reads.
    let room = (agent.context / 2).saturating_sub(fixed);
    let kept = compacted(asked.messages, asked.history, room);
    let instructions = match kept.earlier.as_str() {
        "" => instructions,
        earlier => format!("{instructions}\nEarlier in this conversation, in short:\n{earlier}"),
    };
    let record = Arc::new(Record::default());
    let scope = CallScope { principal: asked.principal.clone(), now };
    let tools = dynamic_tools(&offered, &scope, &agent.gate, &record);
    let mut run = runner(remote.model.clone(), asked.text, instructions, agent.calls, tools)
        .history(kept.messages.iter().cloned())
        .add_hook(Unoffered::new(agent, withheld.clone(), &scope, &record));
    if let Some(most) = remote.provider.answer_tokens() {
        run = run.max_tokens(most);
    }
    let allowance = Allowance {
        context: agent.context,
        fixed,
        budget: agent.budget,
        before: asked.spent,
        price: remote.price,
        choice: agent.config.settings.model.tool_choice,
    };
    let watch = Watch::new(allowance, record.clone());
    let (ended, mut messages) = match tokio::time::timeout(limit(agent), watch.run(run)).await {
        Ok(Ok(Ok(response))) => (Ok(response.output().clone()), response.messages().to_vec()),
        Ok(Ok(Err(error))) => (Err(model_failure::failure(&error, Some(remote.provider))), Vec::new()),
        Ok(Err(stopped)) => (Err(stopped), Vec::new()),
        Err(_) => (Err(too_slow()), Vec::new()),
    };
    let made = record.take();
    let said = ended.as_ref().ok().cloned().unwrap_or_default();
    let mut reply = report::reply(&made, ended, &agent.vocabulary);
    if reply.status == Status::Answered && reply.report.is_some() {
        let shown = Shown { agent, brain: &remote.label, principal: asked.principal, now };
        if !shown.ground(&said, &made, &mut reply)
            && let Some(last) = messages.last_mut().filter(|last| matches!(last, Message::Assistant { .. }))
        {
            // What was not shown is not remembered as said either.
            *last = Message::assistant(reply.answer.clone());
        }
    }
    if let Some(withheld) = withheld.filter(|_| holds_back(&reply)) {
        // Told why, a model that declines often says it in these very words.
        let hint = withheld.hint();
        let told = if reply.answer.contains(&withheld.cause) { hint } else { format!("{}; {hint}", withheld.said()) };
        reply.answer = format!("{}\n({told})", reply.answer);
    }
    (reply, messages, watch.spent())
}

/// Tokens that instructions and tools take of a model's context.
pub(super) fn fixed(instructions: &str, offered: &[Arc<dyn ErasedTool>]) -> usize {
    let schemas: usize = offered.iter().map(|tool| tool.schema().to_string().len() + tool.description().len()).sum();
    model_run::tokens(instructions.len() + schemas)
}

/// A reply that declines or says nothing of any result: there a person must know what the model was not offered.
fn holds_back(reply: &Reply) -> bool {
    let bare =
        reply.report.is_none() && reply.told.is_none() && reply.tool_calls.is_empty() && reply.choices.is_empty();
    bare && matches!(reply.status, Status::Refused | Status::Clarification)
}

/// Where a model's sentence is shown, or replaced and told so.
struct Shown<'a> {
    agent: &'a Agent,
    brain: &'a str,
    principal: &'a Principal,
    now: NaiveDateTime,
}

impl Shown<'_> {
    /// Puts the model's sentence in the place of the computed one where all of it is in the turn's results; whether it did.
    fn ground(&self, said: &str, made: &[Made], reply: &mut Reply) -> bool {
        let said = clean::one_line(said.trim());
        let cause = match grounding::judge(&said, &report::results(made), &self.agent.vocabulary, self.now) {
            Ok(()) => {
                reply.answer = said;
                return true;
            }
            Err(cause) => cause,
        };
        tracing::info!(brain = self.brain, %cause, "the model's sentence is not shown");
        let event = Event::SentenceReplaced { brain: self.brain.to_owned(), reason: cause.to_string() };
        let record = self.agent.config.record();
        if let Err(failure) = record.append(&self.principal.name, event, Keep::Written) {
            tracing::warn!(%failure, "that a sentence was replaced is not on record");
        }
        let lied = !matches!(cause, Ungrounded::Nothing | Ungrounded::Kind);
        if let Some(report) = reply.report.as_mut().filter(|_| lied) {
            report.notes.push(format!("the model's own sentence is not shown: {cause}"));
        }
        false
    }
}

/// One turn of rig's loop, with its tools.
pub(super) fn runner(
    model: DynModel<Completion>,
    text: &str,
    instructions: String,
    calls: usize,
    tools: Vec<DynamicTool>,
) -> AgentRunner {
    AgentBuilder::new(model)
        .preamble(instructions)
        .default_max_turns(calls)
        .dynamic_tools(tools)
        .build()
        .prompt(text)
        .unhandled_invalid_tool_call(UnhandledInvalidToolCall::Ignore)
}

pub(super) fn limit(agent: &Agent) -> Duration {
    Duration::from_secs_f64(agent.seconds * f64::from(u32::try_from(agent.calls).unwrap_or(u32::MAX)))
}

pub(super) fn too_slow() -> Failure {
    Failure::new(FailureKind::TimedOut, "stopped the turn: the model took longer than it may")
        .hint("ask again, or raise `agent.seconds`")
}

/// How fresh the data is: said with the answer, and before it where the pipeline is behind. An answer is given without it
/// where it cannot be read.
async fn watermark(agent: &Agent, now: NaiveDateTime, reply: &mut Reply) {
    // The time of a question about another day, or of a shop that was seeded, says nothing of the stream's.
    let stream = async {
        match agent.now {
            Now::Fixed(_) => StreamState::None,
            Now::Clock => agent.freshness.state().await,
        }
    };
    let (newest, stream) = join(agent.database.newest_event(), stream).await;
    if agent.freshness.has_stream() {
        freshness::offer_trace(reply);
    }
    freshness::say(reply, &stream, agent.freshness.material_seconds());
    if let Ok(Some(newest)) = newest {
        let behind = match stream {
            StreamState::Behind { events: 0, .. } => 0,
            StreamState::Behind { seconds: Some(seconds), .. } => seconds,
            _ => (now - newest).num_seconds().max(0),
        };
        let newest_event_at = newest.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        reply.watermark = Some(Watermark { newest_event_at, behind_seconds: behind });
    }
}
