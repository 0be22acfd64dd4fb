//! Charts in characters: bars for rankings and categories, a line for a series, small lines for several series.
//!
//! Drawn from the typed rows only. A missing value is a gap, never a zero, and no point is averaged away.

mod bars;
pub mod course;
pub mod file;
mod line;
mod sparks;

use oms_tools::orders::OrdersReport;
use oms_tools::{Cell, Failure, Unit};
use serde::{Deserialize, Serialize};

use super::shape::{self, Shape, is_series_grain};
use super::surface::Surface;
use super::vocabulary::Vocabulary;
use super::{clean, figures};

/// One point of a chart: its name and its figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Point {
    pub(crate) label: String,
    pub(crate) value: Option<f64>,
    /// The figure as people read it.
    pub(crate) shown: String,
}

/// What is drawn.
enum Drawing {
    /// Groups side by side.
    Bars(Vec<Point>),
    /// One figure along time.
    Line(Vec<Point>),
    /// Points along time, each with the name of its series.
    Series(Vec<(String, Point)>),
}

/// A chart before it is drawn on anything.
struct Chosen {
    title: String,
    unit: Unit,
    drawing: Drawing,
}

/// The chart of a report; `None` where nothing is split, fewer than two rows came, or no figure is there.
pub fn draw(report: &OrdersReport, vocabulary: &Vocabulary, surface: &Surface) -> Option<String> {
    let chosen = choose(report, vocabulary)?;
    let body = match chosen.drawing {
        Drawing::Bars(points) => bars::draw(&points, surface),
        Drawing::Line(points) => line::draw(&points, chosen.unit, surface),
        Drawing::Series(points) => sparks::draw(points.into_iter(), surface),
    }?;
    let title = clean::fit(&chosen.title, surface.width, surface.ellipsis());
    Some(format!("{}\n{body}", surface.strong(&title)))
}

/// What suits the rows: a line for a series, several for several, bars otherwise.
fn choose(report: &OrdersReport, vocabulary: &Vocabulary) -> Option<Chosen> {
    let table = &report.table;
    let query = report.query.as_ref();
    let shape = Shape::of(table, query);
    let ranked = query.and_then(|query| query.ranking.as_ref()).map(|ranking| ranking.by.as_str());
    let figures = shape
        .measures
        .iter()
        .find(|figures| Some(figures.name.as_str()) == ranked)
        .or_else(|| shape.measures.first())?;
    // A running total that was asked for is what the line should show.
    let column = figures.running.unwrap_or(figures.value);
    let unit = shape::unit(table, column);
    let time = shape.dimensions.iter().copied().find(|index| is_series_grain(&table.columns[*index].name));
    let point = |row: &[Cell], label: String| {
        let cell = row.get(column).unwrap_or(&Cell::Null);
        Point { label, value: cell.as_f64(), shown: figures::figure(cell, unit) }
    };
    if table.rows.len() < 2 || shape.dimensions.is_empty() {
        return None;
    }
    let title = vocabulary.title(&table.columns[column].name);
    let drawing = match (time, shape.dimensions.len()) {
        (Some(time), 2) => {
            let other = *shape.dimensions.iter().find(|index| **index != time)?;
            let rows = table.rows.iter().map(|row| {
                let moment = shape::cell(table, row, time, vocabulary);
                (shape::cell(table, row, other, vocabulary), point(row, moment))
            });
            Drawing::Series(rows.collect())
        }
        (Some(time), 1) => {
            let mut points: Vec<Point> =
                table.rows.iter().map(|row| point(row, shape::cell(table, row, time, vocabulary))).collect();
            // A ranking of months is ordered by its figure; only rows in order of time make a line.
            let in_order = points.windows(2).all(|pair| pair[0].label <= pair[1].label);
            let reversed = points.windows(2).all(|pair| pair[0].label >= pair[1].label);
            if reversed {
                points.reverse();
            }
            if (in_order || reversed) && points.len() > 2 { Drawing::Line(points) } else { Drawing::Bars(points) }
        }
        _ => Drawing::Bars(table.rows.iter().map(|row| point(row, shape.label(table, row, vocabulary))).collect()),
    };
    Some(Chosen { title, unit, drawing })
}

/// Whether a dimension of this name is drawn along time.
pub fn along_time(dimension: &str) -> bool {
    is_series_grain(dimension)
}

/// Why nothing is drawn.
pub(crate) fn no_chart() -> Failure {
    Failure::invalid("cannot draw the last answer: a chart needs two groups or more, and room")
        .hint("ask for figures by something: \"revenue by month\"")
}

/// A horizontal line.
pub(crate) fn rule(surface: &Surface, width: usize) -> String {
    if surface.unicode { "─" } else { "-" }.repeat(width)
}

/// A figure of an axis in people's form.
fn axis_figure(value: f64, unit: Unit) -> String {
    match unit {
        // An axis needs no cents: they would only take room from the drawing.
        Unit::Euro if value.abs() >= 100.0 => {
            let shown = figures::figure(&Cell::Number(value), Unit::Euro);
            shown.rsplit_once('.').map_or(shown.clone(), |(whole, _)| whole.to_owned())
        }
        _ => figures::figure(&Cell::Number(value), unit),
    }
}

/// The part of `whole` as a whole number of steps, at least 0 and at most `steps`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // bounded by a terminal's width
pub(crate) fn steps(part: f64, whole: f64, steps: usize) -> usize {
    if whole <= 0.0 || !part.is_finite() {
        return 0;
    }
    ((part / whole * steps as f64).round().max(0.0) as usize).min(steps)
}
