//! What came of a run: counted once here, shown by one file for each form.

pub mod json;
pub mod junit;
pub mod plain;

use std::collections::BTreeMap;
use std::path::Path;

use oms_tools::{Failure, FailureKind};
use serde::Serialize;

use super::split::Split;
use super::statistics::Proportion;
use super::verdict::Verdict;
use crate::reply::Status;

/// One question that was asked, and what came back.
#[derive(Clone, Debug, Serialize)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own, and a key of the report
pub struct QuestionResult {
    /// The suite's name.
    pub suite: String,
    /// The case's id; a turn's is `CONVERSATION/TURN`.
    pub id: String,
    /// The line in the suite's file.
    pub line: u64,
    /// The conversation that it is a turn of.
    pub conversation: Option<String>,
    /// 0: the question itself; 1 and more: its paraphrases.
    pub variant: u32,
    /// The words that were sent.
    pub question: String,
    /// Its kinds.
    pub kinds: Vec<String>,
    /// The measures that it covers.
    pub measures: Vec<String>,
    /// True where an answer was expected.
    pub answerable: bool,
    /// True where a call and words were expected instead of rows.
    pub operation: bool,
    /// What the reply was.
    pub verdict: Verdict,
    /// Why it is not right; empty where it is.
    pub why: String,
    /// The reply's status.
    pub status: Status,
    /// The reply's sentence.
    pub answer: String,
    /// The statement that ran.
    pub sql: Option<String>,
    /// The brain that answered.
    pub brain: String,
    /// How sure a language model was of an answer, 0.0 to 1.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// Milliseconds of the turn.
    pub elapsed_ms: f64,
    /// True for the third that is only counted.
    pub counted: bool,
    /// True where the gold SELECT gave nothing although something was meant: such a case proves little.
    pub empty_gold: bool,
}

/// The figures of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// Right ones of those that ask for rows, paraphrases not counted.
    pub accuracy: Proportion,
    /// Answered wrongly without a word, paraphrases not counted.
    pub silent_wrong: Proportion,
    /// Answered, rightly or not, of those that have an answer.
    pub coverage: Proportion,
    /// Right ones among the paraphrases.
    pub paraphrases: Proportion,
    /// Cases with five paraphrases of which every one, and the question itself, is right.
    pub worst_of_five: Proportion,
    /// Conversations of which every turn is right.
    pub conversations: Proportion,
    /// Gold SELECTs that gave nothing although something was meant.
    pub empty_gold: Proportion,
    /// Right ones of those that ask for an operation: figures of their own, so that they flatter no other.
    pub operations: Proportion,
}

/// A run's outcome.
#[derive(Clone, Debug)]
pub struct EvalReport {
    /// The part that was asked.
    pub split: Split,
    /// The figures.
    pub summary: Summary,
    /// Accuracy by kind, paraphrases included, in the order of the names.
    pub by_kind: BTreeMap<String, Proportion>,
    /// Accuracy by measure, paraphrases included.
    pub by_measure: BTreeMap<String, Proportion>,
    /// How many of each verdict, paraphrases included.
    pub verdicts: BTreeMap<Verdict, u32>,
    /// Every question in the order in which it was asked.
    pub questions: Vec<QuestionResult>,
}

impl EvalReport {
    /// Counts.
    pub fn new(split: Split, questions: Vec<QuestionResult>) -> Self {
        let mut by_kind: BTreeMap<String, Proportion> = BTreeMap::new();
        let mut by_measure: BTreeMap<String, Proportion> = BTreeMap::new();
        let mut verdicts: BTreeMap<Verdict, u32> = BTreeMap::new();
        for question in &questions {
            let right = question.verdict == Verdict::Right;
            *verdicts.entry(question.verdict).or_default() += 1;
            for kind in &question.kinds {
                by_kind.entry(kind.clone()).or_default().count(right);
            }
            for measure in &question.measures {
                by_measure.entry(measure.clone()).or_default().count(right);
            }
        }
        let summary = Summary::of(&questions);
        Self { split, summary, by_kind, by_measure, verdicts, questions }
    }

    /// True where every question is right.
    pub fn all_right(&self) -> bool {
        self.questions.iter().all(|question| question.verdict == Verdict::Right)
    }

    /// The questions that may be shown one by one and are not right. Those of the counted third stay unseen, so that
    /// nobody tunes on them.
    pub fn misses(&self) -> impl Iterator<Item = &QuestionResult> {
        self.questions.iter().filter(|question| question.verdict != Verdict::Right && !question.counted)
    }
}

impl Summary {
    fn of(questions: &[QuestionResult]) -> Self {
        let mut summary = Self::default();
        // By id: how many paraphrases, and whether all wordings are right.
        let mut wordings: BTreeMap<&str, (u32, bool)> = BTreeMap::new();
        let mut conversations: BTreeMap<&str, bool> = BTreeMap::new();
        for question in questions {
            let right = question.verdict == Verdict::Right;
            if let Some(conversation) = &question.conversation {
                *conversations.entry(conversation).or_insert(true) &= right;
            }
            if question.operation {
                summary.operations.count(right);
                continue;
            }
            let (paraphrases, all) = wordings.entry(&question.id).or_insert((0, true));
            *all &= right;
            if question.variant > 0 {
                *paraphrases += 1;
                summary.paraphrases.count(right);
                continue;
            }
            summary.accuracy.count(right);
            summary.silent_wrong.count(question.verdict == Verdict::SilentWrong);
            if question.answerable {
                summary.coverage.count(question.status == Status::Answered);
                summary.empty_gold.count(question.empty_gold);
            }
        }
        for (_, all) in wordings.values().filter(|(paraphrases, _)| *paraphrases >= 5) {
            summary.worst_of_five.count(*all);
        }
        for all in conversations.values() {
            summary.conversations.count(*all);
        }
        summary
    }

    /// The figures with their titles, in the order in which they are told.
    pub fn figures(&self) -> [(&'static str, Proportion); 8] {
        [
            ("accuracy", self.accuracy),
            ("silent-wrong rate", self.silent_wrong),
            ("coverage", self.coverage),
            ("paraphrases right", self.paraphrases),
            ("worst of five paraphrases", self.worst_of_five),
            ("whole conversations", self.conversations),
            ("empty gold", self.empty_gold),
            ("operations", self.operations),
        ]
    }
}

/// Writes `report.txt`, `report.json` and `junit.xml` into a folder, which is created where it is missing.
pub fn write(folder: &Path, report: &EvalReport) -> Result<(), Failure> {
    let failed = |path: &Path, error: &std::io::Error| {
        Failure::new(FailureKind::Unavailable, format!("cannot write `{}`: {error}", path.display()))
            .hint("name a folder that may be written with `--report`")
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let files = [
        ("report.txt", plain::render(report)),
        ("report.json", json::render(report)),
        ("junit.xml", junit::render(report)),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}
