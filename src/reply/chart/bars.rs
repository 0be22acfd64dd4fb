//! Horizontal bars, negative ones to the left of zero.

use super::{Point, steps};
use crate::reply::clean;
use crate::reply::surface::Surface;

/// Bars that are drawn at most; the table has the rest.
const MOST_BARS: usize = 40;
/// A shorter bar area says nothing.
const SHORTEST: usize = 4;
/// Eighths of a block, from one to seven.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// The bars; `None` where no point has a figure or the surface has no room for a bar.
pub(super) fn draw(points: &[Point], surface: &Surface) -> Option<String> {
    let shown = &points[..points.len().min(MOST_BARS)];
    let highest = shown.iter().filter_map(|point| point.value).fold(f64::NEG_INFINITY, f64::max);
    let lowest = shown.iter().filter_map(|point| point.value).fold(f64::INFINITY, f64::min);
    if !highest.is_finite() || !lowest.is_finite() {
        return None;
    }
    let (top, bottom) = (highest.max(0.0), (-lowest).max(0.0));
    let figure_width = shown.iter().map(|point| clean::width(&point.shown)).max().unwrap_or(0);
    let label_room = (surface.width / 3).max(6);
    let labels: Vec<String> =
        shown.iter().map(|point| clean::fit(&point.label, label_room, surface.ellipsis())).collect();
    let label_width = labels.iter().map(|label| clean::width(label)).max().unwrap_or(0);
    let area = surface.width.checked_sub(label_width + figure_width + 4).filter(|area| *area >= SHORTEST)?;
    let left = if bottom > 0.0 { steps(bottom, top + bottom, area).clamp(1, area - 1) } else { 0 };
    let right = area - left;

    let mut lines = Vec::new();
    for (point, label) in shown.iter().zip(&labels) {
        let value = point.value.unwrap_or(0.0);
        let below = if value < 0.0 { bar_left(-value, bottom, left, surface) } else { String::new() };
        let above = if value > 0.0 { bar_right(value, top, right, surface) } else { String::new() };
        let bar = format!(
            "{}{}{}{}",
            " ".repeat(left - clean::width(&below)),
            surface.accent(&below),
            surface.accent(&above),
            " ".repeat(right - clean::width(&above))
        );
        let pad = " ".repeat(label_width - clean::width(label));
        let indent = " ".repeat(figure_width - clean::width(&point.shown));
        lines.push(format!("{label}{pad}  {bar}  {indent}{}", point.shown));
    }
    if points.len() > shown.len() {
        let more = format!("{} and {} more", surface.ellipsis(), points.len() - shown.len());
        lines.push(surface.faint(&clean::fit(&more, surface.width, "")));
    }
    Some(lines.join("\n"))
}

fn bar_right(value: f64, whole: f64, width: usize, surface: &Surface) -> String {
    if !surface.unicode {
        return "#".repeat(steps(value, whole, width).max(usize::from(width > 0)));
    }
    // What is above zero shows at least an eighth: a bar of nothing would read as zero.
    let eighths = steps(value, whole, width * 8).max(1);
    let mut bar = "█".repeat(eighths / 8);
    if let Some(part) = (eighths % 8).checked_sub(1) {
        bar.push(EIGHTHS[part]);
    }
    bar
}

fn bar_left(value: f64, whole: f64, width: usize, surface: &Surface) -> String {
    let full = steps(value, whole, width).max(1).min(width);
    if surface.unicode { "█" } else { "#" }.repeat(full)
}
