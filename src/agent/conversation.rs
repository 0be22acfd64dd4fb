//! One conversation: what was said, and what the next fragment edits.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::{Failure, Principal};
use rig_core::message::Message;
use serde::{Deserialize, Serialize};

use super::turn::{self, Asked};
use super::{Agent, SessionFile, pick};
use crate::brain::Spending;
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
    /// The questions and answers, oldest first.
    pub(super) history: Vec<(String, String)>,
    /// What a language model and the person said.
    pub(super) messages: Vec<Message>,
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
}

impl Conversation {
    pub(super) fn new(agent: Arc<Agent>, principal: Principal) -> Self {
        Self { agent, principal, memory: Memory::default(), session: None }
    }

    /// Goes on where this session was left, and keeps it after every turn.
    ///
    /// Fails where the session's file cannot be read.
    pub fn kept(mut self, session: SessionFile) -> Result<Self, Failure> {
        self.memory = session.load()?;
        self.session = Some(session);
        Ok(self)
    }

    async fn answer(&mut self, text: &str) -> Reply {
        let chosen = pick::picked(text, self.memory.readings.len()).map(|place| self.memory.readings[place].clone());
        let asked = Asked {
            text,
            principal: &self.principal,
            frame: self.memory.frame.as_ref(),
            chosen,
            messages: &self.memory.messages,
            history: &self.memory.history,
            spent: self.memory.spent,
        };
        // Until here nothing is remembered: a turn that is dropped leaves the conversation as it was.
        let turned = turn::run(&self.agent, asked).await;
        self.remember(text, turned)
    }

    fn remember(&mut self, text: &str, turned: turn::Turned) -> Reply {
        let mut reply = turned.reply;
        if let Some(query) = reply.report.as_ref().and_then(|report| report.query.clone()) {
            self.memory.frame = Some(query);
        }
        // A question that failed leaves the readings that it was a wrong answer to.
        if reply.status != Status::Error {
            self.memory.readings = turned.readings;
        }
        self.memory.spent = self.memory.spent.plus(turned.spent);
        self.memory.spent_last = turned.spent;
        self.memory.messages.extend(turned.messages);
        let surplus = self.memory.messages.len().saturating_sub(MESSAGES);
        self.memory.messages.drain(..surplus);
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

impl Converse for Conversation {
    fn turn<'a>(&'a mut self, text: &'a str) -> BoxFuture<'a, Reply> {
        self.answer(text).boxed()
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
