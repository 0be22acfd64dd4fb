//! A reply as Slack's Block Kit, within its limits: 3,000 characters a block, 50 blocks; a larger table is a CSV file.

use std::fmt::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oms_tools::Table;
use serde_json::{Value, json};

use super::event::Event;
use crate::agent::Agent;
use crate::reply::surface::Surface;
use crate::reply::table::{self, Rows};
use crate::reply::{self, Reply, clean, csv};

/// Characters of one block, with room for what stands around a table.
const BLOCK: usize = 2_900;
/// Blocks of text of one message; besides them there are a table and a button.
const TEXTS: usize = 40;
/// Rows that are shown; more are a file.
const SHOWN: usize = 30;

/// The message that answers an event. `sql_of` is the event whose SQL the button shows.
pub(super) fn message(event: &Event, reply: &Reply, agent: &Agent, sql_of: Option<&str>) -> Value {
    let mut said = clean::paragraphs(&reply.answer);
    for (number, choice) in reply.choices.iter().enumerate() {
        write!(said, "\n{}. {}", number + 1, clean::one_line(choice)).ok();
    }
    let hint = reply.error.as_ref().map(|error| error.hint.as_str()).unwrap_or_default();
    for hint in hint.lines().filter(|hint| !hint.trim().is_empty()) {
        write!(said, "\n_hint: {}_", clean::one_line(hint)).ok();
    }
    let mut blocks: Vec<Value> = pieces(&escaped(&said)).into_iter().take(TEXTS).map(|text| section(&text)).collect();
    let mut files = Vec::new();
    let rows =
        reply.report.as_ref().map(|report| &report.table).or(reply.told.as_ref().and_then(|told| told.table.as_ref()));
    let single = |rows: &Table| rows.rows.len() == 1 && rows.columns.len() == 1;
    // A single figure stands in the sentence already.
    if let Some(rows) = rows.filter(|rows| !rows.rows.is_empty()).filter(|rows| !single(rows)) {
        let surface = Surface::terminal(96, false);
        let drawn = table::render(rows, agent.vocabulary(), &surface, Rows::All);
        if rows.rows.len() <= SHOWN && drawn.chars().count() <= BLOCK - 8 {
            blocks.push(section(&format!("```\n{}\n```", escaped(&drawn))));
        } else {
            files.push(file(rows));
            blocks.push(section(&format!("_{} rows: see the file_", rows.rows.len())));
        }
    }
    let report = reply.report.as_ref();
    let mut notes: Vec<&String> = report.map(|report| report.notes.iter().collect()).unwrap_or_default();
    notes.extend(reply.told.iter().flat_map(|told| &told.notes));
    for note in notes.into_iter().take(5) {
        let text: String = escaped(&clean::one_line(note)).chars().take(BLOCK).collect();
        blocks.push(json!({"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}));
    }
    let sql = report.map(|report| report.sql.clone()).filter(|sql| !sql.is_empty());
    if let (Some(_), Some(of)) = (&sql, sql_of) {
        blocks.push(json!({"type": "actions", "elements": [{"type": "button", "action_id": "show_sql", "value": of,
            "text": {"type": "plain_text", "text": "Show SQL"}}]}));
    }
    let mut answer = outline(event, &said, &blocks, reply.status);
    answer["files"] = Value::Array(files);
    answer["sql"] = json!(sql);
    answer
}

/// The SQL behind an earlier answer.
pub(super) fn sql(event: &Event, sql: Option<&str>) -> Value {
    let text = sql.unwrap_or("there is no SQL behind that answer any more");
    let fence = if sql.is_some() { "```\n" } else { "" };
    let blocks: Vec<Value> =
        pieces(&escaped(text)).iter().map(|piece| section(&format!("{fence}{piece}{}", fence.trim_end()))).collect();
    outline(event, text, &blocks, reply::Status::Answered)
}

fn outline(event: &Event, text: &str, blocks: &[Value], status: reply::Status) -> Value {
    json!({
        "type": "message",
        "in_reply_to": event.id,
        "channel": event.channel,
        "thread_ts": event.thread,
        "text": text.chars().take(BLOCK).collect::<String>(),
        "blocks": blocks,
        "files": [],
        "status": status,
        "final": true,
    })
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": {"type": "mrkdwn", "text": text}})
}

fn file(rows: &Table) -> Value {
    let mut bytes = Vec::new();
    // Writing into memory does not fail.
    csv::write(rows, &mut bytes).ok();
    json!({"name": "rows.csv", "mime": "text/csv", "base64": STANDARD.encode(bytes)})
}

/// What mrkdwn would take for its own is escaped, so that a name from a row can neither link nor call anybody.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
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
