//! `azure_cli`: what Azure says, through its own command line. Only commands that the configuration lists, and those read.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::deploy::{Deploy, Invocation, ProgramKind};
use crate::process::{Watch, arguments};
use crate::table::count_in_words;
use crate::told::Told;
use crate::{CallScope, Effect, Failure, FailureKind, Table, Tool, ToolReport};

/// Bytes of an answer that are read.
const LARGEST: u64 = 4 * 1024 * 1024;
/// Entries of a list that are kept.
const MOST_ENTRIES: usize = 200;
/// Options that change what is told of secrets, or how.
const REFUSED_OPTIONS: &[&str] = &["debug", "verbose", "output", "query", "only-show-errors", "help"];

/// What `azure_cli` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AzureCliArguments {
    /// The command without `az`, as the configuration lists it: `eventhubs namespace show`.
    pub command: String,
    /// Its options by name, without dashes: `{"name": "evhns-oms-dev", "resource-group": "rg-oms-dev"}`.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
}

/// What Azure said, secrets hidden.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AzureReport {
    /// The command.
    pub command: String,
    /// The answer.
    pub answer: Value,
    /// Entries of a list that are left out.
    pub left_out: usize,
}

/// Asks.
pub async fn ask(deploy: &Deploy, arguments: &AzureCliArguments, watch: &Watch) -> Result<AzureReport, Failure> {
    let words: Vec<&str> = arguments.command.split(' ').collect();
    for word in &words {
        arguments::name("the command", word)?;
    }
    let allowed = &deploy.settings().azure_commands;
    if !allowed.contains(&arguments.command) {
        return Err(Failure::refused(format!(
            "refused `az {}`: only {} may be asked",
            arguments.command,
            allowed.iter().map(|command| format!("`{command}`")).collect::<Vec<_>>().join(", ")
        ))
        .hint("ask for one of these, or add it to `deploy.azure_commands` in oms.toml where it only reads"));
    }
    let mut all: Vec<String> = words.into_iter().map(str::to_owned).collect();
    for (name, value) in &arguments.options {
        let named = name.starts_with(|sign: char| sign.is_ascii_lowercase())
            && name.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-');
        if !named || REFUSED_OPTIONS.contains(&name.as_str()) {
            return Err(Failure::refused(format!("refused the option `{}`", arguments::shown(name))));
        }
        let value = arguments::plain("the option's value", value)?;
        // `@file` would read a file.
        if value.starts_with('@') {
            return Err(Failure::refused(format!("refused the value of `{name}`: it names a file")));
        }
        all.push(format!("--{name}={value}"));
    }
    all.extend(["--output=json", "--only-show-errors"].map(str::to_owned));
    let call = invocation(deploy, all)?;
    let (ended, read) = deploy
        .start(&call)?
        .read(watch, |output| {
            let mut text = Vec::new();
            output.take(LARGEST).read_to_end(&mut text).ok();
            serde_json::from_slice::<Value>(&text).ok()
        })
        .await?;
    let failed =
        |why: &str| Failure::new(FailureKind::Unavailable, format!("cannot ask `az {}`: {why}", arguments.command));
    if !ended.status.success() {
        let said: String = ended
            .errors
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or("it says no reason")
            .chars()
            .take(300)
            .collect();
        let failure = failed(said.trim_start_matches("ERROR: "));
        return Err(if said.contains("az login") { failure.hint("az login") } else { failure });
    }
    let mut answer = read.ok_or_else(|| failed("its answer is no JSON, or too long"))?;
    deploy.redactor().json(&mut answer);
    let mut left_out = 0;
    if let Value::Array(entries) = &mut answer {
        left_out = entries.len().saturating_sub(MOST_ENTRIES);
        entries.truncate(MOST_ENTRIES);
    }
    Ok(AzureReport { command: arguments.command.clone(), answer, left_out })
}

/// One call of `az` with these words: for change sets, which a person approves. [`ask`] is the one that is limited to
/// commands that read.
pub fn invocation(deploy: &Deploy, words: Vec<String>) -> Result<Invocation, Failure> {
    let found = deploy.find(ProgramKind::Az)?;
    Ok(deploy.invocation(found.program, words, deploy.settings().state.clone()))
}

/// `azure_cli`.
pub struct AzureCli(Arc<Deploy>);

impl AzureCli {
    /// The tool over a deployment's settings.
    pub fn new(deploy: Arc<Deploy>) -> Self {
        Self(deploy)
    }
}

impl Tool for AzureCli {
    const NAME: &'static str = "azure_cli";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = AzureCliArguments;
    type Report = AzureReport;

    fn description(&self) -> String {
        format!(
            "Asks Azure through its command line. Only these commands, all of which read: {}.",
            self.0.settings().azure_commands.join(", ")
        )
    }

    async fn call(&self, _scope: &CallScope, arguments: AzureCliArguments) -> Result<AzureReport, Failure> {
        ask(&self.0, &arguments, &Watch::default()).await
    }
}

impl From<AzureReport> for ToolReport {
    fn from(report: AzureReport) -> Self {
        let flat = |value: &Value| match value {
            Value::String(text) => text.chars().filter(|sign| !arguments::is_hidden_sign(*sign)).take(120).collect(),
            Value::Object(_) | Value::Array(_) => String::from("..."),
            other => other.to_string(),
        };
        let (answer, rows): (String, Vec<[String; 2]>) = match &report.answer {
            Value::Array(entries) => {
                let rows = entries.iter().map(|entry| {
                    let kind = entry.get("type").or_else(|| entry.get("id")).unwrap_or(&Value::Null);
                    [flat(entry.get("name").unwrap_or(entry)), flat(kind)]
                });
                (format!("`az {}` lists {}.", report.command, entries.len() + report.left_out), rows.collect())
            }
            Value::Object(fields) => {
                let rows = fields.iter().map(|(name, value)| [name.clone(), flat(value)]);
                (format!("What `az {}` says:", report.command), rows.collect())
            }
            other => (format!("`az {}` says {}.", report.command, flat(other)), Vec::new()),
        };
        let mut told = Told::new(answer, serde_json::to_value(&report).unwrap_or_default());
        if !rows.is_empty() {
            told = told.with_table(Table::of_texts(["name", "value"], rows).without(report.left_out));
        }
        if report.left_out > 0 {
            told = told.with_note(format!("{} more entries are not shown", count_in_words(report.left_out)));
        }
        told.into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)] // a test that cannot go on ends

    use super::*;
    use crate::deploy::DeploySettings;
    use crate::deploy::tests::program;

    fn place() -> (tempfile::TempDir, Arc<Deploy>) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("state")).unwrap();
        let script = "case \"$1\" in account) echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1 ;; esac\n\
                      echo \"$@\" >&2\necho '{\"name\": \"evhns-oms-dev\", \"sku\": {\"capacity\": 1}, \"primaryKey\": \"abc\"}'";
        program(&root.join("bin"), "az", script);
        let deploy = Deploy::new(DeploySettings {
            path: format!("{}:/usr/bin:/bin", root.join("bin").display()).into(),
            state: root.join("state"),
            ..DeploySettings::default()
        });
        (folder, deploy)
    }

    fn arguments(command: &str, options: &[(&str, &str)]) -> AzureCliArguments {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        AzureCliArguments { command: command.to_owned(), options }
    }

    #[tokio::test]
    async fn an_allowed_command_is_asked_and_its_secrets_are_hidden() {
        let (_folder, deploy) = place();
        let asked = arguments("eventhubs namespace show", &[("name", "evhns-oms-dev"), ("resource-group", "rg")]);
        let report = ask(&deploy, &asked, &Watch::default()).await.unwrap();
        assert_eq!(report.answer["primaryKey"], "[hidden]");
        assert_eq!(report.answer["sku"]["capacity"], 1);
        let ToolReport::Told(told) = ToolReport::from(report) else { panic!("told") };
        assert_eq!(told.answer, "What `az eventhubs namespace show` says:");
        let failure = ask(&deploy, &arguments("account show", &[]), &Watch::default()).await.unwrap_err();
        assert_eq!(
            failure.to_string(),
            "cannot ask `az account show`: Please run 'az login' to setup account.\nhint: az login"
        );
    }

    #[tokio::test]
    async fn everything_else_is_refused() {
        let (_folder, deploy) = place();
        for (command, options) in [
            ("group delete", &[][..]),
            ("eventhubs namespace authorization-rule keys list", &[]),
            ("storage account keys list", &[]),
            ("account", &[]),
            ("account show --debug", &[]),
            ("account  show", &[]),
            ("account show\n", &[]),
            ("", &[]),
            ("rest", &[("uri", "https://x")]),
            ("group show", &[("--name", "x")]),
            ("group show", &[("Name", "x")]),
            ("group show", &[("name", "--debug")]),
            ("group show", &[("name", "@/etc/passwd")]),
            ("group show", &[("name", "a\nb")]),
            ("group show", &[("debug", "1")]),
            ("group show", &[("query", "x")]),
        ] {
            let failure = ask(&deploy, &arguments(command, options), &Watch::default()).await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::Refused, "{command} {options:?}: {failure}");
        }
    }
}
