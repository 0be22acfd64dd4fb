//! Words that say nothing only beside what they belong to: "how big" is filler, "big customers" is a condition that nothing
//! came of. Must not pass a word over because it usually means nothing.

use oms_tools::orders::semantic::SemanticQuery;

use crate::brain::rules::lexicon::{Family, family_of_measure};
use crate::brain::rules::tokens::Token;

/// Whether a filler word is one in this question.
pub(super) fn is_idle(query: &SemanticQuery, tokens: &[Token], from: usize, to: usize) -> bool {
    let text = tokens[from].text.as_str();
    let before = from.checked_sub(1).map_or("", |at| tokens[at].text.as_str());
    let after = tokens.get(to).map_or("", |token| token.text.as_str());
    let family = |wanted: Family| {
        let said = query.measures.iter().chain(query.having.iter().map(|one| &one.measure));
        said.chain(query.list.iter().filter_map(|list| list.of.as_ref()))
            .any(|measure| family_of_measure(measure) == wanted)
            || query.list.as_ref().is_some_and(|list| {
                list.entity
                    == match wanted {
                        Family::Orders => "orders",
                        Family::Customers => "customers",
                        Family::Payments => "payments",
                        Family::Shipments => "shipments",
                        Family::Returns => "returns",
                        Family::Stock => "inventory",
                    }
            })
    };
    let filtered = |ending: &str| query.filters.iter().any(|filter| filter.dimension.ends_with(ending));
    match text {
        // "how big", "how good was": the figure itself.
        "big" | "large" | "high" | "good" | "bad" => {
            matches!(before, "how" | "as" | "so" | "very" | "that")
                || matches!(after, "morning" | "afternoon" | "evening" | "day")
        }
        // "new orders today": those that came in the range. Without one, or of what has no such time, it would say something.
        "new" => {
            let comes = matches!(
                tokens.get(to).map(|token| token.stem.as_str()),
                Some("order" | "purchase" | "return" | "refund" | "payment" | "cancellation" | "shipment" | "parcel")
            );
            comes && (query.time.is_some() || query.list.is_some()) && query.sets.is_empty()
        }
        // "here in Lisbon"
        "here" => matches!(after, "in" | "at"),
        "because" | "due" => filtered("_reason"),
        "same" => {
            query.compare.is_some()
                || (before == "the" || from == 0)
                    && matches!(
                        after,
                        "" | "for"
                            | "by"
                            | "in"
                            | "but"
                            | "again"
                            | "thing"
                            | "question"
                            | "per"
                            | "only"
                            | ","
                            | "with"
                            | "figures"
                            | "numbers"
                            | "figure"
                            | "without"
                            | "as"
                            | "split"
                            | "please"
                            | "now"
                            | "on"
                            | "of"
                    )
        }
        "attempt" | "attempts" | "attempted" => family(Family::Payments),
        "record" => false,
        // "gained the most from Q3 to Q4": the change, and the ranking is of the figure itself.
        "gain" | "gained" | "gaining" => {
            query.ranking.is_none() || query.compare.is_none() && family(Family::Customers)
        }
        // "split by how it came": a group that is said in words.
        "how" => before != "by",
        _ => true,
    }
}
