//! The private server's life, seeding, and addresses that do not work.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::home::Home;

#[test]
fn the_private_server_is_started_shared_found_again_and_stopped() {
    let home = Home::seeded();
    let folder = home.path().join("data/oms/database");
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(folder.join("run")).unwrap().permissions().mode() & 0o777, 0o700);
    assert!(home.oms(&["db", "status"]).out.contains("a whole shop"));

    // Several processes at once share one server, also when none runs yet.
    assert_eq!(home.oms(&["db", "stop"]).code, 0);
    assert_eq!(home.oms(&["db", "status"]).code, 1);
    let running: Vec<_> = (0..4)
        .map(|_| {
            home.command(&["ask", "--json", "how many orders"]).stdout(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in running {
        let output = child.wait_with_output().unwrap();
        let reply: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(reply["rows"], json!([[600]]), "{reply}");
    }

    // After a crash it is found again.
    let process = fs::read_to_string(folder.join("run/server.pid")).unwrap();
    assert!(std::process::Command::new("kill").args(["-9", process.trim()]).status().unwrap().success());
    let (reply, _) = home.ask("how many orders");
    assert_eq!(reply["rows"], json!([[600]]), "{reply}");

    // No TCP unless asked.
    let process = fs::read_to_string(folder.join("run/server.pid")).unwrap();
    let arguments = fs::read_to_string(format!("/proc/{}/cmdline", process.trim())).unwrap();
    assert!(arguments.contains("--skip-networking"), "{arguments}");

    // Seeding again replaces the shop; the reader goes on with the new one.
    assert_eq!(home.oms(&["db", "seed", "--orders", "300", "--seed", "8"]).code, 0);
    let (reply, _) = home.ask("how many orders");
    assert_eq!(reply["rows"], json!([[300]]), "{reply}");

    // The administrator's address can seed; over orders that are there only when told so.
    let url = home.oms(&["db", "url", "--admin"]).out.trim().to_owned();
    let ran = home.oms(&["--db", &url, "db", "seed", "--orders", "200"]);
    assert!(ran.code == 4 && ran.err.contains("--replace"), "{}", ran.err);

    // Asking with the administrator's rights is refused, with the reason.
    let (reply, code) = home.ask_with(&["--db", &url], "how many orders");
    assert_eq!((reply["status"].as_str(), code), (Some("refused"), 4), "{reply}");
    assert!(reply["error"]["message"].as_str().unwrap().contains("only SELECT is allowed"), "{reply}");
    assert!(!reply.to_string().contains(url.split(':').nth(2).unwrap().split('@').next().unwrap()), "no password");

    let doctor = home.oms(&["doctor"]);
    assert_eq!(doctor.code, 0, "{}", doctor.out);
    assert!(doctor.out.contains("can only SELECT"), "{}", doctor.out);
}

#[test]
fn a_live_shop_has_no_fixed_now() {
    let home = Home::empty();
    assert_eq!(home.oms(&["db", "seed", "--orders", "300", "--live"]).code, 0);
    let (reply, _) = home.ask("how many orders in the last 30 days");
    assert_eq!(reply["status"], "answered", "{reply}");
    assert!(reply["rows"][0][0].as_u64().unwrap() > 0, "{reply}");
    let (reply, _) = home.ask("SELECT COUNT(*) AS n FROM dataset_info WHERE name = 'as_of'");
    assert_eq!(reply["rows"], json!([[0]]));
}

#[test]
fn addresses_that_do_not_work_are_told_with_what_mends_them() {
    let home = Home::empty();
    for (url, expected) in [
        ("mysql://nobody@127.0.0.1:9/oms", "no server listens there"),
        ("postgres://x@y/z", "does not begin with `mysql://`"),
        ("mysql://", "not a URL that names"),
    ] {
        let (reply, code) = home.ask_with(&["--db", url], "how many orders");
        assert_eq!((reply["status"].as_str(), code), (Some("error"), 1), "{url}: {reply}");
        let error = &reply["error"];
        assert!(error["message"].as_str().unwrap().contains(expected), "{url}: {error}");
        assert!(!error["hint"].as_str().unwrap().is_empty(), "{url}: {error}");
        let ran = home.oms(&["--db", url, "ask", "how many orders"]);
        assert!(ran.code == 1 && ran.out.is_empty() && ran.err.contains("hint: "), "{}", ran.err);
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
    }
}

#[test]
fn wrong_passwords_and_wrong_schemas_are_told() {
    let home = Home::seeded();
    let url = home.oms(&["db", "url"]).out.trim().to_owned();
    let password = url.split(':').nth(2).unwrap().split('@').next().unwrap().to_owned();
    let (reply, code) = home.ask_with(&["--db", &url.replace(&password, "wrong")], "how many orders");
    assert_eq!(code, 1, "{reply}");
    assert!(reply["error"]["message"].as_str().unwrap().contains("wrong user or password"), "{reply}");
    let (reply, code) = home.ask_with(&["--db", &url.replace("/oms?", "/other?")], "how many orders");
    assert_eq!(code, 1, "{reply}");
    assert!(reply["error"]["message"].as_str().unwrap().contains("`other`"), "{reply}");
}

#[test]
fn a_seeding_that_was_cut_off_is_not_taken_for_a_whole_shop() {
    let home = Home::empty();
    assert_eq!(home.oms(&["db", "start"]).code, 0);
    let mut seeding = home.command(&["db", "seed", "--orders", "200000"]).spawn().unwrap();
    // Once tables are there the seeding is under way.
    loop {
        let status = home.oms(&["db", "status"]).out;
        if status.contains("cut off") {
            break;
        }
        assert!(seeding.try_wait().unwrap().is_none(), "the seeding ended too soon: {status}");
    }
    seeding.kill().unwrap();
    seeding.wait().unwrap();
    assert!(home.oms(&["db", "status"]).out.contains("cut off"));
    assert_eq!(home.oms(&["db", "seed", "--orders", "300"]).code, 0);
    let (reply, _) = home.ask("how many orders");
    assert_eq!(reply["rows"], json!([[300]]), "{reply}");
}
