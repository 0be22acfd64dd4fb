//! The conditions of a query in words.

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Change, Filter, FilterOp, MeasureFilter, SetFilter};
use oms_tools::{Cell, Unit};

use super::range;
use crate::reply::figures;
use crate::reply::vocabulary::Vocabulary;

/// All conditions of the query, joined: ` for shipping country Spain (ES), without channel web`; empty where there is none.
pub(super) fn words(query: &SemanticQuery, vocabulary: &Vocabulary) -> String {
    let (without, with): (Vec<&Filter>, Vec<&Filter>) =
        query.filters.iter().partition(|filter| filter.op == FilterOp::NotIn);
    let mut parts = Vec::new();
    if !with.is_empty() {
        parts.push(format!("for {}", list(with.iter().map(|filter| condition(filter, vocabulary)), "and")));
    }
    if !without.is_empty() {
        parts.push(format!("without {}", list(without.iter().map(|filter| condition(filter, vocabulary)), "and")));
    }
    if !query.having.is_empty() {
        let of = list(query.having.iter().map(|filter| figure(filter, vocabulary)), "and");
        // Where groups are counted, no column tells what their change is against.
        let changes = query.count_of.is_some() && query.having.iter().any(|filter| filter.of_change.is_some());
        let base = query.compare.as_ref().filter(|_| changes);
        let base = base.map(|compare| format!(" against the figures {}", range::base(query.time.as_ref(), compare)));
        parts.push(format!("with {of}{}", base.unwrap_or_default()));
    }
    let mut sets = &query.sets[..];
    while let Some(first) = sets.first() {
        let alike = sets.iter().take_while(|set| each_of(first, set)).count().max(1);
        let (same, rest) = sets.split_at(alike);
        parts.push(in_each(same, vocabulary).unwrap_or_else(|| membership(first, vocabulary)));
        sets = rest;
    }
    parts.iter().map(|part| format!(" {part}")).collect::<Vec<_>>().join(",")
}

/// One condition: `shipping country Spain (ES)`, `price above 100`.
pub(super) fn condition(filter: &Filter, vocabulary: &Vocabulary) -> String {
    let title = vocabulary.title(&filter.dimension);
    let mut values = filter.values.iter().map(|value| vocabulary.value(&filter.dimension, value));
    match filter.op {
        // States that no title reads well beside: "for late parcels".
        FilterOp::In | FilterOp::NotIn if filter.dimension == "parcel_late" => {
            format!("{} parcels", list(values, "or"))
        }
        FilterOp::In | FilterOp::NotIn if filter.dimension == "back_order" && filter.values == ["yes"] => {
            "lines on back order".to_owned()
        }
        FilterOp::In | FilterOp::NotIn if filter.dimension == "discounted" => {
            let with = if filter.values == ["yes"] { "with" } else { "without" };
            format!("lines {with} a discount")
        }
        FilterOp::In | FilterOp::NotIn => format!("{title} {}", list(values, "or")),
        FilterOp::Between => {
            format!("{title} between {} and {}", values.next().unwrap_or_default(), values.next().unwrap_or_default())
        }
        FilterOp::Contains => format!("{title} containing \"{}\"", list(values, "or")),
        op => format!("{title} {} {}", relation(op), list(values, "or")),
    }
}

/// `revenue down by more than 10.0 %`: a bound on a change that only rises or only falls; `None` for any other.
fn changed(filter: &MeasureFilter, unit: Unit, title: &str) -> Option<String> {
    let [value] = &filter.values[..] else { return None };
    let number: f64 = value.parse().ok()?;
    let (way, strict) = match filter.op {
        FilterOp::Above if number >= 0.0 => ("up", true),
        FilterOp::AtLeast if number > 0.0 => ("up", false),
        FilterOp::Below if number <= 0.0 => ("down", true),
        FilterOp::AtMost if number < 0.0 => ("down", false),
        _ => return None,
    };
    if number == 0.0 {
        return Some(format!("{title} {way}"));
    }
    let amount = figures::figure(&Cell::Decimal(value.trim_start_matches('-').to_owned()), unit);
    Some(format!("{title} {way} by {} {amount}", if strict { "more than" } else { "at least" }))
}

fn figure(filter: &MeasureFilter, vocabulary: &Vocabulary) -> String {
    let title = vocabulary.title(&filter.measure);
    let unit = if filter.of_total || filter.of_change == Some(Change::Percent) {
        Unit::Percent
    } else {
        vocabulary.measure(&filter.measure).map_or(Unit::Plain, |measure| measure.unit)
    };
    if let Some(said) = filter.of_change.and_then(|_| changed(filter, unit, &title)) {
        return said;
    }
    let mut values = filter.values.iter().map(|value| figures::figure(&Cell::Decimal(value.clone()), unit));
    let bound = match filter.op {
        FilterOp::Between => {
            format!("between {} and {}", values.next().unwrap_or_default(), values.next().unwrap_or_default())
        }
        FilterOp::In => format!("of {}", list(values, "or")),
        op => format!("{} {}", relation(op), list(values, "or")),
    };
    let whole = if filter.of_total { " of the total" } else { "" };
    let title = if filter.of_change.is_some() { format!("a change of {title}") } else { title };
    format!("{title} {bound}{whole}")
}

/// Whether two sets ask for the same rows, each in a range of its own.
fn each_of(first: &SetFilter, other: &SetFilter) -> bool {
    let plain = first.has && first.count.is_none() && first.what != "registration";
    plain && other.time.is_some() && *first == SetFilter { time: first.time.clone(), ..other.clone() }
}

/// `having orders in each of Q1 2025, Q2 2025 and Q3 2025`; `None` for a single set.
fn in_each(sets: &[SetFilter], vocabulary: &Vocabulary) -> Option<String> {
    let [first, _, ..] = sets else { return None };
    let what = membership(&SetFilter { time: None, ..first.clone() }, vocabulary);
    let mut ranges = Vec::new();
    for set in sets {
        let range = range::when(set.time.as_ref()?);
        ranges.push(range.strip_prefix("in ").unwrap_or(&range).to_owned());
    }
    Some(format!("{what} in each of {}", list(ranges, "and")))
}

fn membership(set: &SetFilter, vocabulary: &Vocabulary) -> String {
    let range = set.time.as_ref().map_or_else(String::new, |time| format!(" {}", range::when(time)));
    if let Some(event) = set.what.strip_prefix("orders_") {
        let was = if set.has { "that were" } else { "that were not" };
        return format!("{was} {event}{range}");
    }
    if set.what == "registration" {
        return format!("by customers {}registered{range}", if set.has { "" } else { "not " });
    }
    let of = set.filters.iter().map(|filter| condition(filter, vocabulary));
    let of = if set.filters.is_empty() { String::new() } else { format!(" for {}", list(of, "and")) };
    let what =
        if set.what == "any_orders" { "orders of any status".to_owned() } else { vocabulary.title(&set.what) + &of };
    if let Some(count) = set.count {
        let many = match count.at_most {
            Some(most) if most == count.at_least => format!("exactly {most}"),
            Some(most) => format!("{} to {most}", count.at_least),
            None => format!("at least {}", count.at_least),
        };
        let what = if count.at_most == Some(1) {
            vocabulary.title(&set.what).trim_end_matches('s').to_owned() + &of
        } else {
            what
        };
        return format!("having {many} {what}{range}");
    }
    match (set.has, range.is_empty()) {
        (true, _) => format!("having {what}{range}"),
        (false, true) => format!("never having {what}"),
        (false, false) => format!("having no {what}{range}"),
    }
}

pub(super) fn relation(op: FilterOp) -> &'static str {
    match op {
        FilterOp::Above => "above",
        FilterOp::Below => "below",
        FilterOp::AtLeast => "at least",
        FilterOp::AtMost => "at most",
        FilterOp::In | FilterOp::NotIn | FilterOp::Contains | FilterOp::Between => "of",
    }
}

/// `a, b and c`.
pub(super) fn list(items: impl IntoIterator<Item = String>, word: &str) -> String {
    let mut items: Vec<String> = items.into_iter().collect();
    match items.pop() {
        None => String::new(),
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} {word} {last}", items.join(", ")),
    }
}
