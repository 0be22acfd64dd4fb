//! The stack's containers as the Docker engine of this machine sees them: state, health, restarts, addresses. Only reading.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::time::Duration;

use bollard::models::{
    ContainerInspectResponse, ContainerStateStatusEnum, ContainerSummary, ContainerSummaryStateEnum, EndpointSettings,
    HealthStatusEnum,
};
use bollard::query_parameters::{InspectContainerOptions, ListContainersOptionsBuilder};
use bollard::{API_DEFAULT_VERSION, Docker};
use chrono::{DateTime, Datelike, NaiveDateTime};
use futures::future::join_all;
use tokio::time::Instant;

use crate::{Failure, FailureKind};

/// The share of the time that the details of containers get once they are listed.
const DETAILS_SHARE: u32 = 3;

/// Where the engine is, and which of its Compose projects is the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// The engine's socket.
    pub socket: PathBuf,
    /// The Compose project.
    pub project: String,
}

/// One container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// `running`, `paused`, `exited`, ...
    pub state: String,
    /// What its own health check says; none where it has none.
    pub healthy: Option<bool>,
    /// True while its health check has not yet said anything.
    pub starting: bool,
    /// How often the engine has started it again.
    pub restarts: i64,
    /// When it was started last, UTC.
    pub started: Option<NaiveDateTime>,
    /// When it ended last, UTC; none where it has not yet.
    pub ended: Option<NaiveDateTime>,
    /// Its addresses in the stack's networks.
    pub addresses: Vec<String>,
}

impl Container {
    /// Why nothing can be asked of it; none where it runs.
    pub fn stopped(&self) -> Option<String> {
        match self.state.as_str() {
            "running" => None,
            "paused" => Some(format!("`{}` is frozen", self.name)),
            "restarting" => Some(format!("`{}` does not stay up: it is started again and again", self.name)),
            state => Some(format!("`{}` is {state}", self.name)),
        }
    }
}

/// The containers by Compose service.
pub type Containers = BTreeMap<String, Vec<Container>>;

impl Stack {
    /// Looks at the stack's containers, those that have ended too. Where a busy engine lists them and tells no more in
    /// time, what the list says of them has to do: all but the restarts.
    ///
    /// Fails where the engine does not answer within `limit`, or the project has no container.
    pub async fn look(&self, limit: Duration) -> Result<Containers, Failure> {
        let until = Instant::now() + limit;
        let listed = tokio::time::timeout_at(until, self.listed()).await;
        let (docker, listed) = listed.unwrap_or_else(|_| {
            Err(self.unreachable(&format!("it does not answer within {} ms", limit.as_millis())))
        })?;
        let until = until.min(Instant::now() + limit / DETAILS_SHARE);
        let looked = grouped(join_all(listed.iter().map(|one| looked_at(&docker, one, until))).await);
        if looked.is_empty() {
            return Err(Failure::new(
                FailureKind::NotFound,
                format!("there is no container of the stack `{}`", self.project),
            )
            .hint("make up, or check `pipeline.stack` in oms.toml"));
        }
        Ok(looked)
    }

    async fn listed(&self) -> Result<(Docker, Vec<ContainerSummary>), Failure> {
        let cannot = |error: bollard::errors::Error| {
            tracing::debug!(%error, "the engine was not asked");
            self.unreachable("nothing answers there as a Docker engine does")
        };
        let path = self.socket.to_string_lossy();
        let docker = Docker::connect_with_socket(&path, 10, API_DEFAULT_VERSION)
            .map_err(cannot)?
            .negotiate_version()
            .await
            .map_err(cannot)?;
        let label = vec![format!("com.docker.compose.project={}", self.project)];
        let filters = HashMap::from([("label", label)]);
        let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        let listed = docker.list_containers(Some(options)).await.map_err(cannot)?;
        Ok((docker, listed))
    }

    fn unreachable(&self, cause: &str) -> Failure {
        Failure::new(
            FailureKind::Unavailable,
            format!("cannot ask the Docker engine at `{}`: {cause}", self.socket.display()),
        )
        .hint("start Docker, or check `pipeline.engine` in oms.toml")
    }
}

/// One of the list by its service, with what the engine tells of it until then; none where it went away meanwhile.
async fn looked_at(docker: &Docker, one: &ContainerSummary, until: Instant) -> Option<(String, Container)> {
    let service = one.labels.as_ref()?.get("com.docker.compose.service")?.clone();
    let inspected = docker.inspect_container(one.id.as_deref()?, None::<InspectContainerOptions>);
    match tokio::time::timeout_at(until, inspected).await {
        Ok(Ok(inspected)) => Some((service, container(&inspected))),
        Ok(Err(_)) => None,
        Err(_) => Some((service, summary(one))),
    }
}

fn grouped(looked: Vec<Option<(String, Container)>>) -> Containers {
    let mut found = Containers::new();
    for (service, container) in looked.into_iter().flatten() {
        found.entry(service).or_default().push(container);
    }
    for containers in found.values_mut() {
        containers.sort_by(|one, other| one.name.cmp(&other.name));
    }
    found
}

/// A container as the list tells of it: `Up 2 minutes (healthy)`.
fn summary(one: &ContainerSummary) -> Container {
    let status = one.status.clone().unwrap_or_default();
    let says = |word: &str| status.contains(word);
    let networks = one.network_settings.as_ref().and_then(|settings| settings.networks.as_ref());
    Container {
        name: one.names.iter().flatten().next().cloned().unwrap_or_default().trim_start_matches('/').to_owned(),
        state: match one.state {
            Some(ContainerSummaryStateEnum::EMPTY) | None => "in an unknown state".to_owned(),
            Some(state) => state.to_string(),
        },
        healthy: if says("(healthy)") {
            Some(true)
        } else if says("(unhealthy)") {
            Some(false)
        } else {
            None
        },
        starting: says("health: starting"),
        addresses: addresses(networks),
        ..Container::default()
    }
}

fn addresses(networks: Option<&HashMap<String, EndpointSettings>>) -> Vec<String> {
    networks
        .into_iter()
        .flat_map(HashMap::values)
        .filter_map(|network| network.ip_address.clone())
        .filter(|address| !address.is_empty())
        .collect()
}

fn container(one: &ContainerInspectResponse) -> Container {
    let state = one.state.as_ref();
    let health = state.and_then(|state| state.health.as_ref()).and_then(|health| health.status);
    let networks = one.network_settings.as_ref().and_then(|settings| settings.networks.as_ref());
    Container {
        name: one.name.clone().unwrap_or_default().trim_start_matches('/').to_owned(),
        state: match state.and_then(|state| state.status) {
            Some(ContainerStateStatusEnum::EMPTY) | None => "in an unknown state".to_owned(),
            Some(status) => status.to_string(),
        },
        healthy: match health {
            Some(HealthStatusEnum::HEALTHY) => Some(true),
            Some(HealthStatusEnum::UNHEALTHY) => Some(false),
            _ => None,
        },
        starting: health == Some(HealthStatusEnum::STARTING),
        restarts: one.restart_count.unwrap_or_default(),
        started: time(state.and_then(|state| state.started_at.as_deref())),
        ended: time(state.and_then(|state| state.finished_at.as_deref())),
        addresses: addresses(networks),
    }
}

/// A time as the engine writes it; what has not happened is in the year 1.
fn time(text: Option<&str>) -> Option<NaiveDateTime> {
    let at = DateTime::parse_from_rfc3339(text?).ok()?.naive_utc();
    (at.year() > 1).then_some(at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_list_alone_tells_states_health_and_addresses() {
        for (state, status, stopped, healthy, starting) in [
            ("running", "Up 2 minutes (healthy)", false, Some(true), false),
            ("running", "Up 2 minutes (unhealthy)", false, Some(false), false),
            ("running", "Up 3 seconds (health: starting)", false, None, true),
            ("running", "Up 2 minutes", false, None, false),
            ("paused", "Up 2 minutes (Paused)", true, None, false),
            ("exited", "Exited (137) 3 seconds ago", true, None, false),
        ] {
            let listed: ContainerSummary = serde_json::from_value(serde_json::json!({
                "Id": "1", "Names": ["/oms-web-1"], "State": state, "Status": status,
                "NetworkSettings": {"Networks": {"a": {"IPAddress": "10.0.0.2"}, "b": {"IPAddress": ""}}}
            }))
            .unwrap();
            let one = summary(&listed);
            assert_eq!((one.stopped().is_some(), one.healthy, one.starting), (stopped, healthy, starting), "{status}");
            assert_eq!(
                (one.name.as_str(), one.addresses.as_slice()),
                ("oms-web-1", ["10.0.0.2".to_owned()].as_slice())
            );
        }
    }
}
