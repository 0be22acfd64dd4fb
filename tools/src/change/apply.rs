//! Applying a change set: the only place that changes the world.
//!
//! Everything is looked at again first, and each step's own things again before it starts. What is about to happen is on
//! disk before it happens, and what happened as soon as it has; a crash in between leaves a step of which both are told:
//! that it began, and that its end is not known.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use chrono::{SubsecRound, Utc};
use sha2::{Digest, Sha256};

use super::changes::{Changes, Shown, cannot_run, expired};
use super::files::recheck;
use super::lock::{Lock, Owner};
use super::progress::{self, Happened, Progress, Told};
use super::state::{Standing, Status, StepStatus};
use super::store::Stored;
use super::{Step, checks};
use crate::audit::{Event, Keep, hex};
use crate::process::{Cancel, Watch};
use crate::{Failure, FailureKind, Principal, terraform};

/// Lines of a step's output that its state keeps, the last ones.
const LINES: usize = 20;

/// Who looks on while a change set is applied, and can stop it.
#[derive(Clone, Default)]
pub struct Watching {
    /// Stops it: the step that runs is asked to end, and no other begins.
    pub cancel: Cancel,
    /// Told what happens.
    pub progress: Option<Told>,
}

/// A step's outcome.
struct Outcome {
    status: StepStatus,
    exit: Option<i32>,
    reason: Option<String>,
}

/// One run over the steps.
struct Run<'a> {
    changes: &'a Changes,
    principal: &'a Principal,
    watching: &'a Watching,
    stored: Stored,
    began: Instant,
}

impl Changes {
    /// Applies a change set that enough people have approved, or goes on with one that stopped.
    ///
    /// Returns how it stands afterwards, failed or cancelled ones included. Fails, with nothing run, where an approval is
    /// missing ([`FailureKind::ApprovalRequired`]), where anything is not as it was seen, where the environment is locked,
    /// and where the record cannot be written.
    pub async fn apply(
        &self,
        principal: &Principal,
        id: &str,
        take_over: bool,
        watching: &Watching,
    ) -> Result<Shown, Failure> {
        let stored = self.store.get(id)?;
        let (change, digest) = (stored.change.clone(), stored.state.digest.clone());
        let checked = self.begin(principal, stored, take_over);
        let (stored, approvers, lock) = match checked {
            Ok(begun) => begun,
            Err(failure) => {
                if failure.kind != FailureKind::ApprovalRequired {
                    let reason = failure.message.clone();
                    let event = Event::Stopped { change: change.id, digest, reason };
                    self.record.append(&principal.name, event, Keep::Synced)?;
                }
                return Err(failure);
            }
        };
        if let Some(from) = &lock.taken_from {
            let event = Event::TookOver {
                environment: change.environment.clone(),
                change: change.id.clone(),
                from: from.spoken(),
            };
            self.record.append(&principal.name, event, Keep::Synced)?;
        }
        let event = Event::ApplyStarted { change: change.id.clone(), digest, approvers };
        self.record.append(&principal.name, event, Keep::Synced)?;
        let mut run = Run { changes: self, principal, watching, stored, began: Instant::now() };
        run.all().await?;
        drop(lock);
        self.show(id)
    }

    /// Everything that must hold before the first step, and the approvals used up.
    fn begin(
        &self,
        principal: &Principal,
        mut stored: Stored,
        take_over: bool,
    ) -> Result<(Stored, Vec<String>, Lock), Failure> {
        let id = stored.change.id.clone();
        let environment = stored.change.environment.clone();
        match self.standing(&stored) {
            Standing::Expired => return Err(expired(&id)),
            standing if !standing.can_run() => return Err(cannot_run(&id, standing)),
            _ => {}
        }
        self.policy.may_propose(&principal.name, &environment)?;
        self.deploy.environment(Some(&environment))?;
        let needs = self.requirement(&stored.change);
        let counting = self.counting(&stored, &needs)?;
        if counting.len() < needs.people {
            return Err(missing(&id, counting.len(), needs.people));
        }
        let owner = Owner::this(&principal.name, &id, Utc::now().trunc_subsecs(3));
        let lock = self.locks.take(&environment, owner, take_over)?;
        // Another program may have gone on with it before the lock was had.
        let again = self.store.get(&id)?;
        if again.state != stored.state {
            return Err(Failure::refused(format!("refused: `{id}` was changed by another program"))
                .hint(format!("oms change show {id}")));
        }
        for (step, state) in stored.change.steps.iter().zip(&stored.state.steps) {
            if state.status != StepStatus::Done {
                self.recheck(&environment, step)?;
            }
        }
        let (approvers, used): (Vec<_>, Vec<_>) = counting.into_iter().unzip();
        stored.state.used.extend(used);
        stored.state.status = Status::Applying;
        stored.state.by = Some(principal.name.clone());
        stored.state.at = Utc::now().trunc_subsecs(3);
        stored.state.reason = None;
        self.store.put(&id, &stored.state)?;
        Ok((stored, approvers, lock))
    }

    /// A step's program, files and saved plan, as they are now.
    fn recheck(&self, environment: &str, step: &Step) -> Result<(), Failure> {
        recheck(step)?;
        if let Some(plan) = &step.plan {
            terraform::saved(&self.deploy, environment, plan)?;
        }
        Ok(())
    }
}

/// The failure of a change set that waits for people.
pub(super) fn missing(id: &str, given: usize, people: usize) -> Failure {
    let text = match (given, people) {
        (0, 1) => "nobody has approved it".to_owned(),
        (0, people) => format!("{people} different people must approve it, and none has"),
        (given, people) => format!("{people} different people must approve it, and {given} has"),
    };
    Failure::new(FailureKind::ApprovalRequired, format!("`{id}` waits: {text}"))
        .hint(format!("oms change approve {id}"))
}

impl Run<'_> {
    /// Every step that is not done, then the checks, then the end.
    async fn all(&mut self) -> Result<(), Failure> {
        let count = self.stored.change.steps.len();
        let mut status = Status::Applied;
        for place in 0..count {
            if self.stored.state.steps[place].status == StepStatus::Done {
                continue;
            }
            let outcome = self.step(place).await?;
            match outcome.status {
                StepStatus::Done => {}
                StepStatus::Cancelled => status = Status::Cancelled,
                _ => status = Status::Failed,
            }
            if outcome.status != StepStatus::Done {
                self.stored.state.reason = outcome.reason;
                break;
            }
        }
        if status == Status::Applied {
            for check in &self.stored.change.checks {
                self.tell(0, Happened::Checks(check.name.clone()));
                if let Err(failure) = checks::hold(check, &self.watching.cancel).await {
                    status = if self.watching.cancel.is_cancelled() { Status::Cancelled } else { Status::Failed };
                    self.stored.state.reason = Some(failure.message);
                    break;
                }
            }
        }
        self.stored.state.status = status;
        self.stored.state.at = Utc::now().trunc_subsecs(3);
        self.put()?;
        let word = match status {
            Status::Applied => "applied",
            Status::Cancelled => "cancelled",
            _ => "failed",
        };
        self.append(Event::ApplyEnded {
            change: self.stored.change.id.clone(),
            digest: self.stored.state.digest.clone(),
            status: word.to_owned(),
            elapsed_ms: milliseconds(self.began),
        })
    }

    async fn step(&mut self, place: usize) -> Result<Outcome, Failure> {
        let step = self.stored.change.steps[place].clone();
        let (change, digest) = (self.stored.change.id.clone(), self.stored.state.digest.clone());
        let number = place + 1;
        // An earlier step, or somebody else, may have changed what this one reads.
        if let Err(failure) = self.changes.recheck(&self.stored.change.environment, &step) {
            let event = Event::Stopped { change, digest, reason: failure.message.clone() };
            self.append(event)?;
            return Ok(Outcome { status: StepStatus::Failed, exit: None, reason: Some(failure.message) });
        }
        if self.watching.cancel.is_cancelled() {
            return Ok(Outcome { status: StepStatus::Cancelled, exit: None, reason: Some("it was cancelled".into()) });
        }
        self.stored.state.steps[place].status = StepStatus::Started;
        self.put()?;
        self.append(Event::StepStarted {
            change: change.clone(),
            digest: digest.clone(),
            step: number,
            name: step.name.clone(),
        })?;
        self.tell(number, Happened::Starts(step.name.clone()));
        let started = Instant::now();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let ended = self.run(&step, number, &heard).await;
        let heard = std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner));
        let outcome = match ended {
            Ok(status) if status.success() => Outcome { status: StepStatus::Done, exit: Some(0), reason: None },
            Ok(status) => Outcome {
                status: StepStatus::Failed,
                exit: status.code(),
                reason: Some(format!("{} failed: {status}", step.name)),
            },
            Err(failure) if self.watching.cancel.is_cancelled() => {
                Outcome { status: StepStatus::Cancelled, exit: None, reason: Some(failure.message) }
            }
            Err(failure) => Outcome { status: StepStatus::Failed, exit: None, reason: Some(failure.message) },
        };
        let word = match outcome.status {
            StepStatus::Done => "done",
            StepStatus::Cancelled => "cancelled",
            _ => "failed",
        };
        let state = &mut self.stored.state.steps[place];
        state.status = outcome.status;
        state.exit = outcome.exit;
        state.elapsed_ms = Some(milliseconds(started));
        state.said = Some(heard.last.join("\n")).filter(|said| !said.is_empty());
        self.put()?;
        self.append(Event::StepEnded {
            change,
            digest,
            step: number,
            status: word.to_owned(),
            exit: outcome.exit,
            elapsed_ms: milliseconds(started),
            output: hex(&heard.hash.finalize()),
        })?;
        self.tell(number, Happened::Ended(word.to_owned()));
        Ok(outcome)
    }

    /// Runs a step's program to its end, hearing each line.
    async fn run(
        &self,
        step: &Step,
        number: usize,
        heard: &Arc<Mutex<Heard>>,
    ) -> Result<std::process::ExitStatus, Failure> {
        let program = self.changes.deploy.start(&step.invocation)?;
        let (heard, progress) = (heard.clone(), self.watching.progress.clone());
        let (of, began) = (self.stored.change.steps.len(), self.began);
        let mut watch = Watch::telling(move |line| {
            let Some(text) = heard.lock().unwrap_or_else(PoisonError::into_inner).hear(line.text) else { return };
            if let Some(progress) = &progress {
                progress(&Progress { step: number, of, elapsed: began.elapsed(), happened: Happened::Says(text) });
            }
        });
        watch.cancel = self.watching.cancel.clone();
        Ok(program.watch(&watch).await?.status)
    }

    fn put(&self) -> Result<(), Failure> {
        self.changes.store.put(&self.stored.change.id, &self.stored.state)
    }

    fn append(&self, event: Event) -> Result<(), Failure> {
        self.changes.record.append(&self.principal.name, event, Keep::Synced).map(|_| ())
    }

    fn tell(&self, step: usize, happened: Happened) {
        if let Some(progress) = &self.watching.progress {
            progress(&Progress { step, of: self.stored.change.steps.len(), elapsed: self.began.elapsed(), happened });
        }
    }
}

/// What a step said: a hash of all of it, and its end.
#[derive(Default)]
struct Heard {
    hash: Sha256,
    last: Vec<String>,
}

impl Heard {
    /// Takes a line; what it says to a person.
    fn hear(&mut self, line: &str) -> Option<String> {
        self.hash.update(line.as_bytes());
        self.hash.update(b"\n");
        let text = progress::spoken(line)?;
        if self.last.len() == LINES {
            self.last.remove(0);
        }
        self.last.push(text.clone());
        Some(text)
    }
}

fn milliseconds(since: Instant) -> f64 {
    (since.elapsed().as_secs_f64() * 1_000_000.0).round() / 1000.0
}
