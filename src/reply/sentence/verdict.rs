//! Yes or no to "did we sell more than 500 units", computed from the row.

use std::cmp::Ordering;

use oms_tools::orders::semantic::query::{Asked, AskedOf, FilterOp};
use oms_tools::{Cell, Unit};

use super::{Context, conditions, range};
use crate::reply::figures::{self, Exact};
use crate::reply::shape::Figures;

/// `Yes, above 500. `; empty where nothing was asked or no one figure is there.
pub(super) fn of(context: &Context<'_>) -> String {
    let Some(asked) = &context.query.asked else { return String::new() };
    let Some(figures) = context.shape.measures.iter().find(|figures| figures.name == asked.measure) else {
        return String::new();
    };
    let (column, unit) = match asked.of {
        AskedOf::Figure => (Some(figures.value), context.unit(figures.value)),
        AskedOf::Share => (figures.share, Unit::Percent),
        AskedOf::Change => (figures.change, Unit::Percent),
        AskedOf::Other => return against(context, asked, figures).unwrap_or_default(),
    };
    let Some(column) = column else { return String::new() };
    let [_] = context.report.table.rows.as_slice() else { return String::new() };
    let Some(figure) = context.cell(0, column) else { return String::new() };
    let Some(held) = holds(figure, asked) else { return String::new() };
    let bound = bound(asked, unit);
    let near = near(figure, asked, unit);
    if held { format!("Yes, {bound}{near}. ") } else { format!("No, not {bound}{near}. ") }
}

/// `Yes, France (FR) more than Spain (ES). `, `No, not more than in November 2025. `; none where one of the two has no figure.
fn against(context: &Context<'_>, asked: &Asked, figures: &Figures) -> Option<String> {
    let below = asked.op == FilterOp::Below;
    let word = match (below, asked.measure.ends_with("_time")) {
        (true, true) => "faster",
        (false, true) => "slower",
        (true, false) => "less",
        (false, false) => "more",
    };
    let wanted = if below { Ordering::Less } else { Ordering::Greater };
    let (order, who, other) = match &asked.values[..] {
        [] => {
            let [_] = context.report.table.rows.as_slice() else { return None };
            let order = between(context.cell(0, figures.value)?, context.cell(0, figures.previous?)?)?;
            let base = range::base(context.query.time.as_ref(), context.query.compare.as_ref()?);
            (order, String::new(), base)
        }
        // "is Portugal our biggest market": the rows are the first, with all that share its place.
        [one] => {
            let [group] = context.shape.dimensions[..] else { return None };
            let is = |at: usize| match context.cell(at, group) {
                Some(Cell::Text(text)) => text == one,
                Some(Cell::Integer(number)) => number.to_string() == *one,
                _ => false,
            };
            let rows = context.report.table.rows.len();
            let name = context.vocabulary.value(context.query.dimensions.first()?, one);
            return match (rows, (0..rows).any(is)) {
                (0, _) => None,
                (1, true) => Some(format!("Yes, it is {name}. ")),
                (_, true) => Some(format!("Yes, {name} is one of {rows}. ")),
                _ => Some(format!("No, it is not {name}. ")),
            };
        }
        [one, other] => {
            let [group] = context.shape.dimensions[..] else { return None };
            let row = |value: &String| {
                let is = |at: &usize| matches!(context.cell(*at, group), Some(Cell::Text(text)) if text == value);
                (0..context.report.table.rows.len()).find(is)
            };
            let (one, other) = (row(one)?, row(other)?);
            let order = between(context.cell(one, figures.value)?, context.cell(other, figures.value)?)?;
            (order, format!("{} ", context.label(one)), context.label(other))
        }
        _ => return None,
    };
    Some(match order {
        Ordering::Equal => format!("No, {who}as much as {other}. "),
        order if order == wanted => format!("Yes, {who}{word} than {other}. "),
        _ => format!("No, {who}not {word} than {other}. "),
    })
}

fn between(one: &Cell, other: &Cell) -> Option<Ordering> {
    match (Exact::of(one), Exact::of(other)) {
        (Some(exact), Some(against)) => {
            let difference = exact.minus(against)?;
            Some(match (difference.is_zero(), difference.is_negative()) {
                (true, _) => Ordering::Equal,
                (_, true) => Ordering::Less,
                _ => Ordering::Greater,
            })
        }
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

/// Where rounding makes the figure look like the bound: on which side it is.
fn near(figure: &Cell, asked: &Asked, unit: Unit) -> &'static str {
    let shown = figures::figure(figure, unit);
    let alike = asked.values.iter().find(|value| figures::figure(&Cell::Decimal((*value).clone()), unit) == shown);
    match alike.and_then(|value| compare(figure, value)) {
        Some(Ordering::Less) => " (just below it)",
        Some(Ordering::Greater) => " (just above it)",
        Some(Ordering::Equal) | None => "",
    }
}

/// `above € 500.00`, `between 100 and 200`, `a share above 10.0 %`.
fn bound(asked: &Asked, unit: Unit) -> String {
    let values = asked.values.iter().map(|value| figures::figure(&Cell::Decimal(value.clone()), unit));
    let values = conditions::list(values, "and");
    let of = match asked.of {
        AskedOf::Figure => "",
        AskedOf::Share => "a share ",
        AskedOf::Change => "a change ",
        AskedOf::Other => "another ",
    };
    let word = match asked.op {
        FilterOp::Between => "between",
        FilterOp::In => "exactly",
        op => conditions::relation(op),
    };
    format!("{of}{word} {values}")
}

/// Whether the figure keeps the bound, exactly where it is no float; none where it cannot be compared.
fn holds(figure: &Cell, asked: &Asked) -> Option<bool> {
    let orders: Vec<Ordering> = asked.values.iter().map(|value| compare(figure, value)).collect::<Option<_>>()?;
    let first = *orders.first()?;
    Some(match asked.op {
        FilterOp::Above => first.is_gt(),
        FilterOp::Below => first.is_lt(),
        FilterOp::AtLeast => first.is_ge(),
        FilterOp::AtMost => first.is_le(),
        FilterOp::Between => first.is_ge() && orders.get(1)?.is_le(),
        FilterOp::In => orders.iter().any(|order| order.is_eq()),
        FilterOp::NotIn | FilterOp::Contains => return None,
    })
}

fn compare(figure: &Cell, value: &str) -> Option<Ordering> {
    between(figure, &Cell::Decimal(value.to_owned()))
}
