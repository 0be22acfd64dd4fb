//! Counting groups, and the groups without a row: what goes together with that.

use super::unsupported;
use crate::{
    Failure,
    orders::semantic::{SemanticQuery, dialect::Grain, query::Share},
};

pub(crate) fn check(query: &SemanticQuery) -> Result<(), Failure> {
    if query.count_of.is_none() && !query.without_rows {
        if query.spread {
            return Err(Failure::invalid("cannot use `spread` without `count_of`")
                .hint("name what is counted: `\"count_of\": \"customer\"`"));
        }
        return Ok(());
    }
    let name = if query.count_of.is_some() { "count_of" } else { "without_rows" };
    for (other, given) in [
        // How many of them changed so: the comparison is all in the condition.
        ("compare", query.compare.is_some() && !query.having.iter().any(|filter| filter.of_change.is_some())),
        ("running_total", query.running_total),
        ("average_per", query.average_per.is_some()),
        ("statistic", query.statistic.is_some()),
        ("share", matches!(query.share, Some(Share::OfWithout(_) | Share::OfWithoutSets))),
    ] {
        if given {
            return Err(unsupported(format!("cannot use `{other}` and `{name}` together"))
                .hint(format!("ask for the two one after the other, or leave out `{other}`")));
        }
    }
    if query.measures.len() != 1 {
        return Err(Failure::invalid(format!(
            "cannot use `{name}` with several measures: its groups are those of one"
        ))
        .hint("leave out all measures but one"));
    }
    if query.count_of.as_ref().is_some_and(|of| query.dimensions.contains(of)) {
        return Err(Failure::invalid("cannot count the groups of a dimension and split by it at once")
            .hint("leave it out of `dimensions`"));
    }
    if query.spread && !query.dimensions.is_empty() {
        return Err(unsupported("cannot use `spread` and `dimensions` together").hint("leave out `dimensions`"));
    }
    if query.without_rows {
        for (other, given) in [
            ("having", !query.having.is_empty()),
            ("ranking", query.ranking.is_some()),
            ("share", query.share.is_some()),
            ("spread", query.spread),
        ] {
            if given {
                return Err(unsupported(format!(
                    "cannot use `{other}` and `without_rows` together: no row, no figure"
                ))
                .hint(format!("leave out `{other}`")));
            }
        }
        if query.dimensions.len() + usize::from(query.count_of.is_some()) != 1 {
            return Err(one_dimension());
        }
    }
    Ok(())
}

/// The groups without a row are those of one dimension.
pub(crate) fn one_dimension() -> Failure {
    Failure::invalid("cannot tell which groups have no row: `without_rows` needs exactly one dimension")
        .hint("name one in `dimensions`, for example `day` or `category`")
}

/// Customers, products and orders without a row.
pub(crate) fn a_set(name: &str) -> Failure {
    unsupported(format!("cannot use `without_rows` with `{name}`: two of them may bear one name"))
        .hint("use `sets` with `has` false, and `list` the rows")
}

/// A grain that has no first and last.
pub(crate) fn no_calendar(name: &str, _: Grain) -> Failure {
    unsupported(format!("cannot tell which `{name}` has no row: it is no unit of the calendar"))
        .hint("use `hour`, `day`, `week`, `month`, `quarter` or `year`")
}
