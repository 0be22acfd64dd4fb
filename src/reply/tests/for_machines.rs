//! A reply as `oms ask --json` prints it.

#![allow(clippy::unwrap_used)] // a test that cannot go on ends

use oms_tools::{ProposedChange, Table, Told};
use serde_json::{Value, json};

use super::fixture::without_rows;
use crate::reply::{Reply, Status};

fn object(reply: &Reply) -> Value {
    serde_json::from_str(&reply.to_json()).unwrap()
}

/// What a tool notes reaches a program within the answer: the object has no key for it.
#[test]
fn notes_stand_in_the_answer() {
    let mut reply = without_rows(Status::ApprovalRequired, "`c0123abcd` would roll back `c0123abce`.\n");
    let mut told = Told::new(reply.answer.clone(), Value::Null)
        .with_table(Table::of_texts(["address"], [["a".to_owned()]]).without(49_500))
        .with_note("`bring Azure up` cannot be undone: Terraform keeps no way back")
        .with_note("49,500 more are not shown");
    told.change = Some(ProposedChange {
        id: "c0123abcd".into(),
        digest: "0".repeat(64),
        summary: "roll back".into(),
        expires_at: "2026-01-14T12:00:00.000Z".into(),
    });
    reply.told = Some(told);
    let said = object(&reply);
    assert_eq!(
        said["answer"],
        "`c0123abcd` would roll back `c0123abce`.\nnote: `bring Azure up` cannot be undone: Terraform keeps no way back\n\
         note: 49,500 more are not shown"
    );
    assert_eq!((&said["truncated"], &said["rows"]), (&json!(true), &json!([["a"]])));
    assert_eq!(said["change"]["id"], "c0123abcd");
    // Without notes it is as it was said.
    reply.told = Some(Told::new("x", Value::Null));
    assert_eq!(object(&reply)["answer"], "`c0123abcd` would roll back `c0123abce`.\n");
}
