//! `pipeline_health`: one verdict over all parts, with reasons and evidence, in bounded time whatever hangs.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use futures::FutureExt;
use futures::future::{join, join_all, join5};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout, timeout_at};

use super::parts::Look;
use super::store::{self, DatabaseAt, StoreFacts};
use super::verdict::{HealthReport, Part, PartHealth, Verdict};
use super::{Pipeline, capture, parts, stream};
use crate::eventhub::{LagReport, lag};
use crate::{CallScope, Effect, Failure, FailureKind, Tool};

/// Quarters of the patience that the engine gets. What is reached under a name of its own does not wait for it; the rest
/// is asked as soon as it has told where its containers are, and that takes less than it does.
const ENGINE_QUARTERS: u32 = 3;

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

    /// All at once, until one moment: what has not answered then is unknown.
    async fn parts(&self) -> Vec<PartHealth> {
        let pipeline = &*self.pipeline;
        let patience = pipeline.thresholds.patience;
        let until = Instant::now() + patience;
        // Without it, what speaks HTTP cannot be asked; the rest can.
        let client = parts::client(pipeline.certificate.as_deref());
        let engine = pipeline.engine(patience / 4 * ENGINE_QUARTERS);
        let look = Look { pipeline, client: &client, engine: engine.clone(), until };
        let look = &look;
        let within = |part, asked| within(part, until, patience, asked);
        let asked = [
            within(Part::Traefik, parts::traefik(look).boxed()).boxed(),
            within(Part::Web, parts::web(look).boxed()).boxed(),
            within(Part::Intake, parts::intake(look).boxed()).boxed(),
            within(Part::Disk, self.disks().boxed()).boxed(),
        ];
        let told = join5(
            self.stream(look).boxed(),
            stream::alive(look).boxed(),
            self.store(look.left()).boxed(),
            join_all(asked),
            // Waited for until it has answered or failed, so that nobody is judged without its word.
            engine,
        );
        let ((lag, capture), (alive, failed), store, mut parts, engine) = told.await;
        let (containers, engine) = match engine {
            Some(Ok(containers)) => (Some(containers), None),
            Some(Err(failure)) => (None, Some(failure)),
            None => (None, None),
        };
        let containers = containers.as_deref();
        let now = Utc::now().naive_utc();
        let known = store.as_ref().ok();
        let seconds = pipeline.thresholds.lag_seconds;
        let mut processor = stream::processor(&alive, &lag, known, containers, seconds, now);
        if let Some(failed) = failed {
            processor = processor.saw("checkpoints_failed", failed);
        }
        parts.extend([stream::hub(&lag, containers), capture, processor, store::judged(&store, containers)]);
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
    async fn stream(&self, look: &Look<'_>) -> (Result<LagReport, Failure>, PartHealth) {
        let pipeline = &*self.pipeline;
        // What is reached under its own name does not wait for the engine.
        let containers = if pipeline.is_found_by_engine() { look.containers().await } else { None };
        let containers = containers.as_deref();
        let (captured, window) = (pipeline.captured(containers), pipeline.thresholds.capture_seconds);
        let hub = match pipeline.hub(containers) {
            Ok(hub) => hub,
            Err(failure) => {
                let capture = capture::judged(captured, Err(failure.clone()), window, look.left()).await;
                return (Err(failure), capture);
            }
        };
        let checkpoints = pipeline.checkpoints(containers).and_then(Result::ok);
        let limit = look.left();
        // Asked once, for both.
        let facts = crate::eventhub::hub_facts(&hub, limit).boxed().shared();
        let capture = async {
            let facts = facts.clone().await.map(|facts| (hub.hub.clone(), facts));
            capture::judged(captured, facts, window, look.left()).await
        };
        let lag = lag::measure_from(&hub, facts.clone(), checkpoints.as_ref(), limit);
        join(lag, within(Part::Capture, look.until, limit, capture)).boxed().await
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
        let (sender, looked) = tokio::sync::oneshot::channel();
        // A file system of the network may hang, and with it the thread: nobody waits for that one.
        std::thread::spawn(move || sender.send(parts::disk(&disks, most)).ok());
        looked.await.unwrap_or_else(|_| PartHealth::new(Part::Disk, Verdict::Unknown, "it cannot be looked at"))
    }
}

/// A part until a moment; one that is silent until then is unknown. `limit` is how long that was, for the sentence.
async fn within(part: Part, until: Instant, limit: Duration, asked: impl Future<Output = PartHealth>) -> PartHealth {
    timeout_at(until, asked).await.unwrap_or_else(|_| {
        let said = format!("it does not answer within {} ms", limit.as_millis());
        PartHealth::new(part, Verdict::Unknown, said)
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

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
