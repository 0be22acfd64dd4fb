//! What is asked of Azure Monitor: the arguments, and the requests that they come to.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveDateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::names::{Aggregation, Grain, Metric, Split};
use super::points::Axis;
use crate::Failure;
use crate::orders::semantic::query::TimeRange;

/// Days that Azure Monitor keeps platform metrics.
pub const KEPT_DAYS: i64 = 93;
/// Days that one request may span.
const WINDOW_DAYS: i64 = 30;
/// Metric names of one request, by its documentation.
const NAMES: usize = 20;
/// Points of one answer: an answer of this many is some 15 MB of JSON.
const POINTS: usize = 250_000;
/// Points of one whole question; a finer grain than that allows is refused.
const MOST_POINTS: usize = 2_000_000;
/// Points of a series where no grain was asked for.
const USUAL_POINTS: usize = 1_500;

/// What `eventhub_metrics` takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EventhubMetricsArguments {
    /// The metrics, by Azure Monitor's names: `["IncomingMessages"]`. None: incoming and outgoing messages, throttled
    /// requests and server errors.
    pub metrics: Vec<Metric>,
    /// The range in UTC; none: the last hour. Azure Monitor keeps 93 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeRange>,
    /// The width of a point; none: one that suits the range. For "per minute" `1m`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grain: Option<Grain>,
    /// Only these hubs; none: the whole namespace.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hubs: Vec<String>,
    /// True for one series a hub.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_hub: bool,
    /// What the person wants to know.
    pub show: Show,
}

/// What the answer is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// How much, and its course.
    #[default]
    Course,
    /// The highest point: "peak per minute".
    Peak,
    /// Whether it happened at all: "were we throttled?"
    Whether,
}

/// What is asked, checked: metrics, range and grain.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question {
    pub(super) metrics: Vec<Metric>,
    pub(super) hubs: Vec<String>,
    pub(super) by_hub: bool,
    pub(super) show: Show,
    pub(super) from: NaiveDateTime,
    pub(super) to: NaiveDateTime,
    /// The range as it was said: "last hour".
    pub(super) label: String,
    pub(super) grain: Grain,
}

/// One request: some metrics of one kind over one window.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Request {
    pub(super) metrics: Vec<Metric>,
    pub(super) aggregation: Aggregation,
    pub(super) from: NaiveDateTime,
    pub(super) to: NaiveDateTime,
    pub(super) grain: Grain,
    /// The hubs that the series are split by; empty: not split.
    pub(super) hubs: Vec<String>,
    /// All hubs of the namespace are wanted.
    pub(super) every_hub: bool,
}

impl Question {
    /// Checks the arguments against the question's "now".
    pub(super) fn new(arguments: &EventhubMetricsArguments, now: NaiveDateTime) -> Result<Self, Failure> {
        let mut metrics = arguments.metrics.clone();
        if metrics.is_empty() {
            metrics.extend([
                Metric::IncomingMessages,
                Metric::OutgoingMessages,
                Metric::ThrottledRequests,
                Metric::ServerErrors,
            ]);
        }
        let mut seen = BTreeSet::new();
        metrics.retain(|metric| seen.insert(*metric));
        let range = arguments.time.clone();
        let label = range.as_ref().map_or_else(|| "last hour".to_owned(), |range| range.label.clone());
        let (from, to) = match &range {
            None => (Some(now - Duration::hours(1)), Some(now)),
            Some(range) => (range.from, range.to),
        };
        let to = to.unwrap_or(now).min(now);
        let oldest = now - Duration::days(KEPT_DAYS);
        let too_old = |from: &str| {
            Failure::invalid(format!(
                "cannot read metrics from {from} on: Azure Monitor keeps {KEPT_DAYS} days, since {}",
                oldest.format("%Y-%m-%d")
            ))
            .hint(format!("ask from {} on", (oldest + Duration::days(1)).format("%Y-%m-%d")))
            .hint(
                "to keep them longer from now on, send them to a workspace: az monitor diagnostic-settings create --name \
                 metrics --resource NAMESPACE_ID --workspace WORKSPACE_ID --metrics '[{\"category\":\"AllMetrics\",\"enabled\":true}]'",
            )
        };
        let from = from.ok_or_else(|| too_old("the beginning"))?;
        if from < oldest {
            return Err(too_old(&from.format("%Y-%m-%d %H:%M").to_string()));
        }
        if from >= to {
            return Err(Failure::invalid(format!(
                "cannot read metrics: the range {} to {} UTC holds nothing yet",
                from.format("%Y-%m-%d %H:%M"),
                to.format("%Y-%m-%d %H:%M")
            ))
            .hint("ask for a range that has begun: \"the last hour\""));
        }
        let grain = arguments.grain.unwrap_or_else(|| usual_grain(to - from));
        let from = floor(from, grain);
        let to = floor(to, grain).max(from + Duration::seconds(i64::from(grain.seconds())));
        Ok(Self {
            metrics,
            hubs: arguments.hubs.clone(),
            by_hub: arguments.by_hub,
            show: arguments.show,
            from,
            to,
            label,
            grain,
        })
    }

    /// The moments of every series.
    pub(super) fn axis(&self) -> Axis {
        Axis::new(self.from, self.to, self.grain.seconds())
    }

    /// Whether series must be asked by hub.
    pub(super) fn splits(&self) -> bool {
        self.by_hub || !self.hubs.is_empty()
    }

    /// The requests. `known` are the hubs of the namespace, where series are split.
    ///
    /// Fails where it would be more points than anyone looks at.
    pub(super) fn requests(&self, known: &[String]) -> Result<Vec<Request>, Failure> {
        let hubs: &[String] = if self.hubs.is_empty() { known } else { &self.hubs };
        let split = |metric: &Metric| self.splits() && metric.split() == Split::Hub;
        let series = |metric: &Metric| if split(metric) { hubs.len().max(1) } else { 1 };
        let points = self.axis().count * self.metrics.iter().map(series).sum::<usize>();
        if points > MOST_POINTS {
            let coarser = Grain::ALL.into_iter().find(|grain| {
                let factor = usize::try_from(grain.seconds() / self.grain.seconds()).unwrap_or(1).max(1);
                *grain > self.grain && points / factor <= MOST_POINTS
            });
            let failure = Failure::invalid(format!("cannot read {points} points at once: the most is {MOST_POINTS}"));
            return Err(match coarser {
                Some(grain) => failure.hint(format!("ask per {}, or for a shorter range", grain.words())),
                None => failure.hint("ask for fewer hubs or a shorter range"),
            });
        }
        let mut kinds: Vec<(Aggregation, bool, bool, Vec<Metric>)> = Vec::new();
        for metric in &self.metrics {
            let aggregation = metric.aggregation(self.show == Show::Peak);
            let kind = (aggregation, split(metric), metric.is_premium());
            match kinds.iter_mut().find(|(known, by_hub, premium, _)| (*known, *by_hub, *premium) == kind) {
                Some((.., metrics)) => metrics.push(*metric),
                None => kinds.push((kind.0, kind.1, kind.2, vec![*metric])),
            }
        }
        let mut requests = Vec::new();
        for (aggregation, by_hub, _, metrics) in kinds {
            for (from, to) in self.windows() {
                let a_series = Axis::new(from, to, self.grain.seconds()).count.max(1);
                let a_metric = a_series * if by_hub { hubs.len().max(1) } else { 1 };
                for metrics in metrics.chunks((POINTS / a_metric).clamp(1, NAMES)) {
                    requests.push(Request {
                        metrics: metrics.to_vec(),
                        aggregation,
                        from,
                        to,
                        grain: self.grain,
                        hubs: if by_hub { hubs.to_vec() } else { Vec::new() },
                        every_hub: by_hub && self.hubs.is_empty(),
                    });
                }
            }
        }
        Ok(requests)
    }

    fn windows(&self) -> Vec<(NaiveDateTime, NaiveDateTime)> {
        let mut windows = Vec::new();
        let mut from = self.from;
        while from < self.to {
            let to = (from + Duration::days(WINDOW_DAYS)).min(self.to);
            windows.push((from, to));
            from = to;
        }
        windows
    }
}

impl Request {
    /// The parameters of the address, not yet encoded.
    pub(super) fn parameters(&self) -> Vec<(&'static str, String)> {
        let moment = |moment: NaiveDateTime| moment.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let names: Vec<&str> = self.metrics.iter().map(|metric| metric.name()).collect();
        let mut parameters = vec![
            ("api-version", "2024-02-01".to_owned()),
            ("timespan", format!("{}/{}", moment(self.from), moment(self.to))),
            ("interval", self.grain.iso().to_owned()),
            ("metricnames", names.join(",")),
            ("metricnamespace", "Microsoft.EventHub/namespaces".to_owned()),
            ("aggregation", self.aggregation.word().to_owned()),
            ("AutoAdjustTimegrain", "false".to_owned()),
        ];
        if !self.hubs.is_empty() || self.every_hub {
            let filter = if self.every_hub {
                "EntityName eq '*'".to_owned()
            } else {
                let one = |hub: &String| format!("EntityName eq '{}'", hub.replace('\'', "''"));
                self.hubs.iter().map(one).collect::<Vec<_>>().join(" or ")
            };
            parameters.push(("$filter", filter));
            // The default is ten series; one more than the hubs is for what belongs to the namespace alone.
            parameters.push(("top", (self.hubs.len() + 1).max(10).to_string()));
        }
        parameters
    }
}

/// The finest grain that does not give more points than a chart can show.
fn usual_grain(span: Duration) -> Grain {
    let seconds = usize::try_from(span.num_seconds()).unwrap_or(usize::MAX);
    let fits = |grain: &Grain| seconds / usize::try_from(grain.seconds()).unwrap_or(1) <= USUAL_POINTS;
    Grain::ALL.into_iter().find(fits).unwrap_or(Grain::Day)
}

fn floor(moment: NaiveDateTime, grain: Grain) -> NaiveDateTime {
    let seconds = moment.and_utc().timestamp();
    let floored = seconds - seconds.rem_euclid(i64::from(grain.seconds()));
    DateTime::from_timestamp(floored, 0).map_or(moment, |moment| moment.naive_utc())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
    }

    fn range(from: &str, to: &str) -> TimeRange {
        let empty = TimeRange { from: None, to: None, label: String::new(), unit: None, running: false };
        TimeRange { from: Some(at(from)), to: Some(at(to)), ..empty }
    }

    const NOW: &str = "2026-01-14 12:00:37";

    fn question(arguments: &EventhubMetricsArguments) -> Result<Question, Failure> {
        Question::new(arguments, at(NOW))
    }

    #[test]
    fn nothing_said_is_the_last_hour_by_the_minute_of_what_matters() {
        let question = question(&EventhubMetricsArguments::default()).unwrap();
        assert_eq!((question.from, question.to), (at("2026-01-14 11:00:00"), at("2026-01-14 12:00:00")));
        assert_eq!((question.grain, question.metrics.len(), question.axis().count), (Grain::Minute, 4, 60));
    }

    #[test]
    fn the_grain_suits_the_range() {
        for (from, grain) in [
            ("2026-01-13 12:00:00", Grain::Minute),
            ("2026-01-12 00:00:00", Grain::FiveMinutes),
            ("2026-01-04 00:00:00", Grain::QuarterHour),
            ("2025-12-20 00:00:00", Grain::HalfHour),
            ("2025-11-14 00:00:00", Grain::Hour),
            ("2025-10-20 00:00:00", Grain::SixHours),
        ] {
            let time = Some(range(from, "2026-01-14 12:00:00"));
            let question = question(&EventhubMetricsArguments { time, ..Default::default() }).unwrap();
            assert_eq!(question.grain, grain, "{from}");
        }
    }

    #[test]
    fn what_is_no_longer_kept_and_what_has_not_begun_is_refused_with_what_can_be_asked() {
        let old = EventhubMetricsArguments {
            time: Some(range("2025-10-01 00:00:00", "2025-10-02 00:00:00")),
            ..Default::default()
        };
        let failure = question(&old).unwrap_err();
        assert!(failure.message.contains("keeps 93 days, since 2025-10-13"), "{failure}");
        assert_eq!(failure.hints[0], "ask from 2025-10-14 on");
        assert!(failure.hints[1].contains("az monitor diagnostic-settings create"));
        let later = EventhubMetricsArguments {
            time: Some(range("2026-01-15 00:00:00", "2026-01-16 00:00:00")),
            ..Default::default()
        };
        assert!(question(&later).unwrap_err().message.contains("holds nothing yet"));
        let open = Some(TimeRange { from: None, ..range("2026-01-01 00:00:00", "2026-01-02 00:00:00") });
        assert!(question(&EventhubMetricsArguments { time: open, ..Default::default() }).is_err());
    }

    #[test]
    fn requests_are_cut_by_kind_by_window_and_by_size() {
        let hubs: Vec<String> = (0..32).map(|number| format!("hub-{number}")).collect();
        let day = question(&EventhubMetricsArguments {
            metrics: Metric::ALL.to_vec(),
            time: Some(range("2026-01-13 00:00:00", "2026-01-14 00:00:00")),
            by_hub: true,
            ..Default::default()
        })
        .unwrap();
        let requests = day.requests(&hubs).unwrap();
        let asked: usize = requests.iter().map(|request| request.metrics.len()).sum();
        assert_eq!(asked, Metric::ALL.len());
        for request in &requests {
            let series = request.hubs.len().max(1);
            assert!(request.metrics.len() * series * 1440 <= POINTS && request.metrics.len() <= NAMES);
            assert!(request.metrics.iter().all(|metric| metric.aggregations().contains(&request.aggregation)));
            assert_eq!(request.every_hub, request.metrics[0].split() == Split::Hub);
        }
        let long = question(&EventhubMetricsArguments {
            metrics: vec![Metric::Size],
            time: Some(range("2025-11-01 00:00:00", "2026-01-14 00:00:00")),
            ..Default::default()
        })
        .unwrap();
        let windows: Vec<_> = long.requests(&[]).unwrap().iter().map(|request| (request.from, request.to)).collect();
        assert_eq!(windows.len(), 3);
        assert!(windows.windows(2).all(|pair| pair[0].1 == pair[1].0));
        let fine = question(&EventhubMetricsArguments {
            grain: Some(Grain::Minute),
            metrics: Metric::ALL.to_vec(),
            time: Some(range("2025-11-01 00:00:00", "2026-01-14 00:00:00")),
            by_hub: true,
            ..Default::default()
        })
        .unwrap();
        let failure = fine.requests(&hubs).unwrap_err();
        assert!(failure.hints[0].starts_with("ask per 30 minutes"), "{failure}");
    }

    #[test]
    fn a_hub_s_name_cannot_leave_its_quotes() {
        let request = Request {
            metrics: vec![Metric::IncomingMessages],
            aggregation: Aggregation::Total,
            from: at(NOW),
            to: at(NOW),
            grain: Grain::Minute,
            hubs: vec!["a' or EntityName eq '*".to_owned(), "b".to_owned()],
            every_hub: false,
        };
        let filter = request.parameters().into_iter().find(|(name, _)| *name == "$filter").unwrap().1;
        assert_eq!(filter, "EntityName eq 'a'' or EntityName eq ''*' or EntityName eq 'b'");
    }
}
