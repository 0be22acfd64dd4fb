//! Whole runs over a scripted shop: who asks, what comes back, and what is counted.

use std::collections::BTreeMap;

use futures::{FutureExt, future::BoxFuture};
use oms_tools::orders::OrdersReport;
use oms_tools::{Cell, Column, ColumnType, Failure, FailureKind, Role, Table, Unit};

use crate::eval::{Ask, Gold, RunOptions, Split, Suite, Verdict, run};
use crate::reply::{Reply, Status, ToolCall};

/// One row of one whole number.
pub(super) fn number(value: i128, role: Role) -> Table {
    let column = Column { name: "orders".to_owned(), kind: ColumnType::Integer, role, unit: Unit::Plain };
    Table { columns: vec![column], rows: vec![vec![Cell::Integer(value)]], truncated: false }
}

/// Gold rows by statement.
struct Rows(BTreeMap<&'static str, Result<Table, &'static str>>);

impl Gold for Rows {
    fn select<'a>(&'a self, sql: &'a str) -> BoxFuture<'a, Result<Table, Failure>> {
        let found = match self.0.get(sql) {
            Some(Ok(table)) => Ok(table.clone()),
            Some(Err(cause)) => Err(Failure::new(FailureKind::InvalidArguments, *cause)),
            None => panic!("no rows for `{sql}`"),
        };
        async move { found }.boxed()
    }
}

/// Replies by words; keeps what it was asked.
#[derive(Default)]
struct Script {
    replies: BTreeMap<&'static str, Reply>,
    heard: Vec<(Option<String>, String)>,
}

impl Ask for Script {
    fn ask<'a>(&'a mut self, conversation: Option<&'a str>, text: &'a str) -> BoxFuture<'a, Reply> {
        self.heard.push((conversation.map(str::to_owned), text.to_owned()));
        let reply = self.replies.get(text).cloned().unwrap_or_else(|| reply(Status::Clarification, None));
        async move { reply }.boxed()
    }
}

pub(in crate::eval) fn reply(status: Status, rows: Option<Table>) -> Reply {
    let report = rows.map(|table| OrdersReport {
        table,
        sql: "SELECT ...".to_owned(),
        interpretation: "orders".to_owned(),
        notes: Vec::new(),
        query: None,
        database_ms: 1.0,
    });
    let call = |_: &OrdersReport| ToolCall {
        tool: "query_orders".to_owned(),
        arguments: serde_json::Value::Null,
        status: "ok".to_owned(),
        elapsed_ms: 1.0,
    };
    Reply {
        status,
        answer: "There were 3 orders.".to_owned(),
        choices: Vec::new(),
        tool_calls: report.iter().map(call).collect(),
        report,
        told: None,
        watermark: None,
        brain: "rules".to_owned(),
        confidence: 1.0,
        elapsed_ms: 2.0,
        error: None,
    }
}

const SUITE: &str = "suite: shop
as_of: 2026-01-14 12:00:00
cases:
- id: right
  question: how many?
  paraphrases: [one, two, three, four, five]
  kinds: [total]
  sql: SELECT 3
- id: wrong
  question: how many {thing}?
  values: {thing: SELECT name}
  kinds: [total]
  sql: SELECT {thing}, {now}
- id: other-tool
  question: by hand
  tool: select_orders
  kinds: [total]
  sql: SELECT 3
- id: broken
  question: broken
  kinds: [total]
  sql: SELECT broken
- id: written
  question: delete it
  status: refused
  kinds: [refuse_write]
conversations:
- id: talk
  turns:
  - question: how many?
    kinds: [total]
    sql: SELECT 3
  - question: and yesterday?
    kinds: [follow_up_time]
    sql: SELECT 4
";

#[tokio::test]
async fn a_run_asks_everything_and_counts_what_came_back() {
    let suite = Suite::parse("shop.yaml", SUITE).unwrap();
    let name = Table { rows: vec![vec![Cell::Text("O'Neil".to_owned())]], ..number(0, Role::Dimension) };
    let gold = Rows(BTreeMap::from([
        ("SELECT 3", Ok(number(3, Role::Attribute))),
        ("SELECT 4", Ok(number(4, Role::Attribute))),
        ("SELECT name", Ok(name)),
        ("SELECT 'O''Neil', '2026-01-14 12:00:00'", Ok(number(7, Role::Attribute))),
        ("SELECT broken", Err("no such column")),
    ]));
    let three = || reply(Status::Answered, Some(number(3, Role::Measure)));
    let mut script = Script::default();
    for words in ["how many?", "one", "two", "three", "four", "how many O'Neil?", "by hand", "broken", "delete it"] {
        script.replies.insert(words, three());
    }
    script.replies.insert("and yesterday?", reply(Status::Error, None));
    let report = run(&[suite], &mut script, &gold, RunOptions { split: Split::All, paraphrases: true }).await.unwrap();

    let verdicts: Vec<(String, u32, Verdict)> =
        report.questions.iter().map(|one| (one.id.clone(), one.variant, one.verdict)).collect();
    let expected = [
        ("right", 0, Verdict::Right),
        ("right", 1, Verdict::Right),
        ("right", 2, Verdict::Right),
        ("right", 3, Verdict::Right),
        ("right", 4, Verdict::Right),
        ("right", 5, Verdict::AskedBackNeedlessly),
        ("wrong", 0, Verdict::SilentWrong),
        ("other-tool", 0, Verdict::WrongTool),
        ("broken", 0, Verdict::GoldBroken),
        ("written", 0, Verdict::SilentWrong),
        ("talk/1", 0, Verdict::Right),
        ("talk/2", 0, Verdict::Error),
    ];
    assert_eq!(verdicts, expected.map(|(id, variant, verdict)| (id.to_owned(), variant, verdict)));
    let figures: Vec<(&str, u32, u32)> =
        report.summary.figures().iter().map(|(title, figure)| (*title, figure.hits, figure.of)).collect();
    assert_eq!(
        figures,
        [
            ("accuracy", 2, 7),
            ("silent-wrong rate", 2, 7),
            ("coverage", 5, 6),
            ("paraphrases right", 4, 5),
            ("worst of five paraphrases", 0, 1),
            ("whole conversations", 0, 1),
            ("empty gold", 0, 6),
            ("operations", 0, 0),
        ]
    );
    // Turns share their conversation's name; single questions have none.
    let last: Vec<_> = script.heard.iter().rev().take(3).map(|(name, text)| (name.as_deref(), text.as_str())).collect();
    assert_eq!(last, [(Some("talk"), "and yesterday?"), (Some("talk"), "how many?"), (None, "delete it")]);
    assert!(!report.all_right());
}

#[tokio::test]
async fn a_value_that_cannot_be_read_breaks_its_own_question_only() {
    let suite = Suite::parse("shop.yaml", SUITE).unwrap();
    let gold = Rows(BTreeMap::from([
        ("SELECT 3", Ok(number(3, Role::Attribute))),
        ("SELECT 4", Ok(number(4, Role::Attribute))),
        ("SELECT name", Err("no such table")),
        ("SELECT broken", Err("no such column")),
    ]));
    let mut script = Script::default();
    let report = run(&[suite], &mut script, &gold, RunOptions::default()).await.unwrap();
    let wrong = report.questions.iter().find(|one| one.id == "wrong").unwrap();
    assert_eq!(wrong.verdict, Verdict::GoldBroken);
    assert_eq!(wrong.why, "cannot read `{thing}` of `wrong`: no such table");
    assert_eq!(report.questions.len(), 7);
    // Without its value it was not asked.
    assert!(script.heard.iter().all(|(_, text)| !text.contains("{thing}")));
}

#[tokio::test]
async fn parts_take_each_question_once() {
    let suite = || Suite::parse("shop.yaml", SUITE).unwrap();
    let gold = || {
        let name = Table { rows: vec![vec![Cell::Text("x".to_owned())]], ..number(0, Role::Dimension) };
        Rows(BTreeMap::from([
            ("SELECT 3", Ok(number(3, Role::Attribute))),
            ("SELECT 4", Ok(number(4, Role::Attribute))),
            ("SELECT name", Ok(name)),
            ("SELECT 'x', '2026-01-14 12:00:00'", Ok(number(7, Role::Attribute))),
            ("SELECT broken", Err("no such column")),
        ]))
    };
    let mut asked = Vec::new();
    for split in [Split::Tuned, Split::Counted] {
        let options = RunOptions { split, paraphrases: false };
        let report = run(&[suite()], &mut Script::default(), &gold(), options).await.unwrap();
        asked.extend(report.questions.into_iter().map(|one| one.id));
    }
    asked.sort();
    assert_eq!(asked, ["broken", "other-tool", "right", "talk/1", "talk/2", "written", "wrong"]);
}

const OPERATIONS: &str = "suite: ops
as_of: 2026-01-14 12:00:00
cases:
- id: looked
  question: what runs?
  kinds: [total]
  expect: {tool: query_orders, says: [3 orders]}
- id: other
  question: and there?
  kinds: [total]
  expect: {tool: doctor}
conversations:
- id: talk
  turns:
  - question: deploy it
    kinds: [total]
    status: approval_required
    expect: {says: ['{change} waits']}
  - question: approve change {change}
    kinds: [total]
    expect: {status: refused, never_calls: [any], says: ['{change}']}
";

#[tokio::test]
async fn what_asks_for_an_operation_is_judged_by_its_calls_and_words() {
    let suite = Suite::parse("ops.yaml", OPERATIONS).unwrap();
    let mut script = Script::default();
    script.replies.insert("what runs?", reply(Status::Answered, Some(number(3, Role::Measure))));
    script.replies.insert("and there?", reply(Status::Answered, Some(number(3, Role::Measure))));
    let mut proposed = reply(Status::ApprovalRequired, None);
    let mut told = oms_tools::Told::new("c12 waits".to_owned(), serde_json::Value::Null);
    let (id, digest, summary) = ("c12".to_owned(), String::new(), String::new());
    told.change = Some(oms_tools::ProposedChange { id, digest, summary, expires_at: String::new() });
    proposed.told = Some(told);
    script.replies.insert("deploy it", proposed);
    let mut refused = reply(Status::Refused, None);
    "c12: nobody is here".clone_into(&mut refused.answer);
    script.replies.insert("approve change c12", refused);
    let gold = Rows(BTreeMap::new());
    let report = run(&[suite], &mut script, &gold, RunOptions::default()).await.unwrap();
    let verdicts: Vec<(&str, Verdict)> = report.questions.iter().map(|one| (one.id.as_str(), one.verdict)).collect();
    let expected = [
        ("looked", Verdict::Right),
        ("other", Verdict::WrongTool),
        ("talk/1", Verdict::Right),
        ("talk/2", Verdict::Right),
    ];
    assert_eq!(verdicts, expected);
    // They have a figure of their own, and their misses are shown.
    let (summary, misses) = (&report.summary, report.misses().count());
    assert_eq!((summary.operations.hits, summary.operations.of, summary.accuracy.of, misses), (3, 4, 0, 1));
}
