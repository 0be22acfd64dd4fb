//! Everything that a phrase can stand for: catalogue names, operators, known values; exact and nearly. Built once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use oms_tools::Unit;
use oms_tools::orders::semantic::Catalog;
use oms_tools::orders::semantic::catalog::DimensionKind;
use oms_tools::orders::values::KnownValues;

use super::lexicon::{COMPARATORS, ENUMERATED, FILLER, NAMES, OPERATORS, RANKINGS, Word};
use super::spelling;
use super::tokens::{fold, phrase_key};

/// The catalogue names that a phrase stands for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Names {
    pub(super) measure: Option<String>,
    pub(super) dimension: Option<String>,
    pub(super) entity: Option<String>,
}

/// A value and the dimension that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) dimension: String,
    pub(super) value: String,
}

/// A phrase that is nearly what was typed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Near {
    pub(super) key: String,
    pub(super) similarity: f64,
    pub(super) distance: usize,
}

/// The words that can be understood.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub(super) catalog: Arc<Catalog>,
    names: HashMap<String, Names>,
    operators: HashMap<String, Word>,
    values: HashMap<String, Vec<Value>>,
    /// What people say for a country's code.
    spoken: HashMap<(String, String), String>,
    /// Codes of two or three letters: matched as typed, in capitals only.
    codes: HashMap<String, Vec<Value>>,
    /// Keys that may be found by likeness.
    keys: Vec<String>,
    trigrams: HashMap<[char; 3], Vec<u32>>,
    /// Every word of every key.
    /// Single words of the catalogue's names and of the grammar, of four letters and more.
    core: Vec<String>,
    words: HashSet<String>,
    /// Words that stand together in names of products, as they are written there.
    parts: HashMap<String, String>,
    /// Words of the longest key.
    pub(super) longest: usize,
}

const LONGEST_KEY: usize = 9;
/// The name of a value that is not yet known to be whose.
pub(super) const VALUE: &str = "value";

impl Vocabulary {
    pub(super) fn new(catalog: Arc<Catalog>, known: &KnownValues) -> Self {
        let mut vocabulary = Self {
            names: HashMap::new(),
            operators: HashMap::new(),
            values: HashMap::new(),
            spoken: HashMap::new(),
            codes: HashMap::new(),
            keys: Vec::new(),
            trigrams: HashMap::new(),
            words: HashSet::new(),
            core: Vec::new(),
            parts: HashMap::new(),
            longest: LONGEST_KEY,
            catalog,
        };
        vocabulary.add_names();
        for (phrase, word) in OPERATORS.iter().chain(COMPARATORS).chain(RANKINGS) {
            vocabulary.operators.insert(phrase_key(phrase), word.clone());
        }
        // "the most sold": no article may tear a phrase apart.
        for (phrase, word) in RANKINGS.iter().filter(|(phrase, _)| phrase.contains(' ') && !phrase.starts_with("the "))
        {
            vocabulary.operators.entry(phrase_key(&format!("the {phrase}"))).or_insert_with(|| word.clone());
        }
        for word in FILLER.split_whitespace() {
            vocabulary.operators.entry(phrase_key(&word.replace('-', " "))).or_insert(Word::Filler);
        }
        let core = vocabulary.names.keys().chain(vocabulary.operators.keys()).flat_map(|key| key.split(' '));
        let core: std::collections::BTreeSet<String> = core
            .filter(|word| word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_lowercase()))
            .map(str::to_owned)
            .collect();
        vocabulary.core = core.into_iter().collect();
        let catalog = Arc::clone(&vocabulary.catalog);
        for (dimension, value, words) in ENUMERATED {
            if catalog.dimensions.iter().any(|known| known.name == *dimension) {
                for word in listed(words) {
                    vocabulary.add_value(word, dimension, value);
                }
            }
        }
        for entry in &known.values {
            vocabulary.add_value(&entry.value.replace('_', " "), &entry.dimension, &entry.value);
            if let Some(word) = entry.words.first().filter(|_| entry.dimension.ends_with("country")) {
                vocabulary.spoken.insert((entry.dimension.clone(), entry.value.clone()), word.clone());
            }
            for word in &entry.words {
                vocabulary.add_value(word, &entry.dimension, &entry.value);
            }
        }
        for entry in known.values.iter().filter(|entry| entry.dimension == "product") {
            vocabulary.add_parts(&entry.value);
        }
        vocabulary.index_keys();
        vocabulary
    }

    fn add_names(&mut self) {
        let catalog = Arc::clone(&self.catalog);
        let extra = |name: &str| {
            NAMES
                .iter()
                .filter(|(of, _)| *of == name)
                .flat_map(|(_, words)| listed(words).map(str::to_owned))
                .collect::<Vec<_>>()
        };
        for measure in &catalog.measures {
            let own = [measure.name.replace('_', " "), measure.title.clone()];
            for phrase in own.into_iter().chain(measure.synonyms.iter().cloned()).chain(extra(&measure.name)) {
                let names = self.names.entry(phrase_key(&phrase)).or_default();
                names.measure.get_or_insert_with(|| measure.name.clone());
            }
        }
        for dimension in &catalog.dimensions {
            let own = [dimension.name.replace('_', " "), dimension.title.clone()];
            // What models are not told of is found by the words that are listed for it alone.
            let own = own.into_iter().filter(|_| !dimension.rules_only);
            for phrase in own.chain(dimension.synonyms.iter().cloned()).chain(extra(&dimension.name)) {
                let names = self.names.entry(phrase_key(&phrase)).or_default();
                names.dimension.get_or_insert_with(|| dimension.name.clone());
            }
        }
        for entity in &catalog.entities {
            for phrase in std::iter::once(entity.name.replace('_', " ")).chain(entity.synonyms.iter().cloned()) {
                let names = self.names.entry(phrase_key(&phrase)).or_default();
                names.entity.get_or_insert_with(|| entity.name.clone());
            }
        }
        self.names.remove("");
        // Which status, reason or method is meant follows from the measure.
        for noun in ["status", "reason", "method"] {
            self.names.insert(phrase_key(noun), Names { dimension: Some(noun.to_owned()), ..Names::default() });
        }
        for (noun, dimension) in [("cause", "reason"), ("state", "status"), ("payment way", "payment_method")] {
            let names = self.names.entry(phrase_key(noun)).or_default();
            names.dimension.get_or_insert_with(|| dimension.to_owned());
        }
        // The value of what the conversation is about: stock, or orders.
        self.names.insert("value".to_owned(), Names { measure: Some(VALUE.to_owned()), ..Names::default() });
        for phrase in ["grand total", "refund amount"] {
            if let Some(names) = self.names.get_mut(phrase) {
                names.dimension = None;
            }
        }
        self.names.remove("active");
        // "products" are what is split by and bought; how many there are is asked with "how many".
        if let Some(names) = self.names.get_mut("product") {
            names.measure = None;
        }
        // "order" alone: the noun of "status of order 42", never a dimension.
        if let Some(names) = self.names.get_mut("order") {
            names.dimension = None;
        }
    }

    fn add_value(&mut self, word: &str, dimension: &str, value: &str) {
        let entry = Value { dimension: dimension.to_owned(), value: value.to_owned() };
        let short = word.chars().count() <= 3
            && word.chars().all(char::is_alphabetic)
            && !matches!(word, "web" | "app" | "vip");
        let (map, key) =
            if short { (&mut self.codes, fold(word).to_uppercase()) } else { (&mut self.values, phrase_key(word)) };
        if key.is_empty() || key.split(' ').count() > LONGEST_KEY {
            return;
        }
        let list = map.entry(key).or_default();
        if !list.contains(&entry) {
            list.push(entry);
        }
    }

    /// Indexes the runs of words of a product's name; what means something of its own stays that.
    fn add_parts(&mut self, name: &str) {
        const JOINING: [&str; 9] = ["for", "of", "and", "the", "a", "two", "with", "in", "to"];
        let words: Vec<(String, &str)> = name.split_whitespace().map(|word| (phrase_key(word), word)).collect();
        let fits = |(key, _): &(String, &str)| {
            key.chars().count() >= 3
                && !key.contains(' ')
                && !key.chars().any(|sign| sign.is_ascii_digit())
                && !JOINING.contains(&key.as_str())
        };
        for length in 1..=Self::LONGEST_PART.min(words.len()) {
            for run in words.windows(length) {
                if !(run.first().is_some_and(fits) && run.last().is_some_and(fits)) {
                    continue;
                }
                let key = run.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(" ");
                if self.names.contains_key(&key) || self.operators.contains_key(&key) || self.values.contains_key(&key)
                {
                    continue;
                }
                let text = run.iter().map(|(_, word)| *word).collect::<Vec<_>>().join(" ");
                // Of a singular and a plural the shorter one is in both.
                match self.parts.get_mut(&key) {
                    Some(known) if known.len() > text.len() => *known = text,
                    Some(_) => {}
                    None => {
                        self.parts.insert(key, text);
                    }
                }
            }
        }
    }

    fn index_keys(&mut self) {
        self.words = self
            .names
            .keys()
            .chain(self.values.keys())
            .chain(self.operators.keys())
            .flat_map(|key| key.split(' '))
            .map(str::to_owned)
            .collect();
        let mut keys: Vec<String> = self.names.keys().chain(self.values.keys()).cloned().collect();
        keys.extend(self.operators.iter().filter(|(_, word)| **word != Word::Filler).map(|(key, _)| key.clone()));
        keys.retain(|key| key.chars().count() >= 4 && !key.chars().any(|character| character.is_ascii_digit()));
        keys.sort_unstable();
        keys.dedup();
        for (at, key) in keys.iter().enumerate() {
            let Ok(at) = u32::try_from(at) else { break };
            for trigram in trigrams(key) {
                self.trigrams.entry(trigram).or_default().push(at);
            }
        }
        self.keys = keys;
    }

    /// How many words of a product's name are looked for together.
    pub(super) const LONGEST_PART: usize = 3;

    /// The words of products' names that a phrase stands for, as they are written there.
    pub(super) fn part_of_a_product(&self, key: &str) -> Option<&str> {
        self.parts.get(key).map(String::as_str)
    }

    /// The one name that a word is the beginning of, however many phrases say it.
    pub(super) fn beginning_with(&self, word: &str) -> Option<(String, Names)> {
        let letters = word.chars().count();
        // Three letters are as often a word of their own: "red" is no reduction.
        if !(word == "cat" || (4..=7).contains(&letters)) || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        // "pymnt", "shpmnt": a name without its vowels.
        let vowel = |letter: char| matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u');
        let bare = !word.contains(vowel);
        let fits =
            |key: &str| key.starts_with(word) || bare && key.chars().filter(|letter| !vowel(*letter)).eq(word.chars());
        let mut fitting: Vec<(&String, &Names)> = self
            .names
            .iter()
            .filter(|(key, _)| key.len() > word.len() + 1 && !key.contains(' ') && fits(key))
            .collect();
        fitting.sort_unstable_by_key(|(key, _)| (key.len(), key.as_str()));
        let (key, names) = *fitting.first()?;
        let same = |other: &Names| (&other.measure, &other.dimension) == (&names.measure, &names.dimension);
        fitting.iter().all(|(_, other)| same(other)).then(|| (key.clone(), names.clone()))
    }

    pub(super) fn names(&self, key: &str) -> Option<&Names> {
        self.names.get(key)
    }

    /// Whether a word is part of anything that is known.
    pub(super) fn is_known_word(&self, stem: &str) -> bool {
        self.words.contains(stem)
    }

    /// The one word of the grammar or the catalogue that an unknown word is nearest to: the same first letter, one error, or
    /// two in a long word.
    pub(super) fn meant(&self, unknown: &str) -> Option<&str> {
        let letters = unknown.chars().count();
        if !(4..=20).contains(&letters) || !unknown.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        let allowed = if letters < 8 { 1 } else { 2 };
        let mut best: Option<(usize, &str)> = None;
        let mut several = false;
        for word in &self.core {
            if word.len().abs_diff(letters) > allowed || word.as_bytes().first() != unknown.as_bytes().first() {
                continue;
            }
            let distance = strsim::damerau_levenshtein(unknown, word);
            if distance > allowed || !spelling::is_plausible(unknown, word) {
                continue;
            }
            match best {
                Some((least, _)) if distance > least => {}
                Some((least, _)) if distance == least => several = true,
                _ => {
                    best = Some((distance, word));
                    several = false;
                }
            }
        }
        best.filter(|_| !several).map(|(_, word)| word)
    }

    /// The one word that an unknown one is short for: the same letters without some vowels, "wkend", "retrnd", "blck".
    pub(super) fn abbreviated(&self, unknown: &str, more: &[&str]) -> Option<String> {
        const SAID: [&str; 14] = [
            "returned",
            "cancelled",
            "delivered",
            "shipped",
            "refunded",
            "black",
            "rejected",
            "packed",
            "promised",
            "transfer",
            "marketplace",
            "mobile",
            "business",
            "consumer",
        ];
        let bones = |word: &str| -> String {
            let kept = word.chars().filter(|letter| !matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u'));
            let mut bones: Vec<char> = kept.collect();
            bones.dedup();
            bones.into_iter().collect()
        };
        let letters = unknown.len();
        if !(4..=12).contains(&letters) || !unknown.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        let own = bones(unknown);
        let mut found: Vec<&str> = Vec::new();
        for word in self.core.iter().map(String::as_str).chain(more.iter().copied()).chain(SAID) {
            let longer = word.len() > letters && word.len() <= letters + 4;
            if longer
                && word.as_bytes().first() == unknown.as_bytes().first()
                && bones(word) == own
                && !found.contains(&word)
            {
                found.push(word);
            }
        }
        match &found[..] {
            [one] => Some((*one).to_owned()),
            _ => None,
        }
    }

    /// The title of a measure or dimension.
    pub(super) fn title(&self, name: &str) -> String {
        let measure = self.catalog.measures.iter().find(|measure| measure.name == name).map(|measure| &measure.title);
        let dimension = || self.catalog.dimensions.iter().find(|known| known.name == name).map(|known| &known.title);
        measure.or_else(dimension).cloned().unwrap_or_else(|| name.replace('_', " "))
    }

    /// A value as people say it: `Spain (ES)`.
    pub(super) fn spoken(&self, dimension: &str, value: &str) -> String {
        match self.spoken.get(&(dimension.to_owned(), value.to_owned())) {
            Some(word) => format!("{word} ({value})"),
            None => value.replace('_', " "),
        }
    }

    pub(super) fn operator(&self, key: &str) -> Option<&Word> {
        self.operators.get(key)
    }

    pub(super) fn values(&self, key: &str) -> Option<&Vec<Value>> {
        self.values.get(key)
    }

    pub(super) fn code(&self, raw: &str) -> Option<&Vec<Value>> {
        self.codes.get(raw)
    }

    /// Whether the catalogue has a dimension of this name.
    pub(super) fn has_dimension(&self, name: &str) -> bool {
        self.catalog.dimensions.iter().any(|dimension| dimension.name == name)
    }

    /// Whether the catalogue has a measure of this name.
    pub(super) fn has_measure(&self, name: &str) -> bool {
        self.catalog.measures.iter().any(|measure| measure.name == name)
    }

    /// Whether the dimension holds numbers.
    pub(super) fn is_number(&self, name: &str) -> bool {
        self.catalog
            .dimensions
            .iter()
            .any(|dimension| dimension.name == name && dimension.kind == DimensionKind::Number)
    }

    /// The unit of a measure.
    pub(super) fn unit(&self, name: &str) -> Option<Unit> {
        self.catalog.measures.iter().find(|measure| measure.name == name).map(|measure| measure.unit)
    }

    /// Keys that share at least `least` of their trigrams with `key`, the nearest first, at most eight.
    pub(super) fn near(&self, key: &str, least: f64) -> Vec<Near> {
        let wanted = trigrams(key);
        let length = key.chars().count();
        let mut shared: HashMap<u32, usize> = HashMap::new();
        for trigram in &wanted {
            for &at in self.trigrams.get(trigram).into_iter().flatten() {
                if self.keys[at as usize].len().abs_diff(key.len()) <= 3.max(length / 2) {
                    *shared.entry(at).or_default() += 1;
                }
            }
        }
        let mut found: Vec<Near> = Vec::new();
        // Swapped letters leave few trigrams in common: the few hundred words of the catalogue are compared outright.
        for other in self.names.keys() {
            if length >= 5 && other.len().abs_diff(key.len()) <= 1 && other.chars().next() == key.chars().next() {
                let distance = strsim::damerau_levenshtein(key, other);
                if distance == 1 {
                    found.push(Near { key: other.clone(), similarity: 1.0, distance });
                }
            }
        }
        // Of values the two letters that changed places are put back: "germnay".
        let letters: Vec<char> = key.chars().collect();
        for at in (1..letters.len().saturating_sub(1)).filter(|_| (5..=20).contains(&length)) {
            let mut swapped = letters.clone();
            swapped.swap(at, at + 1);
            let other: String = swapped.into_iter().collect();
            if other != key && self.values.contains_key(&other) {
                found.push(Near { key: other, similarity: 1.0, distance: 1 });
            }
        }
        for (at, both) in shared {
            let other = &self.keys[at as usize];
            // Padding gives every key its length plus one trigrams; repeated ones only make this stricter.
            #[expect(clippy::cast_precision_loss, reason = "counts of a few dozen")]
            let similarity =
                both as f64 / (wanted.len() + other.chars().count() + 1).saturating_sub(both).max(1) as f64;
            if similarity >= least && !found.iter().any(|near| near.key == *other) {
                found.push(Near { distance: strsim::damerau_levenshtein(key, other), key: other.clone(), similarity });
            }
        }
        found.sort_by(|one, other| {
            one.distance
                .cmp(&other.distance)
                .then(other.similarity.total_cmp(&one.similarity))
                .then(one.key.cmp(&other.key))
        });
        found.truncate(8);
        found
    }
}

/// The words of a list; none of an empty one.
fn listed(words: &str) -> impl Iterator<Item = &str> {
    words.split(',').map(str::trim).filter(|word| !word.is_empty())
}

fn trigrams(key: &str) -> Vec<[char; 3]> {
    let padded: Vec<char> = [' ', ' '].into_iter().chain(key.chars()).chain([' ']).collect();
    let mut found: Vec<[char; 3]> = padded.windows(3).map(|window| [window[0], window[1], window[2]]).collect();
    found.sort_unstable();
    found.dedup();
    found
}
