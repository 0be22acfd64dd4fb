//! Whether a figure is above or below a number: of which figure that is asked, and where it cannot be said with yes or no.

use chrono::{Datelike, NaiveDateTime};
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Asked, AskedOf, Filter, FilterOp, TimeRange};

use super::assemble::{Draft, Problem};
use super::finish::is_grain;
use super::lattice::{Atom, Cover};
use super::tokens::Token;
use super::vocabulary::Vocabulary;

/// "did revenue grow more than 10 % in 2025": a percent of what is compared is of its change, not of the total.
pub(super) fn of_change(draft: &mut Draft, tokens: &[Token]) -> Result<(), Problem> {
    let Some(asked) = &mut draft.query.asked else { return Ok(()) };
    if draft.query.compare.is_none() && !draft.growth {
        return Ok(());
    }
    if asked.of != AskedOf::Share || draft.query.compare.is_none() {
        return Err(Problem::new(
            "is that number a bound on the figure, or on its change in percent, and against what?",
        ));
    }
    asked.of = AskedOf::Change;
    let falls =
        ["fall", "fell", "drop", "dropped", "decrease", "decreased", "decline", "declined", "shrink", "lose", "down"];
    if tokens.iter().any(|token| falls.contains(&token.text.as_str())) {
        // To fall by more than 10 % is to change by less than -10 %.
        asked.op = match asked.op {
            FilterOp::Above => FilterOp::Below,
            FilterOp::Below => FilterOp::Above,
            FilterOp::AtLeast => FilterOp::AtMost,
            FilterOp::AtMost => FilterOp::AtLeast,
            same => same,
        };
        asked.values = asked.values.iter().rev().map(|value| format!("-{value}")).collect();
    }
    draft.share = false;
    Ok(())
}

/// Yes or no is said of one figure: of groups, rows or another figure than the bound is on, it would be said of the wrong one.
pub(super) fn of_one_figure(draft: &mut Draft, tokens: &[Token], vocabulary: &Vocabulary) -> Result<(), Problem> {
    let query = &mut draft.query;
    let Some(asked) = &mut query.asked else { return Ok(()) };
    let fits = query.measures.len() == 1 && query.measures[0] == asked.measure;
    if !fits || !query.dimensions.is_empty() || query.list.is_some() || query.count_of.is_some() {
        return Err(Problem::new(
            "is that number a bound on one figure, or a condition on groups? Say \"did we have more than 50 buyers in March\" or \
             \"days with more than 5 orders\"",
        ));
    }
    // "did we ship more than 100 orders in June": those that were shipped then, whatever they are now.
    let happened = tokens
        .first()
        .is_some_and(|token| matches!(token.text.as_str(), "did" | "have" | "has" | "had" | "was" | "were"));
    let place = query
        .filters
        .iter()
        .position(|filter| filter.dimension == "order_status" && filter.op == FilterOp::In && filter.values.len() == 1);
    if let Some(place) = place.filter(|_| happened && asked.measure == "orders" && query.time.is_some()) {
        let status = query.filters[place].values[0].clone();
        // "delivered orders" are in that state.
        let state = tokens.windows(2).any(|pair| pair[0].text == status && pair[1].stem == "order");
        let event = format!("orders_{status}");
        if !state && vocabulary.has_measure(&event) {
            query.filters.remove(place);
            query.measures = vec![event.clone()];
            asked.measure = event;
        }
    }
    Ok(())
}

/// "did France sell more than Spain", "was revenue higher in December than in November": yes or no of one against the other.
/// `said`: the question as it was typed.
pub(super) fn one_or_other(query: &mut SemanticQuery, said: &[Token], cover: &Cover) {
    let asks = said.first().is_some_and(|token| {
        matches!(token.text.as_str(), "did" | "do" | "does" | "is" | "are" | "was" | "were" | "has" | "have" | "had")
    });
    let [measure] = &query.measures[..] else { return };
    let plain = query.asked.is_none()
        && query.list.is_none()
        && query.count_of.is_none()
        && query.ranking.is_none()
        && query.share.is_none()
        && query.ratio.is_none();
    let mut words = said.iter().enumerate().filter_map(|(at, token)| {
        let op = match token.text.as_str() {
            "more" | "higher" | "bigger" | "larger" | "greater" => FilterOp::Above,
            "fewer" | "less" | "lower" | "smaller" => FilterOp::Below,
            "faster" | "quicker" if measure.ends_with("_time") => FilterOp::Below,
            "slower" if measure.ends_with("_time") => FilterOp::Above,
            "beat" | "beats" | "outsell" | "outsells" | "outsold" => return Some(FilterOp::Above),
            _ => return None,
        };
        said[at..].iter().any(|token| token.text == "than").then_some(op)
    });
    let (true, true, Some(op), None) = (asks, plain, words.next(), words.next()) else { return };
    let values = match (&query.dimensions[..], query.compare.is_some()) {
        ([], true) => Vec::new(),
        ([group], false) if !is_grain(group) => {
            let filter = query.filters.iter().find(|filter| filter.dimension == *group && filter.op == FilterOp::In);
            let Some(filter) = filter.filter(|filter| filter.values.len() == 2) else { return };
            let mut named = cover.pieces.iter().filter_map(|piece| match &piece.atom {
                Atom::Values(values) => {
                    values.iter().map(|value| &value.value).find(|value| filter.values.contains(value)).cloned()
                }
                _ => None,
            });
            let (Some(one), Some(other)) = (named.next(), named.next()) else { return };
            if one == other {
                return;
            }
            vec![one, other]
        }
        _ => return,
    };
    query.asked = Some(Asked { measure: measure.clone(), op, values, of: AskedOf::Other });
}

/// "is Portugal our biggest market", "was December our best month": the first of all of them, and whether it is the one that was named.
pub(super) fn of_the_first(draft: &mut Draft, tokens: &[Token]) {
    let asks = tokens.first().is_some_and(|token| matches!(token.text.as_str(), "is" | "are" | "was" | "were"));
    let query = &mut draft.query;
    let (Some(ranking), [group]) = (&query.ranking, &mut query.dimensions[..]) else { return };
    if !asks || ranking.limit != Some(1) || ranking.per.is_some() || query.asked.is_some() || query.compare.is_some() {
        return;
    }
    let named = |filter: &Filter| filter.dimension == *group && filter.op == FilterOp::In && filter.values.len() == 1;
    let value = if let Some(at) = query.filters.iter().position(named) {
        query.filters.remove(at).values.remove(0)
    } else if is_grain(group)
        && let Some(time) =
            query.time.take_if(|time| time.unit.is_some_and(|unit| format!("{unit:?}").to_lowercase() == *group))
        && let Some(from) = time.from
    {
        if group == "day" && is_weekday(&time, from) {
            "weekday".clone_into(group);
        }
        unit_of(group, from)
    } else {
        return;
    };
    let measure = ranking.by.clone();
    draft.notes.push(format!("compared with every {} there is", group.replace('_', " ")));
    query.asked = Some(Asked { measure, op: FilterOp::Above, values: vec![value], of: AskedOf::Other });
}

fn is_weekday(time: &TimeRange, from: NaiveDateTime) -> bool {
    time.label.eq_ignore_ascii_case(&from.format("%A").to_string())
}

/// The unit's name in rows: `2025-12`, `2025-Q4`, `Saturday`, a day or a week's Monday as date.
fn unit_of(grain: &str, from: NaiveDateTime) -> String {
    match grain {
        "month" => from.format("%Y-%m").to_string(),
        "year" => from.format("%Y").to_string(),
        "quarter" => format!("{}-Q{}", from.year(), from.month0() / 3 + 1),
        "weekday" => from.format("%A").to_string(),
        _ => from.format("%Y-%m-%d").to_string(),
    }
}

/// Whether a value is the one of which it is asked whether it is the first.
pub(super) fn may_be_first(query: &SemanticQuery, value: &str) -> bool {
    query.asked.as_ref().is_some_and(|asked| asked.of == AskedOf::Other && asked.values == [value])
}

/// Whether a range is the unit of which it is asked whether it is the first.
pub(super) fn is_the_named(query: &SemanticQuery, range: &TimeRange) -> bool {
    let (Some(grain), Some(from)) = (query.dimensions.first(), range.from) else { return false };
    is_grain(grain) && may_be_first(query, &unit_of(grain, from))
}
