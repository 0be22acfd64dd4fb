//! A comparison needs a range with both ends, or a grain along which each unit has one before it.

use super::unsupported;
use crate::{
    Failure,
    orders::semantic::{SemanticQuery, plan::figures::finest, query::Comparison},
};

pub(crate) fn check(query: &SemanticQuery) -> Result<(), Failure> {
    for filter in query.having.iter().filter(|filter| filter.of_change.is_some()) {
        let why = if query.compare.is_none() {
            "nothing is compared"
        } else if !query.measures.contains(&filter.measure) {
            "it is not among `measures`"
        } else if filter.of_total {
            "a share of the total has no change here"
        } else {
            continue;
        };
        return Err(Failure::invalid(format!("cannot use a condition on the change of `{}`: {why}", filter.measure))
            .hint("give `compare`, and ask for the measure itself"));
    }
    let Some(comparison) = &query.compare else { return Ok(()) };
    let dimensions: Vec<&str> = query.dimensions.iter().map(String::as_str).collect();
    if matches!(comparison, Comparison::Range(_)) && finest(&dimensions).is_some() {
        return Err(unsupported("cannot compare with another range along time: the units of the two do not meet")
            .hint("compare with `previous_period` or `previous_year`, or leave out the time grain"));
    }
    for (name, given) in [
        ("share", query.share.is_some()),
        ("running_total", query.running_total),
        ("average_per", query.average_per.is_some()),
    ] {
        if given {
            return Err(unsupported(format!("cannot use `{name}` and `compare` together"))
                .hint("ask for the two ranges one after the other"));
        }
    }
    Ok(())
}

/// A comparison of everything.
pub(crate) fn needs_range() -> Failure {
    Failure::invalid("cannot compare without a time range that has both ends")
        .hint("give `time` with `from` and `to`, or split by a time grain")
}
