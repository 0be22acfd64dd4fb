//! A message of several sentences: what leads up to a question or comments on it, and whom "it" or "them" in the question
//! stands for. Must not drop a sentence that asks for something, or that names what the question lacks.

use chrono::NaiveDateTime;
use oms_tools::orders::semantic::SemanticQuery;

use super::lattice::{self, Atom, Piece};
use super::lexicon::{self, Word};
use super::tokens::{Token, is_one_of};
use super::vocabulary::Value;
use super::{Rules, Understanding, clipped};

/// The most sentences that are told apart.
const MOST: usize = 6;
/// Words of a message that is taken apart.
const LONGEST: usize = 120;
/// Words that a statement begins with: who does something, or what is so.
const SUBJECTS: &str = "i we it they something he she there this that my our the a an someone somebody everyone everybody people \
    nobody one customer customers";
/// Words that begin with an article or a name may be asked for; with one of these they are said of.
const VERBS: &str = "is are was were has have had keeps kept says said asked called wrote told worry worries bothers ran ask asks wrote reports reported mentioned thinks thought believes \
    complains complained claims claimed look looks looked seem seems seemed feels felt went came got promised s m re";
/// Words that ask for something or change what is asked: a sentence with one is no comment.
const ASKING: &str = "need needs want wants show give list include includes excluding exclude only just without except \
    ignore ignoring consider count counting meant please how what which when where why should compare split sort \
    instead rather break group per plus also must ought supposed";
/// Pronouns that stand for what was named before the question.
const PRONOUNS: &str = "it them they their theirs its those these him her his he she";
/// Nouns of a title before a question: "board slide: revenue by month". An unknown product's name is none.
const TITLES: &str = "check slide slides report review deck pack question summary overview numbers figures meeting update request closing \
    recap note kpi kpis dashboard";
/// Times of the day on which one asks: they say when somebody does something else.
const ABOUT_NOW: &str = "this today tomorrow tonight morning afternoon evening noon now right later at soon";

/// What a reason is kept of.
pub(super) const REASONED: &str =
    "cancelled canceled cancellations cancel returned returns failed rejected refused declined sent";
/// What one does while one asks.
pub(super) const BUSY: &str =
    "planning preparing thinking working trying looking checking closing writing wondering hoping";
/// Words right before a range that a sentence is about.
const LEADS: &str = "for of in on about during the";

/// What a sentence beside the question names.
#[derive(Default)]
struct Said {
    /// Words of a value, and the value: "Holzhain".
    values: Vec<(Vec<Token>, Vec<Value>)>,
    /// Words of a range that the rest is for: "for the fourth quarter of 2025".
    times: Vec<Vec<Token>>,
    /// Words of what is counted: "cancellations".
    names: Vec<Vec<Token>>,
}

/// Answers the one question among several sentences; `None` where there is none, or more, or where what stands beside it might
/// change it. `frame`: the conversation's last query, of which "them" may speak as well.
pub(super) fn answer(
    rules: &Rules,
    text: &str,
    tokens: &[Token],
    now: NaiveDateTime,
    frame: Option<&SemanticQuery>,
) -> Option<Understanding> {
    if tokens.len() > LONGEST {
        return None;
    }
    let parts = parts(text, tokens);
    if !(2..=MOST).contains(&parts.len()) {
        return None;
    }
    // "Loyalty check for 2025: repeat rate per segment": what stands before the sign is its title.
    let title = |place: usize| {
        place == 0
            && parts[0].len() <= 6
            && parts[0].iter().any(|token| is_one_of(TITLES, &token.text))
            && parts.get(1).is_some_and(|next| text[..next[0].start].trim_end().ends_with([':', '\u{2013}']))
    };
    let said: Vec<Option<Said>> =
        parts.iter().enumerate().map(|(place, part)| statement(rules, part, now, title(place))).collect();
    let mut asking = (0..parts.len()).filter(|at| said[*at].is_none());
    let (Some(at), None) = (asking.next(), asking.next()) else { return None };
    // "... It excludes gifts.": behind the question it is what was asked for.
    let of_the_answer =
        |part: &&[Token]| matches!(part[0].text.as_str(), "it" | "this" | "that" | "they" | "these" | "those");
    if parts[at + 1..].iter().any(of_the_answer) {
        return None;
    }
    let mut question = parts[at].to_vec();
    let mut notes = Vec::new();
    let repeated =
        |words: &[Token]| words.last().is_some_and(|last| parts[at].iter().any(|token| token.stem == last.stem));
    let said = said.iter().flatten();
    let values = said.clone().flat_map(|said| &said.values).filter(|(words, _)| !repeated(words));
    let values: Vec<&(Vec<Token>, Vec<Value>)> = values.collect();
    // "DHL claims they never lose anything": what something is beside what is said of it.
    let state = |value: &Value| value.dimension.ends_with("status") || value.dimension.ends_with("reason");
    let things: Vec<_> = values.iter().filter(|(_, known)| !known.iter().all(state)).collect();
    let named = match (&values[..], &things[..]) {
        ([], _) => None,
        ([one], _) => Some(*one),
        (_, [one]) => Some(**one),
        _ => return None,
    };
    match named {
        // Whether the last answer is meant or what was named just now is not known.
        Some(_) if frame.is_some() => return None,
        // "Beatrice Ferrari claims to be a regular. How many orders are there?": hers.
        Some((words, known))
            if stands_for(&question, known).is_none()
                && (known.iter().all(|value| value.dimension == "customer")
                    || is_subject(&parts, at, words, known))
                && !question.iter().any(|token| is_one_of("by per top most least best each every", &token.text))
                && covers(rules, &question, now).is_some_and(|(_, pieces)| {
                    !pieces.iter().any(|piece| matches!(piece.atom, Atom::Values(_) | Atom::Order(_)))
                }) =>
        {
            let read = words.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
            notes.push(format!("took {read} from the sentence beside the question"));
            let start = question.last()?.start;
            question.push(lexicon::word("for", start));
            question.extend(words.iter().map(|token| Token { start, ..token.clone() }));
        }
        Some((words, known)) => {
            let place = stands_for(&question, known)?;
            let read = words.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
            let of: Vec<&str> = question[place.clone()].iter().map(|token| token.raw.as_str()).collect();
            notes.push(format!("read `{}` as {read}", of.join(" ")));
            let start = question[place.start].start;
            let people = known.iter().any(|value| value.dimension.starts_with("customer_"))
                && is_one_of("them they those these", &question[place.start].text);
            let noun = people.then(|| lexicon::word("customers", start));
            let lead = (question[place.start].text == "there").then(|| lexicon::word("in", start));
            question.splice(
                place,
                lead.into_iter().chain(words.iter().map(|token| Token { start, ..token.clone() })).chain(noun),
            );
        }
        None if frame.is_none() && refers_back(&question) => return None,
        None => {}
    }
    counted_there(&mut question, said.clone().flat_map(|said| &said.names), &mut notes);
    let times = said.flat_map(|said| &said.times).filter(|words| !repeated(words));
    in_that_time(rules, &mut question, times, &mut notes, now)?;
    let Understanding::Query { query, confidence, notes: others } = rules.sentence(&question, now, frame, false) else {
        return None;
    };
    if let Some((_, known)) = named {
        let mut filters = query.filters.iter().chain(query.sets.iter().flat_map(|set| &set.filters));
        filters.find(|filter| known.iter().any(|value| filter.values.contains(&value.value)))?;
    }
    let idle = parts.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, part)| {
        let words: Vec<String> = part.iter().take(8).map(|token| clipped(&token.raw)).collect();
        format!("\"{}\"", words.join(" "))
    });
    let told = format!("left out as beside the point: {}", idle.collect::<Vec<_>>().join(", "));
    notes.extend(others);
    notes.push(told);
    Some(Understanding::Query { query, confidence: (confidence - 0.2).max(0.1), notes })
}

/// Whether a statement before the question is about what it names: "DHL claims they got faster. Transit time in December?"
fn is_subject(parts: &[&[Token]], at: usize, words: &[Token], known: &[Value]) -> bool {
    const TOPICS: &str = "carrier brand category product sku ship_country country customer_country ship_city city customer_city channel \
        warehouse customer_segment payment_method";
    let first = words.first().map(|token| token.start);
    parts[..at].iter().any(|part| {
        let lead = usize::from(matches!(part[0].text.as_str(), "the" | "our" | "my"));
        part.get(lead).map(|token| token.start) == first
            && part.get(lead + words.len()).is_some_and(|token| is_one_of(VERBS, &token.text))
    }) && known.iter().any(|value| is_one_of(TOPICS, &value.dimension))
}

/// "Finance asked about cancellations. How many did we have in Q4?": the one noun that was named is what is counted.
fn counted_there<'a>(
    question: &mut Vec<Token>,
    mut nouns: impl Iterator<Item = &'a Vec<Token>>,
    notes: &mut Vec<String>,
) {
    if let (Some(words), None) = (nouns.next(), nouns.next())
        && let [how, many, verb, ..] = &question[..]
        && how.text == "how"
        && many.text == "many"
        && is_one_of("did do were are was have had is there", &verb.text)
    {
        let read = words.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
        notes.push(format!("read `how many` as how many {read}"));
        let start = verb.start;
        question.splice(2..2, words.iter().map(|token| Token { start, ..token.clone() }));
    }
}

/// Puts the range that was named beside the question into it; `None` where it has one of its own, or several were named.
fn in_that_time<'a>(
    rules: &Rules,
    question: &mut Vec<Token>,
    mut times: impl Iterator<Item = &'a Vec<Token>>,
    notes: &mut Vec<String>,
    now: NaiveDateTime,
) -> Option<()> {
    if let Some(words) = times.next() {
        // "Refunds per day for that month": the one that was named.
        let that = question.windows(2).position(|pair| {
            matches!(pair[0].text.as_str(), "that" | "this" | "the" | "same")
                && is_one_of("day week month quarter year period", &pair[1].text)
        });
        let that = that.filter(|at| {
            at.checked_sub(1).is_some_and(|before| is_one_of("in for of on during over within", &question[before].text))
        });
        let own = covers(rules, question, now)
            .is_some_and(|(_, pieces)| pieces.iter().any(|piece| matches!(piece.atom, Atom::Time(_))));
        if own || times.next().is_some() {
            return None;
        }
        let shown: Vec<&str> = words.iter().map(|token| token.raw.as_str()).collect();
        notes.push(format!("took \"{}\" from the sentence beside the question", shown.join(" ")));
        let start = question.last()?.start;
        let words = words.iter().map(|token| Token { start, ..token.clone() });
        if let Some(at) = that {
            drop(question.splice(at - 1..at + 2, std::iter::once(lexicon::word("in", start)).chain(words)));
        } else {
            question.push(lexicon::word("in", start));
            question.extend(words);
        }
    }
    Some(())
}

/// The words of a message without the sentences that only say what the asker does: "I have a board meeting tomorrow."
pub(super) fn without_statements(text: &str, tokens: &[Token]) -> Vec<Token> {
    let parts = parts(text, tokens);
    let says = |part: &&[Token]| {
        let [first, second, ..] = part else { return false };
        // "Planning the next campaign."
        let busy = is_one_of(BUSY, &first.text);
        let has = matches!(first.text.as_str(), "i" | "we")
            && matches!(second.text.as_str(), "have" | "am" | "m" | "ve" | "are" | "re" | "got" | "had");
        (busy || has) && !part.iter().any(|token| is_one_of(ASKING, &token.text))
    };
    if parts.len() < 2 || parts.iter().all(&says) {
        return tokens.to_vec();
    }
    parts.iter().filter(|part| !says(part)).flat_map(|part| part.iter().cloned()).collect()
}

/// Whether a question speaks of something that stands outside of it.
pub(super) fn refers_back(question: &[Token]) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| question.get(at)).map_or("", |token| token.text.as_str());
    let is = |word: &str| matches!(word, "is" | "are" | "was" | "were" | "been" | "be" | "s" | "out");
    // "is there any" speaks of no place, "how many left from there" does.
    let there = |at: usize| {
        word(Some(at)) == "there"
            && !is(word(at.checked_sub(1)))
            && !is(word(Some(at + 1)))
            && !word(Some(at + 1)).is_empty()
            || word(Some(at)) == "there" && at + 1 == question.len()
    };
    question.iter().any(|token| is_one_of(PRONOUNS, &token.text)) || (0..question.len()).any(there)
}

/// Whether a sentence, a line or what stands before a dash or a bracket ends right before a token that is not the first.
pub(super) fn end_before(text: &str, tokens: &[Token], at: usize) -> bool {
    let between = text.get(tokens[at - 1].start..tokens[at].start).unwrap_or_default();
    let sign = between.trim_end();
    sign.ends_with(['?', '!', '.', ':', '(', '\u{2026}', '\u{2013}', '\u{2014}'])
        || sign.ends_with(" -")
        || between.contains('\n')
}

/// The sentences of a message, and clauses that say what for: "so I can see whether that is true".
pub(super) fn parts<'a>(text: &str, tokens: &'a [Token]) -> Vec<&'a [Token]> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let who = |at: usize| matches!(word(at), "i" | "we" | "they" | "he" | "she" | "it" | "that");
    let mut parts = Vec::new();
    let mut from = 0;
    for at in 1..tokens.len() {
        let ends = end_before(text, tokens, at);
        // "cancelled because we were out of stock" gives the reason that is asked for.
        let reasoned = tokens[from..at].iter().any(|token| is_one_of(REASONED, &token.text));
        let clause = matches!(word(at), "so" | "as" | "since") && who(at + 1)
            || word(at) == "because" && !reasoned && (who(at + 1) || matches!(word(at + 1), "the" | "our" | "my"));
        // "I am closing the books and need the total": what is needed is the question.
        let needs = word(at) == "and"
            && matches!(word(from), "i" | "we")
            && (matches!(word(at + 1), "need" | "want") || who(at + 1) && matches!(word(at + 2), "need" | "want"));
        // "For the meeting with the bank I need sales": what for, and what.
        let purpose = from == 0
            && word(0) == "for"
            && matches!(word(at), "i" | "we")
            && matches!(word(at + 1), "need" | "want" | "would" | "ll" | "d");
        // "Carmen is on the phone, what is the status of her order", "I'm preparing a note, can you give me revenue"
        let asks = word(at - 1) == ","
            && matches!(word(at), "what" | "whats" | "how" | "which" | "where" | "when" | "can" | "could" | "please");
        let speaks = matches!(word(0), "i" | "we") && is_one_of("am m have ve are re got need prepare", word(1))
            || tokens[..at].windows(3).any(|run| {
                run[0].text == "on" && run[1].text == "the" && matches!(run[2].text.as_str(), "phone" | "line")
            })
            || is_one_of(BUSY, word(1)) && matches!(word(0), "i" | "we");
        let led = from == 0 && asks && speaks;
        if ends || clause || needs || purpose || led {
            parts.push(&tokens[from..at]);
            from = at;
        }
    }
    parts.push(&tokens[from..]);
    let sign = |token: &Token| token.text == ",";
    for part in &mut parts {
        while let [first, rest @ ..] = *part
            && (sign(first) || first.text == "and")
        {
            *part = rest;
        }
        while let [rest @ .., last] = *part
            && sign(last)
        {
            *part = rest;
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// A part's words as the grammar has them, and the best cover of them.
fn covers(rules: &Rules, part: &[Token], now: NaiveDateTime) -> Option<(Vec<Token>, Vec<Piece>)> {
    let rephrased = lexicon::rephrase(part.to_vec());
    let mut covers = lattice::covers(&rephrased, &rules.vocabulary, now);
    (!covers.is_empty()).then(|| (rephrased, covers.swap_remove(0).pieces))
}

/// What a sentence names that asks for nothing; `None` where it asks, or might.
fn statement(rules: &Rules, part: &[Token], now: NaiveDateTime, title: bool) -> Option<Said> {
    let first = part.first()?.text.as_str();
    let clause = matches!(first, "so" | "because" | "as" | "since");
    let opens = matches!(first, "for" | "before" | "quick" | "morning" | "afternoon" | "evening");
    let bare = matches!(
        first,
        "the" | "a" | "an" | "our" | "my" | "this" | "that" | "one" | "customer" | "customers" | "people"
    );
    let verb = part.iter().skip(1).any(|token| is_one_of(VERBS, &token.text));
    // "Sales look weird."
    let said_of = part.iter().skip(1).take(2).any(|token| is_one_of(VERBS, &token.text));
    if !clause && !opens && !said_of && !title && !(is_one_of(SUBJECTS, first) && (!bare || verb)) {
        return None;
    }
    // "I mean net of tax", "it has to be net of tax"
    let meant = part.windows(2).any(|pair| {
        matches!(
            (pair[0].text.as_str(), pair[1].text.as_str()),
            ("i", "mean") | ("has" | "have" | "had" | "is" | "are", "to")
        )
    });
    if meant || part.iter().any(|token| is_one_of(ASKING, &token.text)) {
        return None;
    }
    let plain = without_idioms(part);
    let (tokens, pieces) = covers(rules, &plain, now)?;
    if !clause && plain.len() == part.len() && !pieces.iter().any(is_unknown) {
        return None;
    }
    let mut said = Said::default();
    for (at, piece) in pieces.iter().enumerate() {
        let words = &tokens[piece.from..piece.to];
        let before = piece.from.checked_sub(1).map_or("", |before| tokens[before].text.as_str());
        match &piece.atom {
            _ if is_unknown(piece) => {}
            Atom::Values(values) => said.values.push((words.to_vec(), values.clone())),
            Atom::Part(text) => {
                let value = Value { dimension: "product".to_owned(), value: text.clone() };
                said.values.push((words.to_vec(), vec![value]));
            }
            Atom::Time(_) if words.iter().all(|token| is_one_of(ABOUT_NOW, &token.text)) => {}
            Atom::Time(_) if is_one_of(LEADS, before) || is_one_of(LEADS, &words[0].text) => {
                let leads = usize::from(is_one_of(LEADS, &words[0].text) && words.len() > 1);
                said.times.push(words[leads..].to_vec());
            }
            Atom::Number { .. } if words.len() == 1 && words[0].text == "one" => {}
            // "I have the board at 3"
            Atom::Number { .. } if before == "at" && piece.to == tokens.len() => {}
            Atom::Time(_) | Atom::Number { .. } | Atom::Order(_) | Atom::Contains(_) => return None,
            Atom::Word(word) => {
                let next = pieces[at + 1..].iter().find(|next| next.atom != Atom::Word(Word::Filler));
                let named =
                    next.is_some_and(|next| matches!(next.atom, Atom::Name(_) | Atom::Values(_) | Atom::Part(_)));
                if named && changes(word) {
                    return None;
                }
            }
            Atom::Name(names) => {
                if names.measure.is_some() {
                    said.names.push(words.to_vec());
                }
            }
            Atom::Unknown => {}
        }
    }
    Some(said)
}

/// A statement without words that are a value's only by their letters: the bank that wants slides is no way of paying, the books
/// that are closed no category, "nice" no city.
fn without_idioms(part: &[Token]) -> Vec<Token> {
    let word = |at: Option<usize>| at.and_then(|at| part.get(at)).map_or("", |token| token.text.as_str());
    let idle = |at: usize| {
        let before = word(at.checked_sub(1));
        match part[at].raw.as_str() {
            "phone" | "line" => before == "the" && at >= 2 && word(at.checked_sub(2)) == "on",
            "bank" => word(Some(at + 1)) != "transfer",
            "books" => before == "the" && at >= 2 && word(at.checked_sub(2)).starts_with("clos"),
            "coffee" | "tea" => matches!(before, "my" | "a" | "first" | "your"),
            "nice" => true,
            _ => false,
        }
    };
    (0..part.len()).filter(|at| !idle(*at)).map(|at| part[at].clone()).collect()
}

/// Words of no meaning to the grammar, or that it would only guess at.
fn is_unknown(piece: &Piece) -> bool {
    piece.atom == Atom::Unknown || piece.note.is_some() && !matches!(piece.atom, Atom::Part(_))
}

/// Operators that right before a name would change the question.
fn changes(word: &Word) -> bool {
    matches!(
        word,
        Word::By
            | Word::Per
            | Word::Without
            | Word::Only
            | Word::Cut(_)
            | Word::Sorted(_)
            | Word::Share
            | Word::Running
    )
}

/// Where the question has a pronoun, or a noun with "this" or "the", for what was named.
fn stands_for(question: &[Token], known: &[Value]) -> Option<std::ops::Range<usize>> {
    let pronoun = |at: &usize| is_one_of(PRONOUNS, &question[*at].text);
    if let Some(at) = (0..question.len()).find(pronoun) {
        return (at + 1..question.len()).all(|other| !pronoun(&other)).then_some(at..at + 1);
    }
    let place = known.iter().any(|value| value.dimension.ends_with("country") || value.dimension.ends_with("city"));
    let there = (1..question.len()).find(|at| question[*at].text == "there");
    if let (true, Some(at)) = (place, there)
        && !matches!(question[at - 1].text.as_str(), "is" | "are" | "was" | "were" | "s" | "be" | "been")
    {
        return Some(at..at + 1);
    }
    (1..question.len())
        .find(|at| {
            let noun = question[*at].stem.as_str();
            let same =
                known.iter().any(|value| value.dimension == noun || value.dimension.ends_with(&format!("_{noun}")));
            same && matches!(question[at - 1].text.as_str(), "this" | "that" | "the" | "these" | "those")
        })
        .map(|at| at - 1..at + 1)
}
