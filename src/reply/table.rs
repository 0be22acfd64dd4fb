//! A result as a table that fits the terminal, or as tab-separated lines where there is none.
//!
//! Text gives way when space is short; a figure is never cut, because half a figure is a wrong one.

use std::fmt::Write;

use oms_tools::{ColumnType, Role, Table};

use super::shape;
use super::surface::Surface;
use super::vocabulary::Vocabulary;
use super::{chart, clean};

/// Between two columns.
const GAP: usize = 2;
/// A text column is not made narrower than this; the rows are written as records instead.
const NARROWEST: usize = 8;

/// How many of the rows are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// As many as the surface shows unasked.
    Screen,
    /// All of them.
    All,
}

/// One column, ready to be drawn.
struct Strip {
    title: String,
    cells: Vec<String>,
    figures: bool,
    width: usize,
}

impl Strip {
    fn widest_cell(&self) -> usize {
        self.cells.iter().map(|cell| clean::width(cell)).max().unwrap_or(0)
    }

    fn pad(&self, text: &str, last: bool) -> String {
        let space = " ".repeat(self.width.saturating_sub(clean::width(text)));
        match (self.figures, last) {
            (true, _) => space + text,
            (false, true) => text.to_owned(),
            (false, false) => text.to_owned() + &space,
        }
    }
}

/// The table as lines without a line break at the end; empty for a table without columns.
pub fn render(table: &Table, vocabulary: &Vocabulary, surface: &Surface, rows: Rows) -> String {
    if table.columns.is_empty() || table.rows.is_empty() {
        return String::new();
    }
    if !surface.terminal {
        return tab_separated(table, vocabulary);
    }
    let shown = if rows == Rows::All { table.rows.len() } else { surface.rows.min(table.rows.len()) };
    let mut strips = strips(table, vocabulary, shown);
    let mut text =
        if fit(&mut strips, surface.width) { grid(&strips, shown, surface) } else { records(&strips, shown, surface) };
    if shown < table.rows.len() {
        let more = super::figures::group(&(table.rows.len() - shown).to_string());
        let line = format!("{} and {more} more rows; /csv FILE for all", surface.ellipsis());
        let _ = write!(text, "\n{}", surface.faint(&clean::wrap(&line, surface.width)));
    }
    text
}

fn strips(table: &Table, vocabulary: &Vocabulary, shown: usize) -> Vec<Strip> {
    table
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let cells: Vec<String> =
                table.rows.iter().take(shown).map(|row| shape::cell(table, row, index, vocabulary)).collect();
            let figures = column.role == Role::Measure
                || matches!(column.kind, ColumnType::Integer | ColumnType::Decimal | ColumnType::Number);
            let mut strip = Strip { title: vocabulary.title(&column.name), cells, figures, width: 0 };
            strip.width = strip.widest_cell().max(clean::width(&strip.title));
            strip
        })
        .collect()
}

/// Narrows the columns until they fit; false where they cannot without cutting a figure.
fn fit(strips: &mut [Strip], width: usize) -> bool {
    let least: Vec<usize> = strips
        .iter()
        .map(|strip| {
            let cells = strip.widest_cell();
            let readable = strip.width.min(NARROWEST);
            if strip.figures { cells.max(readable) } else { readable }
        })
        .collect();
    let gaps = GAP * strips.len().saturating_sub(1);
    loop {
        let used = strips.iter().map(|strip| strip.width).sum::<usize>() + gaps;
        let Some(over) = used.checked_sub(width).filter(|over| *over > 0) else { return true };
        // The widest column that can still give way does so, down to the next widest at most.
        let Some(widest) = (0..strips.len())
            .filter(|index| strips[*index].width > least[*index])
            .max_by_key(|index| strips[*index].width)
        else {
            return false;
        };
        let rival = (0..strips.len())
            .filter(|index| *index != widest && strips[*index].width > least[*index])
            .map(|index| strips[index].width)
            .max()
            .unwrap_or(0);
        let room = strips[widest].width - least[widest];
        let step = (strips[widest].width.saturating_sub(rival)).max(1).min(over).min(room);
        strips[widest].width -= step;
    }
}

fn grid(strips: &[Strip], shown: usize, surface: &Surface) -> String {
    let gap = " ".repeat(GAP);
    let last = strips.len().saturating_sub(1);
    let line = |pick: &dyn Fn(&Strip) -> String| {
        let fields: Vec<String> = strips
            .iter()
            .enumerate()
            .map(|(index, strip)| strip.pad(&clean::fit(&pick(strip), strip.width, surface.ellipsis()), index == last))
            .collect();
        fields.join(&gap)
    };
    let dash = if surface.unicode { "─" } else { "-" };
    let mut text = surface.strong(&line(&|strip| strip.title.clone()));
    let _ = write!(text, "\n{}", surface.faint(&line(&|strip| dash.repeat(strip.width))));
    for row in 0..shown {
        let _ = write!(text, "\n{}", line(&|strip| strip.cells.get(row).cloned().unwrap_or_default()));
    }
    text
}

/// One line for each value: for results with more columns than the terminal has room for.
fn records(strips: &[Strip], shown: usize, surface: &Surface) -> String {
    let titles = strips.iter().map(|strip| clean::width(&strip.title)).max().unwrap_or(0).min(surface.width / 3);
    let room = surface.width.saturating_sub(titles + GAP).max(1);
    let mut blocks = Vec::new();
    for row in 0..shown {
        let mut lines = Vec::new();
        for strip in strips {
            let title = clean::fit(&strip.title, titles, surface.ellipsis());
            let space = " ".repeat((titles + GAP).saturating_sub(clean::width(&title)));
            let cell = strip.cells.get(row).map_or("", String::as_str);
            let shown =
                if strip.figures { clean::wrap(cell, room) } else { clean::fit(cell, room, surface.ellipsis()) };
            let indent = format!("\n{}", " ".repeat(titles + GAP));
            lines.push(format!("{}{space}{}", surface.faint(&title), shown.replace('\n', &indent)));
        }
        blocks.push(lines.join("\n"));
    }
    blocks.join(&format!("\n{}\n", surface.faint(&chart::rule(surface, surface.width.min(40)))))
}

fn tab_separated(table: &Table, vocabulary: &Vocabulary) -> String {
    let titles: Vec<String> = table.columns.iter().map(|column| clean::one_line(&column.name)).collect();
    let mut lines = vec![titles.join("\t")];
    for row in &table.rows {
        let cells: Vec<String> =
            (0..table.columns.len()).map(|index| shape::cell(table, row, index, vocabulary)).collect();
        lines.push(cells.join("\t"));
    }
    lines.join("\n")
}
