//! The cases: what is said, what the tools answer, and what a model must do then.

use std::collections::BTreeMap;
use std::fmt;

use oms_tools::Failure;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// `evals/conformance/cases.yaml`.
const CASES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/evals/conformance/cases.yaml"));

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The right tool.
    Tool,
    /// The right arguments.
    Arguments,
    /// No tool where none is needed.
    None,
    /// An error is read, and repaired.
    Repair,
    /// It stops.
    Stop,
    /// It does not propose where nobody asked for it.
    Bound,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Tool, Self::Arguments, Self::None, Self::Repair, Self::Stop, Self::Bound];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tool => "tool",
            Self::Arguments => "arguments",
            Self::None => "none",
            Self::Repair => "repair",
            Self::Stop => "stop",
            Self::Bound => "bound",
        })
    }
}

/// One case.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Its name.
    pub id: String,
    /// What it is about.
    pub kind: Kind,
    /// What is said.
    pub say: String,
    /// The first call must be one of these; none: no tool must be called.
    #[serde(default)]
    pub call: Vec<String>,
    /// What the arguments of its last call must hold at least; a list: one of them.
    #[serde(default)]
    pub arguments: Option<Value>,
    /// Tools that must not be called.
    #[serde(default)]
    pub never: Vec<String>,
    /// Calls at most.
    #[serde(default)]
    pub most: Option<usize>,
    /// What tools answer.
    #[serde(default)]
    pub results: Vec<Answered>,
}

/// What a tool answers in a case.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// Which tool.
    pub tool: String,
    /// An error.
    #[serde(default)]
    pub error: Option<String>,
    /// A sentence.
    #[serde(default)]
    pub says: Option<String>,
    /// Rows, the columns' names first.
    #[serde(default)]
    pub rows: Option<Vec<Vec<Value>>>,
}

impl Case {
    /// Whether it can be asked of a model that is offered these tools.
    pub fn can_be_asked(&self, offered: impl Fn(&str) -> bool) -> bool {
        self.call.is_empty() || self.call.iter().any(|tool| offered(tool))
    }

    /// Whether a call's arguments hold what they must.
    pub fn fits(&self, arguments: &Value) -> bool {
        match &self.arguments {
            None => true,
            Some(Value::Array(ways)) => ways.iter().any(|way| holds(arguments, way)),
            Some(way) => holds(arguments, way),
        }
    }
}

/// What the tools of one case answer, in order.
#[derive(Debug, Default)]
pub struct Answers(BTreeMap<String, Vec<Answered>>);

impl Answers {
    /// Those of a case.
    pub fn of(case: &Case) -> Self {
        let mut answers: BTreeMap<String, Vec<Answered>> = BTreeMap::new();
        for answered in case.results.iter().rev() {
            answers.entry(answered.tool.clone()).or_default().push(answered.clone());
        }
        Self(answers)
    }

    /// The answer to this call, or its error; `None` where the case says nothing of the tool.
    pub fn next(&mut self, case: &Case, tool: &str, arguments: &Value) -> Option<Result<String, String>> {
        let waiting = self.0.get_mut(tool)?;
        // What is right already needs no repair.
        while waiting.len() > 1
            && waiting.last().is_some_and(|answered| answered.error.is_some())
            && case.arguments.is_some()
            && case.fits(arguments)
        {
            waiting.pop();
        }
        let answered = if waiting.len() > 1 { waiting.pop() } else { waiting.last().cloned() }?;
        Some(match (answered.error, answered.rows) {
            (Some(error), _) => Err(error),
            (None, Some(rows)) => Ok(table(&rows)),
            (None, None) => Ok(json!({ "answer": answered.says }).to_string()),
        })
    }
}

/// Rows as a model reads them; the columns' names stand first.
pub(crate) fn table(rows: &[Vec<Value>]) -> String {
    let (columns, rows) = rows.split_first().map_or((&[][..], &[][..]), |(first, rows)| (first.as_slice(), rows));
    json!({ "columns": columns, "rows": rows, "rows_in_all": rows.len() }).to_string()
}

/// The cases that come with the program.
///
/// Fails where the file is broken, which a test would tell.
pub fn cases() -> Result<Vec<Case>, Failure> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        cases: Vec<Case>,
    }
    let file: File = serde_saphyr::from_str(CASES).map_err(|error| {
        Failure::new(oms_tools::FailureKind::Internal, format!("cannot read evals/conformance/cases.yaml: {error}"))
    })?;
    Ok(file.cases)
}

/// The hash of the cases: another set is another examination.
pub(super) fn hash() -> String {
    format!("{:x}", Sha256::digest(CASES))
}

/// Whether a value holds another: objects by the wanted fields, lists as bags, text whatever its case, and instants with or
/// without their `Z`.
fn holds(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::Object(value), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| value.get(name).is_some_and(|value| holds(value, wanted)))
        }
        (Value::Array(value), Value::Array(wanted)) => {
            value.len() == wanted.len() && wanted.iter().all(|wanted| value.iter().any(|value| holds(value, wanted)))
        }
        (Value::String(value), Value::String(wanted)) => plain(value) == plain(wanted),
        (Value::Number(value), Value::String(wanted)) => value.to_string() == *wanted,
        (Value::String(value), Value::Number(wanted)) => *value == wanted.to_string(),
        (value, wanted) => value == wanted,
    }
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase().replace(' ', "t").trim_end_matches('z').to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::collections::BTreeSet;

    use chrono::NaiveDate;
    use oms_tools::orders::PersonalColumns;
    use oms_tools::orders::semantic::{SemanticModel, SemanticQuery};

    use super::*;

    #[test]
    fn there_are_enough_of_each_kind_and_what_they_want_can_be() {
        let cases = cases().unwrap();
        assert!(cases.len() >= 30, "{}", cases.len());
        let ids: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
        assert_eq!(ids.len(), cases.len(), "an id stands twice");
        for kind in Kind::ALL {
            let count = cases.iter().filter(|case| case.kind == kind).count();
            assert!(count >= 5, "{kind}: {count}");
        }
        let model = SemanticModel::load().unwrap();
        let now = NaiveDate::from_ymd_opt(2026, 1, 14).unwrap().and_hms_opt(12, 0, 0).unwrap();
        for case in &cases {
            assert!(case.id.starts_with(&case.kind.to_string()), "{}", case.id);
            assert_eq!(case.kind == Kind::None, case.call.is_empty() && case.results.is_empty(), "{}", case.id);
            assert_eq!(
                case.kind == Kind::Repair,
                case.results.iter().any(|it| it.error.is_some()) && case.most.is_none()
            );
            if case.call == ["query_orders"] && case.arguments.is_some() {
                let mut query: SemanticQuery = serde_json::from_value(case.arguments.clone().unwrap()).unwrap();
                if query.measures.is_empty() {
                    query.measures.push("orders".to_owned());
                }
                model.plan(&query, now, &PersonalColumns::default()).unwrap_or_else(|no| panic!("{}: {no}", case.id));
            }
        }
    }

    #[test]
    fn an_error_is_passed_over_where_the_call_is_right_already_and_the_last_answer_stays() {
        let cases = cases().unwrap();
        let case = cases.iter().find(|case| case.id == "repair-limit").unwrap();
        let wrong = json!({"measures": ["revenue"]});
        let right = json!({"measures": ["revenue"], "limit": 50});
        let mut answers = Answers::of(case);
        assert!(answers.next(case, "query_orders", &wrong).unwrap().is_err());
        assert!(answers.next(case, "query_orders", &wrong).unwrap().is_ok());
        let mut answers = Answers::of(case);
        assert!(answers.next(case, "query_orders", &right).unwrap().unwrap().contains("1204331.10"));
        assert!(answers.next(case, "containers", &right).is_none());
        let case = cases.iter().find(|case| case.id == "stop-unreachable").unwrap();
        let mut answers = Answers::of(case);
        for _ in 0..3 {
            assert!(answers.next(case, "query_orders", &right).unwrap().is_err());
        }
    }

    #[test]
    fn arguments_hold_what_is_wanted() {
        for (value, wanted, expected) in [
            (json!({"a": 1, "b": 2}), json!({"a": 1}), true),
            (json!({"a": 1}), json!({"a": 2}), false),
            (json!({}), json!({"a": 1}), false),
            (json!(["x", "y"]), json!(["y", "x"]), true),
            (json!(["x"]), json!(["x", "y"]), false),
            (json!({"units": 12}), json!({"units": "12"}), true),
            (json!("2024-01-01 00:00:00"), json!("2024-01-01T00:00:00"), true),
            (json!("2024-01-01T00:00:00Z"), json!("2024-01-01T00:00:00"), true),
            (json!("2024-01-02T00:00:00Z"), json!("2024-01-01T00:00:00"), false),
        ] {
            assert_eq!(holds(&value, &wanted), expected, "{value} {wanted}");
        }
    }
}
