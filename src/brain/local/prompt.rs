//! What the embedded model is told: once what never changes, then the question with what is known in it.

use std::fmt::Write;

use oms_tools::orders::semantic::Catalog;
use serde::Deserialize;

use super::super::rules::Links;
use super::verified::Verified;

/// Examples in the model's own form.
const EXAMPLES: &str = include_str!("../../../prompts/orders/examples.yaml");
/// Examples that every question is told.
const ALWAYS: usize = 8;
/// Examples that are most like the question.
const SIMILAR: usize = 2;
/// What examples must share with it at least: a word that few of them have.
const LIKE: f64 = 0.2;

/// One example: a question, and the lines that answer it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Example {
    pub(super) question: String,
    pub(super) answer: String,
}

/// The examples; none where the file is broken, which a test would tell.
pub(super) fn examples() -> Vec<Example> {
    serde_saphyr::from_str(EXAMPLES).unwrap_or_default()
}

/// The same for every question of a catalogue.
pub(super) fn instructions(catalog: &Catalog) -> String {
    let mut text = String::from(
        "You turn a question about a web shop's orders into a query, in lines.\n\
         kind: figures, or unclear (the question can mean several things, or a word is unknown), or outside (it is not \
         about the shop's orders, customers, products, payments, parcels, returns or stock, or wants something changed).\n\
         figures: one measure, rarely more.\n\
         by: what the figures are split by, or nothing.\n\
         A value: only (keep it), without (leave it out), or unused.\n\
         order: highest or lowest first where the question asks for a ranking, else none.\n\nMeasures:\n",
    );
    for measure in catalog.measures_for_models() {
        writeln!(text, "{}: {}", measure.name, measure.definition).ok();
    }
    let names: Vec<&str> = catalog.dimensions_for_models().map(|dimension| dimension.name.as_str()).collect();
    writeln!(text, "\nDimensions: {}\n\nExamples:", names.join(", ")).ok();
    for example in examples().iter().take(ALWAYS) {
        writeln!(text, "\nQuestion: {}\n{}", example.question, example.answer.trim_end()).ok();
    }
    text
}

/// This question, with what is known of its words.
pub(super) fn question(text: &str, links: &Links, verified: &[Verified]) -> String {
    let mut told = String::new();
    for example in similar(text, verified) {
        writeln!(told, "Question: {}\n{}\n", example.question, example.answer.trim_end()).ok();
    }
    let asked: String = text.chars().filter(|letter| !letter.is_control()).collect();
    writeln!(told, "Question: {asked}").ok();
    if !links.names.is_empty() {
        writeln!(told, "(names heard: {})", links.names.join(", ")).ok();
    }
    told
}

/// The examples that share most words with a question, besides those that are always told; what a person verified comes
/// before what only the program's authors thought of.
fn similar(text: &str, verified: &[Verified]) -> Vec<Example> {
    let words = |text: &str| -> Vec<String> {
        text.to_lowercase()
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| word.len() > 2)
            .map(str::to_owned)
            .collect()
    };
    let asked = words(text);
    let known: Vec<Example> =
        verified.iter().rev().filter_map(Verified::example).chain(examples().into_iter().skip(ALWAYS)).collect();
    let of_each: Vec<Vec<String>> = known.iter().map(|example| words(&example.question)).collect();
    // A word says the more of what is alike, the fewer examples have it: "how" says little.
    let weight = |word: &String| {
        let having = of_each.iter().filter(|words| words.contains(word)).count().max(1);
        1.0 / f64::from(u32::try_from(having).unwrap_or(u32::MAX))
    };
    let mut rated: Vec<(f64, Example)> = of_each
        .iter()
        .zip(known)
        .map(|(words, example)| (words.iter().filter(|word| asked.contains(word)).map(weight).sum::<f64>(), example))
        .filter(|(shared, _)| *shared >= LIKE)
        .collect();
    rated.sort_by(|one, other| other.0.total_cmp(&one.0));
    rated.into_iter().take(SIMILAR).map(|(_, example)| example).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use oms_tools::orders::semantic::SemanticQuery;

    use super::*;

    #[test]
    fn what_a_person_verified_is_told_where_it_is_most_like_the_question() {
        let query: SemanticQuery = serde_json::from_value(serde_json::json!({"measures": ["low_stock"]})).unwrap();
        let verified = [Verified { question: "what is about to run dry on our shelves".to_owned(), query }];
        let told = question("which shelves run dry", &Links::default(), &verified);
        assert!(told.contains("about to run dry") && told.contains("figures: low_stock"), "{told}");
        assert!(told.trim_end().ends_with("Question: which shelves run dry"), "{told}");
        assert!(!question("who pays late", &Links::default(), &verified).contains("low_stock"));
    }
}
