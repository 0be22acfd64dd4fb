//! Conversations in which nobody has spoken for long leave the disk too: after `bridge.keep_days`, and never while one of their
//! events waits for its answer.

use std::path::Path;
use std::time::Duration;

use super::event::Event;
use super::{Queues, WaitingByConversation};
use crate::agent::SessionFile;
use crate::config::Config;

/// How often it is looked for them.
const PAUSE: Duration = Duration::from_hours(6);

/// Forgets old conversations now and then; dropped, it ends.
pub(super) struct Forgetting(tokio::task::JoinHandle<()>);

impl Forgetting {
    /// Begins, when what an earlier bridge left unanswered is in the queues.
    pub(super) fn begin(config: &Config, queues: &Queues) -> Self {
        let (state, days) = (config.paths.state.clone(), config.settings.bridge.keep_days);
        let waiting = queues.waiting.clone();
        Self(tokio::spawn(async move {
            loop {
                let (state, waiting) = (state.clone(), waiting.clone());
                // Thousands of files are looked at: turns go on meanwhile.
                tokio::task::spawn_blocking(move || forget(&state, days, &waiting)).await.ok();
                tokio::time::sleep(PAUSE).await;
            }
        }))
    }
}

impl Drop for Forgetting {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn forget(state: &Path, days: u32, waiting: &WaitingByConversation) {
    for session in SessionFile::untouched(state, days).into_iter().filter(|session| Event::is_session(session.name())) {
        // Under the lock no event of it can come between the look and the removing.
        let waiting = super::lock(waiting);
        if !waiting.contains_key(session.name())
            && let Err(failure) = session.remove()
        {
            tracing::warn!(%failure, "an old conversation could not be forgotten");
        }
    }
}
