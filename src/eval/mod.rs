//! The scripted suites: questions as people ask them, compared by result with gold SQL.
//!
//! Suites are data (`evals/suites/*.yaml`, compiled in). This module knows neither brains nor terminals: it asks through
//! [`Ask`], reads the right rows through [`Gold`], and hands back an [`EvalReport`] and text. It never lets a sentence
//! decide whether an answer is right; only rows and the status do.

pub mod compare;
pub mod coverage;
pub mod expect;
pub mod mutants;
pub mod recording;
pub mod report;
pub mod run;
mod scan;
pub mod split;
pub mod stage;
pub mod statistics;
pub mod suite;
pub mod suites;
#[cfg(test)]
mod tests;
pub mod verdict;

use std::path::PathBuf;

pub use report::{EvalReport, QuestionResult};
pub use run::{Ask, Gold, RunOptions, run};
pub use split::Split;
pub use stage::Stage;
pub use suite::Suite;
pub use verdict::Verdict;

use oms_tools::Failure;

/// What `oms eval` was asked to do.
#[derive(Clone, Debug, Default)]
pub struct EvalOptions {
    /// Names of suites (`measures`) or paths of suite files; none: every suite.
    pub suites: Vec<String>,
    /// One JSON object instead of text.
    pub json: bool,
    /// A folder for `junit.xml`, `report.json` and `report.txt`; it is created where it is missing.
    pub report: Option<PathBuf>,
    /// Which part of the questions is asked.
    pub split: Split,
    /// Asks the paraphrases too.
    pub paraphrases: bool,
    /// Checks the gold SQL against its mutants instead of asking.
    pub mutants: bool,
    /// Ids of cases and conversations; none: all.
    pub cases: Vec<String>,
}

impl EvalOptions {
    /// The suites that were named, read and checked.
    pub fn load(&self) -> Result<Vec<Suite>, Failure> {
        let mut suites = suites::load(&self.suites)?;
        if !self.cases.is_empty() {
            let known = |id: &String| {
                let cases = suites.iter().flat_map(|suite| suite.cases.iter().map(|case| &case.id));
                cases
                    .chain(suites.iter().flat_map(|suite| suite.conversations.iter().map(|one| &one.id)))
                    .any(|it| it == id)
            };
            if let Some(id) = self.cases.iter().find(|id| !known(id)) {
                return Err(Failure::invalid(format!("no case named `{id}`"))
                    .hint("ids stand in evals/suites, or in your suite's file"));
            }
            for suite in &mut suites {
                suite.cases.retain(|case| self.cases.contains(&case.id));
                suite.conversations.retain(|one| self.cases.contains(&one.id));
            }
        }
        Ok(suites)
    }

    /// What [`run`] needs of these options.
    pub fn run_options(&self) -> RunOptions {
        RunOptions { split: self.split, paraphrases: self.paraphrases }
    }

    /// The text for stdout; writes the report files where a folder was named.
    pub fn present(&self, report: &EvalReport) -> Result<String, Failure> {
        if let Some(folder) = &self.report {
            report::write(folder, report)?;
        }
        Ok(if self.json { report::json::render(report) } else { report::plain::render(report) })
    }
}
