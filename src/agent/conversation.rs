//! One conversation: what was said, and what the next fragment edits.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use oms_tools::change::{Argument, ProgressTold, ProposeChangeArguments, runbook};
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::{Failure, Principal};
use rig_core::message::Message;
use serde::{Deserialize, Serialize};

use super::deciding::{Decided, Deciding, Pending, Presence, Stopper, Verdict};
use super::decision::Said;
use super::turn::{self, Asked};
use super::{Agent, SessionFile, deciding, decision, pick};
use crate::brain::{Spending, verified};
use crate::repl::{Converse, ToolInfo};
use crate::reply::{Reply, Status};

/// Messages of a language model that are kept; older ones are forgotten.
const MESSAGES: usize = 60;
/// Questions and answers that are kept.
const HISTORY: usize = 500;

/// What a conversation remembers; what a session's file holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    /// The last query.
    pub(super) frame: Option<SemanticQuery>,
    /// The readings that were offered last.
    pub(super) readings: Vec<SemanticQuery>,
    /// The question that they were offered for.
    pub(super) unclear: String,
    /// The questions and answers, oldest first.
    pub(super) history: Vec<(String, String)>,
    /// What a language model and the person said.
    pub(super) messages: Vec<Message>,
    /// The change set that the next message decides about.
    pub(super) pending: Option<Pending>,
    /// A proposal that lacks something that was asked for.
    pub(super) open: Option<ProposeChangeArguments>,
    /// What language models have cost.
    pub(super) spent: Spending,
    /// What the last turn cost.
    pub(super) spent_last: Spending,
}

/// A conversation with the agent.
pub struct Conversation {
    agent: Arc<Agent>,
    principal: Principal,
    memory: Memory,
    session: Option<SessionFile>,
    presence: Presence,
    progress: Option<ProgressTold>,
    stopper: Stopper,
    again: bool,
}

impl Conversation {
    pub(super) fn new(agent: Arc<Agent>, principal: Principal) -> Self {
        Self {
            agent,
            principal,
            memory: Memory::default(),
            session: None,
            presence: Presence::Nobody,
            progress: None,
            stopper: Stopper::default(),
            again: false,
        }
    }

    /// Goes on where this session was left, and keeps it after every turn.
    ///
    /// Fails where the session's file cannot be read.
    pub fn kept(mut self, session: SessionFile) -> Result<Self, Failure> {
        self.memory = session.load()?;
        self.session = Some(session);
        Ok(self)
    }

    /// With a person at the front end, or nobody; the front end knows.
    #[must_use]
    pub fn with(mut self, presence: Presence) -> Self {
        self.presence = presence;
        self
    }

    /// Tells what happens while something is applied.
    #[must_use]
    pub fn telling(mut self, progress: ProgressTold) -> Self {
        self.progress = Some(progress);
        self
    }

    /// What comes next was begun before, and its end is not known: what has begun to be applied is told, and not run again.
    #[must_use]
    pub fn again(mut self) -> Self {
        self.again = true;
        self
    }

    /// Decides about a change set as a button says. `seen`: the digest that was shown with the button.
    pub async fn press(&mut self, id: &str, seen: Option<&str>, verdict: Verdict) -> Reply {
        let started = std::time::Instant::now();
        let decided = self.deciding().press(id, seen, verdict, self.memory.pending.as_ref()).await;
        self.decided(
            decided,
            started,
            &format!("({} {id})", if verdict == Verdict::Approve { "approve" } else { "decline" }),
        )
    }

    /// Shows a change set; the next message decides about it.
    pub async fn about(&mut self, id: &str) -> Reply {
        let started = std::time::Instant::now();
        let decided = self.deciding().decide(&Said::About(id.to_owned()), None).await;
        self.decided(decided, started, &format!("(show {id})"))
    }

    fn deciding(&self) -> Deciding<'_> {
        Deciding {
            changes: &self.agent.changes,
            gate: &self.agent.gate,
            principal: &self.principal,
            presence: self.presence,
            progress: self.progress.clone(),
            stopper: &self.stopper,
            again: self.again,
        }
    }

    fn decided(&mut self, decided: Decided, started: std::time::Instant, text: &str) -> Reply {
        let Decided { mut reply, pending } = decided;
        "rules".clone_into(&mut reply.brain);
        reply.elapsed_ms = started.elapsed().as_secs_f64() * 1000.0;
        self.memory.pending = pending;
        self.keep(text, reply)
    }

    async fn answer(&mut self, text: &str) -> Reply {
        let pending = self.memory.pending.as_ref();
        if let Some(said) = decision::heard(text, pending.map(|pending| pending.environment.as_str())) {
            let started = std::time::Instant::now();
            let decided = self.deciding().decide(&said, pending).await;
            return self.decided(decided, started, text);
        }
        // "10", after "to how many throughput units?"
        let completed = self.memory.open.as_ref().and_then(|open| completed(open, text));
        let asked = completed.as_deref().unwrap_or(text);
        let chosen = pick::picked(text, self.memory.readings.len()).map(|place| self.memory.readings[place].clone());
        let picked = chosen.clone();
        let asked = Asked {
            text: asked,
            principal: &self.principal,
            frame: self.memory.frame.as_ref(),
            chosen,
            messages: &self.memory.messages,
            history: &self.memory.history,
            spent: self.memory.spent,
        };
        // Until here nothing is remembered: a turn that is dropped leaves the conversation as it was.
        let turned = turn::run(&self.agent, asked).await;
        if let Some(query) = picked.filter(|_| turned.reply.status == Status::Answered) {
            verified::keep(&self.agent.config.paths.data, &self.memory.unclear, &query);
        }
        self.remember(text, turned)
    }

    fn remember(&mut self, text: &str, turned: turn::Turned) -> Reply {
        let reply = turned.reply;
        if let Some(query) = reply.report.as_ref().and_then(|report| report.query.clone()) {
            self.memory.frame = Some(query);
        }
        // A question that failed leaves the readings that it was a wrong answer to.
        if reply.status != Status::Error {
            if !turned.readings.is_empty() {
                text.clone_into(&mut self.memory.unclear);
            }
            self.memory.readings = turned.readings;
        }
        self.memory.pending = reply.told.as_ref().and_then(|told| told.change.as_ref()).and_then(|change| {
            // What is decided about is what was stored, and not what a reply says of it.
            let shown = self.agent.changes.show(&change.id).ok()?;
            Some(deciding::pending_of(&shown)).filter(|pending| pending.digest == change.digest)
        });
        self.memory.open = reply
            .tool_calls
            .last()
            .filter(|call| reply.status == Status::Clarification && call.tool == "propose_change")
            .and_then(|call| serde_json::from_value(call.arguments.clone()).ok());
        self.memory.spent = self.memory.spent.plus(turned.spent);
        self.memory.spent_last = turned.spent;
        self.memory.messages.extend(turned.messages);
        let surplus = self.memory.messages.len().saturating_sub(MESSAGES);
        self.memory.messages.drain(..surplus);
        self.keep(text, reply)
    }

    /// Keeps the turn in the history and in the session's file.
    fn keep(&mut self, text: &str, mut reply: Reply) -> Reply {
        self.memory.history.push((text.to_owned(), reply.answer.clone()));
        let surplus = self.memory.history.len().saturating_sub(HISTORY);
        self.memory.history.drain(..surplus);
        if let Some(session) = &self.session
            && let Err(failure) = session.save(&self.memory)
            && let Some(report) = &mut reply.report
        {
            report.notes.push(failure.message);
        }
        reply
    }
}

/// The whole sentence, where a message gives what an open proposal asked for.
fn completed(open: &ProposeChangeArguments, text: &str) -> Option<String> {
    let runbook = runbook(&open.runbook).ok()?;
    let lacking = |argument: &&Argument| {
        let given = open.arguments.get(&argument.name).or(argument.default.as_ref());
        given.is_none_or(|given| argument.is.takes(given).is_err())
    };
    let missing = runbook.arguments.iter().find(lacking)?;
    let value = missing.is.of_answer(text)?;
    let mut sentence = runbook.says.replace(&format!("{{{}}}", missing.name), &value);
    for (name, value) in &open.arguments {
        sentence = sentence.replace(&format!("{{{name}}}"), value);
    }
    if let Some(environment) = &open.environment {
        sentence = format!("{sentence} in {environment}");
    }
    (!sentence.contains('{')).then_some(sentence)
}

impl Converse for Conversation {
    fn turn<'a>(&'a mut self, text: &'a str) -> BoxFuture<'a, Reply> {
        self.answer(text).boxed()
    }

    fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    fn reset(&mut self) {
        self.memory = Memory::default();
        if let Some(session) = &self.session
            && let Err(failure) = session.save(&self.memory)
        {
            tracing::warn!(%failure, "a session could not be kept");
        }
    }

    fn tools(&self) -> Vec<ToolInfo> {
        self.agent
            .tools()
            .iter()
            .map(|tool| ToolInfo {
                name: tool.name().to_owned(),
                effect: tool.effect(),
                description: tool.description(),
            })
            .collect()
    }

    fn history(&self) -> Vec<(String, String)> {
        self.memory.history.clone()
    }

    fn spending(&self) -> (Spending, Spending) {
        (self.memory.spent_last, self.memory.spent)
    }
}
