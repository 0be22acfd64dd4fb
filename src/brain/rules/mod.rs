//! The rules brain: finds every reading of a question's words and answers only when one is clearly best. Pure: no I/O.

mod account;
mod apart;
mod assemble;
mod changed;
mod columns;
mod comments;
mod counted;
mod finish;
mod forbidden;
mod fragment;
mod gate;
mod grouping;
mod happened;
mod lattice;
mod lexicon;
mod links;
mod meaning;
mod membership;
mod numbers;
mod order_story;
mod preamble;
mod ranking;
mod sentences;
mod several;
mod share;
mod spelling;
mod statistic;
mod taken_back;
#[cfg(test)]
mod tests;
mod time;
mod tokens;
mod turn;
mod vocabulary;
mod wanted;
mod whether;
mod wording;

pub(crate) use links::{Links, SaidTime, times_said};
pub(crate) use tokens::singular;

use std::sync::Arc;

use chrono::NaiveDateTime;
use oms_tools::orders::semantic::{Catalog, SemanticQuery};
use oms_tools::orders::values::KnownValues;

pub(crate) use apart::{Apart, apart};
use assemble::Problem;
use lattice::{Atom, Cover};
use tokens::{Token, is_one_of};
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
    /// A sentence of operations: goes to the tool that it names.
    Call {
        /// The tool's name.
        tool: String,
        /// Its arguments.
        arguments: serde_json::Value,
        /// 0.0 to 1.0.
        confidence: f64,
        /// What the person should be told.
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
        // "top 5 customers by spend, I want to send them a card": what one means to do is no part of the question.
        if let Some(cut) = comments::intention(text, &tokens)
            && let Understanding::Query { query, confidence, mut notes } =
                self.understand(text[..cut].trim_end_matches([' ', ',', '-', ';', '\n']), now, frame)
        {
            let words: String = text[cut..].trim().chars().take(80).filter(|sign| !sign.is_control()).collect();
            notes.push(format!("left out as beside the point: \"{words}\""));
            return Understanding::Query { query, confidence: (confidence - 0.1).max(0.1), notes };
        }
        if let Some(decided) = gate::decide(text, &tokens) {
            return decided;
        }
        if let Some(word) = forbidden::whose_work(&tokens) {
            return Understanding::Refuse {
                reason: format!(
                    "`{}`: by whom, or by what others charge, nothing is recorded. {SCOPE}",
                    clipped(&word.raw)
                ),
            };
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
        let tokens = preamble::without(text, &tokens, &self.vocabulary);
        let lead = turn::lead(tokens);
        let frame = frame.filter(|_| !lead.resets);
        let tokens = &tokens[lead.length..];
        let meant = turn::tail(tokens);
        let lead = turn::Lead { corrects: lead.corrects || meant > 0, ..lead };
        let tokens = &tokens[..tokens.len() - meant];
        if tokens.is_empty() {
            return ask("what should I answer instead?".to_owned(), &EXAMPLES);
        }
        if let Some((kept, note)) = taken_back::without(tokens, &self.vocabulary, now)
            && let Understanding::Query { query, confidence, mut notes } = self.sentence(&kept, now, frame, false)
        {
            notes.push(note);
            return Understanding::Query { query, confidence: (confidence - 0.1).max(0.1), notes };
        }
        if let Some(found) = self.last_clause(text, tokens, now, true) {
            return found;
        }
        if let Some(found) = columns::listed(self, text, tokens, now) {
            return found;
        }
        let whole = self.sentence(tokens, now, frame, lead.corrects);
        // "how many did they order" after one order's story: not everybody.
        if let (Some(frame), Understanding::Query { query, .. }) =
            (frame.filter(|one| one.order_number.is_some()), &whole)
            && tokens.iter().any(|token| is_one_of("they them he she him her his their", &token.text))
            && query.filters.is_empty()
            && query.order_number.is_none()
        {
            return order_story::still_about(self, frame, tokens, now)
                .unwrap_or_else(|| ask("of whom? Name the customer, or the order's number".to_owned(), &[]));
        }
        if matches!(whole, Understanding::Query { .. } | Understanding::Refuse { .. }) {
            return whole;
        }
        self.last_clause(text, tokens, now, false)
            .or_else(|| sentences::answer(self, text, tokens, now, frame))
            .or_else(|| self.beside_the_point(text, tokens, now))
            .or_else(|| comments::around(self, text, tokens, now).filter(|_| frame.is_none()))
            .or_else(|| order_story::told_whole(self, text, tokens, now))
            .or_else(|| order_story::still_about(self, frame?, tokens, now))
            .or_else(|| several::ask(self, text, tokens, now))
            .or_else(|| nothing_of_it(tokens, &self.vocabulary))
            .unwrap_or(whole)
    }

    /// Reads tokens as one sentence.
    fn sentence(
        &self,
        tokens: &[Token],
        now: NaiveDateTime,
        frame: Option<&SemanticQuery>,
        corrects: bool,
    ) -> Understanding {
        let said = tokens;
        let tokens = lexicon::rephrase(tokens.to_vec());
        let (tokens, told) = spelling::corrected(tokens, &self.vocabulary);
        let covers = lattice::covers(&tokens, &self.vocabulary, now);
        let mut found = self.decide(&covers, &tokens, frame, corrects);
        if let Understanding::Query { query, notes, confidence } = &mut found {
            if let Some(best) = covers.first() {
                whether::one_or_other(query, said, best);
            }
            *confidence = (*confidence - 0.1 * f64::from(u32::try_from(told.len()).unwrap_or(9))).max(0.1);
            notes.splice(0..0, told);
        }
        found
    }

    /// "since it is raining, show me last week's revenue", "orders last year (the CFO asked)": a clause of unknown words that
    /// names nothing of the shop says nothing about the figure.
    fn beside_the_point(&self, text: &str, tokens: &[Token], now: NaiveDateTime) -> Option<Understanding> {
        for cut in preamble::cuts(text) {
            let Some(at) = tokens.iter().position(|token| token.start >= cut && token.text != ",") else { continue };
            let (first, second) = tokens.split_at(at);
            for (idle, question) in [(first, second), (second, first)] {
                if question.len() < 2 || sentences::refers_back(question) || !self.is_idle(idle, now) {
                    continue;
                }
                // "What is our bounce rate?" asks for something.
                let asks = idle.first().is_some_and(|token| matches!(token.text.as_str(), "what" | "whats" | "which"));
                if asks && text.as_bytes().get(cut) == Some(&b'?') {
                    continue;
                }
                let found = self.sentence(question, now, None, false);
                if let Understanding::Query { query, confidence, mut notes } = found {
                    let words: Vec<String> = idle.iter().take(8).map(|token| clipped(&token.raw)).collect();
                    notes.push(format!("left out as beside the point: \"{}\"", words.join(" ")));
                    return Some(Understanding::Query { query, confidence: (confidence - 0.3).max(0.1), notes });
                }
            }
        }
        None
    }

    /// Whether words name nothing of the shop, and at least one of them nothing at all.
    fn is_idle(&self, tokens: &[Token], now: NaiveDateTime) -> bool {
        let rephrased = lexicon::rephrase(tokens.to_vec());
        let covers = lattice::covers(&rephrased, &self.vocabulary, now);
        preamble::is_circumstance(&rephrased, &covers)
    }

    /// "why do payments fail? failed payments by reason in 2025": the last of several clauses, where those before it are no
    /// questions of their own and name no range, value or number that it lacks.
    fn last_clause(&self, text: &str, tokens: &[Token], now: NaiveDateTime, ended: bool) -> Option<Understanding> {
        let cut = text.trim_end_matches(|sign: char| !sign.is_alphanumeric()).rfind(['?', '!', ':', ',', ';'])?;
        let sentence_ends = matches!(text.as_bytes()[cut], b'?' | b'!' | b':');
        let at = tokens.iter().position(|token| token.start > cut)?;
        let (before, last) = tokens.split_at(at);
        let reason = before.iter().any(|token| token.text == "why");
        if before.is_empty() || last.len() < 3 || !(sentence_ends || reason && !ended) {
            return None;
        }
        let Understanding::Query { query, confidence, mut notes } = self.sentence(last, now, None, false) else {
            return None;
        };
        if query.measures.is_empty() || query.time.is_none() && query.dimensions.is_empty() {
            return None;
        }
        match self.sentence(before, now, None, false) {
            Understanding::Query { query: other, .. } => {
                let family =
                    |query: &SemanticQuery| query.measures.first().map(|measure| lexicon::family_of_measure(measure));
                let repeats =
                    other.measures == query.measures || family(&other) == family(&query) && other.ranking.is_some();
                if !repeats
                    || other.dimensions.is_empty()
                    || other.dimensions.iter().any(|name| !query.dimensions.contains(name))
                {
                    return None;
                }
            }
            Understanding::AskBack { .. } if !ended || reason => {}
            _ => return None,
        }
        let rephrased = lexicon::rephrase(before.to_vec());
        let covers = lattice::covers(&rephrased, &self.vocabulary, now);
        let families: Vec<lexicon::Family> =
            query.measures.iter().map(|measure| lexicon::family_of_measure(measure)).collect();
        let colon = text.as_bytes()[cut] == b':';
        let adds = covers.first()?.pieces.iter().any(|piece| match &piece.atom {
            Atom::Time(_) | Atom::Number { .. } | Atom::Order(_) | Atom::Contains(_) | Atom::Part(_) => true,
            // A state that the query says by its figure is no more: "why are orders cancelled? cancelled orders by reason".
            Atom::Values(values) => !values.iter().any(|value| {
                let stem = &value.value[..value.value.len().min(5)];
                query.measures.iter().any(|measure| measure.contains(stem))
                    || query.filters.iter().any(|filter| filter.values.contains(&value.value))
            }),
            // "which customers send back the most? top 20 by units": returned ones.
            Atom::Name(names) => names.measure.as_deref().is_some_and(|measure| {
                let own = lexicon::family_of_measure(measure);
                !families.contains(&own) && matches!(own, lexicon::Family::Returns | lexicon::Family::Stock)
            }),
            Atom::Word(lexicon::Word::ExtremeOf(_, by)) => !families.contains(&lexicon::family_of_measure(by)),
            // "Nordvik: units by month" is about what the rest does not say; "What is our bounce rate? And revenue by
            // country" asks for two things.
            Atom::Unknown => {
                let asks =
                    text.as_bytes()[cut] == b'?' && matches!(before[0].text.as_str(), "what" | "whats" | "which");
                asks || colon
                    && (before.len() <= 6
                        || before[piece.from.min(before.len() - 1)].raw.starts_with(char::is_uppercase))
            }
            Atom::Word(_) => false,
        });
        if adds {
            return None;
        }
        let clause: String = text[cut + 1..].trim().chars().take(80).collect();
        notes.push(format!("answered \"{clause}\"; the words before it ask for no other figure"));
        Some(Understanding::Query { query, confidence: (confidence - 0.2).max(0.1), notes })
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
        // "what is low on stock" asks for rows.
        if rest.first().is_some_and(|word| {
            matches!(
                *word,
                "low"
                    | "out"
                    | "below"
                    | "late"
                    | "overdue"
                    | "stuck"
                    | "open"
                    | "short"
                    | "running"
                    | "reserved"
                    | "in"
            )
        }) {
            return None;
        }
        let key =
            tokens[tokens.len() - rest.len()..].iter().map(|token| token.stem.as_str()).collect::<Vec<_>>().join(" ");
        let known = self.vocabulary.names(&key)?;
        (known.measure.is_some() || known.dimension.is_some()).then(|| rest.join(" "))
    }

    /// Whether a cover has other words where the best one has one amount's name, or that of "active customers".
    fn splits(&self, cover: &Cover, best: &Cover) -> bool {
        best.pieces.iter().any(|whole| {
            let amount = matches!(&whole.atom, Atom::Name(names) if names.dimension.as_ref().is_some_and(|name| self.vocabulary.is_number(name))
                || names.measure.as_deref() == Some("buyers"));
            amount
                && whole.to > whole.from + 1
                && !cover.pieces.iter().any(|piece| piece.from <= whole.from && whole.to <= piece.to)
        })
    }

    fn decide(
        &self,
        covers: &[Cover],
        tokens: &[Token],
        frame: Option<&SemanticQuery>,
        corrects: bool,
    ) -> Understanding {
        let Some(best) = covers.first() else {
            return ask(format!("I do not understand this. {SCOPE}"), &EXAMPLES);
        };
        if best.pieces.iter().any(|piece| piece.atom == Atom::Unknown) {
            return self.one_order(best, tokens).unwrap_or_else(|| self.unknown(best, tokens));
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
            // Nor is a word that does something left unread to make sense of the rest.
            if cover.cost > best.cost && leaves_out(cover, best) {
                continue;
            }
            // Nor is the name of a row's amount, "items total", taken apart into words that mean something else.
            if cover.cost > best.cost && self.splits(cover, best) {
                continue;
            }
            if cover.cost > cost_of_reading.unwrap_or(best.cost + SECOND_BEST) {
                break;
            }
            match self.read(cover, tokens, frame, corrects) {
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
            let choices = readings.iter().map(|(query, _)| wording::plain(query, &self.vocabulary)).collect();
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
        corrects: bool,
    ) -> Result<(SemanticQuery, Vec<String>), Problem> {
        let mut draft = assemble::assemble(&cover.pieces, tokens, &self.vocabulary, frame)?;
        draft.corrects = corrects;
        let edited = frame.filter(|frame| fragment::is_fragment(frame, &draft, tokens));
        let (mut query, notes) = if let Some(frame) = edited {
            fragment::edit(frame, &draft, tokens, &self.vocabulary)?
        } else {
            let those = draft.those;
            let (query, notes) = finish::finish(draft, tokens, &self.vocabulary)?;
            match frame.filter(|_| those) {
                Some(frame) => fragment::of_those(frame, query, notes, &self.vocabulary)?,
                None => (query, notes),
            }
        };
        // One form for one meaning: all conditions hold, in whatever order they were said.
        query.filters.sort_by(|one, other| one.dimension.cmp(&other.dimension));
        account::check(&query, &cover.pieces, tokens, &self.vocabulary)?;
        meaning::placed(&mut query, tokens);
        Ok((query, notes))
    }

    /// "got the customer of ORD-0000042 on the line, which carrier has it": whatever else is said, one order's story tells all
    /// that is known of it.
    fn one_order(&self, cover: &Cover, tokens: &[Token]) -> Option<Understanding> {
        let known: Vec<lattice::Piece> =
            cover.pieces.iter().filter(|piece| piece.atom != Atom::Unknown).cloned().collect();
        if known.iter().filter(|piece| matches!(piece.atom, Atom::Order(_))).count() != 1
            || forbidden::not_told(tokens).is_some()
        {
            return None;
        }
        let draft = assemble::assemble(&known, tokens, &self.vocabulary, None).ok()?;
        let (query, mut notes) = finish::finish(draft, tokens, &self.vocabulary).ok()?;
        let words = cover.pieces.iter().filter(|piece| piece.atom == Atom::Unknown).take(8);
        let words: Vec<String> = words.map(|piece| clipped(&tokens[piece.from].raw)).collect();
        notes.push(format!("left out, as the order's whole story is shown: \"{}\"", words.join(" ")));
        Some(Understanding::Query { query: Box::new(query), confidence: 0.7, notes })
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

/// "which newsletter brought the most orders": what no table holds is refused, not asked back.
fn nothing_of_it(tokens: &[Token], vocabulary: &Vocabulary) -> Option<Understanding> {
    let word = forbidden::not_recorded(tokens).filter(|token| !vocabulary.is_known_word(&token.stem))?;
    Some(Understanding::Refuse {
        reason: format!("`{}` is nothing that the shop's data records. {SCOPE}", clipped(&word.raw)),
    })
}

/// Whether a cover takes for filler what is an operator in the best one.
fn leaves_out(cover: &Cover, best: &Cover) -> bool {
    let filler = |piece: &&lattice::Piece| piece.atom == Atom::Word(lexicon::Word::Filler);
    cover.pieces.iter().filter(filler).any(|piece| {
        best.pieces.iter().any(|other| {
            other.from <= piece.from
                && piece.to <= other.to
                && matches!(&other.atom, Atom::Word(word) if *word != lexicon::Word::Filler)
        })
    })
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
