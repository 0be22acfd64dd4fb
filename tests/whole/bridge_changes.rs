//! What people do with a change on the bridge: who may, once and only once whatever is repeated or killed, and who sees
//! personal data.

use std::fs;

use serde_json::Value;

use crate::bot::{Bot, presses, says, says_in};
use crate::change::Place;
use crate::home::Home;

/// Viewer `UV`, operator `UO`, approvers `UA` and `UB`; `dev` wants another approver than who proposed.
fn settle(place: &Place) {
    let file = place.file("config/oms/oms.toml");
    let text = fs::read_to_string(&file).unwrap();
    let me = user_name();
    let more = format!(
        "other_approver = true\n[people]\nspeakers = ['{me}']\n[bridge]\nprogress_seconds = 0.05\n[bridge.users]\nUV = 'vera'\n\
         UO = {{ name = 'otto', rights = 'operator' }}\nUA = {{ name = 'ana', rights = 'approver' }}\n\
         UB = {{ name = 'ben', rights = 'approver' }}\n"
    );
    fs::write(file, text + &more).unwrap();
}

fn user_name() -> String {
    let id = std::process::Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(id.stdout).unwrap().trim().to_owned()
}

/// The change set that an answer proposes, with its buttons and its digest.
fn proposed(answer: &Value) -> String {
    assert_eq!(answer["status"], "approval_required", "{answer}");
    let blocks = answer["blocks"].as_array().unwrap();
    let buttons = blocks.last().unwrap()["elements"].as_array().unwrap();
    let actions: Vec<&str> = buttons.iter().map(|button| button["action_id"].as_str().unwrap()).collect();
    assert_eq!(actions, ["approve", "decline"], "{answer}");
    let id = buttons[0]["value"].as_str().unwrap();
    let first = blocks[0]["text"]["text"].as_str().unwrap();
    assert!(first.contains(id) && first.contains("Digest"), "{first}");
    id.to_owned()
}

fn text(answer: &Value) -> &str {
    answer["text"].as_str().unwrap()
}

#[test]
fn changes_on_the_bridge() {
    let place = Place::new();
    settle(&place);
    who_may_do_what(&place);
    two_people_and_a_typed_name(&place);
    two_at_once_and_what_changed_meanwhile(&place);
    progress_is_told(&place);
    killed_while_it_is_applied(&place);
    cut_off_between_the_proposal_and_its_answer(&place);
    let ran = place.home.oms(&["audit", "verify"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
}

fn who_may_do_what(place: &Place) {
    let mut bot = Bot::start(&place.home, &[]);
    for user in ["UV", "U-nobody-knows"] {
        let answer = bot.ask(&says(&format!("v-{user}"), user, "10", "deploy everything"));
        assert!(answer["status"] == "refused" && text(&answer).contains("not propose"), "{answer}");
    }
    let id = proposed(&bot.ask(&says("p1", "UO", "11", "deploy everything")));
    for (event, user, said) in [("a1", "UV", "may not decide"), ("a2", "UO", "may not decide")] {
        let answer = bot.ask(&presses(event, user, "11", "approve", &id));
        assert!(answer["status"] == "refused" && text(&answer).contains(said), "{answer}");
    }
    let answer = bot.ask(&says("a3", "UV", "11", "yes, apply it"));
    assert!(answer["status"] == "refused" && text(&answer).contains("may not decide"), "{answer}");
    assert_eq!(place.applied(), 0);
    let press = presses("a4", "UA", "11", "approve", &id);
    let applied = bot.ask(&press);
    assert!(applied["status"] == "answered" && text(&applied).contains("is applied"), "{applied}");
    assert_eq!(bot.ask(&press), applied, "a repeated press gets the first answer");
    let answer = bot.ask(&presses("a5", "UA", "11", "approve", &id));
    assert!(answer["status"] == "refused" && text(&answer).contains("applied already"), "{answer}");
    assert_eq!(place.applied(), 1);
    assert_eq!(place.show(&id)["change"]["proposed_by"], "otto");

    // Who proposed it may decline it, and not approve it.
    let id = proposed(&bot.ask(&says("p2", "UA", "12", "deploy everything")));
    let answer = bot.ask(&presses("a6", "UA", "12", "approve", &id));
    assert!(answer["status"] == "refused" && text(&answer).contains("somebody else"), "{answer}");
    let answer = bot.ask(&presses("d1", "UA", "12", "decline", &id));
    assert!(answer["status"] == "answered" && text(&answer).contains("is declined"), "{answer}");
    assert_eq!(bot.ask(&presses("a7", "UB", "12", "approve", &id))["status"], "refused");

    // What was not shown here is shown first, and then decided.
    let (reply, _) = place.home.ask("deploy everything");
    let id = reply["change"]["id"].as_str().unwrap();
    assert_eq!(proposed(&bot.ask(&presses("a8", "UA", "13", "approve", id))), id);
    assert_eq!(place.applied(), 1);
    assert_eq!(bot.ask(&presses("a9", "UB", "13", "approve", id))["status"], "answered");
    assert_eq!(place.applied(), 2);
    for value in ["", "../../x", "c00000000"] {
        assert_ne!(
            bot.ask(&presses(&format!("n{value}"), "UA", "13", "approve", value))["status"],
            "approval_required"
        );
    }
    bot.end();
}

fn two_people_and_a_typed_name(place: &Place) {
    let before = place.applied();
    let mut bot = Bot::start(&place.home, &[]);
    let id = proposed(&bot.ask(&says("t1", "UO", "20", "deploy everything to production")));
    let answer = bot.ask(&presses("t2", "UA", "20", "approve", &id));
    assert!(proposed(&answer) == id && text(&answer).contains("Type `prod`"), "{answer}");
    let answer = bot.ask(&says("t3", "UA", "20", "prod"));
    assert!(proposed(&answer) == id && text(&answer).contains("one other person"), "{answer}");
    // The same person again is still one.
    bot.ask(&presses("t4", "UA", "20", "approve", &id));
    assert!(text(&bot.ask(&says("t5", "UA", "20", "prod"))).contains("one other person"));
    assert_eq!(place.applied(), before);
    bot.ask(&presses("t6", "UB", "20", "approve", &id));
    let answer = bot.ask(&says("t7", "UB", "20", "prod"));
    assert!(answer["status"] == "answered" && text(&answer).contains("is applied"), "{answer}");
    assert_eq!(place.applied(), before + 1);
    bot.end();
}

/// Two people press at the same time, in two threads: it runs once, and both are told. What is no longer as it was shown does not
/// run, and can still be declined.
fn two_at_once_and_what_changed_meanwhile(place: &Place) {
    let before = place.applied();
    let mut bot = Bot::start(&place.home, &[]);
    let id = proposed(&bot.ask(&says("w1", "UO", "25", "deploy everything")));
    place.touch("wait");
    bot.send(&presses("w2", "UA", "25", "approve", &id));
    bot.until("progress", |value| value["in_reply_to"] == "w2" && text(value).contains("Creating"));
    let other = bot.ask(&presses("w3", "UB", "26", "approve", &id));
    assert!(other["status"] == "refused" && text(&other).contains("being applied"), "{other}");
    fs::remove_file(place.file("wait")).unwrap();
    assert!(text(&bot.answer("w2")).contains("is applied"));
    assert_eq!(place.applied(), before + 1);

    let id = proposed(&bot.ask(&says("w4", "UO", "27", "deploy everything")));
    let file = place.file("infra/main.tf");
    let text_before = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text_before}# and more\n")).unwrap();
    let answer = bot.ask(&presses("w5", "UA", "27", "approve", &id));
    assert!(answer["status"] == "refused" && text(&answer).contains("has changed since the proposal"), "{answer}");
    let answer = bot.ask(&presses("w6", "UA", "27", "decline", &id));
    assert!(answer["status"] == "answered" && text(&answer).contains("is declined"), "{answer}");
    assert!(text(&bot.ask(&says("w7", "UA", "27", "yes, apply it"))).contains("nothing here that waits"));
    fs::write(&file, text_before).unwrap();
    assert_eq!(place.applied(), before + 1);
    bot.end();
}

fn progress_is_told(place: &Place) {
    let mut bot = Bot::start(&place.home, &[]);
    let id = proposed(&bot.ask(&says("g1", "UO", "30", "deploy everything")));
    place.touch("wait");
    bot.send(&presses("g2", "UA", "30", "approve", &id));
    let told = bot.until("progress", |value| value["final"] == false && text(value).contains("Creating"));
    assert_eq!((told["in_reply_to"].as_str(), told["status"].as_str()), (Some("g2"), Some("working")), "{told}");
    // Another conversation does not wait for it.
    assert_eq!(bot.ask(&says("g3", "UV", "31", "how many orders"))["status"], "answered");
    fs::remove_file(place.file("wait")).unwrap();
    assert_eq!(bot.answer("g2")["status"], "answered");
    assert!(bot.end().iter().filter(|value| value["in_reply_to"] == "g2" && value["final"] == true).count() == 1);
}

/// The program that is applied kills the bridge before or after its work: it is told, and not run again until somebody says so.
fn killed_while_it_is_applied(place: &Place) {
    for (moment, times) in [("kill-first", 0), ("kill-last", 1)] {
        let before = place.applied();
        let name = |what: &str| format!("{moment}-{what}");
        let mut bot = Bot::start(&place.home, &[]);
        let id = proposed(&bot.ask(&says(&name("p"), "UO", moment, "deploy everything")));
        place.touch(moment);
        let press = presses(&name("a"), "UA", moment, "approve", &id);
        bot.send(&press);
        bot.killed();
        let mut bot = Bot::start(&place.home, &[]);
        let answer = bot.answer(&name("a"));
        assert!(text(&answer).contains("it is not known how it ended"), "{answer}");
        assert_eq!(proposed(&answer), id);
        assert_eq!(bot.ask(&press), answer, "the same answer to a repeated event");
        assert_eq!(place.applied(), before + times, "nothing runs twice unasked");
        let answer = bot.ask(&presses(&name("b"), "UB", moment, "approve", &id));
        assert!(answer["status"] == "answered" && text(&answer).contains("is applied"), "{answer}");
        assert_eq!(place.applied(), before + times + 1);
        bot.end();
    }
}

/// As if it was killed when the proposal was stored, and its answer was not: the journal's later lines are taken away.
fn cut_off_between_the_proposal_and_its_answer(place: &Place) {
    let mut bot = Bot::start(&place.home, &[]);
    let id = proposed(&bot.ask(&says("k1", "UO", "40", "deploy everything")));
    bot.ask(&says("k2", "UV", "41", "revenue by country in 2025"));
    let fragment = bot.ask(&says("k3", "UV", "41", "only Spain"));
    bot.end();
    forget(&place.home, &["k1", "k3"]);
    let count = place.home.oms(&["change", "list"]).out.lines().count();
    let mut bot = Bot::start(&place.home, &[]);
    assert_eq!(proposed(&bot.answer("k1")), id, "the one that was proposed, and no second one");
    let again = bot.answers.get("k3").cloned().unwrap_or_else(|| bot.answer("k3"));
    assert_eq!((&again["text"], &again["blocks"]), (&fragment["text"], &fragment["blocks"]));
    assert_eq!(place.home.oms(&["change", "list"]).out.lines().count(), count);
    let before = place.applied();
    assert_eq!(bot.ask(&presses("k4", "UB", "40", "approve", &id))["status"], "answered");
    assert_eq!(place.applied(), before + 1);
    bot.end();
}

/// Takes the lines of the journal away that say that these events were answered.
fn forget(home: &Home, events: &[&str]) {
    for entry in fs::read_dir(home.state().join("bridge")).unwrap().flatten() {
        if !entry.file_name().to_string_lossy().starts_with("events-") {
            continue;
        }
        let text = fs::read_to_string(entry.path()).unwrap();
        let mut kept: Vec<&str> = text.lines().collect();
        kept.retain(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            !events.iter().any(|id| line["answered"]["id"] == **id || line["said"]["ids"][0] == **id)
        });
        fs::write(entry.path(), kept.join("\n") + "\n").unwrap();
    }
}

#[test]
fn personal_data_is_for_those_who_may_see_it_and_only_in_direct_messages() {
    let home = Home::seeded();
    let settings = home.path().join("bridge.toml");
    fs::write(&settings, "[bridge.users]\nUP = { name = 'pat', personal = true }\nUV = 'vera'\n").unwrap();
    let settings = settings.to_str().unwrap();
    let mut bot = Bot::start(&home, &["--config", settings]);
    let sql = "SELECT email, phone FROM customers ORDER BY id LIMIT 3";
    let shown = bot.ask(&says_in("D1", "p1", "UP", "1", sql));
    assert!(shown["status"] == "answered" && shown["blocks"].to_string().contains('@'), "{shown}");
    for (event, channel, user) in [("p2", "C1", "UP"), ("p3", "D1", "UV"), ("p4", "D1", "U-nobody-knows")] {
        let answer = bot.ask(&says_in(channel, event, user, event, sql));
        assert_eq!(answer["status"], "refused", "{answer}");
        assert!(!answer.to_string().contains('@'), "{answer}");
    }
    // Documents that repeat personal data are hidden from everybody, and that account can write nothing.
    assert_eq!(
        bot.ask(&says_in("D1", "p5", "UP", "5", "SELECT payload FROM order_events LIMIT 1"))["status"],
        "refused"
    );
    // A shop that is seeded anew is read on.
    assert_eq!(home.oms(&["db", "seed", "--orders", "300", "--seed", "8"]).code, 0);
    assert_eq!(bot.ask(&says_in("D1", "p6", "UP", "6", sql))["status"], "answered");
    bot.end();
    // Elsewhere nothing has changed: the reader does not see them.
    assert_eq!(home.ask(sql).0["status"], "refused");
}
