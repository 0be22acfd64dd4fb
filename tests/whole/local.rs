//! The embedded language model as a brain, with a stand-in for its process that chooses as it is told: what is offered, what
//! becomes of doubt, and what becomes of its end. The model itself is tested by `make test-model`.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixListener;
use std::sync::mpsc;
use std::thread;

use serde_json::{Value, json};

use crate::home::Home;

/// The smallest file that is whole: one tensor of eight numbers.
fn tiny() -> Vec<u8> {
    let mut file = [b"GGUF".as_slice(), &3_u32.to_le_bytes(), &1_u64.to_le_bytes(), &0_u64.to_le_bytes()].concat();
    file.extend([1_u64.to_le_bytes().as_slice(), b"t", &1_u32.to_le_bytes(), &8_u64.to_le_bytes()].concat());
    file.extend([0_u32.to_le_bytes().as_slice(), &0_u64.to_le_bytes()].concat());
    file.resize(file.len().div_ceil(32) * 32 + 32, 0);
    file
}

/// How the stand-in chooses: by the line's name, the beginning of the option.
type Wishes = &'static [(&'static str, &'static str)];

struct Standin {
    settings: String,
    asked: mpsc::Receiver<Value>,
}

/// A process of the model that answers each conversation by these wishes, as sure as told; `ends` where it falls over at the
/// first choice.
fn standin(home: &mut Home, wishes: Wishes, probability: f64, ends: bool) -> Standin {
    let folder = home.path().join("runtime/oms/model");
    std::fs::create_dir_all(&folder).unwrap();
    let socket = folder.join("model.sock");
    std::fs::remove_file(&socket).ok();
    let file = home.path().join("tiny.gguf");
    std::fs::write(&file, b"GGUF and no more").unwrap();
    let settings = home.path().join("local.toml");
    let text = format!("[local]\nprogram = '{0}'\nfile = '{0}'\nthreshold = 0.5\n", file.display());
    std::fs::write(&settings, text).unwrap();
    home.set("XDG_RUNTIME_DIR", home.path().join("runtime").to_str().unwrap());
    let listener = UnixListener::bind(&socket).unwrap();
    let here = json!({"here": {"protocol": 1, "file": file.display().to_string(), "loaded_in": 0.1, "process": 1}});
    let (sender, asked) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while reader.read_line(&mut line).is_ok_and(|count| count > 0) {
                let request: Value = serde_json::from_str(&line).unwrap();
                line.clear();
                let answer = if request.get("hello").is_some() {
                    here.clone()
                } else if request.get("ask").is_some() {
                    json!({"ready": {"tokens": 10, "kept": 0}})
                } else if ends {
                    break;
                } else {
                    let lead = request["choose"]["lead"].as_str().unwrap().to_owned();
                    let options = request["choose"]["options"].as_array().unwrap().clone();
                    let wish = wishes.iter().find(|(name, _)| *name == lead).map_or("", |(_, wish)| *wish);
                    let option = options.iter().position(|text| text.as_str().unwrap().starts_with(wish)).unwrap_or(0);
                    json!({"chose": {"option": option, "probability": probability, "mass": 0.9}})
                };
                sender.send(request).ok();
                if writeln!(stream, "{answer}").is_err() {
                    break;
                }
            }
        }
    });
    Standin { settings: settings.to_str().unwrap().to_owned(), asked }
}

#[test]
fn the_embedded_model_as_a_brain() {
    let mut home = Home::seeded();
    fills_the_query_by_choosing(&mut home);
    a_grain_that_was_said_is_offered(&mut home);
    doubt_is_asked_back(&mut home);
    a_number_is_not_passed_over(&mut home);
    a_number_beside_a_ranking_is_its_length(&mut home);
    what_its_lines_cannot_say_is_not_asked(&mut home);
    what_was_picked_is_told_with_the_next_question(&mut home);
    its_end_is_a_sentence(&mut home);
    auto_asks_it_last(&mut home);
    a_bad_file_ends_no_conversation(&mut home);
    without_it_the_way_out_is_told();
}

/// Files that are cut, wrong or hostile are told before anything is started with them, and the conversation goes on.
fn a_bad_file_ends_no_conversation(home: &mut Home) {
    home.set("XDG_RUNTIME_DIR", home.path().join("elsewhere").to_str().unwrap());
    let whole = tiny();
    let counts = |tensors: u64| [&whole[..8], &tensors.to_le_bytes(), &whole[16..]].concat();
    for (name, bytes, told) in [
        ("cut", whole[..whole.len() - 1].to_vec(), "it is cut"),
        ("counts", counts(u64::MAX), "it announces"),
        ("name", [&whole[..24], &(1_u64 << 60).to_le_bytes(), &whole[32..]].concat(), "a name of"),
        ("version", [b"GGUF".as_slice(), &9_u32.to_le_bytes(), &whole[8..]].concat(), "version 9"),
        ("page", b"<!DOCTYPE html><title>404</title>".to_vec(), "no GGUF file"),
    ] {
        let file = home.path().join(format!("{name}.gguf"));
        std::fs::write(&file, bytes).unwrap();
        let settings = home.path().join("bad.toml");
        std::fs::write(&settings, format!("[local]\nprogram = '/bin/false'\nfile = '{}'\n", file.display())).unwrap();
        let local = ["--config", settings.to_str().unwrap(), "--brain", "local"];
        let ran = home.piped(&local, b"through which doors does it all come in\n/tools\n");
        assert!(ran.out.contains(told) && ran.out.contains("query_orders (reads)"), "{name}: {}{}", ran.out, ran.err);
        assert!(format!("{}{}", ran.out, ran.err).contains("--brain rules"), "{name}: {}{}", ran.out, ran.err);
        let auto = ["--config", settings.to_str().unwrap(), "--brain", "auto"];
        let (reply, _) = home.ask_with(&auto, "how many orders by channel");
        assert_eq!(reply["brain"], "rules", "{name}: {reply}");
        let ran = home.oms(&["model", "pull", "--from", file.to_str().unwrap()]);
        assert!(ran.code == 1 && ran.err.contains(told), "{name}: {}", ran.err);
    }
    // A file that is whole, and a program that ends at once: told with its log.
    let (file, settings) = (home.path().join("whole.gguf"), home.path().join("ends.toml"));
    std::fs::write(&file, &whole).unwrap();
    std::fs::write(&settings, format!("[local]\nprogram = '/bin/false'\nfile = '{}'\n", file.display())).unwrap();
    let local = ["--config", settings.to_str().unwrap(), "--brain", "local"];
    let (reply, code) = home.ask_with(&local, "through which doors does it all come in");
    assert_eq!((reply["status"].as_str(), code), (Some("error"), 1), "{reply}");
    assert!(reply["answer"].as_str().unwrap().contains("its process ended"), "{reply}");
}

const ORDERS_BY_CHANNEL: Wishes =
    &[("kind:", " figures"), ("figures:", " orders\n"), ("by:", " channel\n"), ("order:", " none")];

fn fills_the_query_by_choosing(home: &mut Home) {
    let standin = standin(home, ORDERS_BY_CHANNEL, 0.9, false);
    let (reply, code) =
        home.ask_with(&["--config", &standin.settings, "--brain", "local"], "through which doors does it all come in");
    assert_eq!((reply["status"].as_str(), code), (Some("answered"), 0), "{reply}");
    assert_eq!(reply["brain"], "local");
    assert_eq!(reply["tool_calls"][0]["arguments"], json!({"measures": ["orders"], "dimensions": ["channel"]}));
    let asked: Vec<Value> = standin.asked.try_iter().collect();
    let options: Vec<&Value> = asked.iter().filter_map(|request| request.get("choose")).collect();
    let figures = options.iter().find(|choice| choice["lead"] == "figures:").unwrap()["options"].to_string();
    assert!(figures.contains("revenue") && !figures.contains("revnue"), "{figures}");
    // A grain that nobody said is not offered as a split.
    let by = options.iter().find(|choice| choice["lead"] == "by:").unwrap()["options"].to_string();
    assert!(by.contains(" carrier") && !by.contains(" month") && !by.contains(" grand_total"), "{by}");
    let told = asked.iter().find_map(|request| request.get("ask")).unwrap();
    assert!(told["text"].as_str().unwrap().contains("through which doors does it all come in"), "{told}");
}

fn a_grain_that_was_said_is_offered(home: &mut Home) {
    let standin = standin(home, ORDERS_BY_CHANNEL, 0.9, false);
    let local = ["--config", &standin.settings, "--brain", "local"];
    home.ask_with(&local, "monthly, through which doors does it all come in");
    let asked: Vec<Value> = standin.asked.try_iter().collect();
    let by = asked.iter().find(|request| request["choose"]["lead"] == "by:").unwrap().to_string();
    assert!(by.contains(" month") && !by.contains(" quarter"), "{by}");
}

fn doubt_is_asked_back(home: &mut Home) {
    let standin = standin(home, ORDERS_BY_CHANNEL, 0.3, false);
    let (reply, code) =
        home.ask_with(&["--config", &standin.settings, "--brain", "local"], "through which doors does it all come in");
    assert_eq!((reply["status"].as_str(), code), (Some("clarification"), 3), "{reply}");
    assert!(reply["choices"][0].as_str().unwrap().contains("by channel"), "{reply}");
}

fn a_number_is_not_passed_over(home: &mut Home) {
    let standin = standin(home, ORDERS_BY_CHANNEL, 0.9, false);
    let (reply, _) = home
        .ask_with(&["--config", &standin.settings, "--brain", "local"], "through which 17 doors does it all come in");
    assert_eq!(reply["status"], "clarification", "{reply}");
    assert!(reply["answer"].as_str().unwrap().contains("17"), "{reply}");
}

fn a_number_beside_a_ranking_is_its_length(home: &mut Home) {
    const RANKED: Wishes =
        &[("kind:", " figures"), ("figures:", " orders\n"), ("by:", " channel\n"), ("order:", " highest")];
    let standin = standin(home, RANKED, 0.9, false);
    let (reply, _) = home.ask_with(
        &["--config", &standin.settings, "--brain", "local"],
        "through which doors do the 2 biggest heaps come in",
    );
    let made = &reply["tool_calls"][0]["arguments"];
    assert_eq!(made["ranking"], json!({"by": "orders", "direction": "top", "limit": 2, "ties": "cut"}), "{reply}");
    let asked: Vec<Value> = standin.asked.try_iter().collect();
    let order = asked.iter().find(|request| request["choose"]["lead"] == "order:").unwrap();
    assert!(!order.to_string().contains("none"), "{order}");
}

fn what_its_lines_cannot_say_is_not_asked(home: &mut Home) {
    for question in [
        "how do the heaps at the doors grow as a running total",
        "which doors never saw any heap",
        "per door, the biggest heap of each",
        "heaps of more than 5 at which doors",
    ] {
        let standin = standin(home, ORDERS_BY_CHANNEL, 0.9, false);
        let (reply, code) = home.ask_with(&["--config", &standin.settings, "--brain", "local"], question);
        assert_eq!((reply["status"].as_str(), code), (Some("clarification"), 3), "{question}: {reply}");
        assert_eq!(standin.asked.try_iter().count(), 0, "{question}");
    }
}

/// A reading that a person picked is an example for later questions, by those words that are most like it.
fn what_was_picked_is_told_with_the_next_question(home: &mut Home) {
    let standin = standin(home, ORDERS_BY_CHANNEL, 0.3, false);
    let local = ["--config", &standin.settings, "--brain", "local"];
    let ran = home.piped(&local, b"through which gates do shoppers walk in\n1\nthrough which gates do they leave\n");
    assert!(ran.out.contains("Orders by channel"), "{}{}", ran.out, ran.err);
    let asked: Vec<Value> = standin.asked.try_iter().collect();
    let told: Vec<&str> = asked.iter().filter_map(|request| request["ask"]["text"].as_str()).collect();
    assert_eq!(told.len(), 2, "what is picked is not asked: {told:?}");
    assert!(!told[0].contains("figures: orders"), "{}", told[0]);
    assert!(
        told[1].contains("Question: through which gates do shoppers walk in\nkind: figures\nfigures: orders"),
        "{}",
        told[1]
    );
    std::fs::remove_file(home.path().join("data/oms/verified.jsonl")).unwrap();
}

fn its_end_is_a_sentence(home: &mut Home) {
    let standin = standin(home, &[], 0.9, true);
    let (reply, code) =
        home.ask_with(&["--config", &standin.settings, "--brain", "local"], "through which doors does it all come in");
    assert_eq!((reply["status"].as_str(), code), (Some("error"), 1), "{reply}");
    assert!(reply["error"]["hint"].as_str().unwrap().contains("--brain rules"), "{reply}");
    // With the rules before it, what they say stands.
    let (reply, code) = home.ask_with(&["--config", &standin.settings], "through which doors does it all come in");
    assert_eq!((reply["status"].as_str(), code), (Some("clarification"), 3), "{reply}");
    assert!(reply["answer"].as_str().unwrap().contains("process ended"), "{reply}");
}

fn auto_asks_it_last(home: &mut Home) {
    let standin = standin(home, ORDERS_BY_CHANNEL, 0.9, false);
    let (reply, _) = home.ask_with(&["--config", &standin.settings], "how many orders");
    assert_eq!(reply["brain"], "rules", "{reply}");
    assert_eq!(standin.asked.try_iter().count(), 0);
    let (reply, _) = home.ask_with(&["--config", &standin.settings], "through which doors does it all come in");
    assert_eq!((reply["brain"].as_str(), reply["status"].as_str()), (Some("local"), Some("answered")), "{reply}");
}

fn without_it_the_way_out_is_told() {
    let home = Home::empty();
    let ran = home.oms(&["--brain", "local", "ask", "revenue"]);
    assert!(ran.code == 1 && ran.err.contains("make model"), "{}", ran.err);
    let file = home.path().join("no.gguf");
    std::fs::write(&file, "not a model").unwrap();
    let ran = home.oms(&["model", "pull", "--from", file.to_str().unwrap()]);
    assert!(ran.code != 0 && ran.err.contains("no GGUF file"), "{}", ran.err);
    // A file of the user's own is not written over, and another model is told as such.
    let own = home.path().join("own.gguf");
    std::fs::write(&own, tiny()).unwrap();
    let (own_file, settings) = (own.to_str().unwrap(), home.path().join("own.toml"));
    std::fs::write(&settings, format!("[local]\nfile = '{own_file}'\n")).unwrap();
    let settings = settings.to_str().unwrap();
    for arguments in [&["model", "pull", "--from", own_file][..], &["model", "pull"]] {
        let ran = home.oms(&[&["--config", settings][..], arguments].concat());
        assert!(ran.code == 1 && ran.err.contains("local.file"), "{}{}", ran.out, ran.err);
    }
    assert_eq!(std::fs::read(&own).unwrap(), tiny());
    let ran = home.oms(&["model", "pull", "--from", "/nonexistent.gguf"]);
    assert!(ran.code == 1 && ran.err.contains("/nonexistent.gguf"), "{}", ran.err);
    let elsewhere = Home::empty();
    let ran = elsewhere.oms(&["model", "pull", "--from", own_file]);
    assert!(ran.code == 0 && ran.out.contains("another one than the program is measured with"), "{}", ran.out);
    let ran = home.oms(&["model", "list"]);
    assert!(ran.code == 0 && ran.out.contains("not here"), "{}", ran.out);
}

/// What a model was asked and answered is kept, and holds the program against it without the model.
#[test]
fn recorded_turns_are_replayed_without_the_model() {
    let mut home = Home::seeded();
    let standin = standin(&mut home, ORDERS_BY_CHANNEL, 0.9, false);
    let suite = home.path().join("mine.yaml");
    std::fs::write(
        &suite,
        "suite: mine\nas_of: 2026-01-14 12:00:00\ncases:\n- id: mine-doors\n  question: through which doors does it all \
         come in\n  kinds: [split]\n  sql: SELECT channel, COUNT(*) AS orders FROM orders GROUP BY channel\n",
    )
    .unwrap();
    let folder = home.path().join("recorded");
    let (suite, folder) = (suite.to_str().unwrap(), folder.to_str().unwrap());
    let local = ["--config", &standin.settings, "--brain", "local", "eval"];
    let ran = home.oms(&[&local[..], &[suite, "--record", folder]].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(standin.asked.try_iter().count() > 3);

    // Now without the process: its settings name a program that is not there.
    let nothing = home.path().join("nothing.toml");
    std::fs::write(&nothing, "[local]\nprogram = '/nonexistent'\n").unwrap();
    let replay = ["--config", nothing.to_str().unwrap(), "--brain", "local", "eval", "--replay", folder];
    let ran = home.oms(&replay);
    assert!(ran.code == 0 && ran.out.contains("1 recorded turns: 1 the same"), "{}{}", ran.out, ran.err);
    assert_eq!(standin.asked.try_iter().count(), 0, "the model is not asked");

    // Another question, other rows, another request: each is told.
    let turns = std::path::Path::new(folder).join("turns.jsonl");
    let recorded = std::fs::read_to_string(&turns).unwrap();
    std::fs::write(&turns, recorded.replace("\"dimensions\":[\"channel\"]", "\"dimensions\":[\"month\"]")).unwrap();
    let ran = home.oms(&replay);
    assert!(ran.code == 1 && ran.out.contains("another outcome"), "{}", ran.out);
    std::fs::write(&turns, recorded.replace("\"lead\":\"kind:\"", "\"lead\":\"sort:\"")).unwrap();
    let ran = home.oms(&replay);
    assert!(ran.code == 1 && ran.out.contains("asked otherwise"), "{}", ran.out);
    assert!(ran.out.contains(&format!("--brain local eval --again {folder} --record {folder}")), "{}", ran.out);
    let ran = home.oms(&[&local[..], &["--again", folder, "--record", folder]].concat());
    assert!(
        ran.code == 0 && ran.out.contains("1 are recorded anew, 1 with the outcome as before"),
        "{}{}",
        ran.out,
        ran.err
    );
    assert_eq!(std::fs::read_to_string(&turns).unwrap(), recorded);
    let ran = home.oms(&["eval", "--replay", "/nonexistent"]);
    assert!(ran.code == 1 && ran.err.contains("--record"), "{}", ran.err);
}
