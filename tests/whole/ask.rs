//! `oms ask`: one question, one answer, and out.

use serde_json::{Value, json};

use crate::home::Home;

/// The keys of the contract's object, always all of them.
const KEYS: [&str; 15] = [
    "status",
    "answer",
    "interpretation",
    "choices",
    "sql",
    "columns",
    "rows",
    "truncated",
    "tool_calls",
    "change",
    "watermark",
    "brain",
    "confidence",
    "elapsed_ms",
    "error",
];

fn check_keys(object: &Value) {
    let keys: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, KEYS);
}

#[test]
fn questions_answers_and_exit_codes() {
    let home = Home::seeded();
    answered(&home);
    asked_back(&home);
    refused(&home);
    moved_in_time(&home);
    every_measure_by_its_title(&home);
    wrong_usage(&home);
    plain(&home);
    in_scripts(&home);
    the_readmes_scripts(&home);
    no_writing_by_any_way(&home);
}

fn answered(home: &Home) {
    let (reply, code) = home.ask("revenue by country last month, without Spain");
    check_keys(&reply);
    assert_eq!((reply["status"].as_str(), code), (Some("answered"), 0), "{reply}");
    assert_eq!(reply["columns"][0], json!({"name": "ship_country", "type": "string"}));
    assert_eq!(reply["columns"][1], json!({"name": "revenue", "type": "decimal"}));
    let rows = reply["rows"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row[0] != "ES" && row[1].is_number()), "{reply}");
    let interpretation = reply["interpretation"].as_str().unwrap();
    assert!(interpretation.contains("2025-12-01") && interpretation.contains("not cancelled"), "{interpretation}");
    assert!(reply["sql"].as_str().unwrap().starts_with("SELECT"), "{reply}");
    assert_eq!(reply["tool_calls"][0]["tool"], "query_orders");
    assert_eq!(reply["tool_calls"][0]["status"], "ok");
    assert_eq!(reply["brain"], "rules");
    assert!(reply["watermark"]["newest_event_at"].as_str().unwrap().ends_with('Z'), "{reply}");
    assert!(reply["error"].is_null() && reply["change"].is_null());

    let (reply, code) = home.ask("where is ORD-0000042?");
    assert_eq!((reply["status"].as_str(), code), (Some("answered"), 0), "{reply}");
    assert!(!reply["rows"].as_array().unwrap().is_empty(), "{reply}");

    let (reply, code) = home.ask("where is ORD-9999999?");
    assert_eq!((reply["status"].as_str(), code), (Some("answered"), 0), "{reply}");
    assert!(reply["answer"].as_str().unwrap().contains("ORD-9999999"), "{reply}");

    let (reply, _) = home.ask("SELECT COUNT(*) AS n FROM orders");
    assert_eq!(reply["rows"], json!([[600]]), "{reply}");
    assert_eq!(reply["tool_calls"][0]["tool"], "select_orders");
}

fn asked_back(home: &Home) {
    for (question, word) in [("orders by moon phase", "moon"), ("revenue in Zanzibar", "Zanzibar")] {
        let (reply, code) = home.ask(question);
        check_keys(&reply);
        assert_eq!((reply["status"].as_str(), code), (Some("clarification"), 3), "{reply}");
        assert!(reply["answer"].as_str().unwrap().contains(word), "{reply}");
        assert!(!reply["choices"].as_array().unwrap().is_empty(), "{reply}");
        assert_eq!(reply["rows"], json!([]));
        assert_eq!(reply["tool_calls"], json!([]), "nothing was called");
    }
}

fn refused(home: &Home) {
    for question in [
        "delete all cancelled orders",
        "DELETE FROM orders",
        "SELECT 1; DROP TABLE orders",
        "SELECT /*!50000 SLEEP(5) */ 1",
        "SELECT SLEEP(5)",
        "SELECT LOAD_FILE('/etc/passwd')",
        "SELECT email FROM customers",
        "SELECT * FROM mysql.user",
        "SELECT id FROM orders FOR UPDATE",
        "stock by warehouse last month",
    ] {
        let (reply, code) = home.ask(question);
        check_keys(&reply);
        assert_eq!((reply["status"].as_str(), code), (Some("refused"), 4), "{question}: {reply}");
        assert!(reply["error"]["message"].as_str().is_some_and(|message| !message.is_empty()), "{question}: {reply}");
    }
    let (reply, _) = home.ask("how many orders");
    assert_eq!(reply["rows"], json!([[600]]), "nothing was changed");
}

/// As the reader, which sees no personal column: a measure that needs one could not be asked for.
fn every_measure_by_its_title(home: &Home) {
    for measure in oms_tools::orders::semantic::Catalog::load().unwrap().measures {
        let (reply, code) = home.ask(&measure.title);
        assert_eq!((reply["status"].as_str(), code), (Some("answered"), 0), "{}: {reply}", measure.title);
        let asked = reply["tool_calls"][0]["arguments"]["measures"].to_string();
        assert!(asked.contains(&measure.name), "{}: {asked}", measure.title);
    }
}

fn moved_in_time(home: &Home) {
    let (reply, _) = home.ask_with(&["--as-of", "2025-03-10T09:00:00Z"], "revenue last month");
    assert!(reply["interpretation"].as_str().unwrap().contains("2025-02-01"), "{reply}");
}

fn wrong_usage(home: &Home) {
    for arguments in [
        ["ask"].as_slice(),
        &["ask", ""],
        &["ask", "  \u{7} "],
        &["--as-of", "yesterday", "ask", "revenue"],
        &["frobnicate"],
        &["db", "seed", "--orders", "0"],
    ] {
        let ran = home.oms(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {}", ran.err);
        assert!(!ran.err.is_empty());
    }
    let long = "revenue ".repeat(20_000);
    let ran = home.oms(&["ask", &long[..100_000]]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    let ran = home.oms(&["--brain", "ruls", "ask", "revenue"]);
    assert!(ran.code == 1 && ran.err.contains("did you mean `rules`?"), "{}", ran.err);
}

fn plain(home: &Home) {
    let ran = home.oms(&["ask", "revenue", "by", "channel"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.out.contains('\u{1b}'), "no colour in a pipe");
    assert!(ran.out.contains("revenue") && ran.out.contains("web"), "{}", ran.out);
    let ran = home.oms(&["-v", "ask", "how many orders"]);
    assert!(ran.err.contains("turn") && ran.err.contains("query_orders"), "{}", ran.err);
    let log = std::fs::read_to_string(home.path().join("state/oms/oms.log")).unwrap();
    assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    for span in ["\"turn\"", "\"brain\"", "\"tool\"", "\"sql\""] {
        assert!(log.contains(span), "{span} is in the log");
    }
}

/// The account by itself: what the guard would refuse, sent past it.
fn no_writing_by_any_way(home: &Home) {
    let url = home.oms(&["db", "url"]).out;
    let socket = url.trim().rsplit_once("socket=").unwrap().1;
    let password = url.split_once("oms_reader:").unwrap().1.split_once('@').unwrap().0;
    let client = |sql: &str| {
        std::process::Command::new("mariadb")
            .args(["--no-defaults", "-u", "oms_reader", &format!("-p{password}"), "-S", socket, "oms", "-e", sql])
            .output()
            .unwrap()
    };
    assert!(client("SELECT COUNT(*) FROM orders").status.success());
    for sql in [
        "DELETE FROM orders",
        "INSERT INTO categories VALUES (99, 'x')",
        "CREATE TABLE oms.x (a INT)",
        "DROP TABLE orders",
        "SELECT email FROM customers",
        "SELECT payload FROM order_events",
        "SELECT 1 INTO OUTFILE '/tmp/oms-outfile'",
        "SELECT * FROM mysql.user",
        "CREATE TEMPORARY TABLE t (a INT)",
        "LOCK TABLES orders WRITE",
    ] {
        assert!(!client(sql).status.success(), "the account let through: {sql}");
    }
}

/// Whatever a script's environment says: one line, no colour, nothing beside it, and every outcome its status.
fn in_scripts(home: &Home) {
    for (question, code) in
        [("how many orders", 0), ("orders by moon phase", 3), ("delete all cancelled orders", 4), ("  ", 2)]
    {
        let mut command = home.command(&["--brain", "rules", "ask", "--quiet", "--json", question]);
        command.env("CLICOLOR_FORCE", "1").env("TERM", "xterm-256color").env("COLUMNS", "20");
        let ran = command.output().unwrap();
        let out = String::from_utf8(ran.stdout).unwrap();
        assert_eq!(ran.status.code(), Some(code), "{question}: {out}");
        assert_eq!((out.lines().count(), ran.stderr.len()), (1, 0), "{question}: {out}");
        assert!(!out.contains('\u{1b}'), "{question}: {out}");
        check_keys(&serde_json::from_str(&out).unwrap());
        let plain = home.command(&["--brain", "rules", "ask", "--quiet", question]).env("CLICOLOR_FORCE", "1").output();
        let plain = plain.unwrap();
        assert_eq!(plain.status.code(), Some(code), "{question}");
        assert!(!plain.stdout.contains(&0x1b) && !plain.stderr.contains(&0x1b), "{question}");
        assert_eq!(
            plain.stderr.is_empty(),
            code != 2,
            "only what is wrong with the call itself is on stderr: {question}"
        );
    }
    // A database that is not there is an error, as one object too.
    let ran = home.oms(&["--db", "mysql://u:p@127.0.0.1:1/x", "ask", "--quiet", "--json", "how many orders"]);
    assert_eq!((ran.code, ran.out.lines().count(), ran.err.as_str()), (1, 1, ""), "{}", ran.out);
    let object: Value = serde_json::from_str(&ran.out).unwrap();
    check_keys(&object);
    assert!(object["status"] == "error" && object["error"]["message"].is_string(), "{object}");
}

/// The README's lines for cron and for CI, as they stand there. `jq` is one of ours: not every machine has it.
fn the_readmes_scripts(home: &Home) {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let section = readme.split("### In scripts\n").nth(1).unwrap().split("\n#").next().unwrap();
    let lines: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    // The crontab's first line says where programs are; here they are elsewhere.
    let lines: Vec<&str> = lines.into_iter().filter(|line| !line.starts_with("PATH=")).collect();
    let (cron, job) = lines.split_first().unwrap();
    let programs = home.path().join("bin");
    std::fs::create_dir_all(&programs).unwrap();
    let jq = "#!/usr/bin/env python3\nimport functools, json, re, sys\nvalue = json.load(open(sys.argv[-1]))\n\
              for key in re.findall(r'\\w+', sys.argv[-2]):\n    value = value[int(key) if key.isdigit() else key]\nprint(value)\n";
    std::fs::write(programs.join("jq"), jq).unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(programs.join("jq"), executable).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_oms"), programs.join("oms")).ok();
    let run = |script: &str| {
        let oms = home.command(&[]);
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", script]).current_dir(home.path()).env_clear();
        shell.envs(oms.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", programs.display()));
        shell.stdin(std::process::Stdio::null()).output().unwrap()
    };
    let command = cron.splitn(6, ' ').nth(5).unwrap();
    assert!(run(command).status.success(), "{command}");
    let log = std::fs::read_to_string(home.path().join("stuck.log")).unwrap();
    assert!(log.contains("stuck") && !log.contains('\u{1b}'), "{log}");
    let job = job.join("\n");
    let ran = run(&job);
    assert!(ran.status.success() && ran.stdout.is_empty() && ran.stderr.is_empty(), "{ran:?}");
    let ran = run(&job.replace("how many orders are stuck", "how many unicorns are stuck"));
    assert!(ran.status.code() == Some(1) && String::from_utf8_lossy(&ran.stderr).contains("unicorns"), "{ran:?}");
}
