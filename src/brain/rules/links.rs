//! What of a question the index knows, for a language model that reads the rest: values, times, numbers, names. Nothing that
//! the question did not say.

use chrono::NaiveDateTime;
use oms_tools::orders::semantic::query::{Comparison, TimeRange};

use super::lattice::{self, Atom};
use super::time::{self, TimeWords};
use super::{Rules, lexicon, lexicon::Word, spelling, tokens};

/// Words that ask for a split, whatever else they are part of.
const SPLITTING: [&str; 12] =
    ["each", "every", "across", "among", "between", "spread", "where", "why", "what", "split", "breakdown", "compare"];

/// A value that a question names, and the dimensions in which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LinkedValue {
    /// As it was said.
    pub(crate) words: String,
    /// Dimension and value, as the database has it.
    pub(crate) meanings: Vec<(String, String)>,
}

/// What was found in a question.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // each is a finding of its own
pub(crate) struct Links {
    pub(crate) values: Vec<LinkedValue>,
    pub(crate) times: Vec<TimeRange>,
    pub(crate) comparison: Option<Comparison>,
    pub(crate) numbers: Vec<String>,
    /// Names of measures and dimensions that were said.
    pub(crate) names: Vec<String>,
    /// Words that nothing is known of.
    pub(crate) unknown: Vec<String>,
    /// What only the rules can say: order numbers, parts of names, days of the week, sets, running totals, comparisons, the
    /// best of each group.
    pub(crate) beyond: bool,
    /// Words of a ranking: a number that stands beside them is its length.
    pub(crate) ranked: bool,
    /// Words of a share.
    pub(crate) share: bool,
    /// Words of a split: "by", "per", "which", "who", "what", and those of a ranking.
    pub(crate) splits: bool,
    /// "which", "what", "who": what is asked for may be the first of them.
    pub(crate) which: bool,
    /// Words of an average.
    pub(crate) mean: bool,
    /// Grains of time that were said ("monthly").
    pub(crate) grains: Vec<&'static str>,
    /// Words of a course along time, whatever its grain.
    pub(crate) course: bool,
}

/// A time expression of a text, with all its readings.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SaidTime {
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte behind it.
    pub(crate) end: usize,
    /// A range for each reading.
    pub(crate) ranges: Vec<TimeRange>,
}

/// The time expressions of any text, by the same grammar as those of questions: the longest at each place.
pub(crate) fn times_said(text: &str, now: NaiveDateTime) -> Vec<SaidTime> {
    let words = tokens::tokens(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let readings: Vec<(usize, TimeRange)> = time::readings(&words, at, now)
            .into_iter()
            .filter_map(|(length, said)| match said {
                TimeWords::Range(range) | TimeWords::Span(range, ..) => Some((length, range)),
                TimeWords::Compare(_) | TimeWords::Weekdays(_) | TimeWords::Hours(_) => None,
            })
            .collect();
        let Some(length) = readings.iter().map(|(length, _)| *length).filter(|length| *length > 0).max() else {
            at += 1;
            continue;
        };
        let last = &words[(at + length).min(words.len()) - 1];
        let end = (last.start + last.raw.len()).min(text.len());
        let ranges = readings.into_iter().filter(|(taken, _)| *taken == length).map(|(_, range)| range).collect();
        found.push(SaidTime { start: words[at].start, end, ranges });
        at += length;
    }
    found
}

impl Rules {
    /// The best cover of a question, by what its pieces are.
    pub(crate) fn links(&self, text: &str, now: NaiveDateTime) -> Links {
        let words = lexicon::rephrase(tokens::tokens(text));
        let (words, _) = spelling::corrected(words, &self.vocabulary);
        let mut links = Links::default();
        let Some(cover) = lattice::covers(&words, &self.vocabulary, now).into_iter().next() else { return links };
        let (mut per, mut extreme, mut first) = (false, false, false);
        // What a word of people or things was said behind: "by customer" names a split, "what do customers return" none.
        let mut groups = false;
        for piece in cover.pieces {
            let said =
                || words[piece.from..piece.to].iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
            match &piece.atom {
                Atom::Values(values) => links.values.push(LinkedValue {
                    words: said(),
                    meanings: values.iter().map(|value| (value.dimension.clone(), value.value.clone())).collect(),
                }),
                Atom::Time(TimeWords::Range(range) | TimeWords::Span(range, ..)) => links.times.push(range.clone()),
                Atom::Time(TimeWords::Compare(comparison)) => links.comparison = Some(comparison.clone()),
                Atom::Number { text, .. } => links.numbers.push(text.clone()),
                Atom::Name(names) if names.measure.is_some() && names.dimension.is_some() && !groups => {}
                Atom::Name(names) => links.names.extend(names.measure.iter().chain(&names.dimension).cloned()),
                Atom::Time(TimeWords::Weekdays(_) | TimeWords::Hours(_))
                | Atom::Order(_)
                | Atom::Contains(_)
                | Atom::Part(_) => links.beyond = true,
                Atom::Unknown => links.unknown.push(said()),
                Atom::Word(word) => match word {
                    Word::Never
                    | Word::Nothing
                    | Word::Running
                    | Word::Along(_)
                    | Word::Growth
                    | Word::Versus
                    | Word::Compare(_)
                    | Word::Newest
                    | Word::Oldest
                    | Word::Story
                    | Word::Percentile
                    | Word::Place(_)
                    | Word::Again
                    | Word::Both => links.beyond = true,
                    Word::Share => links.share = true,
                    Word::Average => links.mean = true,
                    Word::Per => (per, links.splits) = (true, true),
                    Word::By => links.splits = true,
                    Word::Which | Word::Who => (links.which, links.splits) = (true, true),
                    Word::Extreme(_) | Word::ExtremeOf(..) | Word::Common(_) => {
                        (extreme, links.ranked) = (true, true);
                    }
                    Word::Cut(_) | Word::Sorted(_) | Word::Priced(_) => links.ranked = true,
                    Word::First => (first, links.ranked) = (true, true),
                    Word::Grain(grain) => links.grains.push(grain),
                    Word::Trend | Word::Develop => links.course = true,
                    _ => {}
                },
            }
            links.splits |= words[piece.from..piece.to].iter().any(|word| SPLITTING.contains(&word.text.as_str()));
            groups = matches!(&piece.atom, Atom::Word(Word::By | Word::Per | Word::HowMany));
        }
        // "first" is the length of a ranking, or of a day that was not understood.
        links.beyond |= (per && extreme) || (first && links.numbers.is_empty());
        links
    }

    /// A query in plain words, as choices show it.
    pub(crate) fn plain(&self, query: &oms_tools::orders::semantic::SemanticQuery) -> String {
        super::wording::plain(query, &self.vocabulary)
    }
}
