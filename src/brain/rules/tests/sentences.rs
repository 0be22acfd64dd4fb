//! Messages of several sentences, and how rows are to be ordered.

use super::fixture::{RULES, now};
use super::questions::read;
use crate::brain::rules::Understanding;

/// Each message means what the plain question beside it does, and says what of it was left out or taken as something else.
#[test]
fn what_stands_beside_a_question_is_told_and_changes_nothing() {
    for (message, plain) in [
        (
            "The figures for Portugal look low to me. What were the monthly sales there in 2025?",
            "monthly sales in Portugal in 2025",
        ),
        ("Finance asked me about cancellations. How many did we have in Q4?", "how many cancellations in Q4"),
        (
            "Something odd happened with refunds in November. Show me refunds per day for that month.",
            "refunds per day in November",
        ),
        ("Maria Silva claims to be a regular. How many orders are there?", "how many orders for Maria Silva"),
        ("Loyalty check for 2025: repeat rate per customer segment", "repeat rate per customer segment in 2025"),
        (
            "We plan posters in Portugal. Which 3 cities there brought the most revenue last quarter?",
            "which 3 cities in Portugal brought the most revenue last quarter",
        ),
        ("Sales look weird. Can you check revenue by day last week please?", "revenue by day last week"),
        (
            "I'm preparing slides for the bank. Could you give me revenue by country in 2025?",
            "revenue by country in 2025",
        ),
        (
            "revenue by country in 2025. The last table was full of nonsense, so I don't trust it.",
            "revenue by country in 2025",
        ),
        (
            "We renegotiated with our carriers in June. Average transit time by month since June, so I can see whether that's true",
            "average transit time by month since June",
        ),
        (
            "We depend too much on Nordvik. What share of revenue in 2025 came from them?",
            "what share of revenue in 2025 came from Nordvik?",
        ),
        (
            "There's a recall on Nordvik Kettle 2L. Who bought it in the last 30 days?",
            "who bought Nordvik Kettle 2L in the last 30 days",
        ),
        (
            "I'm placing an order with Acme this afternoon. Their five best selling products in 2025?",
            "Acme five best selling products in 2025",
        ),
        (
            "I'm closing the books for the fourth quarter of 2025 and need the refunds",
            "refunds in the fourth quarter of 2025",
        ),
    ] {
        let Understanding::Query { query, notes, confidence } = RULES.understand(message, now(), None) else {
            panic!("`{message}` gave {:?}", RULES.understand(message, now(), None));
        };
        let (mut found, mut expected) = (*query, read(plain, None));
        for query in [&mut found, &mut expected] {
            query.time.iter_mut().for_each(|time| time.label.clear());
        }
        assert_eq!(found, expected, "{message}");
        assert!(
            confidence < 0.9 && notes.iter().any(|note| note.starts_with("left out as beside the point")),
            "{notes:?}"
        );
    }
}

/// A sentence that might change the question is never left out.
#[test]
fn a_sentence_that_may_matter_is_no_comment() {
    for message in [
        "revenue in 2025. I want it without the gifts.",
        "revenue in 2025. My boss needs it per warehouse floor.",
        "revenue in 2025. It has to be net of vouchers.",
        "revenue in 2025. It leaves out vouchers.",
        "The new depot opened in May. How many parcels left from there in 2025?",
        "We hired new drivers. How many parcels did they deliver in 2025?",
        "The new supplier called. How many of their products did we sell in 2025?",
        "I'm meeting the people of Acme. How many units did we sell in 2025?",
        "We lost Acme and Nordvik to a rival. What was their revenue in 2025?",
        "Our Spanish colleagues are unhappy. Revenue in 2025?",
        "We had a fair in March. Revenue by country?",
        "We had 12 stands at the fair. Revenue by country in 2025?",
    ] {
        let found = RULES.understand(message, now(), None);
        // A range that the sentence before is about may be taken, and is told.
        let told = matches!(&found, Understanding::Query { notes, .. } if notes.iter().any(|note| note.starts_with("took \"")));
        assert!(told || !matches!(found, Understanding::Query { .. }), "`{message}` gave {found:?}");
    }
}

#[test]
fn rows_are_ordered_however_it_is_said() {
    for (said, plain) in [
        ("on-time rate by carrier in 2025, worst one first", "on-time rate by carrier in 2025, worst first"),
        ("returns by reason in 2025, most frequent first", "returns by reason in 2025, highest first"),
        ("revenue by country in 2025, highest at the top please", "revenue by country in 2025, highest first"),
        ("revenue by country in 2025, starting with the smallest", "revenue by country in 2025, lowest first"),
        ("revenue by country in 2025 from best to worst", "revenue by country in 2025, best first"),
        ("revenue by country in 2025, low to high", "revenue by country in 2025, lowest first"),
    ] {
        let (found, expected) = (read(said, None), read(plain, None));
        assert_eq!(found, expected, "{said}");
        assert!(found.ranking.as_ref().is_some_and(|ranking| ranking.limit.is_none()), "{said}: {:?}", found.ranking);
    }
}
