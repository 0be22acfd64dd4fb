//! Runbooks are data: sound ones are loaded, unsound ones are told with their file.

use super::*;
use crate::change::runbook::{Call, Kind, fill, load, places};

#[test]
fn those_that_come_with_the_program_are_sound() {
    let all = runbooks().unwrap();
    for name in ["deploy_local", "deploy", "release", "scale_hub", "roll_back", "rotate_keys", "take_down"] {
        assert!(all.iter().any(|runbook| runbook.runbook == name), "{name}");
    }
    assert!(runbook("scale_hbu").unwrap_err().to_string().contains("did you mean `scale_hub`?"));
}

const SOUND: &str = "runbook: a\ntitle: t\nsummary: s {n}\nsays: a\narguments:\n  - { name: n, ask: which?, is: { whole: { from: 1, to: 3 } } }\nsteps:\n  - name: do {n}\n    call: { tool: compose_down }\n    undo: { runbook: a, arguments: { n: \"1\" }, says: again }\n";

#[test]
fn unsound_ones_are_told() {
    let told = |file: &str, text: &str| load(&[(file, text)]).map(|_| ()).unwrap_err().message;
    assert!(load(&[("x/a.yaml", SOUND)]).is_ok());
    for (from, to, cause) in [
        ("runbook: a\n", "runbook: b\n", "another name"),
        ("title: t\n", "titel: t\n", "titel"),
        ("summary: s {n}", "summary: s {m}", "nothing fills"),
        ("do {n}", "do {terraform.}", "nothing fills"),
        ("compose_down", "shell", "shell"),
        ("says: again", "say: again", "say"),
        ("undo: { runbook: a", "undo: { runbook: c", "which there is not"),
        ("arguments: { n: \"1\" }", "arguments: {}", "does not give `n`"),
        ("arguments: { n: \"1\" }", "arguments: { n: \"1\", m: \"2\" }", "does not take it"),
        ("from: 1, to: 3 } }", "from: 1, to: 3 } }, default: \"9\"", "no whole number"),
        ("runbook: a, arguments: { n: \"1\" }, says: again", "says: again", "needs an undo"),
    ] {
        let text = SOUND.replacen(from, to, 1);
        assert_ne!(text, SOUND, "{from}");
        let message = told("x/a.yaml", &text);
        assert!(message.contains(cause), "{cause}: {message}");
    }
    assert!(told("x/a.yaml", "steps: [").contains("x/a.yaml"));
}

#[test]
fn arguments_are_asked_for_and_checked() {
    let scale = runbook("scale_hub").unwrap();
    let given = |value: &str| BTreeMap::from([("units".to_owned(), value.to_owned())]);
    assert_eq!(scale.arguments(&BTreeMap::new()).unwrap_err().message, "To how many throughput units, from 1 to 40?");
    assert_eq!(scale.arguments(&given("10")).unwrap()["units"], "10");
    for value in ["0", "41", "-1", "ten", "10 --yes", "", "１０", "1e1"] {
        assert!(scale.arguments(&given(value)).is_err(), "{value}");
    }
    let other = BTreeMap::from([("capacity".to_owned(), "10".to_owned())]);
    assert!(scale.arguments(&other).unwrap_err().to_string().contains("it takes units"));
    let release = runbook("release").unwrap();
    for (version, fits) in
        [("1.4", true), ("v2.0.1-rc1", true), ("1.4;rm", false), ("--force", false), ("../1", false), ("latest", false)]
    {
        let given = BTreeMap::from([("version".to_owned(), version.to_owned())]);
        assert_eq!(release.arguments(&given).is_ok(), fits, "{version}");
    }
}

#[test]
fn short_answers_give_an_argument() {
    let units = Kind::Whole { from: 1, to: 40 };
    for (answer, value) in [
        ("10", Some("10")),
        ("to 10, please", Some("10")),
        ("10 or 20", None),
        ("ten", Some("10")),
        ("to twenty four units, please", Some("24")),
        ("Twenty-four.", Some("24")),
        ("just one", Some("1")),
        ("the larger one", None),
        ("ten or twenty", None),
        ("fifty", None),
        ("50", None),
        ("how many orders were placed in the last 10 days", None),
        ("", None),
    ] {
        assert_eq!(units.of_answer(answer).as_deref(), value, "{answer}");
    }
    assert_eq!(Kind::Version.of_answer("version 1.4").as_deref(), Some("1.4"));
    let key = Kind::OneOf(vec!["primary".into(), "secondary".into()]);
    assert_eq!(key.of_answer("the primary one").as_deref(), Some("primary"));
    assert_eq!(key.of_answer("both primary and secondary"), None);
}

#[test]
fn places_are_filled_once() {
    let value = |place: &str| (place == "a").then(|| "{b}".to_owned());
    assert_eq!(fill("x {a} y", value).unwrap(), "x {b} y");
    assert!(fill("{b}", value).is_err());
    assert_eq!(fill("no place {", value).unwrap(), "no place {");
}

/// Every word of a runbook that names something of infra/ or compose/, against those folders.
#[test]
fn what_a_runbook_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let compose = read("compose/compose.yaml");
    let outputs = read("infra/terraform/outputs.tf");
    let variables = read("infra/terraform/variables.tf");
    let roles = fs::read_dir(root.join("infra/ansible/roles")).unwrap().flatten();
    let defaults: String =
        roles.filter_map(|role| fs::read_to_string(role.path().join("defaults/main.yml")).ok()).collect();
    let mut named = 0;
    for runbook in runbooks().unwrap() {
        let name = &runbook.runbook;
        for step in &runbook.steps {
            match &step.call {
                Call::AnsibleCheck { playbook, extra } => {
                    if let Some(playbook) = playbook {
                        assert!(root.join("infra/ansible").join(playbook).is_file(), "{name}: no playbook {playbook}");
                    }
                    for variable in extra.keys() {
                        assert!(defaults.contains(&format!("\n{variable}:")), "{name}: no role reads {variable}");
                        named += 1;
                    }
                }
                Call::ComposePlan { variables } => {
                    for variable in variables.keys() {
                        assert!(compose.contains(&format!("${{{variable}")), "{name}: compose reads no {variable}");
                        named += 1;
                    }
                }
                Call::TerraformPlan { variables: given } => {
                    for variable in given.keys() {
                        assert!(variables.contains(&format!("variable \"{variable}\"")), "{name}: {variable}");
                    }
                }
                _ => {}
            }
            for text in step.call.texts().chain(&step.touches) {
                for output in places(text).filter_map(|place| place.strip_prefix("terraform.")) {
                    let output = output.trim_end_matches(".name");
                    assert!(outputs.contains(&format!("output \"{output}\"")), "{name}: no output {output}");
                    named += 1;
                }
            }
        }
        for check in &runbook.checks {
            assert!(compose.contains(&format!("\n  {}:\n", check.service)), "{name}: no service {}", check.service);
            assert!(compose.contains(&format!(":{}\"", check.port)), "{name}: nothing publishes {}", check.port);
            named += 1;
        }
    }
    assert!(named >= 8, "{named}");
}
