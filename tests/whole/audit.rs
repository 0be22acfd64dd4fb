//! `oms audit`: every call is on record, and what is tampered with is found.

use std::fs;

use crate::home::Home;

#[test]
fn calls_are_recorded_and_the_record_proves_itself() {
    let home = Home::seeded();
    let ran = home.oms(&["audit", "verify"]);
    assert!(ran.code == 0 && ran.out.contains("no record yet"), "{}", ran.out);
    home.ask("how many orders");
    home.ask("delete all orders");
    let ran = home.oms(&["audit", "verify"]);
    assert!(ran.code == 0 && ran.out.contains("2 lines"), "{}{}", ran.out, ran.err);
    let ran = home.oms(&["audit", "show", "--tool", "query_orders", "--json"]);
    let line: serde_json::Value = serde_json::from_str(ran.out.trim()).unwrap();
    assert_eq!((line["event"].as_str(), line["status"].as_str()), (Some("tool_called"), Some("ok")), "{line}");
    assert_eq!(line["arguments"]["measures"][0], "orders", "{line}");
    assert!(home.oms(&["audit", "show"]).out.lines().count() == 2);
    assert_eq!(home.oms(&["audit", "show", "--person", "nobody-else"]).out, "");
    let file = home.path().join("state/oms/audit/audit.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("\"ok\"", "\"no\"", 1)).unwrap();
    let ran = home.oms(&["audit", "verify"]);
    assert!(ran.code == 1 && ran.out.contains("line 1 of") && ran.out.contains("broken"), "{}", ran.out);
    let ran = home.oms(&["audit", "verify", "--json"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()["line"], 1);
    // The record is nobody else's to read.
    let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(&file).unwrap());
    assert_eq!(mode & 0o077, 0);
}
