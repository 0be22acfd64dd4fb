//! The runbooks as prompts: what a person picks in a client becomes a message that has the runbook proposed, and no more.

use std::collections::BTreeMap;
use std::fmt::Write;

use oms_tools::Failure;
use oms_tools::change::{Kind, Runbook, runbook, runbooks};
use rmcp::model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role};
use serde_json::{Value, json};

/// The argument that every runbook takes besides its own.
const ENVIRONMENT: &str = "environment";

/// The prompts.
pub(super) fn list() -> Result<Vec<Prompt>, Failure> {
    Ok(runbooks()?.iter().map(prompt).collect())
}

fn prompt(runbook: &Runbook) -> Prompt {
    let own = runbook.arguments.iter().map(|argument| {
        let description = match &argument.default {
            Some(default) => format!("{} Left out: {default}", argument.ask),
            None => argument.ask.clone(),
        };
        PromptArgument::new(&argument.name).with_description(description).with_required(argument.default.is_none())
    });
    let environment = PromptArgument::new(ENVIRONMENT)
        .with_description("In which environment? Left out: the usual one")
        .with_required(false);
    let arguments = own.chain([environment]).collect();
    let description = format!("Proposes to {}; nothing runs before a person approves", plain(&runbook.summary));
    Prompt::new(&runbook.runbook, Some(description), Some(arguments)).with_title(&runbook.title)
}

/// A runbook's message, with what was given. Fails where the runbook does not take it.
pub(super) fn get(name: &str, arguments: Option<&JsonObject>) -> Result<GetPromptResult, Failure> {
    let runbook = runbook(name)?;
    let mut given = BTreeMap::new();
    for (name, value) in arguments.into_iter().flatten() {
        let text = value.as_str().ok_or_else(|| Failure::invalid(format!("`{}` must be text", name.escape_debug())))?;
        // Clients send what was left empty in their form.
        if !text.is_empty() {
            given.insert(name.clone(), text.to_owned());
        }
    }
    let environment = given.remove(ENVIRONMENT);
    if let Some(environment) = &environment {
        Kind::Name.takes(environment).map_err(|cause| Failure::invalid(format!("`{ENVIRONMENT}` {cause}")))?;
    }
    let complete = runbook.arguments(&given)?;
    let call = json!({ "runbook": runbook.runbook, "environment": environment, "arguments": complete });
    let mut text = format!("Please {}", filled(&runbook.says, &complete));
    if let Some(environment) = &environment {
        write!(text, " in `{environment}`").ok();
    }
    write!(
        text,
        ".\n\nCall `propose_change` with {call}. It plans this and changes nothing:\n{}\n\
         Tell me what it would run, what that reaches, how it is undone, and the change set's id and digest; then stop. I approve it, \
         or not. Only when I ask for it, call `apply_change` with its id.",
        steps(runbook, &complete)
    )
    .ok();
    Ok(GetPromptResult::new(vec![PromptMessage::new_text(Role::User, text)]).with_description(&runbook.title))
}

/// What an argument of a prompt can be, where that is a list; those that begin so.
pub(super) fn complete(prompt: &str, argument: &str, begun: &str, environments: &[&str]) -> Vec<String> {
    let words = match runbook(prompt).ok().and_then(|runbook| runbook.argument(argument)).map(|argument| &argument.is) {
        Some(Kind::OneOf(words)) => words.clone(),
        Some(Kind::Change) => vec!["last".to_owned()],
        None if argument == ENVIRONMENT => environments.iter().map(|name| (*name).to_owned()).collect(),
        _ => Vec::new(),
    };
    words.into_iter().filter(|word| word.starts_with(begun)).collect()
}

fn steps(runbook: &Runbook, arguments: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    for (place, step) in runbook.steps.iter().enumerate() {
        writeln!(text, "  {}. {}", place + 1, plain(&filled(&step.name, arguments))).ok();
    }
    for check in &runbook.checks {
        writeln!(text, "  then: {}", check.name).ok();
    }
    text
}

/// A text with its places filled from the arguments.
fn filled(text: &str, arguments: &BTreeMap<String, String>) -> String {
    arguments.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// A text whose other places are named by their words.
fn plain(text: &str) -> String {
    text.replace("`{environment}`", "the environment").replace(['{', '}'], "")
}

/// What was given wrongly, as a client is told.
pub(super) fn told(failure: &Failure) -> Value {
    json!({ "hints": failure.hints })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

    use super::*;

    fn message(name: &str, arguments: &Value) -> Result<String, Failure> {
        let result = get(name, arguments.as_object())?;
        Ok(serde_json::to_value(&result).unwrap()["messages"][0]["content"]["text"].as_str().unwrap().to_owned())
    }

    #[test]
    fn every_runbook_is_a_prompt() {
        let prompts = list().unwrap();
        let names: Vec<&str> = prompts.iter().map(|prompt| prompt.name.as_str()).collect();
        let expected: Vec<&str> = runbooks().unwrap().iter().map(|runbook| runbook.runbook.as_str()).collect();
        assert_eq!(names, expected);
        for prompt in &prompts {
            assert!(!prompt.description.as_deref().unwrap_or_default().contains(['{', '}']), "{prompt:?}");
            assert!(prompt.arguments.iter().flatten().any(|argument| argument.name == ENVIRONMENT), "{prompt:?}");
        }
    }

    #[test]
    fn a_message_proposes_and_stops() {
        let text = message("scale_hub", &json!({"units": "10", "environment": "dev"})).unwrap();
        assert!(text.starts_with("Please scale the hub to 10 throughput units in `dev`."), "{text}");
        assert!(
            text.contains(
                r#"`propose_change` with {"runbook":"scale_hub","environment":"dev","arguments":{"units":"10"}}"#
            ),
            "{text}"
        );
        assert!(text.contains("then stop"), "{text}");
        assert!(message("deploy", &json!({"environment": ""})).unwrap().contains(r#""environment":null"#));
    }

    #[test]
    fn what_a_runbook_does_not_take_is_refused() {
        for (name, arguments, said) in [
            ("scale_hub", json!({}), "To how many throughput units"),
            ("scale_hub", json!({"units": "99"}), "`units` is `99`"),
            ("scale_hub", json!({"units": 3}), "must be text"),
            ("scale_hub", json!({"units": "3", "more": "1"}), "takes no `more`"),
            ("scale_hub", json!({"units": "3", "environment": "a b; rm"}), "`environment` is"),
            ("scale_hubs", json!({}), "no runbook named"),
        ] {
            let failure = message(name, &arguments).unwrap_err();
            assert!(failure.to_string().contains(said), "{name} {arguments}: {failure}");
        }
    }

    #[test]
    fn arguments_are_completed() {
        assert_eq!(complete("rotate_keys", "key", "", &[]), ["primary", "secondary"]);
        assert_eq!(complete("rotate_keys", "key", "s", &[]), ["secondary"]);
        assert_eq!(complete("deploy", "environment", "p", &["dev", "prod"]), ["prod"]);
        assert!(complete("deploy", "nothing", "", &["dev"]).is_empty());
        assert!(complete("nothing", "key", "", &[]).is_empty());
    }
}
