//! How long the rules brain takes to understand a question, and its index to be built, with 10,000 products and 100,000
//! customers in it. No database. Prints one JSON object.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss)] // a measurement for people

use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use oms::brain::rules::Rules;
use oms_tools::orders::semantic::SemanticModel;
use oms_tools::orders::values::{KnownValue, KnownValues};

const QUESTIONS: &str = include_str!("../src/brain/rules/tests/questions.txt");
const PRODUCTS: usize = 10_000;
const CUSTOMERS: usize = 100_000;
const ROUNDS: usize = 5;

/// A name from syllables, another one for each number.
fn name(mut number: usize, parts: usize) -> String {
    const SYLLABLES: [&str; 24] = [
        "ba", "cor", "del", "en", "fi", "gra", "hol", "ing", "ju", "kel", "lo", "mar", "nu", "or", "pe", "quin", "ra",
        "sol", "tu", "ul", "va", "wes", "xi", "zo",
    ];
    let mut words = Vec::new();
    for _ in 0..parts {
        let mut word = String::new();
        for _ in 0..3 {
            word.push_str(SYLLABLES[number % SYLLABLES.len()]);
            number = number / SYLLABLES.len() + 7;
        }
        word[..1].make_ascii_uppercase();
        words.push(word);
    }
    words.join(" ")
}

fn values() -> KnownValues {
    let known = |dimension: &str, value: String, words: &[&str]| KnownValue {
        dimension: dimension.to_owned(),
        value,
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    let mut values: Vec<KnownValue> = (0..PRODUCTS).map(|number| known("product", name(number * 31, 3), &[])).collect();
    values.extend((0..CUSTOMERS).map(|number| known("customer", name(number * 17 + 5, 2), &[])));
    for dimension in ["ship_country", "customer_country"] {
        values.push(known(dimension, "ES".to_owned(), &["Spain", "Spanish"]));
        values.push(known(dimension, "PT".to_owned(), &["Portugal", "Portuguese"]));
    }
    for dimension in ["ship_city", "customer_city"] {
        values.extend(["Lisbon", "Porto", "Madrid"].map(|city| known(dimension, city.to_owned(), &[])));
    }
    KnownValues { values }
}

/// The resident set, MiB.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

fn main() {
    let catalog = SemanticModel::load().unwrap().catalog;
    let values = Arc::new(values());
    let before = resident();
    let started = Instant::now();
    let rules = Rules::new(catalog, values);
    let build = started.elapsed().as_secs_f64();
    let memory = resident() - before;
    let now = NaiveDate::from_ymd_opt(2026, 1, 14).unwrap().and_hms_opt(12, 0, 0).unwrap();
    let questions: Vec<&str> =
        QUESTIONS.lines().filter(|line| !line.is_empty() && !line.starts_with([' ', '#'])).collect();
    let mut taken: Vec<f64> = Vec::new();
    for _ in 0..ROUNDS {
        for question in &questions {
            let started = Instant::now();
            std::hint::black_box(rules.understand(question, now, None));
            taken.push(started.elapsed().as_secs_f64() * 1000.0);
        }
    }
    taken.sort_by(f64::total_cmp);
    let at = |share: usize| taken[(taken.len() * share / 100).min(taken.len() - 1)];
    println!(
        "{{\"questions\": {}, \"median_ms\": {:.3}, \"p99_ms\": {:.3}, \"build_s\": {build:.2}, \"memory_mib\": {memory:.0}}}",
        questions.len(),
        at(50),
        at(99)
    );
}
