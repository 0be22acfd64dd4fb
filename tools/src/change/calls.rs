//! What a runbook's call would run and reach, told by the reading tools' own planning functions.

use std::collections::BTreeMap;

use super::plan::Places;
use super::propose::ProposeChangeArguments;
use super::runbook::{Call, RunbookStep};
use super::store::Stored;
use super::{Blast, ChangeSet, Changes, StepStatus, Undo};
use crate::ansible::{self, AnsibleOptions};
use crate::azure_cli;
use crate::compose::{self, ComposeOptions, ComposePlan, ServiceAction, UpOptions};
use crate::deploy::Invocation;
use crate::process::{Watch, arguments};
use crate::terraform::{self, PlanOptions, PlanReport};
use crate::{Failure, FailureKind, Principal};

/// Characters of what a reading call of Azure's command line says.
const LONGEST_BEFORE: usize = 200;

/// What a call came to: what runs, and what it reaches.
pub(super) struct Planned {
    pub(super) invocation: Invocation,
    /// SHA-256 of the saved plan that it applies.
    pub(super) plan: Option<String>,
    pub(super) touches: Vec<String>,
    /// Things that are left out of that list.
    pub(super) touches_left_out: usize,
    pub(super) blast: Blast,
    /// The published ports that a check can ask: service, port within, port on this machine.
    pub(super) ports: Vec<(String, u16, u16)>,
    /// How it was before, where a call said so.
    pub(super) before: Option<String>,
}

/// A call, planned or with nothing to do.
pub(super) enum Outcome {
    Runs(Box<Planned>),
    /// Nothing to change; the note says so. With the ports, for the checks.
    Nothing(String, Vec<(String, u16, u16)>),
    /// Another change set's undo in its place.
    Undoes(Box<ChangeSet>),
}

impl Changes {
    /// Plans one call of a runbook.
    pub(super) async fn call(
        &self,
        principal: &Principal,
        step: &RunbookStep,
        places: &Places<'_>,
        undone: Option<&Stored>,
        watch: &Watch,
    ) -> Result<Outcome, Failure> {
        match &step.call {
            Call::TerraformPlan { variables } => self.terraform(places, places.all(variables)?, watch).await,
            Call::AnsibleCheck { playbook, extra } => {
                let playbook = playbook.as_deref().map(|playbook| places.fill(playbook)).transpose()?;
                self.ansible(places, playbook, places.all(extra)?, watch).await
            }
            Call::ComposePlan { variables } => self.compose(places, places.all(variables)?, watch).await,
            Call::ComposeDown {} => self.compose_down(places, watch).await,
            Call::AzureCli { before, arguments } => self.azure(places, before, arguments, watch).await,
            Call::UndoChange { .. } => {
                let stored = undone.ok_or_else(|| Failure::new(FailureKind::Internal, "cannot tell what is undone"))?;
                // An undo plans other runbooks, which plan their own calls.
                Box::pin(self.undo(principal, stored, watch)).await.map(|undo| Outcome::Undoes(Box::new(undo)))
            }
        }
    }

    async fn terraform(
        &self,
        places: &Places<'_>,
        variables: BTreeMap<String, String>,
        watch: &Watch,
    ) -> Result<Outcome, Failure> {
        let options = PlanOptions { destroy: false, variables };
        let planned = terraform::plan(&self.deploy, Some(places.environment), &options, watch).await?;
        if planned.report.is_empty() {
            return Ok(Outcome::Nothing(
                format!("Terraform would change nothing in `{}`", places.environment),
                Vec::new(),
            ));
        }
        let mut invocation = terraform::apply_invocation(&self.deploy, &planned.saved)?;
        // The saved plan is what is applied; the files that it came from are what people read.
        invocation.inputs.extend(planned.inputs);
        Ok(Outcome::Runs(Box::new(Planned {
            invocation,
            plan: Some(planned.saved.sha256.clone()),
            touches: touched(&planned.report),
            touches_left_out: planned.report.left_out,
            blast: reached(&planned.report),
            ports: Vec::new(),
            before: None,
        })))
    }

    async fn ansible(
        &self,
        places: &Places<'_>,
        playbook: Option<String>,
        variables: BTreeMap<String, String>,
        watch: &Watch,
    ) -> Result<Outcome, Failure> {
        let options = AnsibleOptions { playbook, variables, ..AnsibleOptions::default() };
        let checked = ansible::check(&self.deploy, Some(places.environment), &options, watch).await?;
        let report = &checked.report;
        let failed = report.failed();
        if !failed.is_empty() {
            return Err(Failure::new(
                FailureKind::Unavailable,
                format!("cannot propose to run `{}`: its check fails on {}", report.playbook, failed.join(", ")),
            )
            .hint(format!("ask: check the playbook in {}", places.environment)));
        }
        if report.changed() == 0 {
            let note = format!("`{}` would change nothing in `{}`", report.playbook, places.environment);
            return Ok(Outcome::Nothing(note, Vec::new()));
        }
        let mut invocation = ansible::run_invocation(&self.deploy, places.environment, &options)?;
        invocation.inputs.extend(checked.inputs.iter().cloned());
        let hosts = report.hosts.iter().filter(|(_, host)| host.changed > 0);
        Ok(Outcome::Runs(Box::new(Planned {
            invocation,
            plan: None,
            touches: hosts.map(|(name, host)| format!("{name} ({} changes)", host.changed)).collect(),
            touches_left_out: 0,
            blast: Blast {
                changed: report.changed(),
                downtime: Some(
                    "services whose settings change, while they start anew, one host after the other".into(),
                ),
                ..Blast::default()
            },
            ports: Vec::new(),
            before: None,
        })))
    }

    async fn compose(
        &self,
        places: &Places<'_>,
        variables: BTreeMap<String, String>,
        watch: &Watch,
    ) -> Result<Outcome, Failure> {
        let options = ComposeOptions { variables: variables.clone() };
        let planned = compose::plan(&self.deploy, Some(places.environment), &options, watch).await?;
        let ports = planned.ports.clone();
        if planned.report.is_empty() {
            return Ok(Outcome::Nothing(format!("Compose would change nothing in `{}`", places.environment), ports));
        }
        let up = UpOptions { variables, ..UpOptions::default() };
        let mut invocation = compose::up_invocation(&self.deploy, places.environment, &up)?;
        invocation.inputs.extend(planned.inputs.iter().cloned());
        let stopping = with_action(&planned, &[ServiceAction::Recreate, ServiceAction::Remove]);
        Ok(Outcome::Runs(Box::new(Planned {
            invocation,
            plan: None,
            touches: planned
                .report
                .services
                .iter()
                .filter(|change| change.action != ServiceAction::Keep)
                .map(|change| change.service.clone())
                .collect(),
            touches_left_out: 0,
            // A container is replaced as a matter of course: its data stands in volumes, and stays.
            blast: Blast {
                added: planned.report.created as u64,
                changed: (planned.report.recreated + planned.report.started + planned.report.removed) as u64,
                downtime: (!stopping.is_empty()).then(|| format!("{} while they start anew", stopping.join(", "))),
                ..Blast::default()
            },
            ports,
            before: None,
        })))
    }

    async fn compose_down(&self, places: &Places<'_>, watch: &Watch) -> Result<Outcome, Failure> {
        let options = ComposeOptions::default();
        let planned = compose::plan(&self.deploy, Some(places.environment), &options, watch).await?;
        // What would be made is not there; everything else runs, or stands still.
        let there: Vec<String> = planned
            .report
            .services
            .iter()
            .filter(|change| change.action != ServiceAction::Create)
            .map(|change| change.service.clone())
            .collect();
        if there.is_empty() {
            return Ok(Outcome::Nothing(format!("nothing of the stack of `{}` runs", places.environment), Vec::new()));
        }
        let mut invocation = compose::down_invocation(&self.deploy, places.environment, false)?;
        invocation.inputs.extend(planned.inputs.iter().cloned());
        Ok(Outcome::Runs(Box::new(Planned {
            invocation,
            plan: None,
            blast: Blast {
                changed: there.len() as u64,
                downtime: Some(format!("everything of `{}`, until it is brought up again", places.environment)),
                ..Blast::default()
            },
            touches: there,
            touches_left_out: 0,
            ports: Vec::new(),
            before: None,
        })))
    }

    async fn azure(
        &self,
        places: &Places<'_>,
        before: &[String],
        call: &[String],
        watch: &Watch,
    ) -> Result<Outcome, Failure> {
        let invocation = |words: &[String]| -> Result<Invocation, Failure> {
            let mut all = Vec::new();
            for word in words {
                let filled = places.fill(word)?;
                // What fills a place is data: it must not become an option.
                all.push(if filled == *word { filled } else { arguments::plain("the argument", &filled)?.to_owned() });
            }
            azure_cli::invocation(&self.deploy, all)
        };
        let mut was = None;
        if !before.is_empty() {
            let ended = self.deploy.start(&invocation(before)?)?.watch(watch).await?;
            if !ended.status.success() {
                let said = ended.errors.lines().next().unwrap_or("it says no reason").to_owned();
                return Err(Failure::new(FailureKind::Unavailable, format!("cannot ask Azure how it is now: {said}"))
                    .hint("az login"));
            }
            was = Some(ended.output.trim().chars().take(LONGEST_BEFORE).collect());
        }
        Ok(Outcome::Runs(Box::new(Planned {
            invocation: invocation(call)?,
            plan: None,
            touches: Vec::new(),
            touches_left_out: 0,
            blast: Blast { changed: 1, ..Blast::default() },
            ports: Vec::new(),
            before: was,
        })))
    }

    /// What undoes a change set, newest step first: proposals of their own, planned on the world as it is now.
    async fn undo(&self, principal: &Principal, stored: &Stored, watch: &Watch) -> Result<ChangeSet, Failure> {
        let mut undone: Option<ChangeSet> = None;
        let mut impossible = Vec::new();
        let mut planned = Vec::new();
        for (step, state) in stored.change.steps.iter().zip(&stored.state.steps).rev() {
            if state.status == StepStatus::Waiting {
                continue;
            }
            match &step.undo {
                Undo::Impossible { why } => impossible.push(format!("`{}` cannot be undone: {why}", step.name)),
                Undo::Propose { runbook, arguments, .. } => {
                    let wanted = ProposeChangeArguments {
                        runbook: runbook.clone(),
                        environment: Some(stored.change.environment.clone()),
                        arguments: arguments.clone(),
                    };
                    // One runbook may undo several steps at once.
                    if planned.contains(&wanted) {
                        continue;
                    }
                    let set = self.plan(principal, &wanted, watch).await?;
                    planned.push(wanted);
                    match &mut undone {
                        None => undone = Some(set),
                        Some(all) => {
                            all.steps.extend(set.steps);
                            all.checks.extend(set.checks);
                            all.notes.extend(set.notes);
                        }
                    }
                }
            }
        }
        let id = &stored.change.id;
        let mut undone = undone.ok_or_else(|| {
            impossible.iter().fold(
                Failure::new(FailureKind::Unsupported, format!("cannot roll `{id}` back by itself")),
                |failure, why| failure.hint(why.clone()),
            )
        })?;
        undone.notes.extend(impossible);
        Ok(undone)
    }

    /// Terraform's outputs of an environment; sensitive ones are not among them.
    pub(super) async fn outputs(&self, environment: &str, watch: &Watch) -> Result<BTreeMap<String, String>, Failure> {
        Ok(terraform::show(&self.deploy, Some(environment), watch).await?.outputs)
    }
}

fn touched(report: &PlanReport) -> Vec<String> {
    report.changes.iter().map(|change| format!("{} ({})", change.address, change.action.word())).collect()
}

fn reached(report: &PlanReport) -> Blast {
    let counts = report.counts;
    Blast {
        added: counts.added as u64,
        changed: (counts.changed + counts.forgotten) as u64,
        replaced: counts.replaced as u64,
        destroyed: counts.destroyed as u64,
        data_at_risk: report.data_at_risk.clone(),
        data_at_risk_left_out: report.data_at_risk_left_out,
        downtime: (!report.destroys.is_empty()).then(|| "what is destroyed or replaced, while it is".to_owned()),
    }
}

fn with_action(planned: &ComposePlan, actions: &[ServiceAction]) -> Vec<String> {
    let services = planned.report.services.iter().filter(|change| actions.contains(&change.action));
    services.map(|change| change.service.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cut_plan_leaves_out_is_counted() {
        let mut report = PlanReport { left_out: 49_500, data_at_risk_left_out: 7, ..PlanReport::default() };
        report.counts.added = 49_990;
        report.counts.destroyed = 10;
        report.data_at_risk = (0..50).map(|at| format!("store[{at}]")).collect();
        let reached = reached(&report);
        assert_eq!((reached.added, reached.destroyed), (49_990, 10));
        let spoken = reached.spoken();
        assert!(spoken.contains("store[0], ") && spoken.contains("store[39] and 17 more;"), "{spoken}");
        let mut twice = reached.clone();
        twice.add(&Blast { data_at_risk_left_out: 3, ..Blast::default() });
        assert!(twice.spoken().contains("and 20 more;"), "{}", twice.spoken());
    }
}
