//! What a sentence does to the conversation before it is read: corrects the last question, or leaves it behind. Must not
//! interpret the rest.

use super::tokens::Token;

/// How a sentence begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lead {
    /// Tokens that only lead in.
    pub(super) length: usize,
    /// "no, I meant ...": what follows replaces what was said.
    pub(super) corrects: bool,
    /// "forget that": the last question no longer counts.
    pub(super) resets: bool,
}

const RESETS: [&[&str]; 15] = [
    &["forget", "that"],
    &["forget", "it"],
    &["forget", "this"],
    &["forget", "about", "that"],
    &["forget", "everything"],
    &["new", "question"],
    &["new", "topic"],
    &["another", "question"],
    &["different", "question"],
    &["different", "topic"],
    &["start", "over"],
    &["never", "mind"],
    &["nevermind"],
    &["something", "else"],
    &["let", "us", "start", "over"],
];
/// Words that only answer what was said before: "fine. sales yesterday then".
const ANSWERS: [&[&str]; 8] = [
    &["fine"],
    &["alright"],
    &["all", "right"],
    &["right", ","],
    &["great"],
    &["perfect"],
    &["got", "it"],
    &["understood"],
];
const CORRECTS: [&[&str]; 21] = [
    &["sry", "meant"],
    &["sry"],
    &["no", "sorry"],
    &["scratch", "that"],
    &["i", "meant", "to", "say"],
    &["i", "meant"],
    &["i", "mean"],
    &["i", "wanted"],
    &["i", "said"],
    &["meant"],
    &["sorry"],
    &["oops"],
    &["wait"],
    &["actually"],
    &["correction"],
    &["make", "that"],
    &["make", "it"],
    &["not", "that"],
    &["wrong"],
    &["rather"],
    &["that", "should", "be"],
];

/// The lead of a sentence.
pub(super) fn lead(tokens: &[Token]) -> Lead {
    let words: Vec<&str> = tokens.iter().take(16).map(|token| token.text.as_str()).collect();
    let mut lead = Lead::default();
    loop {
        let rest = &words[lead.length.min(words.len())..];
        if let Some(phrase) = RESETS.iter().find(|phrase| rest.starts_with(phrase)) {
            lead.length += phrase.len();
            lead.resets = true;
        } else if let Some(phrase) = CORRECTS.iter().find(|phrase| {
            rest.starts_with(phrase) && (**phrase != ["wrong"] || rest.get(1).is_none_or(|next| *next == ","))
        }) {
            lead.length += phrase.len();
            lead.corrects = true;
        } else if matches!(rest, ["no" | "nope" | "nah", ",", ..])
            || matches!(rest, ["no" | "nope" | "nah", next, ..] if matches!(*next, "i" | "sorry" | "wait" | "actually" | "not"))
        {
            lead.length += 1;
            lead.corrects = true;
        } else if let Some(phrase) =
            ANSWERS.iter().find(|phrase| rest.starts_with(phrase) && rest.len() > phrase.len() + 1)
        {
            lead.length += phrase.len();
        } else if rest.first() == Some(&",") && lead.length > 0 {
            lead.length += 1;
        } else {
            return lead;
        }
    }
}

/// How many tokens at the end say that what is before them corrects the last question: "the available stock, I mean".
pub(super) fn tail(tokens: &[Token]) -> usize {
    let ends = tokens.len() > 2
        && tokens[tokens.len() - 2].text == "i"
        && matches!(tokens[tokens.len() - 1].text.as_str(), "mean" | "meant");
    let comma = tokens.len() > 3 && tokens[tokens.len() - 3].text == ",";
    if ends { 2 + usize::from(comma) } else { 0 }
}
