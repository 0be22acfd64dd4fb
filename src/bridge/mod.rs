//! JSON lines in, Block Kit out: the same agent where a team talks, for a Slack-style bot.
//!
//! An event is taken once it stands in the journal, on disk; what was taken is answered, after a kill too, and a repeated
//! event gets its first answer. A channel and thread is a conversation: each in order, all side by side.

mod blocks;
mod event;
mod journal;
mod lines;
mod speaker;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use oms_tools::{Failure, Principal};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::agent::{Agent, Conversation, SessionFile, failed_reply};
use crate::config::Config;
use crate::repl::Converse;
use crate::reply::Reply;
use event::{Event, Kind};
use journal::{Journal, Known};
use speaker::Speakers;

/// Turns that run at the same time.
const AT_ONCE: usize = 8;

/// What all parts of a bridge share.
struct Bridge {
    agent: Arc<Agent>,
    config: Config,
    journal: Mutex<Journal>,
    speakers: Mutex<Speakers>,
    turns: Semaphore,
    out: mpsc::Sender<Value>,
}

/// Serves until the input ends and all that was taken is answered.
pub async fn serve(
    agent: Arc<Agent>,
    config: &Config,
    input: impl AsyncRead + Unpin,
    output: impl AsyncWrite + Unpin + Send + 'static,
) -> Result<(), Failure> {
    let (journal, unfinished) = Journal::open(&config.paths.state)?;
    let (out, said) = mpsc::channel(64);
    let writer = tokio::spawn(write(said, output));
    let bridge = Arc::new(Bridge {
        agent,
        config: config.clone(),
        journal: Mutex::new(journal),
        speakers: Mutex::new(Speakers::of(config)),
        turns: Semaphore::new(AT_ONCE),
        out,
    });
    let mut queues = Queues::default();
    for event in unfinished {
        queues.put(&bridge, event);
    }
    let mut lines = lines::Lines::new(input);
    loop {
        let line = tokio::select! {
            line = lines.next() => line,
            // Nobody reads any more: what was taken stands in the journal and is answered next time.
            () = bridge.out.closed() => break,
        };
        let Some((number, line)) = line else { break };
        let taken = line.and_then(|text| Event::parse(&text)).and_then(|event| {
            let mut journal = bridge.journal.lock().unwrap_or_else(PoisonError::into_inner);
            let known = journal.known(&event.id);
            if known.is_none() {
                journal.take(&event).map_err(|failure| failure.message)?;
            }
            Ok((event, known))
        });
        match taken {
            Ok((event, None)) => queues.put(&bridge, event),
            Ok((_, Some(Known::Answered(answer)))) => {
                bridge.out.send(answer).await.ok();
            }
            // It is being answered: that answer is this one's too.
            Ok((_, Some(Known::Taken))) => {}
            Err(message) => {
                bridge.out.send(json!({"type": "error", "line": number, "message": message})).await.ok();
            }
        }
    }
    queues.finish().await;
    drop(bridge);
    writer.await.ok();
    Ok(())
}

/// One queue for each conversation with something to answer; an idle one is in no memory.
#[derive(Default)]
struct Queues {
    waiting: Arc<Mutex<HashMap<String, mpsc::UnboundedSender<Event>>>>,
    running: JoinSet<()>,
}

impl Queues {
    fn put(&mut self, bridge: &Arc<Bridge>, event: Event) {
        let key = event.conversation();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let event = match waiting.get(&key) {
            Some(queue) => match queue.send(event) {
                Ok(()) => return,
                Err(unsent) => unsent.0,
            },
            None => event,
        };
        let (sender, events) = mpsc::unbounded_channel();
        sender.send(event).ok();
        waiting.insert(key.clone(), sender);
        drop(waiting);
        while self.running.try_join_next().is_some() {}
        self.running.spawn(converse(bridge.clone(), key, events, self.waiting.clone()));
    }

    async fn finish(mut self) {
        while self.running.join_next().await.is_some() {}
    }
}

/// Answers a conversation's events in order, until there is none; then the conversation leaves memory.
async fn converse(
    bridge: Arc<Bridge>,
    key: String,
    mut events: mpsc::UnboundedReceiver<Event>,
    waiting: Arc<Mutex<HashMap<String, mpsc::UnboundedSender<Event>>>>,
) {
    loop {
        let event = {
            // Under the lock nothing can be put between the look and the leaving.
            let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let Ok(event) = events.try_recv() else {
                waiting.remove(&key);
                return;
            };
            event
        };
        let Ok(turn) = bridge.turns.acquire().await else { return };
        let answer = answer(&bridge, &event).await;
        drop(turn);
        let kept = bridge.journal.lock().unwrap_or_else(PoisonError::into_inner).answered(&event.id, &answer);
        if let Err(failure) = kept {
            tracing::warn!(%failure, "an answer could not be kept");
        }
        if bridge.out.send(answer).await.is_err() {
            return;
        }
    }
}

async fn answer(bridge: &Bridge, event: &Event) -> Value {
    let speaker = bridge.speakers.lock().unwrap_or_else(PoisonError::into_inner).admit(&event.user);
    let principal = match speaker {
        Ok(principal) => principal,
        Err(failure) => return blocks::message(event, &failed_reply(&failure), &bridge.agent, None),
    };
    match &event.kind {
        Kind::Message { text } => {
            let reply = turn(bridge, event, principal, text).await;
            blocks::message(event, &reply, &bridge.agent, Some(&event.id))
        }
        Kind::ShowSql { of } => {
            let sql = bridge.journal.lock().unwrap_or_else(PoisonError::into_inner).sql(of);
            blocks::sql(event, sql.as_deref())
        }
        Kind::Other { action } => {
            let failure = Failure::refused(format!("refused `{action}`: it cannot be done from here"))
                .hint("a change is approved at a terminal: `oms change approve ID`");
            blocks::message(event, &failed_reply(&failure), &bridge.agent, None)
        }
    }
}

async fn turn(bridge: &Bridge, event: &Event, principal: Principal, text: &str) -> Reply {
    let session = SessionFile::named(&event.session(), &bridge.config.paths.state);
    let conversation: Result<Conversation, Failure> =
        session.and_then(|session| bridge.agent.conversation(principal).kept(session));
    match conversation {
        Ok(mut conversation) => conversation.turn(text).await,
        Err(failure) => failed_reply(&failure),
    }
}

async fn write(mut said: mpsc::Receiver<Value>, mut output: impl AsyncWrite + Unpin) {
    while let Some(mut value) = said.recv().await {
        // Kept for the button, and none of the contract's keys.
        if let Some(message) = value.as_object_mut() {
            message.remove("sql");
        }
        let mut line = value.to_string();
        line.push('\n');
        if output.write_all(line.as_bytes()).await.is_err() || output.flush().await.is_err() {
            return;
        }
    }
}
