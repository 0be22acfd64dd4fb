//! A median or percentile is of single values: of the rows that a measure averages, or of the groups of `average_per`.

use super::{is_ratio, unsupported};
use crate::{
    Failure,
    orders::semantic::{SemanticModel, SemanticQuery, query::Statistic},
};

pub(crate) fn check(model: &SemanticModel, query: &SemanticQuery) -> Result<(), Failure> {
    let Some(statistic) = query.statistic else { return Ok(()) };
    let name = match statistic {
        Statistic::Median => "median",
        Statistic::Percentile(1..=99) => "percentile",
        Statistic::Percentile(percent) => {
            return Err(Failure::invalid(format!("cannot take the percentile {percent}: it is from 1 to 99"))
                .hint("for the highest or lowest use `ranking`"));
        }
    };
    for (other, given) in [("share", query.share.is_some()), ("running_total", query.running_total)] {
        if given {
            return Err(unsupported(format!(
                "cannot use `{other}` and `statistic` together: a {name} does not add up"
            ))
            .hint(format!("leave out `{other}`")));
        }
    }
    if let Some(filter) = query.having.iter().find(|filter| filter.of_total && query.measures.contains(&filter.measure))
    {
        return Err(unsupported(format!(
            "cannot compare the {name} of `{}` with its total: it has none",
            filter.measure
        ))
        .hint("leave out `of_total`"));
    }
    for measure in &query.measures {
        let each = model.formulas.get(measure).is_some_and(|formula| formula.each.is_some());
        match (&query.average_per, each) {
            // Rates of groups are refused with the averages.
            (None, true) | (Some(_), false) => {}
            (None, false) if is_ratio(model, measure) => {
                return Err(unsupported(format!(
                    "cannot take the {name} of `{measure}`: it is a rate over all rows, a single row has none"
                ))
                .hint(known(model, name)));
            }
            (None, false) => {
                return Err(unsupported(format!(
                    "cannot take the {name} of `{measure}`: it is one figure; say of which groups"
                ))
                .hint("name them in `average_per`: `customer`, `product`, `day`, `month`")
                .hint(known(model, name)));
            }
            (Some(per), true) => {
                return Err(unsupported(format!(
                    "cannot take the {name} of `{measure}` per `{per}`: it is of single rows already"
                ))
                .hint(format!("leave out `average_per`, or split by `{per}`")));
            }
        }
    }
    Ok(())
}

/// The measures that have single values.
fn known(model: &SemanticModel, name: &str) -> String {
    let measures = model.catalog.measures.iter().map(|measure| measure.name.as_str());
    let with: Vec<&str> =
        measures.filter(|measure| model.formulas.get(*measure).is_some_and(|one| one.each.is_some())).collect();
    format!("there is a {name} of {}", with.join(", "))
}
