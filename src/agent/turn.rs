//! One turn: a brain is asked through rig's agent loop, its calls pass the gate, and the record becomes the reply.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::{CallScope, Failure, FailureKind, Principal};
use rig_agent::AgentBuilder;
use rig_agent::run::response::PromptError;
use rig_agent::run::spec::UnhandledInvalidToolCall;
use rig_core::DynModel;
use rig_core::message::Message;
use rig_core::operation::Completion;
use tracing::Instrument;

use super::Agent;
use super::preamble::preamble;
use super::report;
use super::rig_tools::{Record, dynamic_tools};
use crate::brain::{Brain, Remote, RulesTurn, Verdict, rules_model};
use crate::reply::{Reply, Status, Watermark};

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
}

/// What a turn leaves.
pub(super) struct Turned {
    pub(super) reply: Reply,
    /// The readings that were offered.
    pub(super) readings: Vec<SemanticQuery>,
    /// The new messages, where a language model was asked.
    pub(super) messages: Vec<Message>,
}

/// Runs one turn.
pub(super) async fn run(agent: &Agent, asked: Asked<'_>) -> Turned {
    let started = Instant::now();
    let now = agent.now();
    let span = tracing::info_span!("turn", principal = asked.principal.name);
    let mut turned = async {
        match &agent.brain {
            Brain::Rules | Brain::Auto(None) => by_rules(agent, &asked, now).await,
            Brain::Remote(remote) => by_model(agent, &asked, now, remote).await,
            Brain::Auto(Some(remote)) => {
                let turned = by_rules(agent, &asked, now).await;
                // Readings are a question that the rules understood; without them they did not understand.
                if turned.reply.status == Status::Clarification && turned.readings.is_empty() {
                    by_model(agent, &asked, now, remote).await
                } else {
                    turned
                }
            }
        }
    }
    .instrument(span)
    .await;
    if turned.reply.report.is_some() {
        turned.reply.watermark = watermark(agent, now).await;
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

async fn by_rules(agent: &Agent, asked: &Asked<'_>, now: NaiveDateTime) -> Turned {
    let turn = Arc::new(RulesTurn {
        now,
        frame: asked.frame.cloned(),
        chosen: asked.chosen.clone(),
        tools: agent.tools.iter().map(|tool| tool.name()).collect(),
        verdict: Mutex::new(Verdict::default()),
    });
    let model = rules_model(agent.rules.clone(), turn.clone());
    let (mut reply, _) = prompt(agent, model, asked, now, &[]).await;
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
    Turned { reply, readings, messages: Vec::new() }
}

async fn by_model(agent: &Agent, asked: &Asked<'_>, now: NaiveDateTime, remote: &Remote) -> Turned {
    let (mut reply, messages) = prompt(agent, remote.model.clone(), asked, now, asked.messages).await;
    reply.brain.clone_from(&remote.label);
    if reply.status == Status::Answered {
        // A model does not say how sure it is; what it called was checked, what it meant was not.
        reply.confidence = 0.8;
    }
    Turned { reply, readings: Vec::new(), messages }
}

/// One run of rig's loop; the reply, and the new messages.
async fn prompt(
    agent: &Agent,
    model: DynModel<Completion>,
    asked: &Asked<'_>,
    now: NaiveDateTime,
    history: &[Message],
) -> (Reply, Vec<Message>) {
    let scope = CallScope { principal: asked.principal.clone(), now };
    let record = Arc::new(Record::default());
    let tools = dynamic_tools(&agent.tools, &scope, &agent.gate, &record);
    let limit = Duration::from_secs_f64(agent.seconds * f64::from(u32::try_from(agent.calls).unwrap_or(u32::MAX)));
    let run = AgentBuilder::new(model)
        .preamble(preamble(&agent.catalog, now))
        .default_max_turns(agent.calls)
        .dynamic_tools(tools)
        .build()
        .prompt(asked.text)
        .history(history.iter().cloned())
        .unhandled_invalid_tool_call(UnhandledInvalidToolCall::Ignore);
    let (ended, messages) = match tokio::time::timeout(limit, async { run.await }).await {
        Ok(Ok(response)) => (Ok(response.output().clone()), response.messages().to_vec()),
        Ok(Err(error)) => (Err(failure(&error)), Vec::new()),
        Err(_) => (
            Err(Failure::new(FailureKind::TimedOut, "stopped the turn: the model took longer than it may")
                .hint("ask again, or raise `agent.seconds`")),
            Vec::new(),
        ),
    };
    (report::reply(&record.take(), ended, &agent.vocabulary), messages)
}

/// What a failed run means to a person. A server's own text is not repeated: it may hold what was sent.
fn failure(error: &PromptError) -> Failure {
    let unavailable = |cause: &str| Failure::new(FailureKind::Unavailable, format!("cannot ask the model: {cause}"));
    match error {
        PromptError::MaxTurns { max_turns, .. } => Failure::new(
            FailureKind::TimedOut,
            format!("stopped the turn: the model made {max_turns} calls without an answer"),
        )
        .hint("ask in other words, or raise `agent.calls`"),
        PromptError::Cancelled { .. } => Failure::new(FailureKind::Refused, "the turn was stopped"),
        PromptError::UnknownToolCall { tool_name, .. } => {
            unavailable(&format!("it called `{tool_name}`, which is no tool of ours"))
                .hint("ask again, or use `--brain rules`")
        }
        error => {
            tracing::warn!(%error, "a call of the model failed");
            let text = error.to_string().to_lowercase();
            let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
            if says(&["401", "403", "unauthorized", "invalid authentication", "invalid_api_key"]) {
                unavailable("its server does not accept the key").hint("check OPENAI_API_KEY")
            } else if says(&["429", "rate limit", "quota"]) {
                unavailable("its server takes no more requests for now")
                    .hint("wait a little, or check the account's quota")
            } else if says(&["404", "model_not_found", "does not exist"]) {
                unavailable("its server knows no such model").hint("check the name in `--brain openai:MODEL`")
            } else if says(&["connect", "dns", "refused", "reset", "timed out"]) {
                unavailable("its server cannot be reached").hint("check OPENAI_BASE_URL, or use `--brain rules`")
            } else {
                unavailable("its server's answer could not be used").hint("see the log with -v, or use `--brain rules`")
            }
        }
    }
}

/// How fresh the data is. An answer is given without it where it cannot be read.
async fn watermark(agent: &Agent, now: NaiveDateTime) -> Option<Watermark> {
    let newest = agent.database.newest_event().await.ok()??;
    Some(Watermark {
        newest_event_at: newest.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        behind_seconds: (now - newest).num_seconds().max(0),
    })
}
