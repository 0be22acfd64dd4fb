//! A whole reply as people read it: sentence, table, chart, notes; choices when asked back; errors with their hints.

use std::fmt::Write;

use super::surface::Surface;
use super::table::{self, Rows};
use super::vocabulary::Vocabulary;
use super::{Reply, Status, chart, clean};

/// The reply as lines, without a line break at the end.
pub fn render(reply: &Reply, vocabulary: &Vocabulary, surface: &Surface) -> String {
    let mut parts = Vec::new();
    if let Some(error) = &reply.error {
        parts.push(failure(&reply.answer, &error.message, &error.hint, reply.status, surface));
    } else if !reply.answer.is_empty() {
        parts.push(text(&reply.answer, surface));
    }
    if !reply.choices.is_empty() {
        parts.push(choices(&reply.choices, surface));
    }
    if let Some(report) = &reply.report {
        // A single figure stands in the sentence already.
        let single = report.table.rows.len() == 1 && report.table.columns.len() == 1;
        if !single {
            let drawn = table::render(&report.table, vocabulary, surface, Rows::Screen);
            parts.extend(Some(drawn).filter(|drawn| !drawn.is_empty()));
        }
        if surface.terminal && report.query.is_some() {
            parts.extend(chart::draw(report, vocabulary, surface));
        }
        let mut said: Vec<String> = report.notes.clone();
        if report.table.truncated {
            said.push("a limit of rows or bytes cut this result: there is more".to_owned());
        }
        parts.extend(Some(notes(&said, surface)).filter(|notes| !notes.is_empty()));
    }
    if let Some(told) = &reply.told {
        if let Some(rows) = &told.table {
            let drawn = table::render(rows, vocabulary, surface, Rows::Screen);
            parts.extend(Some(drawn).filter(|drawn| !drawn.is_empty()));
        }
        if surface.terminal {
            parts.extend(told.chart.as_ref().and_then(|chart| chart::course::draw(chart, surface)));
        }
        parts.extend(Some(notes(&told.notes, surface)).filter(|notes| !notes.is_empty()));
    }
    parts.join("\n\n")
}

fn notes(notes: &[String], surface: &Surface) -> String {
    let lines: Vec<String> = notes.iter().map(|note| surface.faint(&text(&format!("note: {note}"), surface))).collect();
    lines.join("\n")
}

/// Text of a model, a row or a tool: made safe, and wrapped on a terminal.
pub(crate) fn text(text: &str, surface: &Surface) -> String {
    let safe = clean::paragraphs(text);
    if surface.terminal { clean::wrap(&safe, surface.width) } else { safe }
}

fn failure(answer: &str, message: &str, hint: &str, status: Status, surface: &Surface) -> String {
    // An answer that only repeats the error is not said twice.
    let said = if answer.is_empty() || message.contains(answer) || answer.contains(message) { "" } else { answer };
    let word = if status == Status::Error { "error: " } else { "" };
    let message = if answer.contains(message) && !answer.is_empty() { answer } else { message };
    let mut lines = Vec::new();
    if !said.is_empty() {
        lines.push(text(said, surface));
    }
    lines.push(surface.alarm(&text(&format!("{word}{message}"), surface)));
    for hint in hint.lines().filter(|line| !line.trim().is_empty()) {
        lines.push(surface.faint(&text(&format!("hint: {}", hint.trim_start_matches("hint: ")), surface)));
    }
    lines.join("\n")
}

fn choices(choices: &[String], surface: &Surface) -> String {
    let digits = choices.len().to_string().len();
    let mut shown = String::new();
    for (index, choice) in choices.iter().enumerate() {
        let number = format!("{:>digits$}", index + 1);
        let line = format!("  {number}. {}", clean::one_line(choice));
        let separator = if index == 0 { "" } else { "\n" };
        let _ = write!(shown, "{separator}{}", text(&line, surface));
    }
    shown
}
