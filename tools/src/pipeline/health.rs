//! `pipeline_health`: one verdict over all parts, with reasons and evidence, in bounded time whatever hangs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use futures::FutureExt;
use futures::future::{join, join_all, join4};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::stack::Containers;
use super::store::{self, DatabaseAt, StoreFacts};
use super::verdict::{HealthReport, Part, PartHealth, Verdict};
use super::{Pipeline, capture, parts, stream};
use crate::eventhub::{HubFacts, LagReport, lag};
use crate::{CallScope, Effect, Failure, FailureKind, Tool};

/// The share of the patience that the engine gets: all else waits for where its containers are.
const ENGINE_SHARE: u32 = 4;

/// What `pipeline_health` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PipelineHealthArguments {
    /// The parts that are asked about; none: all.
    #[serde(default)]
    pub parts: Vec<Part>,
}

/// The tool.
#[derive(Clone)]
pub struct PipelineHealth {
    pipeline: Arc<Pipeline>,
    database: DatabaseAt,
}

impl PipelineHealth {
    /// The tool over a pipeline and its database.
    pub fn new(pipeline: Arc<Pipeline>, database: DatabaseAt) -> Self {
        Self { pipeline, database }
    }

    /// Looks at every part that this pipeline has.
    pub async fn look(&self) -> HealthReport {
        let (begun, at) = (Instant::now(), Utc::now().naive_utc());
        let mut parts = self.parts().await;
        parts.retain(|part| !self.pipeline.without.contains(&part.part));
        HealthReport::of(parts, at, begun.elapsed().as_secs_f64() * 1000.0)
    }

    async fn parts(&self) -> Vec<PartHealth> {
        let pipeline = &*self.pipeline;
        let patience = pipeline.thresholds.patience;
        let looked = pipeline.containers(patience / ENGINE_SHARE).await;
        let engine = looked.as_ref().and_then(|looked| looked.as_ref().err()).cloned();
        let containers = looked.and_then(Result::ok);
        let containers = containers.as_ref();
        let limit = patience.saturating_sub(patience / ENGINE_SHARE);
        let client = match parts::client(pipeline.certificate.as_deref()) {
            Ok(client) => client,
            Err(failure) => return vec![PartHealth::new(Part::Traefik, Verdict::Unknown, failure.message)],
        };
        let asked = [
            within(Part::Traefik, limit, parts::traefik(pipeline, &client, containers)).boxed(),
            within(Part::Web, limit, parts::web(pipeline, &client, containers)).boxed(),
            within(Part::Intake, limit, parts::intake(pipeline, &client, containers)).boxed(),
            within(Part::Disk, limit, self.disks()).boxed(),
        ];
        let stream = join4(
            self.lag(containers, limit),
            stream::alive(pipeline, &client, containers),
            self.store(limit),
            join_all(asked),
        );
        let (lag, (alive, failed), store, mut parts) = stream.boxed().await;
        let (lag, capture) = lag;
        let now = Utc::now().naive_utc();
        let known = store.as_ref().ok();
        let seconds = pipeline.thresholds.lag_seconds;
        let mut processor = stream::processor(&alive, &lag, known, containers, seconds, now);
        if let Some(failed) = failed {
            processor = processor.saw("checkpoints_failed", failed);
        }
        parts.extend([stream::hub(&lag, containers), capture, processor, store::judged(&store)]);
        if let Some(failure) = engine {
            // Where the containers are is not known: parts that only they would tell of stay unknown, and this is why.
            for part in parts.iter_mut().filter(|part| part.verdict == Verdict::Unknown) {
                part.hints.clone_from(&failure.hints);
                part.said = format!("{}; {}", part.said, failure.message);
            }
        }
        parts
    }

    /// The lag, and what Capture makes of the same look at the hub.
    async fn lag(&self, containers: Option<&Containers>, limit: Duration) -> (Result<LagReport, Failure>, PartHealth) {
        let pipeline = &*self.pipeline;
        let hub = match pipeline.hub(containers) {
            Ok(hub) => hub,
            Err(failure) => {
                let captured = pipeline.captured(containers);
                let capture = capture::judged(pipeline, captured, Err(failure.clone())).await;
                return (Err(failure), capture);
            }
        };
        let checkpoints = pipeline.checkpoints(containers).and_then(Result::ok);
        let captured = pipeline.captured(containers);
        let name = hub.hub.clone();
        let facts = async {
            let facts = crate::eventhub::hub_facts(&hub, limit).await;
            let facts: Result<(String, HubFacts), Failure> = facts.map(|facts| (name, facts));
            within(Part::Capture, limit, capture::judged(pipeline, captured, facts)).await
        };
        join(lag::measure(&hub, checkpoints.as_ref(), limit), facts).boxed().await
    }

    async fn store(&self, limit: Duration) -> Result<StoreFacts, Failure> {
        let asked = async {
            let database = self.database.open().await?;
            store::facts(&database).await
        };
        timeout(limit, asked).await.unwrap_or_else(|_| {
            Err(Failure::new(
                FailureKind::TimedOut,
                format!("the orders database does not answer within {} ms", limit.as_millis()),
            )
            .hint("see whether its server runs, and what it is busy with"))
        })
    }

    async fn disks(&self) -> PartHealth {
        let (disks, most) = (self.pipeline.disks.clone(), self.pipeline.thresholds.disk_percent);
        // A file system of the network may hang.
        tokio::task::spawn_blocking(move || parts::disk(&disks, most))
            .await
            .unwrap_or_else(|_| PartHealth::new(Part::Disk, Verdict::Unknown, "it cannot be looked at"))
    }
}

/// A part within a limit; one that takes longer could not be asked.
async fn within(part: Part, limit: Duration, asked: impl Future<Output = PartHealth>) -> PartHealth {
    timeout(limit, asked).await.unwrap_or_else(|_| {
        let said = format!("it does not answer within {} ms", limit.as_millis());
        let verdict = if matches!(part, Part::Disk | Part::Capture) { Verdict::Unknown } else { Verdict::Down };
        PartHealth::new(part, verdict, said)
    })
}

impl Tool for PipelineHealth {
    const NAME: &'static str = "pipeline_health";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = PipelineHealthArguments;
    type Report = HealthReport;

    fn description(&self) -> String {
        "Whether the order pipeline works: Traefik, web servers, intake, event hub, Capture, processor with its lag and dead \
         letters, database, disks; one verdict (healthy, degraded, down, unknown) with reasons. Use it for questions about \
         health, outages, dead letters and whether everything runs."
            .to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: Self::Arguments) -> Result<Self::Report, Failure> {
        let report = self.look().await;
        if arguments.parts.is_empty() {
            return Ok(report);
        }
        let parts: Vec<PartHealth> =
            report.parts.into_iter().filter(|part| arguments.parts.contains(&part.part)).collect();
        if parts.is_empty() {
            return Err(Failure::invalid("this pipeline has none of these parts: `pipeline.without` names them"));
        }
        Ok(HealthReport::of(parts, report.checked_at, report.elapsed_ms).narrowed())
    }
}
