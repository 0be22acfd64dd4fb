//! `oms ask`: one question, one answer, and out.

use std::io::{self, Write};

use oms_tools::Failure;

use super::waiting::{self, Waiting};
use super::{Status, WRONG_USAGE, print, screen};
use crate::agent::{Agent, Conversation, Presence, SessionFile, failed_reply};
use crate::config::Config;
use crate::repl::{Converse, LONGEST_QUESTION};
use crate::reply::{self, Reply, clean, terminal};
use crate::{bridge, principal};

pub(super) async fn run(config: &Config, question: &str, json: bool) -> Result<Status, Failure> {
    let question = clean::typed(question);
    let problem = if question.is_empty() {
        Some("cannot ask nothing: the question is empty".to_owned())
    } else if question.len() > LONGEST_QUESTION {
        Some(format!(
            "cannot read this question: it has {} bytes, and at most {LONGEST_QUESTION} are read",
            question.len()
        ))
    } else {
        None
    };
    if let Some(problem) = problem {
        let failure = Failure::invalid(problem).hint("oms ask \"revenue by country last month\"");
        if json {
            print(&invalid(&failure).to_json())?;
        } else {
            writeln!(io::stderr(), "error: {failure}").ok();
        }
        return Ok(WRONG_USAGE);
    }
    let agent = match Agent::start(config, &Waiting::of(config)).await {
        Ok(agent) => agent,
        Err(failure) if json => return Ok(failed(&failure)),
        Err(failure) => return Err(failure),
    };
    let presence = if screen::interactive() { Presence::Person } else { Presence::Nobody };
    let mut conversation = match conversation(&agent, config) {
        Ok(conversation) => conversation.with(presence).telling(waiting::on_stderr(config)),
        Err(failure) if json => return Ok(failed(&failure)),
        Err(failure) => return Err(failure),
    };
    let stopper = conversation.stopper();
    let Some(reply) = waiting::unless_interrupted(&stopper, conversation.turn(&question)).await else {
        // The statement is stopped on the server before the program ends.
        agent.database().close().await;
        writeln!(io::stderr(), "cancelled").ok();
        return Ok(super::FAILED);
    };
    if json {
        print(&reply.to_json())?;
    } else {
        let surface = screen::surface(&config.environment);
        let shown = terminal::render(&reply, agent.vocabulary(), &surface);
        // stdout carries answers; what failed is none.
        if reply.status == reply::Status::Error {
            writeln!(io::stderr(), "{shown}").ok();
        } else {
            print(&shown)?;
        }
    }
    agent.database().close().await;
    Ok(reply.exit_code())
}

/// The conversation of this run: a named session goes on where it was left.
pub(super) fn conversation(agent: &std::sync::Arc<Agent>, config: &Config) -> Result<Conversation, Failure> {
    let conversation = agent.conversation(principal::local());
    match &config.given.session {
        Some(name) => {
            forget_old(config, name);
            conversation.kept(SessionFile::named(name, &config.paths.state)?)
        }
        None => Ok(conversation),
    }
}

/// Forgets named sessions in which nobody has spoken for long; the bridge's are its own affair.
fn forget_old(config: &Config, going_on: &str) {
    for session in SessionFile::untouched(&config.paths.state, config.settings.agent.keep_days) {
        if session.name() != going_on
            && !bridge::is_session(session.name())
            && let Err(failure) = session.remove()
        {
            tracing::debug!(%failure, "an old session could not be forgotten");
        }
    }
}

/// Prints a failure as the contract's object; its exit status.
pub(super) fn failed(failure: &Failure) -> Status {
    let reply = invalid(failure);
    match print(&reply.to_json()) {
        Ok(()) => reply.exit_code(),
        Err(_) => super::FAILED,
    }
}

/// A failure before any turn: an error, or a refusal.
fn invalid(failure: &Failure) -> Reply {
    let mut reply = failed_reply(failure);
    if reply.status != reply::Status::Refused {
        reply.status = reply::Status::Error;
        reply.confidence = 0.0;
        reply.choices.clear();
        reply.error.get_or_insert_with(|| reply::ReplyError {
            kind: "invalid_arguments".to_owned(),
            message: failure.message.clone(),
            hint: failure.hints.join("\n"),
        });
    }
    reply
}
