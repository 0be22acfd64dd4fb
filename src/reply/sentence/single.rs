//! One row of figures: what was, and against what.

use std::fmt::Write;

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::Share;
use oms_tools::{Cell, Unit};

use super::{Context, conditions, facts, opened, range, verb};
use crate::reply::figures;
use crate::reply::shape::Figures;

/// The sentence of a result without groups.
pub(super) fn figures(context: &Context<'_>) -> String {
    if let [only] = context.shape.measures.as_slice() {
        return one(context, only);
    }
    let clauses = context.shape.measures.iter().map(|figures| {
        let change = against(context, figures).map_or_else(String::new, |change| format!(" ({change})"));
        format!("{} {}{change}", context.title(&figures.name), context.figure(0, figures.value))
    });
    let clauses = conditions::list(clauses, "and");
    opened(&format!("{}{}: {clauses} {}.", context.when(), context.conditions(), context.basis()))
}

fn one(context: &Context<'_>, figures: &Figures) -> String {
    // "296 customers", not "296 number of customers".
    let title = match &context.query.count_of {
        Some(of) => super::plural(&context.vocabulary.title(of)),
        None => context.title(&figures.name),
    };
    let shown = context.figure(0, figures.value);
    let (when, basis, conditions) =
        (context.when(), context.basis(), format!("{}{}", with(context), context.conditions()));
    if matches!(context.cell(0, figures.value), None | Some(Cell::Null)) {
        return format!("There is no {title}{conditions} {when}: no rows to compute it from {basis}.");
    }
    let is = match (context.timeless(), verb(&title)) {
        (true, "were") => "are",
        (true, _) => "is",
        (false, verb) => verb,
    };
    let mut extra = String::new();
    if let Some(share) = share(context, figures) {
        let _ = write!(extra, ", {share}");
    }
    if let Some(change) = against(context, figures) {
        let _ = write!(extra, ", {change}");
    }
    let plain = context.query.average_per.is_none() && context.query.ratio.is_none();
    let counted = context.unit(figures.value) == Unit::Count && plain;
    if counted && verb(&title) == "was" {
        // A count with a title that is no plural, "out of stock": any verb would read wrongly.
        return opened(&format!("{title}{conditions}: {shown} {when}{extra} {basis}."));
    }
    if counted {
        let there = match (context.timeless(), shown.as_str()) {
            (false, "1") => "There was 1".to_owned(),
            (false, _) => format!("There were {shown}"),
            (true, "1") => "There is 1".to_owned(),
            (true, _) => format!("There are {shown}"),
        };
        let title = if shown == "1" { singular(&title) } else { title };
        // "new customers in 2023, having orders in 2025": the count's own range stands beside what it is of.
        let of_others = context.query.sets.iter().any(|set| set.time.is_some());
        if of_others && context.query.time.is_some() {
            return format!("{there} {title} {when},{conditions}{extra} {basis}.");
        }
        return format!("{there} {title}{conditions} {when}{extra} {basis}.");
    }
    opened(&format!("{title}{conditions} {is} {shown} {when}{extra} {basis}."))
}

/// ` with late shipments`: what those have that are counted, where no condition says it.
fn with(context: &Context<'_>) -> String {
    let query = context.query;
    let measure =
        query.measures.first().filter(|_| query.count_of.is_some() && query.having.is_empty() && !query.without_rows);
    measure.map_or_else(String::new, |name| format!(" with {}", context.vocabulary.title(name)))
}

/// `units sold` as `unit sold`, `late shipments` as `late shipment`.
fn singular(title: &str) -> String {
    if let Some(stem) = title.strip_suffix('s') {
        return stem.to_owned();
    }
    match title.split_once(' ') {
        Some((noun, rest)) if noun.ends_with('s') => format!("{} {rest}", noun.trim_end_matches('s')),
        _ => title.to_owned(),
    }
}

/// `34.5 % of the total over all channels`.
fn share(context: &Context<'_>, figures: &Figures) -> Option<String> {
    let shown = facts::percent(context.cell(0, figures.share?))?;
    Some(match &context.query.share {
        Some(Share::OfWithout(dimension)) => {
            format!("{shown} of the total over every {}", context.vocabulary.title(dimension))
        }
        Some(Share::OfWithoutSets) => {
            let all = context.query.measures.first().map_or_else(String::new, |name| context.title(name));
            // Of those that are alike but for the row that is looked for.
            let whole = SemanticQuery { sets: Vec::new(), having: Vec::new(), ..context.query.clone() };
            format!("{shown} of all {all}{}", conditions::words(&whole, context.vocabulary))
        }
        _ => format!("{shown} of the total"),
    })
}

/// `up € 12.00 (12.5 %) from € 96.00 the period before`.
fn against(context: &Context<'_>, figures: &Figures) -> Option<String> {
    let (now, before) = (context.cell(0, figures.value)?, context.cell(0, figures.previous?)?);
    let base = range::base(context.query.time.as_ref(), context.query.compare.as_ref()?);
    if matches!(before, Cell::Null) {
        return Some(format!("with nothing to compare with {base}"));
    }
    let was = context.figure(0, figures.previous?);
    Some(format!(
        "{} {base}",
        change(now, before, context.unit(figures.value), figures.change.and_then(|c| context.cell(0, c)), &was)?
    ))
}

/// `up € 12.00 (12.5 %) from € 96.00`.
pub(super) fn change(now: &Cell, before: &Cell, unit: Unit, fraction: Option<&Cell>, was: &str) -> Option<String> {
    let difference = facts::difference(now, before)?;
    let amount = difference.as_f64()?;
    let (word, size) = if amount < 0.0 { ("down", negated(&difference)) } else { ("up", difference) };
    if amount == 0.0 {
        return Some(format!("unchanged from {was}"));
    }
    // A change of a rate is in points: "up 2.0 %" of 10 % would be read as 10.2 %.
    let shown = match unit {
        Unit::Percent => format!("{} points", figures::figure(&size, unit).trim_end_matches(" %")),
        _ => figures::figure(&size, unit),
    };
    let fraction = facts::percent(fraction).map_or_else(String::new, |percent| format!(" ({percent})"));
    Some(format!("{word} {shown}{fraction} from {was}"))
}

fn negated(cell: &Cell) -> Cell {
    match (figures::Exact::of(cell), cell.as_f64()) {
        (Some(exact), _) => exact.abs().cell(),
        (None, Some(number)) => Cell::Number(number.abs()),
        (None, None) => Cell::Null,
    }
}
