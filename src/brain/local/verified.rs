//! Queries that a person verified: the question that was asked back, and the reading that they picked. The embedded model is
//! told the ones that are most like a question, so that what was cleared up once need not be asked again in other words.

use std::fs;
use std::path::{Path, PathBuf};

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Direction, FilterOp};
use serde::{Deserialize, Serialize};

use super::prompt::Example;
use crate::database::{private_folder, write_private};

/// Queries that are kept; older ones are forgotten.
const KEPT: usize = 200;
/// Characters of a question that is kept.
const LONGEST: usize = 200;

/// One verified query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Verified {
    /// What was asked.
    pub(crate) question: String,
    /// What was meant.
    pub(crate) query: SemanticQuery,
}

/// The file of verified queries in this folder.
fn file(folder: &Path) -> PathBuf {
    folder.join("verified.jsonl")
}

/// The verified queries, oldest first; a broken line is passed over.
pub(super) fn read(folder: &Path) -> Vec<Verified> {
    let text = fs::read_to_string(file(folder)).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Keeps one. What cannot be kept costs nothing but the example.
pub(crate) fn keep(folder: &Path, question: &str, query: &SemanticQuery) {
    let one = Verified { question: question.chars().take(LONGEST).collect(), query: query.clone() };
    if one.example().is_none() {
        return;
    }
    let mut all = read(folder);
    all.retain(|other| other.question != one.question);
    all.push(one);
    let surplus = all.len().saturating_sub(KEPT);
    let lines: Vec<String> = all[surplus..].iter().filter_map(|one| serde_json::to_string(one).ok()).collect();
    let written =
        private_folder(folder).and_then(|()| write_private(&file(folder), (lines.join("\n") + "\n").as_bytes()));
    if let Err(failure) = written {
        tracing::debug!(%failure, "a verified query is not kept");
    }
}

impl Verified {
    /// In the model's own form; `None` where its lines cannot say it.
    pub(super) fn example(&self) -> Option<Example> {
        let SemanticQuery { measures, dimensions, filters, time: _, ranking, .. } = &self.query;
        let rest = SemanticQuery {
            measures: Vec::new(),
            dimensions: Vec::new(),
            filters: Vec::new(),
            time: None,
            ranking: None,
            ..self.query.clone()
        };
        if measures.is_empty() || rest != SemanticQuery::default() {
            return None;
        }
        let mut lines = vec!["kind: figures".to_owned(), format!("figures: {}", measures.join(", "))];
        lines.push(format!("by: {}", if dimensions.is_empty() { "nothing".to_owned() } else { dimensions.join(", ") }));
        for filter in filters {
            let keeps = match filter.op {
                FilterOp::In => "only",
                FilterOp::NotIn => "without",
                _ => return None,
            };
            lines.extend(filter.values.iter().map(|value| format!("{value}: {keeps} {}", filter.dimension)));
        }
        lines.push(match ranking {
            None => "order: none".to_owned(),
            Some(ranking) if ranking.per.is_none() && ranking.skip == 0 => {
                let direction = if ranking.direction == Direction::Top { "highest" } else { "lowest" };
                let limit = ranking.limit.map_or_else(|| "all".to_owned(), |limit| limit.to_string());
                format!("order: {direction} {limit}")
            }
            Some(_) => return None,
        });
        let question = self.question.chars().filter(|letter| !letter.is_control()).collect();
        Some(Example { question, answer: lines.join("\n") })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use serde_json::json;

    use super::*;

    fn verified(query: serde_json::Value) -> Verified {
        Verified { question: "what sells\nbest".to_owned(), query: serde_json::from_value(query).unwrap() }
    }

    #[test]
    fn a_query_in_the_models_own_lines() {
        let query = json!({"measures": ["revenue"], "dimensions": ["product"],
            "filters": [{"dimension": "ship_country", "op": "not_in", "values": ["ES"]}],
            "time": {"label": "last month"},
            "ranking": {"by": "revenue", "direction": "top", "limit": 3}});
        let example = verified(query).example().unwrap();
        assert_eq!(example.question, "what sellsbest");
        assert_eq!(
            example.answer,
            "kind: figures\nfigures: revenue\nby: product\nES: without ship_country\norder: highest 3"
        );
        let folder = tempfile::tempdir().unwrap();
        let one = verified(json!({"measures": ["revenue"]}));
        for question in ["first", "second", "first"] {
            keep(folder.path(), question, &one.query);
        }
        keep(folder.path(), "cannot be said", &verified(json!({"measures": ["revenue"], "running_total": true})).query);
        let kept: Vec<String> = read(folder.path()).into_iter().map(|one| one.question).collect();
        assert_eq!(kept, ["second", "first"]);
        for more in [
            json!({"measures": ["revenue"], "running_total": true}),
            json!({"order_number": "ORD-0000042"}),
            json!({"measures": ["revenue"], "filters": [{"dimension": "price", "op": "above", "values": ["5"]}]}),
        ] {
            assert!(verified(more).example().is_none());
        }
    }
}
