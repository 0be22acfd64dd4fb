//! A model behind an OpenAI-compatible endpoint: a local server that answers by a script and keeps what it was sent.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use serde_json::{Value, json};

use crate::home::Home;

/// Starts a server that answers its requests with these replies, in order, and then ends.
fn script(replies: Vec<(u16, Value)>) -> (String, mpsc::Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for (status, reply) in replies {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut length = 0;
            let mut line = String::new();
            let mut head = String::new();
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
            request["head"] = json!(head);
            sender.send(request).unwrap();
            let body = reply.to_string();
            write!(
                stream,
                "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
        }
    });
    (base, receiver)
}

fn says(text: &str) -> (u16, Value) {
    message(&json!({"role": "assistant", "content": text}), "stop")
}

fn calls(tool: &str, arguments: &Value) -> (u16, Value) {
    let call =
        json!({"id": "call_1", "type": "function", "function": {"name": tool, "arguments": arguments.to_string()}});
    message(&json!({"role": "assistant", "content": null, "tool_calls": [call]}), "tool_calls")
}

fn message(message: &Value, reason: &str) -> (u16, Value) {
    let usage = json!({"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2});
    let choice = json!({"index": 0, "message": message, "finish_reason": reason});
    (
        200,
        json!({"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}),
    )
}

#[test]
fn a_remote_model() {
    let mut home = Home::seeded();
    answers_through_the_tools(&mut home);
    a_lie_is_not_said(&mut home);
    asks_back_and_declines(&mut home);
    mends_its_arguments(&mut home);
    cannot_write(&mut home);
    auto_asks_it_only_what_the_rules_do_not_know(&mut home);
    failures_are_told(&mut home);
}

fn ask(home: &mut Home, replies: Vec<(u16, Value)>, question: &str) -> (Value, i32, Vec<Value>) {
    let (base, requests) = script(replies);
    home.set("OPENAI_BASE_URL", &base);
    home.set("OPENAI_API_KEY", "sk-secret");
    let (reply, code) = home.ask_with(&["--brain", "openai:test-model"], question);
    (reply, code, requests.try_iter().collect())
}

fn answers_through_the_tools(home: &mut Home) {
    let query = json!({"measures": ["orders"]});
    let (reply, code, requests) =
        ask(home, vec![calls("query_orders", &query), says("There are 600 orders.")], "how big are we");
    assert_eq!((reply["status"].as_str(), code), (Some("answered"), 0), "{reply}");
    assert_eq!(reply["rows"], json!([[600]]));
    assert_eq!(reply["brain"], "openai:test-model");
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0]["model"], "test-model");
    assert!(requests[0]["head"].as_str().unwrap().to_lowercase().contains("authorization: bearer sk-secret"));
    let tools: Vec<&str> = requests[0]["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["function"]["name"].as_str().unwrap())
        .collect();
    for tool in ["query_orders", "select_orders", "describe_orders", "ask_back", "decline"] {
        assert!(tools.contains(&tool), "{tools:?}");
    }
    assert!(requests[1]["messages"].to_string().contains("600"), "the result reaches the model");
    assert!(!reply.to_string().contains("sk-secret"));
}

fn a_lie_is_not_said(home: &mut Home) {
    let query = json!({"measures": ["orders"]});
    let (reply, _, _) = ask(home, vec![calls("query_orders", &query), says("There are 999999 orders.")], "how big");
    assert!(!reply["answer"].as_str().unwrap().contains("999"), "{reply}");
    assert!(reply["answer"].as_str().unwrap().contains("600"), "the computed sentence: {reply}");
    let (reply, code, _) = ask(home, vec![says("You had 12345 orders.")], "how big");
    assert_eq!((reply["status"].as_str(), code), (Some("clarification"), 3), "{reply}");
    assert!(!reply["answer"].as_str().unwrap().contains("12345"), "{reply}");
}

fn asks_back_and_declines(home: &mut Home) {
    let question =
        json!({"message": "Which city is meant?", "choices": ["where it ships to", "where the customer lives"]});
    let (reply, code, _) = ask(home, vec![calls("ask_back", &question), says("ok")], "by city");
    assert_eq!((reply["status"].as_str(), code), (Some("clarification"), 3), "{reply}");
    assert_eq!(reply["choices"].as_array().unwrap().len(), 2);
    let (reply, code, _) = ask(
        home,
        vec![calls("decline", &json!({"reason": "orders are not changed from here"})), says("ok")],
        "drop it",
    );
    assert_eq!((reply["status"].as_str(), code), (Some("refused"), 4), "{reply}");
}

fn mends_its_arguments(home: &mut Home) {
    let wrong = json!({"measures": ["revnue"]});
    let right = json!({"measures": ["revenue"]});
    let (reply, _, requests) =
        ask(home, vec![calls("query_orders", &wrong), calls("query_orders", &right), says("ok")], "how much");
    assert_eq!(reply["status"], "answered", "{reply}");
    assert!(requests[1]["messages"].to_string().contains("did you mean `revenue`"), "{}", requests[1]["messages"]);
    assert_eq!(reply["tool_calls"][0]["status"], "error");
    assert_eq!(reply["tool_calls"][1]["status"], "ok");
}

fn cannot_write(home: &mut Home) {
    let sql = json!({"sql": "DELETE FROM orders"});
    let (reply, code, _) =
        ask(home, vec![calls("select_orders", &sql), says("Done, all orders are deleted.")], "clean up");
    assert_eq!((reply["status"].as_str(), code), (Some("refused"), 4), "{reply}");
    let (reply, _) = home.ask_with(&["--brain", "rules"], "how many orders");
    assert_eq!(reply["rows"], json!([[600]]));
}

fn auto_asks_it_only_what_the_rules_do_not_know(home: &mut Home) {
    let settings = home.path().join("oms.toml");
    std::fs::write(&settings, "remote = 'openai:test-model'\n").unwrap();
    let file = settings.to_str().unwrap().to_owned();
    let (base, requests) = script(vec![calls("query_orders", &json!({"measures": ["orders"]})), says("ok")]);
    home.set("OPENAI_BASE_URL", &base);
    let (reply, _) = home.ask_with(&["--config", &file], "how many orders");
    assert_eq!(reply["brain"], "rules", "{reply}");
    assert_eq!(requests.try_iter().count(), 0);
    let (reply, _) = home.ask_with(&["--config", &file], "gimme the whole shebang");
    assert_eq!(
        (reply["brain"].as_str(), reply["rows"].clone()),
        (Some("openai:test-model"), json!([[600]])),
        "{reply}"
    );
    assert_eq!(requests.try_iter().count(), 2);
}

fn failures_are_told(home: &mut Home) {
    for (status, expected) in [(401, "OPENAI_API_KEY"), (404, "--brain openai:MODEL"), (500, "--brain rules")] {
        let body = json!({"error": {"message": "the key sk-secret is bad", "type": "x", "code": "x"}});
        let (reply, code, _) =
            ask(home, vec![(status, body.clone()), (status, body.clone()), (status, body)], "how big");
        assert_eq!((reply["status"].as_str(), code), (Some("error"), 1), "{status}: {reply}");
        assert!(reply["error"]["hint"].as_str().unwrap().contains(expected), "{status}: {reply}");
        assert!(!reply.to_string().contains("sk-secret"), "{reply}");
    }
    home.set("OPENAI_BASE_URL", "http://127.0.0.1:9/v1");
    let (reply, code) = home.ask_with(&["--brain", "openai:test-model"], "how big");
    assert_eq!((reply["status"].as_str(), code), (Some("error"), 1), "{reply}");
    let keyless = Home::empty();
    let ran = keyless.oms(&["--brain", "openai:m", "ask", "revenue"]);
    assert!(ran.code == 1 && ran.err.contains("OPENAI_API_KEY"), "{}", ran.err);
}
