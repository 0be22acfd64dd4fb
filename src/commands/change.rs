//! `oms change`: change sets from elsewhere. Exit 0 done, 1 failed, 4 refused, 5 an approval is missing.
//!
//! Who approves is the operating-system user at the terminal: without a terminal nobody does.

use std::fmt::Write as _;
use std::io::{self, BufRead, IsTerminal, Write};

use oms_tools::change::{Changes, Decision, Person, Shown, Standing, Watching, said};
use oms_tools::process::Cancel;
use oms_tools::{Failure, FailureKind, Told};
use serde_json::{Value, json};

use super::{FAILED, Status, print, screen, waiting};
use crate::cli::{ChangeCommand, OneChange};
use crate::config::Config;
use crate::principal;
use crate::reply::{clean, terminal};

/// Bytes of an answer at the terminal that are read.
const LONGEST_ANSWER: u64 = 256;

pub(super) async fn run(config: &Config, command: ChangeCommand) -> Result<Status, Failure> {
    let changes = config.changes();
    match command {
        ChangeCommand::List { json } => {
            let all = changes.list()?;
            if json {
                print(&json!({ "changes": all }).to_string())?;
            } else {
                let mut lines = vec![said::list(&all).answer];
                lines.extend(all.iter().map(|one| {
                    let what = [&one.id, one.standing.word(), &one.environment, &one.proposed_by, &one.summary];
                    clean::one_line(&format!(
                        "{:9}  {:18}  {:8}  {:8}  {}",
                        what[0], what[1], what[2], what[3], what[4]
                    ))
                }));
                print(&lines.join("\n"))?;
            }
            Ok(0)
        }
        ChangeCommand::Show(one) => told(config, &said::standing(&changes.show(&one.id)?), one.json).map(|()| 0),
        ChangeCommand::Approve(one) => approve(config, &changes, &one),
        ChangeCommand::Decline(one) => decline(config, &changes, &one),
        ChangeCommand::Apply { one, take_over } => apply(config, &changes, &one, take_over).await,
    }
}

fn approve(config: &Config, changes: &Changes, one: &OneChange) -> Result<Status, Failure> {
    let person = present(&one.id, "approve")?;
    let shown = changes.show(&one.id)?;
    // What is approved must be seen by who approves, whatever was seen elsewhere.
    say(config, &said::standing(&shown).answer)?;
    let environment = &shown.stored.change.environment;
    let question = if shown.requirement.type_name {
        format!("Type the environment's name, `{environment}`, to approve as `{}`: ", person.principal().name)
    } else {
        format!("Approve as `{}`? yes or no: ", person.principal().name)
    };
    let answer = ask(&question)?;
    let decision = match answer.as_str() {
        "yes" if !shown.requirement.type_name => Decision::Approve { typed_name: None },
        name if name == environment => Decision::Approve { typed_name: Some(answer.clone()) },
        _ => {
            return Err(Failure::new(FailureKind::ApprovalRequired, format!("`{}` is not approved", one.id))
                .hint(format!("oms change decline {}", one.id)));
        }
    };
    let shown = changes.decide(&person, &one.id, &shown.stored.state.digest, &decision)?;
    let text = match shown.missing() {
        0 => format!("`{}` is approved. Nothing has run: oms change apply {}", one.id, one.id),
        1 => format!("`{}` is approved by {}; one other person must approve", one.id, shown.approved_by.join(", ")),
        more => format!("`{}` is approved by {}; {more} others must", one.id, shown.approved_by.join(", ")),
    };
    told(config, &Told::new(text, summary(&shown)), one.json).map(|()| 0)
}

fn decline(config: &Config, changes: &Changes, one: &OneChange) -> Result<Status, Failure> {
    let person = present(&one.id, "decline")?;
    let shown = changes.show(&one.id)?;
    let shown = changes.decide(&person, &one.id, &shown.stored.state.digest, &Decision::Decline)?;
    let text = format!("`{}` is declined. Nothing ran.", one.id);
    told(config, &Told::new(text, summary(&shown)), one.json).map(|()| 0)
}

async fn apply(config: &Config, changes: &Changes, one: &OneChange, take_over: bool) -> Result<Status, Failure> {
    let watching = Watching { cancel: Cancel::default(), progress: Some(waiting::on_stderr(config)) };
    let principal = principal::local();
    let work = changes.apply(&principal, &one.id, take_over, &watching);
    let stop = || {
        let first = !watching.cancel.is_cancelled();
        watching.cancel.cancel();
        first
    };
    let Some(done) = waiting::until_stopped(stop, work).await else {
        writeln!(io::stderr(), "cancelled").ok();
        return Ok(FAILED);
    };
    let shown = done?;
    told(config, &said::applied(&shown), one.json)?;
    Ok(if shown.standing == Standing::Applied { 0 } else { FAILED })
}

/// The person at this terminal. Fails, as a missing approval, where there is none.
fn present(id: &str, what: &str) -> Result<Person, Failure> {
    if io::stdin().is_terminal() {
        return Ok(Person::present(principal::local()));
    }
    Err(Failure::new(
        FailureKind::ApprovalRequired,
        format!("cannot {what} `{id}`: nobody is here; a person at a terminal decides"),
    )
    .hint(format!("at a terminal: oms change {what} {id}")))
}

/// Asks at the terminal; the answer without its end.
fn ask(question: &str) -> Result<String, Failure> {
    let mut err = io::stderr();
    write!(err, "{question}").and_then(|()| err.flush()).ok();
    let mut answer = String::new();
    io::Read::take(io::stdin().lock(), LONGEST_ANSWER)
        .read_line(&mut answer)
        .map_err(|error| Failure::new(FailureKind::Unavailable, format!("cannot read the answer: {}", error.kind())))?;
    Ok(answer.trim().to_owned())
}

fn summary(shown: &Shown) -> Value {
    json!({
        "id": shown.stored.change.id,
        "digest": shown.stored.state.digest,
        "status": shown.standing,
        "approved_by": shown.approved_by,
        "missing": shown.missing(),
    })
}

fn told(config: &Config, told: &Told, json: bool) -> Result<(), Failure> {
    if json {
        return print(&told.data.to_string());
    }
    let mut text = told.answer.trim_end().to_owned();
    for note in &told.notes {
        write!(text, "\nnote: {note}").ok();
    }
    say(config, &text)
}

fn say(config: &Config, text: &str) -> Result<(), Failure> {
    print(&terminal::text(text, &screen::surface(&config.environment)))
}
