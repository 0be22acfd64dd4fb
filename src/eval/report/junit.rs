//! The report as `JUnit` XML, for continuous integration: one suite each, one test case for each wording.

use std::fmt::Write;

use super::{EvalReport, QuestionResult};
use crate::eval::verdict::Verdict;

/// The report as an XML document.
pub fn render(report: &EvalReport) -> String {
    let mut suites: Vec<(&str, Vec<&QuestionResult>)> = Vec::new();
    for question in &report.questions {
        match suites.iter_mut().find(|(name, _)| *name == question.suite) {
            Some((_, questions)) => questions.push(question),
            None => suites.push((&question.suite, vec![question])),
        }
    }
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (name, questions) in suites {
        suite(&mut xml, name, &questions);
    }
    xml.push_str("</testsuites>\n");
    xml
}

// Writing to a String cannot fail: the results of `writeln!` are dropped with `.ok()`.

fn suite(xml: &mut String, name: &str, questions: &[&QuestionResult]) {
    let count = |matches: fn(Verdict) -> bool| questions.iter().filter(|one| matches(one.verdict)).count();
    let broken = |verdict| matches!(verdict, Verdict::Error | Verdict::GoldBroken);
    let errors = count(broken);
    let failures = count(|verdict| verdict != Verdict::Right) - errors;
    let seconds: f64 = questions.iter().map(|question| question.elapsed_ms).sum::<f64>() / 1000.0;
    writeln!(
        xml,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{seconds:.3}\">",
        escape(name),
        questions.len()
    )
    .ok();
    for question in questions {
        case(xml, question, broken(question.verdict));
    }
    xml.push_str("  </testsuite>\n");
}

fn case(xml: &mut String, question: &QuestionResult, broken: bool) {
    let name = match question.variant {
        0 => question.id.clone(),
        variant => format!("{}#{variant}", question.id),
    };
    write!(
        xml,
        "    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3}\"",
        escape(&question.suite),
        escape(&name),
        question.elapsed_ms / 1000.0
    )
    .ok();
    if question.verdict == Verdict::Right {
        xml.push_str("/>\n");
        return;
    }
    let element = if broken { "error" } else { "failure" };
    // What the counted third asks stays out of what people read while they tune.
    let (message, body) = if question.counted {
        (question.verdict.word().to_owned(), String::new())
    } else {
        let sql = question.sql.as_deref().unwrap_or("none");
        (question.why.clone(), format!("{}\n{}\nsql: {sql}", question.question, question.answer))
    };
    writeln!(
        xml,
        ">\n      <{element} type=\"{}\" message=\"{}\">{}</{element}>\n    </testcase>",
        question.verdict.word(),
        escape(&message),
        escape(&body)
    )
    .ok();
}

/// Text for XML; characters that XML 1.0 cannot hold become U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            other if other.is_control() || matches!(other, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}
