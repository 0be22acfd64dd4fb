//! Asks every question and judges every answer.
//!
//! One question after another, each in a fresh conversation: a run says the same whoever runs beside it.

use std::collections::BTreeMap;

use futures::{FutureExt, future::BoxFuture};
use oms_tools::orders::{OrdersDatabase, Statement};
use oms_tools::{Cell, Failure, FailureKind, Table};

use super::compare::compare;
use super::expect::Expect;
use super::report::{EvalReport, QuestionResult};
use super::split::{Split, is_counted};
use super::stage::{Happening, Stage};
use super::suite::{CHANGE, Case, Conversation, Expected, Suite};
use super::verdict::Verdict;
use crate::reply::{Reply, Status};

/// Who is asked.
pub trait Ask: Send {
    /// Answers one utterance. A conversation's name continues it; `None` is a conversation of this one question.
    fn ask<'a>(&'a mut self, conversation: Option<&'a str>, text: &'a str) -> BoxFuture<'a, Reply>;

    /// Makes a suite's stage new, or leaves it; what is asked from now on is asked there.
    fn enter(&mut self, stage: Option<Stage>) -> BoxFuture<'_, Result<(), Failure>> {
        async move {
            match stage {
                None => Ok(()),
                Some(_) => Err(Failure::new(FailureKind::Unsupported, "there is no stage here")),
            }
        }
        .boxed()
    }

    /// Lets something happen on the stage; `change` is what was proposed last.
    fn happens<'a>(
        &'a mut self,
        _happening: &'a Happening,
        _change: Option<&'a str>,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        async { Err(Failure::new(FailureKind::Unsupported, "nothing can happen here")) }.boxed()
    }

    /// The programs of the stage that have changed something, in order.
    fn applied(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Where the right rows come from.
pub trait Gold: Send + Sync {
    /// Runs one SELECT.
    fn select<'a>(&'a self, sql: &'a str) -> BoxFuture<'a, Result<Table, Failure>>;
}

impl Gold for OrdersDatabase {
    fn select<'a>(&'a self, sql: &'a str) -> BoxFuture<'a, Result<Table, Failure>> {
        async move {
            let statement = Statement { sql: sql.to_owned(), parameters: Vec::new(), columns: None };
            self.run(&statement).await.map(|(table, _)| table)
        }
        .boxed()
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunOptions {
    /// Which part of the questions.
    pub split: Split,
    /// The paraphrases too.
    pub paraphrases: bool,
}

/// Asks every question of the suites.
///
/// A gold SELECT or a `values` query that fails is told as [`Verdict::GoldBroken`] with its question; the rest goes on.
/// Fails only where the run itself cannot go on.
pub async fn run(
    suites: &[Suite],
    ask: &mut dyn Ask,
    gold: &dyn Gold,
    options: RunOptions,
) -> Result<EvalReport, Failure> {
    let mut questions = Vec::new();
    for suite in suites {
        let mut asking = Asking { suite, ask, gold, questions: &mut questions };
        for case in suite.cases.iter().filter(|case| options.split.takes(&case.id)) {
            asking.case(case, options.paraphrases).await;
        }
        for conversation in suite.conversations.iter().filter(|one| options.split.takes(&one.id)) {
            asking.conversation(conversation).await;
        }
    }
    Ok(EvalReport::new(options.split, questions))
}

/// What stands for `{name}`, by name.
pub(super) type Values = BTreeMap<String, Value>;

/// A value that stands for `{name}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    text: String,
    number: bool,
}

impl Value {
    /// As a literal: texts are quoted, numbers are not, so that they compare as numbers.
    fn literal(&self) -> String {
        if self.number { self.text.clone() } else { format!("'{}'", self.text.replace('\'', "''")) }
    }
}

/// The right rows of one case, or why there are none.
enum Truth {
    Rows(Table),
    None,
    Broken(String),
}

struct Asking<'a> {
    suite: &'a Suite,
    ask: &'a mut dyn Ask,
    gold: &'a dyn Gold,
    questions: &'a mut Vec<QuestionResult>,
}

impl Asking<'_> {
    async fn case(&mut self, case: &Case, paraphrases: bool) {
        let values = bind(self.gold, &case.id, &case.values).await;
        let truth = self.truth(case, &values).await;
        let more = if paraphrases { case.paraphrases.as_slice() } else { &[] };
        for (variant, text) in std::iter::once(&case.question).chain(more).enumerate() {
            let asked = Asked { case, drawn_by: &case.id, conversation: None, variant };
            let broken = match self.ask.enter(self.suite.stage).await {
                Ok(()) => self.first(case, None).await,
                Err(failure) => Some(Truth::Broken(failure.message)),
            };
            let values = values.as_ref().ok().filter(|_| broken.is_none());
            self.question(asked, text, values, broken.as_ref().unwrap_or(&truth)).await;
        }
    }

    async fn conversation(&mut self, conversation: &Conversation) {
        let mut values = bind(self.gold, &conversation.id, &conversation.values).await;
        let mut broken = self.ask.enter(self.suite.stage).await.err().map(|failure| Truth::Broken(failure.message));
        for turn in &conversation.turns {
            let truth = self.truth(turn, &values).await;
            let id = conversation.id.as_str();
            let asked = Asked { case: turn, drawn_by: id, conversation: Some(id), variant: 0 };
            if broken.is_none() {
                let change = values.as_ref().ok().and_then(|values| values.get(CHANGE)).map(|value| value.text.clone());
                broken = self.first(turn, change.as_deref()).await;
            }
            let known = values.as_ref().ok().filter(|_| broken.is_none());
            let proposed = self.question(asked, &turn.question, known, broken.as_ref().unwrap_or(&truth)).await;
            if let (Some(id), Ok(values)) = (proposed, &mut values) {
                values.insert(CHANGE.to_owned(), Value { text: id, number: false });
            }
        }
    }

    /// What must happen before a sentence; what is broken where it cannot. Nothing is asked then, nor later in that
    /// conversation: it would be asked of another world.
    async fn first(&mut self, case: &Case, change: Option<&str>) -> Option<Truth> {
        for happening in &case.first {
            if let Err(failure) = self.ask.happens(happening, change).await {
                return Some(Truth::Broken(failure.message));
            }
        }
        None
    }

    /// Asks, and judges; without values there are no words to ask. The id of the change set that was proposed, if one was.
    async fn question(
        &mut self,
        asked: Asked<'_>,
        text: &str,
        values: Option<&Values>,
        truth: &Truth,
    ) -> Option<String> {
        let Some(values) = values else {
            let result = self.result(&asked, text.to_owned(), None, truth, None);
            self.questions.push(result);
            return None;
        };
        let in_words = |text: &str, values: &Values| fill(text, values, |value| value.text.clone());
        let text = in_words(text, values);
        let reply = self.ask.ask(asked.conversation, &text).await;
        let proposed = reply.told.as_ref().and_then(|told| told.change.as_ref()).map(|change| change.id.clone());
        // What this turn proposed can be expected of it.
        let mut values = values.clone();
        values.extend(proposed.iter().map(|id| (CHANGE.to_owned(), Value { text: id.clone(), number: false })));
        let expect = asked.case.expect.as_ref().map(|expect| expect.filled(|text| in_words(text, &values)));
        let result = self.result(&asked, text, Some(&reply), truth, expect.as_ref());
        self.questions.push(result);
        proposed
    }

    async fn truth(&self, case: &Case, values: &Result<Values, Failure>) -> Truth {
        let values = match values {
            Ok(values) => values,
            Err(failure) => return Truth::Broken(failure.message.clone()),
        };
        let Some(sql) = gold_sql(self.suite, case, values) else { return Truth::None };
        match self.gold.select(&sql).await {
            Err(failure) => Truth::Broken(failure.message),
            Ok(table) if table.truncated => Truth::Broken("a limit cut the gold rows".to_owned()),
            Ok(table) => Truth::Rows(table),
        }
    }

    fn result(
        &self,
        asked: &Asked<'_>,
        text: String,
        reply: Option<&Reply>,
        truth: &Truth,
        expect: Option<&Expect>,
    ) -> QuestionResult {
        let Asked { case, drawn_by, conversation, variant } = *asked;
        let (mut verdict, mut why) = judge(case, reply, truth);
        if let (Verdict::Right, Some(expect), Some(reply)) = (verdict, expect, reply) {
            (verdict, why) = expect.difference(reply, &self.ask.applied()).unwrap_or((verdict, why));
        }
        QuestionResult {
            suite: self.suite.name.clone(),
            id: case.id.clone(),
            line: case.line,
            conversation: conversation.map(str::to_owned),
            variant: u32::try_from(variant).unwrap_or(u32::MAX),
            question: text,
            kinds: case.kinds.clone(),
            measures: case.measures.clone(),
            answerable: case.status == Expected::Answered,
            operation: case.expect.is_some(),
            verdict,
            why,
            status: reply.map_or(Status::Error, |reply| reply.status),
            answer: reply.map(|reply| reply.answer.clone()).unwrap_or_default(),
            sql: reply.and_then(|reply| reply.report.as_ref()).map(|report| report.sql.clone()),
            brain: reply.map(|reply| reply.brain.clone()).unwrap_or_default(),
            confidence: reply
                .filter(|reply| reply.brain != "rules" && reply.status == Status::Answered)
                .map(|reply| reply.confidence),
            elapsed_ms: reply.map_or(0.0, |reply| reply.elapsed_ms),
            // What an operation must do is no secret from whoever mends it.
            counted: is_counted(drawn_by) && case.expect.is_none(),
            empty_gold: !case.empty && matches!(truth, Truth::Rows(table) if is_empty(table)),
        }
    }
}

/// What is asked: a case, a turn, or one of a case's paraphrases.
#[derive(Clone, Copy)]
struct Asked<'a> {
    case: &'a Case,
    /// The id by which the counted third is drawn: a turn goes with its conversation.
    drawn_by: &'a str,
    conversation: Option<&'a str>,
    variant: usize,
}

/// The verdict and, where it is not right, why.
fn judge(case: &Case, reply: Option<&Reply>, truth: &Truth) -> (Verdict, String) {
    if let Truth::Broken(cause) = truth {
        return (Verdict::GoldBroken, cause.clone());
    }
    let Some(reply) = reply else { return (Verdict::Error, "it was not asked".to_owned()) };
    match Verdict::of_status(case.status, &case.accept, reply.status) {
        Some(Verdict::Right) => return (Verdict::Right, String::new()),
        Some(verdict) => return (verdict, held_back(reply)),
        None => {}
    }
    if case.sql.is_none() && case.expect.is_some() {
        return (Verdict::Right, String::new());
    }
    let Truth::Rows(gold) = truth else {
        return (Verdict::GoldBroken, "an answer is accepted and there are no gold rows".to_owned());
    };
    let Some(report) = &reply.report else {
        // An order that does not exist has no rows, and is said so.
        if case.empty && gold.rows.is_empty() {
            return (Verdict::Right, String::new());
        }
        return (Verdict::SilentWrong, "answered without rows".to_owned());
    };
    if let Err(difference) = compare(gold, &report.table, &case.rules) {
        return (Verdict::SilentWrong, difference.to_string());
    }
    let used = |tool: &str| reply.tool_calls.iter().any(|call| call.tool == tool && call.status == "ok");
    match &case.tool {
        Some(tool) if !used(tool) => (Verdict::WrongTool, format!("the rows did not come from `{tool}`")),
        _ => (Verdict::Right, String::new()),
    }
}

/// What a reply that holds back, or should have, says.
fn held_back(reply: &Reply) -> String {
    let mut why = match (&reply.error, reply.status) {
        (Some(error), _) => error.message.clone(),
        (None, Status::Answered) => "answered what must not be answered".to_owned(),
        (None, _) => reply.answer.clone(),
    };
    if !reply.choices.is_empty() {
        why = format!("{why} ({})", reply.choices.join(" | "));
    }
    why
}

/// No row, or one row of NULLs only.
pub(super) fn is_empty(table: &Table) -> bool {
    table.rows.iter().flatten().all(|cell| *cell == Cell::Null)
}

/// The gold SELECT with its values as literals; `None` where no answer is expected.
pub(super) fn gold_sql(suite: &Suite, case: &Case, values: &Values) -> Option<String> {
    let sql = case.sql.as_ref()?.replace("{now}", &format!("'{}'", suite.as_of));
    Some(fill(&sql, values, Value::literal))
}

fn fill(text: &str, values: &Values, write: impl Fn(&Value) -> String) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), &write(value)))
}

/// Reads the values that stand for `{name}`.
pub(super) async fn bind(gold: &dyn Gold, id: &str, queries: &BTreeMap<String, String>) -> Result<Values, Failure> {
    let mut values = BTreeMap::new();
    for (name, sql) in queries {
        let failed = |cause: &str| {
            Failure::new(FailureKind::InvalidArguments, format!("cannot read `{{{name}}}` of `{id}`: {cause}"))
        };
        let table = gold.select(sql).await.map_err(|failure| failed(&failure.message))?;
        let value = match table.rows.first().and_then(|row| row.first()) {
            Some(Cell::Text(text)) => Value { text: text.clone(), number: false },
            Some(Cell::Decimal(text)) => Value { text: text.clone(), number: true },
            Some(Cell::Integer(value)) => Value { text: value.to_string(), number: true },
            _ => return Err(failed("the query has no first value")),
        };
        values.insert(name.clone(), value);
    }
    Ok(values)
}
