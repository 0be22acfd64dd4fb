//! `oms` killed at every boundary of a change set of three steps: what is told afterwards is what happened, and it can be gone on
//! with or undone. The programs are those of evals/fixtures/deployment, and a Compose of ours on an engine that runs nothing.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::mpsc;

use serde_json::{Value, json};

use crate::change::{approved, proposed};
use crate::home::Home;
use crate::terminal::PATIENCE;

const PROGRAMS: [&str; 3] = ["terraform", "ansible", "compose"];

macro_rules! fixture {
    ($name:literal) => {
        ($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/evals/fixtures/deployment/", $name)))
    };
}

/// Answers as Compose does, for a project of one service.
const COMPOSE: &str = r#"#!/bin/sh
root=$(dirname "$0")
. "$root/act.sh"
case " $* " in
*" --hash "*) echo "web 0123456789abcdef" ;;
*" config "*) echo '{"name":"oms","services":{"web":{"image":"web:1"}}}' ;;
*" up "* | *" down "*)
    echo '{"id":"Container oms-web-1","status":"Starting"}'
    act compose || exit 1
    echo '{"id":"Container oms-web-1","status":"Healthy"}'
    ;;
esac
"#;

struct Place {
    home: Home,
}

impl Place {
    fn new() -> Self {
        let home = Home::seeded();
        let root = home.path().canonicalize().unwrap();
        let files = [
            fixture!("act.sh"),
            fixture!("terraform"),
            fixture!("ansible-playbook"),
            fixture!("plan.json"),
            ("docker-compose", COMPOSE),
            ("infra/main.tf", "resource \"terraform_data\" \"a\" {}\n"),
            ("hosts/hosts.ini", "[oms]\noms-1\n"),
            ("hosts/deploy.yml", "- hosts: oms\n  tasks: []\n"),
            ("hosts/rollback.yml", "- hosts: oms\n  tasks: []\n"),
            ("stack/compose.yaml", "services: { web: { image: web:1 } }\n"),
        ];
        for (name, text) in files {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), text).unwrap();
        }
        for name in ["terraform", "ansible-playbook", "docker-compose"] {
            fs::set_permissions(root.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        let root_text = root.display();
        let settings = format!(
            "[deploy]\ndocker_host = 'unix://{root_text}/engine.sock'\n[deploy.programs]\nterraform = '{root_text}/terraform'\n\
             ansible-playbook = '{root_text}/ansible-playbook'\ncompose = '{root_text}/docker-compose'\n\
             [deploy.environments.dev]\nterraform = {{ folder = '{root_text}/infra' }}\n\
             ansible = {{ folder = '{root_text}/hosts', inventory = 'hosts.ini', playbook = 'deploy.yml' }}\n\
             compose = {{ folder = '{root_text}/stack' }}\n"
        );
        fs::create_dir_all(root.join("config/oms")).unwrap();
        fs::write(root.join("config/oms/oms.toml"), settings).unwrap();
        engine(root.join("engine.sock"));
        Self { home }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The programs that have changed something, in order.
    fn applied(&self) -> Vec<String> {
        let text = fs::read_to_string(self.file("applied")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn propose(&self, sentence: &str) -> String {
        proposed(&self.home, sentence)
    }

    fn approve(&self, id: &str) {
        approved(&self.home, id);
    }

    fn applying(&self, id: &str) -> Child {
        let mut command = self.home.command(&["change", "apply", id]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// How it stands, and each of its steps.
    fn stands(&self, id: &str) -> (String, Vec<String>) {
        let ran = self.home.oms(&["change", "show", id, "--json"]);
        let shown: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err));
        let steps = shown["state"]["steps"].as_array().unwrap();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        (word(&shown["status"]), steps.iter().map(|step| word(&step["status"])).collect())
    }

    /// Goes on to the end.
    fn goes_on(&self, id: &str) {
        self.approve(id);
        let ran = self.home.oms(&["change", "apply", id]);
        assert!(ran.code == 0 && ran.out.contains("is applied"), "{}{}", ran.out, ran.err);
        assert_eq!(self.stands(id), ("applied".to_owned(), vec!["done".to_owned(); 3]));
    }
}

/// A Docker engine that runs nothing, and answers until the test ends.
fn engine(socket: PathBuf) {
    let listener = UnixListener::bind(socket).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                head.push(byte[0]);
            }
            let asks_version = String::from_utf8_lossy(&head).contains("/version");
            let body = if asks_version { json!({"ApiVersion": "1.44", "Version": "28.0.0"}) } else { json!([]) };
            let body = body.to_string();
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).ok();
        }
    });
}

/// Reads what a program tells until a line holds the text, or until it ends; whether it was told. One that falls silent ends.
fn told(child: &mut Child, text: &str) -> bool {
    let output = BufReader::new(child.stderr.take().unwrap());
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)).ok());
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) if line.contains(text) => return true,
            Ok(_) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return false,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("it never tells `{text}`, and does not end");
            }
        }
    }
}

#[test]
fn killed_at_every_boundary_of_three_steps() {
    let place = Place::new();
    for number in 0..PROGRAMS.len() {
        for moment in ["first", "last"] {
            killed_in_a_step(&place, number, moment);
        }
        killed_between_steps(&place, number);
    }
    let ran = place.home.oms(&["audit", "verify"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
}

/// Killed by the program of a step, before or after it has changed something.
fn killed_in_a_step(place: &Place, number: usize, moment: &str) {
    fs::remove_file(place.file("applied")).ok();
    let id = place.propose("deploy everything");
    place.approve(&id);
    fs::write(place.file(&format!("kill-{moment}-{}", PROGRAMS[number])), "").unwrap();
    let mut child = place.applying(&id);
    told(&mut child, "\0");
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    let (standing, steps) = place.stands(&id);
    let expected: Vec<&str> = (0..3)
        .map(|step| if step < number { "done" } else { ["started", "waiting"][usize::from(step > number)] })
        .collect();
    assert_eq!((standing.as_str(), &steps), ("interrupted", &expected.iter().map(ToString::to_string).collect()));
    let changed = number + usize::from(moment == "last");
    assert_eq!(place.applied(), PROGRAMS[..changed]);
    let text = place.home.oms(&["change", "show", &id]).out;
    assert!(text.contains(&format!("step {}: began; it is not known how it ended", number + 1)), "{text}");
    assert_eq!(text.matches(": not begun").count(), 2 - number, "{text}");
    if moment == "last" {
        undone(place, &id, number);
    }
    // Goes on, whatever an undo did meanwhile: what was done is not done again, and what was begun is.
    let before = place.applied();
    place.goes_on(&id);
    assert_eq!(place.applied()[before.len()..], PROGRAMS[number..]);
}

/// Rolls back what was begun: hosts to the release before; of Terraform's part it is said that there is no way back.
fn undone(place: &Place, id: &str, number: usize) {
    let (reply, _) = place.home.ask_with(&["--brain", "rules"], "roll back the last one");
    if number == 0 {
        assert!(reply["error"]["hint"].as_str().unwrap().contains("Terraform keeps no way back"), "{reply}");
        assert_eq!((reply["status"].as_str(), &reply["change"]), (Some("refused"), &Value::Null), "{reply}");
        return;
    }
    let undo = reply["change"]["id"].as_str().unwrap_or_else(|| panic!("{reply}"));
    let text = place.home.oms(&["change", "show", undo]).out;
    assert!(text.contains("Terraform keeps no way back"), "{text}");
    place.approve(undo);
    let ran = place.home.oms(&["change", "apply", undo]);
    assert!(ran.code == 4 && ran.err.contains("that program has ended"), "{}{}", ran.out, ran.err);
    let before = place.applied().len();
    let ran = place.home.oms(&["change", "apply", "--take-over", undo]);
    assert!(ran.code == 0 && ran.out.contains("is applied"), "{}{}", ran.out, ran.err);
    assert_eq!(place.applied()[before..], ["ansible"]);
    assert_eq!(place.stands(id).0, "interrupted");
}

/// Killed as soon as a step is told to be done.
fn killed_between_steps(place: &Place, number: usize) {
    fs::remove_file(place.file("applied")).ok();
    let id = place.propose("deploy everything");
    place.approve(&id);
    let mut child = place.applying(&id);
    assert!(told(&mut child, &format!("step {} of 3: done", number + 1)));
    child.kill().unwrap();
    child.wait().unwrap();
    let (standing, steps) = place.stands(&id);
    let applied = place.applied();
    for (step, (program, status)) in PROGRAMS.iter().zip(&steps).enumerate() {
        let count = applied.iter().filter(|name| *name == program).count();
        match status.as_str() {
            "done" => assert_eq!(count, 1, "{steps:?} {applied:?}"),
            "waiting" => assert_eq!(count, 0, "{steps:?} {applied:?}"),
            // What the killed one started may still be ending.
            "started" => {}
            other => panic!("{other}"),
        }
        assert!(step > number || status == "done", "{steps:?} after step {}", number + 1);
    }
    if standing == "applied" {
        assert_eq!(steps, ["done"; 3]);
        return;
    }
    assert_eq!(standing, "interrupted");
    place.goes_on(&id);
    let again = place.applied();
    for (program, status) in PROGRAMS.iter().zip(&steps) {
        let count = again.iter().filter(|name| *name == program).count();
        assert!(if status == "done" { count == 1 } else { count >= 1 }, "{steps:?} {again:?}");
    }
}
