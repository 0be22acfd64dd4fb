//! Settings and semantic models that are broken, and settings that show.

use std::fs;

use crate::home::Home;

#[test]
fn a_broken_settings_file_is_told_with_line_and_nearest_word() {
    let home = Home::empty();
    fs::create_dir_all(home.path().join("config/oms")).unwrap();
    fs::write(home.path().join("config/oms/oms.toml"), "[database]\nsecnds = 3\n").unwrap();
    let ran = home.oms(&["ask", "revenue"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("line 2") && ran.err.contains("did you mean `seconds`?"), "{}", ran.err);
    let (reply, code) = home.ask("revenue");
    assert_eq!((reply["status"].as_str(), code), (Some("error"), 1), "{reply}");
    let ran = home.oms(&["--config", "/nowhere/oms.toml", "ask", "revenue"]);
    assert!(ran.code == 1 && ran.err.contains("there is no such file"), "{}", ran.err);
}

#[test]
fn a_broken_semantic_model_is_told_with_file_and_line() {
    let home = Home::empty();
    let model = home.path().join("model");
    fs::create_dir(&model).unwrap();
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/prompts/orders")).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap().replacen("definition:", "defnition:", 1);
        fs::write(model.join(path.file_name().unwrap()), text).unwrap();
    }
    let settings = home.path().join("oms.toml");
    fs::write(&settings, format!("[orders]\nmodel = '{}'\n", model.display())).unwrap();
    let ran = home.oms(&["--config", settings.to_str().unwrap(), "ask", "revenue"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains(".yaml") && ran.err.contains("line") && ran.err.contains("definition"), "{}", ran.err);
}

#[test]
fn limits_and_personal_columns_are_settings() {
    let home = Home::seeded();
    let settings = home.path().join("oms.toml");
    fs::write(&settings, "[database]\nrows = 5\nshow = ['customers.email']\n").unwrap();
    let file = settings.to_str().unwrap();
    let (reply, _) = home.ask_with(&["--config", file], "SELECT id FROM orders");
    assert_eq!(reply["rows"].as_array().unwrap().len(), 5, "{reply}");
    assert_eq!(reply["truncated"], true);
    let (reply, code) = home.ask_with(&["--config", file], "SELECT email FROM customers LIMIT 1");
    assert_eq!(code, 0, "granted: {reply}");
    let (reply, code) = home.ask_with(&["--config", file], "SELECT phone FROM customers LIMIT 1");
    assert_eq!(code, 4, "not granted: {reply}");
    // Without the setting the account itself cannot see it any more.
    let (_, code) = home.ask("how many orders");
    assert_eq!(code, 0);
    let grants = home.oms(&["ask", "--json", "SELECT email FROM customers LIMIT 1"]);
    assert_eq!(grants.code, 4, "{}", grants.out);
}
