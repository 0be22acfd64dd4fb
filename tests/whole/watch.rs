//! `oms health` and `oms watch`: parts that hang, parts that nobody named, and a real terminal.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::home::Home;

/// A program and all that it started: it ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn verdict<'a>(report: &'a Value, part: &str) -> &'a str {
    let parts = report["parts"].as_array().unwrap();
    parts.iter().find(|one| one["part"] == part).unwrap()["verdict"].as_str().unwrap()
}

/// Each part takes connections and never says a word.
#[test]
fn parts_that_hang_are_unknown_and_the_answer_comes_all_the_same() {
    let home = Home::empty();
    let silent: Vec<TcpListener> = (0..6).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let port = |place: usize| silent[place].local_addr().unwrap().port();
    let settings = format!(
        "[eventhub]\nconnection = \"Endpoint=sb://127.0.0.1:{};SharedAccessKeyName=r;SharedAccessKey=s3cret;UseDevelopmentEmulator=true\"\n\
         checkpoints = \"AccountName=a;AccountKey=czNjcmV0;BlobEndpoint=http://127.0.0.1:{}/a\"\ncapture = \"archive\"\n\
         [pipeline]\nshop = \"http://127.0.0.1:{}\"\nweb = [\"http://127.0.0.1:{}\"]\nintake = \"http://127.0.0.1:{}\"\n\
         processors = [\"http://127.0.0.1:{}\"]\nseconds = 0.5\ndisk_percent = 100\n",
        port(0),
        port(1),
        port(2),
        port(3),
        port(4),
        port(4)
    );
    let file = home.path().join("oms.toml");
    std::fs::write(&file, settings).unwrap();
    let database = format!("mysql://reader:s3cret@127.0.0.1:{}/oms", port(5));
    let options = ["--config", file.to_str().unwrap(), "--db", &database, "health"];
    let ran = home.oms(&[options.as_slice(), &["--json"]].concat());
    assert_eq!(ran.code, 8, "{} {}", ran.out, ran.err);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    for part in ["traefik", "web", "intake", "hub", "processor", "database"] {
        assert_eq!(verdict(&report, part), "unknown", "{report}");
    }
    assert_eq!((verdict(&report, "capture"), report["verdict"].as_str()), ("unknown", Some("unknown")), "{report}");
    let plain = home.oms(&options);
    assert!(plain.out.starts_with("unknown\n") && plain.out.contains("hint: "), "{}", plain.out);
    assert!(!format!("{}{}{}", ran.out, plain.out, plain.err).contains("s3cret"));
}

#[test]
fn what_nobody_named_is_unknown_and_settings_that_cannot_be_are_told() {
    let home = Home::empty();
    let ran = home.oms(&["health", "--json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    for part in ["traefik", "web", "intake", "hub", "capture", "processor", "database"] {
        assert_eq!(verdict(&report, part), "unknown", "{report}");
    }
    // A disk of the test's machine may be full.
    if verdict(&report, "disk") == "healthy" {
        assert_eq!((ran.code, report["verdict"].as_str()), (8, Some("unknown")), "{report}");
    }
    let file = home.path().join("oms.toml");
    for (settings, said) in [
        ("[pipeline]\nshop = \"localhost\"\n", "pipeline.shop"),
        ("[pipeline]\nseconds = 0\n", "seconds"),
        ("[pipeline]\nwithout = [\"proccessor\"]\n", "did you mean `processor`"),
        ("[eventhub]\nconection = \"x\"\n", "did you mean `connection`"),
    ] {
        std::fs::write(&file, settings).unwrap();
        let ran = home.oms(&["--config", file.to_str().unwrap(), "health"]);
        assert!(ran.code == 1 && ran.err.contains(said), "{settings}: {} {}", ran.out, ran.err);
    }
    std::fs::write(&file, "[eventhub]\nconnection_file = \"/nowhere/at/all\"\n").unwrap();
    let ran = home.oms(&["--config", file.to_str().unwrap(), "health"]);
    assert!(ran.out.contains("/nowhere/at/all"), "{}", ran.out);
}

#[test]
fn a_terminal_is_needed_to_watch() {
    let ran = Home::empty().oms(&["watch"]);
    assert!(ran.code == 1 && ran.err.contains("no terminal") && ran.err.contains("oms health"), "{}", ran.err);
}

/// The program in a terminal of its own, which `script` makes; both end with the test.
struct Screen {
    _running: Running,
    keys: ChildStdin,
    shown: mpsc::Receiver<String>,
    seen: String,
    begun: Instant,
}

impl Screen {
    /// `None`: a system without `script` (util-linux) has no other terminal for a test.
    fn start(home: &Home, rows: u16, columns: u16) -> Option<Self> {
        let watch = format!(
            "tty; stty rows {rows} cols {columns}; {} watch; echo left with $?; stty -a | tr ' ;' '\\n\\n' | grep -x -- '-*echo'",
            env!("CARGO_BIN_EXE_oms")
        );
        let child = Command::new("script")
            .args(["-qec", &watch, "/dev/null"])
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", home.path())
            .env("TERM", "xterm")
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut running = Running(child);
        let keys = running.0.stdin.take().unwrap();
        let mut screen = running.0.stdout.take().unwrap();
        let (sender, shown) = mpsc::channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut buffer) {
                if sender.send(String::from_utf8_lossy(&buffer[..count]).into_owned()).is_err() {
                    return;
                }
            }
        });
        Some(Self { _running: running, keys, shown, seen: String::new(), begun: Instant::now() })
    }

    /// Reads on until this holds for what was shown, a minute from the beginning at most.
    fn until(&mut self, wanted: &str, holds: impl Fn(&str) -> bool) {
        while !holds(&self.seen) {
            let left = Duration::from_mins(1).checked_sub(self.begun.elapsed()).unwrap_or_default();
            let more = self.shown.recv_timeout(left).unwrap_or_else(|_| panic!("{wanted} never came: {}", self.seen));
            self.seen.push_str(&more);
        }
    }

    fn shows(&mut self, wanted: &str) {
        self.until(wanted, |seen| seen.contains(wanted));
    }

    fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Gives the terminal another size, as the edge of a window does that is pulled, and waits until the whole is drawn in it.
    fn resize(&mut self, rows: u16, columns: u16) {
        let device = self.seen.lines().find(|line| line.starts_with("/dev/")).unwrap().trim().to_owned();
        let size = [rows.to_string(), columns.to_string()];
        let arguments = ["-F", &device, "rows", &size[0], "cols", &size[1]];
        self.seen.clear();
        self.seen.push_str(&device);
        self.seen.push('\n');
        assert!(Command::new("stty").args(arguments).stdin(Stdio::null()).status().unwrap().success());
        self.until(&format!("a screen of {columns}x{rows}"), |seen| is_drawn(seen, rows, columns));
    }
}

/// Whether the last screen that was drawn from nothing has its foot on the last row, and nothing beyond its edges.
fn is_drawn(seen: &str, rows: u16, columns: u16) -> bool {
    let Some((_, screen)) = seen.rsplit_once("\u{1b}[2J") else { return false };
    let within = |place: &str| {
        let Some((row, column)) = place.split_once('H').and_then(|(place, _)| place.split_once(';')) else {
            return true;
        };
        match (row.parse::<u16>(), column.parse::<u16>()) {
            (Ok(row), Ok(column)) => row <= rows && column <= columns,
            _ => true,
        }
    };
    let foot = screen.contains(&format!("\u{1b}[{rows};1Hq")) && screen.contains("again");
    foot && screen.contains("unknown") && screen.split("\u{1b}[").all(within)
}

#[test]
fn a_terminal_is_given_back_as_it_was() {
    let home = Home::empty();
    for end in ["q", "\u{3}"] {
        let Some(mut screen) = Screen::start(&home, 30, 100) else { return };
        screen.shows("unknown");
        screen.types(end);
        screen.shows("left with 0");
        // The screen is the other one again, and what is typed is echoed.
        screen.shows("\u{1b}[?1049l");
        screen.shows("\necho");
    }
}

#[test]
fn a_terminal_may_be_of_any_size_and_change_it() {
    let home = Home::empty();
    let Some(mut screen) = Screen::start(&home, 24, 80) else { return };
    screen.shows("unknown");
    for (rows, columns) in [(10, 40), (60, 200), (24, 80)] {
        screen.resize(rows, columns);
    }
    screen.types("q");
    screen.shows("left with 0");
    screen.shows("\u{1b}[?1049l");
    screen.shows("\necho");
}

/// The settings of a shop whose event hub is at this port.
fn hub_at(home: &Home, port: u16) -> String {
    let file = home.path().join("oms.toml");
    let settings = format!(
        "[eventhub]\nconnection = \"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName=r;SharedAccessKey=s3cret;UseDevelopmentEmulator=true\"\n"
    );
    std::fs::write(&file, settings).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn an_order_that_is_in_no_row_is_looked_for_on_its_way() {
    let home = Home::seeded();
    let without = home.oms(&["ask", "where is ORD-9999999?"]);
    assert!(without.code == 0 && without.out.contains("No order numbered `ORD-9999999`."), "{}", without.out);
    assert!(without.out.contains("note: near it are `ORD-"), "{}", without.out);
    // The hub takes connections and never says a word: the answer comes all the same.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let file = hub_at(&home, silent.local_addr().unwrap().port());
    let (found, code) = home.ask_with(&["--config", &file], "where is ORD-9999999?");
    let calls: Vec<&Value> = found["tool_calls"].as_array().unwrap().iter().map(|call| &call["tool"]).collect();
    assert_eq!((code, calls), (0, vec![&Value::from("query_orders"), &Value::from("trace_order")]), "{found}");
    let answer = found["answer"].as_str().unwrap();
    assert!(answer.starts_with("No order numbered `ORD-9999999` in the database."), "{answer}");
    assert!(answer.contains("the hub was not looked at as a whole"), "{answer}");
    let rows = found["rows"].as_array().unwrap();
    let state = |hop: &str| rows.iter().find(|row| row[0] == hop).map(|row| row[1].clone()).unwrap();
    assert_eq!((state("hub"), state("applied")), ("not looked at".into(), "missing".into()), "{found}");
    drop(silent);
    // Nothing listens there any more. A person reads the hops, and beside a story where its way is told.
    let person = home.oms(&["--config", &file, "ask", "where is ORD-9999999?"]);
    assert!(
        person.code == 0 && person.out.contains("No order numbered") && person.out.contains("applied"),
        "{}",
        person.out
    );
    let story = home.oms(&["--config", &file, "ask", "where is ORD-0000042?"]);
    let offer = "note: `trace ORD-0000042` tells its way through the pipeline, hop by hop";
    assert!(story.code == 0 && story.out.contains(offer), "{}", story.out);
    assert!(!format!("{}{}{found}", person.out, person.err).contains("s3cret"));
}
