//! Suites that are wrong, and what is said of them.

use crate::eval::suite::{Expected, Suite};

const HEAD: &str = "suite: shop\nas_of: 2026-01-14 12:00:00\n";

fn refused(body: &str, expected: &str) {
    let text = format!("{HEAD}{body}");
    let failure = Suite::parse("suites/shop.yaml", &text).map(|_| ()).unwrap_err();
    assert_eq!(failure.to_string(), expected, "{text}");
}

#[test]
fn a_suite_is_read() {
    let text = format!(
        "{HEAD}tool: query_orders\ncases:\n- id: a-1\n  question: how many {{thing}}s?\n  kinds: [total]\n  measures: [orders]\n  \
         values: {{thing: SELECT 1}}\n  sql: SELECT {{thing}}\n- id: a-2\n  question: drop it\n  status: refused\n  \
         accept: [clarification]\n  kinds: [refuse_write]\nconversations:\n- id: c\n  turns:\n  - question: one\n    \
         kinds: [total]\n    sql: SELECT 1\n  - question: two\n    kinds: [follow_up_time]\n    tool: any\n    sql: SELECT 2\n"
    );
    let suite = Suite::parse("evals/suites/shop.yaml", &text).unwrap();
    assert_eq!(suite.cases.len(), 2);
    assert_eq!(suite.cases[0].tool.as_deref(), Some("query_orders"));
    assert_eq!(suite.cases[0].line, 5);
    assert_eq!(suite.cases[1].status, Expected::Refused);
    assert_eq!(suite.cases[1].tool, None);
    assert_eq!(suite.conversations[0].turns[1].id, "c/2");
    assert_eq!(suite.conversations[0].turns[1].tool, None);
    assert_eq!(suite.all_cases().count(), 4);
}

#[test]
fn words_that_are_not_known_name_the_nearest() {
    refused(
        "cases:\n- id: a\n  question: x\n  kinds: [totl]\n  sql: SELECT 1\n",
        "suites/shop.yaml:6: no kind named `totl`\nhint: did you mean `total`?",
    );
    refused(
        "cases:\n- id: a\n  question: x\n  kinds: [total]\n  measures:\n  - orders\n  - revnue\n  sql: SELECT 1\n",
        "suites/shop.yaml:9: no measure named `revnue`\nhint: did you mean `revenue`?",
    );
    refused(
        "cases:\n- id: a\n  question: x\n  kinds: [total]\n  dimensions: [contry]\n  sql: SELECT 1\n",
        "suites/shop.yaml:7: no dimension named `contry`\nhint: did you mean `country`?",
    );
    refused(
        "cases:\n- id: a\n  question: x\n  kinds: [total]\n  times: [xyzzy]\n  sql: SELECT 1\n",
        "suites/shop.yaml:7: no time form named `xyzzy`",
    );
    refused(
        "cases:\n- id: a\n  question: how many {brnd}?\n  kinds: [total]\n  values: {brand: SELECT 1}\n  sql: SELECT 1\n",
        "suites/shop.yaml:4: `a` uses `{brnd}`, and no value has that name\nhint: did you mean `brand`?",
    );
}

#[test]
fn keys_that_are_not_known_name_the_nearest() {
    let text = format!("{HEAD}cases:\n- id: a\n  qestion: x\n  kinds: [total]\n  sql: SELECT 1\n");
    let failure = Suite::parse("suites/shop.yaml", &text).map(|_| ()).unwrap_err();
    assert!(failure.message.starts_with("suites/shop.yaml:5: "), "{failure}");
    assert_eq!(failure.hints, ["did you mean `question`?"], "{failure}");
}

#[test]
fn what_contradicts_itself_is_refused() {
    refused(
        "cases:\n- id: a\n  question: x\n  kinds: [total]\n",
        "suites/shop.yaml:4: `a` expects an answer and has no `sql`",
    );
    refused(
        "cases:\n- id: a\n  question: x\n  status: refused\n  kinds: [total]\n  sql: SELECT 1\n",
        "suites/shop.yaml:4: `a` has `sql` and expects no answer",
    );
    refused(
        "cases:\n- id: a\n  question: x\n  status: error\n  kinds: [total]\n",
        "suites/shop.yaml:4: `a` expects an error\nhint: put `error` into `accept`, or what it must say into \
         `expect: {says: [...]}`",
    );
    refused(
        "cases:\n- id: a\n  question: x\n  kinds: [total]\n  sql: SELECT 1\n- id: a\n  question: y\n  kinds: [total]\n  sql: SELECT 1\n",
        "suites/shop.yaml:8: the id `a` stands twice",
    );
    refused(
        "cases:\n- id: A b\n  question: x\n  kinds: [total]\n  sql: SELECT 1\n",
        "suites/shop.yaml:4: `A b` is no id\nhint: ids are lower-case letters, digits and hyphens: `revenue-last-month`",
    );
    refused(
        "cases:\n- question: x\n  kinds: [total]\n  sql: SELECT 1\n",
        "suites/shop.yaml:4: `` is no id\nhint: ids are lower-case letters, digits and hyphens: `revenue-last-month`",
    );
    refused(
        "cases:\n- id: a\n  question: ' '\n  kinds: [total]\n  sql: SELECT 1\n",
        "suites/shop.yaml:4: `a` asks nothing",
    );
    refused("cases:\n- id: a\n  question: x\n  kinds: []\n  sql: SELECT 1\n", "suites/shop.yaml:4: `a` has no kind");
    refused(
        "cases:\n- id: a\n  question: x\n  paraphrases: [y]\n  kinds: [total]\n  sql: SELECT 1\n",
        "suites/shop.yaml:4: `a` has 1 paraphrases\nhint: a question has five paraphrases or none: the worst of five is told",
    );
    refused(
        "conversations:\n- id: c\n  turns:\n  - question: x\n    kinds: [total]\n    sql: SELECT 1\n",
        "suites/shop.yaml:4: the conversation `c` has fewer than two turns",
    );
}

#[test]
fn a_suite_has_its_file_s_name_and_a_time() {
    let failure = Suite::parse("suites/other.yaml", HEAD).map(|_| ()).unwrap_err();
    assert_eq!(failure.message, "suites/other.yaml:1: suite `shop` stands in a file of another name");
    let failure = Suite::parse("shop.yaml", "suite: shop\nas_of: yesterday\n").map(|_| ()).unwrap_err();
    assert_eq!(failure.to_string(), "shop.yaml:1: `as_of` is `yesterday`\nhint: write it as `2026-01-14 12:00:00`");
}

#[test]
fn expectations_that_cannot_fail_are_refused() {
    let case = |rest: &str| format!("cases:\n- id: a\n  question: x\n  kinds: [total]\n{rest}");
    refused(
        &case("  expect: {status: answered}\n"),
        "suites/shop.yaml:4: `a` expects nothing: any reply would be right\nhint: name a `tool`, or what it `says`, \
         `never_says` or `never_calls`",
    );
    refused(
        &case("  status: refused\n  expect: {status: refused, tool: decline}\n"),
        "suites/shop.yaml:4: `a` names its status twice",
    );
    refused(
        &case("  expect: {arguments: {id: x}, says: [y]}\n"),
        "suites/shop.yaml:4: `a` expects arguments of no tool",
    );
    refused(
        &case("  expect: {says: ['{brand}']}\n"),
        "suites/shop.yaml:4: `a` uses `{brand}`, and no value has that name",
    );
    refused(
        &case("  expect: {applied: []}\n"),
        "suites/shop.yaml:4: `a` needs a stage: something happens first, or programs are counted\nhint: give the suite \
         `stage: deployment`",
    );
    refused(
        &case("  expect: {status: error, tool: doctor}\n"),
        "suites/shop.yaml:4: `a` expects an error\nhint: put `error` into `accept`, or what it must say into \
         `expect: {says: [...]}`",
    );
}

#[test]
fn files_that_are_no_suites_are_refused_without_a_panic() {
    for text in [
        "",
        "[]",
        "suite: [",
        "\u{0}",
        "cases: 3",
        "- - -",
        "suite: &a *a",
        "{",
        "suite: shop\nas_of: 1\ncases: {a: b}",
    ] {
        let failure = Suite::parse("shop.yaml", text).map(|_| ()).unwrap_err();
        assert!(failure.message.starts_with("shop.yaml:"), "{text:?}: {failure}");
        assert!(!failure.message.contains('\n'), "{text:?}: {failure}");
    }
}
