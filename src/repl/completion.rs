//! What can follow what was typed: commands, and the words of measures, dimensions and known values.

use oms_tools::orders::semantic::Catalog;
use oms_tools::orders::values::KnownValues;

use super::commands;
use crate::reply::clean;

/// Candidates that are offered at most.
const MOST: usize = 50;
/// Words before the cursor that one phrase can span: "average order value".
const LONGEST_PHRASE: usize = 4;
/// Fewer letters than this suggest nothing unasked.
const LEAST_FOR_HINT: usize = 3;

/// The phrases that a question may contain, in the order of their lower-case form.
pub(super) struct Completion {
    phrases: Vec<(String, String)>,
}

impl Completion {
    pub(super) fn new(catalog: &Catalog, values: &KnownValues) -> Self {
        let measures =
            catalog.measures.iter().flat_map(|measure| std::iter::once(&measure.title).chain(&measure.synonyms));
        let dimensions = catalog
            .dimensions
            .iter()
            .flat_map(|dimension| std::iter::once(&dimension.title).chain(&dimension.synonyms));
        let known = values.values.iter().flat_map(|known| std::iter::once(&known.value).chain(&known.words));
        let mut phrases: Vec<(String, String)> = measures
            .chain(dimensions)
            .chain(known)
            .map(|phrase| clean::one_line(phrase))
            .map(|phrase| (phrase.to_lowercase(), phrase))
            .collect();
        phrases.sort();
        phrases.dedup_by(|next, before| next.0 == before.0);
        Self { phrases }
    }

    /// Where the replaced part begins (a byte of `line`), and what can stand there.
    pub(super) fn candidates(&self, line: &str, cursor: usize) -> (usize, Vec<String>) {
        let typed = line.get(..cursor).unwrap_or(line);
        if typed.starts_with('/') && !typed.contains(' ') {
            let names = commands::ALL.iter().map(|command| format!("/{}", command.name));
            return (0, names.filter(|name| name.starts_with(typed)).collect());
        }
        for start in phrase_starts(typed) {
            let found = self.starting_with(&typed[start..]);
            if !found.is_empty() {
                return (start, found);
            }
        }
        (cursor, Vec::new())
    }

    /// What would complete the line, shown faintly behind the cursor.
    pub(super) fn hint(&self, line: &str, cursor: usize) -> Option<String> {
        if cursor < line.len() {
            return None;
        }
        if line.starts_with('/') {
            let command = commands::ALL.iter().find(|command| line == format!("/{}", command.name))?;
            return Some(format!("{}   {}", command.argument.shown(), command.help));
        }
        let last = line.rsplit(' ').next().unwrap_or(line);
        if last.chars().count() < LEAST_FOR_HINT {
            return None;
        }
        let (start, found) = self.candidates(line, cursor);
        let typed = &line[start..];
        let best = found.iter().min_by_key(|phrase| phrase.len())?;
        // Only the rest of the phrase: a hint cannot change what was typed, capitals included.
        let rest: String = best.chars().skip(typed.chars().count()).collect();
        (!rest.is_empty()).then_some(rest)
    }

    fn starting_with(&self, typed: &str) -> Vec<String> {
        let wanted = typed.to_lowercase();
        if wanted.trim().is_empty() {
            return Vec::new();
        }
        let from = self.phrases.partition_point(|(lower, _)| *lower < wanted);
        self.phrases[from..]
            .iter()
            .take_while(|(lower, _)| lower.starts_with(&wanted))
            .take(MOST)
            .map(|(_, phrase)| phrase.clone())
            .collect()
    }
}

/// The beginnings of the last words, the longest phrase first.
fn phrase_starts(typed: &str) -> Vec<usize> {
    let mut starts: Vec<usize> = typed.match_indices([' ', '\n', ',', '(']).map(|(index, _)| index + 1).collect();
    starts.insert(0, 0);
    let from = starts.len().saturating_sub(LONGEST_PHRASE);
    starts.split_off(from)
}

/// True where the text goes on in the next line: a trailing backslash, or an open double quote. An empty line ends it.
pub(super) fn goes_on(text: &str) -> bool {
    if text.ends_with('\\') {
        return true;
    }
    let open = text.chars().filter(|character| *character == '"').count() % 2 == 1;
    open && !text.ends_with('\n')
}
