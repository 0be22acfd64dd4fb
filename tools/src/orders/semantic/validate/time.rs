//! A range of time needs a measure that has a time, and a beginning before its end.

use super::grain;
use crate::{
    Failure,
    orders::semantic::{
        SemanticModel, SemanticQuery,
        dialect::Grain,
        query::{Comparison, TimeRange},
    },
};

pub(crate) fn check(model: &SemanticModel, query: &SemanticQuery) -> Result<(), Failure> {
    let compared = match &query.compare {
        Some(Comparison::Range(range)) => Some(range),
        _ => None,
    };
    let sets = query.sets.iter().filter_map(|set| set.time.as_ref());
    for range in query.time.iter().chain(compared).chain(sets) {
        ordered(range)?;
    }
    let timed = query.time.is_some() || query.compare.is_some();
    let grain =
        query.dimensions.iter().chain(&query.average_per).chain(&query.count_of).find(|name| Grain::of(name).is_some());
    if !timed && grain.is_none() {
        return Ok(());
    }
    let by = query.ranking.iter().map(|ranking| &ranking.by);
    for name in query.measures.iter().chain(query.having.iter().map(|filter| &filter.measure)).chain(by) {
        if model.catalog.measure(name).is_some_and(|measure| !measure.has_time) {
            return Err(grain::no_axis(name, grain.map_or("time range", String::as_str)));
        }
    }
    Ok(())
}

fn ordered(range: &TimeRange) -> Result<(), Failure> {
    match (range.from, range.to) {
        (Some(from), Some(to)) if from >= to => {
            Err(Failure::invalid(format!("cannot use the time range from {from} to before {to}: it is empty"))
                .hint("`from` is inside the range and `to` is the first instant after it"))
        }
        _ => Ok(()),
    }
}
