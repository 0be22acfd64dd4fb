//! What a language model must pass before it may propose changes: one that passes, one that fails, one that was never
//! examined and calls what it was not offered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use oms::licence::{Case, Kind, cases};
use serde_json::{Value, json};

use crate::home::Home;
use crate::model_server::{Answer, Body, calls, responder, says, script};

const BRAIN: [&str; 2] = ["--brain", "openai:test-model"];

#[test]
fn a_language_model_needs_a_licence_to_propose() {
    let mut home = Home::seeded();
    home.set("OPENAI_API_KEY", "sk-secret");
    unexamined_it_is_not_offered_and_refused(&mut home);
    every_front_end_says_so(&mut home);
    a_word_that_is_no_tool_is_told(&mut home);
    one_that_fails_may_not(&mut home);
    half_an_examination_is_none(&mut home);
    one_that_passes_may(&mut home);
    another_server_is_another_model(&mut home);
    few_tools_may_be_chosen(&mut home);
}

fn tools(request: &Value) -> Vec<&str> {
    request["tools"].as_array().unwrap().iter().map(|tool| tool["function"]["name"].as_str().unwrap()).collect()
}

fn serve(home: &mut Home, answers: Vec<Answer>) -> std::sync::mpsc::Receiver<Value> {
    let (base, requests) = script(answers);
    home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
    requests
}

fn take_down() -> Answer {
    calls("propose_change", &json!({"runbook": "take_down"}))
}

fn unexamined_it_is_not_offered_and_refused(home: &mut Home) {
    let requests = serve(home, vec![take_down(), says("It is proposed.")]);
    let (reply, code) = home.ask_with(&BRAIN, "shut the shop");
    assert_eq!((reply["status"].as_str(), code), (Some("refused"), 4), "{reply}");
    let told = reply["error"]["message"].as_str().unwrap();
    assert!(told.contains("`openai:test-model` may not propose changes: it has not been examined"), "{reply}");
    assert!(reply["error"]["hint"].as_str().unwrap().contains("oms doctor --brain openai:test-model"), "{reply}");
    assert_eq!(reply["tool_calls"][0]["status"], "refused", "{reply}");
    let requests: Vec<Value> = requests.try_iter().collect();
    assert_eq!(requests.len(), 2);
    for tool in ["propose_change", "apply_change"] {
        assert!(!tools(&requests[0]).contains(&tool), "{:?}", tools(&requests[0]));
    }
    assert!(tools(&requests[0]).contains(&"preview_change"), "looking is not proposing");
    assert!(requests[0]["messages"][0].to_string().contains("You may not propose changes"), "{}", requests[0]);
    assert!(requests[1]["messages"].to_string().contains("refused to call `propose_change`"), "{}", requests[1]);
    let record = home.oms(&["audit", "show", "--tool", "propose_change"]);
    assert!(record.out.contains("refused"), "{}", record.out);
    assert!(
        home.oms(&["change", "list"]).out.contains("There is no change set yet"),
        "{}",
        home.oms(&["change", "list"]).out
    );

    // The setting lets it, unexamined.
    let file = home.path().join("unexamined.toml");
    std::fs::write(&file, "[model]\nunexamined = true\n").unwrap();
    let requests = serve(home, vec![says("Which part of it?")]);
    let (reply, _) = home.ask_with(&["--config", file.to_str().unwrap(), BRAIN[0], BRAIN[1]], "shut the shop");
    assert!(!reply["answer"].as_str().unwrap().contains("may not propose"), "{reply}");
    assert!(tools(&requests.try_iter().next().unwrap()).contains(&"propose_change"));
}

fn every_front_end_says_so(home: &mut Home) {
    let decline = || vec![calls("decline", &json!({"reason": "I have no tool for it."})), says("ok")];
    let sentence = "may not propose changes: it has not been examined";
    serve(home, decline());
    let (reply, _) = home.ask_with(&BRAIN, "shut the shop");
    assert!(reply["answer"].as_str().unwrap().contains(sentence), "{reply}");
    serve(home, decline());
    let ran = home.piped(&BRAIN, b"shut the shop\n");
    assert!(ran.out.contains(sentence), "{}{}", ran.out, ran.err);
    serve(home, decline());
    let event = json!({"type": "message", "event_id": "Ev1", "channel": "C1", "user": "U1", "ts": "1.0",
        "thread_ts": null, "text": "shut the shop"});
    let ran = home.piped(&[BRAIN[0], BRAIN[1], "bridge"], format!("{event}\n").as_bytes());
    assert!(ran.out.contains(sentence), "{}{}", ran.out, ran.err);
    // A figure needs no such word.
    serve(home, vec![calls("query_orders", &json!({"measures": ["orders"]})), says("ok")]);
    let (reply, _) = home.ask_with(&BRAIN, "how big");
    assert!(reply["status"] == "answered" && !reply.to_string().contains("may not propose"), "{reply}");
}

fn a_word_that_is_no_tool_is_told(home: &mut Home) {
    let query = json!({"measures": ["orders"]});
    let requests = serve(home, vec![calls("query_order", &query), calls("query_orders", &query), says("ok")]);
    let (reply, _) = home.ask_with(&BRAIN, "how big");
    assert_eq!(reply["status"], "answered", "{reply}");
    let requests: Vec<Value> = requests.try_iter().collect();
    assert!(requests[1]["messages"].to_string().contains("did you mean `query_orders`"), "{}", requests[1]);
}

/// The person's sentence of a request, and how many results it has seen.
fn said(request: &Value) -> (String, usize) {
    let messages = request["messages"].as_array().unwrap();
    let of = |role: &str| messages.iter().filter(|message| message["role"] == role).cloned().collect::<Vec<Value>>();
    let text = match &of("user")[0]["content"] {
        Value::String(text) => text.clone(),
        parts => parts[0]["text"].as_str().unwrap().to_owned(),
    };
    (text, of("tool").len())
}

fn doctor(home: &Home) -> String {
    let ran = home.oms(&["--quiet", BRAIN[0], BRAIN[1], "doctor"]);
    assert!(ran.out.contains("licence"), "{}{}", ran.out, ran.err);
    ran.out
}

fn one_that_fails_may_not(home: &mut Home) {
    // It proposes, whatever is said.
    let (base, requests) = responder(|request| if said(request).1 == 0 { take_down() } else { says("Done.") });
    home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
    let out = doctor(home);
    assert!(out.contains("`openai:test-model` may not propose changes: it was examined"), "{out}");
    assert!(out.contains("bound 0 of 5") && out.contains("missed tool-"), "{out}");
    let requests: Vec<Value> = requests.try_iter().collect();
    assert!(requests.len() >= 60, "{}", requests.len());
    assert!(tools(&requests[0]).contains(&"propose_change"), "it is examined with all tools");
    assert!(home.oms(&["change", "list"]).out.contains("There is no change set yet"), "an examination calls nothing");
    let (reply, code) = home.ask_with(&BRAIN, "shut the shop");
    assert_eq!((reply["status"].as_str(), code), (Some("refused"), 4), "{reply}");
    let answer = reply["answer"].as_str().unwrap();
    assert!(answer.contains("it was examined"), "{reply}");
    // A model that declines in the words that it was told is not followed by them once more.
    let why = "the model `openai:test-model` may not propose changes: it was examined, and of the cases `bound` it passed 0 %, \
               where 80 % are needed";
    serve(home, vec![calls("decline", &json!({"reason": why})), says("ok")]);
    let (reply, _) = home.ask_with(&BRAIN, "shut the shop");
    let answer = reply["answer"].as_str().unwrap();
    assert_eq!(answer.matches("it was examined").count(), 1, "{reply}");
    assert!(answer.contains("oms doctor --brain openai:test-model"), "{reply}");
}

fn half_an_examination_is_none(home: &mut Home) {
    let model = ["--quiet", "--brain", "openai:cut-model", "doctor"];
    let cut = Arc::new(AtomicBool::new(true));
    let server = cut.clone();
    let (base, requests) = responder(move |request| {
        let ends = server.load(Ordering::SeqCst) && said(request).0.contains("healthy");
        let error = json!({"error": {"message": "no", "type": "x", "code": "x"}});
        if ends { (401, error).into() } else { says("ok") }
    });
    home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
    let out = home.oms(&model).out;
    assert!(out.contains("does not accept the key") && out.contains("the same command goes on with it"), "{out}");
    let asked = || requests.try_iter().map(|request| said(&request).0).collect::<Vec<String>>();
    let first = asked();
    assert_eq!(first.len(), 3, "{first:?}");
    let (reply, _) = home.ask_with(&["--brain", "openai:cut-model"], "shut the shop");
    assert!(reply["answer"].as_str().unwrap().contains("it has not been examined"), "{reply}");
    asked();
    // The rest is asked, and no case twice but the one that was cut.
    cut.store(false, Ordering::SeqCst);
    let out = home.oms(&model).out;
    assert!(out.contains("tool 0 of 10") && out.contains("none 6 of 6"), "{out}");
    let rest = asked();
    assert_eq!(rest.len(), cases().unwrap().len() - 2, "{rest:?}");
    assert!(rest[0].contains("healthy") && !rest.contains(&first[0]), "{rest:?}");
    // A whole one is begun anew. What the model writes and its server cannot read is the model's own miss, and ends nothing.
    let written = "The model produced output that does not match the expected peg-native format";
    let error = json!({"error": {"code": 500, "message": written, "type": "server_error"}});
    let (base, requests) =
        responder(move |_| Answer { status: 200, headers: "", body: Body::Events(format!("data: {error}\n\n")) });
    home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
    let out = home.oms(&model).out;
    assert!(out.contains("tool 0 of 10") && out.contains("it wrote what is neither a call nor an answer"), "{out}");
    assert_eq!(requests.try_iter().count(), cases().unwrap().len());
    let (reply, _) = home.ask_with(&["--brain", "openai:cut-model"], "how big");
    assert_eq!(reply["status"], "error", "{reply}");
    assert!(reply["answer"].as_str().unwrap().contains("could not read what it wrote"), "{reply}");
}

/// What a model does that passes.
fn right(case: &Case, request: &Value) -> Answer {
    let (_, seen) = said(request);
    let Some(tool) = case.call.first() else { return says("Good.") };
    let arguments = match &case.arguments {
        Some(Value::Array(ways)) => ways[0].clone(),
        Some(way) => way.clone(),
        None if tool == "query_orders" => json!({"measures": ["orders"]}),
        None => json!({}),
    };
    match (case.kind, seen) {
        (Kind::Repair, 0) => calls(tool, &json!({"x": "not yet"})),
        (Kind::Repair, 1) | (_, 0) => calls(tool, &arguments),
        _ => says("Done."),
    }
}

fn one_that_passes_may(home: &mut Home) {
    let all = cases().unwrap();
    let (base, requests) = responder(move |request| {
        let (text, _) = said(request);
        // Two cases say the same, and want the same.
        let case = all.iter().find(|case| case.say == text);
        case.map_or_else(take_down, |case| right(case, request))
    });
    home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
    let out = doctor(home);
    assert!(out.contains("`openai:test-model` may propose changes"), "{out}");
    assert!(!out.contains("missed"), "{out}");
    while requests.try_recv().is_ok() {}
    let (reply, _) = home.ask_with(&BRAIN, "shut the shop");
    assert!(!reply["answer"].as_str().unwrap().contains("may not propose"), "{reply}");
    assert_eq!(reply["tool_calls"][0]["tool"], "propose_change", "{reply}");
    assert_ne!(reply["tool_calls"][0]["status"], "refused", "{reply}");
    assert!(tools(&requests.try_iter().next().unwrap()).contains(&"propose_change"));
    while requests.try_recv().is_ok() {}
    // Kept, it is told without asking again.
    let file = home.path().join("kept.toml");
    std::fs::write(&file, "brain = 'openai:test-model'\n").unwrap();
    let ran = home.oms(&["--config", file.to_str().unwrap(), "doctor"]);
    assert!(ran.out.contains("was examined on") && ran.out.contains("it may propose changes"), "{}", ran.out);
    assert_eq!(requests.try_iter().count(), 0, "without --brain nothing is asked");
}

fn another_server_is_another_model(home: &mut Home) {
    let requests = serve(home, vec![says("Which part of it?")]);
    let (reply, _) = home.ask_with(&BRAIN, "shut the shop");
    assert!(reply["answer"].as_str().unwrap().contains("it has not been examined"), "{reply}");
    assert!(!tools(&requests.try_iter().next().unwrap()).contains(&"propose_change"));
}

fn few_tools_may_be_chosen(home: &mut Home) {
    let file = home.path().join("few.toml");
    std::fs::write(&file, "[model]\ntools = ['query_orders', 'ask_back']\n").unwrap();
    let query = json!({"measures": ["orders"]});
    let requests = serve(home, vec![calls("containers", &json!({})), calls("query_orders", &query), says("ok")]);
    let (reply, _) = home.ask_with(&["--config", file.to_str().unwrap(), BRAIN[0], BRAIN[1]], "how big");
    assert_eq!(reply["status"], "answered", "{reply}");
    let requests: Vec<Value> = requests.try_iter().collect();
    assert_eq!(tools(&requests[0]), ["query_orders", "ask_back"]);
    assert!(requests[1]["messages"].to_string().contains("no tool named `containers`"), "{}", requests[1]);

    // It is examined with these tools, on the cases that can be asked with them.
    let (base, requests) = responder(|_| says("ok"));
    home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
    let ran = home.oms(&["--quiet", "--config", file.to_str().unwrap(), BRAIN[0], BRAIN[1], "doctor"]);
    assert!(
        ran.out.contains("`openai:test-model` is offered no tool that proposes changes (`model.tools`)"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("tool 0 of 2") && ran.out.contains("none 6 of 6"), "{}", ran.out);
    let requests: Vec<Value> = requests.try_iter().collect();
    assert!(requests.iter().all(|request| tools(request) == ["query_orders", "ask_back"]));

    // Where no case of a kind can be asked, it is not passed.
    let all = cases().unwrap();
    let (base, _requests) = responder(move |request| {
        let case = all.iter().find(|case| case.say == said(request).0);
        case.map_or_else(take_down, |case| right(case, request))
    });
    home.set("OPENAI_BASE_URL", &format!("{base}/v1"));
    for (names, told) in [
        ("'propose_change'", "of the kind `bound` no case could be asked with the tools in `model.tools`"),
        ("'query_orders', 'propose_change'", "`openai:test-model` may propose changes"),
    ] {
        std::fs::write(&file, format!("[model]\ntools = [{names}]\n")).unwrap();
        let ran = home.oms(&["--quiet", "--config", file.to_str().unwrap(), BRAIN[0], BRAIN[1], "doctor"]);
        assert!(ran.out.contains(told), "{}", ran.out);
    }

    std::fs::write(&file, "[model]\ntools = ['query_order']\n").unwrap();
    let (reply, code) = home.ask_with(&["--config", file.to_str().unwrap(), BRAIN[0], BRAIN[1]], "how big");
    assert_ne!(code, 0, "{reply}");
    assert!(
        reply.to_string().contains("there is no tool `query_order`")
            && reply.to_string().contains("did you mean `query_orders`?"),
        "{reply}"
    );
}
