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

/// Kills a process, unless it has ended meanwhile.
fn kill(process: u32) {
    kill_process(Pid::from_raw(i32::try_from(process).unwrap()).unwrap(), Signal::KILL).ok();
}

/// Asks for a chart; its file, and the processes that are seen to draw for the bridge. On a slow machine they may have ended
/// before the look: then it is asked again.
fn seen_drawing(bot: &mut Bot, what: &str, question: &str) -> (Vec<u8>, Vec<u32>) {
    for attempt in 0..20 {
        let (bytes, ..) = chart(&bot.ask(&says(&format!("{what}-{attempt}"), "U1", what, question)));
        let artists = drawing(bot.process());
        if !artists.is_empty() {
            return (bytes, artists);
        }
    }
    panic!("nothing is seen to draw for the bridge");
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
    let (again, ..) = chart(&bot.ask(&says("c2", "U2", "2", "revenue by country in 2025")));
    assert!(first == again, "the same figures are the same picture");
    let (other, ..) = chart(&bot.ask(&says("c3", "U2", "2", "revenue by month in 2025")));
    assert!(first != other);

    let (_, artists) = seen_drawing(&mut bot, "4", "revenue by channel in 2025");
    for artist in artists {
        kill(artist);
        gone(artist);
    }
    let (anew, artists) = seen_drawing(&mut bot, "5", "revenue by country in 2025");
    assert!(first == anew, "another process draws the same");
    // It ends with the bridge.
    bot.end();
    artists.into_iter().for_each(gone);

    let mut bot = Bot::start(&home, &[]);
    let (_, artists) = seen_drawing(&mut bot, "6", "revenue by channel in 2025");
    kill(bot.process());
    bot.killed();
    artists.into_iter().for_each(gone);
}
