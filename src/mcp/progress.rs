//! What a client is told while a call runs: what its steps say, and that it still runs. Only where it asked to be told.

use std::time::{Duration, Instant};

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RequestContext};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

/// How often it is said that a call still runs.
const TICK: Duration = Duration::from_millis(500);
/// Lines that wait for a client; more are left out, because nothing may wait for a client that does not read.
const WAITING: usize = 64;
/// How long the last lines may take to be sent after the call.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Tells one call's client.
pub(super) struct Teller {
    to: Option<(Peer<RoleServer>, ProgressToken)>,
    lines: mpsc::Receiver<String>,
    say: mpsc::Sender<String>,
    started: Instant,
    told: f64,
}

impl Teller {
    /// For a call; silent where its client did not ask.
    pub(super) fn of(context: &RequestContext<RoleServer>) -> Self {
        let (say, lines) = mpsc::channel(WAITING);
        let token = context.meta.get_progress_token();
        let to = token.map(|token| (context.peer.clone(), token));
        Self { to, lines, say, started: Instant::now(), told: 0.0 }
    }

    /// Where a step's lines go; dropped where too many wait.
    pub(super) fn lines(&self) -> mpsc::Sender<String> {
        self.say.clone()
    }

    /// Runs the work and tells about it meanwhile.
    pub(super) async fn during<T>(mut self, what: &str, work: impl Future<Output = T>) -> T {
        if self.to.is_none() {
            return work.await;
        }
        let done = tokio::select! {
            done = work => done,
            never = self.tell(what) => match never {},
        };
        let rest = async {
            while let Ok(line) = self.lines.try_recv() {
                self.notify(line).await;
            }
        };
        tokio::time::timeout(LAST_WORDS, rest).await.ok();
        done
    }

    async fn tell(&mut self, what: &str) -> std::convert::Infallible {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick is at once.
        ticks.tick().await;
        loop {
            let text = tokio::select! {
                Some(line) = self.lines.recv() => line,
                _ = ticks.tick() => format!("{what} runs for {:.1} s", self.started.elapsed().as_secs_f64()),
            };
            self.notify(text).await;
        }
    }

    /// Progress is the seconds so far: what is still to come no tool knows.
    async fn notify(&mut self, message: String) {
        let Some((peer, token)) = &self.to else { return };
        // It must grow with every word.
        self.told = self.started.elapsed().as_secs_f64().max(self.told + 0.001);
        let param = ProgressNotificationParam::new(token.clone(), self.told).with_message(message);
        if peer.notify_progress(param).await.is_err() {
            self.to = None;
        }
    }
}
