//! Runbooks: ordered tool calls with conditions, checks and undo, as data in `prompts/runbooks/*.yaml`. They are checked when
//! they are loaded, so that a wrong one is never found in the middle of a deploy.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::store::is_id;
use crate::Failure;
use crate::numbers::written;

/// The files, compiled in.
const FILES: &[(&str, &str)] = &[
    ("prompts/runbooks/deploy-local.yaml", include_str!("../../../prompts/runbooks/deploy-local.yaml")),
    ("prompts/runbooks/deploy.yaml", include_str!("../../../prompts/runbooks/deploy.yaml")),
    ("prompts/runbooks/release.yaml", include_str!("../../../prompts/runbooks/release.yaml")),
    ("prompts/runbooks/scale-hub.yaml", include_str!("../../../prompts/runbooks/scale-hub.yaml")),
    ("prompts/runbooks/rotate-keys.yaml", include_str!("../../../prompts/runbooks/rotate-keys.yaml")),
    ("prompts/runbooks/roll-back.yaml", include_str!("../../../prompts/runbooks/roll-back.yaml")),
    ("prompts/runbooks/roll-back-release.yaml", include_str!("../../../prompts/runbooks/roll-back-release.yaml")),
    ("prompts/runbooks/take-down.yaml", include_str!("../../../prompts/runbooks/take-down.yaml")),
];

/// One runbook.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runbook {
    /// Its name.
    pub runbook: String,
    /// What it is for.
    pub title: String,
    /// What its change set does, in one sentence with places for arguments.
    pub summary: String,
    /// A sentence that asks for it.
    pub says: String,
    /// What it takes.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// What it calls, in this order.
    pub steps: Vec<RunbookStep>,
    /// What must hold afterwards.
    #[serde(default)]
    pub checks: Vec<RunbookCheck>,
}

/// What a runbook takes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// The question where it is missing.
    pub ask: String,
    /// What it must be.
    pub is: Kind,
    /// What it is where nothing was said.
    #[serde(default)]
    pub default: Option<String>,
}

/// What an argument must be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// `1.4`, `v2.0.1-rc1`.
    Version,
    /// A name of letters, digits, `-`, `_` and `.`.
    Name,
    /// A change set's id, or `last`.
    Change,
    /// A whole number.
    Whole {
        /// At least.
        from: u64,
        /// At most.
        to: u64,
    },
    /// One of these words.
    OneOf(Vec<String>),
}

/// One call.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunbookStep {
    /// What it does, with places.
    pub name: String,
    /// The call.
    pub call: Call,
    /// When it is made.
    #[serde(default)]
    pub when: When,
    /// What it touches, besides what its plan says.
    #[serde(default)]
    pub touches: Vec<String>,
    /// What does not serve meanwhile, besides what its plan says.
    #[serde(default)]
    pub downtime: Option<String>,
    /// How it is undone.
    pub undo: RunbookUndo,
}

/// A planning call: it looks, and says what would run.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "tool", rename_all = "snake_case", deny_unknown_fields)]
pub enum Call {
    /// A saved Terraform plan.
    TerraformPlan {
        /// Variables besides the settings' own.
        #[serde(default)]
        variables: BTreeMap<String, String>,
    },
    /// A playbook in check mode.
    AnsibleCheck {
        /// Another playbook than the settings' own, in its folder.
        #[serde(default)]
        playbook: Option<String>,
        /// Extra variables.
        #[serde(default)]
        extra: BTreeMap<String, String>,
    },
    /// The stack against what runs.
    ComposePlan {
        /// Variables besides the settings' own.
        #[serde(default)]
        variables: BTreeMap<String, String>,
    },
    /// The stack's end.
    ComposeDown {},
    /// A call of the Azure CLI that changes one thing.
    AzureCli {
        /// A call that reads how it is now; its output is `{before}`.
        #[serde(default)]
        before: Vec<String>,
        /// The call.
        arguments: Vec<String>,
    },
    /// The undo of a change set.
    UndoChange {
        /// Which one.
        change: String,
    },
}

/// When a step or a check is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// Where the environment has this part.
    pub has: Option<Part>,
}

/// A part of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A Terraform folder.
    Terraform,
    /// A playbook.
    Ansible,
    /// A Compose file.
    Compose,
}

/// How a step is undone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunbookUndo {
    /// By this runbook.
    #[serde(default)]
    pub runbook: Option<String>,
    /// What it is given.
    #[serde(default)]
    pub arguments: BTreeMap<String, String>,
    /// For people.
    #[serde(default)]
    pub says: Option<String>,
    /// Not at all, and why.
    #[serde(default)]
    pub impossible: Option<String>,
}

/// A look at a published port of the stack.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunbookCheck {
    /// For people.
    pub name: String,
    /// When it is made.
    #[serde(default)]
    pub when: When,
    /// The service.
    pub service: String,
    /// Its port within.
    pub port: u16,
    /// `http` or `https`.
    pub scheme: String,
    /// A text that the answer holds.
    #[serde(default)]
    pub contains: Option<String>,
    /// Seconds until it must.
    pub seconds: u64,
}

/// The runbooks that come with the program.
static BUILT_IN: LazyLock<Result<Vec<Runbook>, Failure>> = LazyLock::new(|| load(FILES));

/// All runbooks, in the order of the files. Fails where one is not sound, which a test rules out.
pub fn runbooks() -> Result<&'static [Runbook], Failure> {
    BUILT_IN.as_deref().map_err(Clone::clone)
}

/// The runbook of this name. Fails with the nearest one.
pub fn runbook(name: &str) -> Result<&'static Runbook, Failure> {
    let all = runbooks()?;
    all.iter().find(|runbook| runbook.runbook == name).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|runbook| runbook.runbook.as_str()).collect();
        let failure = Failure::invalid(format!("no runbook named `{}`", name.escape_debug()));
        match strsim_near(name, &names) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint(format!("there are {}", names.join(", "))),
        }
    })
}

fn strsim_near<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let near = names.iter().map(|near| (strsim::damerau_levenshtein(name, near), *near)).min()?;
    (near.0 <= 3).then_some(near.1)
}

/// Reads and checks runbook files, each with its name.
pub(super) fn load(files: &[(&str, &str)]) -> Result<Vec<Runbook>, Failure> {
    let mut all: Vec<Runbook> = Vec::new();
    for (file, text) in files {
        let wrong = |cause: String| Failure::invalid(format!("cannot use `{file}`: {cause}"));
        let runbook: Runbook = serde_saphyr::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".yaml").replace('-', "_");
        if runbook.runbook != stem {
            return Err(wrong(format!("runbook `{}` stands in a file of another name", runbook.runbook)));
        }
        runbook.check().map_err(wrong)?;
        all.push(runbook);
    }
    for runbook in &all {
        for step in &runbook.steps {
            let Some(undo) = &step.undo.runbook else { continue };
            let named = all.iter().find(|other| other.runbook == *undo).ok_or_else(|| {
                Failure::invalid(format!("runbook `{}` is undone by `{undo}`, which there is not", runbook.runbook))
            })?;
            if let Some(wrong) = step.undo.arguments.keys().find(|name| named.argument(name).is_none()) {
                return Err(Failure::invalid(format!(
                    "runbook `{}` gives `{wrong}` to `{undo}`, which does not take it",
                    runbook.runbook
                )));
            }
            let left_out =
                |argument: &&Argument| argument.default.is_none() && !step.undo.arguments.contains_key(&argument.name);
            if let Some(missing) = named.arguments.iter().find(left_out) {
                return Err(Failure::invalid(format!(
                    "runbook `{}` does not give `{}` to `{undo}`",
                    runbook.runbook, missing.name
                )));
            }
        }
    }
    Ok(all)
}

impl Runbook {
    /// Its argument of this name.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }

    /// What is wrong with it by itself.
    fn check(&self) -> Result<(), String> {
        if self.steps.is_empty() {
            return Err("it has no steps".to_owned());
        }
        let known = |place: &str, before: bool| {
            place == "environment"
                || self.argument(place).is_some()
                || before && place == "before"
                || place.strip_prefix("terraform.").is_some_and(|output| !output.is_empty())
        };
        let texts = |text: &str, before: bool| match places(text).find(|place| !known(place, before)) {
            Some(place) => Err(format!("`{text}` has the place `{{{place}}}`, which nothing fills")),
            None => Ok(()),
        };
        texts(&self.summary, false)?;
        texts(&self.says, false)?;
        for argument in &self.arguments {
            if let Some(default) = &argument.default {
                argument.is.takes(default).map_err(|cause| format!("the default of `{}` {cause}", argument.name))?;
            }
        }
        for step in &self.steps {
            let before = matches!(&step.call, Call::AzureCli { before, .. } if !before.is_empty());
            for text in step.call.texts().chain(step.touches.iter()).chain(&step.downtime).chain([&step.name]) {
                texts(text, false)?;
            }
            for text in step.undo.arguments.values().chain(&step.undo.says).chain(&step.undo.impossible) {
                texts(text, before)?;
            }
            match (&step.undo.runbook, &step.undo.says, &step.undo.impossible) {
                (Some(_), Some(_), None) | (None, None, Some(_)) => {}
                _ => return Err(format!("`{}` needs an undo by a runbook with `says`, or `impossible`", step.name)),
            }
        }
        for check in &self.checks {
            if !matches!(check.scheme.as_str(), "http" | "https") || !(1..=600).contains(&check.seconds) {
                return Err(format!("the check `{}` wants http or https, and 1 to 600 seconds", check.name));
            }
        }
        Ok(())
    }

    /// What was given, checked and completed with defaults. Fails, as a question back, at the first that is missing or wrong.
    pub fn arguments(&self, given: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Failure> {
        if let Some(name) = given.keys().find(|name| self.argument(name).is_none()) {
            let takes: Vec<&str> = self.arguments.iter().map(|argument| argument.name.as_str()).collect();
            let takes = if takes.is_empty() { "nothing".to_owned() } else { takes.join(", ") };
            return Err(Failure::invalid(format!("`{}` takes no `{}`", self.runbook, name.escape_debug()))
                .hint(format!("it takes {takes}")));
        }
        let mut complete = BTreeMap::new();
        for argument in &self.arguments {
            let value = given.get(&argument.name).or(argument.default.as_ref());
            let value = value.ok_or_else(|| Failure::invalid(argument.ask.clone()))?;
            argument
                .is
                .takes(value)
                .map_err(|cause| Failure::invalid(format!("`{}` {cause}", argument.name)).hint(argument.ask.clone()))?;
            complete.insert(argument.name.clone(), value.clone());
        }
        Ok(complete)
    }
}

impl Runbook {
    /// Whether a text has a place that one of Terraform's outputs fills.
    pub(super) fn needs_outputs(&self) -> bool {
        self.steps
            .iter()
            .flat_map(|step| step.call.texts().chain(&step.touches))
            .any(|text| places(text).any(|place| place.starts_with("terraform.")))
    }
}

impl Call {
    /// The tool that plans it.
    pub(super) fn tool(&self) -> &'static str {
        match self {
            Self::TerraformPlan { .. } => "terraform_plan",
            Self::AnsibleCheck { .. } => "ansible_check",
            Self::ComposePlan { .. } => "compose_plan",
            Self::ComposeDown {} => "compose_down",
            Self::AzureCli { .. } => "azure_cli",
            Self::UndoChange { .. } => "undo_change",
        }
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &String> {
        let texts: Vec<&String> = match self {
            Self::TerraformPlan { variables } | Self::ComposePlan { variables } => variables.values().collect(),
            Self::AnsibleCheck { playbook, extra } => playbook.iter().chain(extra.values()).collect(),
            Self::ComposeDown {} => Vec::new(),
            Self::AzureCli { before, arguments } => before.iter().chain(arguments).collect(),
            Self::UndoChange { change } => vec![change],
        };
        texts.into_iter()
    }
}

impl Kind {
    /// Whether a value is one; what it is not. No value can be an option, a path or hold a sign that a program reads.
    pub fn takes(&self, value: &str) -> Result<(), String> {
        let plain = |sign: char| sign.is_ascii_alphanumeric() || "._-".contains(sign);
        let fits = match self {
            Self::Version => {
                let bare = value.strip_prefix('v').unwrap_or(value);
                bare.starts_with(|first: char| first.is_ascii_digit()) && bare.len() <= 64 && bare.chars().all(plain)
            }
            Self::Name => {
                value.starts_with(|first: char| first.is_ascii_alphabetic())
                    && value.len() <= 64
                    && value.chars().all(plain)
            }
            Self::Change => value == "last" || is_id(value),
            Self::Whole { from, to } => value.parse().is_ok_and(|number: u64| (*from..=*to).contains(&number)),
            Self::OneOf(words) => words.iter().any(|word| word == value),
        };
        if fits { Ok(()) } else { Err(format!("is `{}`, which is {}", value.escape_debug(), self.not())) }
    }

    fn not(&self) -> String {
        match self {
            Self::Version => "no version such as 1.4".to_owned(),
            Self::Name => "no name of letters, digits, `-`, `_` and `.`".to_owned(),
            Self::Change => "no change set's id, nor `last`".to_owned(),
            Self::Whole { from, to } => format!("no whole number from {from} to {to}"),
            Self::OneOf(words) => format!("none of {}", words.join(", ")),
        }
    }

    /// The value that a short answer to the argument's question gives.
    pub fn of_answer(&self, answer: &str) -> Option<String> {
        let words: Vec<String> = answer
            .split_whitespace()
            .map(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase())
            .filter(|word| !word.is_empty())
            .collect();
        if words.len() > 6 {
            return None;
        }
        let words = if matches!(self, Self::Whole { .. }) { in_digits(&words) } else { words };
        let mut fitting = words.into_iter().filter(|word| match self {
            // "please" is a name too: only an answer of one word gives one.
            Self::Name => false,
            _ => self.takes(word).is_ok(),
        });
        let first =
            fitting.next().or_else(|| Some(answer.trim().to_owned()).filter(|text| self.takes(text).is_ok()))?;
        fitting.next().is_none().then_some(first)
    }
}

/// An answer's words with its written numbers as digits. "One" is a number only where it does not stand for a thing.
fn in_digits(words: &[String]) -> Vec<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut digits = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let counts = words[at] != "one" || at == 0 || ["to", "just", "only"].contains(&words[at - 1]);
        let written = written(&words[at..]).filter(|_| counts);
        digits.push(written.map_or_else(|| words[at].to_owned(), |(_, number)| number.to_string()));
        at += written.map_or(1, |(taken, _)| taken);
    }
    digits
}

/// The places of a text: what stands in braces.
pub(super) fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(place, _)| place)
}

/// The text with its places filled. Fails at one that has no value.
pub(super) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, Failure> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((place, after)) = after.split_once('}') else { break };
        let value = value(place)
            .ok_or_else(|| Failure::invalid(format!("cannot tell what `{place}` is, which this runbook needs")))?;
        filled.push_str(before);
        filled.push_str(&value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}
