//! What people are told of a change set: all that would run, how it stands, and what can be done next. Computed from the
//! stored value alone, so that what is seen is what the digest is over.

use std::fmt::Write;

use serde_json::{Value, json};

use super::changes::{Listed, Shown};
use super::state::{Standing, StepStatus};
use super::{ChangeSet, Step, Undo};
use crate::table::count_in_words;
use crate::{Cell, Column, ColumnType, Role, Table, Told, Unit};

/// Things of a step that are named; more are counted.
const NAMED: usize = 12;
/// Lines of a failed step's output that are repeated.
const SAID: usize = 6;

/// A proposal, as a person must see it before deciding.
pub fn proposal(shown: &Shown) -> Told {
    let change = &shown.stored.change;
    let mut text = format!("`{}` would {}. Nothing has run.\n", change.id, change.summary);
    text.push_str(&details(shown));
    text.push_str(&noted(&change.notes));
    text.push_str(&next(shown));
    let mut told = Told::new(text, data(shown));
    told.change = Some(shown.proposed());
    told
}

/// What a runbook would do, without proposing it.
pub fn preview(change: &ChangeSet) -> Told {
    let mut text = format!("To {} would run:\n", change.summary);
    text.push_str(&steps_of(change));
    text.push_str(&noted(&change.notes));
    writeln!(text, "In all: {}. Nothing is proposed, and nothing has run.", change.blast.spoken()).ok();
    Told::new(text.trim_end(), serde_json::to_value(change).unwrap_or_default())
}

/// A change set as it stands; with what it waits for, where it waits.
pub fn standing(shown: &Shown) -> Told {
    let change = &shown.stored.change;
    let state = &shown.stored.state;
    let mut text = format!("`{}` {}: {}.", change.id, shown.standing.word(), change.summary);
    if let Some(by) = &state.by {
        write!(text, " Last by `{by}` at {}.", state.at.format("%Y-%m-%d %H:%M:%SZ")).ok();
    }
    if let Some(reason) = &state.reason {
        write!(text, " {}.", reason.trim_end_matches('.')).ok();
    }
    text.push('\n');
    if state.began() || shown.standing == Standing::Interrupted {
        text.push_str(&steps(shown));
    }
    if let (Standing::Interrupted, Some(lock)) = (shown.standing, &shown.lock) {
        writeln!(text, "The program that applied it has ended: {}.", lock.spoken()).ok();
    }
    text.push_str(&details(shown));
    text.push_str(&noted(&change.notes));
    text.push_str(&next(shown));
    let mut told = Told::new(text.trim_end(), data(shown));
    if shown.standing == Standing::Waiting {
        told.change = Some(shown.proposed());
    }
    told
}

/// What came of applying.
pub fn applied(shown: &Shown) -> Told {
    let change = &shown.stored.change;
    let mut text = match shown.standing {
        Standing::Applied => format!("`{}` is applied: {}.\n", change.id, change.summary),
        standing => {
            let reason = shown.stored.state.reason.as_deref().unwrap_or("a step did not end well");
            format!("`{}` {}: {}.\n", change.id, standing.word(), reason.trim_end_matches('.'))
        }
    };
    text.push_str(&steps(shown));
    if shown.standing == Standing::Applied {
        for check in &change.checks {
            writeln!(text, "  holds: {} ({})", check.name, check.url).ok();
        }
    } else {
        text.push_str(&next(shown));
    }
    Told::new(text.trim_end(), data(shown))
}

/// The list.
pub fn list(all: &[Listed]) -> Told {
    if all.is_empty() {
        return Told::new("There is no change set yet.", json!([]));
    }
    let waiting = all.iter().filter(|listed| listed.standing == Standing::Waiting).count();
    let text = match (all.len(), waiting) {
        (1, 1) => "There is one change set; it waits for approval.".to_owned(),
        (1, _) => "There is one change set; it waits for nobody.".to_owned(),
        (count, waiting) => format!("There are {count} change sets, {waiting} of them waiting for approval."),
    };
    let column = |name: &str, kind| Column { name: name.to_owned(), kind, role: Role::Attribute, unit: Unit::Plain };
    let columns =
        ["id", "status", "environment", "summary", "proposed_by"].map(|name| column(name, ColumnType::String));
    let rows = all.iter().map(|listed| {
        let texts = [&listed.id, listed.standing.word(), &listed.environment, &listed.summary, &listed.proposed_by];
        let mut row: Vec<Cell> = texts.map(|text: &str| Cell::Text(text.to_owned())).into();
        row.push(Cell::Text(listed.proposed_at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()));
        row
    });
    let table = Table {
        rows: rows.collect(),
        columns: columns.into_iter().chain([column("proposed_at", ColumnType::Datetime)]).collect(),
        truncated: false,
    };
    Told::new(text, serde_json::to_value(all).unwrap_or_default()).with_table(table)
}

/// Everything that the digest is over, and what it reaches.
fn details(shown: &Shown) -> String {
    let change = &shown.stored.change;
    let mut text = steps_of(change);
    let files: usize = change.steps.iter().map(|step| step.inputs.len()).sum();
    writeln!(
        text,
        "In all: {}. Held as they are: {} and {files} files and folders. Digest {}.",
        change.blast.spoken(),
        if change.steps.len() == 1 { "the program".to_owned() } else { format!("{} programs", change.steps.len()) },
        shown.stored.state.digest
    )
    .ok();
    text
}

/// What a person should know before deciding. It stands in the text itself: not every reader of an answer reads notes beside
/// it, and what cannot be undone must not be missed.
pub(super) fn noted(notes: &[String]) -> String {
    let mut text = String::new();
    for note in notes {
        writeln!(text, "  note: {note}").ok();
    }
    text
}

/// What runs, step by step, and what must hold then.
fn steps_of(change: &ChangeSet) -> String {
    let mut text = String::new();
    for (place, step) in change.steps.iter().enumerate() {
        writeln!(text, "  {}. {}", place + 1, step.name).ok();
        writeln!(text, "     runs {}", command(step)).ok();
        writeln!(text, "     in {}", step.invocation.folder.display()).ok();
        if !step.touches.is_empty() {
            let named = step.touches.len().min(NAMED);
            let more = step.touches.len() - named + step.touches_left_out;
            let named = step.touches[..named].join(", ");
            let more = if more > 0 { format!(" and {} more", count_in_words(more)) } else { String::new() };
            writeln!(text, "     touches {named}{more}").ok();
        }
        writeln!(text, "     reaches {}", step.blast.spoken()).ok();
        match &step.undo {
            Undo::Propose { says, .. } => writeln!(text, "     undo: {says}").ok(),
            Undo::Impossible { why } => writeln!(text, "     undo: none; {why}").ok(),
        };
    }
    for check in &change.checks {
        writeln!(text, "  then: {} ({}, within {} s)", check.name, check.url, check.seconds).ok();
    }
    text
}

/// The command of a step as a person could type it.
pub fn command(step: &Step) -> String {
    let quoted = |word: &str| {
        let plain = |sign: char| sign.is_alphanumeric() || "-_./=:,@%+".contains(sign);
        if !word.is_empty() && word.chars().all(plain) {
            word.to_owned()
        } else {
            format!("'{}'", word.replace('\'', "'\\''"))
        }
    };
    let variables = step.invocation.variables.iter().map(|(name, value)| format!("{name}={}", quoted(value)));
    let program = step.invocation.program.display().to_string();
    let words = std::iter::once(program.as_str()).chain(step.invocation.arguments.iter().map(String::as_str));
    variables.chain(words.map(quoted)).collect::<Vec<_>>().join(" ")
}

/// What each step came to.
fn steps(shown: &Shown) -> String {
    let mut text = String::new();
    for (place, (step, state)) in shown.stored.change.steps.iter().zip(&shown.stored.state.steps).enumerate() {
        let seconds = state.elapsed_ms.map_or_else(String::new, |elapsed| format!(" in {:.1} s", elapsed / 1000.0));
        let exit = state.exit.filter(|exit| *exit != 0).map_or_else(String::new, |exit| format!(", exit {exit}"));
        let word = match state.status {
            StepStatus::Waiting => "not begun",
            StepStatus::Started if shown.standing == Standing::Applying => "running",
            StepStatus::Started => "began; it is not known how it ended",
            StepStatus::Done => "done",
            StepStatus::Failed => "FAILED",
            StepStatus::Cancelled => "cancelled on the way",
        };
        writeln!(text, "  step {}: {word}{seconds}{exit}: {}", place + 1, step.name).ok();
        if matches!(state.status, StepStatus::Failed | StepStatus::Cancelled)
            && let Some(said) = &state.said
        {
            let lines: Vec<&str> = said.lines().collect();
            for line in &lines[lines.len().saturating_sub(SAID)..] {
                writeln!(text, "      | {line}").ok();
            }
        }
    }
    text
}

/// What can be done next.
fn next(shown: &Shown) -> String {
    let id = &shown.stored.change.id;
    let environment = &shown.stored.change.environment;
    let needs = shown.requirement;
    let waits = || {
        let mut text = String::new();
        if needs.people > 1 {
            write!(text, "{} different people must approve", needs.people).ok();
            if shown.approved_by.is_empty() {
                text.push_str("; nobody has yet. ");
            } else {
                write!(text, "; so far: {}. ", shown.approved_by.join(", ")).ok();
            }
        }
        let how = if needs.type_name {
            format!("Type `{environment}` to approve, or say \"no\"")
        } else {
            "Say \"yes, apply it\" or \"no\"".to_owned()
        };
        let until = shown.stored.change.expires_at.format("%H:%M:%SZ");
        writeln!(text, "{how}; elsewhere: oms change approve {id}. It stands until {until}.").ok();
        text
    };
    match shown.standing {
        Standing::Waiting => waits(),
        Standing::Interrupted | Standing::Failed | Standing::Cancelled => {
            let done = shown.stored.state.steps.iter().filter(|step| step.status == StepStatus::Done).count();
            let of = shown.stored.state.steps.len();
            format!(
                "{done} of {of} steps are done. Undo what was begun: \"roll back {id}\". Go on with the rest: \
                 oms change approve {id}, then oms change apply {id}.\n"
            )
        }
        Standing::Applied => format!("Undo it: \"roll back {id}\".\n"),
        Standing::Expired => "Nothing ran. Propose it again.\n".to_owned(),
        Standing::Declined | Standing::Applying => String::new(),
    }
}

/// For machines and models.
fn data(shown: &Shown) -> Value {
    json!({
        "id": shown.stored.change.id,
        "status": shown.standing,
        "digest": shown.stored.state.digest,
        "change": shown.stored.change,
        "state": shown.stored.state,
        "approved_by": shown.approved_by,
        "people_needed": shown.requirement.people,
        "type_name": shown.requirement.type_name,
    })
}
