//! What a reply is drawn on, and the few colours that it may use there.

/// A terminal, or something that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surface {
    /// Columns; lines are never wider than this on a terminal.
    pub width: usize,
    /// False for a pipe or a file: tables are tab-separated and whole, and no chart is drawn unasked.
    pub terminal: bool,
    /// ANSI colours; only on a terminal and without `NO_COLOR`.
    pub colour: bool,
    /// Block and braille characters; ASCII otherwise.
    pub unicode: bool,
    /// Rows of a table that are shown unasked.
    pub rows: usize,
}

/// Rows of a table that are shown before `/table` or `/csv` is needed.
pub const ROWS_ON_SCREEN: usize = 40;

impl Surface {
    /// A terminal of this width.
    pub fn terminal(width: usize, colour: bool) -> Self {
        // Below 20 columns nothing can be read; such a terminal wraps.
        Self { width: width.max(20), terminal: true, colour, unicode: true, rows: ROWS_ON_SCREEN }
    }

    /// A pipe or a file.
    pub fn plain() -> Self {
        Self { width: 80, terminal: false, colour: false, unicode: false, rows: usize::MAX }
    }

    /// The mark of a text that was cut.
    pub fn ellipsis(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }

    /// Text that stands out: headings.
    pub fn strong(&self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Text that stands back: notes, rules, hints.
    pub fn faint(&self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Bars and lines of charts.
    pub fn accent(&self, text: &str) -> String {
        self.paint("36", text)
    }

    /// Errors and refusals.
    pub fn alarm(&self, text: &str) -> String {
        self.paint("31", text)
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
