//! `containers`: what runs, and how well.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::engine::Engine;
use super::seen::Container;
use crate::deploy::Deploy;
use crate::process::arguments;
use crate::told::Told;
use crate::{CallScope, Effect, Failure, Table, Tool, ToolReport};

/// What `containers` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContainersArguments {
    /// The environment whose Compose project is meant. Leave it out for everything on the engine.
    #[serde(default)]
    pub environment: Option<String>,
    /// Only containers or services of this name. Leave it out for all.
    #[serde(default)]
    pub name: Option<String>,
}

/// What runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ContainersReport {
    /// The project that was looked at; none: all.
    pub project: Option<String>,
    /// The containers, by name.
    pub containers: Vec<Container>,
}

/// Looks.
pub async fn containers(deploy: &Deploy, arguments: &ContainersArguments) -> Result<ContainersReport, Failure> {
    let project = match arguments.environment.as_deref() {
        Some(environment) => deploy.compose(Some(environment))?.1.project.clone(),
        None => None,
    };
    if let Some(name) = &arguments.name {
        arguments::name("the container", name)?;
    }
    let engine = Engine::connect(deploy).await?;
    let mut found = engine.containers(project.as_deref()).await?;
    if let Some(name) = &arguments.name {
        found.retain(|one| one.name.contains(name.as_str()) || one.service.as_deref() == Some(name));
    }
    Ok(ContainersReport { project, containers: engine.with_usage(found).await })
}

/// `containers`.
pub struct Containers(Arc<Deploy>);

impl Containers {
    /// The tool over a deployment's settings.
    pub fn new(deploy: Arc<Deploy>) -> Self {
        Self(deploy)
    }
}

impl Tool for Containers {
    const NAME: &'static str = "containers";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = ContainersArguments;
    type Report = ContainersReport;

    fn description(&self) -> String {
        "Shows what runs on the Docker engine: each container's state, health, restarts, ports, memory and processor time."
            .to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: ContainersArguments) -> Result<ContainersReport, Failure> {
        containers(&self.0, &arguments).await
    }
}

/// Bytes as people read them.
fn bytes(count: u64) -> String {
    #[allow(clippy::cast_precision_loss)] // two digits are shown
    let count = count as f64;
    let mib = count / (1024.0 * 1024.0);
    if mib >= 1024.0 { format!("{:.1} GiB", mib / 1024.0) } else { format!("{mib:.1} MiB") }
}

impl From<ContainersReport> for ToolReport {
    fn from(report: ContainersReport) -> Self {
        let all = &report.containers;
        let place =
            report.project.as_ref().map_or_else(|| "on the engine".to_owned(), |name| format!("in project `{name}`"));
        let running = all.iter().filter(|one| one.state == "running").count();
        let ill: Vec<String> = all
            .iter()
            .filter(|one| !one.is_well())
            .take(10)
            .map(|one| format!("`{}` ({})", one.name, one.words()))
            .collect();
        let answer = match (all.len(), ill.as_slice()) {
            (0, _) => format!("No container is there {place}."),
            (count, []) => format!("{running} of {count} containers run {place}; all are well."),
            (count, ill) => format!("{running} of {count} containers run {place}; not well: {}.", ill.join(", ")),
        };
        let rows = all.iter().map(|one| {
            let memory = match (one.memory_bytes, one.memory_limit_bytes) {
                (Some(used), Some(limit)) => format!("{} of {}", bytes(used), bytes(limit)),
                (Some(used), None) => bytes(used),
                _ => String::new(),
            };
            [
                one.name.clone(),
                one.words(),
                one.restarts.to_string(),
                one.image.clone(),
                one.ports.iter().cloned().collect::<Vec<_>>().join(", "),
                memory,
                one.cpu_seconds.map(|seconds| format!("{seconds:.1} s")).unwrap_or_default(),
                one.started_at.clone().unwrap_or_default(),
            ]
        });
        let columns = ["container", "state", "restarts", "image", "ports", "memory", "cpu", "started"];
        let table = Table::of_texts(columns, rows);
        let told = Told::new(answer, serde_json::to_value(&report).unwrap_or_default());
        if all.is_empty() { told.into() } else { told.with_table(table).into() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on ends

    use super::*;

    /// What an engine said of two containers of a project.
    const SEEN: &str = include_str!("../../tests/deploy/containers.json");

    #[test]
    fn recorded_containers_are_told() {
        let found: Vec<bollard::models::ContainerInspectResponse> = serde_json::from_str(SEEN).unwrap();
        let mut containers: Vec<Container> = found.iter().map(Container::of).collect();
        containers[1].state = "exited".to_owned();
        containers[1].exit_code = Some(137);
        containers[0].memory_bytes = Some(3 * 1024 * 1024);
        let ToolReport::Told(told) = ToolReport::from(ContainersReport { project: None, containers }) else { panic!() };
        assert_eq!(
            told.answer,
            "1 of 2 containers run on the engine; not well: `oms-fixture-idle-1` (exited with 137)."
        );
        insta::assert_debug_snapshot!(told.table.unwrap().rows);
        // Values of variables are secrets of others.
        assert!(!told.data.to_string().contains("hunter2"));
    }
}
