//! The rules brain: finds every reading of a question's words and answers only when one is clearly best. Pure: no I/O.

mod assemble;
mod finish;
mod fragment;
mod gate;
mod lattice;
mod lexicon;
mod numbers;
#[cfg(test)]
mod tests;
mod time;
mod tokens;
mod vocabulary;
mod wording;

use std::sync::Arc;

use chrono::NaiveDateTime;
use oms_tools::orders::semantic::{Catalog, SemanticQuery};
use oms_tools::orders::values::KnownValues;

use assemble::Problem;
use lattice::{Atom, Cover};
use tokens::Token;
use vocabulary::Vocabulary;

/// What the rules made of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Understanding {
    /// One reading is clearly best.
    Query {
        /// The reading.
        query: Box<SemanticQuery>,
        /// 0.0 to 1.0.
        confidence: f64,
        /// What the person should be told: "read `chanel` as channel".
        notes: Vec<String>,
    },
    /// A SELECT statement typed as it is: goes to `select_orders`.
    Select {
        /// The statement.
        sql: String,
    },
    /// "what can I ask", "which measures are there", "what is revenue": goes to `describe_orders`.
    Describe {
        /// A measure, dimension or table name; none: the overview.
        topic: Option<String>,
    },
    /// Asks to change data or to run what must not run.
    Refuse {
        /// The reason as a sentence.
        reason: String,
    },
    /// Not understood, or understood in several ways.
    AskBack {
        /// The sentence: names the unknown word, offers what is near.
        message: String,
        /// Readings in plain words, or examples of what can be asked.
        choices: Vec<String>,
        /// The readings behind the choices, in the same order; empty where the choices are examples.
        readings: Vec<SemanticQuery>,
    },
}

/// Characters of a question that are considered; a longer one is not read in part.
const LONGEST_QUESTION: usize = 2_000;
/// Words of a question that are considered.
const MOST_WORDS: usize = 200;
/// How much dearer than the best a cover may be to be tried where the best makes no sense.
const SECOND_BEST: u32 = 25;

const EXAMPLES: [&str; 4] = [
    "revenue by country last month",
    "how many orders were cancelled this year",
    "top 5 products by units sold",
    "where is ORD-0000042",
];
const SCOPE: &str =
    "I answer questions about orders, revenue, customers, products, payments, parcels, returns and stock";

/// The rules brain's understanding: built once for a catalogue and the database's values, then asked for each sentence.
#[derive(Debug)]
pub struct Rules {
    vocabulary: Vocabulary,
}

impl Rules {
    /// Builds the index of all words: catalogue names, operators, known values.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers share the values; the index keeps its own form of them")]
    pub fn new(catalog: Arc<Catalog>, values: Arc<KnownValues>) -> Self {
        Self { vocabulary: Vocabulary::new(catalog, &values) }
    }

    /// Understands a sentence at a given instant.
    ///
    /// `frame` is the conversation's last query, which fragments ("and last year?") edit. Bounded in time and memory for
    /// any text; equal input gives equal output.
    #[must_use]
    pub fn understand(&self, text: &str, now: NaiveDateTime, frame: Option<&SemanticQuery>) -> Understanding {
        let statement = text.trim_start().get(..7).is_some_and(|start| {
            start.eq_ignore_ascii_case("select ") || start.to_ascii_lowercase().starts_with("with ")
        });
        if !statement && text.chars().nth(LONGEST_QUESTION).is_some() {
            return ask(
                format!(
                    "the question is too long: I read questions of up to {LONGEST_QUESTION} characters; please say it shorter"
                ),
                &[],
            );
        }
        if text.len() > LONGEST_QUESTION * 50 {
            return ask(format!("the statement is too long: I read up to {} characters", LONGEST_QUESTION * 50), &[]);
        }
        let tokens = tokens::tokens(text);
        if tokens.is_empty() {
            return ask(format!("there is no word in this. {SCOPE}"), &EXAMPLES);
        }
        if let Some(decided) = gate::decide(text, &tokens) {
            return decided;
        }
        if tokens.len() > MOST_WORDS || statement && text.chars().nth(LONGEST_QUESTION).is_some() {
            return ask(
                format!(
                    "the question is too long: I read questions of up to {MOST_WORDS} words; please say it shorter"
                ),
                &[],
            );
        }
        if let Some(topic) = self.definition(&tokens) {
            return Understanding::Describe { topic: Some(topic) };
        }
        let covers = lattice::covers(&tokens, &self.vocabulary, now);
        self.decide(&covers, &tokens, frame)
    }

    /// "what is AOV": a name alone after "what is", with no range or group, asks for the meaning only where it is an
    /// abbreviation; "what is the revenue" asks for the figure.
    fn definition(&self, tokens: &[Token]) -> Option<String> {
        let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        let rest = match &words[..] {
            ["what", "is" | "are", "a" | "an", rest @ ..] => rest,
            ["what", "is" | "are", rest @ ..] if !matches!(rest.first(), Some(&"the" | &"our" | &"my")) => rest,
            _ => return None,
        };
        let key =
            tokens[tokens.len() - rest.len()..].iter().map(|token| token.stem.as_str()).collect::<Vec<_>>().join(" ");
        let known = self.vocabulary.names(&key)?;
        (known.measure.is_some() || known.dimension.is_some()).then(|| rest.join(" "))
    }

    fn decide(&self, covers: &[Cover], tokens: &[Token], frame: Option<&SemanticQuery>) -> Understanding {
        let Some(best) = covers.first() else {
            return ask(format!("I do not understand this. {SCOPE}"), &EXAMPLES);
        };
        if best.pieces.iter().any(|piece| piece.atom == Atom::Unknown) {
            return self.unknown(best, tokens);
        }
        let mut readings: Vec<(SemanticQuery, Vec<String>)> = Vec::new();
        let mut problem = None;
        let mut cost_of_reading = None;
        let times = |cover: &Cover| -> Vec<usize> {
            cover.pieces.iter().filter(|piece| matches!(piece.atom, Atom::Time(_))).map(|piece| piece.from).collect()
        };
        for cover in covers {
            // A range that the best cover found is not taken apart to make sense of the rest.
            if cover.cost > best.cost && times(cover) != times(best) {
                continue;
            }
            if cover.cost > cost_of_reading.unwrap_or(best.cost + SECOND_BEST) {
                break;
            }
            match self.read(cover, tokens, frame) {
                Ok((query, notes)) => {
                    cost_of_reading.get_or_insert(cover.cost);
                    if !readings.iter().any(|(known, _)| same(known, &query)) {
                        readings.push((query, notes));
                    }
                }
                Err(found) => {
                    problem.get_or_insert(found);
                }
            }
        }
        if readings.len() > 1 {
            let choices = readings.iter().map(|(query, _)| wording::plain(query)).collect();
            return Understanding::AskBack {
                message: "this can be read in several ways: which one is meant?".to_owned(),
                choices,
                readings: readings.into_iter().map(|(query, _)| query).collect(),
            };
        }
        if let Some((query, notes)) = readings.pop() {
            let doubts = u32::try_from(notes.iter().filter(|note| note.starts_with("read `")).count()).unwrap_or(9);
            return Understanding::Query {
                query: Box::new(query),
                confidence: (1.0 - 0.1 * f64::from(doubts)).max(0.1),
                notes,
            };
        }
        let problem = problem.unwrap_or_else(|| Problem::new("I do not understand this"));
        if problem.ruled_out {
            return Understanding::Refuse { reason: problem.message };
        }
        let choices = if problem.choices.is_empty() { EXAMPLES.map(str::to_owned).to_vec() } else { problem.choices };
        Understanding::AskBack { message: problem.message, choices, readings: Vec::new() }
    }

    fn read(
        &self,
        cover: &Cover,
        tokens: &[Token],
        frame: Option<&SemanticQuery>,
    ) -> Result<(SemanticQuery, Vec<String>), Problem> {
        let draft = assemble::assemble(&cover.pieces, tokens, &self.vocabulary, frame)?;
        let (mut query, notes) = match frame.filter(|_| fragment::is_fragment(&draft, tokens)) {
            Some(frame) => fragment::edit(frame, &draft, tokens, &self.vocabulary)?,
            None => finish::finish(draft, tokens, &self.vocabulary)?,
        };
        // One form for one meaning: all conditions hold, in whatever order they were said.
        query.filters.sort_by(|one, other| one.dimension.cmp(&other.dimension));
        Ok((query, notes))
    }

    /// Names the unknown words and offers what is near.
    fn unknown(&self, cover: &Cover, tokens: &[Token]) -> Understanding {
        let unknown: Vec<&Token> =
            cover.pieces.iter().filter(|piece| piece.atom == Atom::Unknown).map(|piece| &tokens[piece.from]).collect();
        let shown: Vec<String> = unknown.iter().take(3).map(|token| format!("`{}`", clipped(&token.raw))).collect();
        let near: Vec<String> = unknown
            .iter()
            .take(1)
            .filter(|token| token.stem.chars().count() >= 4 && token.stem.len() <= 60)
            .flat_map(|token| self.vocabulary.near(&token.stem, 0.35))
            .take(3)
            .map(|near| near.key)
            .collect();
        let words = if shown.len() == 1 { "word" } else { "words" };
        let offer = if near.is_empty() { format!(" {SCOPE}.") } else { format!(" Did you mean {}?", near.join(", ")) };
        ask(format!("I do not know the {words} {}.{offer}", shown.join(", ")), &EXAMPLES)
    }
}

fn ask(message: String, choices: &[&str]) -> Understanding {
    Understanding::AskBack {
        message,
        choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
        readings: Vec::new(),
    }
}

/// The first characters of a word.
fn clipped(word: &str) -> String {
    let mut shown: String = word.chars().filter(|character| !character.is_control()).take(40).collect();
    if word.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}

/// Equal but for the words that a range came from.
fn same(one: &SemanticQuery, other: &SemanticQuery) -> bool {
    let bare = |query: &SemanticQuery| {
        let mut query = query.clone();
        if let Some(time) = &mut query.time {
            time.label.clear();
        }
        query
    };
    bare(one) == bare(other)
}
