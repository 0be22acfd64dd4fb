//! All change sets of a run: proposing, showing and deciding. Applying stands in `apply`.
//!
//! Nothing here is a tool. A decision takes a [`Person`], which only a front end with a person at it can make: no argument,
//! no text and no model reaches it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Serialize;

use super::lock::{Locks, Owner};
use super::state::{Standing, State, Status};
use super::store::{Approval, Store, Stored};
use super::{ChangeSet, Policy, Requirement};
use crate::audit::{AuditLog, Event, Keep};
use crate::deploy::Deploy;
use crate::private::Access;
use crate::{Failure, FailureKind, Principal, ProposedChange};

/// A person who is at the front end now: made by front ends that know it, from a terminal or a mapped user, and never from
/// anything that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person(Principal);

impl Person {
    /// The person that a front end has in front of it.
    pub fn present(principal: Principal) -> Self {
        Self(principal)
    }

    /// Who it is.
    pub fn principal(&self) -> &Principal {
        &self.0
    }
}

/// What a person decides about the digest that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes; with the environment's name, where the person typed it.
    Approve {
        /// What was typed as the environment's name.
        typed_name: Option<String>,
    },
    /// No.
    Decline,
}

/// A change set as it stands.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The set and its state.
    pub stored: Stored,
    /// How it stands now.
    pub standing: Standing,
    /// Who has approved this digest, where that still counts.
    pub approved_by: Vec<String>,
    /// What it needs.
    pub requirement: Requirement,
    /// Who holds the environment's lock.
    pub lock: Option<Owner>,
}

impl Shown {
    /// How many more people must approve.
    pub fn missing(&self) -> usize {
        self.requirement.people.saturating_sub(self.approved_by.len())
    }

    /// As a reply names it.
    pub fn proposed(&self) -> ProposedChange {
        let change = &self.stored.change;
        ProposedChange {
            id: change.id.clone(),
            digest: self.stored.state.digest.clone(),
            summary: change.summary.clone(),
            expires_at: change.expires_at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        }
    }
}

/// A line of the list.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// The id.
    pub id: String,
    /// How it stands.
    pub standing: Standing,
    /// Where.
    pub environment: String,
    /// What.
    pub summary: String,
    /// Who.
    pub proposed_by: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
}

/// The change sets of a run.
#[derive(Debug)]
pub struct Changes {
    pub(super) store: Store,
    pub(super) locks: Locks,
    pub(super) record: AuditLog,
    pub(super) policy: Policy,
    pub(super) deploy: Arc<Deploy>,
}

impl Changes {
    /// The change sets in a folder. Nothing is made until something is proposed.
    pub fn new(folder: PathBuf, access: Access, record: AuditLog, policy: Policy, deploy: Arc<Deploy>) -> Self {
        Self { locks: Locks::new(&folder, access), store: Store::new(folder, access), record, policy, deploy }
    }

    /// What is deployed where.
    pub fn deploy(&self) -> &Arc<Deploy> {
        &self.deploy
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// All of them, newest first.
    pub fn list(&self) -> Result<Vec<Listed>, Failure> {
        let all = self.store.all()?;
        Ok(all
            .into_iter()
            .map(|stored| Listed {
                standing: self.standing(&stored),
                id: stored.change.id,
                environment: stored.change.environment,
                summary: stored.change.summary,
                proposed_by: stored.change.proposed_by,
                proposed_at: stored.change.proposed_at,
            })
            .collect())
    }

    /// One as it stands now.
    pub fn show(&self, id: &str) -> Result<Shown, Failure> {
        let stored = self.store.get(id)?;
        let requirement = self.requirement(&stored.change);
        let approved_by = self.counting(&stored, &requirement)?.into_iter().map(|(person, _)| person).collect();
        Ok(Shown {
            standing: self.standing(&stored),
            approved_by,
            requirement,
            lock: self.locks.holder(&stored.change.environment),
            stored,
        })
    }

    /// The newest one that was begun, whatever came of it: what "the last one" means to who wants it undone.
    pub fn last_begun(&self) -> Result<Stored, Failure> {
        self.store.all()?.into_iter().find(|stored| stored.state.began()).ok_or_else(|| {
            Failure::new(FailureKind::NotFound, "there is nothing to roll back: no change was applied from here")
                .hint("oms change list")
        })
    }

    pub(super) fn requirement(&self, change: &ChangeSet) -> Requirement {
        self.policy.requirement(&change.environment, &change.blast)
    }

    /// How a change set stands: its state held against the clock and the lock.
    pub(super) fn standing(&self, stored: &Stored) -> Standing {
        match stored.state.status {
            Status::Proposed if stored.change.expires_at <= Utc::now() => Standing::Expired,
            Status::Proposed => Standing::Waiting,
            Status::Declined => Standing::Declined,
            Status::Applied => Standing::Applied,
            Status::Failed => Standing::Failed,
            Status::Cancelled => Standing::Cancelled,
            Status::Applying => {
                let holder = self.locks.holder(&stored.change.environment);
                let mine = holder.is_some_and(|owner| owner.change == stored.change.id && owner.lives());
                if mine { Standing::Applying } else { Standing::Interrupted }
            }
        }
    }

    /// Stores a change set that was planned, under a new id; it waits for people from now on.
    pub(super) fn add(&self, mut change: ChangeSet) -> Result<Shown, Failure> {
        change.id = self.store.new_id()?;
        change.proposed_at = Utc::now().trunc_subsecs(3);
        change.expires_at = change.proposed_at + minutes(self.policy.proposal_minutes(&change.environment));
        let digest = change.digest();
        let event = Event::Proposed {
            change: change.id.clone(),
            digest: digest.clone(),
            environment: change.environment.clone(),
            summary: change.summary.clone(),
        };
        self.record.append(&change.proposed_by, event, Keep::Synced)?;
        let state = State::proposed(digest, change.steps.len(), change.proposed_at);
        self.store.add(&change, &state)?;
        self.show(&change.id)
    }

    /// Takes a person's decision about exactly this digest.
    ///
    /// Fails, and says so in the record, where the policy, the expiry or another digest forbids it; asks (as invalid
    /// arguments) for the environment's name where that must be typed.
    pub fn decide(&self, person: &Person, id: &str, digest: &str, decision: &Decision) -> Result<Shown, Failure> {
        let name = &person.0.name;
        let stored = self.store.get(id)?;
        let change = &stored.change;
        let stopped = |failure: Failure| {
            let event = Event::Stopped {
                change: change.id.clone(),
                digest: stored.state.digest.clone(),
                reason: failure.message.clone(),
            };
            self.record.append(name, event, Keep::Synced).err().unwrap_or(failure)
        };
        if stored.state.digest != digest {
            return Err(stopped(
                Failure::refused(format!("refused: `{id}` is not what was shown"))
                    .hint(format!("oms change show {id}")),
            ));
        }
        match decision {
            Decision::Decline => self.decline(name, stored.clone()).map_err(stopped_if_refused(stopped)),
            Decision::Approve { typed_name } => {
                let standing = self.standing(&stored);
                if standing == Standing::Expired {
                    return Err(stopped(expired(id)));
                }
                if !standing.can_run() {
                    return Err(stopped(cannot_run(id, standing)));
                }
                self.policy.may_approve_of(name, &change.environment, &change.proposed_by).map_err(&stopped)?;
                let typed = typed_name.as_deref() == Some(change.environment.as_str());
                if self.requirement(change).type_name && !typed {
                    return Err(Failure::invalid(format!(
                        "type the environment's name, `{}`, to approve `{id}`",
                        change.environment
                    )));
                }
                let at = Utc::now().trunc_subsecs(3);
                let expires_at = at + minutes(self.policy.approval_minutes(&change.environment));
                let digest = stored.state.digest.clone();
                let event = Event::Approved { change: id.to_owned(), digest: digest.clone(), expires_at };
                // An approval that is not on record does not count, so the record comes first.
                self.record.append(name, event, Keep::Synced)?;
                self.store
                    .approve(id, &Approval { person: name.clone(), digest, at, expires_at, typed_name: typed })?;
                self.show(id)
            }
        }
    }

    fn decline(&self, name: &str, mut stored: Stored) -> Result<Shown, Failure> {
        let id = stored.change.id.clone();
        if stored.state.status != Status::Proposed {
            return Err(cannot_run(&id, self.standing(&stored)));
        }
        if stored.change.proposed_by != name {
            self.policy.may_approve(name, &stored.change.environment)?;
        }
        let event = Event::Declined { change: id.clone(), digest: stored.state.digest.clone() };
        self.record.append(name, event, Keep::Synced)?;
        stored.state.status = Status::Declined;
        stored.state.by = Some(name.to_owned());
        stored.state.at = Utc::now().trunc_subsecs(3);
        self.store.put(&id, &stored.state)?;
        self.show(&id)
    }

    /// Who approved in a way that counts now, each person once, with the approval's file.
    pub(super) fn counting(&self, stored: &Stored, needs: &Requirement) -> Result<Vec<(String, String)>, Failure> {
        let now = Utc::now();
        let mut seen = BTreeSet::new();
        let mut counting = Vec::new();
        // The latest of a person counts: it was given after an earlier one was used.
        for found in self.store.approvals(&stored.change.id)?.into_iter().rev() {
            let approval = &found.approval;
            let vouched = found.owner == approval.person || self.policy.speaks_for_others(&found.owner);
            let counts = approval.digest == stored.state.digest
                && approval.expires_at > now
                && vouched
                && (approval.typed_name || !needs.type_name)
                && !stored.state.used.contains(&found.file)
                && self
                    .policy
                    .may_approve_of(&approval.person, &stored.change.environment, &stored.change.proposed_by)
                    .is_ok();
            if counts && seen.insert(approval.person.clone()) {
                counting.push((approval.person.clone(), found.file));
            }
        }
        counting.reverse();
        Ok(counting)
    }
}

/// Keeps the record of refusals; other failures pass.
fn stopped_if_refused(stopped: impl Fn(Failure) -> Failure) -> impl Fn(Failure) -> Failure {
    move |failure| if failure.kind == FailureKind::Refused { stopped(failure) } else { failure }
}

pub(super) fn expired(id: &str) -> Failure {
    Failure::refused(format!("refused: `{id}` has expired; nothing ran")).hint("propose it again")
}

pub(super) fn cannot_run(id: &str, standing: Standing) -> Failure {
    Failure::refused(format!(
        "refused: `{id}` {}",
        match standing {
            Standing::Declined => "was declined",
            Standing::Applied => "has been applied already",
            Standing::Applying => "is being applied",
            Standing::Expired => "has expired",
            Standing::Waiting | Standing::Interrupted | Standing::Failed | Standing::Cancelled => {
                "has begun: go on with it, or roll it back"
            }
        }
    ))
    .hint(format!("oms change show {id}"))
}

#[allow(clippy::cast_possible_truncation)] // a week's milliseconds at most
fn minutes(minutes: f64) -> TimeDelta {
    TimeDelta::milliseconds((minutes * 60_000.0) as i64)
}
