//! Several questions in one message, "orders last week and returns this month": one is answered at a time, so which one is asked
//! back with each of them as a reading. Must not take apart what is one question.

use chrono::NaiveDateTime;
use oms_tools::orders::semantic::SemanticQuery;

use super::tokens::Token;
use super::{Rules, Understanding, wording};

/// The most questions that are told apart.
const MOST: usize = 3;
/// Words of a message that is taken apart: each cut is read by itself, and a longer one has too many.
const LONGEST: usize = 60;
/// Words that join two questions.
const JOINING: [&str; 6] = ["and", ",", "plus", "then", "also", "&"];

/// Asks which of several questions is meant; `None` where the words are not several whole questions.
pub(super) fn ask(rules: &Rules, text: &str, tokens: &[Token], now: NaiveDateTime) -> Option<Understanding> {
    if tokens.len() > LONGEST {
        return None;
    }
    let mut readings = questions(rules, text, tokens, now, MOST)?;
    if readings.len() < 2 {
        return None;
    }
    // "orders in Spain and revenue in Portugal last month": a range at the end is of both.
    if let Some((last, others)) = readings.split_last_mut()
        && others.iter().all(|query| query.time.is_none() && query.order_number.is_none())
    {
        for query in others {
            query.time.clone_from(&last.time);
        }
    }
    let choices = readings.iter().map(|query| wording::plain(query, &rules.vocabulary)).collect();
    Some(Understanding::AskBack {
        message: "I answer one question at a time: which one first?".to_owned(),
        choices,
        readings,
    })
}

/// The questions that a message consists of, each whole; `None` where it is not made of such.
fn questions(
    rules: &Rules,
    text: &str,
    tokens: &[Token],
    now: NaiveDateTime,
    most: usize,
) -> Option<Vec<SemanticQuery>> {
    if let Some(query) = whole(rules, tokens, now) {
        return Some(vec![query]);
    }
    if most < 2 {
        return None;
    }
    for at in 2..tokens.len().saturating_sub(1) {
        let joined = JOINING.contains(&tokens[at].text.as_str());
        let sentence = text
            .get(tokens[at - 1].start..tokens[at].start)
            .is_some_and(|between| between.trim_end().ends_with(['?', '!', '.', ':', '\n']));
        if !joined && !sentence {
            continue;
        }
        let mut rest = &tokens[at..];
        while rest.first().is_some_and(|token| JOINING.contains(&token.text.as_str())) {
            rest = &rest[1..];
        }
        let Some(first) = whole(rules, &tokens[..at], now).filter(|_| rest.len() > 1) else { continue };
        if let Some(others) = questions(rules, text, rest, now, most - 1)
            && others.iter().all(|other| *other != first)
        {
            return Some(std::iter::once(first).chain(others).collect());
        }
    }
    None
}

/// A question that names its own figure, rows or order: no end of the one before it.
fn whole(rules: &Rules, tokens: &[Token], now: NaiveDateTime) -> Option<SemanticQuery> {
    match rules.sentence(tokens, now, None, false) {
        Understanding::Query { query, confidence, .. } if confidence > 0.8 => Some(*query),
        _ => None,
    }
}
