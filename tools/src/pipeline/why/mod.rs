//! `why`: one timeline of what is known around a moment, and what coincides there. It says what happened together; it does
//! not say that one thing caused another.

mod compare;
mod gather;
mod tell;
#[cfg(test)]
mod tests;

pub use compare::{Compared, Rate};

use std::sync::Arc;

use chrono::{Datelike, Duration, NaiveDateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pipeline;
use crate::audit::AuditLog;
use crate::eventhub::EventhubMetrics;
use crate::orders::OrdersDatabase;
use crate::{CallScope, Effect, Failure, Tool};

/// What `why` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyArguments {
    /// What changed.
    #[serde(default)]
    pub subject: Subject,
    /// When it changed, UTC: `2026-01-14T14:00:00Z`.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "crate::moment::utc")]
    pub at: NaiveDateTime,
    /// How it changed, in the person's eyes.
    #[serde(default)]
    pub change: Change,
    /// `hours` looks from three hours before to two hours after, `days` from a week before to a day after.
    #[serde(default)]
    pub scale: Scale,
}

/// What can have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The number of orders placed.
    #[default]
    Orders,
    /// The number of payments that failed.
    FailedPayments,
    /// The number of events that the hub took in.
    IncomingMessages,
}

/// How it changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Fewer than before.
    Fell,
    /// More than before.
    Rose,
    /// Either.
    #[default]
    Changed,
}

/// How far around the moment it is looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// A moment of a day.
    #[default]
    Hours,
    /// A day.
    Days,
}

impl Scale {
    /// How far before the moment it is looked.
    pub(super) fn before(self) -> Duration {
        match self {
            Self::Hours => Duration::hours(3),
            Self::Days => Duration::days(7),
        }
    }

    /// How far after it.
    pub(super) fn after(self) -> Duration {
        match self {
            Self::Hours => Duration::hours(2),
            Self::Days => Duration::days(1),
        }
    }

    /// The width of a point.
    pub(super) fn step(self) -> Duration {
        match self {
            Self::Hours => Duration::minutes(15),
            Self::Days => Duration::hours(6),
        }
    }

    /// What is not further away than this coincides.
    pub(super) fn near(self) -> Duration {
        match self {
            Self::Hours => Duration::minutes(15),
            Self::Days => Duration::days(1),
        }
    }

    /// The unit of a rate, as people say it, with its seconds.
    pub(super) fn per(self) -> (&'static str, f64) {
        match self {
            Self::Hours => ("hour", 3600.0),
            Self::Days => ("day", 86_400.0),
        }
    }
}

/// The window around a moment, cut into points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first instant.
    pub from: NaiveDateTime,
    /// The moment that is asked about.
    pub at: NaiveDateTime,
    /// The first instant that is no longer inside.
    pub to: NaiveDateTime,
    /// How far around the moment it is looked.
    pub scale: Scale,
}

impl Window {
    /// The window of a question. Fails where its moment has not come.
    pub fn new(arguments: &WhyArguments, now: NaiveDateTime) -> Result<Self, Failure> {
        let (at, scale) = (arguments.at, arguments.scale);
        let from = at.checked_sub_signed(scale.before());
        let to = at.checked_add_signed(scale.after()).map(|to| to.min(now));
        match (from, to) {
            // A year before the calendar of a database has no orders, and no week before it.
            (Some(from), Some(to)) if to > at && from.year() > 1000 => Ok(Self { from, at, to, scale }),
            _ => Err(Failure::invalid(format!(
                "cannot tell why: {} UTC has not come; it is {} UTC",
                at.format("%Y-%m-%d %H:%M"),
                now.format("%Y-%m-%d %H:%M")
            ))
            .hint("name a moment that is past: \"why did orders drop at 09:00?\"")),
        }
    }

    /// How many points it has.
    pub fn points(&self) -> usize {
        let step = self.scale.step().num_seconds().max(1);
        usize::try_from((self.to - self.from).num_seconds().max(0).unsigned_abs().div_ceil(step.unsigned_abs()))
            .unwrap_or(0)
    }

    /// A course that is counted in its points, before and after the moment.
    pub(super) fn split(&self, course: &[f64]) -> Compared {
        #[allow(clippy::cast_precision_loss)] // days at most
        let seconds = |span: Duration| span.num_seconds() as f64;
        Compared::split(course, self.place(self.at), (seconds(self.at - self.from), seconds(self.to - self.at)))
    }

    /// The point that an instant is in.
    pub(super) fn place(&self, at: NaiveDateTime) -> usize {
        usize::try_from((at - self.from).num_seconds() / self.scale.step().num_seconds().max(1)).unwrap_or(0)
    }

    /// When a point begins.
    pub fn moment(&self, place: usize) -> NaiveDateTime {
        self.from + self.scale.step() * i32::try_from(place).unwrap_or(i32::MAX)
    }
}

/// Something that happened, with where it is known from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Happened {
    /// When it began, UTC.
    pub at: NaiveDateTime,
    /// `change`, `stream`, `lag`, `containers`, `processing`, `payments`, `dead letters`.
    pub source: &'static str,
    /// What happened.
    pub what: String,
}

/// The answer of `why`.
#[derive(Clone, Debug, PartialEq)]
pub struct WhyReport {
    /// What was asked.
    pub arguments: WhyArguments,
    /// The window that was looked at.
    pub window: Window,
    /// Its course, one count a point.
    pub course: Vec<f64>,
    /// Its rate before and after the moment.
    pub compared: Compared,
    /// The same a week earlier, where that can be counted.
    pub week_before: Option<Compared>,
    /// What happened, in order of time.
    pub timeline: Vec<Happened>,
    /// What could not be asked, with the reason.
    pub unasked: Vec<(&'static str, String)>,
}

/// The tool.
pub struct Why {
    database: Arc<OrdersDatabase>,
    metrics: Arc<EventhubMetrics>,
    record: Arc<AuditLog>,
    pipeline: Arc<Pipeline>,
}

impl Why {
    /// The tool over the orders, the hub's metrics, the record of our own changes, and the pipeline: its lag and containers.
    pub fn new(
        database: Arc<OrdersDatabase>,
        metrics: Arc<EventhubMetrics>,
        record: Arc<AuditLog>,
        pipeline: Arc<Pipeline>,
    ) -> Self {
        Self { database, metrics, record, pipeline }
    }
}

impl Tool for Why {
    const NAME: &'static str = "why";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = WhyArguments;
    type Report = WhyReport;

    fn description(&self) -> String {
        "Puts what is known around a moment on one timeline: order counts, the stream's metrics, what waits for the processor, how late \
         events were applied, starts and stops of containers, failed payments, dead letters, our own change sets. Names what coincides with a change; coincidence is no proof of a \
         cause."
            .to_owned()
    }

    async fn call(&self, scope: &CallScope, arguments: Self::Arguments) -> Result<Self::Report, Failure> {
        self.gather(arguments, scope.now).await
    }
}
