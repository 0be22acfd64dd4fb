//! `oms eval --replay DIR`: recorded turns against the program as it is, without a model.

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

/// Asks what was recorded, and holds what comes of it against the record. Passes where at least so many turns are the same
/// (none named: all) and none has another outcome. With `anew`, what comes now of turns whose requests are the recorded ones is
/// written there: the models' answers stay as they were given.
pub(super) async fn run(
    config: &Config,
    folder: &Path,
    at_least: Option<usize>,
    anew: Option<&Path>,
) -> Result<Status, Failure> {
    let turns = recording::read(folder)?;
    let mut kept = Vec::new();
    let tape = Tape::player();
    let mut config = config.clone();
    config.given.tape = Some(tape.clone());
    let agent = Agent::start(&config, &Waiting::of(&config)).await?;
    let mut conversations: HashMap<&str, Conversation> = HashMap::new();
    let (mut same, mut retold, mut stale, mut other) = (0, 0, Vec::new(), Vec::new());
    for turn in &turns {
        let begin = || agent.conversation(principal::local());
        tape.put(turn.exchanges.clone());
        let reply = match turn.conversation.as_deref() {
            Some(name) => conversations.entry(name).or_insert_with(begin).turn(&turn.question).await,
            None => begin().turn(&turn.question).await,
        };
        let now = recording::outcome(&reply);
        let asked_otherwise = tape.other();
        let compared = turn.compare(&now, asked_otherwise, tape.take().len());
        if anew.is_some() && !matches!(compared, Replayed::Stale(_)) {
            kept.push(RecordedTurn { outcome: now, ..turn.clone() });
        }
        retold += usize::from(tape.retold());
        match compared {
            Replayed::Same => same += 1,
            Replayed::Stale(cause) => stale.push(format!("asked otherwise  {}: {cause}", turn.question)),
            Replayed::Other(cause) => other.push(format!("another outcome  {}: {cause}", turn.question)),
        }
    }
    agent.database().close().await;
    if let Some(folder) = anew {
        recording::write(folder, &kept)?;
    }
    let mut lines = vec![format!(
        "{} recorded turns: {same} the same, {} where the model is asked otherwise, {} with another outcome",
        turns.len(),
        stale.len(),
        other.len()
    )];
    if retold > 0 {
        lines.push(format!("in {retold} of them the model was told other instructions or tools when it was recorded"));
    }
    let wanted = at_least.unwrap_or(turns.len());
    let passed = other.is_empty() && same >= wanted;
    lines.extend(other);
    lines.extend(stale);
    if !passed {
        lines.push(format!("hint: {wanted} must be the same; where the change is meant, record anew with --record"));
    }
    print(&lines.join("\n"))?;
    Ok(if passed { 0 } else { FAILED })
}
