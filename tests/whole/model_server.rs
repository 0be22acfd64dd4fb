//! A provider's server on this machine: answers its requests by a script, streamed where streaming is asked for, and keeps
//! what it was sent.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;

use serde_json::{Value, json};

/// One scripted answer: a status, header lines, a body.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: &'static str,
    pub(crate) body: Body,
}

/// What an answer holds.
#[derive(Clone)]
pub(crate) enum Body {
    /// A chat completion: sent whole, or in chunks where the request asks for a stream.
    Chat(Value),
    /// As it is.
    Json(Value),
    /// Server-sent events as they are.
    Events(String),
}

impl From<(u16, Value)> for Answer {
    fn from((status, body): (u16, Value)) -> Self {
        let body = if status == 200 { Body::Chat(body) } else { Body::Json(body) };
        Self { status, headers: "", body }
    }
}

/// Starts a server that gives these answers, in order, and then ends. Returns its address and what it is sent: each
/// request's body with its `path` and `head`.
pub(crate) fn script(answers: Vec<Answer>) -> (String, mpsc::Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for answer in answers {
            let Ok((stream, _)) = listener.accept() else { return };
            serve(stream, &sender, &|_| answer.clone());
        }
    });
    (base, receiver)
}

/// Starts a server that answers every request as it is told, until the test ends. Returns its address and what it is sent.
pub(crate) fn responder(answer: impl Fn(&Value) -> Answer + Send + 'static) -> (String, mpsc::Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            serve(stream, &sender, &answer);
        }
    });
    (base, receiver)
}

/// Reads one request and answers it.
fn serve(mut stream: TcpStream, sender: &mpsc::Sender<Value>, answer: &dyn Fn(&Value) -> Answer) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut length, mut line, mut head) = (0, String::new(), String::new());
    while reader.read_line(&mut line).unwrap() > 2 {
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut request: Value = serde_json::from_slice(&body).unwrap();
    let streams = request["stream"] == true;
    request["path"] = json!(head.split_whitespace().nth(1).unwrap());
    request["head"] = json!(head);
    let answer = answer(&request);
    sender.send(request).ok();
    let (kind, body) = match &answer.body {
        Body::Chat(message) if streams => ("text/event-stream", chunks(message)),
        Body::Chat(body) | Body::Json(body) => ("application/json", body.to_string()),
        Body::Events(events) => ("text/event-stream", events.clone()),
    };
    let (status, headers) = (answer.status, answer.headers);
    write!(
        stream,
        "HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
}

/// A chat completion as a stream: the call's arguments and the text in two pieces each, then the reason, then the usage.
fn chunks(completion: &Value) -> String {
    let choice = &completion["choices"][0];
    let mut events = String::new();
    let mut chunk = |delta: &Value, reason: &Value, usage: &Value| {
        let choices =
            if usage.is_null() { json!([{"index": 0, "delta": delta, "finish_reason": reason}]) } else { json!([]) };
        let event = json!({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": choices, "usage": usage});
        write!(events, "data: {event}\n\n").unwrap();
    };
    let message = &choice["message"];
    if let Some(text) = message["content"].as_str() {
        let half = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
        chunk(&json!({"role": "assistant", "content": &text[..half]}), &Value::Null, &Value::Null);
        chunk(&json!({"content": &text[half..]}), &Value::Null, &Value::Null);
    }
    for (index, call) in message["tool_calls"].as_array().into_iter().flatten().enumerate() {
        let arguments = call["function"]["arguments"].as_str().unwrap();
        let (first, second) = arguments.split_at(arguments.len() / 2);
        chunk(
            &json!({"role": "assistant", "tool_calls": [{"index": index, "id": call["id"], "type": "function",
                "function": {"name": call["function"]["name"], "arguments": first}}]}),
            &Value::Null,
            &Value::Null,
        );
        chunk(
            &json!({"tool_calls": [{"index": index, "function": {"arguments": second}}]}),
            &Value::Null,
            &Value::Null,
        );
    }
    chunk(&json!({}), &choice["finish_reason"], &Value::Null);
    chunk(&Value::Null, &Value::Null, &completion["usage"]);
    events.push_str("data: [DONE]\n\n");
    events
}

/// The model says this.
pub(crate) fn says(text: &str) -> Answer {
    message(&json!({"role": "assistant", "content": text}), "stop")
}

/// The model calls a tool.
pub(crate) fn calls(tool: &str, arguments: &Value) -> Answer {
    let call =
        json!({"id": "call_1", "type": "function", "function": {"name": tool, "arguments": arguments.to_string()}});
    message(&json!({"role": "assistant", "content": null, "tool_calls": [call]}), "tool_calls")
}

fn message(message: &Value, reason: &str) -> Answer {
    let usage = json!({"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100});
    let choice = json!({"index": 0, "message": message, "finish_reason": reason});
    let body = json!({"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice],
        "usage": usage});
    (200, body).into()
}
