//! A query has exactly one shape: figures, listed rows, or one order's story.

use crate::{Failure, orders::semantic::SemanticQuery};

pub(crate) fn check(query: &SemanticQuery) -> Result<(), Failure> {
    let shapes = usize::from(!query.measures.is_empty())
        + usize::from(query.list.is_some())
        + usize::from(query.order_number.is_some());
    if shapes == 0 {
        return Err(Failure::invalid("cannot answer a query without `measures`, `list` or `order_number`")
            .hint("name a measure, for example `\"measures\": [\"revenue\"]`"));
    }
    if shapes > 1 {
        return Err(Failure::invalid("cannot answer figures, listed rows and one order's story in one query")
            .hint("give exactly one of `measures`, `list` and `order_number`"));
    }
    let figures = [
        ("dimensions", !query.dimensions.is_empty()),
        ("having", !query.having.is_empty()),
        ("compare", query.compare.is_some()),
        ("ranking", query.ranking.is_some()),
        ("share", query.share.is_some()),
        ("running_total", query.running_total),
        ("average_per", query.average_per.is_some()),
        ("ratio", query.ratio.is_some()),
        ("statistic", query.statistic.is_some()),
        ("count_of", query.count_of.is_some()),
        ("spread", query.spread),
        ("without_rows", query.without_rows),
    ];
    let rows = [
        ("filters", !query.filters.is_empty()),
        ("sets", !query.sets.is_empty()),
        ("time", query.time.is_some()),
        ("limit", query.limit.is_some()),
    ];
    let (shape, refused): (&str, Vec<&(&str, bool)>) = if query.order_number.is_some() {
        ("order_number", figures.iter().chain(&rows).collect())
    } else if query.list.is_some() {
        ("list", figures.iter().collect())
    } else {
        return not_zero(query.limit);
    };
    match refused.iter().find(|(_, given)| *given) {
        Some((name, _)) => Err(Failure::invalid(format!("cannot use `{name}` together with `{shape}`"))
            .hint(format!("leave out `{name}`, or ask for measures"))),
        None => not_zero(query.limit.or(query.list.as_ref().and_then(|list| list.limit))),
    }
}

fn not_zero(limit: Option<u32>) -> Result<(), Failure> {
    match limit {
        Some(0) => Err(Failure::invalid("cannot answer with `limit` 0").hint("a limit is at least 1")),
        _ => Ok(()),
    }
}
