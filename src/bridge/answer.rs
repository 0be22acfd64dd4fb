//! The answer to one event: who asks, what that one may do, the turn, and what came of one that was cut off.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use oms_tools::Failure;
use oms_tools::change::{Progress, ProgressTold, Standing};
use oms_tools::redact::Redactor;

use super::blocks::{self, Said};
use super::event::{Event, Kind};
use super::journal::{Journal, Unanswered};
use super::speaker::Speaker;
use super::{Bridge, EVENT};
use crate::agent::{Agent, Conversation, SessionFile, Verdict, failed_reply};
use crate::config::Rights;
use crate::repl::{Converse, LONGEST_QUESTION};
use crate::reply::{Reply, clean};

/// Lines of a change's progress that are shown at a time.
const LINES: usize = 6;

/// The last lines of what is being applied.
type Heard = Arc<Mutex<VecDeque<String>>>;

impl Bridge {
    /// The answer to an event. `waiting` tells how far an earlier bridge came with it.
    pub(super) async fn answer(&self, waiting: &Unanswered) -> Said {
        let event = &waiting.event;
        let refused = |failure: &Failure| blocks::message(event, &failed_reply(failure), &self.agent, None, None);
        let admitted = self.speakers.lock().unwrap_or_else(PoisonError::into_inner).admit(&event.user);
        let speaker = match admitted {
            Ok(speaker) => speaker,
            Err(failure) => return refused(&failure),
        };
        let agent = self.agent_for(&speaker, event);
        match &event.kind {
            Kind::Message { text } => {
                let reply = match self.turn(waiting, &speaker, agent, text).await {
                    Ok(reply) => reply,
                    Err(failure) => failed_reply(&failure),
                };
                let chart = self.chart(&reply, agent).await;
                blocks::message(event, &reply, agent, chart, Some(&event.id))
            }
            Kind::Decide { verdict, change } => {
                match Box::pin(self.decide(waiting, &speaker, agent, *verdict, change)).await {
                    Ok(reply) => blocks::message(event, &reply, agent, None, None),
                    Err(failure) => refused(&failure),
                }
            }
            Kind::ShowSql { of } => blocks::sql(event, self.journal().sql(of, &event.channel).as_deref()),
            Kind::Other { action } => refused(
                &Failure::invalid(format!("there is no button `{}` here", clean::one_line(action)))
                    .hint("`approve`, `decline` or `show_sql`"),
            ),
        }
    }

    /// What is drawn of a reply.
    async fn chart(&self, reply: &Reply, agent: &Agent) -> Option<String> {
        let drawn = match blocks::picture(reply, agent)? {
            Ok(picture) => self.drawing.draw(&picture).await,
            Err(failure) => Err(failure),
        };
        // The rows are there: an answer does not fail for want of a picture.
        drawn.inspect_err(|failure| tracing::warn!(%failure, "a chart for the bridge could not be drawn")).ok()
    }

    /// Personal columns are for those who may see them, and only where nobody else reads: in a direct message.
    fn agent_for(&self, speaker: &Speaker, event: &Event) -> &Arc<Agent> {
        match &self.personal {
            Some(agent) if speaker.personal && event.channel.starts_with('D') => agent,
            _ => &self.agent,
        }
    }

    async fn turn(
        &self,
        waiting: &Unanswered,
        speaker: &Speaker,
        agent: &Arc<Agent>,
        text: &str,
    ) -> Result<Reply, Failure> {
        let text = clean::typed(text);
        if text.trim().is_empty() {
            return Err(Failure::invalid("there is no question in this message").hint("revenue by country last month"));
        }
        if text.len() > LONGEST_QUESTION {
            return Err(Failure::invalid(format!(
                "cannot read this message: it has {} bytes, and at most {LONGEST_QUESTION} are read",
                text.len()
            )));
        }
        let heard = Heard::default();
        let mut conversation = self.conversation(waiting, speaker, agent, &heard)?;
        if let Some(change) = self.cut_off(waiting, speaker) {
            return Ok(conversation.about(&change).await);
        }
        Ok(self.with_progress(&waiting.event, &heard, conversation.turn(&text)).await)
    }

    async fn decide(
        &self,
        waiting: &Unanswered,
        speaker: &Speaker,
        agent: &Arc<Agent>,
        verdict: Verdict,
        change: &str,
    ) -> Result<Reply, Failure> {
        let seen = self.journal().digest(change);
        let heard = Heard::default();
        let mut conversation = self.conversation(waiting, speaker, agent, &heard)?;
        let pressed = conversation.press(change, seen.as_deref(), verdict);
        Ok(self.with_progress(&waiting.event, &heard, pressed).await)
    }

    /// The conversation as it was before this event, however far an earlier bridge came with it.
    fn conversation(
        &self,
        waiting: &Unanswered,
        speaker: &Speaker,
        agent: &Arc<Agent>,
        heard: &Heard,
    ) -> Result<Conversation, Failure> {
        let event = &waiting.event;
        let session = SessionFile::named(&event.session(), &self.config.paths.state)?;
        if waiting.began {
            session.rewind()?;
        } else {
            session.mark()?;
            let mut journal = self.journal();
            journal.begin(&event.id)?;
            // A change may come of it: then it matters after a failure of the machine too.
            if speaker.rights > Rights::Viewer {
                journal.sync()?;
            }
        }
        let conversation = agent
            .conversation(speaker.principal.clone())
            .kept(session)?
            .with(speaker.presence())
            .telling(telling(heard.clone()));
        Ok(if waiting.began { conversation.again() } else { conversation })
    }

    /// The change set that an earlier bridge proposed for this event before it was cut off, so that none is proposed twice.
    fn cut_off(&self, waiting: &Unanswered, speaker: &Speaker) -> Option<String> {
        let proposing = waiting.proposing.as_ref()?;
        let all = self.agent.changes().list().ok()?;
        let mut journal = self.journal();
        all.into_iter()
            .filter(|listed| {
                listed.standing == Standing::Waiting
                    && listed.proposed_by == speaker.principal.name
                    && listed.proposed_at.timestamp_millis() >= proposing.at
            })
            .find(|listed| {
                let shown = self.agent.changes().show(&listed.id);
                shown.is_ok_and(|shown| shown.stored.change.runbook == proposing.runbook) && journal.claim(&listed.id)
            })
            .map(|listed| listed.id)
    }

    /// Says from time to time that a turn still runs, and what of it is known.
    async fn with_progress(&self, event: &Event, heard: &Heard, turn: impl Future<Output = Reply>) -> Reply {
        let pause = Duration::from_secs_f64(self.config.settings.bridge.progress_seconds);
        let started = Instant::now();
        let mut turn = std::pin::pin!(EVENT.scope(event.id.clone(), turn));
        loop {
            if let Ok(reply) = tokio::time::timeout(pause, &mut turn).await {
                return reply;
            }
            let heard: Vec<String> = heard.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect();
            let text = if heard.is_empty() {
                format!("working on it ({} s)", started.elapsed().as_secs())
            } else {
                heard.join("\n")
            };
            self.say_progress(blocks::progress(event, &text));
        }
    }

    pub(super) fn journal(&self) -> std::sync::MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What keeps the last lines of a change's progress, without secrets.
fn telling(heard: Heard) -> ProgressTold {
    Arc::new(move |progress: &Progress| {
        let line = clean::one_line(&Redactor::default().text(&progress.line()));
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.len() == LINES {
            heard.pop_front();
        }
        heard.push_back(line);
    })
}
