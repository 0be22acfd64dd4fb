//! What `oms watch` draws: from the last look to the cells of the screen, and nothing else.

use oms_tools::pipeline::{HealthReport, Part, PartHealth, Verdict};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph, Sparkline, Wrap};

/// Looks whose lag is drawn.
const KEPT: usize = 300;
/// A screen with fewer rows shows no more than the parts.
const LOW: u16 = 14;
/// Columns of a wrapped row that its words may leave free.
const SLACK: usize = 12;

/// What is drawn.
#[derive(Debug, Default)]
pub(super) struct State {
    /// The last look.
    report: Option<HealthReport>,
    /// Whether the next look is under way.
    pub(super) looking: bool,
    /// Events that waited at each look, oldest first.
    lag: Vec<u64>,
    colour: bool,
}

impl State {
    pub(super) fn new(colour: bool) -> Self {
        Self { colour, ..Self::default() }
    }

    /// Takes the next look.
    pub(super) fn saw(&mut self, report: HealthReport) {
        self.looking = false;
        let processor = report.parts.iter().find(|part| part.part == Part::Processor);
        let behind = processor.and_then(|part| part.evidence.get("behind_events")).and_then(serde_json::Value::as_u64);
        // An unknown lag is not drawn as none.
        self.lag.extend(behind);
        let surplus = self.lag.len().saturating_sub(KEPT);
        self.lag.drain(..surplus);
        self.report = Some(report);
    }

    fn style(&self, verdict: Verdict) -> Style {
        let style = Style::new().add_modifier(Modifier::BOLD);
        if !self.colour {
            return style;
        }
        style.fg(match verdict {
            Verdict::Healthy => Color::Green,
            Verdict::Unknown => Color::Magenta,
            Verdict::Degraded => Color::Yellow,
            Verdict::Down => Color::Red,
        })
    }
}

/// Draws a state.
pub(super) fn draw(frame: &mut Frame<'_>, state: &State) {
    let low = frame.area().height < LOW;
    let [head, parts, lag, foot] = Layout::vertical([
        Constraint::Length(if low { 1 } else { 2 }),
        Constraint::Min(1),
        Constraint::Length(if low || state.lag.is_empty() { 0 } else { 4 }),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    frame.render_widget(Paragraph::new(headline(state)), head);
    let whole = lines(state);
    // Words are not cut when lines are wrapped, so a row holds less than its width.
    let width = usize::from(parts.width).saturating_sub(SLACK).max(1);
    let rows: usize = whole.iter().map(|line| line.width().div_ceil(width).max(1)).sum();
    let shown = if rows <= usize::from(parts.height) {
        Paragraph::new(whole).wrap(Wrap { trim: false })
    } else {
        Paragraph::new(brief(state, usize::from(parts.height)))
    };
    frame.render_widget(shown, parts);
    draw_lag(frame, state, lag);
    frame.render_widget(Paragraph::new("q quits, r looks again"), foot);
}

fn headline(state: &State) -> Line<'static> {
    let Some(report) = &state.report else { return Line::from("looking at the pipeline") };
    let looked = format!(
        "  looked at {} UTC, in {:.0} ms{}",
        report.checked_at.format("%Y-%m-%d %H:%M:%S"),
        report.elapsed_ms,
        if state.looking { ", looking again" } else { "" }
    );
    Line::from(vec![
        Span::from("the pipeline is "),
        Span::styled(report.verdict.word(), state.style(report.verdict)),
        Span::from(looked),
    ])
}

fn lines(state: &State) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for part in state.report.iter().flat_map(|report| &report.parts) {
        lines.push(Line::from(vec![
            Span::styled(format!("{:9} ", part.verdict.word()), state.style(part.verdict)),
            Span::from(format!("{:10} {}", part.part.word(), clean(&part.said))),
        ]));
        for hint in &part.hints {
            lines.push(Line::from(format!("{:21}hint: {}", "", clean(hint))));
        }
    }
    lines
}

/// One row a part, the worst first, where there is no room for all: what does not fit is counted.
fn brief(state: &State, rows: usize) -> Vec<Line<'static>> {
    let mut parts: Vec<_> = state.report.iter().flat_map(|report| &report.parts).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.verdict));
    let fits = if parts.len() <= rows { rows } else { rows.saturating_sub(1) };
    let more = parts.len().saturating_sub(fits);
    let row = |part: &&PartHealth| {
        Line::from(vec![
            Span::styled(format!("{:9} ", part.verdict.word()), state.style(part.verdict)),
            Span::from(format!("{:10} {}", part.part.word(), clean(&part.said))),
        ])
    };
    let mut lines: Vec<Line<'static>> = parts.iter().take(fits).map(row).collect();
    if more > 0 {
        lines.push(Line::from(format!("and {more} more: oms health")));
    }
    lines
}

/// Text from elsewhere without what a terminal would obey.
fn clean(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

fn draw_lag(frame: &mut Frame<'_>, state: &State, area: Rect) {
    let Some(newest) = state.lag.last() else { return };
    let width = usize::from(area.width);
    let shown = &state.lag[state.lag.len().saturating_sub(width)..];
    let most = shown.iter().max().copied().unwrap_or_default();
    let title = format!("events behind: {newest} now, {most} at most");
    let line = Sparkline::default().block(Block::new().title(title)).data(shown.iter().copied()).max(most.max(1));
    frame.render_widget(line, area);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use serde_json::json;

    use super::*;

    fn report(behind: u64) -> HealthReport {
        serde_json::from_value(json!({
            "verdict": "degraded",
            "checked_at": "2026-01-14T12:00:00",
            "elapsed_ms": 123.4,
            "parts": [
                {"part": "web", "verdict": "healthy", "said": "3 of 3 servers answer", "hints": [], "evidence": {}},
                {"part": "processor", "verdict": "degraded", "said": "120 events \u{1b}[31mbehind", "hints": ["see its log"],
                 "evidence": {"behind_events": behind}},
                {"part": "disk", "verdict": "unknown", "said": "no disk is named", "hints": [], "evidence": {}},
            ],
        }))
        .unwrap()
    }

    fn drawn(state: &State, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, state)).unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn the_screen_before_the_first_look_and_after() {
        let mut state = State::new(true);
        assert!(drawn(&state, 60, 12).contains("looking at the pipeline"));
        state.looking = true;
        state.saw(report(0));
        state.saw(report(120));
        assert!(!state.looking);
        insta::assert_snapshot!(drawn(&state, 72, 14));
    }

    #[test]
    fn a_small_screen_has_a_row_for_each_part_the_worst_first_and_counts_the_rest() {
        let mut state = State::new(false);
        state.saw(report(120));
        let small = drawn(&state, 40, 6);
        let place = |text: &str| small.find(text).unwrap_or_else(|| panic!("no {text} in:\n{small}"));
        assert!(place("degraded  processor") < place("unknown   disk"), "{small}");
        assert!(place("unknown   disk") < place("healthy   web"), "{small}");
        assert!(!small.contains("hint:") && !small.contains("events behind:"), "{small}");
        let smaller = drawn(&state, 40, 4);
        assert!(smaller.contains("and 2 more: oms health") && smaller.contains("degraded  processor"), "{smaller}");
        assert!(drawn(&state, 200, 60).contains("hint: see its log"));
    }

    #[test]
    fn no_size_of_a_terminal_breaks_it_and_no_text_is_obeyed() {
        let mut state = State::new(false);
        for behind in 0..400 {
            state.saw(report(behind));
        }
        assert_eq!(state.lag.len(), KEPT);
        for (width, height) in [(1, 1), (2, 3), (20, 4), (300, 100)] {
            assert!(!drawn(&state, width, height).contains('\u{1b}'));
        }
    }
}
