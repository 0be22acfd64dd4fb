//! The examination of a remote model: every case through rig's own loop, with the true instructions and the tools that the
//! model is offered, and scripted answers behind them. Nothing is called.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{NaiveDateTime, Utc};
use oms_tools::orders::PersonalColumns;
use oms_tools::orders::semantic::{SemanticModel, SemanticQuery};
use oms_tools::{ErasedTool, Failure, FailureKind};
use rig_core::message::ToolName;
use rig_core::tool::{DynamicTool, ToolErrorKind, ToolExecutionError, ToolOutput};
use serde_json::{Value, json};

use super::model_run::{Allowance, Watch};
use super::preamble::preamble;
use super::report::SAYING;
use super::rig_tools::Record;
use super::{Agent, model_failure, turn};
use crate::brain::{Remote, Spending};
use crate::licence::{self, Answers, Called, Case, Kind, Progress, Scores, Verdict};

/// An examination.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined {
    /// What is kept.
    pub verdict: Verdict,
    /// The cases that were not passed, with what was wrong.
    pub missed: Vec<(String, String)>,
    /// What it cost.
    pub spent: Spending,
}

impl Agent {
    /// The verdict that is kept about a remote model, and why it may not propose changes, if so.
    pub fn examined(&self, remote: &Remote) -> (Option<Verdict>, Result<(), licence::Withheld>) {
        (Verdict::read(&self.config, &self.subject(remote)), self.licence(remote))
    }

    /// Examines a remote model and keeps the verdict; `told` hears of each case before it is asked, with what was asked already
    /// where an examination that was cut is gone on with.
    ///
    /// It is offered what a conversation with a licence offers it, and asked the cases that can be asked with that. Fails where
    /// the model cannot be asked, or the verdict cannot be kept: half an examination is none, but its place is kept for a day.
    pub async fn examine(&self, remote: &Remote, told: &dyn Fn(usize, usize)) -> Result<Examined, Failure> {
        let subject = self.subject(remote);
        let offered = self.offered(true);
        let mut cases = licence::cases()?;
        cases.retain(|case| case.can_be_asked(|tool| offered.iter().any(|offered| offered.name() == tool)));
        let mut progress = Progress::of(&self.config, &subject);
        let mut spent = Spending::default();
        for (place, case) in cases.iter().enumerate() {
            if progress.cases.contains_key(&case.id) {
                continue;
            }
            told(place, cases.len());
            let (calls, ended, cost) = self.case(remote, &offered, case, spent).await?;
            spent = spent.plus(cost);
            progress.keep(&self.config, &subject, &case.id, licence::judge(case, &calls, &ended))?;
        }
        let mut scores: Scores = Kind::ALL.into_iter().map(|kind| (kind, (0, 0))).collect();
        let mut missed = Vec::new();
        for case in &cases {
            let score = scores.entry(case.kind).or_default();
            score.1 += 1;
            match progress.cases.remove(&case.id).flatten() {
                None => score.0 += 1,
                Some(cause) => missed.push((case.id.clone(), cause)),
            }
        }
        let verdict = Verdict { brain: remote.label.clone(), at: Utc::now(), scores };
        verdict.write(&self.config, &subject)?;
        Progress::end(&self.config, &subject);
        Ok(Examined { verdict, missed, spent })
    }

    /// Asks one case: the calls that were made, how it ended, and what it cost.
    async fn case(
        &self,
        remote: &Remote,
        offered: &[Arc<dyn ErasedTool>],
        case: &Case,
        before: Spending,
    ) -> Result<(Vec<Called>, Result<(), Failure>, Spending), Failure> {
        self.budget.allows(&before)?;
        let now = self.now();
        let scripted = Arc::new(Scripted {
            case: case.clone(),
            answers: Mutex::new(Answers::of(case)),
            calls: Mutex::default(),
            record: Arc::default(),
            model: self.model.clone(),
            now,
        });
        let instructions = preamble(&self.catalog, now);
        let tools: Vec<DynamicTool> = offered.iter().filter_map(|tool| scripted.tool(tool.as_ref())).collect();
        let fixed = turn::fixed(&instructions, offered);
        let mut run = turn::runner(remote.model.clone(), &case.say, instructions, self.calls, tools);
        if let Some(most) = remote.provider.answer_tokens() {
            run = run.max_tokens(most);
        }
        let allowance = Allowance {
            context: self.context,
            fixed,
            budget: self.budget,
            before,
            price: remote.price,
            choice: self.config.settings.model.tool_choice,
        };
        let watch = Watch::new(allowance, scripted.record.clone());
        let ended = match tokio::time::timeout(turn::limit(self), watch.run(run)).await {
            Ok(Ok(Ok(_))) => Ok(()),
            Ok(Ok(Err(error))) if model_failure::is_the_models_own(&error) => {
                Err(Failure::refused("it wrote what is neither a call nor an answer"))
            }
            Ok(Ok(Err(error))) => Err(model_failure::failure(&error, Some(remote.provider))),
            Ok(Err(stopped)) => Err(stopped),
            Err(_) => Err(turn::too_slow()),
        };
        let calls = std::mem::take(&mut *scripted.calls.lock().unwrap_or_else(PoisonError::into_inner));
        match ended {
            // A server that cannot be asked says nothing of its model.
            Err(failure) if matches!(failure.kind, FailureKind::Unavailable | FailureKind::Internal) => Err(failure),
            ended => Ok((calls, ended, watch.spent())),
        }
    }
}

/// The tools of one case.
struct Scripted {
    case: Case,
    answers: Mutex<Answers>,
    calls: Mutex<Vec<Called>>,
    /// Whether a tool has answered; the calls are kept above.
    record: Arc<Record>,
    model: Arc<SemanticModel>,
    now: NaiveDateTime,
}

impl Scripted {
    /// A tool as the model sees it, with what the case has it answer.
    fn tool(self: &Arc<Self>, tool: &dyn ErasedTool) -> Option<DynamicTool> {
        let name = tool.name();
        let this = self.clone();
        Some(DynamicTool::new(ToolName::new(name).ok()?, tool.description(), tool.schema(), move |arguments| {
            let this = this.clone();
            Box::pin(async move {
                this.answer(name, arguments).map(ToolOutput::text).map_err(|text| {
                    ToolExecutionError::new(ToolErrorKind::InvalidArgs, text.clone()).with_model_feedback(text)
                })
            })
        }))
    }

    fn answer(&self, tool: &str, arguments: Value) -> Result<String, String> {
        if SAYING.contains(&tool) {
            self.record.has_answered();
            return Ok("said to the person; the turn is over".to_owned());
        }
        let scripted = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.next(&self.case, tool, &arguments)
        };
        let answer = scripted.unwrap_or_else(|| self.usual(tool, &arguments));
        if answer.is_ok() {
            self.record.has_answered();
        }
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(Called { tool: tool.to_owned(), arguments });
        answer
    }

    /// What a tool answers of which the case says nothing.
    fn usual(&self, tool: &str, arguments: &Value) -> Result<String, String> {
        if tool != "query_orders" {
            return Ok(json!({ "answer": "done; there is nothing more to tell" }).to_string());
        }
        let query: SemanticQuery = serde_json::from_value(arguments.clone())
            .map_err(|error| format!("cannot read the arguments of `query_orders`: {error}"))?;
        self.model.plan(&query, self.now, &PersonalColumns::default()).map_err(|failure| failure.to_string())?;
        Ok(json!({ "columns": query.measures, "rows": [["1204"]], "rows_in_all": 1 }).to_string())
    }
}
