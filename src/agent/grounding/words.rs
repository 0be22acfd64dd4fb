//! The closed list of words that a grounded sentence is made of, besides the names that the result has.

/// What a word does in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Says nothing by itself.
    Filler,
    /// What follows is bound to what came before: "of", "share".
    Share,
    /// Of all rows together.
    Total,
    /// The highest.
    Most,
    /// The lowest.
    Least,
    /// In the order of the rows.
    Then,
    /// More than something else.
    More,
    /// Less than something else.
    Less,
    /// "by", "from", "to", "than": what part of a comparison the next figure is.
    By,
    From,
    To,
    Than,
    /// There is none.
    Not,
    /// Left out.
    Without,
    /// The figure is rounded.
    About,
    /// The figure is a little more than said.
    Above,
    /// The figure is a little less than said.
    Below,
    /// Ends a part of a sentence.
    Break,
}

const FILLERS: &[&str] = &[
    "a",
    "an",
    "the",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "there",
    "it",
    "its",
    "this",
    "that",
    "these",
    "those",
    "which",
    "in",
    "on",
    "at",
    "for",
    "during",
    "per",
    "each",
    "as",
    "has",
    "had",
    "have",
    "having",
    "with",
    "here",
    "your",
    "our",
    "you",
    "we",
    "they",
    "their",
    "shop",
    "data",
    "database",
    "came",
    "come",
    "comes",
    "made",
    "stood",
    "stands",
    "amounted",
    "amounts",
    "amounting",
    "amount",
    "number",
    "count",
    "figure",
    "figures",
    "value",
    "values",
    "result",
    "results",
    "shows",
    "show",
    "showing",
    "according",
    "based",
    "reached",
    "recorded",
    "placed",
    "generated",
    "period",
    "also",
    "respective",
    "so",
    "far",
    "utc",
    "between",
    "through",
    "since",
    "until",
    "within",
    "time",
    "range",
    "listed",
    "below",
    "following",
    "how",
    "many",
    "much",
    "what",
    "split",
    "grouped",
    "s",
    "row",
    "rows",
    "eur",
    "euro",
    "euros",
    "percent",
    "percentage",
    "got",
    "brought",
    "accounted",
    "accounts",
    "contributed",
    "saw",
    "sees",
    "seen",
    "respect",
    "and",
    "or",
    "answer",
    "question",
    "requested",
    "specified",
    "given",
    "across",
];

const WORDS: &[(Word, &[&str])] = &[
    (Word::Share, &["of", "share", "shares"]),
    (
        Word::Total,
        &[
            "total",
            "totals",
            "totalled",
            "totaled",
            "totalling",
            "totaling",
            "altogether",
            "together",
            "overall",
            "combined",
            "sum",
        ],
    ),
    (
        Word::Most,
        &["highest", "most", "top", "best", "largest", "biggest", "leading", "leads", "led", "greatest", "maximum"],
    ),
    (Word::Least, &["lowest", "least", "fewest", "smallest", "worst", "bottom", "minimum", "weakest"]),
    (Word::Then, &["followed", "then", "next"]),
    (
        Word::More,
        &[
            "more",
            "higher",
            "greater",
            "larger",
            "bigger",
            "increase",
            "increased",
            "increases",
            "rose",
            "risen",
            "rise",
            "grew",
            "grown",
            "growth",
            "up",
            "gain",
            "gained",
            "exceeds",
            "exceeded",
            "exceed",
            "ahead",
            "outsold",
            "better",
        ],
    ),
    (
        Word::Less,
        &[
            "less",
            "lower",
            "fewer",
            "smaller",
            "decrease",
            "decreased",
            "decreases",
            "fell",
            "fallen",
            "fall",
            "dropped",
            "drop",
            "down",
            "declined",
            "decline",
            "shrank",
            "behind",
            "worse",
            "reduced",
            "reduction",
        ],
    ),
    (Word::By, &["by", "difference"]),
    (Word::From, &["from"]),
    (Word::To, &["to"]),
    (Word::Than, &["than", "versus", "vs", "against", "compared", "comparison"]),
    (
        Word::Not,
        &[
            "no", "not", "none", "nothing", "zero", "nobody", "never", "neither", "nor", "empty", "isn", "wasn",
            "aren", "weren",
        ],
    ),
    (Word::Without, &["without", "excluding", "except", "outside", "besides", "exclusive", "excluded"]),
    (Word::About, &["about", "around", "approximately", "roughly", "circa", "approx", "rounded"]),
    (Word::Above, &["over"]),
    (Word::Below, &["nearly", "almost", "under"]),
    (Word::Break, &["while", "whereas", "but", "although", "however"]),
];

/// What a word does; `None` where it is not of the list.
pub(super) fn word(text: &str) -> Option<Word> {
    // "below" as in "listed below" says nothing; as a bound it stands before a figure, which the reader of figures sees.
    if let Some((word, _)) = WORDS.iter().find(|(_, words)| words.contains(&text)) {
        return Some(*word);
    }
    FILLERS.contains(&text).then_some(Word::Filler)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_once() {
        let mut all: Vec<&str> =
            WORDS.iter().flat_map(|(_, words)| words.iter().copied()).chain(FILLERS.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
