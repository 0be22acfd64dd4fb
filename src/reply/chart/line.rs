//! A series as a connected line: braille dots, or stars where only ASCII is there.

use oms_tools::Unit;

use super::{Point, axis_figure, steps};
use crate::reply::clean;
use crate::reply::surface::Surface;

/// Lines of text that the drawing takes.
const HEIGHT: usize = 8;
/// Fewer columns than this say nothing.
const NARROWEST: usize = 8;
/// Columns of text that one point gets at most, so that a short series is not stretched over the whole screen.
const WIDEST_STEP: usize = 6;

/// The line with its axis; `None` where no point has a figure or the surface has no room.
pub(super) fn draw(points: &[Point], unit: Unit, surface: &Surface) -> Option<String> {
    let values: Vec<Option<f64>> = points.iter().map(|point| point.value).collect();
    let (bottom, top) = scale(&values)?;
    let marks = [top, f64::midpoint(top, bottom), bottom].map(|value| axis_figure(value, unit));
    let mark_width = marks.iter().map(|mark| clean::width(mark)).max().unwrap_or(0);
    let width = surface.width.checked_sub(mark_width + 2).filter(|width| *width >= NARROWEST)?;
    let width = width.min((points.len() - 1) * WIDEST_STEP + 1).max(NARROWEST);

    let (across, down) = if surface.unicode { (2, 4) } else { (1, 1) };
    let mut canvas = Canvas::new(width, HEIGHT, across, down);
    let last = points.len() - 1;
    let place = |index: usize, value: f64| {
        #[allow(clippy::cast_precision_loss)] // a series is far shorter than 2^52 points
        let x = steps(index as f64, last as f64, canvas_width(width, across) - 1);
        let y = HEIGHT * down - 1 - steps(value - bottom, top - bottom, HEIGHT * down - 1);
        (x, y)
    };
    let mut before = None;
    for (index, value) in values.iter().enumerate() {
        let here = value.map(|value| place(index, value));
        if let Some(here) = here {
            canvas.connect(before.unwrap_or(here), here);
        }
        before = here;
    }

    let axis = if surface.unicode { "│" } else { "|" };
    let mut lines: Vec<String> = canvas
        .lines(surface)
        .enumerate()
        .map(|(row, drawn)| {
            let mark = match row {
                0 => marks[0].as_str(),
                row if row == HEIGHT / 2 => marks[1].as_str(),
                row if row + 1 == HEIGHT => marks[2].as_str(),
                _ => "",
            };
            let indent = " ".repeat(mark_width - clean::width(mark));
            format!("{indent}{mark} {}{}", surface.faint(axis), surface.accent(drawn.trim_end()))
        })
        .collect();
    lines.push(time_axis(points, mark_width + 2, surface.width));
    Some(lines.join("\n"))
}

/// The lowest and highest value of the drawing. Zero is inside unless the values hardly differ, where it would flatten
/// them; the marks say which.
fn scale(values: &[Option<f64>]) -> Option<(f64, f64)> {
    let known = || values.iter().flatten().copied();
    let lowest = known().reduce(f64::min)?;
    let highest = known().reduce(f64::max)?;
    let spread = highest - lowest;
    if lowest > 0.0 && spread > 0.0 && spread < highest * 0.2 {
        return Some((lowest, highest));
    }
    let (bottom, top) = (lowest.min(0.0), highest.max(0.0));
    Some(if bottom < top { (bottom, top) } else { (0.0, 1.0) })
}

fn canvas_width(width: usize, across: usize) -> usize {
    width * across
}

/// The first and the last name under the line.
fn time_axis(points: &[Point], indent: usize, width: usize) -> String {
    let first = points.first().map_or("", |point| point.label.as_str());
    let last = points.last().map_or("", |point| point.label.as_str());
    let names = format!("{first} to {last}");
    let room = width.saturating_sub(indent);
    if clean::width(&names) <= room { format!("{}{names}", " ".repeat(indent)) } else { clean::fit(&names, width, "") }
}

/// Dots, `across` by `down` of them in each character.
struct Canvas {
    width: usize,
    height: usize,
    across: usize,
    down: usize,
    dots: Vec<bool>,
}

impl Canvas {
    fn new(width: usize, height: usize, across: usize, down: usize) -> Self {
        Self { width, height, across, down, dots: vec![false; width * across * height * down] }
    }

    fn set(&mut self, x: usize, y: usize) {
        let index = y * self.width * self.across + x;
        if let Some(dot) = self.dots.get_mut(index) {
            *dot = true;
        }
    }

    fn is_set(&self, x: usize, y: usize) -> bool {
        self.dots.get(y * self.width * self.across + x).copied().unwrap_or(false)
    }

    /// Sets every dot between two places, both included.
    fn connect(&mut self, from: (usize, usize), to: (usize, usize)) {
        let length = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1));
        for step in 0..=length {
            self.set(between(from.0, to.0, step, length), between(from.1, to.1, step, length));
        }
    }

    fn lines<'a>(&'a self, surface: &'a Surface) -> impl Iterator<Item = String> + 'a {
        (0..self.height).map(move |row| {
            (0..self.width)
                .map(|column| if surface.unicode { self.braille(column, row) } else { self.star(column, row) })
                .collect()
        })
    }

    fn star(&self, column: usize, row: usize) -> char {
        if self.is_set(column, row) { '*' } else { ' ' }
    }

    fn braille(&self, column: usize, row: usize) -> char {
        // The bits of U+2800's dots, by row and then by column.
        const BITS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let mut code = 0x2800;
        for (y, bits) in BITS.iter().enumerate() {
            for (x, bit) in bits.iter().enumerate() {
                if self.is_set(column * self.across + x, row * self.down + y) {
                    code |= bit;
                }
            }
        }
        if code == 0x2800 { ' ' } else { char::from_u32(code).unwrap_or(' ') }
    }
}

/// The `step`th of `length` steps from one number to another, rounded.
fn between(from: usize, to: usize, step: usize, length: usize) -> usize {
    if length == 0 {
        return from;
    }
    let distance = (from.abs_diff(to) * step * 2 + length) / (length * 2);
    if to >= from { from + distance } else { from - distance }
}
