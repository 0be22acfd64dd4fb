//! Any text gives an answer: no panic, bounded work, one line.

use super::fixture::{RULES, now};
use crate::brain::rules::Understanding;

fn message(text: &str) -> String {
    match RULES.understand(text, now(), None) {
        Understanding::AskBack { message, .. } => message,
        Understanding::Refuse { reason } => reason,
        other => format!("{other:?}").chars().take(200).collect(),
    }
}

#[test]
fn long_and_odd_texts_get_one_line() {
    let texts = [
        "a".repeat(1 << 20),
        "revenue ".repeat(10_000),
        "by ".repeat(600),
        "((((".repeat(5_000),
        "\0".repeat(100),
        "\u{202e}revenue\u{202c} by country".to_owned(),
        "מכירות לפי מדינה".to_owned(),
        "'\"`".repeat(50),
        "select ".repeat(100_000),
        "between 1 and ".repeat(140),
        "۩".repeat(3000),
        "99999999999999999999999999999999".to_owned(),
        "last 99999 years revenue".to_owned(),
        "revenue 999999 months ago".to_owned(),
        "revenue on 31/31/9999".to_owned(),
        "revenue 0000-00-00".to_owned(),
        "revenue 29 February".to_owned(),
        "e\u{301}".repeat(900),
    ];
    for text in &texts {
        let message = message(text);
        assert!(message.len() < 600 && !message.contains('\n') && !message.contains('\0'), "{message}");
    }
    assert!(message(&texts[0]).contains("too long"));
}

/// Words of the grammar and odd characters in any order, from a fixed linear congruential sequence.
#[test]
fn random_texts_do_not_panic() {
    let parts = [
        "revenue",
        "orders",
        "by",
        "per",
        "top",
        "5",
        "last",
        "month",
        "between",
        "and",
        "without",
        "Spain",
        "%",
        ",",
        "not",
        "vs",
        "than",
        "more",
        "customers",
        "with",
        "never",
        "bought",
        "share",
        "of",
        "average",
        "\u{0}",
        "é",
        "ORD-",
        "03/05/2025",
        "1.",
        "-",
        "2025-13",
        "q9",
        "🇪",
        "order",
        "who",
        "from",
        "to",
        "since",
        "list",
        "the",
        "week",
        "53",
        "of",
        "31",
        "february",
        "only",
        "instead",
        "but",
        "no",
        "stuck",
        "days",
        "ago",
        "half",
        "first",
        "pm",
        "18:00",
        "between",
        "and",
        "midnight",
        "how",
        "many",
        "times",
        "once",
        "compare",
        "record",
        "day",
        "same",
        "each",
        "including",
        "cancelled",
        "as well",
        "pymnts",
        "chan",
    ];
    let mut state: u64 = 42;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let frame = super::questions::read("revenue by country last month", None);
    for round in 0..3_000 {
        let text = if round % 3 == 0 {
            let bytes: Vec<u8> = (0..draw(60)).map(|_| u8::try_from(draw(256)).unwrap()).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        } else {
            (0..draw(12)).map(|_| parts[draw(parts.len())]).collect::<Vec<_>>().join(" ")
        };
        let one = RULES.understand(&text, now(), Some(&frame));
        assert_eq!(one, RULES.understand(&text, now(), Some(&frame)), "{text}");
    }
}
