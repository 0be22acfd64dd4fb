//! A suite file: questions, what must come back, and what they cover. Read strictly: a key or word that is not known is
//! an error with its file, its line and the nearest word.

use std::collections::{BTreeMap, BTreeSet};

use oms_tools::{Failure, Role};
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::compare::{Extra, Rows, Rules};
use super::coverage::{self, DIMENSIONS, KINDS, MEASURES, TIMES};
use super::expect::Expect;
use super::stage::{Happening, Stage};

/// The questions of one file.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Its name; the file's stem.
    pub name: String,
    /// The "now" that the gold SQL was written for, `2026-01-14 12:00:00` UTC.
    pub as_of: String,
    /// The stage that it needs; `None`: the database alone.
    pub stage: Option<Stage>,
    /// Questions, each asked in a conversation of its own.
    pub cases: Vec<Case>,
    /// Questions that follow on one another.
    pub conversations: Vec<Conversation>,
}

/// What a reply's status must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Rows.
    #[default]
    Answered,
    /// A question back.
    Clarification,
    /// A refusal.
    Refused,
    /// A proposal that waits for a person.
    ApprovalRequired,
    /// A failure that says what is wrong; expected only with what it must say, else only accepted.
    Error,
}

/// One question with what must come back.
#[derive(Clone, Debug)]
pub struct Case {
    /// Unique over all suites, and stable: the counted third is drawn by it.
    pub id: String,
    /// The line in the file.
    pub line: u64,
    /// The words; `{name}` is replaced by a value of `values`.
    pub question: String,
    /// The same question in other words.
    pub paraphrases: Vec<String>,
    /// Words of [`KINDS`].
    pub kinds: Vec<String>,
    /// Words of [`MEASURES`].
    pub measures: Vec<String>,
    /// Words of [`DIMENSIONS`].
    pub dimensions: Vec<String>,
    /// Words of [`TIMES`].
    pub times: Vec<String>,
    /// The expected status.
    pub status: Expected,
    /// Other statuses that are right too.
    pub accept: Vec<Expected>,
    /// The tool that must have answered; `None`: any.
    pub tool: Option<String>,
    /// SELECTs whose first value stands for `{name}`.
    pub values: BTreeMap<String, String>,
    /// The SELECT with the right rows; `None` where no rows are expected.
    pub sql: Option<String>,
    /// What happens on the stage before it is asked.
    pub first: Vec<Happening>,
    /// Which call must be made and what must be said, where rows do not tell.
    pub expect: Option<Expect>,
    /// How the rows are compared.
    pub rules: Rules,
    /// True where no row is the right answer.
    pub empty: bool,
}

/// Turns of one conversation.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Unique over all suites, cases included.
    pub id: String,
    /// SELECTs whose first value stands for `{name}` in every turn.
    pub values: BTreeMap<String, String>,
    /// The turns; their ids are `ID/1`, `ID/2`, ...
    pub turns: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSuite {
    suite: Spanned<String>,
    as_of: String,
    #[serde(default)]
    stage: Option<Stage>,
    #[serde(default)]
    tool: Option<String>,
    #[serde(default)]
    cases: Vec<Spanned<RawCase>>,
    #[serde(default)]
    conversations: Vec<Spanned<RawConversation>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConversation {
    id: String,
    #[serde(default)]
    values: BTreeMap<String, String>,
    turns: Vec<Spanned<RawCase>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    #[serde(default)]
    id: Option<String>,
    question: String,
    #[serde(default)]
    paraphrases: Vec<String>,
    kinds: Vec<Spanned<String>>,
    #[serde(default)]
    measures: Vec<Spanned<String>>,
    #[serde(default)]
    dimensions: Vec<Spanned<String>>,
    #[serde(default)]
    times: Vec<Spanned<String>>,
    #[serde(default)]
    status: Option<Expected>,
    #[serde(default)]
    first: Vec<Happening>,
    #[serde(default)]
    expect: Option<Expect>,
    #[serde(default)]
    accept: Vec<Expected>,
    #[serde(default)]
    tool: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    sql: Option<String>,
    #[serde(default)]
    ordered: Vec<String>,
    #[serde(default)]
    roles: BTreeMap<String, RawRole>,
    #[serde(default)]
    tolerance: BTreeMap<String, f64>,
    #[serde(default)]
    extra: Extra,
    #[serde(default)]
    rows: Rows,
    #[serde(default)]
    empty: bool,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawRole {
    Measure,
    Dimension,
}

impl Suite {
    /// Reads a suite; `file` is for messages.
    ///
    /// Fails with `FILE:LINE: what is wrong` and, for a word that is not known, the nearest one.
    pub fn parse(file: &str, text: &str) -> Result<Self, Failure> {
        let raw: RawSuite = serde_saphyr::from_str(text).map_err(|error| unreadable(file, &error))?;
        let mut parsing = Parsing { file, tool: raw.tool.as_deref(), stage: raw.stage, ids: BTreeSet::new() };
        let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".yaml");
        if raw.suite.value != stem {
            return Err(parsing.at(
                raw.suite.referenced.line(),
                format!("suite `{}` stands in a file of another name", raw.suite.value),
            ));
        }
        if chrono::NaiveDateTime::parse_from_str(&raw.as_of, "%Y-%m-%d %H:%M:%S").is_err() {
            return Err(parsing.at(1, format!("`as_of` is `{}`", raw.as_of)).hint("write it as `2026-01-14 12:00:00`"));
        }
        let mut cases = Vec::with_capacity(raw.cases.len());
        for case in raw.cases {
            let line = case.referenced.line();
            let id = case.value.id.clone().unwrap_or_default();
            parsing.claim(line, &id)?;
            cases.push(parsing.case(line, id, case.value, &BTreeMap::new())?);
        }
        let mut conversations = Vec::with_capacity(raw.conversations.len());
        for conversation in raw.conversations {
            let line = conversation.referenced.line();
            parsing.claim(line, &conversation.value.id)?;
            conversations.push(parsing.conversation(line, conversation.value)?);
        }
        Ok(Self { name: raw.suite.value, as_of: raw.as_of, stage: raw.stage, cases, conversations })
    }

    /// Every case: the single ones, then the conversations' turns.
    pub fn all_cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.iter().chain(self.conversations.iter().flat_map(|conversation| &conversation.turns))
    }
}

/// Words with where they stand.
type Words = [Spanned<String>];

struct Parsing<'a> {
    file: &'a str,
    tool: Option<&'a str>,
    stage: Option<Stage>,
    ids: BTreeSet<String>,
}

impl Parsing<'_> {
    fn at(&self, line: u64, what: impl std::fmt::Display) -> Failure {
        Failure::invalid(format!("{}:{line}: {what}", self.file))
    }

    fn claim(&mut self, line: u64, id: &str) -> Result<(), Failure> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if id.is_empty() || !id.bytes().all(fits) {
            return Err(self
                .at(line, format!("`{id}` is no id"))
                .hint("ids are lower-case letters, digits and hyphens: `revenue-last-month`"));
        }
        if !self.ids.insert(id.to_owned()) {
            return Err(self.at(line, format!("the id `{id}` stands twice")));
        }
        Ok(())
    }

    fn conversation(&self, line: u64, raw: RawConversation) -> Result<Conversation, Failure> {
        if raw.turns.len() < 2 {
            return Err(self.at(line, format!("the conversation `{}` has fewer than two turns", raw.id)));
        }
        let mut turns = Vec::with_capacity(raw.turns.len());
        for (index, turn) in raw.turns.into_iter().enumerate() {
            let line = turn.referenced.line();
            if turn.value.id.is_some() || !turn.value.values.is_empty() || !turn.value.paraphrases.is_empty() {
                return Err(self
                    .at(line, format!("a turn of `{}` has an id, values or paraphrases", raw.id))
                    .hint("ids and values belong to the conversation, paraphrases to single questions"));
            }
            turns.push(self.case(line, format!("{}/{}", raw.id, index + 1), turn.value, &raw.values)?);
        }
        Ok(Conversation { id: raw.id, values: raw.values, turns })
    }

    fn case(&self, line: u64, id: String, raw: RawCase, shared: &BTreeMap<String, String>) -> Result<Case, Failure> {
        let status = self.status(line, &id, &raw)?;
        self.check_words(&raw)?;
        self.check_placeholders(line, &id, &raw, shared)?;
        if raw.kinds.is_empty() {
            return Err(self.at(line, format!("`{id}` has no kind")));
        }
        if !raw.paraphrases.is_empty() && raw.paraphrases.len() != 5 {
            return Err(self
                .at(line, format!("`{id}` has {} paraphrases", raw.paraphrases.len()))
                .hint("a question has five paraphrases or none: the worst of five is told"));
        }
        let own = |words: Vec<Spanned<String>>| words.into_iter().map(|word| word.value).collect::<Vec<_>>();
        let named = raw.roles.into_iter().map(|(column, role)| {
            (column, if matches!(role, RawRole::Measure) { Role::Measure } else { Role::Dimension })
        });
        let rules = Rules {
            ordered: raw.ordered,
            roles: named.collect(),
            tolerance: raw.tolerance,
            extra: raw.extra,
            rows: raw.rows,
        };
        let tool = match raw.tool.as_deref().or(if raw.sql.is_some() { self.tool } else { None }) {
            None | Some("any") => None,
            Some(tool) => Some(tool.to_owned()),
        };
        Ok(Case {
            id,
            line,
            question: raw.question,
            paraphrases: raw.paraphrases,
            kinds: own(raw.kinds),
            measures: own(raw.measures),
            dimensions: own(raw.dimensions),
            times: own(raw.times),
            status,
            first: raw.first,
            expect: raw.expect,
            accept: raw.accept,
            tool,
            values: raw.values,
            sql: raw.sql,
            rules,
            empty: raw.empty,
        })
    }

    /// The status that is expected, once it is clear that the case can fail.
    fn status(&self, line: u64, id: &str, raw: &RawCase) -> Result<Expected, Failure> {
        if raw.question.trim().is_empty() {
            return Err(self.at(line, format!("`{id}` asks nothing")));
        }
        let expected = raw.expect.as_ref();
        if raw.status.is_some() && expected.is_some_and(|expect| expect.status.is_some()) {
            return Err(self.at(line, format!("`{id}` names its status twice")));
        }
        let status = raw.status.or(expected.and_then(|expect| expect.status)).unwrap_or_default();
        let on_stage = !raw.first.is_empty() || expected.is_some_and(|expect| expect.applied.is_some());
        if on_stage && self.stage.is_none() {
            return Err(self
                .at(line, format!("`{id}` needs a stage: something happens first, or programs are counted"))
                .hint("give the suite `stage: deployment`"));
        }
        if let Some(expect) = expected {
            if expect.is_empty() {
                return Err(self
                    .at(line, format!("`{id}` expects nothing: any reply would be right"))
                    .hint("name a `tool`, or what it `says`, `never_says` or `never_calls`"));
            }
            if expect.tool.is_none() && !expect.arguments.is_empty() {
                return Err(self.at(line, format!("`{id}` expects arguments of no tool")));
            }
        }
        if status == Expected::Error && expected.is_none_or(|expect| expect.says.is_empty()) {
            return Err(self
                .at(line, format!("`{id}` expects an error"))
                .hint("put `error` into `accept`, or what it must say into `expect: {says: [...]}`"));
        }
        let answers = status == Expected::Answered || raw.accept.contains(&Expected::Answered);
        match (answers, &raw.sql) {
            (true, None) if expected.is_none() => {
                Err(self.at(line, format!("`{id}` expects an answer and has no `sql`")))
            }
            (false, Some(_)) => Err(self.at(line, format!("`{id}` has `sql` and expects no answer"))),
            _ => Ok(status),
        }
    }

    fn check_words(&self, raw: &RawCase) -> Result<(), Failure> {
        let lists: [(&str, &Words, &[&str]); 4] = [
            ("kind", &raw.kinds, KINDS),
            ("measure", &raw.measures, MEASURES),
            ("dimension", &raw.dimensions, DIMENSIONS),
            ("time form", &raw.times, TIMES),
        ];
        for (what, words, known) in lists {
            for word in words {
                if !known.contains(&word.value.as_str()) {
                    let failure = self.at(word.referenced.line(), format!("no {what} named `{}`", word.value));
                    return Err(did_you_mean(failure, &word.value, known.iter().copied()));
                }
            }
        }
        Ok(())
    }

    fn check_placeholders(
        &self,
        line: u64,
        id: &str,
        raw: &RawCase,
        shared: &BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        let texts = std::iter::once(&raw.question).chain(&raw.paraphrases).chain(&raw.sql);
        let expected = raw.expect.iter().flat_map(Expect::texts);
        for name in texts.chain(expected).flat_map(|text| placeholders(text)) {
            if name != "now" && name != CHANGE && !raw.values.contains_key(name) && !shared.contains_key(name) {
                let failure = self.at(line, format!("`{id}` uses `{{{name}}}`, and no value has that name"));
                let known = raw.values.keys().chain(shared.keys()).map(String::as_str);
                return Err(did_you_mean(failure, name, known));
            }
        }
        Ok(())
    }
}

fn did_you_mean<'a>(failure: Failure, word: &str, known: impl IntoIterator<Item = &'a str>) -> Failure {
    match coverage::nearest(word, known) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure,
    }
}

/// What stands for the id of the change set that was proposed last in the conversation.
pub(super) const CHANGE: &str = "change";

/// The names between braces, `{brand}`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| {
        let (name, _) = rest.split_once('}')?;
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_').then_some(name)
    })
}

/// The parser's error as `FILE:LINE: ...`, its first line only, and the nearest key where a key is not known.
fn unreadable(file: &str, error: &serde_saphyr::Error) -> Failure {
    let error = error.without_snippet();
    let line = error.location().map_or(1, |location| location.line());
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    // The place is said in front already.
    let what = first.rsplit_once(" at line ").map_or(first, |(what, _)| what);
    let failure = Failure::invalid(format!("{file}:{line}: {what}"));
    match what.split_once(", expected one of ") {
        Some((unknown, known)) => {
            let word = unknown.split('`').nth(1).unwrap_or_default();
            did_you_mean(failure, word, known.split(',').map(|name| name.trim().trim_matches('`')))
        }
        None => failure,
    }
}
