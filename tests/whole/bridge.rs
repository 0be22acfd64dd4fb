//! `oms bridge` as a bot meets it: every taken event answered once and in order, whatever is killed when.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use crate::home::Home;

const THREADS: usize = 24;
const QUESTIONS: [&str; 5] =
    ["revenue by country in 2025", "only Spain", "how many orders", "frobnicate the lot", "revenue by channel"];

fn message(thread: usize, turn: usize) -> Value {
    let first = format!("{thread}.0");
    json!({"type": "message", "event_id": format!("Ev{thread}-{turn}"), "channel": "C1", "user": format!("U{thread}"),
        "ts": format!("{thread}.{turn}"), "thread_ts": (turn > 0).then_some(&first), "text": QUESTIONS[turn]})
}

/// Lines of interleaved conversations, with broken and repeated ones between them.
fn lines() -> Vec<String> {
    let mut lines = Vec::new();
    for turn in 0..QUESTIONS.len() {
        for thread in 0..THREADS {
            lines.push(message(thread, turn).to_string());
            if thread % 5 == turn {
                lines.push("{\"type\": \"message\"".to_owned());
                lines.push(message(thread, turn).to_string());
            }
        }
    }
    lines
}

/// Runs the bridge over lines, killed after so many answers; the answers, and the lines of errors.
fn run(home: &Home, lines: &[String], killed_after: Option<usize>) -> (Vec<Value>, Vec<u64>, bool) {
    let mut child =
        home.command(&["bridge"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = lines.join("\n");
    let feeder = thread::spawn(move || {
        input.write_all(text.as_bytes()).ok();
    });
    let (mut answers, mut errors) = (Vec::new(), Vec::new());
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let Ok(value) = serde_json::from_str::<Value>(&line.unwrap()) else {
            assert!(killed_after.is_some(), "a line of the bridge is no JSON");
            continue;
        };
        match value["type"].as_str() {
            Some("error") => errors.push(value["line"].as_u64().unwrap()),
            _ if value["final"] == false => {}
            _ => answers.push(value),
        }
        if killed_after == Some(answers.len()) {
            child.kill().unwrap();
        }
    }
    feeder.join().unwrap();
    let ended = child.wait().unwrap().success();
    (answers, errors, ended)
}

fn forget(home: &Home) {
    for folder in ["bridge", "sessions"] {
        std::fs::remove_dir_all(home.state().join(folder)).ok();
    }
}

/// The first answer of each event, in the order in which they came.
fn by_event(answers: &[Value]) -> BTreeMap<String, Value> {
    let mut first = BTreeMap::new();
    for answer in answers {
        let id = answer["in_reply_to"].as_str().unwrap().to_owned();
        let earlier = first.entry(id).or_insert_with(|| answer.clone());
        assert_eq!(earlier, answer, "a repeated event has its first answer");
    }
    first
}

#[test]
fn every_event_is_answered_once_and_in_order() {
    let home = Home::seeded();
    let lines = lines();
    let (unbroken, errors, ended) = run(&home, &lines, None);
    assert!(ended, "the end of the input is no failure");
    assert_eq!(errors.len(), lines.iter().filter(|line| !line.ends_with('}')).count());
    let expected = by_event(&unbroken);
    assert_eq!(expected.len(), THREADS * QUESTIONS.len());
    for thread in 0..THREADS {
        let mut order: Vec<&str> = Vec::new();
        for answer in &unbroken {
            let id = answer["in_reply_to"].as_str().unwrap();
            if id.starts_with(&format!("Ev{thread}-")) && !order.contains(&id) {
                order.push(id);
            }
        }
        let wanted: Vec<String> = (0..QUESTIONS.len()).map(|turn| format!("Ev{thread}-{turn}")).collect();
        assert_eq!(order, wanted);
    }
    let fragment = &expected["Ev3-1"];
    assert!(fragment["text"].as_str().unwrap().contains("Spain"), "the conversation is kept: {fragment}");
    assert_eq!(expected["Ev3-3"]["status"], "clarification");
    let blocks = expected["Ev3-4"]["blocks"].as_array().unwrap();
    assert!(blocks.iter().any(|block| block["elements"][0]["action_id"] == "show_sql"), "{blocks:?}");

    forget(&home);
    let mut seen = Vec::new();
    for killed_after in [1, 7, 20, 45, 80] {
        let (answers, _, _) = run(&home, &lines, Some(killed_after));
        seen.extend(answers);
    }
    let (answers, _, ended) = run(&home, &lines, None);
    assert!(ended);
    seen.extend(answers);
    let answered = by_event(&seen);
    assert_eq!(answered.len(), expected.len(), "nothing that was taken is lost");
    for (id, answer) in &answered {
        assert_eq!((&answer["text"], &answer["status"]), (&expected[id]["text"], &expected[id]["status"]), "{id}");
    }

    buttons_users_and_limits(&home);
    old_conversations_are_forgotten(&home);
}

/// All conversations were last spoken in two days ago.
fn age(home: &Home) {
    let then = SystemTime::now() - Duration::from_hours(48);
    for entry in std::fs::read_dir(home.state().join("sessions")).unwrap() {
        File::options().append(true).open(entry.unwrap().path()).unwrap().set_modified(then).unwrap();
    }
}

fn sessions(home: &Home) -> usize {
    std::fs::read_dir(home.state().join("sessions")).unwrap().count()
}

fn old_conversations_are_forgotten(home: &Home) {
    forget(home);
    let settings = home.path().join("config/oms");
    std::fs::create_dir_all(&settings).unwrap();
    std::fs::write(settings.join("oms.toml"), "[bridge]\nkeep_days = 1\n").unwrap();
    let ran = home.oms(&["--session", "friday", "--brain", "rules", "ask", "how many orders"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    run(home, &[message(0, 0).to_string(), message(1, 0).to_string()], None);
    age(home);
    assert!(sessions(home) >= 3);
    let mut bridge =
        home.command(&["bridge"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let input = bridge.stdin.take();
    let started = Instant::now();
    while sessions(home) > 1 && started.elapsed() < Duration::from_mins(1) {
        thread::yield_now();
    }
    drop(input);
    assert!(bridge.wait().unwrap().success());
    let left: Vec<_> =
        std::fs::read_dir(home.state().join("sessions")).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left, ["friday.json"], "a person's own session is no conversation of the bridge");

    // What waits for its answer has its conversation still, however long nobody was there to give it.
    run(home, &[message(2, 0).to_string(), message(2, 1).to_string()], Some(1));
    age(home);
    let (answers, _, ended) = run(home, &[], None);
    assert!(ended);
    let answer = &by_event(&answers)["Ev2-1"];
    assert!(answer["text"].as_str().unwrap().contains("Spain"), "{answer}");
    assert_eq!(answer["status"], "answered", "{answer}");
}

fn buttons_users_and_limits(home: &Home) {
    let press = |id: &str, action: &str, value: &str, user: &str| {
        json!({"type": "block_actions", "event_id": id, "channel": "C1", "user": user, "ts": "9.9", "thread_ts": "3.0",
            "action_id": action, "value": value})
        .to_string()
    };
    let (answers, _, _) = run(home, &[press("B1", "show_sql", "Ev3-4", "U1"), press("B2", "approve", "x", "U1")], None);
    let answers = by_event(&answers);
    assert!(answers["B1"]["text"].as_str().unwrap().starts_with("SELECT"), "{}", answers["B1"]);
    assert_eq!(answers["B2"]["status"], "refused", "nobody approves what does not exist: {}", answers["B2"]);

    let settings = home.path().join("bridge.toml");
    std::fs::write(&settings, "[bridge]\nunknown_users = false\nper_minute = 2\n[bridge.users]\nU1 = 'ana'\n").unwrap();
    let ask = |id: &str, user: &str| {
        json!({"type": "message", "event_id": id, "channel": "C2", "user": user, "ts": id, "text": "how many orders"})
            .to_string()
    };
    let text = [ask("L1", "U1"), ask("L2", "U2"), ask("L3", "U1"), ask("L4", "U1")].join("\n");
    let ran = home.piped(&["--config", settings.to_str().unwrap(), "bridge"], text.as_bytes());
    let answers: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answers = by_event(&answers);
    assert_eq!(answers["L2"]["status"], "refused", "{}", answers["L2"]);
    let refused = ["L1", "L3", "L4"].iter().filter(|id| answers[**id]["status"] == "refused").count();
    assert_eq!(refused, 1, "two questions in a minute: {answers:?}");
    assert!(home.oms(&["audit", "show"]).out.contains("ana"), "the record names the person");
}
