//! The way from a person's message to an approval and to applying. No brain is on it: what a model reads or writes cannot
//! come here, and without a person at the front end nothing is decided.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use oms_tools::audit::{Event, Keep};
use oms_tools::change::{Changes, Decision, Person, ProgressTold, Shown, Standing, Watching, said};
use oms_tools::process::Cancel;
use oms_tools::{Effect, Failure, FailureKind, Principal, Told};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::decision::Said;
use super::gate::{By, Call, Gate, Outcome};
use super::report::{failed_reply, plain};
use crate::principal::user_name;
use crate::reply::{Reply, ReplyError, Status, ToolCall};

/// Whether somebody is there who can decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// A program, a pipe, a script.
    #[default]
    Nobody,
    /// A person who may only look on.
    Onlooker,
    /// A person who may propose and decline, and not approve.
    Proposer,
    /// A person, at a terminal or known by name.
    Person,
}

/// What a button says about a change set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Approve,
    /// No.
    Decline,
}

/// The change set that the next message decides about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pending {
    pub(super) id: String,
    /// What was shown; another digest is not decided about.
    pub(super) digest: String,
    pub(super) environment: String,
}

/// Stops what a conversation applies.
#[derive(Clone, Debug, Default)]
pub struct Stopper(Arc<Mutex<Option<Cancel>>>);

impl Stopper {
    /// Tells the running step to end. True where something is applied: its turn then ends by itself, and says what was
    /// done.
    pub fn stop(&self) -> bool {
        let applying = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A second word is no politer: then the turn is dropped, and the step's group ended.
        applying.as_ref().is_some_and(|cancel| {
            let first = !cancel.is_cancelled();
            cancel.cancel();
            first
        })
    }
}

/// What deciding needs of a conversation.
pub(super) struct Deciding<'a> {
    pub(super) changes: &'a Changes,
    pub(super) gate: &'a Gate,
    pub(super) principal: &'a Principal,
    pub(super) presence: Presence,
    pub(super) progress: Option<ProgressTold>,
    pub(super) stopper: &'a Stopper,
    /// The same was decided before, and it is not known what came of it: what has begun is told and not run again.
    pub(super) again: bool,
}

/// The reply to a decision, and what the next message decides about.
pub(super) struct Decided {
    pub(super) reply: Reply,
    pub(super) pending: Option<Pending>,
}

impl Deciding<'_> {
    /// Does what the person said about what was shown.
    pub(super) async fn decide(&self, said: &Said, pending: Option<&Pending>) -> Decided {
        let outcome = match (said, pending) {
            (Said::About(id), _) => self.about(id),
            (said, Some(pending)) => self.about_pending(said, pending).await,
            (_, None) => Err(Failure::invalid("there is nothing here that waits for a yes; nothing has run")
                .hint("which changes are waiting?")),
        };
        outcome.unwrap_or_else(|failure| {
            // A name that was not typed is asked for again, and who may not decide leaves it to others; anything else ends
            // the matter.
            let again = |pending: &&Pending| {
                failure.kind == FailureKind::InvalidArguments || self.may_decide(said, &pending.id).is_err()
            };
            Decided { reply: failed_reply(&failure), pending: pending.filter(again).cloned() }
        })
    }

    /// Does what a button said about a change set; `seen` is the digest that was shown with it.
    ///
    /// Nothing is approved unseen: a change set that was not shown here, or whose environment's name must be typed, is shown.
    /// What could not be decided leaves what waits for a message as it is.
    pub(super) async fn press(
        &self,
        id: &str,
        seen: Option<&str>,
        verdict: Verdict,
        waiting: Option<&Pending>,
    ) -> Decided {
        let outcome = async {
            self.may_decide(if verdict == Verdict::Decline { &Said::No } else { &Said::Yes }, id)?;
            let shown = self.changes.show(id)?;
            let pending = pending_of(&shown);
            let runs = matches!(
                shown.standing,
                Standing::Waiting | Standing::Interrupted | Standing::Failed | Standing::Cancelled
            );
            let seen = seen == Some(pending.digest.as_str());
            match verdict {
                Verdict::Decline => self.about_pending(&Said::No, &pending).await,
                Verdict::Approve if runs && (!seen || shown.requirement.type_name) => self.about(id),
                Verdict::Approve => self.about_pending(&Said::Yes, &pending).await,
            }
        };
        outcome.await.unwrap_or_else(|failure| Decided { reply: failed_reply(&failure), pending: waiting.cloned() })
    }

    /// Refuses who may not decide here.
    fn may_decide(&self, said: &Said, id: &str) -> Result<(), Failure> {
        let name = &self.principal.name;
        match (self.presence, said) {
            (Presence::Person, _) | (Presence::Proposer, Said::No) => Ok(()),
            (Presence::Onlooker | Presence::Proposer, _) => {
                Err(Failure::refused(format!("refused: `{name}` may not decide about `{id}` here"))
                    .hint("somebody with the right `approver` decides"))
            }
            (Presence::Nobody, _) => Err(Failure::new(
                FailureKind::ApprovalRequired,
                format!("`{id}` waits for a person: nobody is at this end who could decide"),
            )
            .hint(format!("at a terminal: oms change approve {id}"))),
        }
    }

    /// Refuses an approval that would not count: this program's user must be allowed to speak for somebody else.
    fn may_vouch(&self) -> Result<(), Failure> {
        let (here, person) = (user_name(), &self.principal.name);
        if *person == here || self.changes.policy().speaks_for_others(&here) {
            return Ok(());
        }
        Err(Failure::refused(format!("refused: a program of `{here}` may not speak for `{person}`"))
            .hint(format!("an administrator sets `people.speakers = [\"{here}\"]` in oms.toml")))
    }

    /// What came of a decision that was made before, where something did.
    fn came_of(&self, said: &Said, id: &str) -> Result<Option<Decided>, Failure> {
        let shown = self.changes.show(id)?;
        Ok(match (said, shown.standing) {
            (Said::No, Standing::Declined) => Some(Decided { reply: declined(id), pending: None }),
            (Said::No, _) | (_, Standing::Waiting | Standing::Expired | Standing::Declined) => None,
            (_, Standing::Applied) => Some(Decided { reply: applied(&shown), pending: None }),
            _ => Some(self.about(id)?),
        })
    }

    /// Shows a change set, so that the next message can decide about it.
    fn about(&self, id: &str) -> Result<Decided, Failure> {
        let shown = self.changes.show(id)?;
        if !matches!(shown.standing, Standing::Waiting | Standing::Interrupted | Standing::Failed | Standing::Cancelled)
        {
            return Ok(Decided { reply: told(Status::Answered, said::standing(&shown)), pending: None });
        }
        let mut text = said::standing(&shown);
        text.change = Some(shown.proposed());
        Ok(Decided { reply: told(Status::ApprovalRequired, text), pending: Some(pending_of(&shown)) })
    }

    async fn about_pending(&self, said: &Said, pending: &Pending) -> Result<Decided, Failure> {
        let id = &pending.id;
        self.may_decide(said, id)?;
        if self.again
            && let Some(decided) = self.came_of(said, id)?
        {
            return Ok(decided);
        }
        let decision = match said {
            Said::No => Decision::Decline,
            Said::Name(name) => Decision::Approve { typed_name: Some(name.clone()) },
            _ => Decision::Approve { typed_name: None },
        };
        if decision != Decision::Decline {
            self.may_vouch()?;
        }
        let person = Person::present(self.principal.clone());
        let shown = self.changes.decide(&person, id, &pending.digest, &decision)?;
        if decision == Decision::Decline {
            return Ok(Decided { reply: declined(id), pending: None });
        }
        if shown.missing() > 0 {
            let given = shown.approved_by.join(", ");
            let mut text = Told::new(
                format!(
                    "`{id}` is approved by {given}; {} must approve: oms change approve {id}. Nothing has run.",
                    match shown.missing() {
                        1 => "one other person".to_owned(),
                        count => format!("{count} other people"),
                    }
                ),
                json!({ "id": id, "approved_by": shown.approved_by }),
            );
            text.change = Some(shown.proposed());
            return Ok(Decided { reply: told(Status::ApprovalRequired, text), pending: None });
        }
        let reply = self.apply(id, *said == Said::TakeOver).await;
        Ok(Decided { reply, pending: None })
    }

    /// Applies what is approved; every outcome is a reply.
    async fn apply(&self, id: &str, take_over: bool) -> Reply {
        let call = Call {
            principal: self.principal.clone(),
            by: By::Person,
            tool: "apply_change".to_owned(),
            effect: Effect::Applies,
            arguments: json!({ "id": id }),
        };
        let started = Instant::now();
        let watching = Watching { cancel: Cancel::default(), progress: self.progress.clone() };
        *self.stopper.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(watching.cancel.clone());
        let result = match self.gate.before(&call) {
            Ok(()) => self.changes.apply(self.principal, id, take_over, &watching).await,
            Err(failure) => Err(failure),
        };
        *self.stopper.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let elapsed_ms = started.elapsed().as_secs_f64() * 1000.0;
        let status = match &result {
            Ok(shown) if shown.standing == Standing::Applied => "ok",
            Err(failure) if failure.kind == FailureKind::Refused => "refused",
            _ => "error",
        };
        self.gate.after(&call, &Outcome { status, elapsed_ms });
        let mut reply = match result {
            Ok(shown) => applied(&shown),
            Err(failure) => failed_reply(&failure),
        };
        reply.tool_calls =
            vec![ToolCall { tool: call.tool, arguments: call.arguments, status: status.to_owned(), elapsed_ms }];
        reply
    }
}

/// The reply of a change set that was applied, or stopped on the way.
fn applied(shown: &Shown) -> Reply {
    let text = said::applied(shown);
    if shown.standing == Standing::Applied {
        return told(Status::Answered, text);
    }
    let mut reply = plain(Status::Error, text.answer.clone());
    reply.error = Some(ReplyError {
        kind: if shown.standing == Standing::Cancelled { "cancelled" } else { "failed" }.to_owned(),
        message: text.answer,
        hint: format!("oms change show {}", shown.stored.change.id),
    });
    reply
}

fn declined(id: &str) -> Reply {
    let text = Told::new(format!("`{id}` is declined. Nothing ran."), json!({ "id": id, "status": "declined" }));
    told(Status::Answered, text)
}

pub(super) fn pending_of(shown: &Shown) -> Pending {
    Pending {
        id: shown.stored.change.id.clone(),
        digest: shown.stored.state.digest.clone(),
        environment: shown.stored.change.environment.clone(),
    }
}

fn told(status: Status, told: Told) -> Reply {
    let mut reply = plain(status, told.answer.clone());
    reply.confidence = 1.0;
    reply.told = Some(told);
    reply
}

/// A gate that writes every call to the record.
pub(super) fn audited(record: oms_tools::audit::AuditLog) -> Gate {
    let gate = Gate::default();
    let hidden = oms_tools::redact::Redactor::default();
    gate.watch(move |call, outcome| {
        let Some(outcome) = outcome else { return Ok(()) };
        let mut arguments = call.arguments.clone();
        hidden.json(&mut arguments);
        let event = Event::ToolCalled {
            tool: call.tool.clone(),
            effect: call.effect,
            arguments,
            status: outcome.status.to_owned(),
            elapsed_ms: outcome.elapsed_ms,
        };
        let keep = if call.effect == Effect::Reads { Keep::Written } else { Keep::Synced };
        record.append(&call.principal.name, event, keep).map(|_| ())
    });
    gate
}
