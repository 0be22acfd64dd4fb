//! JSON lines in, Block Kit out: the same agent where a team talks, for a Slack-style bot.
//!
//! An event is taken once it stands in the journal, on disk; what was taken is answered, after a kill too, and a repeated
//! event gets its first answer. A channel and thread is a conversation: each in order, all side by side.

mod answer;
mod blocks;
mod drawing;
mod event;
mod forget;
mod journal;
mod lines;
mod speaker;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use oms_tools::{Effect, Failure};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use crate::agent::Agent;
use crate::config::{Config, Rights};
use drawing::Drawing;
use event::Event;
use journal::{Answer, Journal, Known, Left, Unanswered};
use speaker::Speakers;

/// Turns that run at the same time.
const AT_ONCE: usize = 8;
/// Lines that are taken with one write to the disk.
const BATCH: usize = 256;
/// KiB of events that wait; then the input waits.
const WAITING: u32 = 16 * 1024;
/// Messages that wait for the output; then turns wait.
const UNSAID: usize = 64;

tokio::task_local! {
    /// The event whose turn runs, for the gate, which sees its calls.
    static EVENT: String;
}

pub use drawing::draw_lines;

/// Whether a session of this name is a conversation of the bridge.
pub fn is_session(name: &str) -> bool {
    Event::is_session(name)
}

/// What all parts of a bridge share.
struct Bridge {
    agent: Arc<Agent>,
    /// The same on an account that may read personal columns, where a user may see them.
    personal: Option<Arc<Agent>>,
    config: Config,
    journal: Arc<Mutex<Journal>>,
    speakers: Mutex<Speakers>,
    drawing: Drawing,
    turns: Semaphore,
    room: Arc<Semaphore>,
    out: mpsc::Sender<Out>,
}

/// A line that is to be said, and the event that it answers.
struct Out {
    line: Value,
    answers: Option<String>,
}

/// An event that waits for its turn.
struct Waiting {
    taken: Unanswered,
    _room: Option<OwnedSemaphorePermit>,
}

/// Serves until the input ends and all that was taken is answered.
///
/// `personal`: the agent for users who may see personal columns.
pub async fn serve(
    agent: Arc<Agent>,
    personal: Option<Arc<Agent>>,
    config: &Config,
    input: impl AsyncRead + Unpin,
    output: impl AsyncWrite + Unpin + Send + 'static,
) -> Result<(), Failure> {
    let (journal, Left { unsaid, unanswered }) = Journal::open(&config.paths.state)?;
    let journal = Arc::new(Mutex::new(journal));
    for agent in std::iter::once(&agent).chain(&personal) {
        guard(agent, config, &journal);
    }
    let (out, said) = mpsc::channel(UNSAID);
    let writer = tokio::spawn(write(said, output, journal.clone()));
    let bridge = Arc::new(Bridge {
        agent,
        personal,
        config: config.clone(),
        journal,
        speakers: Mutex::new(Speakers::of(config)),
        drawing: Drawing::new(),
        turns: Semaphore::new(AT_ONCE),
        room: Arc::new(Semaphore::new(WAITING as usize)),
        out,
    });
    // What an earlier bridge left, before anything new.
    for (id, line) in unsaid {
        bridge.out.send(Out { line, answers: Some(id) }).await.ok();
    }
    let queues = Queues::new();
    for taken in unanswered {
        queues.put(&bridge, Waiting { taken, _room: None });
    }
    let forgetting = forget::Forgetting::begin(config, &queues);
    let mut lines = lines::Lines::new(input);
    loop {
        let first = tokio::select! {
            line = lines.next() => line,
            // Nobody reads any more: what was taken stands in the journal and is answered next time.
            () = bridge.out.closed() => break,
        };
        let Some(first) = first else { break };
        let mut batch = vec![first];
        while batch.len() < BATCH && lines.ready() {
            batch.extend(lines.next().await);
        }
        let (taken, said) = bridge.take(batch);
        for line in said {
            bridge.out.send(Out { line, answers: None }).await.ok();
        }
        for event in taken {
            let Ok(room) = bridge.room.clone().acquire_many_owned(event.weight()).await else { break };
            let taken = Unanswered { event, began: false, proposing: None };
            queues.put(&bridge, Waiting { taken, _room: Some(room) });
        }
    }
    queues.finish().await;
    drop(forgetting);
    drop(bridge);
    writer.await.ok();
    Ok(())
}

/// Lets only those propose who may, and writes down that a proposal is about to be made.
fn guard(agent: &Agent, config: &Config, journal: &Arc<Mutex<Journal>>) {
    let (rights, journal) = (speaker::rights(&config.settings.bridge), journal.clone());
    agent.gate().watch(move |call, outcome| {
        if outcome.is_some() || call.effect != Effect::Proposes {
            return Ok(());
        }
        let name = &call.principal.name;
        if rights.get(name).copied().unwrap_or_default() < Rights::Operator {
            return Err(Failure::refused(format!("refused: `{name}` may ask here, and not propose a change"))
                .hint("an administrator gives the right `operator` in `bridge.users` in oms.toml"));
        }
        let runbook = call.arguments["runbook"].as_str().unwrap_or_default();
        EVENT.try_with(|event| lock(&journal).proposing(event, runbook)).unwrap_or(Ok(()))
    });
}

impl Bridge {
    /// Takes the events of some lines: those that are new, on the disk when this returns, and what is said at once.
    fn take(&self, batch: Vec<(u64, Result<String, String>)>) -> (Vec<Event>, Vec<Value>) {
        let (mut taken, mut said) = (Vec::new(), Vec::new());
        let error = |number: u64, message: &str| json!({"type": "error", "line": number, "message": message});
        let mut journal = self.journal();
        for (number, line) in batch {
            let known = line.and_then(|text| Event::parse(&text)).and_then(|event| {
                let known = journal.known(&event.id).map_err(|failure| failure.message)?;
                if known.is_none() {
                    journal.take(&event).map_err(|failure| failure.message)?;
                }
                Ok((event, known))
            });
            match known {
                Ok((event, None)) => taken.push(event),
                Ok((_, Some(Known::Answered(answer)))) => said.push(answer),
                // It is being answered: that answer is this one's too.
                Ok((_, Some(Known::Taken))) => {}
                Err(message) => said.push(error(number, &message)),
            }
        }
        if !taken.is_empty()
            && let Err(failure) = journal.sync()
        {
            // They stand in the file, and most likely come to the disk; nobody is left without an answer.
            tracing::warn!(%failure, "events could not be forced to the disk");
        }
        (taken, said)
    }

    /// Says how far a turn is, unless the output is behind: then a later word does.
    fn say_progress(&self, line: Value) {
        self.out.try_send(Out { line, answers: None }).ok();
    }
}

/// The queue of each conversation with something to answer, by its session's name.
type WaitingByConversation = Arc<Mutex<HashMap<String, mpsc::UnboundedSender<Waiting>>>>;

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // What is put and removed as a whole is whole, whatever panicked in between.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One queue for each conversation with something to answer; an idle one is in no memory: not even as an ended task that
/// somebody still has to ask for its result.
struct Queues {
    waiting: WaitingByConversation,
    /// Held by each conversation that has something to answer.
    alive: mpsc::Sender<Infallible>,
    /// Ends when all are done.
    ended: mpsc::Receiver<Infallible>,
}

impl Queues {
    fn new() -> Self {
        let (alive, ended) = mpsc::channel(1);
        Self { waiting: Arc::default(), alive, ended }
    }

    fn put(&self, bridge: &Arc<Bridge>, event: Waiting) {
        let key = event.taken.event.session();
        let mut waiting = lock(&self.waiting);
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
        let conversing = converse(bridge.clone(), key, events, self.waiting.clone());
        let alive = self.alive.clone();
        tokio::spawn(async move {
            conversing.await;
            drop(alive);
        });
    }

    async fn finish(self) {
        let Self { alive, mut ended, .. } = self;
        drop(alive);
        ended.recv().await;
    }
}

/// Answers a conversation's events in order, until there is none; then the conversation leaves memory.
async fn converse(
    bridge: Arc<Bridge>,
    key: String,
    mut events: mpsc::UnboundedReceiver<Waiting>,
    waiting: WaitingByConversation,
) {
    loop {
        let event = {
            // Under the lock nothing can be put between the look and the leaving.
            let mut waiting = lock(&waiting);
            let Ok(event) = events.try_recv() else {
                waiting.remove(&key);
                if waiting.len() * 4 < waiting.capacity() {
                    waiting.shrink_to_fit();
                }
                return;
            };
            event
        };
        // Whoever waits longest is next: a conversation with many events waits anew for each.
        let Ok(turn) = bridge.turns.acquire().await else { return };
        let id = event.taken.event.id.clone();
        let said = Box::pin(bridge.answer(&event.taken)).await;
        drop(turn);
        let answer = Answer { message: said.message, sql: said.sql };
        let kept = bridge.journal().answered(&id, &answer, said.shown);
        if let Err(failure) = kept {
            tracing::warn!(%failure, "an answer could not be kept");
        }
        if bridge.out.send(Out { line: answer.message, answers: Some(id) }).await.is_err() {
            return;
        }
    }
}

/// Writes what is to be said, and keeps which answers were.
async fn write(mut said: mpsc::Receiver<Out>, mut output: impl AsyncWrite + Unpin, journal: Arc<Mutex<Journal>>) {
    let mut some = Vec::new();
    while said.recv_many(&mut some, UNSAID).await > 0 {
        let (mut text, mut ids) = (String::new(), Vec::new());
        for Out { line, answers } in some.drain(..) {
            text.push_str(&line.to_string());
            text.push('\n');
            ids.extend(answers);
        }
        if output.write_all(text.as_bytes()).await.is_err() || output.flush().await.is_err() {
            return;
        }
        if !ids.is_empty()
            && let Err(failure) = lock(&journal).said(ids)
        {
            tracing::warn!(%failure, "which answers were said could not be kept");
        }
    }
}
