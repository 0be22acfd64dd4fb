//! Asks every question and judges every answer.
//!
//! One question after another, each in a fresh conversation: a run says the same whoever runs beside it.

use std::collections::BTreeMap;

use futures::{FutureExt, future::BoxFuture};
use oms_tools::orders::{OrdersDatabase, Statement};
use oms_tools::{Cell, Failure, FailureKind, Table};

use super::compare::compare;
use super::report::{EvalReport, QuestionResult};
use super::split::{Split, is_counted};
use super::suite::{Case, Conversation, Expected, Suite};
use super::verdict::Verdict;
use crate::reply::{Reply, Status};

/// Who is asked.
pub trait Ask: Send {
    /// Answers one utterance. A conversation's name continues it; `None` is a conversation of this one question.
    fn ask<'a>(&'a mut self, conversation: Option<&'a str>, text: &'a str) -> BoxFuture<'a, Reply>;
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
            self.question(asked, text, values.as_ref().ok(), &truth).await;
        }
    }

    async fn conversation(&mut self, conversation: &Conversation) {
        let values = bind(self.gold, &conversation.id, &conversation.values).await;
        for turn in &conversation.turns {
            let truth = self.truth(turn, &values).await;
            let id = conversation.id.as_str();
            let asked = Asked { case: turn, drawn_by: id, conversation: Some(id), variant: 0 };
            self.question(asked, &turn.question, values.as_ref().ok(), &truth).await;
        }
    }

    /// Asks, and judges; without values there are no words to ask.
    async fn question(&mut self, asked: Asked<'_>, text: &str, values: Option<&Values>, truth: &Truth) {
        let Some(values) = values else {
            let result = self.result(&asked, text.to_owned(), None, truth);
            self.questions.push(result);
            return;
        };
        let text = fill(text, values, |value| value.text.clone());
        let reply = self.ask.ask(asked.conversation, &text).await;
        let result = self.result(&asked, text, Some(&reply), truth);
        self.questions.push(result);
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

    fn result(&self, asked: &Asked<'_>, text: String, reply: Option<&Reply>, truth: &Truth) -> QuestionResult {
        let Asked { case, drawn_by, conversation, variant } = *asked;
        let (verdict, why) = judge(case, reply, truth);
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
            verdict,
            why,
            status: reply.map_or(Status::Error, |reply| reply.status),
            answer: reply.map(|reply| reply.answer.clone()).unwrap_or_default(),
            sql: reply.and_then(|reply| reply.report.as_ref()).map(|report| report.sql.clone()),
            brain: reply.map(|reply| reply.brain.clone()).unwrap_or_default(),
            elapsed_ms: reply.map_or(0.0, |reply| reply.elapsed_ms),
            counted: is_counted(drawn_by),
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
