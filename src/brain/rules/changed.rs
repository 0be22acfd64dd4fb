//! Rankings by a change and conditions on one: "which category grew most", "the brands that fell by more than 10 %". Must not rank
//! what is not compared.

use oms_tools::Unit;
use oms_tools::orders::semantic::query::{Change, Direction, FilterOp, MeasureFilter};

use super::assemble::{Draft, Problem};
use super::finish::is_grain;
use super::lexicon::Grown;
use super::ranking::ADVERSE;
use super::tokens::{Token, is_one_of};
use super::vocabulary::Vocabulary;

const RISES: &str = "grew grow grows growing grown growth rose rise risen rising increased increase improved improve climbed jumped jump change changed \
    added gained uplift";
const FALLS: &str =
    "fell fall fallen dropped drop declined decline shrank shrink shrunk decreased decrease lost losing";

fn says(tokens: &[Token], words: &str) -> bool {
    tokens.iter().any(|token| is_one_of(words, &token.text))
}

/// Ranks by the change where it is what the words rank.
pub(super) fn rank(draft: &mut Draft, tokens: &[Token]) {
    let query = &mut draft.query;
    let along = query.dimensions.iter().any(|name| is_grain(name));
    let (rises, falls) = (says(tokens, RISES), says(tokens, FALLS));
    let Some(ranking) = query.ranking.as_mut().filter(|ranking| ranking.limit.is_some() && !ranking.together) else {
        return;
    };
    if along || query.compare.is_none() || query.count_of.is_some() || !(rises || falls) {
        return;
    }
    let percent = says(tokens, "percent % percentage fastest quickest rate proportionally relatively");
    ranking.change = Some(if percent { Change::Percent } else { Change::Difference });
    // The biggest fall is the lowest change.
    if falls && !rises && ranking.direction == Direction::Top {
        ranking.direction = Direction::Bottom;
    }
}

/// "that fell by more than 10 %": a condition on the change of the one figure that is asked for, before it is known what it is
/// against. Where none is named it is what sells: revenue, or units of goods that are sold.
pub(super) fn condition(draft: &mut Draft, tokens: &[Token], vocabulary: &Vocabulary) -> Result<(), Problem> {
    let Some(how) = draft.grown else { return Ok(()) };
    let sold = tokens.iter().any(|token| matches!(token.text.as_str(), "sold" | "sell"));
    let query = &mut draft.query;
    // "customers who bought more than in 2024": what they bought; "how many customers spent less" counts them.
    let people = matches!(&query.measures[..], [one] if one == "customers") && query.dimensions.is_empty();
    if people && (draft.bought || draft.weak.is_some()) {
        query.measures = vec![draft.weak.take().unwrap_or("revenue").to_owned()];
        if draft.how_many {
            draft.how_many = false;
            draft.count = Some("customer".to_owned());
        } else {
            query.dimensions.push("customer".to_owned());
        }
    }
    if query.measures.is_empty() {
        let of_goods = |name: &String| matches!(name.as_str(), "product" | "brand" | "category" | "sku");
        let sells = |name: &String| {
            of_goods(name)
                || is_grain(name)
                || matches!(
                    name.as_str(),
                    "ship_country"
                        | "ship_city"
                        | "channel"
                        | "customer"
                        | "customer_segment"
                        | "customer_country"
                        | "customer_city"
                )
        };
        let mut groups = query.dimensions.iter().chain(&draft.count);
        let measure = if sold && groups.clone().any(of_goods) {
            "units_sold"
        } else if let Some(weak) = draft.weak {
            weak
        } else if groups.all(sells) {
            draft.notes.push("took the change as that of revenue".to_owned());
            "revenue"
        } else {
            return Err(Problem::new("which figure is it that changed so?"));
        };
        query.measures.push(measure.to_owned());
        draft.weak = None;
    }
    if query.dimensions.is_empty() && draft.count.is_none() {
        return Err(Problem::new(
            "what is it that changed so? Name the groups: categories, countries, customers, months",
        ));
    }
    let [measure] = &query.measures[..] else {
        return Err(Problem::new("which of these figures is it that changed so? Ask for one of them"));
    };
    let worse_is_more = ADVERSE.contains(&measure.as_str());
    let rose = match how {
        Grown::Rose => true,
        Grown::Fell => false,
        Grown::Improved => !worse_is_more,
        Grown::Worsened => worse_is_more,
    };
    let (op, values, percent) = draft.grown_by.take().unwrap_or((FilterOp::Above, vec!["0".to_owned()], false));
    if percent && vocabulary.unit(measure) == Some(Unit::Percent) {
        return Err(Problem::new(format!(
            "{} is a rate: is its change meant in percent of what it was, or in percentage points? Ask for its growth by group",
            measure.replace('_', " ")
        )));
    }
    // To grow by less than 5 % is to grow.
    let (op, values) = match (op, &values[..]) {
        (FilterOp::Below | FilterOp::AtMost, [most]) => (FilterOp::Between, vec!["0".to_owned(), most.clone()]),
        _ => (op, values),
    };
    let (op, values) = if rose { (op, values) } else { fallen(op, &values) };
    let change = if percent { Change::Percent } else { Change::Difference };
    let measure = measure.clone();
    query.having.push(MeasureFilter { measure, op, values, of_total: false, of_change: Some(change) });
    draft.bought = false;
    Ok(())
}

/// What a condition on a change cannot stand beside.
pub(super) fn check(draft: &Draft) -> Result<(), Problem> {
    let query = &draft.query;
    if query.compare.is_some() && query.having.iter().any(|filter| filter.of_total) {
        return Err(Problem::new(
            "is that percentage one of the total, or of the change? Say \"that grew by more than 20 %\"",
        ));
    }
    let Some(filter) = query.having.iter().find(|filter| filter.of_change.is_some()) else { return Ok(()) };
    let groups = !query.dimensions.is_empty() || query.count_of.is_some();
    let shares = query.share.is_some() && query.count_of.is_none();
    if !groups || !query.measures.contains(&filter.measure) {
        return Err(Problem::new(
            "what is it that changed so? Name the groups: categories, countries, customers, months",
        ));
    }
    if shares || query.average_per.is_some() || query.running_total || query.statistic.is_some() {
        return Err(Problem::new("I can tell which groups' figures changed so, but not their shares, means or totals"));
    }
    Ok(())
}

/// A bound on how much a figure fell as one on its change: to fall by more than 10 is to change by less than -10.
fn fallen(op: FilterOp, values: &[String]) -> (FilterOp, Vec<String>) {
    let op = match op {
        FilterOp::Above => FilterOp::Below,
        FilterOp::AtLeast => FilterOp::AtMost,
        other => other,
    };
    let minus = |value: &String| if value == "0" { value.clone() } else { format!("-{value}") };
    (op, values.iter().rev().map(minus).collect())
}
