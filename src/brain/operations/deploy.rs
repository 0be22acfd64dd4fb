//! What runs, what it says, what a deployment would change, what there is and what is installed: reading only.
//!
//! A sentence is claimed where every word of it is accounted for; what is left over is a name, and only where a name can
//! stand. Whether there is such an environment or container is for the tool to say.

use serde_json::{Map, Value, json};

use super::{Sentence, Understanding};

const FILLER: &[&str] = &[
    "a",
    "all",
    "an",
    "and",
    "any",
    "are",
    "at",
    "can",
    "could",
    "currently",
    "do",
    "does",
    "environment",
    "everything",
    "exactly",
    "for",
    "from",
    "get",
    "give",
    "has",
    "have",
    "i",
    "if",
    "in",
    "is",
    "it",
    "list",
    "me",
    "moment",
    "now",
    "of",
    "on",
    "our",
    "please",
    "right",
    "see",
    "show",
    "tell",
    "that",
    "the",
    "there",
    "to",
    "us",
    "we",
    "what",
    "what's",
    "whats",
    "which",
    "with",
    "would",
    "will",
    "you",
    "your",
    "run",
    "look",
    "us",
    "let",
    "display",
    "print",
    "today",
    "be",
];

pub(super) fn understand(sentence: &Sentence<'_>) -> Option<Understanding> {
    let words: Vec<&str> =
        sentence.words.iter().map(|word| word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word)).collect();
    let words = if words == ["what"] { return None } else { words.as_slice() };
    logs(words)
        .or_else(|| terraform(words))
        .or_else(|| compose(words))
        .or_else(|| ansible(words))
        .or_else(|| installed(words))
        .or_else(|| running(words))
}

fn call(tool: &str, arguments: Map<String, Value>) -> Understanding {
    Understanding::Call {
        tool: tool.to_owned(),
        arguments: Value::Object(arguments),
        confidence: 1.0,
        notes: Vec::new(),
    }
}

fn has(words: &[&str], any: &[&str]) -> bool {
    words.iter().any(|word| any.contains(word))
}

/// The words that are neither filler nor among the subject's own.
fn left<'a>(words: &[&'a str], own: &[&[&str]]) -> Vec<&'a str> {
    let known = |word: &str| FILLER.contains(&word) || own.iter().any(|list| list.contains(&word));
    words.iter().copied().filter(|word| !known(word)).collect()
}

/// A word that can be a name: of an environment, a host, a container.
fn is_name(word: &str) -> bool {
    word.starts_with(|sign: char| sign.is_ascii_alphanumeric())
        && word.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.' | '/'))
}

/// What is left over of a sentence.
enum Left<'a> {
    Nothing,
    Name(&'a str),
}

/// Nothing, or a name. `None`: more is left over than can be understood.
fn name_left<'a>(left: &[&'a str]) -> Option<Left<'a>> {
    match left {
        [] => Some(Left::Nothing),
        [name] if is_name(name) => Some(Left::Name(name)),
        _ => None,
    }
}

fn of_environment(tool: &str, left: &[&str]) -> Option<Understanding> {
    let mut arguments = Map::new();
    if let Left::Name(name) = name_left(left)? {
        arguments.insert("environment".to_owned(), json!(name));
    }
    Some(call(tool, arguments))
}

fn terraform(words: &[&str]) -> Option<Understanding> {
    const SUBJECT: &[&str] = &["terraform", "tofu", "opentofu"];
    const PLANS: &[&str] =
        &["plan", "planned", "plans", "change", "changes", "changed", "drift", "add", "differ", "different", "new"];
    const DESTROYS: &[&str] = &["destroy", "destroys", "destroyed", "delete", "remove", "replace"];
    const CHECKS: &[&str] =
        &["validate", "valid", "validates", "sound", "check", "correct", "configuration", "config", "files", "code"];
    const SHOWS: &[&str] =
        &["outputs", "output", "state", "made", "created", "manages", "manage", "resources", "resource", "built"];
    if !has(words, SUBJECT) || has(words, &["apply", "installed", "version", "versions"]) {
        return None;
    }
    let left = left(words, &[SUBJECT, PLANS, DESTROYS, CHECKS, SHOWS]);
    if has(words, PLANS) || has(words, DESTROYS) && has(words, &["would", "will"]) {
        return of_environment("terraform_plan", &left);
    }
    if has(words, DESTROYS) {
        return None;
    }
    if has(words, &["validate", "valid", "validates", "sound", "check", "correct"]) {
        return of_environment("terraform_validate", &left);
    }
    if has(words, SHOWS) { of_environment("terraform_show", &left) } else { None }
}

fn compose(words: &[&str]) -> Option<Understanding> {
    const SUBJECT: &[&str] = &["compose", "docker"];
    const PLANS: &[&str] =
        &["plan", "change", "changes", "changed", "differ", "different", "recreate", "up", "restart", "diff"];
    let asks = words.contains(&"compose")
        && (has(words, &["plan", "changes", "diff", "differ", "different"])
            || has(words, &["would", "will"]) && has(words, PLANS));
    if !asks {
        return None;
    }
    of_environment("compose_plan", &left(words, &[SUBJECT, PLANS]))
}

fn ansible(words: &[&str]) -> Option<Understanding> {
    const SUBJECT: &[&str] = &["ansible", "playbook", "playbooks"];
    const HOSTS: &[&str] = &["hosts", "host", "servers", "machines", "inventory"];
    const CHECKS: &[&str] =
        &["check", "change", "changes", "changed", "dry", "dry-run", "mode", "diff", "test", "make", "differ"];
    if has(words, SUBJECT) && has(words, CHECKS) && !has(words, &["apply"]) {
        // "on oms-1" and "on the web servers" name hosts; "in dev" an environment.
        let left = left(words, &[SUBJECT, HOSTS, CHECKS]);
        let mut arguments = Map::new();
        if let Left::Name(name) = name_left(&left)? {
            let at = words.iter().position(|word| *word == name)?;
            let before = words[..at].iter().rev().find(|word| **word != "the");
            let field = if before == Some(&"on") { "host" } else { "environment" };
            arguments.insert(field.to_owned(), json!(name));
        }
        return Some(call("ansible_check", arguments));
    }
    let asks_hosts =
        has(words, &["hosts", "servers", "machines"]) || has(words, SUBJECT) && words.contains(&"inventory");
    if !asks_hosts || !has(words, &["which", "what", "list", "show", "hosts", "inventory"]) || has(words, &["healthy"])
    {
        return None;
    }
    of_environment("ansible_hosts", &left(words, &[SUBJECT, HOSTS]))
}

fn installed(words: &[&str]) -> Option<Understanding> {
    const SUBJECT: &[&str] =
        &["installed", "installation", "doctor", "prerequisites", "missing", "versions", "version"];
    const MORE: &[&str] = &[
        "programs",
        "program",
        "tools",
        "tool",
        "needed",
        "need",
        "required",
        "check",
        "properly",
        "correctly",
        "ready",
        "terraform",
        "tofu",
        "ansible",
        "docker",
        "compose",
        "az",
        "azure",
        "cli",
        "deployment",
        "deploy",
        "here",
        "machine",
        "this",
        "anything",
        "something",
        "still",
        "must",
    ];
    let sure = has(words, &["installed", "installation", "doctor", "prerequisites"])
        || has(words, &["versions", "version", "missing"])
            && has(
                words,
                &["programs", "program", "tools", "tool", "terraform", "tofu", "ansible", "docker", "compose"],
            );
    (sure && left(words, &[SUBJECT, MORE]).is_empty()).then(|| call("doctor", Map::new()))
}

fn running(words: &[&str]) -> Option<Understanding> {
    const SUBJECT: &[&str] = &["container", "containers", "docker"];
    const RUNS: &[&str] = &[
        "running", "runs", "up", "ps", "started", "services", "service", "stack", "engine", "status", "state", "alive",
    ];
    const USES: &[&str] =
        &["memory", "cpu", "usage", "use", "using", "how", "much", "restarts", "restarted", "often", "stopped"];
    let runs = has(words, &["running", "runs"])
        && has(words, &["what", "what's", "whats", "which", "show", "list", "everything"]);
    let all_words = has(words, SUBJECT) || runs;
    // "up" and "start" with a stack to bring up are for those who change things.
    if !all_words || has(words, &["bring", "start", "stop", "restart", "deploy", "scale", "down", "total", "totals"]) {
        return None;
    }
    let left = left(words, &[SUBJECT, RUNS, USES]);
    let Left::Name(name) = name_left(&left)? else { return Some(call("containers", Map::new())) };
    // A name stands for an environment after "in", for a container beside the word.
    let at = words.iter().position(|word| *word == name)?;
    let before = at.checked_sub(1).map(|before| words[before]);
    let after = words.get(at + 1).copied();
    let field = if matches!(before, Some("in" | "on" | "for")) {
        "environment"
    } else if matches!(after, Some("container" | "containers" | "service"))
        || matches!(before, Some("container" | "service"))
    {
        "name"
    } else {
        return None;
    };
    Some(call("containers", Map::from_iter([(field.to_owned(), json!(name))])))
}

fn logs(words: &[&str]) -> Option<Understanding> {
    const SUBJECT: &[&str] = &["log", "logs"];
    const MORE: &[&str] = &[
        "container",
        "containers",
        "service",
        "last",
        "latest",
        "recent",
        "line",
        "lines",
        "tail",
        "search",
        "find",
        "read",
        "newest",
        "most",
        "full",
        "grep",
    ];
    const ASKS: &[&str] =
        &["for", "containing", "contain", "contains", "with", "mentioning", "mention", "about", "hold"];
    if !has(words, SUBJECT) {
        return None;
    }
    let mut arguments = Map::new();
    let mut rest: Vec<&str> = words.to_vec();
    // "... for timeout": what is looked for stands at the end, after the word for it.
    let searches = has(words, &["search", "find", "grep"]) || has(words, &ASKS[1..]);
    if let Some(at) = rest.iter().rposition(|word| ASKS.contains(word))
        && searches
        && at + 1 < rest.len()
        && !has(&rest[at + 1..], SUBJECT)
    {
        let text: Vec<&str> = rest.drain(at..).skip(1).collect();
        let text = text.join(" ");
        arguments.insert("contains".to_owned(), json!(text.trim_matches(['"', '\''])));
    }
    if has(&rest, &["error", "errors"]) && !arguments.contains_key("contains") {
        arguments.insert("contains".to_owned(), json!("error"));
        rest.retain(|word| !matches!(*word, "error" | "errors"));
    }
    if let Some(at) = rest.iter().position(|word| word.parse::<usize>().is_ok()) {
        let count: usize = rest.remove(at).parse().ok()?;
        arguments.insert("lines".to_owned(), json!(count));
    }
    let Left::Name(name) = name_left(&left(&rest, &[SUBJECT, MORE, ASKS]))? else { return None };
    arguments.insert("name".to_owned(), json!(name));
    Some(call("container_logs", arguments))
}
