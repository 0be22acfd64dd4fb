//! One measure divided by another: of two that add up, in groups that both of them have.

use super::{grain, is_ratio, names, unsupported};
use crate::{
    Failure,
    orders::semantic::{SemanticModel, SemanticQuery},
};

/// What only one kind of row has: a condition on it would change the one figure and not the other, or what the other counts.
const OF_ONE_ROW: [&str; 9] = [
    "order_status",
    "cancel_reason",
    "payment_status",
    "payment_method",
    "failure_reason",
    "shipment_status",
    "return_reason",
    "return_status",
    "days_since_placed",
];

pub(crate) fn check(model: &SemanticModel, query: &SemanticQuery) -> Result<(), Failure> {
    let Some(ratio) = &query.ratio else { return Ok(()) };
    if ratio.times == 0 {
        return Err(Failure::invalid("cannot divide per 0 of something").hint("`times` is at least 1"));
    }
    if model.catalog.measure(&ratio.to).is_none() {
        return Err(names::unknown_measure(model, &ratio.to));
    }
    for (name, given) in [
        ("share", query.share.is_some()),
        ("running_total", query.running_total),
        ("average_per", query.average_per.is_some()),
        ("statistic", query.statistic.is_some()),
        ("count_of", query.count_of.is_some()),
        ("without_rows", query.without_rows),
        ("sets", !query.sets.is_empty()),
    ] {
        if given {
            return Err(
                unsupported(format!("cannot use `{name}` and `ratio` together")).hint(format!("leave out `{name}`"))
            );
        }
    }
    let [measure] = &query.measures[..] else {
        return Err(Failure::invalid("cannot divide several measures at once").hint("name one in `measures`"));
    };
    let others =
        query.having.iter().map(|filter| &filter.measure).chain(query.ranking.iter().map(|ranking| &ranking.by));
    if let Some(other) = others.into_iter().find(|other| *other != measure) {
        return Err(unsupported(format!(
            "cannot rank or filter by `{other}` where `{measure}` is divided by `{}`",
            ratio.to
        ))
        .hint(format!("rank or filter by `{measure}`, which means the quotient here")));
    }
    if *measure == ratio.to {
        return Err(unsupported(format!("cannot divide `{measure}` by itself: that is 1")).hint("name another measure"));
    }
    for name in [measure, &ratio.to] {
        let state = model.figures.get(name).is_none_or(|figure| figure.up_to_end || figure.axis.is_none());
        if is_ratio(model, name) || state {
            return Err(unsupported(format!(
                "cannot divide `{measure}` by `{}`: `{name}` is a rate, an average or a state, and does not add up",
                ratio.to
            ))
            .hint("divide a sum or a count by another one"));
        }
        for dimension in query.dimensions.iter().chain(query.filters.iter().map(|filter| &filter.dimension)) {
            if OF_ONE_ROW.contains(&dimension.as_str()) || !grain::splits(model, name, dimension) {
                return Err(unsupported(format!(
                    "cannot use `{dimension}` with `{measure}` per `{}`: not each of both has one of its own",
                    ratio.to
                ))
                .hint("ask for the two figures, one after the other"));
            }
        }
    }
    Ok(())
}
