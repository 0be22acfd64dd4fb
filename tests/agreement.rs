//! What the documents say and what the program does agree.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The first cells of a table's rows that stand in backticks, below a heading.
fn table(document: &str, heading: &str) -> Vec<(String, String)> {
    let (_, section) = document.split_once(&format!("## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    section
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| {
            let (name, rest) = line.split_once('`').unwrap();
            (name.to_owned(), rest.trim_start_matches(" | ").split(" | ").next().unwrap().to_owned())
        })
        .collect()
}

#[test]
fn the_readme_lists_the_tools_with_their_effects() {
    use oms_tools::Tool;
    use oms_tools::ansible::{AnsibleCheckTool, AnsibleHosts};
    use oms_tools::archive::ArchiveVerify;
    use oms_tools::azure_cli::AzureCli;
    use oms_tools::change::{ApplyChange, ListChanges, PreviewChange, ProposeChange, ShowChange};
    use oms_tools::compose::ComposePlanTool;
    use oms_tools::containers::{ContainerLogs, Containers};
    use oms_tools::conversation::{AskBack, Decline};
    use oms_tools::doctor::Doctor;
    use oms_tools::eventhub::{EventhubMetrics, EventhubStatus};
    use oms_tools::orders::{DescribeOrders, QueryOrders, SelectOrders};
    use oms_tools::pipeline::{EventHubLag, PipelineHealth, TraceOrder, Why};
    use oms_tools::terraform::{TerraformPlanTool, TerraformShow, TerraformValidate};
    fn row<T: Tool>() -> (String, String) {
        (T::NAME.to_owned(), format!("{:?}", T::EFFECT).to_lowercase())
    }
    let tools = vec![
        row::<QueryOrders>(),
        row::<SelectOrders>(),
        row::<DescribeOrders>(),
        row::<ArchiveVerify>(),
        row::<PreviewChange>(),
        row::<ProposeChange>(),
        row::<ListChanges>(),
        row::<ShowChange>(),
        row::<ApplyChange>(),
        row::<EventhubMetrics>(),
        row::<EventhubStatus>(),
        row::<Why>(),
        row::<TerraformPlanTool>(),
        row::<TerraformShow>(),
        row::<TerraformValidate>(),
        row::<AnsibleCheckTool>(),
        row::<AnsibleHosts>(),
        row::<ComposePlanTool>(),
        row::<Containers>(),
        row::<ContainerLogs>(),
        row::<AzureCli>(),
        row::<Doctor>(),
        row::<PipelineHealth>(),
        row::<EventHubLag>(),
        row::<TraceOrder>(),
        row::<AskBack>(),
        row::<Decline>(),
    ];
    assert_eq!(table(&read("README.md"), "Tools"), tools);
}

#[test]
fn the_readme_lists_the_settings() {
    let listed: BTreeSet<String> = table(&read("README.md"), "Settings").into_iter().map(|(name, _)| name).collect();
    // What the program itself says of a wrong name in each section.
    let folder = tempfile::tempdir().unwrap();
    let names = |text: &str| -> Vec<String> {
        let file = folder.path().join("oms.toml");
        fs::write(&file, text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_oms"))
            .args(["--config", file.to_str().unwrap(), "doctor"])
            .env_clear()
            .env("HOME", folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let (_, expected) = said.split_once("expected ").unwrap_or_else(|| panic!("{said}"));
        expected.lines().next().unwrap().split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let mut known = BTreeSet::new();
    for name in names("zzz = 1\n") {
        let below = if name == "environments" {
            // A table of tables, by the environments' names.
            let below = names("[environments.x]\nzzz = 1\n").into_iter();
            below.map(|below| format!("environments.NAME.{below}")).collect()
        } else if ["brain", "remote"].contains(&name.as_str()) {
            vec![name]
        } else {
            names(&format!("[{name}]\nzzz = 1\n")).into_iter().map(|below| format!("{name}.{below}")).collect()
        };
        known.extend(below);
    }
    assert_eq!(listed, known);
}

#[test]
fn the_readme_lists_the_conversation_s_commands() {
    let readme = read("README.md");
    for command in oms::repl::commands() {
        assert!(readme.contains(&format!("`{}`", command.usage())), "{}", command.usage());
    }
}

/// The session that the README opens with, held again: each question is answered with the words that stand there.
#[test]
fn the_readme_s_session_is_what_really_happens() {
    let readme = read("README.md");
    let session: Vec<&str> = readme
        .lines()
        .skip(1)
        .skip_while(|line| line.is_empty())
        .take_while(|line| line.is_empty() || line.starts_with("    "))
        .collect();
    // A question, and the paragraph below it: charts and tables are drawn for terminals only.
    let mut turns: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in session {
        let line = line.trim();
        if let Some(question) = line.strip_prefix("oms> ") {
            turns.push((question.to_owned(), String::new()));
            open = true;
        } else if line.is_empty() {
            open = false;
        } else if open && let Some((_, answer)) = turns.last_mut() {
            answer.push_str(line);
            answer.push(' ');
        }
    }
    assert!(turns.len() >= 4, "{turns:?}");
    let folder = tempfile::Builder::new().prefix("oms").tempdir().unwrap();
    let oms = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oms"));
        command.args(arguments).env_clear().env("HOME", folder.path()).env("PATH", "/usr/local/bin:/usr/bin:/bin");
        command
    };
    let mut asked = oms(&["--brain", "rules", "--session", "readme", "--quiet"]);
    let mut child = asked.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for (question, _) in &turns {
        use std::io::Write;
        writeln!(stdin, "{question}").unwrap();
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    oms(&["db", "stop"]).output().unwrap();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
    let said = words(&String::from_utf8(output.stdout).unwrap());
    for (question, answer) in &turns {
        let answer = words(answer);
        let answer = answer.strip_suffix(" ...").unwrap_or(&answer);
        assert!(!answer.is_empty() && said.contains(answer), "{question}\n{answer}\n{said}");
    }
}

#[test]
fn every_folder_of_the_map_is_there_and_every_room_is_on_the_map() {
    let map = read("ARCHITECTURE.md");
    for (names, _) in table(&map, "Folders") {
        assert!(root().join(&names).exists(), "{names} is on the map and not there");
    }
    let rooms = |folder: &Path| -> Vec<String> {
        fs::read_dir(folder)
            .unwrap()
            .flatten()
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    };
    for room in rooms(&root().join("src")) {
        assert!(map.contains(&format!("src/{room}")), "src/{room} is not on the map");
    }
    for room in rooms(&root().join("tools/src")) {
        assert!(map.contains(&format!("tools/src/{room}")), "tools/src/{room} is not on the map");
    }
}

#[test]
fn every_prompt_file_is_compiled_in() {
    let mut sources = String::new();
    collect(&root().join("src"), &mut sources);
    collect(&root().join("tools/src"), &mut sources);
    for folder in ["prompts/orders", "prompts/runbooks", "prompts/system"] {
        for file in fs::read_dir(root().join(folder)).unwrap().flatten() {
            let name = format!("{folder}/{}", file.file_name().to_string_lossy());
            assert!(sources.contains(&name), "{name} is loaded by nothing");
        }
    }
}

fn collect(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}
