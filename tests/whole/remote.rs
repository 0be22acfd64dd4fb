//! Language models of other servers: one that is compatible with OpenAI's through all that a turn can be, then each provider.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::home::Home;
use crate::model_server::{Answer, Body, calls, says, script};

#[test]
fn a_remote_model() {
    let mut home = Home::seeded();
    answers_through_the_tools(&mut home);
    a_lie_is_not_said(&mut home);
    a_true_sentence_is(&mut home);
    is_recorded_and_replayed(&mut home);
    must_call_a_tool_before_it_speaks(&mut home);
    asks_back_and_declines(&mut home);
    mends_its_arguments(&mut home);
    cannot_write(&mut home);
    auto_asks_it_only_what_the_rules_do_not_know(&mut home);
    is_patient(&mut home);
    does_not_go_round_in_circles(&mut home);
    costs_are_counted_and_bounded(&mut home);
    failures_are_told(&mut home);
}

fn ask(home: &mut Home, replies: Vec<Answer>, question: &str) -> (Value, i32, Vec<Value>) {
    let (base, requests) = script(replies);
    home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
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

fn a_true_sentence_is(home: &mut Home) {
    let query = json!({"measures": ["orders"], "dimensions": ["channel"]});
    let (reply, _, _) = ask(home, vec![calls("query_orders", &query), says("ok")], "by door");
    let rows = reply["rows"].as_array().unwrap().clone();
    let most = rows.iter().max_by_key(|row| row[1].as_i64().unwrap()).unwrap();
    let (name, count) = (most[0].as_str().unwrap(), most[1].as_i64().unwrap());
    let told = format!("The highest number of orders came from {name} with {count}.");
    let (reply, _, _) = ask(home, vec![calls("query_orders", &query), says(&told)], "by door");
    assert_eq!(reply["answer"], json!(told), "{reply}");
    // The same figure of another door.
    let other = rows.iter().find(|row| row[0] != most[0]).unwrap()[0].as_str().unwrap();
    let lie = told.replace(name, other);
    let (reply, _, _) = ask(home, vec![calls("query_orders", &query), says(&lie)], "by door");
    assert_ne!(reply["answer"], json!(lie), "{reply}");
    assert!(reply["answer"].as_str().unwrap().contains("Orders by channel"), "{reply}");
    let record = home.oms(&["audit", "show"]);
    assert!(record.out.contains("did not show the sentence of openai:test-model: a comparison"), "{}", record.out);
}

/// Streamed calls of tools are recorded as they came, and replayed without a server and without a key.
fn is_recorded_and_replayed(home: &mut Home) {
    let query = json!({"measures": ["orders"]});
    let (base, requests) = script(vec![calls("query_orders", &query), says("There were 600 orders.")]);
    home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
    home.set("OPENAI_API_KEY", "sk-secret");
    let folder = home.path().join("recorded");
    let suite = home.path().join("mine.yaml");
    std::fs::write(
        &suite,
        "suite: mine\nas_of: 2026-01-14 12:00:00\ncases:\n- id: mine-size\n  question: how big are we\n  kinds: [total]\n  \
         sql: SELECT COUNT(*) AS orders FROM orders\n",
    )
    .unwrap();
    let (suite, folder) = (suite.to_str().unwrap(), folder.to_str().unwrap());
    let ran = home.oms(&["--brain", "openai:test-model", "eval", suite, "--record", folder]);
    assert_eq!((ran.code, requests.try_iter().count()), (0, 2), "{}{}", ran.out, ran.err);
    let turns = std::fs::read_to_string(std::path::Path::new(folder).join("turns.jsonl")).unwrap();
    assert!(!turns.contains("sk-secret") && turns.contains("There were 600 orders."), "{turns}");
    home.set("OPENAI_BASE_URL", "");
    home.set("OPENAI_API_KEY", "");
    let replay = ["--brain", "openai:test-model", "eval", "--replay", folder];
    let ran = home.oms(&replay);
    assert!(ran.code == 0 && ran.out.contains("1 the same"), "{}{}", ran.out, ran.err);
    let ran = home.oms(&["--brain", "openai:other-model", "eval", "--replay", folder]);
    assert!(ran.code == 1 && ran.out.contains("request.model"), "{}", ran.out);
    // Other tools, and other instructions.
    let few = settings(home, "[model]\ntools = ['query_orders']\n");
    let ran = home.oms(&[&["--config", &few], &replay[..]].concat());
    assert!(ran.code == 1 && ran.out.contains("request.tools"), "{}", ran.out);
    assert!(
        ran.out.contains(&format!("--brain openai:test-model eval --again {folder} --record {folder}")),
        "{}",
        ran.out
    );
    let ran = home.oms(&[&["--as-of", "2026-01-15 12:00:00"], &replay[..]].concat());
    assert!(ran.code == 1 && ran.out.contains("request.messages[0].content"), "{}", ran.out);
    // Asked anew of a server, which says something else.
    let (base, _requests) = script(vec![calls("query_orders", &query), says("600 orders.")]);
    home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
    let ran = home.oms(&["--brain", "openai:test-model", "eval", "--again", folder, "--record", folder]);
    assert!(
        ran.code == 0 && ran.out.contains("1 are recorded anew, 0 with the outcome as before"),
        "{}{}",
        ran.out,
        ran.err
    );
    assert!(ran.out.contains("reply.sentence"), "{}", ran.out);
    let turns = std::fs::read_to_string(std::path::Path::new(folder).join("turns.jsonl")).unwrap();
    assert!(turns.contains("600 orders.") && !turns.contains("There were"), "{turns}");
    home.set("OPENAI_BASE_URL", "");
    let ran = home.oms(&replay);
    assert!(ran.code == 0 && ran.out.contains("1 the same"), "{}{}", ran.out, ran.err);
}

/// With `model.tool_choice`, every request asks for a call of a tool until one has answered, and then for words.
fn must_call_a_tool_before_it_speaks(home: &mut Home) {
    let (wrong, right) = (json!({"measures": ["revnue"]}), json!({"measures": ["orders"]}));
    let answers = || vec![calls("query_orders", &wrong), calls("query_orders", &right), says("There are 600 orders.")];
    for (text, expected) in [
        ("tool_choice = 'required'", [json!("required"), json!("required"), json!("none")]),
        ("tool_choice = 'auto'", [Value::Null, Value::Null, Value::Null]),
    ] {
        let file = settings(home, &format!("[model]\n{text}\n"));
        let (base, requests) = script(answers());
        home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
        let (reply, _) = home.ask_with(&["--config", &file, "--brain", "openai:test-model"], "how big are we");
        assert_eq!(reply["rows"], json!([[600]]), "{reply}");
        let asked: Vec<Value> = requests.try_iter().map(|request| request["tool_choice"].clone()).collect();
        // Where nothing is said, the model decides; some servers are told so in words.
        let asked: Vec<Value> = asked.into_iter().map(|it| if it == "auto" { Value::Null } else { it }).collect();
        assert_eq!(asked, expected, "{text}");
    }
    let file = settings(home, "[model]\ntool_choice = 'always'\n");
    let ran = home.oms(&["--config", &file, "ask", "how many orders"]);
    assert!(ran.code != 0 && ran.err.contains("required"), "{}", ran.err);
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
    home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
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
        // Tried again where that can help: the setting's tries, and no more.
        let replies = vec![Answer::from((status, body)); 3];
        let (base, requests) = script(replies);
        home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
        let file = settings(home, "[model]\ntries = 3\n");
        let (reply, code) = home.ask_with(&["--config", &file, "--brain", "openai:test-model"], "how big");
        assert_eq!((reply["status"].as_str(), code), (Some("error"), 1), "{status}: {reply}");
        assert!(reply["error"]["hint"].as_str().unwrap().contains(expected), "{status}: {reply}");
        assert!(!reply.to_string().contains("sk-secret"), "{reply}");
        assert_eq!(requests.try_iter().count(), if status == 500 { 3 } else { 1 }, "{status}");
    }
    for (code, expected) in [("context_length_exceeded", "/new"), ("insufficient_quota", "the account's plan")] {
        let status = if code.contains("quota") { 429 } else { 400 };
        let body = json!({"error": {"message": code, "type": code, "code": code}});
        let (reply, _, requests) = ask(home, vec![(status, body).into()], "how big");
        assert!(reply["error"]["hint"].as_str().unwrap().contains(expected), "{reply}");
        assert_eq!(requests.len(), 1, "another try cannot help");
    }
    home.set("OPENAI_BASE_URL", "http://127.0.0.1:9/v1");
    let file = settings(home, "[model]\ntries = 1\n");
    let (reply, code) = home.ask_with(&["--config", &file, "--brain", "openai:test-model"], "how big");
    assert_eq!((reply["status"].as_str(), code), (Some("error"), 1), "{reply}");
    let keyless = Home::empty();
    for (brain, variable) in [
        ("openai:m", "OPENAI_API_KEY"),
        ("anthropic:m", "ANTHROPIC_API_KEY"),
        ("gemini:m", "GEMINI_API_KEY"),
        ("mistral:m", "MISTRAL_API_KEY"),
        ("azure:m", "AZURE_OPENAI_ENDPOINT"),
    ] {
        let ran = keyless.oms(&["--brain", brain, "ask", "revenue"]);
        assert!(ran.code == 1 && ran.err.contains(variable), "{brain}: {}", ran.err);
    }
    let ran = keyless.oms(&["--brain", "antropic:m", "ask", "revenue"]);
    assert!(ran.code != 0 && ran.err.contains("did you mean `anthropic`"), "{}", ran.err);
}

/// A settings file with this text.
fn settings(home: &Home, text: &str) -> String {
    let file = home.path().join("model.toml");
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

/// After "slow down" the call is made again, as soon as the server allows.
fn is_patient(home: &mut Home) {
    let busy =
        Answer { status: 429, headers: "Retry-After: 0\r\n", body: Body::Json(json!({"error": {"message": "slow"}})) };
    let query = json!({"measures": ["orders"]});
    let (reply, _, requests) =
        ask(home, vec![busy.clone(), busy, calls("query_orders", &query), says("ok")], "how big");
    assert_eq!((reply["status"].as_str(), requests.len()), (Some("answered"), 4), "{reply}");
}

/// The same failing call twice ends the turn.
fn does_not_go_round_in_circles(home: &mut Home) {
    let wrong = json!({"measures": ["revnue"]});
    let (reply, _, requests) = ask(home, vec![calls("query_orders", &wrong); 6], "how much");
    assert_eq!(requests.len(), 2, "{reply}");
    assert_ne!(reply["status"], "answered", "{reply}");
}

/// Tokens are counted, priced, and stopped at the budget; `/cost` tells.
fn costs_are_counted_and_bounded(home: &mut Home) {
    let query = json!({"measures": ["orders"]});
    let turn = || vec![calls("query_orders", &query), says("ok")];
    let (base, requests) = script([turn(), turn(), turn()].concat());
    home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
    let file =
        settings(home, "[model]\nbudget = 0.005\n[model.prices.'openai:test-model']\ninput = 1.0\noutput = 10.0\n");
    let ran = home.piped(
        &["--config", &file, "--brain", "openai:test-model"],
        b"how big are we\n/cost\nhow big are we now\nand still\n/cost\n",
    );
    assert!(ran.out.contains("last turn: 2 calls, 2000 tokens in, 200 tokens out, 0.0040 USD"), "{}", ran.out);
    assert!(
        ran.out.contains("this conversation: 3 calls") || ran.out.contains("this conversation: 4 calls"),
        "{}",
        ran.out
    );
    let told = format!("{}{}", ran.out, ran.err);
    assert!(told.contains("of its 0.01 on language models") || told.contains("model.budget"), "{told}");
    assert!(requests.try_iter().count() < 6, "the third turn was not asked");
}

fn anthropic_call(query: &Value) -> Answer {
    anthropic(
        "tool_use",
        &json!({"type": "tool_use", "id": "toolu_1", "name": "query_orders", "input": {}}),
        &json!({"type": "input_json_delta", "partial_json": query.to_string()}),
    )
}

fn anthropic_text(text: &str) -> Answer {
    anthropic("end_turn", &json!({"type": "text", "text": ""}), &json!({"type": "text_delta", "text": text}))
}

/// One message of Anthropic's stream, in its published shape.
fn anthropic(reason: &str, block: &Value, delta: &Value) -> Answer {
    let events = [
        json!({"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant", "model": "m",
            "content": [], "stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 5, "output_tokens": 1}}}),
        json!({"type": "content_block_start", "index": 0, "content_block": block}),
        json!({"type": "content_block_delta", "index": 0, "delta": delta}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": null},
            "usage": {"output_tokens": 5}}),
        json!({"type": "message_stop"}),
    ];
    let mut body = String::new();
    for event in &events {
        write!(body, "event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap()).unwrap();
    }
    Answer { status: 200, headers: "", body: Body::Events(body) }
}

/// One part of Gemini's stream, in its published shape.
fn gemini(part: &Value) -> Answer {
    let event = json!({"candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 2, "totalTokenCount": 7}, "modelVersion": "m"});
    Answer { status: 200, headers: "", body: Body::Events(format!("data: {event}\n\n")) }
}

#[test]
fn every_provider_is_asked_in_its_own_way() {
    let mut home = Home::seeded();
    let query = json!({"measures": ["orders"]});
    let chat = || vec![calls("query_orders", &query), says("ok")];
    let key_file = home.path().join("key");
    std::fs::write(&key_file, "sk-file\n").unwrap();
    let (tool_use, text) = (anthropic_call(&query), anthropic_text("ok"));
    for (brain, base_variable, key_variable, answers, path, header) in [
        (
            "azure:deployed",
            "AZURE_OPENAI_ENDPOINT",
            "AZURE_OPENAI_API_KEY",
            chat(),
            "/openai/deployments/deployed/chat/completions?api-version=",
            "api-key: sk-",
        ),
        (
            "mistral:m",
            "MISTRAL_BASE_URL",
            "MISTRAL_API_KEY",
            chat(),
            "/v1/chat/completions",
            "authorization: bearer sk-",
        ),
        ("ollama:m", "OLLAMA_API_BASE_URL", "", chat(), "/v1/chat/completions", ""),
        ("llama-server:m", "LLAMACPP_API_BASE_URL", "", chat(), "/chat/completions", ""),
        (
            "anthropic:m",
            "ANTHROPIC_BASE_URL",
            "ANTHROPIC_API_KEY",
            vec![tool_use.clone(), text.clone()],
            "/v1/messages",
            "x-api-key: sk-",
        ),
        (
            "gemini:m",
            "GEMINI_BASE_URL",
            "GEMINI_API_KEY",
            vec![
                gemini(&json!({"functionCall": {"name": "query_orders", "args": query}})),
                gemini(&json!({"text": "ok"})),
            ],
            "/v1beta/models/m:streamGenerateContent",
            "",
        ),
    ] {
        let (base, requests) = script(answers);
        home.set(base_variable, &base);
        if !key_variable.is_empty() {
            home.set(key_variable, "sk-secret");
        }
        let (reply, code) = home.ask_with(&["--brain", brain], "how big are we");
        assert_eq!((reply["status"].as_str(), code), (Some("answered"), 0), "{brain}: {reply}");
        assert_eq!((&reply["rows"], &reply["brain"]), (&json!([[600]]), &json!(brain)), "{reply}");
        let sent: Vec<Value> = requests.try_iter().collect();
        assert_eq!(sent.len(), 2, "{brain}");
        assert!(sent[0]["path"].as_str().unwrap().starts_with(path), "{brain}: {}", sent[0]["path"]);
        assert!(sent[0]["head"].as_str().unwrap().to_lowercase().contains(header), "{brain}: {}", sent[0]["head"]);
        assert!(!reply.to_string().contains("sk-secret"), "{reply}");
    }
    a_key_s_file_is_its_owner_s_alone(&mut home, &key_file, tool_use, text);
}

fn a_key_s_file_is_its_owner_s_alone(home: &mut Home, key: &std::path::Path, first: Answer, second: Answer) {
    use std::os::unix::fs::PermissionsExt;
    let file = settings(home, &format!("[model.keys]\nanthropic = '{}'\n", key.display()));
    home.set("ANTHROPIC_API_KEY", "");
    let (base, requests) = script(vec![first, second]);
    home.set("ANTHROPIC_BASE_URL", &base);
    std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let ran = home.oms(&["--config", &file, "--brain", "anthropic:m", "ask", "how big"]);
    assert!(ran.code == 1 && ran.err.contains("chmod 600"), "{}", ran.err);
    std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let (reply, _) = home.ask_with(&["--config", &file, "--brain", "anthropic:m"], "how big are we");
    assert_eq!(reply["rows"], json!([[600]]), "{reply}");
    assert!(requests.try_iter().all(|sent| sent["head"].as_str().unwrap().contains("sk-file")));
}
