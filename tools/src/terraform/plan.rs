//! `terraform_plan`: what Terraform would change in an environment, saved so that exactly this can be applied later.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{PlanReport, ResourceChange};
use super::plan_json;
use super::saved::{SavedPlan, keep};
use super::work::Work;
use crate::deploy::Deploy;
use crate::process::{Watch, arguments};
use crate::table::count_in_words;
use crate::told::Told;
use crate::{CallScope, Effect, Failure, FailureKind, Table, Tool, ToolReport};

/// What a plan is made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanOptions {
    /// Whether everything is to be taken down.
    pub destroy: bool,
    /// Variables that differ from the files, by name.
    pub variables: BTreeMap<String, String>,
}

/// A plan: the saved file and what it would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerraformPlan {
    /// The environment.
    pub environment: String,
    /// The workspace.
    pub workspace: String,
    /// The configuration's folder.
    pub folder: PathBuf,
    /// The plan's file.
    pub saved: SavedPlan,
    /// What it would change.
    pub report: PlanReport,
    /// Every file that the plan was made from.
    pub inputs: Vec<PathBuf>,
}

/// Plans: prepares, plans to a file, and reads the file.
pub async fn plan(
    deploy: &Deploy,
    environment: Option<&str>,
    options: &PlanOptions,
    watch: &Watch,
) -> Result<TerraformPlan, Failure> {
    let work = Work::new(deploy, environment)?;
    let inputs = work.inputs()?;
    work.init(watch).await?;
    // Several plans may be made at once: each to a file of its own, named after its content once it is whole.
    let made = tempfile::Builder::new()
        .prefix("making-")
        .suffix(".tfplan")
        .tempfile_in(work.state()?)
        .map_err(|error| {
            Failure::new(FailureKind::Unavailable, format!("cannot make a file for the plan: {}", error.kind()))
        })?
        .into_temp_path();
    let out = format!("-out={}", made.display());
    let mut call = work.call(&["plan", "-input=false", "-json", "-lock-timeout=30s", &out])?;
    for file in work.files(&work.place.var_files)? {
        call.arguments.push(format!("-var-file={}", file.display()));
    }
    for (name, value) in &options.variables {
        call.arguments.push(format!("-var={}={}", variable(name)?, arguments::plain("the variable's value", value)?));
    }
    if options.destroy {
        call.arguments.push("-destroy".to_owned());
    }
    let ended = deploy.start(&call)?.watch(watch).await?;
    if !ended.status.success() {
        return Err(work.failed("plan", &said_in_json(ended)));
    }
    let report = read(&work, &made.display().to_string(), watch).await?;
    let saved = keep(&work, &made, options.destroy)?;
    Ok(TerraformPlan {
        environment: work.environment.to_owned(),
        workspace: work.workspace().to_owned(),
        folder: work.folder.clone(),
        saved,
        report,
        inputs,
    })
}

/// Reads a plan's file through Terraform, in bounded memory.
async fn read(work: &Work<'_>, file: &str, watch: &Watch) -> Result<PlanReport, Failure> {
    let stores = work.deploy.settings().data_stores.clone();
    let call = work.call(&["show", "-json", "-no-color", file])?;
    let program = work.deploy.start(&call)?;
    let (ended, read) = program.read(watch, move |output| plan_json::read(output, &stores)).await?;
    if !ended.status.success() {
        return Err(work.failed("read the plan of", &ended));
    }
    let mut report = read
        .map_err(|why| {
            Failure::new(FailureKind::Unavailable, format!("cannot read the plan of `{}`: {why}", work.environment))
        })?
        .report;
    report.hide(work.deploy.redactor());
    Ok(report)
}

/// The name of a variable, which can be nothing else.
fn variable(name: &str) -> Result<&str, Failure> {
    arguments::name("the variable", name)?;
    if name.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-')) {
        return Ok(name);
    }
    Err(Failure::refused(format!("refused the variable `{}`: it is no variable's name", arguments::shown(name))))
}

/// Terraform tells its errors as JSON lines while it plans: the same as text, as it tells them otherwise.
fn said_in_json(mut ended: crate::process::Ended) -> crate::process::Ended {
    let errors: Vec<String> = ended
        .output
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|line| line["@level"] == "error")
        .filter_map(|line| {
            let diagnostic = &line["diagnostic"];
            let summary = diagnostic["summary"].as_str().or(line["@message"].as_str())?.to_owned();
            Some(match diagnostic["detail"].as_str() {
                Some(detail) if !detail.is_empty() => format!("Error: {summary}: {detail}"),
                _ => format!("Error: {}", summary.trim_start_matches("Error: ")),
            })
        })
        .collect();
    if !errors.is_empty() {
        ended.errors = errors.join("\n");
    }
    ended
}

/// What `terraform_plan` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TerraformPlanArguments {
    /// The environment, as the configuration names it: `dev`, `prod`. Leave it out where there is only one.
    #[serde(default)]
    pub environment: Option<String>,
    /// True to see what taking everything down would destroy.
    #[serde(default)]
    pub destroy: bool,
    /// Variables of the configuration to try with other values, by name. Leave it out to plan what the files say.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
}

/// The report of `terraform_plan`.
#[derive(Clone, Debug)]
pub struct TerraformPlanned(pub TerraformPlan);

/// `terraform_plan`.
pub struct TerraformPlanTool(Arc<Deploy>);

impl TerraformPlanTool {
    /// The tool over a deployment's settings.
    pub fn new(deploy: Arc<Deploy>) -> Self {
        Self(deploy)
    }
}

impl Tool for TerraformPlanTool {
    const NAME: &'static str = "terraform_plan";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = TerraformPlanArguments;
    type Report = TerraformPlanned;

    fn description(&self) -> String {
        "Shows what Terraform would add, change, replace and destroy in an environment, by address with the attributes that \
         change. Changes nothing."
            .to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: TerraformPlanArguments) -> Result<TerraformPlanned, Failure> {
        let options = PlanOptions { destroy: arguments.destroy, variables: arguments.variables };
        plan(&self.0, arguments.environment.as_deref(), &options, &Watch::default()).await.map(TerraformPlanned)
    }
}

/// Attributes that one row of the table names.
const ATTRIBUTES_SHOWN: usize = 4;
/// Addresses that the sentence names.
const ADDRESSES_SHOWN: usize = 5;

impl From<TerraformPlanned> for ToolReport {
    fn from(TerraformPlanned(plan): TerraformPlanned) -> Self {
        let report = &plan.report;
        let mut told = Told::new(sentence(&plan), serde_json::to_value(&plan).unwrap_or_default());
        if !report.changes.is_empty() {
            told = told.with_table(table(&report.changes).without(report.left_out));
        }
        if !report.data_at_risk.is_empty() {
            told =
                told.with_note(format!("DATA AT RISK: {}", named(&report.data_at_risk, report.data_at_risk_left_out)));
        }
        if !report.drifted.is_empty() {
            let drifted = named(&report.drifted, report.drifted_left_out);
            told = told.with_note(format!("changed outside Terraform since its last run: {drifted}"));
        }
        told.into()
    }
}

fn sentence(plan: &TerraformPlan) -> String {
    let (report, counts) = (&plan.report, plan.report.counts);
    let place = format!("`{}` (workspace `{}`)", plan.environment, plan.workspace);
    if report.is_empty() {
        return format!("Terraform would change nothing in {place}.");
    }
    let parts: Vec<String> = [
        (counts.added, "add"),
        (counts.changed, "change"),
        (counts.replaced, "replace"),
        (counts.destroyed, "destroy"),
        (counts.forgotten, "forget"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{word} {count}"))
    .collect();
    let mut text = if parts.is_empty() {
        format!("Terraform would change only outputs in {place}")
    } else {
        let resources = if counts.total() == 1 { "resource" } else { "resources" };
        format!("Terraform would {} {resources} in {place}", parts.join(", "))
    };
    if !report.destroys.is_empty() {
        write!(text, "; gone or made anew: {}", named(&report.destroys, report.destroys_left_out())).ok();
    }
    if !report.outputs.is_empty() {
        let names: Vec<String> = report.outputs.iter().map(|output| output.path.clone()).collect();
        write!(text, "; outputs that change: {}", named(&names, 0)).ok();
    }
    text.push('.');
    if report.left_out > 0 {
        write!(
            text,
            " The list shows {} of {} changes, those that destroy or replace first; {} more are not shown.",
            count_in_words(report.changes.len()),
            count_in_words(report.changes.len() + report.left_out),
            count_in_words(report.left_out)
        )
        .ok();
    }
    text
}

/// The first addresses, and how many more there are: the rest of the list, and what was left out of it.
fn named(addresses: &[String], left_out: usize) -> String {
    let mut text =
        addresses.iter().take(ADDRESSES_SHOWN).map(|address| format!("`{address}`")).collect::<Vec<_>>().join(", ");
    let more = addresses.len().saturating_sub(ADDRESSES_SHOWN) + left_out;
    if more > 0 {
        write!(text, " and {} more", count_in_words(more)).ok();
    }
    text
}

fn table(changes: &[ResourceChange]) -> Table {
    let row = |change: &ResourceChange| {
        let mut attributes: Vec<String> = change
            .attributes
            .iter()
            .take(ATTRIBUTES_SHOWN)
            .map(|attribute| {
                let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "(not set)".to_owned());
                let replaces = if attribute.replaces { " (replaces it)" } else { "" };
                match &attribute.before {
                    None => format!("{} = {}{replaces}", attribute.path, side(&attribute.after)),
                    before => format!("{}: {} -> {}{replaces}", attribute.path, side(before), side(&attribute.after)),
                }
            })
            .collect();
        let more = change.attributes.len().saturating_sub(ATTRIBUTES_SHOWN) + change.attributes_left_out;
        if more > 0 {
            attributes.push(format!("{more} more"));
        }
        [change.address.clone(), change.action.word().to_owned(), attributes.join("; ")]
    };
    Table::of_texts(["address", "action", "attributes"], changes.iter().map(row))
}
