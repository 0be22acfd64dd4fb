//! `oms health` and `oms watch`: parts that hang, parts that nobody named, and a real terminal.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
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

/// In a terminal of its own, which `script` makes: the screen is taken, `q` or Ctrl-C gives it back.
#[test]
fn a_terminal_is_given_back_as_it_was() {
    let home = Home::empty();
    for end in ["q", "\u{3}"] {
        let watch = format!(
            "stty rows 30 cols 100; {} watch; echo left with $?; stty -a | tr ' ;' '\\n\\n' | grep -x -- '-*echo'",
            env!("CARGO_BIN_EXE_oms")
        );
        let Ok(child) = Command::new("script")
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
        else {
            // A system without `script` (util-linux) has no other terminal for a test.
            return;
        };
        let mut running = Running(child);
        let mut keys = running.0.stdin.take().unwrap();
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
        let mut seen = String::new();
        let begun = Instant::now();
        let mut until = |wanted: &str| {
            while !seen.contains(wanted) {
                let left = Duration::from_mins(1).checked_sub(begun.elapsed()).unwrap_or_default();
                let more = shown.recv_timeout(left).unwrap_or_else(|_| panic!("{wanted} never came: {seen}"));
                seen.push_str(&more);
            }
        };
        until("unknown");
        keys.write_all(end.as_bytes()).unwrap();
        until("left with 0");
        // The screen is the other one again, and what is typed is echoed.
        until("\u{1b}[?1049l");
        until("\necho");
    }
}
