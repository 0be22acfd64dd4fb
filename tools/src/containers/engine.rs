//! The Docker engine, spoken to over its socket.

use std::collections::HashMap;
use std::time::Duration;

use bollard::query_parameters::{InspectContainerOptions, ListContainersOptions, StatsOptions};
use bollard::{API_DEFAULT_VERSION, Docker};
use futures::{StreamExt, stream};

use super::seen::Container;
use crate::deploy::Deploy;
use crate::{Failure, FailureKind};

/// Seconds that one answer of the engine may take.
const SECONDS: u64 = 30;
/// How long the figures of one container are waited for.
const USAGE: Duration = Duration::from_secs(5);
/// Containers that are looked at in one call.
const MOST: usize = 500;
/// The usual socket.
const SOCKET: &str = "/var/run/docker.sock";
/// Compose's label for the project.
pub(crate) const PROJECT: &str = "com.docker.compose.project";
/// Compose's label for the service.
pub(crate) const SERVICE: &str = "com.docker.compose.service";

/// A connection to the engine.
#[derive(Debug)]
pub struct Engine {
    pub(super) docker: Docker,
}

impl Engine {
    /// Connects, and agrees on a version.
    pub async fn connect(deploy: &Deploy) -> Result<Self, Failure> {
        let host = deploy.settings().docker_host.as_deref().unwrap_or(SOCKET);
        let cannot = |why: &str| {
            Failure::new(FailureKind::Unavailable, format!("cannot ask the Docker engine at `{host}`: {why}"))
                .hint("start Docker, or set DOCKER_HOST or `deploy.docker_host`")
        };
        let docker = match host.split_once("://") {
            None | Some(("unix", _)) => Docker::connect_with_unix(host, SECONDS, API_DEFAULT_VERSION),
            Some((scheme, _)) => return Err(cannot(&format!("only sockets are spoken to, not `{scheme}`"))),
        };
        let docker = docker.map_err(|_| cannot("it is not there"))?;
        let docker = docker.negotiate_version().await.map_err(|_| cannot("it does not answer"))?;
        Ok(Self { docker })
    }

    /// The version of the engine.
    pub async fn version(&self) -> Result<String, Failure> {
        let version = self.docker.version().await.map_err(|error| failed("its version", &error))?;
        Ok(version.version.unwrap_or_default())
    }

    /// All containers, or those of one Compose project, stopped ones too.
    pub async fn containers(&self, project: Option<&str>) -> Result<Vec<Container>, Failure> {
        let filters =
            project.map(|project| HashMap::from([("label".to_owned(), vec![format!("{PROJECT}={project}")])]));
        let options = ListContainersOptions { all: true, filters, ..ListContainersOptions::default() };
        let listed =
            self.docker.list_containers(Some(options)).await.map_err(|error| failed("its containers", &error))?;
        let ids: Vec<String> = listed.into_iter().filter_map(|one| one.id).take(MOST).collect();
        let mut seen: Vec<Container> = stream::iter(ids)
            .map(|id| async move {
                let found = self.docker.inspect_container(&id, None::<InspectContainerOptions>).await;
                // One that has gone meanwhile is not there any more.
                found.ok().map(|found| Container::of(&found))
            })
            .buffer_unordered(8)
            .filter_map(|one| async move { one })
            .collect()
            .await;
        seen.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(seen)
    }

    /// Adds what running containers use.
    pub async fn with_usage(&self, seen: Vec<Container>) -> Vec<Container> {
        let options = StatsOptions { stream: false, one_shot: true };
        let mut seen: Vec<Container> = stream::iter(seen)
            .map(|mut one| {
                let options = options.clone();
                async move {
                    if one.state == "running" {
                        let mut stats = Box::pin(self.docker.stats(&one.id, Some(options)));
                        if let Ok(Some(Ok(stats))) = tokio::time::timeout(USAGE, stats.next()).await {
                            one.use_stats(&stats);
                        }
                    }
                    one
                }
            })
            .buffer_unordered(16)
            .collect()
            .await;
        seen.sort_by(|one, other| one.name.cmp(&other.name));
        seen
    }

    /// The id of an image by its name.
    pub(crate) async fn image_id(&self, image: &str) -> Option<String> {
        self.docker.inspect_image(image).await.ok().and_then(|image| image.id)
    }

    /// The variables that an image sets itself.
    pub(crate) async fn variables_of_image(&self, image: &str) -> Vec<String> {
        let found = self.docker.inspect_image(image).await.ok().and_then(|image| image.config);
        found.and_then(|config| config.env).unwrap_or_default()
    }
}

/// A failure of the engine, without its own text where that could hold what was asked.
pub(super) fn failed(what: &str, error: &bollard::errors::Error) -> Failure {
    let why = match error {
        bollard::errors::Error::DockerResponseServerError { status_code: 404, .. } => "there is no such container",
        bollard::errors::Error::DockerResponseServerError { .. } => "it refuses",
        bollard::errors::Error::RequestTimeoutError => "it took too long",
        _ => "it does not answer as it should",
    };
    Failure::new(FailureKind::Unavailable, format!("cannot ask the Docker engine for {what}: {why}"))
}
