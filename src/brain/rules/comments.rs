//! What people say around the one question that stands whole: why they ask, what they think, how it feels. Must not drop words
//! that name a range, a number or a value which the question's reading lacks.

use chrono::NaiveDateTime;
use oms_tools::orders::semantic::SemanticQuery;

use super::finish::is_grain;
use super::lattice::{self, Atom, Piece};
use super::lexicon::{self, Word, family_of_dimension, family_of_measure};
use super::time::TimeWords;
use super::tokens::{Token, is_number, is_one_of, text};
use super::vocabulary::Vocabulary;
use super::{Rules, Understanding, clipped, sentences};

/// The most clauses that are told apart.
const MOST: usize = 6;
/// Verbs that make a statement of a clause, besides those of [`sentences`].
const VERBS: &str = "im is are was were am be has have had s m re ve feels feel felt seems seem seemed looks look looked sounds sound sounded get gets got think thinks thought \
    guess suspect believe believes suppose wonder hope hear heard said says say saying claim claims complain complains complained want wants need \
    needs like likes love loves hate know knows worry worries worried trying try going preparing writing doing making building planning putting \
    working checking closing starting keep keeps kept came come comes went promised asked asks told noticed saw see expect expected d ll would \
    could can could might may must";
/// Words that ask for something, or change what is asked.
const ASKING: &str = "includes excluding only just without except ignoring counting meant please what \
    which when where why should instead rather per plus also must ought supposed than net gross not";
/// Words that ask for something where a clause begins with them: "I suspect split shipments eat our margin" asks for nothing.
const ORDERS: &str =
    "give list include exclude ignore consider count compare split sort break group show tell add leave use take make";
/// Words of a clause that says once more that two things are compared.
const ECHO: &str =
    "can could you please compare the two them both those these for me side by to with each other against how do they";
/// Words that a statement begins with, whatever its verb.
const DETERMINERS: &str =
    "the our my these those this that they we i it he she some most everyone everybody nobody someone people";
/// Words that a question of one's feeling begins with.
const DOUBTS: &str = "is are was were am do does did has have had isn aren wasn weren don doesn";
/// When somebody comes or meets: no range of the figure's.
const WEEKDAYS: &str =
    "on by before for in at the next tomorrow monday tuesday wednesday thursday friday saturday sunday";
/// What one means to do with the answer.
const DEEDS: &str = "send write call thank invite print put prepare plan pay present report talk decide reorder discuss close visit mail email \
    surprise reward order congratulate tell ring phone contact reach share";

/// A clause of the message: its tokens, and the text behind it up to the next one.
struct Clause<'a> {
    tokens: &'a [Token],
    asks: bool,
    /// Whether a colon ends it.
    title: bool,
    /// Whether a full stop or the end of the message ends it.
    ends: bool,
}

/// Answers the one clause that is a whole question, where the others only speak around it.
pub(super) fn around(rules: &Rules, text: &str, tokens: &[Token], now: NaiveDateTime) -> Option<Understanding> {
    let clauses = clauses(text, tokens);
    if !(2..=MOST).contains(&clauses.len()) {
        return None;
    }
    let mut refusals = Vec::new();
    let mut whole: Vec<(usize, Box<SemanticQuery>, f64, Vec<String>)> = Vec::new();
    for (at, clause) in clauses.iter().enumerate() {
        if clause.tokens.len() < 2
            || sentences::refers_back(&without_idioms(&lexicon::rephrase(clause.tokens.to_vec())))
        {
            continue;
        }
        let mut question = of_each_named(rules, &clauses, at, now);
        // "Leave cancelled orders out of it."
        let start = question[0].start;
        question.extend(
            clauses.iter().any(|other| leaves_cancelled_out(other)).then(|| lexicon::word(lexicon::KEPT, start)),
        );
        let (query, confidence, notes) = match rules.sentence(&question, now, None, false) {
            Understanding::Query { query, confidence, notes } => (query, confidence, notes),
            refused @ Understanding::Refuse { .. } => {
                refusals.push((at, refused));
                continue;
            }
            _ => continue,
        };
        if query.measures.is_empty() && query.list.is_none() {
            continue;
        }
        whole.push((at, query, confidence, notes));
    }
    // "How punctual are the carriers? On-time rate for each over the last 3 months": the second says the first again, with a range.
    let mut again = None;
    if let [(place, first, ..), (_, second, ..)] = &whole[..]
        && says_less(first, second)
    {
        again = Some(*place);
        whole.remove(0);
    }
    // "For the year-end closing, what was our stock worth on 31 December?": refused, whatever it is for.
    if let ([], [(at, refused)]) = (&whole[..], &refusals[..]) {
        let none = SemanticQuery::default();
        let mut rest = clauses.iter().enumerate().filter(|(place, _)| place != at);
        return rest.all(|(place, clause)| is_comment(rules, clause, &none, place > *at, now)).then(|| refused.clone());
    }
    let [(at, query, confidence, notes)] = &mut whole[..] else { return None };
    let (at, confidence, mut notes) = (*at, *confidence, std::mem::take(notes));
    let query = std::mem::take(query);
    let others = || clauses.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, clause)| clause);
    let mut rest = clauses.iter().enumerate().filter(|(place, _)| *place != at && Some(*place) != again);
    if !rest.all(|(place, clause)| is_comment(rules, clause, &query, place > at, now)) {
        return None;
    }
    let idle = others().map(|clause| {
        let words: Vec<String> = clause.tokens.iter().take(8).map(|token| clipped(&token.raw)).collect();
        format!("\"{}\"", words.join(" "))
    });
    notes.push(format!("left out as beside the point: {}", idle.collect::<Vec<_>>().join(", ")));
    Some(Understanding::Query { query, confidence: (confidence - 0.2).max(0.1), notes })
}

/// "The averages hide too much": a statement with a verb that nobody lists. What is written large or is no English word may be the
/// name of something that is asked for.
fn is_told(rules: &Rules, clause: &Clause<'_>) -> bool {
    let words = clause.tokens;
    let known = |token: &Token| rules.vocabulary.is_known_word(&token.stem);
    let mut odd = words.iter().skip(1).filter(|token| !known(token)).peekable();
    !clause.title
        && clause.ends
        && words.len() > 3
        && is_one_of(DETERMINERS, word(words, 0))
        && odd.peek().is_some()
        && odd.all(|token| lexicon::is_word(&token.text) && token.raw.starts_with(char::is_lowercase))
}

/// Whether a query asks for the same figure of the same groups as another, of no range and of all.
fn says_less(one: &SemanticQuery, other: &SemanticQuery) -> bool {
    let bare = SemanticQuery {
        measures: one.measures.clone(),
        dimensions: one.dimensions.clone(),
        filters: one.filters.clone(),
        ..SemanticQuery::default()
    };
    *one == bare
        && one.filters.iter().all(|filter| other.filters.contains(filter))
        && one.measures.iter().all(|name| other.measures.contains(name))
        && one.dimensions.iter().all(|name| other.dimensions.contains(name))
}

/// Where a clause begins that only says what one means to do with the answer: ", I want to send them a card".
pub(super) fn intention(text: &str, tokens: &[Token]) -> Option<usize> {
    let at = (3..tokens.len()).find(|at| {
        let sign = sentences::end_before(text, tokens, *at) || tokens[at - 1].text == "," || word(tokens, *at) == "so";
        let at = at + usize::from(word(tokens, *at) == "so");
        let at = at + usize::from(word(tokens, at) == "that");
        let who = matches!(word(tokens, at), "i" | "we");
        let to = (at + 1..tokens.len().min(at + 6)).find(|to| {
            word(tokens, *to) == "to" || matches!(word(tokens, *to), "can" | "ll" | "will") && *to == at + 1
        });
        sign && who && to.is_some_and(|to| is_one_of(DEEDS, word(tokens, to + 1)))
    })?;
    let rest = &tokens[at..];
    let number = |token: &Token| token.text.bytes().any(|byte| byte.is_ascii_digit());
    let asks = rest.iter().any(|token| {
        is_one_of("how which what many much whether if by per split without only excluding except", &token.text)
    });
    (!asks && !rest.iter().any(number)).then_some(tokens[at].start)
}

fn word(tokens: &[Token], at: usize) -> &str {
    text(tokens, at)
}

/// The message taken apart where a sentence, a dash or a bracket ends it, and before ", I", ", it's", ", for my".
fn clauses<'a>(whole: &str, tokens: &'a [Token]) -> Vec<Clause<'a>> {
    let mut starts = vec![0];
    for at in 1..tokens.len() {
        let comma = tokens[at - 1].text == "," || whole[tokens[at - 1].start..tokens[at].start].contains(';');
        let speaks = matches!(
            word(tokens, at),
            "i" | "we"
                | "it"
                | "that"
                | "this"
                | "they"
                | "my"
                | "because"
                | "since"
                | "so"
                | "he"
                | "she"
                | "people"
                | "everybody"
                | "everyone"
                | "somebody"
                | "someone"
        ) && is_one_of(VERBS, word(tokens, at + 1))
            || word(tokens, at) == "just"
                && is_one_of("want wanted curious checking wondering asking looking interested", word(tokens, at + 1))
            || word(tokens, at) == "for" && matches!(word(tokens, at + 1), "my" | "our" | "the" | "a" | "his" | "her")
            || matches!(word(tokens, at), "it" | "that" | "this") && word(tokens, at + 1) == "for"
            || word(tokens, at) == "because"
                && !tokens[..at].iter().any(|token| is_one_of(sentences::REASONED, &token.text))
            || word(tokens, at) == "need" && matches!(word(tokens, at + 1), "it" | "this" | "them")
            || starts.len() == 1
                && is_asking(word(tokens, at))
                && (matches!(word(tokens, 0), "for" | "before")
                    || matches!(word(tokens, 0), "i" | "we") && says_verb(&tokens[..at]));
        // Behind a year a dash may be read as "to".
        let dash = whole[tokens[at - 1].start..].starts_with(['-', '\u{2013}', '\u{2014}']);
        if dash || sentences::end_before(whole, tokens, at) || comma && speaks {
            starts.push(at);
        }
    }
    let mut found = Vec::new();
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(tokens.len());
        let mut part = &tokens[*start..end];
        while let [first, rest @ ..] = part
            && matches!(first.text.as_str(), "," | "and")
        {
            part = rest;
        }
        while let [rest @ .., last] = part
            && (last.text == "," || whole[last.start..].starts_with(['-', '\u{2013}', '\u{2014}']))
        {
            part = rest;
        }
        let behind = tokens.get(end).map_or(whole.len(), |next| next.start);
        let asks = part.last().is_some_and(|last| whole[last.start..behind].contains('?'));
        if !part.is_empty() {
            let title = part.last().is_some_and(|last| whole[last.start..behind].contains(':'));
            let ends =
                end == tokens.len() || part.last().is_some_and(|last| whole[last.start..behind].contains(['.', '!']));
            // "What fraction came back? By category": goes on.
            let goes_on = matches!(part[0].text.as_str(), "by" | "per") && part.len() < 7 && !title && start > &0;
            if goes_on && let Some(Clause { tokens: before, .. }) = found.last() {
                let from = tokens.iter().position(|token| token.start == before[0].start).unwrap_or_default();
                let until = tokens.iter().position(|token| Some(token.start) == part.last().map(|last| last.start));
                found.pop();
                found.push(Clause { tokens: &tokens[from..=until.unwrap_or(end - 1)], asks: true, title: false, ends });
                continue;
            }
            found.push(Clause { tokens: part, asks, title, ends });
        }
    }
    found
}

fn says_verb(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| is_one_of(VERBS, &token.text))
}

fn is_asking(word: &str) -> bool {
    is_one_of(
        "what whats what's how which who whos who's show give list can could when where did does is are tell",
        word,
    )
}

/// The words without "each of them", which speaks of groups that were named before, and without "next to it".
fn without_idioms(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let idiom = matches!(
            (word(tokens, at), word(tokens, at + 1), word(tokens, at + 2)),
            ("each", "of", "them" | "those" | "these") | ("next", "to", "it")
        );
        if !idiom {
            kept.push(tokens[at].clone());
        }
        at += if idiom { 3 } else { 1 };
    }
    kept
}

/// "How punctual are the carriers? On-time rate for each of them": for each carrier.
fn of_each_named(rules: &Rules, clauses: &[Clause<'_>], at: usize, now: NaiveDateTime) -> Vec<Token> {
    let question = clauses[at].tokens;
    let each = question.windows(3).position(|run| {
        run[0].text == "each"
            && (run[1].text == "of" && matches!(run[2].text.as_str(), "them" | "those" | "these")
                || run[1].text == "one" && run[2].text == "s")
    });
    let Some(each) = each else { return question.to_vec() };
    let named = clauses[..at].iter().flat_map(|clause| {
        let pieces = covers(rules, clause.tokens, now).map_or_else(Vec::new, |(_, pieces)| pieces);
        pieces.into_iter().filter_map(|piece| match piece.atom {
            Atom::Name(names) => names.dimension,
            _ => None,
        })
    });
    let mut named: Vec<String> = named.filter(|name| !is_grain(name)).collect();
    named.dedup();
    let [one] = &named[..] else { return question.to_vec() };
    let start = question[each].start;
    let noun = one.replace('_', " ");
    let mut words = question.to_vec();
    let said: Vec<Token> =
        std::iter::once("each").chain(noun.split(' ')).map(|text| lexicon::word(text, start)).collect();
    // "What was each one's on-time rate over the past 3 months?"
    if word(&words, each + 1) == "one" {
        words.drain(each..each + 3);
        words.push(lexicon::word("for", start));
        words.extend(said);
    } else {
        words.splice(each..each + 3, said);
    }
    words
}

fn covers(rules: &Rules, part: &[Token], now: NaiveDateTime) -> Option<(Vec<Token>, Vec<Piece>)> {
    let rephrased = lexicon::rephrase(part.to_vec());
    let mut covers = lattice::covers(&rephrased, &rules.vocabulary, now);
    (!covers.is_empty()).then(|| (rephrased, covers.swap_remove(0).pieces))
}

/// Whether a clause says that cancelled orders do not count, and nothing else.
fn leaves_cancelled_out(clause: &Clause<'_>) -> bool {
    let words = lexicon::rephrase(clause.tokens.to_vec());
    words.iter().any(|token| token.text == lexicon::KEPT)
        && words
            .iter()
            .all(|token| token.text == lexicon::KEPT || matches!(token.text.as_str(), "please" | "," | "but" | "also"))
}

/// Whether a clause asks for nothing, and names nothing that the query lacks.
///
/// `behind`: it stands behind the question.
fn is_comment(rules: &Rules, clause: &Clause<'_>, query: &SemanticQuery, behind: bool, now: NaiveDateTime) -> bool {
    if leaves_cancelled_out(clause) {
        return true;
    }
    let words = clause.tokens;
    let first = word(words, 0);
    if query.compare.is_some() && words.iter().all(|token| is_one_of(ECHO, &token.text)) {
        return true;
    }
    // "Are we ahead of December? Revenue this month so far vs the same days of last month"
    let ahead = query.compare.is_some() && clause.asks && is_one_of(DOUBTS, first) && words.len() < 9;
    if ahead
        && words.iter().any(|token| is_one_of("ahead behind better worse up down beating growing", &token.text))
        && words.iter().skip(1).all(|token| {
            is_one_of("we it things business ahead behind better worse up down beating growing of than on or the a doing going \
                last this year month week quarter", &token.text)
                || token.text.len() > 2 && crate::brain::rules::time::is_month(&token.text)
        })
    {
        return true;
    }
    // ", just want to see the shape of it", ", just curious"
    let just = first == "just"
        && is_one_of("want wanted curious checking wondering to asking looking interested", word(words, 1));
    // "Night shift here."
    if words.len() <= 4 && words.last().is_some_and(|last| last.text == "here") && !clause.asks {
        return true;
    }
    let orders = (0..words.len()).any(|at| {
        is_one_of(ORDERS, word(words, at)) && (at == 0 || is_one_of("please and , you then but", word(words, at - 1)))
    });
    let says = |list: &str| words.iter().any(|token| is_one_of(list, &token.text));
    let judges = first == "how" && !matches!(word(words, 1), "many" | "much" | "often" | "long" | "old");
    let doubt = clause.asks && (is_one_of(DOUBTS, first) || judges);
    let purpose = matches!(first, "for" | "before" | "because")
        && matches!(word(words, 1), "my" | "our" | "the" | "a" | "his" | "her" | "tomorrow" | "this" | "i" | "we");
    // "it's for slide 4": the tokens have no apostrophe.
    let for_it = matches!(first, "it" | "that" | "this") && word(words, 1) == "for";
    let busy = is_one_of(sentences::BUSY, first);
    let states = just || for_it || busy || !clause.asks && !is_asking(first) && (says(VERBS) || is_told(rules, clause));
    // "Damaged goods: returned units by carrier": a title of what is asked.
    let title = clause.title && words.len() <= 4;
    // "for the fiscal year" says of when; "for my year-end folder" says what for.
    let timed = words.last().is_some_and(|last| {
        is_one_of("day days week weeks month months quarter quarters year years", &last.text) || is_number(&last.text)
    });
    let purpose = purpose && !timed;
    let plain = if just { &words[2..] } else { words };
    let asking = plain.iter().any(|token| is_one_of(ASKING, &token.text));
    if !(doubt || purpose || states || title) || (asking || orders) && !doubt && !busy {
        return false;
    }
    // "I'd like to see the margin for each channel" asks.
    let wants = words.windows(2).any(|pair| {
        pair[0].text == "to" && is_one_of("see know show have compare get check understand", &pair[1].text)
    });
    if wants && !just {
        return false;
    }
    let Some((tokens, pieces)) = covers(rules, plain, now) else { return true };
    let unknown = pieces.iter().any(|piece| piece.atom == Atom::Unknown);
    let speaks = just
        || first == "need"
        || matches!(first, "i" | "im" | "we" | "it" | "that" | "this" | "there" | "they" | "my")
        || purpose;
    // "Zephyr Lamp: units by month" is about what nobody knows.
    if title && unknown && !(doubt || purpose || states) {
        return false;
    }
    if !unknown && !speaks && !busy && !title {
        return false;
    }
    // "Feels like a lot of boxes came back": nouns of a statement that wants nothing.
    let told = states && !says("need needs want wants");
    // "My boss says it was 12": what somebody believes.
    let believed =
        told && says("says said say thinks think thought claims told expected expect believes guess suspect believe");
    pieces.iter().enumerate().all(|(at, piece)| match &piece.atom {
        Atom::Name(_) if told => true,
        Atom::Number { .. } if believed => true,
        // "The auditors come on Friday."
        Atom::Time(_) if told && behind => {
            tokens[piece.from..piece.to].iter().all(|token| is_one_of(WEEKDAYS, &token.text))
        }
        // "I suspect split shipments are eating our margin", "I think it is Furniture."
        Atom::Word(_) | Atom::Values(_) if believed && behind => true,
        _ => adds_nothing(&tokens, &pieces, at, piece, query, purpose, &rules.vocabulary),
    })
}

fn adds_nothing(
    tokens: &[Token],
    pieces: &[Piece],
    at: usize,
    piece: &Piece,
    query: &SemanticQuery,
    purpose: bool,
    vocabulary: &Vocabulary,
) -> bool {
    let before = at.checked_sub(1).map(|before| &pieces[before].atom);
    if piece.note.is_some() {
        return true;
    }
    // "slide 4"
    let numbered = matches!(&piece.atom, Atom::Number { .. } | Atom::Time(_)) && is_number(word(tokens, piece.from));
    if numbered && piece.to == piece.from + 1 && matches!(before, Some(Atom::Unknown)) {
        return true;
    }
    match &piece.atom {
        Atom::Unknown => true,
        Atom::Time(TimeWords::Range(range)) => {
            let now = tokens[piece.from..piece.to].iter().all(|token| {
                is_one_of("this today tomorrow tonight morning afternoon evening noon now right later at soon", &token.text)
            });
            // "before the Monday meeting"; "for the previous fiscal year" is a range that nobody knows.
            let meeting = purpose && tokens[piece.from..piece.to].iter().all(|token| is_one_of(WEEKDAYS, &token.text));
            now || meeting || query.time.as_ref().is_some_and(|own| own.from == range.from && own.to == range.to)
        }
        // "slide 4", "the board at 3"
        Atom::Number { .. } => {
            word(tokens, piece.from) == "one"
                || piece.from > 0 && word(tokens, piece.from - 1) == "at" && piece.to == tokens.len()
        }
        Atom::Values(values) => values.iter().any(|value| {
            let of = |name: &String| *name == value.dimension;
            query.dimensions.iter().any(of)
                || query.filters.iter().any(|filter| filter.values.contains(&value.value))
                || query.sets.iter().flat_map(|set| &set.filters).any(|filter| filter.values.contains(&value.value))
                // "back", "lost": states that the figure is about.
                || query.measures.iter().any(|name| Some(family_of_measure(name)) == family_of_dimension(&value.dimension) && value.dimension.ends_with("status"))
        }),
        Atom::Name(names) => {
            let grain = names.dimension.as_deref().is_some_and(is_grain);
            let measure = names.measure.as_deref().is_none_or(|name| {
                query.measures.iter().any(|own| family_of_measure(own) == family_of_measure(name))
                    || matches!(name, "orders" | "customers" | "products" | "revenue" | "value" | "units_sold")
                    || query.list.is_some()
            });
            let dimension = names.measure.is_some()
                || grain
                || names.dimension.as_deref().is_none_or(|name| {
                    vocabulary.has_dimension(name)
                        && (query.dimensions.iter().any(|own| own.ends_with(name) || name.ends_with(own.as_str()))
                            || query.measures.iter().any(|own| Some(family_of_measure(own)) == family_of_dimension(name)))
                        || matches!(name, "customer" | "order" | "product")
                });
            measure && dimension
        }
        Atom::Word(word) => !matches!(
            word,
            Word::By
                | Word::Per
                | Word::Without
                | Word::No
                | Word::Only
                | Word::Cut(_)
                | Word::Sorted(_)
                | Word::Share
                | Word::Running
                | Word::Compare(_)
                | Word::Grown(_)
                | Word::InsteadOf
        ),
        Atom::Time(_) | Atom::Order(_) | Atom::Contains(_) | Atom::Part(_) => false,
    }
}
