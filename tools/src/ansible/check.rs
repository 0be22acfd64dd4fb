//! `ansible_check`: what a playbook would change on each host: its syntax first, then check mode with differences.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::report::AnsibleReport;
use super::work::{AnsibleOptions, Mode, Work};
use crate::deploy::Deploy;
use crate::process::{Ended, Watch};
use crate::table::count_in_words;
use crate::told::Told;
use crate::{CallScope, Effect, Failure, FailureKind, Table, Tool, ToolReport};

/// A playbook in check mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsibleCheck {
    /// The environment.
    pub environment: String,
    /// What would change.
    pub report: AnsibleReport,
    /// Every file that it was made from.
    pub inputs: Vec<PathBuf>,
}

/// Checks.
pub async fn check(
    deploy: &Deploy,
    environment: Option<&str>,
    options: &AnsibleOptions,
    watch: &Watch,
) -> Result<AnsibleCheck, Failure> {
    let work = Work::new(deploy, environment)?;
    let playbook = work.playbook(options.playbook.as_deref())?;
    let name = playbook.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let syntax = deploy.start(&work.play(options, Mode::Syntax)?)?.watch(watch).await?;
    if !syntax.status.success() {
        return Err(failed(&format!("check `{name}` for"), &work, &syntax));
    }
    let call = work.play(options, Mode::Check)?;
    let report = Arc::new(Mutex::new(AnsibleReport { playbook: name.clone(), ..AnsibleReport::default() }));
    let told = Watch {
        cancel: watch.cancel.clone(),
        lines: Some(Arc::new({
            let (report, more) = (report.clone(), watch.lines.clone());
            move |line| {
                report.lock().unwrap_or_else(PoisonError::into_inner).take(line.text);
                if let Some(more) = &more {
                    more(line);
                }
            }
        })),
    };
    let ended = deploy.start(&call)?.watch(&told).await?;
    let report = std::mem::take(&mut *report.lock().unwrap_or_else(PoisonError::into_inner));
    // Exit 2 and 4 are hosts that failed or do not answer: that is the report. Without an end there is none.
    if !report.complete && !ended.status.success() {
        return Err(failed(&format!("check `{name}` for"), &work, &ended));
    }
    Ok(AnsibleCheck { environment: work.environment.to_owned(), report, inputs: call.inputs })
}

/// What Ansible said of a call that failed.
pub(super) fn failed(what: &str, work: &Work<'_>, ended: &Ended) -> Failure {
    let lines = || ended.errors.lines().chain(ended.output.lines()).map(str::trim);
    let said = lines()
        .find(|line| line.starts_with("[ERROR]") || line.starts_with("ERROR!"))
        .or_else(|| lines().find(|line| !line.is_empty()))
        .unwrap_or("it says no reason");
    let said = said.trim_start_matches("[ERROR]:").trim_start_matches("ERROR!").trim();
    let short: String = said.chars().take(300).collect();
    let failure = Failure::new(FailureKind::Unavailable, format!("cannot {what} `{}`: {short}", work.environment));
    if said.contains("vault") || said.contains("decrypt") || said.contains("Decryption") {
        return failure.hint("set `vault_password_file` of the environment's ansible below `deploy.environments`");
    }
    failure.hint("ansible-playbook --syntax-check tells more")
}

/// What `ansible_check` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnsibleCheckArguments {
    /// The environment, as the configuration names it. Leave it out where there is only one.
    #[serde(default)]
    pub environment: Option<String>,
    /// Another playbook than the configured one: `rollback.yml`.
    #[serde(default)]
    pub playbook: Option<String>,
    /// Only this host or group. Leave it out for all.
    #[serde(default)]
    pub host: Option<String>,
}

/// `ansible_check`.
pub struct AnsibleCheckTool(Arc<Deploy>);

impl AnsibleCheckTool {
    /// The tool over a deployment's settings.
    pub fn new(deploy: Arc<Deploy>) -> Self {
        Self(deploy)
    }
}

impl Tool for AnsibleCheckTool {
    const NAME: &'static str = "ansible_check";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = AnsibleCheckArguments;
    type Report = AnsibleCheck;

    fn description(&self) -> String {
        "Shows what a playbook would change on each host, by task with the differences of files. Changes nothing."
            .to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: AnsibleCheckArguments) -> Result<AnsibleCheck, Failure> {
        let options =
            AnsibleOptions { playbook: arguments.playbook, limit: arguments.host, ..AnsibleOptions::default() };
        check(&self.0, arguments.environment.as_deref(), &options, &Watch::default()).await
    }
}

/// Signs of a difference that one row shows.
const DIFFERENCE: usize = 300;

impl From<AnsibleCheck> for ToolReport {
    fn from(check: AnsibleCheck) -> Self {
        let report = &check.report;
        let place = format!("`{}` in `{}`", report.playbook, check.environment);
        let failed = report.failed();
        let mut answer = match (report.hosts.len(), report.changed()) {
            (0, _) => format!("{place} meets no host."),
            (hosts, 0) => format!("{place} would change nothing on {hosts} host{}.", plural(hosts)),
            (hosts, changed) => {
                let on = report.hosts.values().filter(|host| host.changed > 0).count();
                let s = if changed == 1 { "" } else { "s" };
                format!("{place} would make {changed} change{s} on {on} of {hosts} host{}.", plural(hosts))
            }
        };
        if !failed.is_empty() {
            answer.push_str(" It fails on ");
            answer.push_str(&failed.iter().map(|host| format!("`{host}`")).collect::<Vec<_>>().join(", "));
            answer.push('.');
        }
        let rows = report.hosts.iter().flat_map(|(host, found)| {
            found.tasks.iter().map(move |task| {
                let details = if task.hidden {
                    "(secret)".to_owned()
                } else if task.diff.is_empty() {
                    task.message.clone()
                } else {
                    task.diff.lines().filter(|line| line.starts_with(['+', '-'])).collect::<Vec<_>>().join("\n")
                };
                let details: String = details.chars().take(DIFFERENCE).collect();
                [host.clone(), task.task.clone(), task.outcome.word().to_owned(), details]
            })
        });
        let table = Table::of_texts(["host", "task", "outcome", "details"], rows).without(report.left_out);
        let mut told = Told::new(answer, serde_json::to_value(&check).unwrap_or_default());
        if !table.rows.is_empty() {
            told = told.with_table(table);
        }
        if report.left_out > 0 {
            told = told.with_note(format!("{} more results are not shown", count_in_words(report.left_out)));
        }
        if report.unread > 0 {
            told = told.with_note(format!("{} results could not be read", report.unread));
        }
        told.with_note("commands are not run in check mode: what follows from them is not known").into()
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
