//! Transcripts of whole conversations with a scripted agent, through a pipe.

mod terminal;

use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::BoxFuture;
use oms_tools::Effect;
use tokio::sync::mpsc;

use super::completion::{Completion, goes_on};
use super::lines::Lines;
use super::session::Session;
use super::{Converse, Input, Source, ToolInfo, commands, converse};
use crate::brain::Spending;
use crate::reply::surface::Surface;
use crate::reply::tests::fixture::{answered, catalog, revenue_by_country, values, vocabulary, without_rows};
use crate::reply::{Reply, Status};

/// Answers by the question's first word, and never the question `wait`.
struct Scripted {
    heard: Arc<Mutex<Vec<String>>>,
    started: mpsc::UnboundedSender<()>,
}

impl Converse for Scripted {
    fn turn<'a>(&'a mut self, text: &'a str) -> BoxFuture<'a, Reply> {
        async move {
            if text == "wait" {
                self.started.send(()).unwrap();
                std::future::pending::<()>().await;
            }
            self.heard.lock().unwrap().push(text.to_owned());
            match text.split_whitespace().next() {
                Some("revenue") => answered(revenue_by_country()),
                Some("delete") => {
                    without_rows(Status::Refused, "refused to delete orders: only questions are answered")
                }
                _ => without_rows(Status::Clarification, "I do not know that word."),
            }
        }
        .boxed()
    }

    fn reset(&mut self) {
        self.heard.lock().unwrap().clear();
    }

    fn tools(&self) -> Vec<ToolInfo> {
        let tool = |name: &str, description: &str| ToolInfo {
            name: name.into(),
            effect: Effect::Reads,
            description: description.into(),
        };
        vec![tool("query_orders", "answers a semantic query"), tool("select_orders", "runs one SELECT")]
    }

    fn history(&self) -> Vec<(String, String)> {
        self.heard.lock().unwrap().iter().map(|question| (question.clone(), "an answer\nin two lines".into())).collect()
    }

    fn spending(&self) -> (Spending, Spending) {
        (Spending::default(), Spending::default())
    }
}

struct Transcript {
    out: String,
    err: String,
    heard: Vec<String>,
}

/// Runs a conversation over these bytes.
async fn hold(input: &[u8], longest: usize) -> Transcript {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (started, _kept) = mpsc::unbounded_channel();
    let session =
        Session::new(Box::new(Scripted { heard: heard.clone(), started }), vocabulary(), Surface::plain(), false);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    converse(session, Source::Pipe(Lines::new(input, longest)), None, longest, &mut out, &mut err).await.unwrap();
    let heard = heard.lock().unwrap().clone();
    Transcript { out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap(), heard }
}

async fn transcript(input: &str) -> String {
    let Transcript { out, err, .. } = hold(input.as_bytes(), 1000).await;
    format!("{out}--- stderr\n{err}")
}

#[tokio::test]
async fn a_conversation_through_a_pipe() {
    let input = "revenue by country\n/sql\n/explain\n/json\n/chart\n/table\n\n   \nwhat is zanzibar\ndelete all orders\n/history\n";
    insta::assert_snapshot!(transcript(input).await);
}

#[tokio::test]
async fn commands_that_need_no_answer() {
    insta::assert_snapshot!(transcript("/help\n/tools\n/history\n/new\n/quit\nnever read\n").await);
}

#[tokio::test]
async fn commands_that_cannot_be_done() {
    insta::assert_snapshot!(transcript("/sql\n/csv\n/chat\n/nonsense\n/quit now\ndelete x\n/table\n/chart\n").await);
}

#[tokio::test]
async fn bad_lines_are_told_and_the_session_lives_on() {
    let mut input = b"caf\xff\xfe revenue\n".to_vec();
    input.extend(std::iter::repeat_n(b'x', 1024 * 1024));
    input.extend_from_slice(
        b"\n\x00\x1b\x07\nrev\x00enue by coun\x1btry\r\nrevenue \\\nby country\nlast line without an end",
    );
    let Transcript { err, heard, .. } = hold(&input, 1000).await;
    assert_eq!(
        err,
        "cannot read this line: it is not UTF-8 text\n\
         cannot read this question: it has 1048576 bytes, and at most 1000 are read\n"
    );
    assert_eq!(heard, ["revenue by country", "revenue \nby country", "last line without an end"]);
}

#[tokio::test]
async fn charts_are_written_into_new_files_only() {
    let folder = tempfile::tempdir().unwrap();
    let (svg, png) = (folder.path().join("a.svg"), folder.path().join("a.png"));
    let commands = format!(
        "/chart {0}\nrevenue\n/chart {0}\n/chart {1}\n/chart {0}\n/chart {2}\n",
        svg.display(),
        png.display(),
        folder.path().join("a.gif").display()
    );
    let Transcript { out, err, .. } = hold(commands.as_bytes(), 1000).await;
    assert_eq!(out.matches("wrote the chart to").count(), 2, "{out}");
    assert!(err.contains("there is no answer yet") && err.contains("it exists already"), "{err}");
    assert!(err.contains("must end in `.svg` or `.png`"), "{err}");
    let drawn = std::fs::read_to_string(svg).unwrap();
    assert!(drawn.starts_with("<svg") || drawn.starts_with("<?xml"), "{drawn}");
    for label in ["Germany (DE)", "€ 120,034.50", "Portugal", "€ 1,234.05"] {
        assert!(drawn.contains(label), "{label}");
    }
    assert!(std::fs::read(png).unwrap().starts_with(b"\x89PNG\r\n"));
}

#[tokio::test]
async fn csv_writes_a_new_file_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.csv");
    let command = format!("/csv {}", file.display());
    let Transcript { out, err, .. } = hold(format!("revenue\n{command}\n{command}\n").as_bytes(), 1000).await;
    assert!(out.contains("wrote 3 rows to `"), "{out}");
    assert!(err.contains("it exists already"), "{err}");
    let written = std::fs::read_to_string(file).unwrap();
    assert_eq!(written, "ship_country,revenue\r\nDE,120034.50\r\nES,80000.00\r\nPT,1234.05\r\n");
    let Transcript { err, .. } = hold(b"revenue\n/csv /nowhere/at/all.csv\n", 1000).await;
    assert!(err.starts_with("cannot write `/nowhere/at/all.csv`: "), "{err}");
}

#[tokio::test]
async fn an_interrupt_cancels_the_turn_and_keeps_the_session() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (started, mut has_started) = mpsc::unbounded_channel();
    let session =
        Session::new(Box::new(Scripted { heard: heard.clone(), started }), vocabulary(), Surface::plain(), false);
    let (interrupt, interrupts) = mpsc::unbounded_channel();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let source = Source::Pipe(Lines::new(&b"wait\nrevenue\n"[..], 1000));
    let held = converse(session, source, Some(interrupts), 1000, &mut out, &mut err);
    let pressed = async {
        has_started.recv().await.unwrap();
        interrupt.send(()).unwrap();
    };
    let (held, ()) = tokio::join!(held, pressed);
    held.unwrap();
    assert_eq!(String::from_utf8(err).unwrap(), "cancelled\n\n");
    assert_eq!(*heard.lock().unwrap(), ["revenue"]);
}

#[test]
fn completion_knows_commands_words_and_values() {
    let completion = Completion::new(&catalog(), &values());
    let offered = |line: &str| {
        let (start, found) = completion.candidates(line, line.len());
        (line[start..].to_owned(), found)
    };
    assert_eq!(offered("/h").1, ["/history", "/help"]);
    assert_eq!(offered("reve"), ("reve".into(), vec!["revenue".into()]));
    assert_eq!(offered("show me Average ord"), ("Average ord".into(), vec!["average order value".into()]));
    assert_eq!(offered("revenue in ger"), ("ger".into(), vec!["German".into(), "Germany".into()]));
    assert_eq!(offered("orders from Spa"), ("Spa".into(), vec!["spain".into(), "spanish".into()]));
    assert_eq!(offered("zzz").1, Vec::<String>::new());
    assert_eq!(offered("").1, Vec::<String>::new());
    assert_eq!(completion.hint("reven", 5).as_deref(), Some("ue"));
    assert_eq!(completion.hint("orders from germ", 16).as_deref(), Some("an"));
    assert_eq!(completion.hint("re", 2), None);
    assert_eq!(completion.hint("reven", 2), None);
    assert!(completion.hint("/csv", 4).is_some_and(|hint| hint.starts_with(" FILE")));
}

#[test]
fn what_goes_on_in_the_next_line() {
    for (text, expected) in [
        ("revenue", false),
        ("revenue \\", true),
        ("product \"Lamp", true),
        ("product \"Lamp\n", false),
        ("product \"Lamp\"", false),
        ("what's new", false),
    ] {
        assert_eq!(goes_on(text), expected, "{text:?}");
    }
}

#[test]
fn every_command_is_found_by_its_name_and_says_what_it_does() {
    for command in commands::ALL {
        let usage = command.usage();
        let (name, _) = commands::parse(&usage).unwrap();
        assert_eq!(commands::ALL.iter().filter(|other| other.name == name).count(), 1, "{name}");
        assert!(!command.help.is_empty() && !command.help.contains('\n'), "{name}");
    }
    assert_eq!(commands::parse("/* a comment */ SELECT 1"), None);
    assert_eq!(commands::parse("revenue"), None);
}

#[tokio::test]
async fn continued_lines_are_bounded_too() {
    let mut lines = Lines::new(&b"aaaa\\\nbbbb\\\ncccc\nnext\n"[..], 10);
    assert_eq!(lines.next().await.unwrap(), Input::TooLong(14));
}
