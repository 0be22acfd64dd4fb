//! From a runbook's calls to a change set: each planning tool says what would run, and what that reaches.
//!
//! Nothing is read or planned here by itself: the reading tools' own functions are called, with their settings, so that what
//! is shown, what is digested and what is applied are the same.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::calls::{Outcome, Planned};
use super::files::{identity, inputs};
use super::propose::ProposeChangeArguments;
use super::runbook::{Call, Part, Runbook, RunbookStep, RunbookUndo, fill, runbook};
use super::store::Stored;
use super::{Blast, ChangeSet, Changes, Check, FORMAT, Standing, Step, Undo};
use crate::deploy::DeployEnvironment;
use crate::process::Watch;
use crate::{Failure, FailureKind, Principal};

/// What fills a text's places.
pub(super) struct Places<'a> {
    pub(super) environment: &'a str,
    arguments: &'a BTreeMap<String, String>,
    outputs: &'a BTreeMap<String, String>,
    /// Files below it are this program's own: plans of others come and go there.
    apart: &'a Path,
}

impl Places<'_> {
    fn value(&self, place: &str) -> Option<String> {
        if place == "environment" {
            return Some(self.environment.to_owned());
        }
        if let Some(output) = place.strip_prefix("terraform.") {
            // `.name`: the last part of a resource's id.
            return match output.strip_suffix(".name") {
                Some(id) => self.outputs.get(id)?.rsplit('/').next().map(str::to_owned),
                None => self.outputs.get(output).cloned(),
            };
        }
        self.arguments.get(place).cloned()
    }

    pub(super) fn fill(&self, text: &str) -> Result<String, Failure> {
        fill(text, |place| self.value(place))
    }

    pub(super) fn all(&self, texts: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Failure> {
        texts.iter().map(|(name, text)| Ok((name.clone(), self.fill(text)?))).collect()
    }
}

impl Changes {
    /// Plans what a runbook would do. The set has no id and no time yet; one without steps would change nothing.
    ///
    /// Fails, as a question back, where an argument or the environment is missing; and where a plan cannot be made.
    pub async fn plan(
        &self,
        principal: &Principal,
        wanted: &ProposeChangeArguments,
        watch: &Watch,
    ) -> Result<ChangeSet, Failure> {
        let runbook = runbook(&wanted.runbook)?;
        let mut arguments = runbook.arguments(&wanted.arguments)?;
        let undone = self.undone(runbook, &mut arguments)?;
        let named = undone.as_ref().map(|stored| stored.change.environment.as_str()).or(wanted.environment.as_deref());
        let (environment, parts) = self.environment_of(runbook, named)?;
        self.policy.may_propose(&principal.name, environment)?;
        let outputs = if runbook.needs_outputs() { self.outputs(environment, watch).await? } else { BTreeMap::new() };
        let places =
            Places { environment, arguments: &arguments, outputs: &outputs, apart: &self.deploy.settings().state };
        let mut change = ChangeSet {
            format: FORMAT,
            id: String::new(),
            summary: places.fill(&runbook.summary)?,
            runbook: runbook.runbook.clone(),
            arguments: arguments.clone(),
            environment: environment.to_owned(),
            proposed_by: principal.name.clone(),
            proposed_at: DateTime::<Utc>::UNIX_EPOCH,
            expires_at: DateTime::<Utc>::UNIX_EPOCH,
            steps: Vec::new(),
            checks: Vec::new(),
            blast: Blast::default(),
            notes: Vec::new(),
        };
        let mut published = Vec::new();
        let mut made = 0;
        for step in &runbook.steps {
            if !has(parts, step.when.has) {
                continue;
            }
            made += 1;
            match self.call(principal, step, &places, undone.as_ref(), watch).await? {
                Outcome::Runs(planned) => {
                    published.extend(planned.ports.iter().cloned());
                    change.steps.push(stepped(step, &places, *planned)?);
                }
                Outcome::Nothing(note, more) => {
                    published.extend(more);
                    change.notes.push(note);
                }
                Outcome::Undoes(undoing) => {
                    change.steps.extend(undoing.steps);
                    change.checks.extend(undoing.checks);
                    change.notes.extend(undoing.notes);
                }
            }
        }
        if made == 0 {
            return Err(Failure::new(
                FailureKind::NotFound,
                format!("cannot {}: `{environment}` has no part that this is for", change.summary),
            )
            .hint("set its parts below `deploy.environments` in oms.toml"));
        }
        if !change.steps.is_empty() {
            change.checks.extend(checks(runbook, parts, &places, &published)?);
        }
        for step in &change.steps {
            change.blast.add(&step.blast);
        }
        Ok(change)
    }

    /// The change set that a runbook undoes, with its id in the arguments' place.
    fn undone(&self, runbook: &Runbook, arguments: &mut BTreeMap<String, String>) -> Result<Option<Stored>, Failure> {
        if !runbook.steps.iter().any(|step| matches!(step.call, Call::UndoChange { .. })) {
            return Ok(None);
        }
        let wanted = arguments.get("change").cloned().unwrap_or_default();
        let stored = if wanted == "last" { self.last_begun()? } else { self.store.get(&wanted)? };
        arguments.insert("change".to_owned(), stored.change.id.clone());
        match self.standing(&stored) {
            Standing::Applying => Err(Failure::refused(format!("refused: `{}` is being applied", stored.change.id))
                .hint("wait until it is done, or stop it")),
            _ if !stored.state.began() => Err(Failure::new(
                FailureKind::NotFound,
                format!("there is nothing to roll back: `{}` was never begun", stored.change.id),
            )),
            _ => Ok(Some(stored)),
        }
    }

    /// The environment of a runbook: the named one, else the only one with a part that it is for, else the usual one.
    fn environment_of(&self, runbook: &Runbook, named: Option<&str>) -> Result<(&str, &DeployEnvironment), Failure> {
        let part = runbook.steps.iter().find_map(|step| step.when.has);
        let several = runbook.steps.iter().any(|step| step.when.has != part);
        match (named, part) {
            (None, Some(Part::Terraform)) if !several => {
                let (name, _) = self.deploy.terraform(None)?;
                self.deploy.environment(Some(name))
            }
            (None, Some(Part::Ansible)) if !several => {
                let (name, _) = self.deploy.ansible(None)?;
                self.deploy.environment(Some(name))
            }
            (None, Some(Part::Compose)) if !several => {
                let (name, _) = self.deploy.compose(None)?;
                self.deploy.environment(Some(name))
            }
            (named, _) => self.deploy.environment(named),
        }
    }
}

fn has(parts: &DeployEnvironment, part: Option<Part>) -> bool {
    match part {
        None => true,
        Some(Part::Terraform) => parts.terraform.is_some(),
        Some(Part::Ansible) => parts.ansible.is_some(),
        Some(Part::Compose) => parts.compose.is_some(),
    }
}

fn stepped(step: &RunbookStep, places: &Places<'_>, planned: Planned) -> Result<Step, Failure> {
    let mut touches = planned.touches;
    for text in &step.touches {
        touches.push(places.fill(text)?);
    }
    let mut blast = planned.blast;
    if let Some(text) = &step.downtime {
        let more = Blast { downtime: Some(places.fill(text)?), ..Blast::default() };
        blast.add(&more);
    }
    let undo = undo(&step.undo, places, planned.before.as_deref())?;
    let found = inputs(&planned.invocation.inputs, places.apart)?;
    Ok(Step {
        name: places.fill(&step.name)?,
        tool: step.call.tool().to_owned(),
        program: identity(&planned.invocation.program)?,
        inputs: found,
        invocation: planned.invocation,
        plan: planned.plan,
        touches,
        touches_left_out: planned.touches_left_out,
        blast,
        undo,
    })
}

fn undo(undo: &RunbookUndo, places: &Places<'_>, before: Option<&str>) -> Result<Undo, Failure> {
    let text = |text: &String| {
        fill(text, |place| if place == "before" { before.map(str::to_owned) } else { places.value(place) })
    };
    match (&undo.runbook, &undo.impossible) {
        (Some(runbook), _) => Ok(Undo::Propose {
            runbook: runbook.clone(),
            arguments: undo
                .arguments
                .iter()
                .map(|(name, value)| Ok((name.clone(), text(value)?)))
                .collect::<Result<_, Failure>>()?,
            says: undo.says.as_ref().map(text).transpose()?.unwrap_or_default(),
        }),
        (None, why) => Ok(Undo::Impossible { why: why.as_ref().map(text).transpose()?.unwrap_or_default() }),
    }
}

/// The checks whose port is published on this machine; of the others there is nothing to ask.
fn checks(
    runbook: &Runbook,
    parts: &DeployEnvironment,
    places: &Places<'_>,
    published: &[(String, u16, u16)],
) -> Result<Vec<Check>, Failure> {
    let mut made = Vec::new();
    for check in runbook.checks.iter().filter(|check| has(parts, check.when.has)) {
        let found = published.iter().find(|(service, within, _)| *service == check.service && *within == check.port);
        if let Some((_, _, port)) = found {
            made.push(Check {
                name: places.fill(&check.name)?,
                url: format!("{}://localhost:{port}/", check.scheme),
                contains: check.contains.clone(),
                seconds: check.seconds,
            });
        }
    }
    Ok(made)
}
