//! What stands around a question and is no part of it: a greeting, thanks, a signature. Must not take a word that names
//! something of the shop.

use super::lattice::{self, Atom};
use super::lexicon::{self, Word};
use super::time;
use super::tokens::{Token, is_one_of};
use super::vocabulary::Vocabulary;

/// Words that open a tail: "thanks, Ana", "kind regards".
const THANKS: [&str; 22] = [
    "thanks",
    "thank",
    "thx",
    "tks",
    "ty",
    "cheers",
    "ta",
    "regards",
    "rgds",
    "br",
    "best",
    "sincerely",
    "obrigado",
    "obrigada",
    "gracias",
    "merci",
    "danke",
    "grazie",
    "appreciated",
    "xx",
    "tia",
    "tyvm",
];
/// Words that open a greeting.
const GREETINGS: [&str; 12] =
    ["hi", "hello", "hey", "dear", "hiya", "heya", "yo", "morning", "afternoon", "ola", "hola", "greetings"];
/// Words that may stand before thanks.
const BEFORE: [&str; 8] = ["many", "kind", "warm", "best", "and", "big", "with", "please"];
/// Words behind "best" that make it say which rows come first.
const ORDERS: [&str; 6] = ["first", "one", "ones", "to", "at", "on"];
/// The most words of a greeting or a signature.
const LONGEST: usize = 6;
/// Words of a clause about why one asks, not about what.
pub(super) const CIRCUMSTANCES: [&str; 44] = [
    "i",
    "we",
    "it",
    "he",
    "she",
    "they",
    "my",
    "our",
    "asked",
    "said",
    "is",
    "was",
    "meeting",
    "board",
    "deck",
    "pack",
    "report",
    "boss",
    "ceo",
    "cfo",
    "coo",
    "cto",
    "slide",
    "slides",
    "presentation",
    "standup",
    "call",
    "quick",
    "asap",
    "urgent",
    "fyi",
    "context",
    "curious",
    "review",
    "question",
    "favour",
    "favor",
    "budget",
    "newsletter",
    "lunch",
    "mentioned",
    "someone",
    "complaints",
    "sheet",
];

/// The question without what stands around it.
pub(super) fn without<'a>(text: &str, tokens: &'a [Token], vocabulary: &Vocabulary) -> &'a [Token] {
    let mut rest = tokens;
    if let Some(end) = tail(text, rest, vocabulary) {
        rest = &rest[..end];
    }
    while let [kept @ .., last] = rest
        && kept.len() > 1
        && matches!(last.text.as_str(), "please" | "pls" | "plz")
    {
        rest = kept;
    }
    if let Some(end) = purpose(rest, vocabulary) {
        rest = &rest[..end];
    }
    if let Some(start) = greeting(text, rest, vocabulary) {
        rest = &rest[start..];
    }
    if let Some(start) = purpose_first(rest, vocabulary).or_else(|| who_needs_it(rest, vocabulary)) {
        rest = &rest[start..];
    }
    if let Some(start) = polite(text, rest, vocabulary) {
        rest = &rest[start..];
    }
    if rest.iter().all(|token| token.text == ",") { tokens } else { rest }
}

/// Whether a sign that ends a clause stands right before a token.
fn after_sign(text: &str, token: &Token) -> bool {
    let before = text.get(..token.start).unwrap_or_default();
    let trimmed = before.trim_end_matches(' ');
    trimmed.ends_with([',', '.', '!', '?', ';', ':', '\n', '\u{2013}', '\u{2014}'])
        || trimmed.ends_with(" -")
        || trimmed.ends_with(|last: char| !last.is_alphanumeric() && !last.is_ascii())
}

/// Whether words say when: what is cut off must not take the range with it.
fn says_when(tokens: &[Token]) -> bool {
    const WHEN: &str = "weekend weekends christmas xmas easter friday monday tuesday wednesday thursday saturday sunday today yesterday night \
        morning evening season summer winter autumn spring holidays holiday black halloween day days week weeks month months quarter \
        year years past last since";
    tokens.iter().any(|token| is_one_of(WHEN, &token.text) || time::is_month(&token.text))
}

/// Whether words name nothing of the shop.
pub(super) fn is_empty_talk(tokens: &[Token], vocabulary: &Vocabulary) -> bool {
    let known = |token: &Token| {
        vocabulary.names(&token.stem).is_some_and(|names| names.measure.is_some() || names.dimension.is_some())
            || vocabulary.values(&token.stem).is_some()
            || token.text.bytes().any(|byte| byte.is_ascii_digit())
    };
    !tokens.iter().any(known)
}

/// Where the tail begins.
fn tail(text: &str, tokens: &[Token], vocabulary: &Vocabulary) -> Option<usize> {
    let from = tokens.len().saturating_sub(LONGEST + 2);
    let at = (from.max(1)..tokens.len()).find(|at| {
        let token = &tokens[*at];
        let polite = BEFORE.contains(&tokens[at - 1].text.as_str());
        // "best first" orders the rows.
        let next = tokens.get(at + 1);
        let orders = token.text == "best"
            && (next.is_some_and(|next| ORDERS.contains(&next.text.as_str()))
                || tokens.last().is_some_and(|last| last.text == "first")
                || next.is_some_and(|next| next.text != "," && vocabulary.is_known_word(&next.stem)));
        !orders && THANKS.contains(&token.text.as_str()) && (after_sign(text, token) || polite && token.text != "best")
            || THANKS[..6].contains(&token.text.as_str()) && tokens.len() - at <= 4
    })?;
    if tokens.len() - at > LONGEST || !is_empty_talk(&tokens[at..], vocabulary) {
        return None;
    }
    let mut start = at;
    while start > 1 && (BEFORE.contains(&tokens[start - 1].text.as_str()) || tokens[start - 1].text == ",") {
        start -= 1;
    }
    Some(start)
}

/// Where "for the balance sheet", "for my board deck" begins at the end: what the figure is for.
fn purpose(tokens: &[Token], vocabulary: &Vocabulary) -> Option<usize> {
    const PURPOSES: [&str; 16] = [
        "sheet",
        "report",
        "deck",
        "meeting",
        "board",
        "presentation",
        "newsletter",
        "review",
        "slide",
        "slides",
        "pack",
        "call",
        "boss",
        "ceo",
        "cfo",
        "audit",
    ];
    let last = tokens.last().filter(|token| PURPOSES.contains(&token.text.as_str()))?;
    let from = tokens.len().saturating_sub(LONGEST);
    let at = (from.max(1)..tokens.len()).rev().find(|at| tokens[*at].text == "for")?;
    let article = matches!(
        tokens.get(at + 1).map(|token| token.text.as_str()),
        Some("the" | "my" | "our" | "a" | "an" | "tomorrow")
    );
    (article && last.start > tokens[at].start && is_empty_talk(&tokens[at..], vocabulary)).then_some(at)
}

/// Where the question begins after "Finance needs", "my boss is asking for".
fn who_needs_it(tokens: &[Token], vocabulary: &Vocabulary) -> Option<usize> {
    const WHO: &str = "finance marketing sales accounting legal support operations ops boss manager ceo cfo coo board auditor auditors bank team \
        accountant controller director management investor investors colleague";
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let asks = |at: usize| is_one_of("asked asks asking wonders wondering wondered", text(at));
    // "our accountant asked me how many": whom, and the question begins.
    let whom = |at: usize| at + 1 + usize::from(matches!(text(at + 1), "me" | "us"));
    let begins = |at: usize| is_one_of("how what which who for", text(at));
    let verb = (1..tokens.len().min(5))
        .find(|at| matches!(text(*at), "needs" | "wants" | "need" | "want") || asks(*at) && begins(whom(*at)))?;
    let end = if asks(verb) { whom(verb) + usize::from(text(whom(verb)) == "for") } else { verb + 1 };
    let end = end + if text(end) == "to" && matches!(text(end + 1), "know" | "see" | "have") { 2 } else { 0 };
    let named = tokens[..verb].iter().any(|token| is_one_of(WHO, &token.text));
    let idle = |token: &Token| {
        is_one_of(WHO, &token.text) || is_one_of("the our my a an one is has was just s from in keeps", &token.text)
    };
    (named && tokens[..verb].iter().all(idle) && end < tokens.len() && is_empty_talk(&tokens[verb..end], vocabulary))
        .then_some(end)
}

/// Where the question begins after "for the handover I need": what it is for is no part of it.
fn purpose_first(tokens: &[Token], vocabulary: &Vocabulary) -> Option<usize> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    if text(0) != "for" || !matches!(text(1), "the" | "my" | "our" | "a" | "tomorrow" | "this") {
        return None;
    }
    let at = (2..tokens.len().min(LONGEST + 2)).find(|at| {
        matches!(text(*at), "i" | "we") && matches!(text(at + 1), "need" | "want" | "would" | "d")
            || matches!(text(*at), "please" | "give" | "show") && text(at - 1) == ","
    })?;
    (is_empty_talk(&tokens[..at], vocabulary) && !says_when(&tokens[..at])).then_some(at)
}

/// Where the question begins after a greeting: "hi team, ...", "Dear Ana - ...".
fn greeting(text: &str, tokens: &[Token], vocabulary: &Vocabulary) -> Option<usize> {
    let first = tokens.first()?;
    let good = first.text == "good" && tokens.get(1).is_some_and(|token| GREETINGS.contains(&token.text.as_str()));
    if !GREETINGS.contains(&first.text.as_str()) && !good {
        return None;
    }
    let end = (1..tokens.len().min(LONGEST)).find(|at| tokens[*at].text == "," || after_sign(text, &tokens[*at]))?;
    is_empty_talk(&tokens[..end], vocabulary).then_some(end + usize::from(tokens[end].text == ","))
}

/// Where a text may be cut into a question and a clause beside it: the first signs and the last.
pub(super) fn cuts(text: &str) -> Vec<usize> {
    let ends = text.trim_end_matches(|sign: char| !sign.is_alphanumeric()).len();
    let mut found: Vec<usize> = Vec::new();
    let mut before = ' ';
    for (at, sign) in text[..ends].char_indices() {
        let dash = matches!(sign, '-' | '\u{2013}' | '\u{2014}') && before == ' ';
        let dot = sign == '.' && !text[at + 1..].starts_with(|next: char| next.is_alphanumeric());
        if matches!(sign, ',' | ';' | ':' | '(' | ')' | '!' | '?' | '\n' | '\u{2026}') || dash || dot {
            found.push(at);
        }
        before = sign;
    }
    if found.len() > 4 {
        found.drain(3..found.len() - 1);
    }
    found
}

/// Whether a clause says why one asks, and nothing of what.
pub(super) fn is_circumstance(tokens: &[Token], covers: &[lattice::Cover]) -> bool {
    let speaks = tokens.iter().any(|token| CIRCUMSTANCES.contains(&token.text.as_str()));
    let Some(cover) = covers.first().filter(|_| speaks && tokens.len() > 1) else { return false };
    let unknown = cover.pieces.iter().any(|piece| piece.atom == Atom::Unknown);
    unknown
        && cover.pieces.iter().all(|piece| {
            piece.note.is_none()
                && match &piece.atom {
                    Atom::Unknown => true,
                    Atom::Number { .. } => tokens.get(piece.from).is_some_and(|token| token.text == "one"),
                    Atom::Word(word) => matches!(
                        word,
                        Word::Filler
                            | Word::And
                            | Word::But
                            | Word::With
                            | Word::Which
                            | Word::List
                            | Word::First
                            | lexicon::Word::Who
                    ),
                    _ => false,
                }
        })
}

/// Where the question begins after "would you be so kind as to tell me", "I would be very grateful if you could let me know", "may I ask":
/// as late as such words end, where what stands before them names nothing.
fn polite(whole: &str, tokens: &[Token], vocabulary: &Vocabulary) -> Option<usize> {
    const MOST: usize = 22;
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let ends = |at: usize| -> Option<usize> {
        let end = match (text(at), text(at + 1), text(at + 2)) {
            ("tell" | "show" | "give" | "send", "me" | "us", _) | ("may" | "might" | "can", "i", "ask") => {
                at + 2 + usize::from(text(at + 2) == "ask")
            }
            ("let", "me" | "us", "know") | ("question", ",", "but") => at + 3,
            ("to", "know" | "see" | "hear", _)
            | ("wondering" | "wonder", ..)
            | ("look", "at", _)
            | ("question", "but", _) => at + if matches!(text(at), "wondering" | "wonder") { 1 } else { 2 },
            _ => return None,
        };
        Some(end)
    };
    let end = (0..tokens.len().min(MOST)).rev().find_map(|at| ends(at).filter(|end| *end + 1 < tokens.len()))?;
    // A sentence that ends before is told as left out.
    if (1..end).any(|at| super::sentences::end_before(whole, tokens, at)) {
        return None;
    }
    let before = &tokens[..end];
    let courteous = before.iter().any(|token| {
        is_one_of(
            "kind kindly grateful please trouble may might appreciate appreciated mind patience forgive sorry wondering wonder possible \
             would could moment bother pardon excuse thank thanks",
            &token.text,
        )
    });
    // "show me", "give me" and what filler covers anyway need no cutting.
    let odd = before.len() > 3 || text(0) == "may";
    let asks = before
        .iter()
        .any(|token| matches!(token.text.as_str(), "how" | "which" | "who" | "where" | "by" | "without" | "only"));
    let end = end + usize::from(text(end) == ",");
    (courteous && odd && !asks && is_courtesy(before, vocabulary) && !says_when(&before[before.len().min(1)..]))
        .then_some(end)
}

/// Whether words are empty talk, "may" being no month.
fn is_courtesy(tokens: &[Token], vocabulary: &Vocabulary) -> bool {
    let rest: Vec<Token> = tokens
        .iter()
        .filter(|token| !matches!(token.text.as_str(), "may" | "question" | "basic" | "simple"))
        .cloned()
        .collect();
    is_empty_talk(&rest, vocabulary)
}
