//! Charts as files: SVG and PNG, drawn from the same choice of points as the ones in characters.
//!
//! What draws PNG keeps its font for as long as the process runs, some 16 MiB; a program that must stay small has it drawn by
//! another one: a [`Picture`] can be sent.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;

use kuva::plot::bar::BarPlot;
use kuva::plot::line::LinePlot;
use kuva::render::layout::{Layout, TickFormat};
use kuva::render::plots::Plot;
use oms_tools::orders::OrdersReport;
use oms_tools::{Chart, Failure, FailureKind, Unit};
use serde::{Deserialize, Serialize};

use super::{Chosen, Drawing, Point, axis_figure, course};
use crate::reply::vocabulary::Vocabulary;

/// Bars that are drawn at most.
const MOST_BARS: usize = 40;
/// Series that are drawn at most; more cannot be told apart.
const MOST_SERIES: usize = 8;
/// Labels along a time axis at most: more would overlap.
const MOST_LABELS: usize = 16;
/// Pixels.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 540.0;
const BAR_HEIGHT: f64 = 26.0;
/// Pixels of a PNG for each of the drawing's.
const DENSITY: f32 = 2.0;
/// Told apart by most people with impaired colour vision (Okabe and Ito).
const COLOURS: [&str; MOST_SERIES] =
    ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999933", "#444444"];

/// The formats that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Scalable Vector Graphics.
    Svg,
    /// Portable Network Graphics.
    Png,
    /// The same, of a quarter of the size, drawn in a quarter of the time: for a channel, where many are drawn.
    SmallPng,
}

impl Format {
    /// The format of a file's ending.
    fn of(file: &Path) -> Option<Self> {
        match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            _ => None,
        }
    }
}

/// A chart that is chosen and not yet drawn.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    title: String,
    unit: Unit,
    shapes: Shapes,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shapes {
    /// Groups side by side.
    Bars(Vec<Point>),
    /// A line for each series.
    Lines(Vec<(String, Vec<Point>)>),
}

impl Picture {
    /// The chart of a report; `None` where there is nothing to draw.
    pub fn of(report: &OrdersReport, vocabulary: &Vocabulary) -> Option<Self> {
        let Chosen { title, unit, drawing } = super::choose(report, vocabulary)?;
        let mut shapes = match drawing {
            Drawing::Bars(points) => Shapes::Bars(points),
            Drawing::Line(points) => Shapes::Lines(vec![(title.clone(), points)]),
            Drawing::Series(points) => {
                let mut series: Vec<(String, Vec<Point>)> = Vec::new();
                for (name, point) in points {
                    match series.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, points)) => points.push(point),
                        None => series.push((name, vec![point])),
                    }
                }
                Shapes::Lines(series)
            }
        };
        match &mut shapes {
            Shapes::Bars(points) => points.truncate(MOST_BARS),
            Shapes::Lines(series) => series.truncate(MOST_SERIES),
        }
        Some(Self { title, unit, shapes })
    }

    /// Figures along time that a tool told.
    ///
    /// Fails where the series have no common unit.
    pub fn of_course(chart: &Chart) -> Result<Self, Failure> {
        let (mut series, unit) = course::series(chart)?;
        series.truncate(MOST_SERIES);
        Ok(Self { title: chart.title.clone(), unit, shapes: Shapes::Lines(series) })
    }

    /// It as a file's bytes.
    ///
    /// Fails where there is no figure in it.
    pub fn draw(self, format: Format) -> Result<Vec<u8>, Failure> {
        let Self { title, unit, shapes } = self;
        let figure = TickFormat::Custom(Arc::new(move |value| axis_figure(value, unit)));
        let plots = match shapes {
            Shapes::Bars(points) => bars(&points, &title, figure),
            Shapes::Lines(series) => lines(series, &title, unit),
        };
        let (plots, layout) = plots.ok_or_else(super::no_chart)?;
        drawn(plots, layout, format)
    }
}

fn drawn(plots: Vec<Plot>, layout: Layout, format: Format) -> Result<Vec<u8>, Failure> {
    let density = match format {
        Format::Svg => return Ok(kuva::render_to_svg(plots, layout).into_bytes()),
        Format::Png => DENSITY,
        Format::SmallPng => 1.0,
    };
    kuva::render_to_raster(plots, layout, density).map_err(|cause| {
        tracing::warn!(cause, "a chart could not be drawn");
        Failure::new(FailureKind::Internal, "cannot draw the chart as PNG").hint("write it as SVG")
    })
}

/// Writes the chart of a report into a new file, by its ending `.svg` or `.png`.
///
/// Fails for another ending, a file that is there already, and rows of which no chart can be drawn.
pub fn write(report: &OrdersReport, vocabulary: &Vocabulary, file: &str) -> Result<(), Failure> {
    write_new(file, |format| Picture::of(report, vocabulary).ok_or_else(super::no_chart)?.draw(format))
}

/// Writes figures along time that a tool told into a new file, by its ending.
pub fn write_course(chart: &Chart, file: &str) -> Result<(), Failure> {
    write_new(file, |format| Picture::of_course(chart)?.draw(format))
}

fn write_new(file: &str, bytes: impl FnOnce(Format) -> Result<Vec<u8>, Failure>) -> Result<(), Failure> {
    let path = Path::new(file);
    let format = Format::of(path).ok_or_else(|| {
        Failure::invalid(format!("cannot write a chart to `{file}`: its name must end in `.svg` or `.png`"))
    })?;
    let bytes = bytes(format)?;
    // Only a new file: a mistyped name must not cost anyone a file.
    let written =
        OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut created| created.write_all(&bytes));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Failure::invalid(format!("cannot write `{file}`: it exists already")).hint("choose another name")
        }
        _ => Failure::new(FailureKind::Unavailable, format!("cannot write `{file}`: {error}")),
    })
}

/// Horizontal bars, the first row on top, each with its figure behind its name.
fn bars(points: &[Point], title: &str, figure: TickFormat) -> Option<(Vec<Plot>, Layout)> {
    let known: Vec<(String, f64)> = points
        .iter()
        .take(MOST_BARS)
        .filter_map(|point| Some((plain(&format!("{}   {}", point.label, point.shown)), point.value?)))
        .rev()
        .collect();
    if known.is_empty() {
        return None;
    }
    #[allow(clippy::cast_precision_loss)] // at most MOST_BARS
    let height = BAR_HEIGHT.mul_add(known.len() as f64, 120.0);
    let plots: Vec<Plot> = vec![BarPlot::new().with_bars(known).with_color(COLOURS[0]).with_horizontal(true).into()];
    let layout = Layout::auto_from_plots(&plots)
        .with_title(plain(title))
        .with_width(WIDTH)
        .with_height(height)
        .with_x_tick_format(figure);
    Some((plots, layout))
}

/// A line for each series over their common moments; a missing value is a gap.
fn lines(series: Vec<(String, Vec<Point>)>, title: &str, unit: Unit) -> Option<(Vec<Plot>, Layout)> {
    let mut moments: Vec<String> =
        series.iter().flat_map(|(_, points)| points.iter().map(|point| point.label.clone())).collect();
    moments.sort();
    moments.dedup();
    #[allow(clippy::cast_precision_loss)] // as many as rows that a person can look at
    let place = |label: &str| moments.binary_search_by(|known| known.as_str().cmp(label)).unwrap_or(0) as f64;
    let several = series.len() > 1;
    let mut plots: Vec<Plot> = Vec::new();
    for ((name, points), colour) in series.into_iter().zip(COLOURS) {
        // Each run of known values is a line of its own; the legend names the first.
        let mut named = !several;
        for run in points.split(|point| point.value.is_none()).filter(|run| !run.is_empty()) {
            let known: Vec<(f64, f64)> =
                run.iter().filter_map(|point| Some((place(&point.label), point.value?))).collect();
            let mut line = LinePlot::new().with_data(known).with_color(colour).with_stroke_width(2.0);
            if !std::mem::replace(&mut named, true) {
                line = line.with_legend(plain(&name));
            }
            plots.push(line.into());
        }
    }
    if plots.is_empty() {
        return None;
    }
    let shown = moments.clone();
    let step = moments.len().div_ceil(MOST_LABELS).max(1);
    let label = move |value: f64| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // ticks of the axis that was made above
        let place = value.round().max(0.0) as usize;
        if (value - value.round()).abs() > 1e-6 { String::new() } else { shown.get(place).cloned().unwrap_or_default() }
    };
    #[allow(clippy::cast_precision_loss)]
    let step = step as f64;
    let layout = Layout::auto_from_plots(&plots)
        .with_title(plain(title))
        .with_width(WIDTH)
        .with_height(HEIGHT)
        .with_x_tick_step(step)
        .with_x_tick_rotate(-45.0)
        .with_x_tick_format(TickFormat::Custom(Arc::new(label)))
        .with_y_tick_format(TickFormat::Custom(Arc::new(move |value| axis_figure(value, unit))));
    Some((plots, layout))
}

/// Text in which nothing is taken for a formula.
fn plain(text: &str) -> String {
    text.replace('\\', "/").replace('$', "\\$")
}
