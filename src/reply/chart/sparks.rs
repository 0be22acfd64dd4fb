//! Several series, one small line each, on one common scale.

use std::fmt::Write;

use super::{Point, steps};
use crate::reply::clean;
use crate::reply::surface::Surface;

/// Series that are drawn at most; the table has the rest.
const MOST_SERIES: usize = 20;
/// From the lowest to the highest.
pub(super) const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
pub(super) const ASCII_LEVELS: [char; 8] = ['_', '.', ':', '-', '=', '+', '*', '#'];
/// Stands for a moment at which a series has no row.
pub(super) const GAP: char = ' ';

/// One line for each series: its name, its course, its latest figure. `None` where there is no room or no figure.
pub(super) fn draw(rows: impl Iterator<Item = (String, Point)>, surface: &Surface) -> Option<String> {
    let mut moments: Vec<String> = Vec::new();
    let mut series: Vec<(String, Vec<Point>)> = Vec::new();
    for (name, point) in rows {
        moments.push(point.label.clone());
        match series.iter_mut().find(|(known, _)| *known == name) {
            Some((_, points)) => points.push(point),
            None => series.push((name, vec![point])),
        }
    }
    moments.sort();
    moments.dedup();
    if moments.len() < 2 {
        return None;
    }
    let values = || series.iter().flat_map(|(_, points)| points).filter_map(|point| point.value);
    let top = values().reduce(f64::max)?.max(0.0);
    let bottom = values().reduce(f64::min)?.min(0.0);

    let shown = &series[..series.len().min(MOST_SERIES)];
    let label_room = (surface.width / 3).max(6);
    let latest = |points: &[Point]| {
        points.iter().max_by(|a, b| a.label.cmp(&b.label)).map_or_else(String::new, |p| p.shown.clone())
    };
    let figure_width = shown.iter().map(|(_, points)| clean::width(&latest(points))).max().unwrap_or(0);
    let names: Vec<String> = shown.iter().map(|(name, _)| clean::fit(name, label_room, surface.ellipsis())).collect();
    let name_width = names.iter().map(|name| clean::width(name)).max().unwrap_or(0);
    let room = surface.width.checked_sub(name_width + figure_width + 4).filter(|room| *room >= 2)?;
    // The latest moments are kept where not all fit; the last line names the first one that is shown.
    let from = moments.len().saturating_sub(room);
    let kept = &moments[from..];

    let levels = if surface.unicode { LEVELS } else { ASCII_LEVELS };
    let mut lines = Vec::new();
    for ((_, points), name) in shown.iter().zip(&names) {
        let course: String = kept
            .iter()
            .map(|moment| {
                let value = points.iter().find(|point| point.label == *moment).and_then(|point| point.value);
                value.map_or(GAP, |value| levels[steps(value - bottom, top - bottom, levels.len() - 1)])
            })
            .collect();
        let pad = " ".repeat(name_width - clean::width(name));
        let figure = latest(points);
        let indent = " ".repeat(figure_width - clean::width(&figure));
        lines.push(format!("{name}{pad}  {}  {indent}{figure}", surface.accent(&course)));
    }
    let first = kept.first().map_or("", String::as_str);
    let last = kept.last().map_or("", String::as_str);
    let mut legend = format!("{first} to {last}; figures: the latest of each");
    if series.len() > shown.len() {
        let _ = write!(legend, "; {} more in the table", series.len() - shown.len());
    }
    lines.push(surface.faint(&clean::wrap(&legend, surface.width)));
    Some(lines.join("\n"))
}
