//! Medians and percentiles: of the rows behind an average, or of groups' figures.

use oms_tools::orders::semantic::query::Statistic;

use super::assemble::{Draft, Problem};
use super::tokens::Token;

/// Measures that are averages of single rows' figures, of which a median can be taken.
const OF_ROWS: [&str; 9] = [
    "average_order_value",
    "average_billed_amount",
    "average_refund",
    "average_payment",
    "average_price",
    "average_days_late",
    "transit_time",
    "fulfilment_time",
    "order_to_door_time",
];
/// Sums, and the average of the rows that they are of: "median refund".
const AVERAGE_OF: [(&str, &str); 3] =
    [("billed_amount", "average_billed_amount"), ("refunds", "average_refund"), ("payment_amounts", "average_payment")];

/// The statistic that words name: "median", "90th percentile".
pub(super) fn named(words: &str) -> Result<Statistic, Problem> {
    if words.to_lowercase().contains("median") {
        return Ok(Statistic::Median);
    }
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    match digits.parse() {
        Ok(percent @ 1..=99) => Ok(Statistic::Percentile(percent)),
        _ => {
            Err(Problem::new(format!("which percentile is meant by `{words}`? Say \"90th percentile\", from 1 to 99")))
        }
    }
}

/// "Median order value": the value of an order is the row behind the average order value.
pub(super) fn of_orders(draft: &mut Draft, tokens: &[Token]) {
    let value = tokens.windows(2).any(|pair| {
        matches!(
            (pair[0].stem.as_str(), pair[1].stem.as_str()),
            ("order" | "basket", "value" | "size") | ("item", "total")
        )
    });
    // "of VIP customers": who, no figure.
    let people = draft.query.measures == ["customers"] && !draft.how_many;
    if value && (people || draft.query.measures.is_empty() || draft.query.measures == ["orders"]) {
        draft.query.measures = vec!["average_order_value".to_owned()];
        draft.query.dimensions.retain(|name| name != "order_value");
    }
}

/// Takes the statistic of the draft's one measure instead of its average; asks of what where that is not said.
pub(super) fn take(draft: &mut Draft, statistic: Statistic, words: &str) -> Result<(), Problem> {
    let query = &mut draft.query;
    let [measure] = query.measures.as_slice() else {
        return Err(Problem::new(format!("the {words} of which figure? Name one, such as \"{words} order value\"")));
    };
    let single = query.average_per.as_deref().is_none_or(|per| per == "order")
        && !query.dimensions.iter().any(|name| name == "customer");
    let of_one = AVERAGE_OF.iter().find(|(sum, _)| sum == measure).filter(|_| single);
    if let Some((_, average)) = of_one {
        query.measures = vec![(*average).to_owned()];
        query.average_per = None;
    }
    let [measure] = query.measures.as_slice() else { return Ok(()) };
    let of_rows = OF_ROWS.contains(&measure.as_str());
    // "the median customer spends": the customers are what is put in order, not what is split by.
    if !of_rows && query.average_per.is_none() && query.dimensions == ["customer"] && query.ranking.is_none() {
        query.average_per = query.dimensions.pop();
    }
    if query.list.is_some() || of_rows == query.average_per.is_some() {
        let measure = measure.replace('_', " ");
        return Err(Problem {
            ruled_out: false,
            message: format!("the {words} {measure} of what? I take it of single orders and parcels, or per group"),
            choices: vec![
                format!("{words} order value"),
                format!("{words} transit time by carrier"),
                format!("{words} revenue per customer"),
            ],
        });
    }
    query.statistic = Some(statistic);
    Ok(())
}

/// "average billed amount per day": a mean of the days' sums, where "by day" splits the average of the rows.
pub(super) fn mean_of_sums(draft: &mut Draft, tokens: &[Token]) {
    // "average payment per day" is of money, "average payments per day" of attempts.
    let one = tokens.windows(2).any(|pair| pair[0].text == "average" && pair[1].text == "payment");
    let query = &mut draft.query;
    if one && query.measures == ["payment_attempts"] && query.average_per.is_some() && !draft.how_many {
        query.measures = vec!["payment_amounts".to_owned()];
    }
    let ([measure], [grain]) = (&query.measures[..], &query.dimensions[..]) else { return };
    let Some((sum, _)) = AVERAGE_OF.iter().find(|(_, average)| average == measure) else { return };
    let per = tokens.windows(2).any(|pair| {
        matches!(pair[0].text.as_str(), "per" | "a" | "each" | "every")
            && (pair[1].stem == *grain || pair[1].text == *grain)
    });
    if per && matches!(grain.as_str(), "day" | "week" | "month" | "quarter" | "year") && draft.rank.is_none() {
        query.measures = vec![(*sum).to_owned()];
        query.average_per = query.dimensions.pop();
        draft.each.clear();
    }
}
