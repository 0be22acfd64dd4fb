//! From measured series to a sentence, a table and a chart.

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use super::names::{Grain, Metric};
use super::query::Show;
use super::report::{MetricSeries, MetricsReport};
use crate::table::in_words;
use crate::told::{Chart, ChartSeries};
use crate::{Cell, Column, ColumnType, Role, Table, Told, ToolReport, Unit};

/// Hubs that the sentence names.
const NAMED: usize = 5;
/// Rows of a course.
const ROWS: usize = 24;
/// Series that the chart shows.
const DRAWN: usize = 32;
/// Points that a model is given.
const FOR_MODELS: usize = 400;

impl From<MetricsReport> for ToolReport {
    fn from(report: MetricsReport) -> Self {
        report.told().into()
    }
}

impl MetricsReport {
    /// The report as it is told.
    pub fn told(&self) -> Told {
        let mut told = Told::new(self.answer(), self.data());
        told.table = Some(self.table());
        told.notes = self.notes();
        told.chart = self.chart();
        told
    }

    fn answer(&self) -> String {
        let said = match (self.show, self.series.as_slice()) {
            (Show::Whether, _) => self.whether(),
            (Show::Peak, _) => self.peaks(),
            (Show::Course, [series]) => {
                format!("{}, {}: {}", capital(&title(series)), self.label(), self.course(series))
            }
            (Show::Course, _) if self.one_metric() => self.split_by_hub(),
            (Show::Course, _) => self.overview(),
        };
        format!("{said} ({}).", self.place())
    }

    /// "2026-01-14 11:00 to 12:00 UTC; namespace `oms-prod`".
    fn place(&self) -> String {
        let day = |moment: NaiveDateTime| moment.format("%Y-%m-%d %H:%M").to_string();
        let to = if self.from.date() == self.to.date() { self.to.format("%H:%M").to_string() } else { day(self.to) };
        let hubs = match self.hubs.as_slice() {
            [] => String::new(),
            [hub] => format!("hub `{hub}` of "),
            hubs => format!("hubs {} of ", hubs.iter().map(|hub| format!("`{hub}`")).collect::<Vec<_>>().join(", ")),
        };
        format!("{} to {to} UTC, by {}; {hubs}namespace `{}`", day(self.from), self.grain.words(), self.namespace)
    }

    fn label(&self) -> String {
        if self.label.is_empty() { "in this range".to_owned() } else { self.label.clone() }
    }

    fn one_metric(&self) -> bool {
        self.series.windows(2).all(|pair| pair[0].metric == pair[1].metric)
    }

    /// A moment, without its day where the whole range is one day.
    fn at(&self, moment: NaiveDateTime) -> String {
        let last = self.to - chrono::Duration::seconds(1);
        let form = match (self.grain, self.from.date() == last.date()) {
            (Grain::Day, _) => "%Y-%m-%d",
            (_, true) => "%H:%M",
            (_, false) => "%Y-%m-%d %H:%M",
        };
        moment.format(form).to_string()
    }

    fn course(&self, series: &MetricSeries) -> String {
        let unit = series.metric.unit();
        let summary = &series.summary;
        let (Some(mean), Some((peak, at))) = (summary.mean, summary.peak) else { return "no values came".to_owned() };
        if series.values.len() == 1 {
            return in_words(peak, unit);
        }
        let most = format!("at most {} at {}", in_words(peak, unit), self.at(at));
        match (summary.total, summary.last) {
            (Some(0.0), _) => "none".to_owned(),
            (Some(total), _) => {
                let grain = self.grain.words();
                format!("{} in all, {} per {grain} on average, {most}", in_words(total, unit), in_words(mean, unit))
            }
            (None, Some((last, _))) => {
                format!("{} on average, {most}, {} at the end", in_words(mean, unit), in_words(last, unit))
            }
            (None, None) => most,
        }
    }

    fn split_by_hub(&self) -> String {
        let Some(first) = self.series.first() else { return "nothing was measured".to_owned() };
        let unit = first.metric.unit();
        let figure = |series: &MetricSeries| series.summary.total.or(series.summary.mean);
        let shown = |series: &MetricSeries| {
            let value = figure(series).map_or_else(|| "no values".to_owned(), |value| in_words(value, unit));
            format!("`{}` {value}", series.hub.as_deref().unwrap_or("all"))
        };
        let named: Vec<String> = self.series.iter().take(NAMED).map(shown).collect();
        let more = match self.series.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(", and {more} more in the table"),
        };
        let whole = match first.summary.total {
            Some(_) => {
                let sum: f64 = self.series.iter().filter_map(|series| series.summary.total).sum();
                format!("{} in all; ", in_words(sum, unit))
            }
            None => "on average ".to_owned(),
        };
        format!("{} by hub, {}: {whole}{}{more}", capital(first.metric.words()), self.label(), named.join(", "))
    }

    /// One figure for each metric; the hubs of one are put together.
    fn overview(&self) -> String {
        let mut parts = Vec::new();
        for metric in self.metrics() {
            let of_it = || self.series.iter().filter(|series| series.metric == metric);
            let values: Vec<f64> = of_it().filter_map(|series| series.summary.total.or(series.summary.mean)).collect();
            let figure = if values.is_empty() {
                "no values".to_owned()
            } else {
                let average = if of_it().any(|series| series.summary.total.is_some()) { "" } else { " on average" };
                format!("{}{average}", in_words(values.iter().sum(), metric.unit()))
            };
            parts.push(format!("{} {figure}", metric.words()));
        }
        format!("{}: {}", capital(&self.label()), parts.join("; "))
    }

    fn metrics(&self) -> Vec<Metric> {
        let mut metrics: Vec<Metric> = self.series.iter().map(|series| series.metric).collect();
        metrics.dedup();
        metrics
    }

    fn peaks(&self) -> String {
        let grain = self.grain.words();
        let mut parts: Vec<String> = self
            .series
            .iter()
            .take(NAMED)
            .map(|series| {
                let title = title(series);
                match series.summary.peak {
                    Some((peak, at)) => {
                        let (peak, at) = (in_words(peak, series.metric.unit()), self.at(at));
                        format!("peak of {title} per {grain}, {}: {peak} at {at}", self.label())
                    }
                    None => format!("{title}, {}: no values came", self.label()),
                }
            })
            .collect();
        if let Some(more) = self.series.len().checked_sub(NAMED + 1) {
            parts.push(format!("{} more in the table", more + 1));
        }
        capital(&parts.join("; "))
    }

    fn whether(&self) -> String {
        let label = self.label();
        let happened: Vec<String> = self
            .series
            .iter()
            .filter_map(|series| {
                let (points, first, last) = series.summary.above_zero?;
                let (peak, at) = series.summary.peak?;
                let unit = series.metric.unit();
                let total =
                    series.summary.total.map_or_else(String::new, |total| format!("{} ", in_words(total, unit)));
                let all = in_words(count(series.values.len()), Unit::Count);
                let points = in_words(count(points), Unit::Count);
                Some(format!(
                    "{total}{}, {label}: in {points} of {all} {}, first at {}, last at {}, at most {} at {}",
                    title(series),
                    self.grain.plural(),
                    self.at(first),
                    self.at(last),
                    in_words(peak, unit),
                    self.at(at)
                ))
            })
            .collect();
        if !happened.is_empty() {
            return format!("Yes: {}", happened.join("; "));
        }
        let words: Vec<&str> = self.metrics().into_iter().map(Metric::words).collect();
        if self.series.iter().all(|series| series.summary.present == 0) {
            return format!("Unknown: no values of {} came, {label}", words.join(" or "));
        }
        format!("No: no {}, {label}", words.join(" and no "))
    }

    fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> =
            self.failed.iter().map(|(metric, cause)| format!("`{metric}` could not be read: {cause}")).collect();
        let gaps = |series: &&MetricSeries| series.summary.present < series.values.len();
        let with_gaps: Vec<&MetricSeries> = self.series.iter().filter(gaps).collect();
        match with_gaps.as_slice() {
            [] => {}
            [series] => notes.push(format!(
                "{} of {} points of {} have no value; they are gaps, not zeros",
                series.values.len() - series.summary.present,
                series.values.len(),
                title(series)
            )),
            several => notes.push(format!(
                "{} of {} series have points without a value; they are gaps, not zeros",
                several.len(),
                self.series.len()
            )),
        }
        let asks_split = self.by_hub || !self.hubs.is_empty();
        for metric in self.metrics().into_iter().filter(|metric| asks_split && metric.split() == super::Split::Nothing)
        {
            notes.push(format!("{} are measured for the whole namespace, not by hub", metric.words()));
        }
        notes
    }

    fn table(&self) -> Table {
        match self.series.as_slice() {
            [series] => self.course_table(series),
            _ => self.summary_table(),
        }
    }

    /// The course in at most [`ROWS`] rows, each with its highest point.
    fn course_table(&self, series: &MetricSeries) -> Table {
        let unit = series.metric.unit();
        let step = self.rows_step(series.values.len());
        let counts = series.summary.total.is_some();
        let mut columns = vec![
            column("time", ColumnType::Datetime, Role::Dimension, Unit::Plain),
            column(&column_name(series.metric), ColumnType::Number, Role::Measure, unit),
        ];
        if step > 1 {
            columns.push(column("peak", ColumnType::Number, Role::Measure, unit));
        }
        let rows = series
            .values
            .chunks(step)
            .enumerate()
            .map(|(row, values)| {
                let known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                let sum: f64 = known.iter().sum();
                let figure = if counts { sum } else { sum / count(known.len()) };
                let peak = known.iter().copied().reduce(f64::max);
                let mut cells = vec![moment_cell(self.moment(row * step)), cell(peak.map(|_| figure), unit)];
                if step > 1 {
                    cells.push(cell(peak, unit));
                }
                cells
            })
            .collect();
        Table { columns, rows, truncated: false }
    }

    /// Points of one row: whole units of time where they fit.
    fn rows_step(&self, points: usize) -> usize {
        if points <= ROWS {
            return 1;
        }
        let grain = usize::try_from(self.grain.seconds()).unwrap_or(60);
        [300, 900, 1800, 3600, 2 * 3600, 6 * 3600, 12 * 3600, 86_400, 7 * 86_400]
            .into_iter()
            .filter(|seconds| seconds % grain == 0)
            .map(|seconds| seconds / grain)
            .find(|step| *step > 0 && points.div_ceil(*step) <= ROWS)
            .unwrap_or_else(|| points.div_ceil(ROWS))
    }

    fn summary_table(&self) -> Table {
        // Units differ from row to row, so figures are text for people only where they must be: machines read `data`.
        let one = self.one_metric();
        let unit = self.series.first().filter(|_| one).map_or(Unit::Plain, |series| series.metric.unit());
        let split = self.series.iter().any(|series| series.hub.is_some());
        let mut columns = vec![column("metric", ColumnType::String, Role::Dimension, Unit::Plain)];
        if split {
            columns.push(column("hub", ColumnType::String, Role::Dimension, Unit::Plain));
        }
        for name in ["total", "mean", "peak"] {
            columns.push(column(name, ColumnType::Number, Role::Measure, unit));
        }
        columns.push(column("peak_at", ColumnType::Datetime, Role::Attribute, Unit::Plain));
        let rows = self
            .series
            .iter()
            .map(|series| {
                let summary = &series.summary;
                let mut cells = vec![Cell::Text(series.metric.name().to_owned())];
                if split {
                    cells.push(series.hub.clone().map_or(Cell::Null, Cell::Text));
                }
                cells.push(cell(summary.total, unit));
                cells.push(cell(summary.mean.map(|mean| (mean * 100.0).round() / 100.0), unit));
                cells.push(cell(summary.peak.map(|(peak, _)| peak), unit));
                cells.push(summary.peak.map_or(Cell::Null, |(_, at)| moment_cell(at)));
                cells
            })
            .collect();
        Table { columns, rows, truncated: false }
    }

    fn chart(&self) -> Option<Chart> {
        let drawn: Vec<&MetricSeries> =
            self.series.iter().filter(|series| series.summary.present > 1).take(DRAWN).collect();
        let first = drawn.first()?;
        let one = self.one_metric();
        let title = if one { capital(first.metric.words()) } else { format!("namespace `{}`", self.namespace) };
        let series = drawn
            .iter()
            .map(|series| ChartSeries {
                name: match (&series.hub, one) {
                    (Some(hub), true) => hub.clone(),
                    (Some(hub), false) => format!("{} {hub}", series.metric.words()),
                    (None, _) => series.metric.words().to_owned(),
                },
                unit: series.metric.unit(),
                values: series.values.iter().map(|value| Some(*value).filter(|value| !value.is_nan())).collect(),
            })
            .collect();
        Some(Chart { title, start: self.from, step: self.grain.seconds(), one_scale: one, series })
    }

    fn data(&self) -> Value {
        let points: usize = self.series.iter().map(|series| series.values.len()).sum();
        let series: Vec<Value> = self
            .series
            .iter()
            .map(|series| {
                let summary = &series.summary;
                let mut object = json!({
                    "metric": series.metric,
                    "hub": series.hub,
                    "aggregation": series.aggregation,
                    "total": summary.total,
                    "mean": summary.mean,
                    "lowest": summary.lowest,
                    "peak": summary.peak.map(|(peak, _)| peak),
                    "peak_at": summary.peak.map(|(_, at)| stamp(at)),
                    "points_above_zero": summary.above_zero.map_or(0, |(points, ..)| points),
                    "points_without_value": series.values.len() - summary.present,
                });
                if points <= FOR_MODELS {
                    // A gap is NaN, which JSON writes as null.
                    object["values"] = json!(series.values);
                }
                object
            })
            .collect();
        json!({
            "namespace": self.namespace,
            "from": stamp(self.from),
            "to": stamp(self.to),
            "grain": self.grain,
            "series": series,
            "failed": self.failed.iter().map(|(metric, cause)| json!({"metric": metric, "cause": cause})).collect::<Vec<_>>(),
        })
    }
}

/// "incoming messages of `orders`".
fn title(series: &MetricSeries) -> String {
    match &series.hub {
        Some(hub) => format!("{} of `{hub}`", series.metric.words()),
        None => series.metric.words().to_owned(),
    }
}

fn column(name: &str, kind: ColumnType, role: Role, unit: Unit) -> Column {
    Column { name: name.to_owned(), kind, role, unit }
}

/// The metric's words as a column's name: `incoming_messages`.
fn column_name(metric: Metric) -> String {
    metric.words().to_lowercase().replace(' ', "_")
}

fn moment_cell(moment: NaiveDateTime) -> Cell {
    Cell::Text(stamp(moment))
}

fn stamp(moment: NaiveDateTime) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// A count is a whole number where it is one.
#[allow(clippy::cast_possible_truncation)] // checked to be whole and small
fn cell(value: Option<f64>, unit: Unit) -> Cell {
    match value {
        None => Cell::Null,
        Some(value) if unit != Unit::Percent && value.fract() == 0.0 && value.abs() < 9e15 => {
            Cell::Integer(value as i128)
        }
        Some(value) => Cell::Number(value),
    }
}

#[allow(clippy::cast_precision_loss)] // far fewer than 2^52
fn count(number: usize) -> f64 {
    number as f64
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
