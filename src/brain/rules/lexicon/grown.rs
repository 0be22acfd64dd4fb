//! Clauses that are conditions on a change: "categories that fell by more than 10 %", "which brands sold less in 2025 than in 2024". Must
//! not take a ranking, a table of growth or a declined payment for one.

use crate::brain::rules::time::is_month;
use crate::brain::rules::tokens::{Token, is_one_of, text};

use super::clauses::by_half;
use super::manner::{UNITS, is_number};
use super::rephrased::word;

/// How a figure changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::brain::rules) enum Grown {
    Rose,
    Fell,
    Improved,
    Worsened,
}

/// The word that a clause becomes, whose meaning is an operator of the lexicon.
const ROSE: &str = "hasgrown";
const FELL: &str = "hasfallen";
const IMPROVED: &str = "hasimproved";
const WORSENED: &str = "hasworsened";

const RISES: &str = "grew grow grows growing grown rose risen rising increased increasing climbed climbing gained";
const FALLS: &str = "fell falling fallen dropped dropping declined declining shrank shrunk shrinking shrink decreased decreasing slipped slipping \
    drop decline decrease";
const RISE_NOUNS: &str = "growth increase rise uplift gain";
const FALL_NOUNS: &str = "drop decline decrease fall loss";
/// What may stand between who changed and the verb.
const BEFORE: &str = "have has had were was are is did do does went gone go got get getting come came been being actually really also even \
    slightly trending be";
/// What may stand behind "up" and "down" where they are said of a figure.
const BEHIND: &str =
    "on vs versus against compared in this last from by over since for more at year month week quarter yoy mom or";
/// What is counted, and so has no figure that could change.
const COUNTED: &str = "orders order parcels payments returns units items shipments refunds pieces";
const RANKS: &str = "most least fastest slowest biggest largest strongest highest lowest best worst top bottom";
const DID: &str = "sold sell spent spend bought buy ordered made make earned earn brought generated had have got placed shipped returned sent \
    received took";

/// Puts the operator in the place of the words that say how a figure changed.
pub(super) fn changed(found: Vec<Token>) -> Vec<Token> {
    if found.iter().any(|token| is_one_of(RANKS, &token.text)) {
        return found;
    }
    let found = by_half(found);
    // "which grew and which fell": both are asked for.
    let says = |words: &str| found.iter().any(|token| is_one_of(words, &token.text));
    if says("grew grown growing rose increased up")
        && says("fell fallen falling dropped declined shrank decreased down")
    {
        return found;
    }
    let Some(opens) = opener(&found) else { return found };
    let found = below_a_number(more_than_before(found, opens));
    let found = noun_with_a_bound(found, opens);
    let found = slower(found, opens);
    verb(found, opens)
}

/// Whether a word is the operator of a change.
pub(in crate::brain::rules) fn is_a_change(word: &str) -> bool {
    [ROSE, FELL, IMPROVED, WORSENED].contains(&word)
}

/// Whether a bound begins at a word: "more than", "at least", "over 10".
fn begins_a_bound(found: &[Token], at: usize) -> bool {
    match text(found, at) {
        "above" | "below" | "over" | "under" | "exceeding" | "between" => true,
        "more" | "less" | "greater" | "higher" | "lower" | "bigger" | "fewer" => text(found, at + 1) == "than",
        "at" => matches!(text(found, at + 1), "least" | "most"),
        number => is_number(number),
    }
}

/// "months in which orders dropped below 100": a bound on the figure, whatever it was before.
fn below_a_number(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len()).find(|at| {
        (is_one_of(RISES, text(&found, *at)) || is_one_of(FALLS, text(&found, *at)) || text(&found, *at) == "fall")
            && matches!(text(&found, at + 1), "below" | "under" | "above" | "beneath")
    });
    if let Some(at) = at {
        found.remove(at);
    }
    found
}

/// "increased their spend by more than 500 euros": the bound right behind the operator at `at`.
fn bound_to_it(found: &mut [Token], at: usize) {
    let by = (at + 1..found.len().min(at + 6))
        .find(|place| matches!(text(found, *place), "by" | "of") && begins_a_bound(found, place + 1));
    if let Some(by) = by {
        found[at..by].rotate_left(1);
        let verb = found[by - 1].clone();
        // The "by" says no more.
        found[by - 1] = Token { raw: verb.raw.clone(), ..word("the", verb.start) };
        found[by] = verb;
    }
}

/// Where the clause begins that says which groups are meant: "which", "any", "that", "whose", "where", "with".
fn opener(found: &[Token]) -> Option<usize> {
    let first = (0..found.len().min(8)).find(|at| {
        let next = text(found, at + 1);
        let verb = is_one_of(BEFORE, next) || is_one_of(RISES, next) || is_one_of(FALLS, next) || next.is_empty();
        matches!(text(found, *at), "which" | "what" | "any") && !verb && !matches!(next, "s" | "percentage" | "share")
            || text(found, *at) == "how" && text(found, at + 1) == "many" && !is_one_of(COUNTED, text(found, at + 2))
    });
    let behind = || {
        (1..found.len()).find(|at| {
            let own = text(found, *at);
            let plural = || found[..*at].iter().any(|token| token.text.ends_with('s') && token.text.len() > 3);
            matches!(own, "whose" | "where" | "having") && plural()
                || matches!(own, "that" | "who" | "with" | "which") && text(found, at - 1).ends_with('s')
                || own == "when"
                    && found[..*at].iter().any(|token| is_one_of(UNITS, &token.text) && token.text.ends_with('s'))
                || own == "of" && matches!(text(found, at - 1), "share" | "percentage" | "proportion" | "part")
        })
    };
    first.or_else(behind)
}

/// Whether a range, or one that is meant by its place before another, begins at a word.
fn begins_a_range(found: &[Token], at: usize) -> bool {
    let at = if matches!(text(found, at), "in" | "during" | "for" | "on" | "over") { at + 1 } else { at };
    let next = text(found, at);
    is_month(next)
        || next.len() == 4 && next.starts_with("20") && is_number(next)
        || matches!(next, "q1" | "q2" | "q3" | "q4" | "h1" | "h2" | "last" | "previous" | "yesterday" | "before")
        || next == "the"
            && (is_one_of(UNITS, text(found, at + 1)) || matches!(text(found, at + 1), "previous" | "one" | "same"))
        || next == "they" && matches!(text(found, at + 1), "did" | "had")
}

/// "sold less in 2025 than in 2024", "had fewer orders than the month before".
fn more_than_before(mut found: Vec<Token>, opens: usize) -> Vec<Token> {
    let Some(than) = (opens + 2..found.len()).find(|at| text(&found, *at) == "than" && begins_a_range(&found, at + 1))
    else {
        return found;
    };
    let Some(at) = (opens + 1..than).find(|at| {
        matches!(text(&found, *at), "less" | "fewer" | "more" | "higher" | "lower" | "worse" | "better")
            && (opens..*at).any(|place| {
                is_one_of(DID, text(&found, place))
                    || is_one_of(BEFORE, text(&found, place))
                    || text(&found, place) == "with"
            })
    }) else {
        return found;
    };
    let start = found[at].start;
    let rose = matches!(text(&found, at), "more" | "higher");
    let judged = match text(&found, at) {
        "worse" => Some(WORSENED),
        "better" => Some(IMPROVED),
        _ => None,
    };
    let they = matches!(text(&found, than + 1), "they");
    let place = found[than].start;
    found.splice(than..=than + if they { 2 } else { 0 }, [word("vs", place)]);
    found[at] = word(judged.unwrap_or(if rose { ROSE } else { FELL }), start);
    found
}

/// "with revenue growth above 10 %", "with a drop of more than 5 %".
fn noun_with_a_bound(mut found: Vec<Token>, opens: usize) -> Vec<Token> {
    let bound = |at: usize| begins_a_bound(&found, at);
    let at = (opens + 1..found.len()).find(|at| {
        let noun = is_one_of(RISE_NOUNS, text(&found, *at)) || is_one_of(FALL_NOUNS, text(&found, *at));
        let of_a_figure = || {
            text(&found, at + 1) == "in"
                && (at + 3..found.len().min(at + 6)).any(|of| text(&found, of) == "of" && bound(of + 1))
        };
        noun && (bound(at + 1) || text(&found, at + 1) == "of" && bound(at + 2) || of_a_figure())
    });
    let Some(at) = at else { return found };
    let start = found[at].start;
    let rose = is_one_of(RISE_NOUNS, text(&found, at));
    let of = usize::from(text(&found, at + 1) == "of");
    found.splice(at..=at + of, [word(if rose { ROSE } else { FELL }, start)]);
    if text(&found, at + 1) == "in" {
        found.remove(at + 1);
    }
    bound_to_it(&mut found, at);
    let article = matches!(text(&found, at - 1), "a" | "an" | "the" | "any");
    if article {
        found.remove(at - 1);
    }
    found
}

/// "carriers that got slower", "countries where the return rate got worse".
fn slower(mut found: Vec<Token>, opens: usize) -> Vec<Token> {
    let at = (opens + 2..found.len()).find(|at| {
        matches!(text(&found, *at), "slower" | "faster" | "quicker" | "worse" | "better")
            && matches!(text(&found, at - 1), "got" | "gotten" | "getting" | "became" | "become" | "grew" | "get")
            && text(&found, at + 1) != "than"
    });
    let Some(at) = at else { return found };
    let start = found[at].start;
    let mut from = at - 1;
    while from > opens + 1 && is_one_of(BEFORE, text(&found, from - 1)) {
        from -= 1;
    }
    let timed = found.iter().any(|token| matches!(token.text.as_str(), "time" | "times" | "days"));
    let said: &[&str] = match (text(&found, at), timed) {
        ("slower", false) => &["transit", "time", ROSE],
        ("slower", true) => &[ROSE],
        ("faster" | "quicker", false) => &["transit", "time", FELL],
        ("faster" | "quicker", true) => &[FELL],
        ("better", _) => &[IMPROVED],
        _ => &[WORSENED],
    };
    found.splice(from..=at, said.iter().map(|text| word(text, start)).collect::<Vec<_>>());
    found
}

/// "that grew", "have fallen by more than 10 %", "are down on last year".
fn verb(mut found: Vec<Token>, opens: usize) -> Vec<Token> {
    if found.iter().any(|token| is_a_change(&token.text)) {
        return found;
    }
    let payments =
        found.iter().any(|token| is_one_of("payment payments card cards attempt attempts transactions", &token.text));
    let at = (opens + 1..found.len()).find(|at| {
        let own = text(&found, *at);
        let next = text(&found, at + 1);
        let moved = matches!(own, "up" | "down")
            && (is_one_of(BEFORE, text(&found, at - 1))
                && (next.is_empty() || is_one_of(BEHIND, next) || is_number(next))
                || begins_a_bound(&found, at + 1)
                || matches!(next, "on" | "vs" | "versus" | "against" | "compared" | "year"));
        let noun = matches!(own, "drop" | "decline" | "decrease")
            && !(matches!(text(&found, 0), "did" | "does" | "do") || is_one_of(BEFORE, text(&found, at - 1)));
        // "orders that fell through"
        let idiom = matches!(
            text(&found, at + 1),
            "through" | "into" | "behind" | "out" | "short" | "due" | "apart" | "within"
        );
        let declined = payments && (own == "declined" || text(&found, at + 1) == "over");
        (is_one_of(RISES, own) || is_one_of(FALLS, own) && !noun || moved) && !idiom && !declined
    });
    let Some(at) = at else { return found };
    // "how many of the orders": what is counted is what changed.
    let start = found[at].start;
    let rose = is_one_of(RISES, text(&found, at)) || text(&found, at) == "up";
    let mut from = at;
    while from > opens + 1 && is_one_of(BEFORE, text(&found, from - 1)) {
        from -= 1;
    }
    let by = usize::from(
        text(&found, at + 1) == "by" && {
            let next = text(&found, at + 2);
            is_number(next) || matches!(next, "more" | "less" | "over" | "at" | "between" | "under" | "above" | "below")
        },
    );
    // "from 2024 to 2025" names both ends itself.
    let ends = text(&found, at + 1) == "from"
        && (at + 3..found.len()).any(|to| text(&found, to) == "to" && begins_a_range(&found, to + 1));
    let against = matches!(text(&found, at + 1), "on" | "over" | "from") && !ends && begins_a_range(&found, at + 2);
    let off = usize::from(text(&found, at + 1) == "off");
    found.splice(from..=at + by + off, [word(if rose { ROSE } else { FELL }, start)]);
    bound_to_it(&mut found, from);
    if against {
        let place = found[from + 1].start;
        found[from + 1] = word("vs", place);
    }
    // "did any category shrink": which of them did.
    if matches!(text(&found, 0), "did" | "do" | "does" | "have" | "has" | "are" | "were" | "is")
        && text(&found, 1) == "any"
    {
        found.remove(0);
        found[0] = word("which", start.min(found[0].start));
    }
    found
}
