//! The report as one JSON object, for machines. Its keys stay; more may join them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{EvalReport, QuestionResult};
use crate::eval::statistics::Proportion;

#[derive(Serialize)]
struct Question<'a> {
    #[serde(flatten)]
    result: &'a QuestionResult,
}

/// The report as JSON on one line.
pub fn render(report: &EvalReport) -> String {
    let mut summary = Map::new();
    for (title, proportion) in report.summary.figures() {
        summary.insert(title.replace([' ', '-'], "_"), figure(proportion));
    }
    let verdicts: Map<String, Value> =
        report.verdicts.iter().map(|(verdict, count)| (verdict.word().to_owned(), json!(count))).collect();
    // What the counted third's questions said stays out: only their verdicts are told.
    let questions: Vec<Value> = report.questions.iter().map(question).collect();
    json!({
        "split": report.split,
        "summary": summary,
        "verdicts": verdicts,
        "by_kind": by_name(&report.by_kind),
        "by_measure": by_name(&report.by_measure),
        "questions": questions,
    })
    .to_string()
}

fn question(result: &QuestionResult) -> Value {
    if result.counted {
        return json!({ "suite": result.suite, "id": result.id, "variant": result.variant, "counted": true,
            "verdict": result.verdict, "elapsed_ms": result.elapsed_ms });
    }
    serde_json::to_value(Question { result }).unwrap_or_default()
}

fn by_name(figures: &BTreeMap<String, Proportion>) -> Map<String, Value> {
    figures.iter().map(|(name, proportion)| (name.clone(), figure(*proportion))).collect()
}

/// Hits, of how many, the fraction and its 95 % interval; null of none.
fn figure(proportion: Proportion) -> Value {
    let (low, high) = proportion.interval().unzip();
    json!({ "hits": proportion.hits, "of": proportion.of, "fraction": proportion.fraction(), "low": low, "high": high })
}
