//! The stack's containers as the Docker engine of this machine sees them: state, health, restarts, addresses. Only reading.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::time::Duration;

use bollard::models::{ContainerInspectResponse, ContainerStateStatusEnum, HealthStatusEnum};
use bollard::query_parameters::{InspectContainerOptions, ListContainersOptionsBuilder};
use bollard::{API_DEFAULT_VERSION, Docker};
use chrono::{DateTime, NaiveDateTime};
use futures::future::join_all;

use crate::{Failure, FailureKind};

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
    /// Looks at the stack's containers, those that have ended too.
    ///
    /// Fails where the engine does not answer within `limit`, or the project has no container.
    pub async fn look(&self, limit: Duration) -> Result<Containers, Failure> {
        let looked = tokio::time::timeout(limit, self.asked()).await.unwrap_or_else(|_| {
            Err(self.unreachable(&format!("it does not answer within {} ms", limit.as_millis())))
        })?;
        if looked.is_empty() {
            return Err(Failure::new(
                FailureKind::NotFound,
                format!("there is no container of the stack `{}`", self.project),
            )
            .hint("make up, or check `pipeline.stack` in oms.toml"));
        }
        Ok(looked)
    }

    async fn asked(&self) -> Result<Containers, Failure> {
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
        let inspected = join_all(listed.iter().filter_map(|one| one.id.as_deref()).map(|id| {
            let docker = &docker;
            async move { docker.inspect_container(id, None::<InspectContainerOptions>).await }
        }))
        .await;
        let mut found = Containers::new();
        // One that went away meanwhile is none.
        for one in inspected.into_iter().flatten() {
            let labels = one.config.as_ref().and_then(|config| config.labels.clone()).unwrap_or_default();
            if let Some(service) = labels.get("com.docker.compose.service") {
                found.entry(service.clone()).or_default().push(container(&one));
            }
        }
        for containers in found.values_mut() {
            containers.sort_by(|one, other| one.name.cmp(&other.name));
        }
        Ok(found)
    }

    fn unreachable(&self, cause: &str) -> Failure {
        Failure::new(
            FailureKind::Unavailable,
            format!("cannot ask the Docker engine at `{}`: {cause}", self.socket.display()),
        )
        .hint("start Docker, or check `pipeline.engine` in oms.toml")
    }
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
        started: state
            .and_then(|state| state.started_at.as_deref())
            .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
            .map(|at| at.naive_utc()),
        addresses: networks
            .into_iter()
            .flat_map(HashMap::values)
            .filter_map(|network| network.ip_address.clone())
            .filter(|address| !address.is_empty())
            .collect(),
    }
}
