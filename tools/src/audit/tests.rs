#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

//! What the record proves, and what breaks it.

use std::fs;
use std::sync::Arc;

use serde_json::json;

use super::{AuditLog, Event, Filter, Keep, Verified};
use crate::{Effect, private::Access};

fn log() -> (tempfile::TempDir, AuditLog) {
    let folder = tempfile::tempdir().unwrap();
    let log = AuditLog::new(folder.path().join("audit"), Access::Owner);
    (folder, log)
}

fn called(tool: &str) -> Event {
    Event::ToolCalled {
        tool: tool.into(),
        effect: Effect::Reads,
        arguments: json!({ "id": "c1" }),
        status: "ok".into(),
        elapsed_ms: 1.5,
    }
}

fn filled(lines: usize) -> (tempfile::TempDir, AuditLog) {
    let (folder, log) = log();
    for number in 1..=lines {
        assert_eq!(log.append("ana", called("query_orders"), Keep::Synced).unwrap(), number as u64);
    }
    (folder, log)
}

fn broken(log: &AuditLog) -> (u64, String) {
    match log.verify().unwrap() {
        Verified::Broken { line, cause } => (line, cause),
        Verified::Whole { .. } => panic!("the chain holds"),
    }
}

#[test]
fn a_chain_holds_and_no_record_is_a_whole_one() {
    let (_folder, log) = log();
    assert_eq!(log.verify().unwrap(), Verified::Whole { lines: 0 });
    let (_folder, log) = filled(5);
    assert_eq!(log.verify().unwrap(), Verified::Whole { lines: 5 });
}

#[test]
fn each_way_to_tamper_is_found_at_its_line() {
    let change = |edit: &dyn Fn(Vec<String>) -> Vec<String>| {
        let (folder, log) = filled(5);
        let lines: Vec<String> = fs::read_to_string(log.file()).unwrap().lines().map(str::to_owned).collect();
        let mut lines = edit(lines);
        lines.push(String::new());
        fs::write(log.file(), if lines.len() == 1 { String::new() } else { lines.join("\n") }).unwrap();
        let found = broken(&log);
        drop(folder);
        found.0
    };
    let edited = |mut lines: Vec<String>| {
        lines[2] = lines[2].replace("ana", "ben");
        lines
    };
    assert_eq!(change(&edited), 3);
    let rehashed = |mut lines: Vec<String>| {
        // An edited line with a right hash of its own: the next one tells.
        let record = lines[2].split_once("\"record\":").unwrap().1.strip_suffix('}').unwrap().replace("ana", "ben");
        let hash = super::log::hex(&<sha2::Sha256 as sha2::Digest>::digest(record.as_bytes()));
        lines[2] = super::log::line(&hash, &record);
        lines
    };
    assert_eq!(change(&rehashed), 4);
    let removed = |mut lines: Vec<String>| {
        lines.remove(1);
        lines
    };
    assert_eq!(change(&removed), 2);
    let swapped = |mut lines: Vec<String>| {
        lines.swap(1, 2);
        lines
    };
    assert_eq!(change(&swapped), 2);
    let shortened = |mut lines: Vec<String>| {
        lines.truncate(3);
        lines
    };
    assert_eq!(change(&shortened), 4);
    assert_eq!(change(&|_| Vec::new()), 1);
    let spaced = |mut lines: Vec<String>| {
        lines[0] = lines[0].replace("{\"hash\"", "{ \"hash\"");
        lines
    };
    assert_eq!(change(&spaced), 1);
    let nonsense = |mut lines: Vec<String>| {
        lines[4] = "x".repeat(200_000);
        lines
    };
    assert_eq!(change(&nonsense), 5);
}

#[test]
fn a_line_that_a_crash_cut_off_is_taken_out_and_told() {
    let (_folder, log) = filled(2);
    let mut text = fs::read(log.file()).unwrap();
    text.extend(b"{\"hash\":\"12");
    fs::write(log.file(), text).unwrap();
    assert_eq!(broken(&log), (3, "it is cut off".to_owned()));
    assert_eq!(log.append("ana", called("x"), Keep::Written).unwrap(), 4);
    assert_eq!(log.verify().unwrap(), Verified::Whole { lines: 4 });
    let mut events = Vec::new();
    log.show(&Filter::default(), |record| events.push(record.event.clone())).unwrap();
    assert!(matches!(events[2], Event::Mended { bytes: 11, .. }), "{events:?}");
}

#[test]
fn nothing_is_added_behind_what_is_no_line() {
    let (_folder, log) = filled(1);
    fs::write(log.file(), "hello\n").unwrap();
    assert!(log.append("ana", called("x"), Keep::Synced).unwrap_err().message.contains("last line"));
}

#[test]
fn several_writers_make_one_chain() {
    let (_folder, log) = log();
    let log = Arc::new(log);
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let log = log.clone();
            std::thread::spawn(move || {
                for _ in 0..25 {
                    log.append("ana", called("x"), Keep::Written).unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    assert_eq!(log.verify().unwrap(), Verified::Whole { lines: 100 });
}

#[test]
fn lines_are_found_by_tool_person_change_and_time() {
    let (_folder, log) = log();
    log.append("ana", called("query_orders"), Keep::Synced).unwrap();
    log.append("ben", Event::Declined { change: "c2".into(), digest: "d".into() }, Keep::Synced).unwrap();
    log.append("ana", called("x"), Keep::Synced).unwrap();
    let count = |filter: Filter| {
        let mut numbers = Vec::new();
        log.show(&filter, |record| numbers.push(record.number)).unwrap();
        numbers
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(count(Filter::default()), [1, 2, 3]);
    assert_eq!(count(Filter { person: some("ben"), ..Filter::default() }), [2]);
    assert_eq!(count(Filter { tool: some("x"), ..Filter::default() }), [3]);
    assert_eq!(count(Filter { change: some("c2"), ..Filter::default() }), [2]);
    assert_eq!(count(Filter { change: some("c1"), person: some("ana"), ..Filter::default() }), [1, 3]);
    let later = chrono::Utc::now() + chrono::TimeDelta::hours(1);
    assert_eq!(count(Filter { since: Some(later), ..Filter::default() }), [] as [u64; 0]);
    assert_eq!(count(Filter { until: Some(later), ..Filter::default() }), [1, 2, 3]);
}

#[test]
fn long_arguments_are_kept_as_their_hash_and_an_unwritable_folder_is_told() {
    let (folder, log) = log();
    let event = Event::ToolCalled {
        tool: "x".into(),
        effect: Effect::Reads,
        arguments: json!({ "sql": "x".repeat(100_000) }),
        status: "ok".into(),
        elapsed_ms: 0.0,
    };
    log.append("ana", event, Keep::Written).unwrap();
    assert!(fs::metadata(log.file()).unwrap().len() < 1000);
    assert_eq!(log.verify().unwrap(), Verified::Whole { lines: 1 });
    fs::write(folder.path().join("file"), "").unwrap();
    let nowhere = AuditLog::new(folder.path().join("file/audit"), Access::Owner);
    assert!(nowhere.append("ana", called("x"), Keep::Synced).is_err());
}
