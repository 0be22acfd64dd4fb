//! How far the answers about orders are behind the stream: asked beside each answer, in a moment or not at all.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt;
use tokio::task::JoinHandle;

use super::Pipeline;
use crate::Failure;
use crate::eventhub::{LagReport, lag};

/// How long an answer waits for the stream.
const WAIT: Duration = Duration::from_millis(150);
/// How long the first one does: nothing is known yet, and it may be the only one.
const FIRST_WAIT: Duration = Duration::from_millis(1500);
/// How long a measurement that nobody waits for any more may go on: the next answer has its result.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a measurement is good for.
const GOOD_FOR: Duration = Duration::from_secs(5);
/// How long a failure is: a hub that is away would cost every answer its wait.
const FAILED_FOR: Duration = Duration::from_secs(15);

/// How the stream stands against the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamState {
    /// There is no stream to ask.
    None,
    /// Events that wait, and the age of the oldest in seconds.
    Behind {
        /// Events.
        events: i64,
        /// Seconds; none: not known.
        seconds: Option<i64>,
    },
    /// It was asked, and has not answered yet: the next question will know.
    Late,
    /// It was asked, and did not say: why.
    Unknown(String),
}

/// Asks the stream for conversations.
pub struct Freshness {
    pipeline: Arc<Pipeline>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    last: Option<(Instant, StreamState)>,
    /// Whether an answer has waited before.
    waited: bool,
    measuring: Option<JoinHandle<StreamState>>,
}

impl Known {
    /// What was measured last, while it is good.
    fn good(&self) -> Option<&StreamState> {
        let (at, state) = self.last.as_ref()?;
        let good_for = if matches!(state, StreamState::Unknown(_)) { FAILED_FOR } else { GOOD_FOR };
        (at.elapsed() < good_for).then_some(state)
    }
}

impl Freshness {
    /// Over a pipeline.
    pub fn new(pipeline: Arc<Pipeline>) -> Self {
        Self { pipeline, known: Mutex::default() }
    }

    /// Whether there is a stream to ask.
    pub fn has_stream(&self) -> bool {
        self.pipeline.hub.is_some()
    }

    /// From how many seconds on a lag is said before a figure.
    pub fn material_seconds(&self) -> i64 {
        self.pipeline.thresholds.lag_seconds
    }

    /// Begins to ask the stream while the answer is still being found; [`Freshness::state`] then has less to wait for.
    pub fn begin(&self) {
        if self.pipeline.hub.is_none() {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.good().is_none() && known.measuring.is_none() {
            known.measuring = Some(self.measured());
        }
    }

    fn measured(&self) -> JoinHandle<StreamState> {
        let pipeline = self.pipeline.clone();
        tokio::spawn(async move { measure(&pipeline).boxed().await })
    }

    /// How the stream stands, as far as it says so at once.
    pub async fn state(&self) -> StreamState {
        if self.pipeline.hub.is_none() {
            return StreamState::None;
        }
        let (mut measuring, wait) = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(state) = known.good() {
                return state.clone();
            }
            let wait = if std::mem::replace(&mut known.waited, true) { WAIT } else { FIRST_WAIT };
            (known.measuring.take().unwrap_or_else(|| self.measured()), wait)
        };
        let waited = tokio::time::timeout(wait, &mut measuring).await;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(measured) = waited else {
            known.measuring = Some(measuring);
            return StreamState::Late;
        };
        let state = measured.unwrap_or_else(|_| StreamState::Unknown("it could not be asked".to_owned()));
        known.last = Some((Instant::now(), state.clone()));
        state
    }
}

async fn measure(pipeline: &Pipeline) -> StreamState {
    let containers = pipeline.containers(PATIENCE / 4).await.and_then(Result::ok);
    let measured: Result<LagReport, Failure> = async {
        let hub = pipeline.hub(containers.as_ref())?;
        let checkpoints = pipeline.checkpoints(containers.as_ref()).transpose()?;
        lag::measure(&hub, checkpoints.as_ref(), PATIENCE).await
    }
    .await;
    match measured {
        Ok(LagReport { behind_events: Some(events), behind_seconds, .. }) => {
            StreamState::Behind { events, seconds: behind_seconds }
        }
        Ok(report) => StreamState::Unknown(report.notes.join("; ")),
        Err(failure) => StreamState::Unknown(failure.message),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::eventhub::HubPlace;

    #[tokio::test]
    async fn without_a_stream_nothing_is_said_and_a_silent_one_is_unknown() {
        let none = Freshness::new(Arc::new(Pipeline::default()));
        assert!(!none.has_stream());
        assert_eq!(none.state().await, StreamState::None);
        // It takes connections and never says a word.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let text = "Endpoint=sb://h;SharedAccessKeyName=r;SharedAccessKey=k;UseDevelopmentEmulator=true";
        let hub = HubPlace::by_connection_string(text, "orders", "processor").unwrap();
        let hub = hub.at(listener.local_addr().unwrap().to_string());
        let silent = Freshness::new(Arc::new(Pipeline { hub: Some(Ok(hub)), ..Pipeline::default() }));
        assert_eq!(silent.state().await, StreamState::Late);
        // The measurement goes on, and is not begun a second time.
        assert!(silent.known.lock().unwrap().measuring.is_some());
        assert_eq!(silent.state().await, StreamState::Late);
    }

    #[tokio::test]
    async fn a_measurement_is_used_again_for_a_moment() {
        let broken = Failure::invalid("broken");
        let pipeline = Pipeline { hub: Some(Err(broken)), ..Pipeline::default() };
        let freshness = Freshness::new(Arc::new(pipeline));
        let first = freshness.state().await;
        assert_eq!(first, StreamState::Unknown("broken".to_owned()));
        assert!(freshness.known.lock().unwrap().last.is_some());
        assert_eq!(freshness.state().await, first);
    }
}
