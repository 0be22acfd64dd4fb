//! A share is of something that adds up, and names its whole.

use super::{is_ratio, unsupported};
use crate::{
    Failure,
    orders::semantic::{SemanticModel, SemanticQuery, query::Share},
};

pub(crate) fn check(model: &SemanticModel, query: &SemanticQuery) -> Result<(), Failure> {
    // The part of all groups that meets a condition: whatever their figure is.
    if query.count_of.is_some() {
        return Ok(());
    }
    let of_total = query.having.iter().filter(|filter| filter.of_total).map(|filter| &filter.measure);
    let shared = query.share.is_some().then_some(&query.measures).into_iter().flatten();
    for measure in shared.chain(of_total) {
        if is_ratio(model, measure) {
            return Err(unsupported(format!(
                "cannot take a share of `{measure}`: it is a rate or an average, which has no total"
            ))
            .hint("take the share of an amount or a count"));
        }
    }
    match &query.share {
        Some(Share::OfGroups) if query.dimensions.is_empty() => {
            Err(Failure::invalid("cannot take each group's share without `dimensions`")
                .hint("name the groups, or use `of_without` with the dimension that is filtered"))
        }
        Some(Share::OfWithout(dimension)) if !query.filters.iter().any(|filter| filter.dimension == *dimension) => Err(
            Failure::invalid(format!("cannot take the share that the filter on `{dimension}` keeps: there is none"))
                .hint(format!("add a filter on `{dimension}`")),
        ),
        Some(Share::OfWithoutSets) if query.sets.is_empty() => {
            Err(Failure::invalid("cannot take the share that the sets keep: there are none").hint("add to `sets`"))
        }
        _ => Ok(()),
    }
}
