//! `oms eval --replay DIR`: recorded turns against the program as it is, without a model; and `--again DIR`: the same questions
//! of the model itself, which is how a recording is made anew.

use std::collections::HashMap;
use std::path::Path;

use oms_tools::Failure;

use crate::agent::{Agent, Conversation};
use crate::brain::Tape;
use crate::commands::{FAILED, Status, print, waiting::Waiting};
use crate::config::Config;
use crate::eval::recording::{self, RecordedTurn, Replayed};
use crate::principal;
use crate::repl::Converse;
use crate::reply::Reply;

/// Asks what was recorded, and holds what comes of it against the record. Passes only where every turn is the same. With
/// `anew`, what comes now of turns whose requests are the recorded ones is written there: the models' answers stay as they
/// were given.
pub(super) async fn run(config: &Config, folder: &Path, anew: Option<&Path>) -> Result<Status, Failure> {
    let turns = recording::read(folder)?;
    let mut kept = Vec::new();
    let tape = Tape::player();
    let mut asking = Asking::start(config, &tape).await?;
    let (mut same, mut stale, mut other) = (0, Vec::new(), Vec::new());
    for turn in &turns {
        tape.put(turn.exchanges.clone());
        let now = recording::outcome(&asking.ask(turn).await);
        let asked_otherwise = tape.other();
        let compared = turn.compare(&now, asked_otherwise, tape.take().len());
        if anew.is_some() && !matches!(compared, Replayed::Stale(_)) {
            kept.push(RecordedTurn { outcome: now, ..turn.clone() });
        }
        match compared {
            Replayed::Same => same += 1,
            Replayed::Stale(cause) => stale.push(format!("asked otherwise  {}: {cause}", turn.question)),
            Replayed::Other(cause) => other.push(format!("another outcome  {}: {cause}", turn.question)),
        }
    }
    asking.end().await;
    if let Some(folder) = anew {
        recording::write(folder, &kept)?;
    }
    let mut lines = vec![format!(
        "{} recorded turns: {same} the same, {} where the model is asked otherwise, {} with another outcome",
        turns.len(),
        stale.len(),
        other.len()
    )];
    let mut hints = Vec::new();
    let folder = folder.display();
    if !other.is_empty() {
        hints.push(format!(
            "hint: where another outcome is meant: oms eval --replay {folder} --record {folder}, and look at what it changes"
        ));
    }
    if !stale.is_empty() {
        hints.push(format!(
            "hint: what the model is told has changed, so that its answers prove nothing any more; with the model here and \
             the settings of the recording, record anew: oms --brain {} eval --again {folder} --record {folder}",
            turns.first().and_then(|turn| turn.outcome.get("brain")?.as_str()).unwrap_or("BRAIN")
        ));
    }
    let passed = other.is_empty() && stale.is_empty();
    lines.extend(other);
    lines.extend(stale);
    lines.extend(hints);
    print(&lines.join("\n"))?;
    Ok(if passed { 0 } else { FAILED })
}

/// Asks the model itself what was asked when this was recorded, and keeps what it is asked and answers now in `into`.
pub(super) async fn again(config: &Config, folder: &Path, into: &Path) -> Result<Status, Failure> {
    let turns = recording::read(folder)?;
    let tape = Tape::recorder();
    let mut asking = Asking::start(config, &tape).await?;
    let (mut kept, mut lines, mut before) = (Vec::new(), Vec::new(), 0);
    for turn in &turns {
        let reply = asking.ask(turn).await;
        let exchanges = tape.take();
        if exchanges.is_empty() {
            lines.push(format!("no model was asked  {}: {}", turn.question, reply.answer));
            continue;
        }
        let outcome = recording::outcome(&reply);
        if turn.outcome == outcome {
            before += 1;
        } else {
            let difference = crate::brain::difference("reply", &turn.outcome, &outcome);
            lines.push(format!("otherwise  {}: {difference}", turn.question));
        }
        let (conversation, question) = (turn.conversation.clone(), turn.question.clone());
        kept.push(RecordedTurn { conversation, question, exchanges, outcome });
    }
    asking.end().await;
    recording::write(into, &kept)?;
    let told = format!("{} turns: {} are recorded anew, {before} with the outcome as before", turns.len(), kept.len());
    lines.insert(0, told);
    print(&lines.join("\n"))?;
    Ok(if kept.len() == turns.len() { 0 } else { FAILED })
}

/// The agent and its conversations, asked turn by turn.
struct Asking {
    agent: std::sync::Arc<Agent>,
    conversations: HashMap<String, Conversation>,
}

impl Asking {
    async fn start(config: &Config, tape: &Tape) -> Result<Self, Failure> {
        let mut config = config.clone();
        config.given.tape = Some(tape.clone());
        let agent = Agent::start(&config, &Waiting::of(&config)).await?;
        Ok(Self { agent, conversations: HashMap::new() })
    }

    async fn ask(&mut self, turn: &RecordedTurn) -> Reply {
        let begin = || self.agent.conversation(principal::local());
        match &turn.conversation {
            Some(name) => self.conversations.entry(name.clone()).or_insert_with(begin).turn(&turn.question).await,
            None => begin().turn(&turn.question).await,
        }
    }

    async fn end(&self) {
        self.agent.database().close().await;
    }
}
