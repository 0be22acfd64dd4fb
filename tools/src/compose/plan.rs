//! `compose_plan`: what bringing an environment's containers up would change.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compare::{ComposeReport, Project, ServiceAction, ServiceChange, hashes};
use super::mounts;
use super::work::Work;
use crate::containers::Engine;
use crate::deploy::Deploy;
use crate::process::Watch;
use crate::told::Told;
use crate::{CallScope, Effect, Failure, FailureKind, Table, Tool, ToolReport};

/// Bytes of a project's files that are read.
const LARGEST: usize = 8 * 1024 * 1024;

/// A plan for an environment's containers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComposePlan {
    /// The environment.
    pub environment: String,
    /// What would change.
    pub report: ComposeReport,
    /// Every file that it was made from, those that containers are given included.
    pub inputs: Vec<PathBuf>,
    /// Ports that are published on this machine: service, port within, port here.
    pub ports: Vec<(String, u16, u16)>,
}

/// What a plan is made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComposeOptions {
    /// Variables that differ from the settings' own, by name.
    pub variables: BTreeMap<String, String>,
}

/// Compares the files with what runs.
pub async fn plan(
    deploy: &Deploy,
    environment: Option<&str>,
    options: &ComposeOptions,
    watch: &Watch,
) -> Result<ComposePlan, Failure> {
    let work = Work::new(deploy, environment)?;
    let call = work.call(&["config", "--format", "json"], &options.variables)?;
    // The files hold secrets: they are read, not shown.
    let (ended, read) = deploy
        .start(&call)?
        .read(watch, |output| {
            use std::io::Read;
            let mut text = String::new();
            output.take(LARGEST as u64).read_to_string(&mut text).map(|_| text)
        })
        .await?;
    let refused = |what: &str, said: &str| {
        let said: String = said.lines().last().unwrap_or("it says no reason").chars().take(300).collect();
        Failure::new(
            FailureKind::Unavailable,
            format!("cannot {what} the containers of `{}` with {}: {said}", work.environment, work.found.called),
        )
        .hint(format!("{} config", work.found.called))
    };
    if !ended.status.success() {
        return Err(refused("plan", &ended.errors));
    }
    let text = read.map_err(|_| refused("plan", "its files are no text"))?;
    let project: Project = serde_json::from_str(&text).map_err(|_| {
        refused("plan", "its files are not told as JSON").hint("Compose 2 or newer is needed: oms doctor")
    })?;
    let hash =
        deploy.start(&work.call(&["config", "--hash", "*"], &options.variables)?)?.cap(LARGEST).watch(watch).await?;
    let hash = if hash.status.success() { hashes(&hash.output) } else { BTreeMap::new() };
    let engine = Engine::connect(deploy).await?;
    let running = engine.containers(Some(project.name())).await?;
    let (mut own, mut images) = (BTreeMap::new(), BTreeMap::new());
    for one in &running {
        if !own.contains_key(&one.image_id) {
            own.insert(one.image_id.clone(), engine.variables_of_image(&one.image_id).await);
        }
        if !images.contains_key(&one.image)
            && let Some(id) = engine.image_id(&one.image).await
        {
            images.insert(one.image.clone(), id);
        }
    }
    let report = project.compare(&hash, &running, &own, &images);
    Ok(ComposePlan {
        environment: work.environment.to_owned(),
        report,
        inputs: mounts::inputs(call.inputs, &text),
        ports: mounts::ports(&text),
    })
}

/// What `compose_plan` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComposePlanArguments {
    /// The environment, as the configuration names it. Leave it out where there is only one.
    #[serde(default)]
    pub environment: Option<String>,
}

/// `compose_plan`.
pub struct ComposePlanTool(Arc<Deploy>);

impl ComposePlanTool {
    /// The tool over a deployment's settings.
    pub fn new(deploy: Arc<Deploy>) -> Self {
        Self(deploy)
    }
}

impl Tool for ComposePlanTool {
    const NAME: &'static str = "compose_plan";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = ComposePlanArguments;
    type Report = ComposePlan;

    fn description(&self) -> String {
        "Shows which containers bringing an environment's Compose project up would create, recreate, start or remove, with the \
         images, ports, variables' names and volumes that differ. Changes nothing."
            .to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: ComposePlanArguments) -> Result<ComposePlan, Failure> {
        plan(&self.0, arguments.environment.as_deref(), &ComposeOptions::default(), &Watch::default()).await
    }
}

impl From<ComposePlan> for ToolReport {
    fn from(plan: ComposePlan) -> Self {
        let report = &plan.report;
        let place = format!("`{}` (project `{}`)", plan.environment, report.project);
        let parts: Vec<String> = [
            (report.created, "create"),
            (report.recreated, "recreate"),
            (report.started, "start"),
            (report.removed, "remove"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{word} {count}"))
        .collect();
        let answer = if parts.is_empty() {
            format!(
                "Compose would change nothing in {place}; {} services run as their files say.",
                report.services.len()
            )
        } else {
            let services = report.created + report.recreated + report.started + report.removed;
            format!("Compose would {} service{} in {place}.", parts.join(", "), if services == 1 { "" } else { "s" })
        };
        let rows = report
            .services
            .iter()
            .filter(|change| change.action != ServiceAction::Keep)
            .map(|change| [change.service.clone(), change.action.word().to_owned(), details(change)]);
        let told = Told::new(answer, serde_json::to_value(&plan).unwrap_or_default());
        if parts.is_empty() {
            told.into()
        } else {
            told.with_table(Table::of_texts(["service", "action", "what differs"], rows)).into()
        }
    }
}

fn details(change: &ServiceChange) -> String {
    let mut parts = Vec::new();
    match &change.image {
        Some((before, after)) if before.is_empty() => parts.push(format!("image {after}")),
        Some((before, after)) => parts.push(format!("image {before} -> {after}")),
        None => {}
    }
    let lists = [
        ("ports +", &change.ports_added),
        ("ports -", &change.ports_removed),
        ("variables +", &change.variables_added),
        ("variables with another value ", &change.variables_changed),
        ("variables -", &change.variables_removed),
        ("volumes +", &change.volumes_added),
        ("volumes -", &change.volumes_removed),
    ];
    for (what, names) in lists {
        if !names.is_empty() {
            parts.push(format!("{what}{}", names.join(", ")));
        }
    }
    if change.other {
        parts.push("other settings".to_owned());
    }
    parts.join("; ")
}
