//! Asks every source for the window. The subject's own course must be there; every other source that cannot be asked is
//! named and left out.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use futures::FutureExt;

use super::compare::Compared;
use super::{Happened, Scale, Subject, Why, WhyArguments, WhyReport, Window};
use crate::audit::{Event, Filter};
use crate::eventhub::EventhubMetricsArguments;
use crate::eventhub::metrics::{Grain, Metric, MetricsReport};
use crate::eventhub::{LagReport, lag};
use crate::orders::semantic::query::TimeRange;
use crate::orders::{Parameter, Statement};
use crate::table::in_words;
use crate::{Failure, Unit};

/// Seconds from which on events are told to have been applied late.
const LATE: f64 = 60.0;

/// How long the container engine may take.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

/// Containers of a minute that are named.
const NAMES: usize = 3;

/// How long the hub may take.
const HUB_PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Rows of a table that are counted by a time.
#[derive(Clone, Copy)]
struct Counted {
    table: &'static str,
    axis: &'static str,
    condition: &'static str,
}

const ORDERS: Counted = Counted { table: "orders", axis: "placed_at", condition: "" };
const FAILED_PAYMENTS: Counted =
    Counted { table: "payments", axis: "attempted_at", condition: " AND status = 'failed'" };
const DEAD_LETTERS: Counted = Counted { table: "dead_letters", axis: "received_at", condition: "" };

impl Why {
    pub(super) async fn gather(&self, arguments: WhyArguments, now: NaiveDateTime) -> Result<WhyReport, Failure> {
        let window = Window::new(&arguments, now)?;
        let metrics = self.measured(window, now).await;
        let course = match arguments.subject {
            Subject::Orders => self.counts(ORDERS, window).await?,
            Subject::FailedPayments => self.counts(FAILED_PAYMENTS, window).await?,
            Subject::IncomingMessages => match &metrics {
                Ok(report) => of_metric(report, Metric::IncomingMessages, window),
                Err(failure) => return Err(failure.clone()),
            },
        };
        let compared = match (arguments.subject, &metrics) {
            (Subject::IncomingMessages, Ok(report)) => of_known(report, Metric::IncomingMessages, window),
            _ => window.split(&course),
        };
        let mut report = WhyReport {
            window,
            course,
            compared,
            week_before: self.week_before(arguments.subject, window).await,
            timeline: Vec::new(),
            unasked: Vec::new(),
            arguments,
        };
        match &metrics {
            Ok(metrics) => report.timeline.extend(on_the_stream(metrics, window)),
            Err(failure) => report.unasked.push(("stream metrics", failure.message.clone())),
        }
        let counted = [("failed payments", FAILED_PAYMENTS), ("dead letters", DEAD_LETTERS)];
        for (source, one) in counted {
            // The subject itself does not explain itself.
            if report.arguments.subject == Subject::FailedPayments && source == "failed payments" {
                continue;
            }
            match self.counts(one, window).await {
                Ok(counts) => report.timeline.extend(risen(source, &counts, window)),
                Err(failure) => report.unasked.push((source, failure.message)),
            }
        }
        match self.late(window).await {
            Ok(late) => report.timeline.extend(late),
            Err(failure) => report.unasked.push(("how late events were applied", failure.message)),
        }
        match self.waiting(window).await {
            Ok(waiting) => report.timeline.extend(waiting),
            Err(failure) => report.unasked.push(("lag", failure.message)),
        }
        match self.changes(window) {
            Ok(changes) => report.timeline.extend(changes),
            Err(failure) => report.unasked.push(("our own changes", failure.message)),
        }
        match self.containers(window).await {
            Ok(moved) => report.timeline.extend(moved),
            Err(cause) => report.unasked.push(("container restarts", cause)),
        }
        report.timeline.sort_by(|one, other| one.at.cmp(&other.at).then_with(|| one.what.cmp(&other.what)));
        Ok(report)
    }

    /// One count a point.
    async fn counts(&self, counted: Counted, window: Window) -> Result<Vec<f64>, Failure> {
        let Counted { table, axis, condition } = counted;
        self.by_point(
            &format!("COUNT(*) AS figure FROM {table} WHERE {axis} >= ? AND {axis} < ?{condition}"),
            axis,
            window,
        )
        .await
    }

    /// A figure for each point of the window. `rest` begins with the figure and ends with two `?` for the range.
    async fn by_point(&self, rest: &str, axis: &str, window: Window) -> Result<Vec<f64>, Failure> {
        let sql = format!(
            "SELECT FLOOR(TIMESTAMPDIFF(SECOND, ?, {axis}) / ?) AS place, {rest} GROUP BY place ORDER BY place"
        );
        let parameters = vec![
            Parameter::Datetime(window.from),
            Parameter::Integer(window.scale.step().num_seconds()),
            Parameter::Datetime(window.from),
            Parameter::Datetime(window.to),
        ];
        let (table, _) = self.database.run(&Statement { sql, parameters, columns: None }).await?;
        let mut points = vec![0.0; window.points()];
        for row in &table.rows {
            let figures = (row.first().and_then(crate::Cell::as_f64), row.get(1).and_then(crate::Cell::as_f64));
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a place within the window, or none
            if let (Some(place), Some(figure)) = figures
                && place >= 0.0
                && let Some(point) = points.get_mut(place as usize)
            {
                *point = figure;
            }
        }
        Ok(points)
    }

    async fn week_before(&self, subject: Subject, window: Window) -> Option<Compared> {
        let counted = match subject {
            Subject::Orders => ORDERS,
            Subject::FailedPayments => FAILED_PAYMENTS,
            Subject::IncomingMessages => return None,
        };
        let week = Duration::days(7);
        let earlier =
            Window { from: window.from - week, at: window.at - week, to: window.to - week, scale: window.scale };
        let counts = self.counts(counted, earlier).await.ok()?;
        (counts.iter().sum::<f64>() > 0.0).then(|| earlier.split(&counts))
    }

    async fn measured(&self, window: Window, now: NaiveDateTime) -> Result<MetricsReport, Failure> {
        let grain = match window.scale {
            Scale::Hours => Grain::Minute,
            Scale::Days => Grain::QuarterHour,
        };
        let time = TimeRange {
            from: Some(window.from),
            to: Some(window.to),
            label: String::new(),
            unit: None,
            running: false,
        };
        let arguments = EventhubMetricsArguments {
            metrics: vec![
                Metric::IncomingMessages,
                Metric::ThrottledRequests,
                Metric::ServerErrors,
                Metric::UserErrors,
                Metric::QuotaExceededErrors,
            ],
            time: Some(time),
            grain: Some(grain),
            ..EventhubMetricsArguments::default()
        };
        self.metrics.read(&arguments, now).await
    }

    /// When events were applied later than usual.
    async fn late(&self, window: Window) -> Result<Vec<Happened>, Failure> {
        let rest = "AVG(TIMESTAMPDIFF(SECOND, occurred_at, received_at)) AS figure FROM order_events \
                    WHERE occurred_at >= ? AND occurred_at < ?";
        let lags = self.by_point(rest, "occurred_at", window).await?;
        let mut known: Vec<f64> = lags.iter().copied().filter(|lag| *lag > 0.0).collect();
        known.sort_by(f64::total_cmp);
        let usual = known.get(known.len() / 2).copied().unwrap_or(0.0);
        Ok(runs(&lags, |lag| lag > LATE && lag > 3.0 * usual)
            .map(|(from, to)| {
                let most = lags[from..to].iter().copied().fold(0.0, f64::max);
                let until = window.moment(to).min(window.to).format("%H:%M");
                Happened {
                    at: window.moment(from),
                    source: "processing",
                    what: format!(
                        "events until {until} were applied up to {} s late on average",
                        in_words(most, Unit::Count)
                    ),
                }
            })
            .collect())
    }

    /// Events that wait for the processor now, where the window reaches to now: no row tells of what was not applied.
    async fn waiting(&self, window: Window) -> Result<Vec<Happened>, Failure> {
        let now = Utc::now().naive_utc();
        if now < window.from || now - window.scale.near() > window.to {
            return Ok(Vec::new());
        }
        let containers = self.pipeline.containers(PATIENCE).await.and_then(Result::ok);
        let hub = self.pipeline.hub(containers.as_ref())?;
        let checkpoints = self.pipeline.checkpoints(containers.as_ref()).transpose()?;
        let lag = lag::measure(&hub, checkpoints.as_ref(), HUB_PATIENCE).boxed().await?;
        // Ages were told as of the end of the measurement.
        Ok(waits(&lag, Utc::now().naive_utc()).into_iter().collect())
    }

    /// Containers that were started or that ended in the window. The engine tells the last time of each alone.
    async fn containers(&self, window: Window) -> Result<Vec<Happened>, String> {
        let Some(looked) = self.pipeline.containers(PATIENCE).await else {
            return Err("`pipeline.stack` is not set".to_owned());
        };
        let looked = looked.map_err(|failure| failure.message)?;
        let inside = |at: Option<NaiveDateTime>| at.filter(|at| (window.from..=window.to).contains(at));
        let (mut ended, mut started, mut again) = (Vec::new(), Vec::new(), Vec::new());
        let mut down = Vec::new();
        for one in looked.values().flatten() {
            // One that never ran before has no end. What is still down stands apart from what runs again: it is what matters.
            let runs_again = one.started.is_some_and(|started| one.ended.is_some_and(|ended| ended < started));
            let gone = if runs_again { &mut ended } else { &mut down };
            gone.extend(inside(one.ended).map(|at| (at, one.name.clone())));
            let started = if one.restarts > 0 { &mut again } else { &mut started };
            started.extend(inside(one.started).map(|at| (at, one.name.clone())));
        }
        let down = together(down, ["ended", "ended"]);
        let ended = together(ended, ["ended", "ended"]);
        let started = together(started, ["was started", "were started"]);
        let again = together(again, ["was started again by the engine", "were started again by the engine"]);
        Ok([down, ended, started, again].concat())
    }

    /// What was done to the pipeline from here.
    fn changes(&self, window: Window) -> Result<Vec<Happened>, Failure> {
        let filter = Filter { since: Some(utc(window.from)), until: Some(utc(window.to)), ..Filter::default() };
        let mut found = Vec::new();
        self.record.show(&filter, |record| {
            // Looking changes nothing, and a proposal has not changed anything yet: what ran, and how it ended.
            let what = match &record.event {
                Event::StepStarted { change, step, name, .. } => {
                    format!("change set `{change}` began step {step}, {name}")
                }
                Event::ApplyEnded { change, status, .. } => format!("change set `{change}` ended: {status}"),
                _ => return,
            };
            let what = format!("{what} (by {})", record.principal);
            found.push(Happened { at: record.at.naive_utc(), source: "change", what });
        })?;
        Ok(found)
    }
}

/// What the stream's metrics show: a change of what came in, and every run of errors.
fn on_the_stream(report: &MetricsReport, window: Window) -> Vec<Happened> {
    let mut found = Vec::new();
    for series in &report.series {
        if series.metric == Metric::IncomingMessages {
            let compared = of_known(report, Metric::IncomingMessages, window);
            if compared.fell() || compared.rose() {
                let (unit, long) = window.scale.per();
                let verb = if compared.fell() { "fell" } else { "rose" };
                let rate = |rate: super::Rate| in_words(rate.per(long), Unit::Count);
                found.push(Happened {
                    at: window.at,
                    source: "stream",
                    what: format!(
                        "incoming messages {verb} from {} to {} per {unit}",
                        rate(compared.before),
                        rate(compared.after)
                    ),
                });
            }
            continue;
        }
        for (from, to) in runs(&series.values, |value| value > 0.0) {
            let sum: f64 = series.values[from..to].iter().sum();
            found.push(Happened {
                at: report.moment(from),
                source: "stream",
                what: format!(
                    "{} {} until {}",
                    in_words(sum, Unit::Count),
                    series.metric.words(),
                    report.moment(to).format("%H:%M")
                ),
            });
        }
    }
    found
}

/// A metric's sums in the points of the window.
fn of_metric(report: &MetricsReport, metric: Metric, window: Window) -> Vec<f64> {
    let mut points = vec![0.0; window.points()];
    for series in report.series.iter().filter(|series| series.metric == metric) {
        for (at, value) in series.values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
            if let Some(point) = points.get_mut(window.place(report.moment(at))) {
                *point += value;
            }
        }
    }
    points
}

/// A metric before and after the moment, by the points that are known: the newest come minutes late, and a gap is no zero.
fn of_known(report: &MetricsReport, metric: Metric, window: Window) -> Compared {
    let mut compared = Compared::default();
    let long = f64::from(report.grain.seconds());
    for series in report.series.iter().filter(|series| series.metric == metric) {
        for (at, value) in series.values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
            let side = if report.moment(at) < window.at { &mut compared.before } else { &mut compared.after };
            side.count += value;
            side.seconds += long;
        }
    }
    compared
}

/// What happened to containers, those of one minute together: a stack that starts is one thing.
fn together(mut moved: Vec<(NaiveDateTime, String)>, verbs: [&str; 2]) -> Vec<Happened> {
    moved.sort();
    let runs = moved.chunk_by(|(one, _), (next, _)| *next - *one < Duration::minutes(1));
    let told = runs.filter_map(|run| {
        let names: Vec<String> = run.iter().take(NAMES).map(|(_, name)| format!("`{name}`")).collect();
        let what = match (names.as_slice(), run.len().checked_sub(NAMES)) {
            ([name], _) => format!("container {name} {}", verbs[0]),
            (names, Some(more @ 1..)) => format!("containers {} and {more} more {}", names.join(", "), verbs[1]),
            (names, _) => format!("containers {} {}", names.join(", "), verbs[1]),
        };
        Some(Happened { at: run.first()?.0, source: "containers", what })
    });
    told.collect()
}

/// What waits for the processor, from the moment on when the oldest of it came.
fn waits(lag: &LagReport, now: NaiveDateTime) -> Option<Happened> {
    let events = lag.behind_events.filter(|events| *events > 0)?;
    let s = if events == 1 { ("", "s") } else { ("s", "") };
    let at = now - Duration::seconds(lag.behind_seconds?);
    let what = format!("{events} event{} wait{} for the processor, the oldest since then", s.0, s.1);
    Some(Happened { at, source: "lag", what })
}

/// Where counts went up by more than chance, at the moment or by themselves.
fn risen(source: &'static str, counts: &[f64], window: Window) -> Option<Happened> {
    let compared = window.split(counts);
    if !compared.rose() {
        return None;
    }
    let (unit, long) = window.scale.per();
    let rate = |rate: super::Rate| in_words(rate.per(long), Unit::Count);
    let what = format!("{source} rose from {} to {} per {unit}", rate(compared.before), rate(compared.after));
    Some(Happened { at: window.at, source, what })
}

/// Runs of neighbouring points for which something holds: from each first to behind its last.
fn runs(values: &[f64], holds: impl Fn(f64) -> bool) -> impl Iterator<Item = (usize, usize)> {
    let mut found = Vec::new();
    let mut begun = None;
    for (place, value) in values.iter().copied().chain([f64::NAN]).enumerate() {
        match (holds(value), begun) {
            (true, None) => begun = Some(place),
            (false, Some(from)) => {
                found.push((from, place));
                begun = None;
            }
            _ => {}
        }
    }
    found.into_iter()
}

fn utc(at: NaiveDateTime) -> DateTime<Utc> {
    at.and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_told_from_its_oldest_on() {
        let now = DateTime::UNIX_EPOCH.naive_utc() + Duration::days(1);
        let lag = |behind_events, behind_seconds| LagReport { behind_events, behind_seconds, ..LagReport::default() };
        let told = waits(&lag(Some(43), Some(120)), now).map(|one| (now - one.at, one.what));
        let expected = "43 events wait for the processor, the oldest since then".to_owned();
        assert_eq!(told, Some((Duration::seconds(120), expected)));
        let one = waits(&lag(Some(1), Some(0)), now).map(|one| one.what).unwrap_or_default();
        assert_eq!(one, "1 event waits for the processor, the oldest since then");
        for none in [lag(Some(0), Some(0)), lag(None, None), lag(Some(3), None)] {
            assert_eq!(waits(&none, now), None);
        }
    }

    #[test]
    fn containers_of_one_minute_are_one_thing() {
        let second = |second| DateTime::UNIX_EPOCH.naive_utc() + Duration::seconds(second);
        let moved = |seconds: &[i64]| {
            let moved = seconds.iter().map(|at| (second(*at), format!("c{at}"))).collect();
            let told = together(moved, ["was started", "were started"]);
            told.into_iter().map(|one| (one.at, one.what)).collect::<Vec<_>>()
        };
        let told = |at, text: &str| (second(at), text.to_owned());
        assert_eq!(moved(&[]), []);
        assert_eq!(
            moved(&[300, 0, 20]),
            [told(0, "containers `c0`, `c20` were started"), told(300, "container `c300` was started")]
        );
        let many = moved(&[0, 10, 20, 30, 40]);
        assert_eq!(many, [told(0, "containers `c0`, `c10`, `c20` and 2 more were started")]);
    }

    #[test]
    fn runs_are_found_to_the_last_point() {
        let found: Vec<_> = runs(&[0.0, 2.0, 3.0, f64::NAN, 1.0], |value| value > 0.0).collect();
        assert_eq!(found, [(1, 3), (4, 5)]);
        assert_eq!(runs(&[], |value| value > 0.0).count(), 0);
    }
}
