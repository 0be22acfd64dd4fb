//! The rules brain on any text: it neither panics nor runs on, says the same to the same words, and what it says is short.
//!
//! The first line is a question of its own, the rest an addition to a conversation. Whatever is understood is planned too:
//! a plan may be refused, but it is no panic either.

#![no_main]

use std::sync::{Arc, LazyLock};

use chrono::NaiveDateTime;
use libfuzzer_sys::fuzz_target;
use oms::brain::rules::{Rules, Understanding};
use oms_tools::orders::{
    PersonalColumns, SemanticModel, SemanticQuery,
    values::{KnownValue, KnownValues},
};

/// The most bytes of an answer, as its debug text: notes and choices repeat a question's words a few times at most.
const LONGEST_ANSWER: usize = 256 << 10;

/// Values as a shop has them: near to each other, in two columns, with signs and letters of several languages.
const VALUES: [(&str, &[&str]); 9] = [
    ("ship_country", &["ES", "PT", "DE", "FR", "IT", "IE"]),
    ("customer_country", &["ES", "PT", "DE", "FR", "IT", "IE"]),
    ("ship_city", &["Lisbon", "Porto", "Madrid", "Berlin", "São Paulo", "München"]),
    ("customer_city", &["Lisbon", "Porto", "Madrid", "Berlin", "São Paulo", "München"]),
    ("brand", &["Nordvik", "Acme", "Lumina", "O'Neill"]),
    ("category", &["Home & Kitchen", "Toys", "Electronics", "Garden"]),
    ("carrier", &["DHL", "UPS", "GLS"]),
    ("customer", &["Ana Silva", "Conor O'Brien", "Jürgen Groß", "May March"]),
    ("product", &["Espresso Machine", "Garden Chair 50%", "Toy Train Set of 3"]),
];

struct Subject {
    rules: Rules,
    model: Arc<SemanticModel>,
    now: NaiveDateTime,
    frame: SemanticQuery,
}

static SUBJECT: LazyLock<Subject> = LazyLock::new(|| {
    let model = Arc::new(SemanticModel::load().expect("the compiled catalogue is right"));
    let values = VALUES
        .iter()
        .flat_map(|(dimension, values)| values.iter().map(move |value| (dimension, value)))
        .map(|(dimension, value)| KnownValue {
            dimension: (*dimension).to_owned(),
            value: (*value).to_owned(),
            words: if dimension.ends_with("country") { model.country_words(value) } else { Vec::new() },
        })
        .collect();
    Subject {
        rules: Rules::new(model.catalog.clone(), Arc::new(KnownValues { values })),
        now: "2026-01-14T12:00:00".parse().expect("an instant"),
        frame: SemanticQuery {
            measures: vec!["revenue".to_owned()],
            dimensions: vec!["ship_country".to_owned(), "month".to_owned()],
            ..SemanticQuery::default()
        },
        model,
    }
});

fn check(text: &str, frame: Option<&SemanticQuery>) {
    let Subject { rules, model, now, .. } = &*SUBJECT;
    let understood = rules.understand(text, *now, frame);
    assert_eq!(understood, rules.understand(text, *now, frame), "the same words, two readings");
    let said = format!("{understood:?}").len();
    assert!(said <= LONGEST_ANSWER, "{said} bytes of answer to {} bytes", text.len());
    let readings: Vec<&SemanticQuery> = match &understood {
        Understanding::Query { query, .. } => vec![query],
        Understanding::AskBack { readings, .. } => readings.iter().collect(),
        _ => Vec::new(),
    };
    for reading in readings {
        let planned = model.plan(reading, *now, &PersonalColumns::default());
        assert_eq!(planned, model.plan(reading, *now, &PersonalColumns::default()), "one query, two plans");
    }
}

fuzz_target!(|text: &str| {
    check(text, None);
    let addition = text.split_once('\n').map_or(text, |(_, rest)| rest);
    check(addition, Some(&SUBJECT.frame));
});
