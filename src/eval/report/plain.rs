//! The report as text for people: figures with their intervals, then what went wrong. No colours.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::EvalReport;
use crate::eval::statistics::Proportion;
use crate::eval::verdict::Verdict;

/// The report as text, ending with a line break.
pub fn render(report: &EvalReport) -> String {
    let mut text = String::new();
    headline(&mut text, report);
    section(&mut text, "by kind", &report.by_kind);
    section(&mut text, "by measure", &report.by_measure);
    misses(&mut text, report);
    text
}

// Writing to a String cannot fail: the results of `writeln!` are dropped with `.ok()`.

fn headline(text: &mut String, report: &EvalReport) {
    let asked = report.questions.len();
    let verdicts: Vec<String> = report
        .verdicts
        .iter()
        .map(|(verdict, count)| format!("{count} {}", verdict.word().replace('_', " ")))
        .collect();
    writeln!(text, "{asked} questions asked ({}): {}", report.split.word(), verdicts.join(", ")).ok();
    writeln!(text).ok();
    for (title, proportion) in report.summary.figures() {
        if proportion.of > 0 {
            writeln!(text, "{title:<28}{}", figure(proportion)).ok();
        }
    }
}

/// `  91.2 %   (114/125; 95 %: 84.9 to 95.0 %)`.
fn figure(proportion: Proportion) -> String {
    match (proportion.fraction(), proportion.interval()) {
        (Some(fraction), Some((low, high))) => format!(
            "{:>5.1} %   ({}/{}; 95 %: {:.1} to {:.1} %)",
            fraction * 100.0,
            proportion.hits,
            proportion.of,
            low * 100.0,
            high * 100.0
        ),
        _ => "none".to_owned(),
    }
}

fn section(text: &mut String, title: &str, figures: &BTreeMap<String, Proportion>) {
    if figures.is_empty() {
        return;
    }
    writeln!(text, "\n{title}").ok();
    for (name, proportion) in figures {
        writeln!(text, "  {name:<26}{}", figure(*proportion)).ok();
    }
}

fn misses(text: &mut String, report: &EvalReport) {
    let misses: Vec<_> = report.misses().collect();
    if !misses.is_empty() {
        writeln!(text, "\nnot right").ok();
    }
    for question in misses {
        let variant = if question.variant == 0 { String::new() } else { format!(" (paraphrase {})", question.variant) };
        writeln!(text, "  {} {}{variant}: {}", question.verdict.word(), question.id, question.question).ok();
        writeln!(text, "      {}", question.why.replace('\n', " ")).ok();
    }
    let counted = |question: &&super::QuestionResult| question.counted && question.verdict != Verdict::Right;
    let unseen = report.questions.iter().filter(counted).count();
    if unseen > 0 {
        writeln!(text, "\n{unseen} more in the third that is only counted").ok();
    }
    let empty: Vec<&str> = report
        .questions
        .iter()
        .filter(|question| question.empty_gold && question.variant == 0)
        .map(|question| question.id.as_str())
        .collect();
    if !empty.is_empty() {
        writeln!(text, "\nempty gold: {}", empty.join(", ")).ok();
    }
}
