//! Charts of the bridge, which a process of its own draws: it is there while charts are asked for, is started anew where it was
//! killed, and never outlives its bridge.

use std::fs;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::bot::{Bot, says};
use crate::home::Home;
use crate::terminal::PATIENCE;

/// The PNG of an answer: its bytes, width and height.
fn chart(answer: &Value) -> (Vec<u8>, u32, u32) {
    assert_eq!(answer["status"], "answered", "{answer}");
    let files = answer["files"].as_array().unwrap();
    let file = files.iter().find(|file| file["name"] == "chart.png").unwrap_or_else(|| panic!("no chart: {answer}"));
    assert_eq!(file["mime"], "image/png");
    let bytes = STANDARD.decode(file["base64"].as_str().unwrap()).unwrap();
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{:?}", &bytes[..8]);
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    let (width, height) = (number(16), number(20));
    (bytes, width, height)
}

/// State and parent of a process that is there.
fn state(process: u32) -> Option<(char, u32)> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// The processes that draw for a bridge.
fn drawing(bridge: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|number| state(*number).is_some_and(|(state, parent)| state != 'Z' && parent == bridge)).collect()
}

/// Waits until a process is gone, or waits only for being collected.
fn gone(process: u32) {
    let until = Instant::now() + PATIENCE;
    while state(process).is_some_and(|(state, _)| state != 'Z') {
        assert!(Instant::now() < until, "process {process} is still there");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn kill(process: u32) {
    kill_process(Pid::from_raw(i32::try_from(process).unwrap()).unwrap(), Signal::KILL).unwrap();
}

#[test]
fn charts_are_drawn_by_a_process_that_comes_and_goes() {
    let home = Home::seeded();
    let mut bot = Bot::start(&home, &[]);
    let single = bot.ask(&says("c0", "U1", "1", "how many orders"));
    assert_eq!(single["files"], serde_json::json!([]), "nothing to draw: {single}");
    assert!(drawing(bot.process()).is_empty(), "it is started for the first chart");

    let (first, width, height) = chart(&bot.ask(&says("c1", "U1", "1", "revenue by country in 2025")));
    assert!(width == 960 && height > 120, "{width} x {height}");
    let artists = drawing(bot.process());
    assert_eq!(artists.len(), 1, "one process draws");
    let (again, ..) = chart(&bot.ask(&says("c2", "U2", "2", "revenue by country in 2025")));
    assert!(first == again, "the same figures are the same picture");
    let (other, ..) = chart(&bot.ask(&says("c3", "U2", "2", "revenue by month in 2025")));
    assert!(first != other);

    kill(artists[0]);
    gone(artists[0]);
    let (anew, ..) = chart(&bot.ask(&says("c4", "U3", "3", "revenue by country in 2025")));
    assert!(first == anew, "another process draws the same");
    let artists = drawing(bot.process());
    assert!(!artists.is_empty());
    // It ends with the bridge.
    bot.end();
    artists.into_iter().for_each(gone);

    let mut bot = Bot::start(&home, &[]);
    chart(&bot.ask(&says("c5", "U1", "1", "revenue by channel in 2025")));
    let artists = drawing(bot.process());
    assert!(!artists.is_empty());
    kill(bot.process());
    bot.killed();
    artists.into_iter().for_each(gone);
}
