//! The three forms of the report, as whole texts.

use crate::eval::report::{EvalReport, QuestionResult, json, junit, plain};
use crate::eval::{EvalOptions, Split, Verdict};
use crate::reply::Status;

fn question(id: &str, variant: u32, verdict: Verdict, why: &str) -> QuestionResult {
    QuestionResult {
        suite: if id.contains('/') { "talks" } else { "shop" }.to_owned(),
        id: id.to_owned(),
        line: 7,
        conversation: id.split_once('/').map(|(name, _)| name.to_owned()),
        variant,
        question: format!("how many <{id}>?"),
        kinds: vec!["total".to_owned(), "time".to_owned()],
        measures: vec!["orders".to_owned()],
        answerable: !id.starts_with("refuse"),
        operation: false,
        verdict,
        why: why.to_owned(),
        status: match verdict {
            Verdict::AskedBackNeedlessly => Status::Clarification,
            Verdict::Error => Status::Error,
            _ => Status::Answered,
        },
        answer: "3 & more\u{1b}[31m".to_owned(),
        sql: Some("SELECT COUNT(*) FROM orders WHERE placed_at < '2026'".to_owned()),
        brain: "rules".to_owned(),
        elapsed_ms: 12.5,
        counted: id == "unseen",
        confidence: None,
        empty_gold: id == "empty",
    }
}

fn report() -> EvalReport {
    let mut questions = vec![
        question("one", 0, Verdict::Right, ""),
        question("two", 0, Verdict::SilentWrong, "2 rows instead of 3"),
        question("refuse-it", 0, Verdict::SilentWrong, "answered what must not be answered"),
        question("unseen", 0, Verdict::AskedBackNeedlessly, "which \"one\"?"),
        question("empty", 0, Verdict::Right, ""),
        question("talk/1", 0, Verdict::Right, ""),
        question("talk/2", 0, Verdict::Error, "cannot reach\nthe database"),
    ];
    questions.extend((1..=5).map(|variant| question("one", variant, Verdict::Right, "")));
    EvalReport::new(Split::All, questions)
}

#[test]
fn plain_text() {
    let text = plain::render(&report());
    assert!(!text.contains('\u{1b}'));
    insta::assert_snapshot!(text);
}

#[test]
fn junit_xml() {
    insta::assert_snapshot!(junit::render(&report()));
}

#[test]
fn json_object() {
    let text = json::render(&report());
    assert!(!text.contains('\n'));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
}

#[test]
fn what_the_counted_third_asked_is_in_no_report() {
    let report = report();
    for text in [plain::render(&report), json::render(&report), junit::render(&report)] {
        assert!(!text.contains("<unseen>") && !text.contains("&lt;unseen&gt;") && !text.contains("which"), "{text}");
    }
}

#[test]
fn nothing_asked_is_no_division_by_zero() {
    let report = EvalReport::new(Split::Counted, Vec::new());
    assert_eq!(plain::render(&report), "0 questions asked (counted): \n\n");
    assert!(json::render(&report).contains("\"fraction\":null"));
}

#[test]
fn files_are_written_where_a_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let options = EvalOptions { report: Some(folder.path().join("a/b")), json: true, ..EvalOptions::default() };
    let text = options.present(&report()).unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join("a/b/report.json")).unwrap(), text);
    assert!(std::fs::read_to_string(folder.path().join("a/b/junit.xml")).unwrap().starts_with("<?xml"));
    // A file where the folder should be.
    std::fs::write(folder.path().join("file"), "").unwrap();
    let options = EvalOptions { report: Some(folder.path().join("file")), ..EvalOptions::default() };
    let failure = options.present(&report()).unwrap_err();
    assert!(failure.message.starts_with("cannot write `"), "{failure}");
}

#[test]
fn suites_that_are_not_there_name_the_nearest() {
    let load = |name: &str| EvalOptions { suites: vec![name.to_owned()], ..EvalOptions::default() }.load();
    assert_eq!(load("measures").unwrap()[0].name, "measures");
    assert_eq!(load("mesures").unwrap_err().to_string(), "no suite named `mesures`\nhint: did you mean `measures`?");
    assert!(load("no/such.yaml").unwrap_err().message.starts_with("cannot read `no/such.yaml`: "));
}
