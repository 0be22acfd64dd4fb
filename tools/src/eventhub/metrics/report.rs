//! What was measured: one dense series for each metric and hub, with what is read off it.

use chrono::NaiveDateTime;

use super::fetch::Answer;
use super::names::{Aggregation, Grain, Metric, Split};
use super::points::Axis;
use super::query::{Question, Show};
use crate::Failure;

/// The series name of what belongs to the namespace alone.
const NAMESPACE_ONLY: &str = "-NamespaceOnlyMetric-";

/// One metric of the namespace, or of one hub.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricSeries {
    /// The metric.
    pub metric: Metric,
    /// How the values of a point were put together.
    pub aggregation: Aggregation,
    /// The hub; none: all that were asked for together.
    pub hub: Option<String>,
    /// One value a point; `NaN` for a gap. Percents are fractions.
    pub values: Vec<f64>,
    /// What is read off them.
    pub summary: Summary,
}

/// What is read off a series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Points with a value.
    pub present: usize,
    /// The sum, where the metric counts; none without a value.
    pub total: Option<f64>,
    /// The mean of the points that have a value.
    pub mean: Option<f64>,
    /// The lowest point.
    pub lowest: Option<f64>,
    /// The highest point and when it begins; the first of equals.
    pub peak: Option<(f64, NaiveDateTime)>,
    /// The last point that has a value.
    pub last: Option<(f64, NaiveDateTime)>,
    /// Points above zero: how many, the first, the last.
    pub above_zero: Option<(usize, NaiveDateTime, NaiveDateTime)>,
}

/// The answer of `eventhub_metrics`.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricsReport {
    /// The namespace.
    pub namespace: String,
    /// The range as it was said: "last hour".
    pub label: String,
    /// The first instant.
    pub from: NaiveDateTime,
    /// The first instant that is no longer inside.
    pub to: NaiveDateTime,
    /// The width of a point.
    pub grain: Grain,
    /// What the person wants to know.
    pub show: Show,
    /// Split by hub.
    pub by_hub: bool,
    /// The hubs that were asked for; empty: the whole namespace.
    pub hubs: Vec<String>,
    /// The series, by metric as asked and then the largest first.
    pub series: Vec<MetricSeries>,
    /// Metrics that could not be read, each with the reason.
    pub failed: Vec<(Metric, String)>,
}

impl MetricsReport {
    /// When a point begins.
    pub fn moment(&self, place: usize) -> NaiveDateTime {
        self.axis().moment(place)
    }

    fn axis(&self) -> Axis {
        Axis::new(self.from, self.to, self.grain.seconds())
    }
}

/// Puts the answers together.
///
/// Fails where no metric at all could be read.
pub(super) fn report(
    namespace: String,
    question: &Question,
    known: &[String],
    answers: &[Answer],
) -> Result<MetricsReport, Failure> {
    let mut report = MetricsReport {
        namespace,
        label: question.label.clone(),
        from: question.from,
        to: question.to,
        grain: question.grain,
        show: question.show,
        by_hub: question.by_hub,
        hubs: question.hubs.clone(),
        series: Vec::new(),
        failed: Vec::new(),
    };
    let axis = question.axis();
    let mut refused = None;
    for metric in &question.metrics {
        let mut gathered: Vec<(Option<String>, Vec<f64>)> = Vec::new();
        let mut aggregation = metric.aggregations()[0];
        let mut failed = None;
        for (request, answered) in answers.iter().filter(|(request, _)| request.metrics.contains(metric)) {
            aggregation = request.aggregation;
            match answered {
                Err(failure) => {
                    failed = Some(if metric.is_premium() {
                        "it exists in the Premium tier alone, or the sign-in may not read it".to_owned()
                    } else {
                        failure.message.clone()
                    });
                    refused.get_or_insert_with(|| failure.clone());
                }
                Ok(answered) => {
                    let one = answered.iter().find(|one| one.name.eq_ignore_ascii_case(metric.name()));
                    let Some(one) = one else {
                        failed = Some("Azure Monitor left it out of its answer".to_owned());
                        continue;
                    };
                    failed = failed.or_else(|| one.error.clone());
                    let window = Axis::new(request.from, request.to, request.grain.seconds());
                    let offset = usize::try_from((window.start - axis.start) / i64::from(axis.step)).unwrap_or(0);
                    for series in &one.series {
                        lay(&mut gathered, name(series.hub.as_deref(), known), &series.values, offset, axis.count);
                    }
                }
            }
        }
        if let Some(cause) = failed {
            report.failed.push((*metric, cause));
            continue;
        }
        report.series.extend(finish(*metric, aggregation, gathered, question, known, axis));
    }
    match (report.series.is_empty(), refused, report.failed.first()) {
        (true, Some(failure), _) => Err(failure),
        (true, None, Some((metric, cause))) => {
            Err(Failure::invalid(format!("cannot read `{metric}` of `{}`: {cause}", report.namespace)))
        }
        _ => Ok(report),
    }
}

/// The hub's own spelling: Azure Monitor changes capitals.
fn name(hub: Option<&str>, known: &[String]) -> Option<String> {
    let hub = hub?;
    if hub == NAMESPACE_ONLY {
        return Some("(namespace)".to_owned());
    }
    Some(known.iter().find(|known| known.eq_ignore_ascii_case(hub)).map_or_else(|| hub.to_owned(), Clone::clone))
}

/// Lays a window's values at their place.
fn lay(
    gathered: &mut Vec<(Option<String>, Vec<f64>)>,
    hub: Option<String>,
    values: &[f64],
    offset: usize,
    count: usize,
) {
    let place = gathered.iter().position(|(known, _)| *known == hub).unwrap_or_else(|| {
        gathered.push((hub, vec![f64::NAN; count]));
        gathered.len() - 1
    });
    let Some(slots) = gathered.get_mut(place).and_then(|(_, slots)| slots.get_mut(offset..)) else { return };
    for (slot, value) in slots.iter_mut().zip(values) {
        if !value.is_nan() {
            *slot = *value;
        }
    }
}

fn finish(
    metric: Metric,
    aggregation: Aggregation,
    mut gathered: Vec<(Option<String>, Vec<f64>)>,
    question: &Question,
    known: &[String],
    axis: Axis,
) -> Vec<MetricSeries> {
    let split = question.by_hub && metric.split() == Split::Hub;
    let wanted = if question.hubs.is_empty() { known } else { &question.hubs };
    if split {
        // A hub of which nothing came is a series too: of zeros, or of gaps.
        for hub in wanted {
            lay(&mut gathered, Some(hub.clone()), &[], 0, axis.count);
        }
    } else {
        let together =
            gathered.into_iter().map(|(_, values)| values).reduce(|one, other| together(aggregation, one, &other));
        gathered = vec![(None, together.unwrap_or_else(|| vec![f64::NAN; axis.count]))];
    }
    let mut series: Vec<MetricSeries> = gathered
        .into_iter()
        .map(|(hub, mut values)| {
            for value in &mut values {
                *value *= metric.scale();
                if value.is_nan() && metric.is_silent_at_zero() {
                    *value = 0.0;
                }
            }
            let summary = Summary::of(&values, aggregation, axis);
            MetricSeries { metric, aggregation, hub, values, summary }
        })
        .collect();
    let size = |one: &MetricSeries| one.summary.total.or(one.summary.mean).unwrap_or(f64::NEG_INFINITY);
    series.sort_by(|one, other| size(other).total_cmp(&size(one)).then_with(|| one.hub.cmp(&other.hub)));
    series
}

/// Several hubs' values as one series. A mean of sizes is the mean of the whole, for the hubs are measured side by side.
fn together(aggregation: Aggregation, mut one: Vec<f64>, other: &[f64]) -> Vec<f64> {
    for (left, right) in one.iter_mut().zip(other) {
        *left = match (left.is_nan(), right.is_nan()) {
            (true, _) => *right,
            (_, true) => *left,
            _ => match aggregation {
                Aggregation::Total | Aggregation::Average => *left + right,
                Aggregation::Minimum => left.min(*right),
                Aggregation::Maximum => left.max(*right),
            },
        };
    }
    one
}

impl Summary {
    fn of(values: &[f64], aggregation: Aggregation, axis: Axis) -> Self {
        let mut summary = Self::default();
        let mut sum = 0.0;
        for (place, value) in values.iter().copied().enumerate().filter(|(_, value)| !value.is_nan()) {
            summary.present += 1;
            sum += value;
            summary.lowest = Some(summary.lowest.map_or(value, |lowest: f64| lowest.min(value)));
            if summary.peak.is_none_or(|(peak, _)| value > peak) {
                summary.peak = Some((value, axis.moment(place)));
            }
            summary.last = Some((value, axis.moment(place)));
            if value > 0.0 {
                let moment = axis.moment(place);
                let (count, first, _) = summary.above_zero.unwrap_or((0, moment, moment));
                summary.above_zero = Some((count + 1, first, moment));
            }
        }
        if summary.present > 0 {
            summary.total = (aggregation == Aggregation::Total).then_some(sum);
            #[allow(clippy::cast_precision_loss)] // far fewer points than 2^52
            let present = summary.present as f64;
            summary.mean = Some(sum / present);
        }
        summary
    }
}
