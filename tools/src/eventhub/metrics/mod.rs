//! `eventhub_metrics`: what Azure Monitor measures of the namespace and its hubs.

mod fetch;
mod names;
mod points;
mod query;
mod report;
mod tell;
#[cfg(test)]
mod tests;

pub use names::{Aggregation, Grain, Metric, Split};
pub use query::{EventhubMetricsArguments, KEPT_DAYS, Show};
pub use report::{MetricSeries, MetricsReport, Summary};

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::hubs;
use crate::azure::Azure;
use crate::{CallScope, Effect, Failure, Tool};
use fetch::Cache;
use query::Question;

/// The tool.
#[derive(Debug)]
pub struct EventhubMetrics {
    azure: Arc<Azure>,
    cache: Cache,
}

impl EventhubMetrics {
    /// The tool over a namespace.
    pub fn new(azure: Arc<Azure>) -> Self {
        Self { azure, cache: Cache::default() }
    }

    /// Reads the metrics as of an instant.
    ///
    /// Fails where nothing of what was asked can be read; what can be read in part is told with its failures.
    pub async fn read(
        &self,
        arguments: &EventhubMetricsArguments,
        now: NaiveDateTime,
    ) -> Result<MetricsReport, Failure> {
        let mut question = Question::new(arguments, now)?;
        let namespace = self.azure.namespace()?.to_owned();
        let known = if question.splits() { self.cache.hubs(&self.azure).await? } else { Vec::new() };
        for hub in &mut question.hubs {
            *hub = hubs::named(hub, &known, &namespace)?;
        }
        let answers = fetch::all(&self.azure, &self.cache, question.requests(&known)?).await?;
        report::report(namespace, &question, &known, &answers)
    }
}

/// Reads answers that came by other means than a request: for measuring how long that takes. `answer` is asked for the body
/// of each request by its parameters.
///
/// Fails as [`EventhubMetrics::read`] does.
pub fn from_answers(
    arguments: &EventhubMetricsArguments,
    now: NaiveDateTime,
    namespace: &str,
    hubs: &[String],
    mut answer: impl FnMut(&[(&'static str, String)]) -> Vec<u8>,
) -> Result<MetricsReport, Failure> {
    let question = Question::new(arguments, now)?;
    let mut answers = Vec::new();
    for request in question.requests(hubs)? {
        let answered = fetch::read_body(&answer(&request.parameters()), &request, "the metrics")?;
        answers.push((request, Ok(Arc::new(answered))));
    }
    report::report(namespace.to_owned(), &question, hubs, &answers)
}

impl Tool for EventhubMetrics {
    const NAME: &'static str = "eventhub_metrics";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = EventhubMetricsArguments;
    type Report = MetricsReport;

    fn description(&self) -> String {
        "Reads Azure Monitor's metrics of the Event Hubs namespace: messages, bytes, requests, throttling, errors, Capture, \
         connections; over a range, by a grain, split by hub. Azure keeps 93 days. It has no consumer lag: that is \
         `eventhub_lag`."
            .to_owned()
    }

    async fn call(&self, scope: &CallScope, arguments: Self::Arguments) -> Result<Self::Report, Failure> {
        self.read(&arguments, scope.now).await
    }
}
