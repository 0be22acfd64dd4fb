//! The suites that come with the program, and the way to others.

use std::collections::BTreeMap;

use oms_tools::{Failure, FailureKind};

use super::coverage::nearest;
use super::suite::Suite;

macro_rules! suites {
    ($($name:literal),* $(,)?) => {
        /// Name and text of every suite under `evals/suites/`.
        pub const BUILT_IN: &[(&str, &str)] =
            &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/evals/suites/", $name, ".yaml")))),*];
    };
}

suites![
    "abstain",
    "comparisons",
    "conversations",
    "dimensions",
    "filters",
    "first-look-1",
    "first-look-10",
    "first-look-11",
    "first-look-12",
    "first-look-13",
    "first-look-14",
    "first-look-15",
    "first-look-16",
    "first-look-17",
    "first-look-18",
    "first-look-19",
    "first-look-2",
    "first-look-20",
    "first-look-21",
    "first-look-22",
    "first-look-23",
    "first-look-24",
    "first-look-25",
    "first-look-26",
    "first-look-27",
    "first-look-28",
    "first-look-29",
    "first-look-3",
    "first-look-4",
    "first-look-5",
    "first-look-6",
    "first-look-7",
    "first-look-8",
    "first-look-9",
    "lists",
    "measures",
    "operations-change",
    "operations-watch",
    "people-analyst",
    "people-finance",
    "people-founder",
    "people-marketing",
    "people-newcomer",
    "people-night-operator",
    "people-support",
    "people-warehouse",
    "rankings",
    "sets",
    "shares",
    "time",
    "wording"
];

/// The suites with these names, or from these files; none named: all that come with the program.
///
/// Fails where a name is not known, a file cannot be read, a suite is wrong, or an id stands in two suites.
pub fn load(names: &[String]) -> Result<Vec<Suite>, Failure> {
    let mut suites = Vec::new();
    if names.is_empty() {
        for (name, text) in BUILT_IN {
            suites.push(built_in(name, text)?);
        }
    }
    for name in names {
        suites.push(named(name)?);
    }
    let mut ids = BTreeMap::new();
    for suite in &suites {
        let own = suite.cases.iter().map(|case| &case.id).chain(suite.conversations.iter().map(|one| &one.id));
        for id in own {
            if let Some(other) = ids.insert(id.as_str(), &suite.name) {
                return Err(Failure::invalid(format!(
                    "the id `{id}` stands in two suites: `{other}` and `{}`",
                    suite.name
                )));
            }
        }
    }
    Ok(suites)
}

fn built_in(name: &str, text: &str) -> Result<Suite, Failure> {
    Suite::parse(&format!("evals/suites/{name}.yaml"), text)
}

fn named(name: &str) -> Result<Suite, Failure> {
    if let Some((name, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
        return built_in(name, text);
    }
    let is_path = name.contains('/') || std::path::Path::new(name).extension().is_some_and(|end| end == "yaml");
    if !is_path {
        let failure = Failure::new(FailureKind::NotFound, format!("no suite named `{name}`"));
        return Err(match nearest(name, BUILT_IN.iter().map(|(known, _)| *known)) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint("name a suite of evals/suites/ or the path of a file"),
        });
    }
    let text = std::fs::read_to_string(name)
        .map_err(|error| Failure::new(FailureKind::Unavailable, format!("cannot read `{name}`: {error}")))?;
    Suite::parse(name, &text)
}
