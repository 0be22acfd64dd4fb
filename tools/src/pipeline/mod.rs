//! The pipeline as a whole: how it is, how fresh its data is, and where one order stands on its way, and what
//! happened around a moment.
//!
//! Everything is asked in parallel and with a time limit, and nothing is changed. What cannot be asked is said to be unknown:
//! silence is never taken for health.

mod capture;
mod freshness;
mod health;
mod lag;
mod parts;
mod stack;
mod store;
mod stream;
mod trace;
mod verdict;
pub mod why;

pub use capture::CaptureAt;
pub use freshness::{Freshness, StreamState};
pub use health::{PipelineHealth, PipelineHealthArguments};
pub use lag::{EventHubLag, EventHubLagArguments};
pub use stack::{Container, Containers, Stack};
pub use store::{DatabaseAt, Opened};
pub use trace::{Hop, HopState, TraceOrder, TraceOrderArguments, TraceReport};
pub use verdict::{HealthReport, Part, PartHealth, Verdict};
pub use why::{Why, WhyArguments};

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use reqwest::Url;

use crate::Failure;
use crate::eventhub::{BlobContainer, HubPlace};

/// The ports that the stack's services have inside it.
mod ports {
    pub(super) const WEB: u16 = 8080;
    pub(super) const INTAKE: u16 = 8080;
    pub(super) const MONITOR: u16 = 9464;
}

/// From when on something is said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    /// How long all parts together may take to answer.
    pub patience: Duration,
    /// Seconds that the oldest waiting event may be old.
    pub lag_seconds: i64,
    /// The length of Capture's window in seconds.
    pub capture_seconds: i64,
    /// How full a disk may be, in percent.
    pub disk_percent: u8,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { patience: Duration::from_millis(1500), lag_seconds: 60, capture_seconds: 300, disk_percent: 90 }
    }
}

/// What is known of where the pipeline is.
#[derive(Clone, Default)]
pub struct Pipeline {
    /// The event hub and the processor's consumer group; or why it cannot be asked.
    pub hub: Option<Result<HubPlace, Failure>>,
    /// The container of the checkpoints; or why it cannot be asked.
    pub checkpoints: Option<Result<BlobContainer, Failure>>,
    /// What Capture writes; or why it cannot be asked.
    pub capture: Option<Result<CaptureAt, Failure>>,
    /// The shop's address, where Traefik answers.
    pub shop: Option<Url>,
    /// The certificate that the shop shows, in PEM, where no authority has signed it.
    pub certificate: Option<Vec<u8>>,
    /// The web servers.
    pub web: Vec<Url>,
    /// The intake.
    pub intake: Option<Url>,
    /// The processors' monitors.
    pub processors: Vec<Url>,
    /// The containers, where they run on this machine.
    pub stack: Option<Stack>,
    /// Where the disks are that must not be full.
    pub disks: Vec<PathBuf>,
    /// Parts that this pipeline does not have.
    pub without: Vec<Part>,
    /// From when on something is said.
    pub thresholds: Thresholds,
}

impl Pipeline {
    /// The hub as it is reached: a host that is a service of the stack is asked at its container.
    ///
    /// Fails where no hub is configured, or its setting cannot be used.
    pub(crate) fn hub(&self, containers: Option<&Containers>) -> Result<HubPlace, Failure> {
        let hub = self.hub.clone().ok_or_else(|| {
            Failure::new(crate::FailureKind::Unavailable, "cannot ask the event hub: it is not known where it is")
                .hint("set `eventhub.connection` (a key) or `eventhub.namespace` (Entra ID) in oms.toml")
        })??;
        if hub.address.is_some() {
            return Ok(hub);
        }
        Ok(match address(containers, &hub.host) {
            Some(address) => {
                let port = hub.port;
                hub.at(format!("{address}:{port}"))
            }
            None => hub,
        })
    }

    /// The checkpoints as they are reached.
    pub(crate) fn checkpoints(&self, containers: Option<&Containers>) -> Option<Result<BlobContainer, Failure>> {
        Some(self.checkpoints.clone()?.map(|container| reached(container, containers)))
    }

    /// The captured files as they are reached.
    pub(crate) fn captured(&self, containers: Option<&Containers>) -> Option<Result<CaptureAt, Failure>> {
        Some(self.capture.clone()?.map(|capture| match capture {
            CaptureAt::Container(container) => CaptureAt::Container(reached(container, containers)),
            folder @ CaptureAt::Folder(_) => folder,
        }))
    }

    /// The engine's word on the containers: asked once, as soon as somebody waits for it, and heard by all who do.
    pub(crate) fn engine(&self, limit: Duration) -> Engine {
        let stack = self.stack.clone();
        async move {
            match stack {
                Some(stack) => Some(stack.look(limit).await.map(Arc::new)),
                None => None,
            }
        }
        .boxed()
        .shared()
    }

    /// Whether only the engine tells where the hub, its checkpoints or the captured files are: a service of the stack is
    /// named there. An address or a host of a domain is none.
    pub(crate) fn is_found_by_engine(&self) -> bool {
        let service = |host: &str| !host.contains(['.', ':']) && host != "localhost";
        let of = |container: &BlobContainer| container.host().is_some_and(|(host, _)| service(host));
        self.stack.is_some()
            && (matches!(&self.hub, Some(Ok(hub)) if hub.address.is_none() && service(&hub.host))
                || matches!(&self.checkpoints, Some(Ok(container)) if of(container))
                || matches!(&self.capture, Some(Ok(CaptureAt::Container(container))) if of(container)))
    }

    /// The containers, where there is a stack on this machine.
    pub(crate) async fn containers(&self, limit: Duration) -> Option<Result<Containers, Failure>> {
        match &self.stack {
            Some(stack) => Some(stack.look(limit).await),
            None => None,
        }
    }
}

/// What the engine says of the stack's containers; none where there is no stack on this machine.
pub(crate) type Engine = Shared<BoxFuture<'static, Option<Result<Arc<Containers>, Failure>>>>;

fn reached(container: BlobContainer, containers: Option<&Containers>) -> BlobContainer {
    match container.host().and_then(|(host, port)| Some((address(containers, host)?, port))) {
        Some((address, port)) => container.at(&format!("{address}:{port}")),
        None => container,
    }
}

/// The address of a service's first container that runs.
fn address(containers: Option<&Containers>, service: &str) -> Option<String> {
    containers?.get(service)?.iter().find_map(|container| container.addresses.first()).cloned()
}
