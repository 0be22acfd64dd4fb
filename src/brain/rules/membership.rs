//! Who has a row in every one of several units of time, who has one in one place alone, and what else is in the orders that hold
//! something: sets that are said by their whole. Must not take "each month" for all of them where a row of each is meant.

use chrono::{Months, NaiveDateTime, TimeDelta};
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Direction, Filter, FilterOp, SetFilter, TimeRange, TimeUnit};

use super::assemble::{Draft, Problem, Rank};
use super::grouping::{GOODS, set};
use super::tokens::{Token, is_one_of, text};

/// The most units that are asked one by one.
const MOST_UNITS: usize = 12;
/// Words between "every" and the unit: "each one of the last four quarters".
const BETWEEN: &str = "single one of the last past these those our";
/// Verbs of buying, which a cancelled order is not.
const BOUGHT: &str = "bought buy buys buying buyer buyers purchased purchase shopped shop spent active";
/// Verbs of ordering: the glossary counts orders whatever became of them.
const ORDERED: &str = "ordered order orders ordering placed";

/// Settles what is asked of a whole.
pub(super) fn settle(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    in_every_unit(draft, tokens)?;
    only_there(draft, tokens);
    bought_together(draft, tokens);
    let together = tokens.windows(2).any(|pair| pair[0].text == "bought" && pair[1].text == "together");
    if together && draft.query.sets.is_empty() {
        return Err(Problem::new("bought together with what? Name one product, brand or category that is sold here"));
    }
    Ok(())
}

/// Whether a query's sets are one for each unit of a range, one after the other from its begin to its end.
pub(super) fn covers(query: &SemanticQuery, range: &TimeRange) -> bool {
    let times: Option<Vec<&TimeRange>> = query.sets.iter().map(|set| set.time.as_ref()).collect();
    let Some(times) = times.filter(|times| times.len() > 1) else { return false };
    times.first().is_some_and(|first| first.from == range.from)
        && times.last().is_some_and(|last| last.to == range.to)
        && times.windows(2).all(|pair| pair[0].to == pair[1].from)
}

/// The unit of "in every month", "in all four quarters", "in each of the last 3 months"; the word is told too.
fn every(tokens: &[Token]) -> Option<(&'static str, TimeUnit)> {
    (1..tokens.len()).find_map(|at| {
        let all = ["every", "each", "all"].into_iter().find(|word| text(tokens, at) == *word)?;
        if !matches!(text(tokens, at - 1), "in" | "during" | "within" | "on") {
            return None;
        }
        let noun = (at + 1..tokens.len().min(at + 6)).find(|place| {
            let idle =
                is_one_of(BETWEEN, text(tokens, *place)) || super::numbers::small(&[text(tokens, *place)]).is_some();
            !idle && !text(tokens, *place).bytes().all(|byte| byte.is_ascii_digit())
        })?;
        let unit = match tokens[noun].stem.as_str() {
            "week" => TimeUnit::Week,
            "month" => TimeUnit::Month,
            "quarter" => TimeUnit::Quarter,
            "year" => TimeUnit::Year,
            _ => return None,
        };
        let whole = all != "each" || noun > at + 1;
        whole.then_some((all, unit))
    })
}

/// "who ordered in every month of 2025": an order in each of them.
fn in_every_unit(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    let query = &draft.query;
    let Some((word, unit)) = every(tokens) else { return Ok(()) };
    let who = query.measures.iter().all(|name| matches!(name.as_str(), "customers" | "buyers" | "orders"))
        && (query.dimensions.iter().any(|name| name == "customer")
            || query.measures.iter().any(|name| matches!(name.as_str(), "customers" | "buyers")));
    let Some(what) = rows_of(tokens) else { return Ok(()) };
    // "customers who bought in each of the last 3 months" are some of them; how many bought in each is a row of each.
    let rows = word == "each" && draft.how_many;
    let plain = query.having.is_empty() && query.sets.is_empty() && draft.rank.is_none() && query.compare.is_none();
    if !who || rows || !plain || draft.average || draft.share {
        return Ok(());
    }
    let Some(units) = query.time.as_ref().and_then(|time| units(time, unit)) else {
        return Err(Problem::new(format!(
            "in every one of which? Name a range that is made of 2 to {MOST_UNITS} of them, such as \"in every quarter of 2025\""
        )));
    };
    let goods: Vec<Filter> =
        draft.query.filters.iter().filter(|filter| GOODS.contains(&filter.dimension.as_str())).cloned().collect();
    let query = &mut draft.query;
    query.filters.retain(|filter| !GOODS.contains(&filter.dimension.as_str()));
    query.time = None;
    query.sets = units.into_iter().map(|time| set("customer", what, true, Some(time), goods.clone())).collect();
    let counted = draft.how_many || !draft.list && !draft.which && !draft.who;
    query.dimensions.clear();
    query.measures = if counted { vec!["customers".to_owned()] } else { Vec::new() };
    draft.each.clear();
    draft.bought = false;
    draft.weak = None;
    Ok(())
}

/// What each unit must hold: orders that were not cancelled where something was bought, any order where it was ordered.
fn rows_of(tokens: &[Token]) -> Option<&'static str> {
    let says = |words: &str| tokens.iter().any(|token| is_one_of(words, &token.text));
    match (says(BOUGHT), says(ORDERED)) {
        (true, _) => Some("orders"),
        (false, true) => Some("any_orders"),
        (false, false) => None,
    }
}

/// The units that a range is made of, 2 to [`MOST_UNITS`]; the last may be running.
fn units(range: &TimeRange, unit: TimeUnit) -> Option<Vec<TimeRange>> {
    let (mut from, to) = (range.from?, range.to?);
    let mut found = Vec::new();
    while from < to {
        let end = after(from, unit)?;
        if found.len() == MOST_UNITS || end > to && !range.running {
            return None;
        }
        let running = end > to;
        let label = match unit {
            TimeUnit::Quarter => {
                format!("Q{} {}", from.format("%m").to_string().parse::<u32>().ok()?.div_ceil(3), from.format("%Y"))
            }
            TimeUnit::Year => from.format("%Y").to_string(),
            TimeUnit::Month => from.format("%B %Y").to_string(),
            _ => from.format("week from %Y-%m-%d").to_string(),
        };
        found.push(TimeRange { from: Some(from), to: Some(end.min(to)), label, unit: Some(unit), running });
        from = end;
    }
    (found.len() > 1).then_some(found)
}

fn after(from: NaiveDateTime, unit: TimeUnit) -> Option<NaiveDateTime> {
    match unit {
        TimeUnit::Week => from.checked_add_signed(TimeDelta::days(7)),
        TimeUnit::Month => from.checked_add_months(Months::new(1)),
        TimeUnit::Quarter => from.checked_add_months(Months::new(3)),
        TimeUnit::Year => from.checked_add_months(Months::new(12)),
        _ => None,
    }
}

/// "customers who only ever ordered through the marketplace": there, and nowhere else.
fn only_there(draft: &mut Draft, tokens: &[Token]) {
    let query = &draft.query;
    let buys = |at: usize| is_one_of(BOUGHT, text(tokens, at)) || is_one_of(ORDERED, text(tokens, at));
    let only = (0..tokens.len()).any(|at| {
        text(tokens, at) == "only"
            && (1..4).any(|ahead| {
                buys(at + ahead) && (1..ahead).all(|place| is_one_of("ever have has", text(tokens, at + place)))
            })
    });
    let people = query.measures.iter().all(|name| matches!(name.as_str(), "buyers" | "customers"))
        && (!query.measures.is_empty() || query.dimensions == ["customer"] || draft.who);
    let plain =
        query.having.is_empty() && query.sets.is_empty() && draft.rank.is_none() && !draft.share && !draft.average;
    let place = |filter: &Filter| {
        filter.op == FilterOp::In
            && (matches!(filter.dimension.as_str(), "channel" | "ship_country" | "ship_city")
                || GOODS.contains(&filter.dimension.as_str()))
    };
    let mut places = query.filters.iter().enumerate().filter(|(_, filter)| place(filter));
    let (Some((at, _)), None, true) = (places.next(), places.next(), only && people && plain) else { return };
    let what = rows_of(tokens).unwrap_or("orders");
    let query = &mut draft.query;
    let there = query.filters.remove(at);
    let elsewhere = Filter { op: FilterOp::NotIn, ..there.clone() };
    let time = query.time.take();
    query.sets = vec![
        set("customer", what, true, time.clone(), vec![there]),
        set("customer", what, false, time, vec![elsewhere]),
    ];
    let counted = draft.how_many || !query.measures.is_empty() && !draft.list && !draft.which && !draft.who;
    query.dimensions.retain(|name| name != "customer");
    query.measures = if counted { vec!["customers".to_owned()] } else { Vec::new() };
    draft.bought = false;
    draft.weak = None;
    draft.only = false;
}

/// "which products are bought together with Kettle": those of the other lines of the orders that hold it, by the number of orders.
fn bought_together(draft: &mut Draft, tokens: &[Token]) {
    let says = |words: &str| tokens.iter().any(|token| is_one_of(words, &token.text));
    let query = &draft.query;
    let [group] = &query.dimensions[..] else { return };
    let goods = |filter: &Filter| {
        GOODS.contains(&filter.dimension.as_str()) && matches!(filter.op, FilterOp::In | FilterOp::Contains)
    };
    let mut named = query.filters.iter().enumerate().filter(|(_, filter)| goods(filter));
    let (Some((at, one)), None) = (named.next(), named.next()) else { return };
    let together = says("together along alongside accompany")
        && says("bought buy buys sold sell sells ordered go goes purchased")
        || says("also else") && says("bought buy buys ordered purchased") && says("who people customers buyers with");
    let plain =
        query.sets.is_empty() && query.having.is_empty() && !draft.share && !draft.average && query.compare.is_none();
    let counts = query.measures.iter().all(|name| matches!(name.as_str(), "orders" | "units_sold" | "customers"));
    // Whoever buys a phone and a case on two days did not buy them together.
    let one_order = says("together along alongside accompany with");
    if !together || !plain || !counts || !one_order || one.values.len() != 1 || !GOODS.contains(&group.as_str()) {
        return;
    }
    let group = group.clone();
    let query = &mut draft.query;
    let holds = query.filters.remove(at);
    let op = if holds.op == FilterOp::In { FilterOp::NotIn } else { FilterOp::Contains };
    if op == FilterOp::Contains {
        query.filters.push(holds);
        return;
    }
    query.filters.push(Filter { op, ..holds.clone() });
    query.sets = vec![SetFilter {
        who: "order".to_owned(),
        what: "lines".to_owned(),
        has: true,
        filters: vec![holds],
        ..SetFilter::default()
    }];
    if query.measures.is_empty() || query.measures == ["customers"] {
        query.measures = vec!["orders".to_owned()];
    }
    let by = query.measures.first().cloned();
    let singular = !draft.plural_groups;
    match &mut draft.rank {
        Some(rank) => rank.by = by,
        None => {
            draft.rank = Some(Rank {
                direction: Direction::Top,
                limit: draft.limit.take(),
                extreme: true,
                by,
                singular,
                per: None,
                only_order: false,
                skip: 0,
            });
        }
    }
    draft.bought = false;
    draft.common = false;
    draft.weak = None;
    draft.notes.push(format!("bought together: other {group} lines of the same orders"));
}
