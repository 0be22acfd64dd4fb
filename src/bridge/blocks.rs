//! A reply as Slack's Block Kit, within its limits: 3,000 characters a block, 50 blocks. What is longer is split, and what is
//! larger is a file: rows as CSV, a chart as PNG.

use std::fmt::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oms_tools::{Failure, ProposedChange, Table};
use serde_json::{Value, json};

use super::event::Event;
use super::journal::ShownChange;
use crate::agent::Agent;
use crate::reply::chart::file::Picture;
use crate::reply::surface::Surface;
use crate::reply::table::{self, Rows};
use crate::reply::{self, Reply, clean, csv};

/// Characters of one block, with room for what stands around a table.
const BLOCK: usize = 2_900;
/// Blocks of text of one message, the rest is a file; besides them there are a table, notes, and buttons.
const TEXTS: usize = 38;
/// Rows that are shown; more are a file.
const SHOWN: usize = 30;
/// Characters of a table's line: more wraps in a channel, and is a file too.
const WIDTH: usize = 96;
/// Groups of a chart: more are not told apart.
const DRAWN: usize = 40;
/// Notes of one message.
const NOTES: usize = 5;

/// The message that answers an event, what is kept of it, and the change set that it shows.
pub(super) struct Said {
    pub(super) message: Value,
    pub(super) sql: Option<String>,
    pub(super) shown: Option<ShownChange>,
}

/// A message while it is made.
#[derive(Default)]
struct Parts {
    blocks: Vec<Value>,
    files: Vec<Value>,
}

/// What is drawn of a reply, if something is.
pub(super) fn picture(reply: &Reply, agent: &Agent) -> Option<Result<Picture, Failure>> {
    let of_rows = reply.report.as_ref().filter(|report| {
        let along_time = report
            .query
            .as_ref()
            .is_some_and(|query| query.dimensions.iter().any(|name| reply::chart::along_time(name)));
        report.query.is_some() && (along_time || report.table.rows.len() <= DRAWN)
    });
    match (of_rows, reply.told.as_ref().and_then(|told| told.chart.as_ref())) {
        (Some(report), _) => Picture::of(report, agent.vocabulary()).map(Ok),
        (None, Some(course)) => Some(Picture::of_course(course)),
        (None, None) => None,
    }
}

/// The message that answers an event. `chart` is a PNG in base64, `sql_of` the event whose SQL the button shows.
pub(super) fn message(
    event: &Event,
    reply: &Reply,
    agent: &Agent,
    chart: Option<String>,
    sql_of: Option<&str>,
) -> Said {
    let said = spoken(reply);
    let mut parts = Parts::default();
    let change = reply.told.as_ref().and_then(|told| told.change.as_ref());
    if let Some(change) = change {
        parts.proposal(change);
    }
    parts.text(&said);
    parts.rows(reply, agent);
    if let Some(chart) = chart {
        parts.files.push(json!({"name": "chart.png", "mime": "image/png", "base64": chart}));
    }
    parts.notes(reply);
    let sql = reply.report.as_ref().map(|report| report.sql.clone()).filter(|sql| !sql.is_empty());
    if let (Some(_), Some(of)) = (&sql, sql_of) {
        parts.blocks.push(json!({"type": "actions", "elements": [button("show_sql", "Show SQL", of)]}));
    }
    if let Some(change) = change {
        parts.decision(change);
    }
    Said {
        message: outline(event, &said, &parts, &json!(reply.status), Final::Yes),
        sql,
        shown: change.map(|change| ShownChange { id: change.id.clone(), digest: change.digest.clone() }),
    }
}

/// The SQL behind an earlier answer.
pub(super) fn sql(event: &Event, sql: Option<&str>) -> Said {
    let text = sql.unwrap_or("there is no SQL behind that answer any more");
    let mut parts = Parts::default();
    match sql {
        Some(sql) => parts.fenced(sql, "query.sql"),
        None => parts.text(text),
    }
    Said { message: outline(event, text, &parts, &json!(reply::Status::Answered), Final::Yes), sql: None, shown: None }
}

/// What is said while a turn goes on; the next message of the same event replaces it.
pub(super) fn progress(event: &Event, text: &str) -> Value {
    let mut parts = Parts::default();
    let text: String = text.chars().take(BLOCK).collect();
    parts.blocks.push(json!({"type": "context", "elements": [{"type": "mrkdwn", "text": escaped(&text).chars().take(BLOCK).collect::<String>()}]}));
    outline(event, &text, &parts, &json!("working"), Final::No)
}

/// Whether another message about the same event follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Final {
    Yes,
    No,
}

/// Sentence, choices and hints.
fn spoken(reply: &Reply) -> String {
    let mut said = clean::paragraphs(reply.answer.trim_end());
    for (number, choice) in reply.choices.iter().enumerate() {
        write!(said, "\n{}. {}", number + 1, clean::one_line(choice)).ok();
    }
    let hint = reply.error.as_ref().map(|error| error.hint.as_str()).unwrap_or_default();
    for hint in hint.lines().filter(|hint| !hint.trim().is_empty()) {
        write!(said, "\nhint: {}", clean::one_line(hint)).ok();
    }
    said
}

impl Parts {
    /// A text in as many blocks as it takes; what is beyond all limits is a file.
    fn text(&mut self, text: &str) {
        let mut pieces = pieces(&escaped(text));
        if pieces.len() > TEXTS {
            pieces.truncate(TEXTS);
            self.file("answer.txt", "text/plain", text.as_bytes());
            self.blocks.extend(pieces.iter().map(|piece| section(piece)));
            self.blocks.push(section("_the rest is in the file `answer.txt`_"));
        } else {
            self.blocks.extend(pieces.iter().map(|piece| section(piece)));
        }
    }

    /// A text of fixed width, likewise.
    fn fenced(&mut self, text: &str, name: &str) {
        let pieces = pieces(&fenceable(text));
        if pieces.len() > TEXTS {
            self.file(name, "text/plain", text.as_bytes());
            self.blocks.push(section(&format!("_it is long: see the file `{name}`_")));
            return;
        }
        self.blocks.extend(pieces.iter().map(|piece| section(&format!("```\n{piece}\n```"))));
    }

    fn rows(&mut self, reply: &Reply, agent: &Agent) {
        let told = reply.told.as_ref().and_then(|told| told.table.as_ref());
        let Some(rows) = reply.report.as_ref().map(|report| &report.table).or(told) else { return };
        // A single figure stands in the sentence already.
        if rows.rows.is_empty() || (rows.rows.len() == 1 && rows.columns.len() == 1) {
            return;
        }
        // The terminal's own limit of rows does not hold here: a table is whole, or a file.
        let drawn = (rows.rows.len() <= SHOWN)
            .then(|| fenceable(&table::render(rows, agent.vocabulary(), &Surface::terminal(WIDTH, false), Rows::All)))
            .filter(|drawn| drawn.chars().count() <= BLOCK - 8);
        if let Some(drawn) = drawn {
            // What had to be cut to fit is whole in the file.
            if drawn.contains(Surface::terminal(WIDTH, false).ellipsis()) {
                self.file("rows.csv", "text/csv", &comma_separated(rows));
            }
            self.blocks.push(section(&format!("```\n{drawn}\n```")));
        } else {
            self.file("rows.csv", "text/csv", &comma_separated(rows));
            self.blocks.push(section(&format!("_{} rows: see the file `rows.csv`_", rows.rows.len())));
        }
    }

    fn notes(&mut self, reply: &Reply) {
        let report = reply.report.as_ref();
        let mut notes: Vec<String> = report.map(|report| report.notes.clone()).unwrap_or_default();
        notes.extend(reply.told.iter().flat_map(|told| told.notes.clone()));
        if report.is_some_and(|report| report.table.truncated) {
            notes.insert(0, "a limit of rows or bytes cut this result: there is more".to_owned());
        }
        for note in notes.iter().take(NOTES) {
            let text = pieces(&escaped(&clean::one_line(note))).into_iter().next().unwrap_or_default();
            self.blocks.push(json!({"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}));
        }
    }

    /// What a proposed change is, and exactly which.
    fn proposal(&mut self, change: &ProposedChange) {
        let summary = clip(&clean::one_line(&change.summary), 1_500);
        self.blocks.push(section(&format!(
            "*Proposed change `{}`:* {}\nDigest `{}`, stands until {}",
            escaped(&change.id),
            escaped(&summary),
            escaped(&change.digest),
            escaped(&change.expires_at)
        )));
    }

    fn decision(&mut self, change: &ProposedChange) {
        let mut approve = button("approve", "Approve", &change.id);
        approve["style"] = json!("primary");
        let plain = |text: &str| json!({"type": "plain_text", "text": text});
        approve["confirm"] = json!({"title": plain("Approve and apply?"),
            "text": plain(&clip(&clean::one_line(&change.summary), 250)),
            "confirm": plain("Approve"), "deny": plain("Cancel")});
        let mut decline = button("decline", "Decline", &change.id);
        decline["style"] = json!("danger");
        self.blocks.push(json!({"type": "actions", "elements": [approve, decline]}));
    }

    fn file(&mut self, name: &str, mime: &str, bytes: &[u8]) {
        self.files.push(json!({"name": name, "mime": mime, "base64": STANDARD.encode(bytes)}));
    }
}

fn outline(event: &Event, text: &str, parts: &Parts, status: &Value, last: Final) -> Value {
    json!({
        "type": "message",
        "in_reply_to": event.id,
        "channel": event.channel,
        "thread_ts": event.thread,
        // What notifications show; Slack reads mrkdwn there too.
        "text": pieces(&escaped(text)).into_iter().next().unwrap_or_default(),
        "blocks": parts.blocks,
        "files": parts.files,
        "status": status,
        "final": last == Final::Yes,
    })
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": {"type": "mrkdwn", "text": text}})
}

fn button(action: &str, text: &str, value: &str) -> Value {
    json!({"type": "button", "action_id": action, "value": value, "text": {"type": "plain_text", "text": text}})
}

fn comma_separated(rows: &Table) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing into memory does not fail.
    csv::write(rows, &mut bytes).ok();
    bytes
}

fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

/// What mrkdwn would take for its own is escaped, so that a name from a row can neither link nor call anybody.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Text that cannot end the fence around it.
fn fenceable(text: &str) -> String {
    escaped(text).replace("```", "`\u{200b}`\u{200b}`")
}

/// Pieces of at most a block's length, cut at line ends where there are some. No escape is cut in two.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        let mut rest: Vec<char> = line.chars().collect();
        while !rest.is_empty() {
            let room = BLOCK - length;
            let mut cut = rest.len().min(room);
            if cut < rest.len() && rest.len() <= BLOCK {
                cut = 0;
            } else if cut < rest.len()
                && let Some(open) = rest[cut.saturating_sub(6)..cut].iter().rposition(|letter| *letter == '&')
                && !rest[cut.saturating_sub(6) + open..cut].contains(&';')
            {
                cut = cut.saturating_sub(6) + open;
            }
            if let Some(piece) = pieces.last_mut() {
                piece.extend(rest.drain(..cut));
            }
            length += cut;
            if !rest.is_empty() {
                pieces.push(String::new());
                length = 0;
            }
        }
    }
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}
