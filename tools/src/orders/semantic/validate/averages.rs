//! A mean over groups is of something that adds up: not of a rate, an average or a state.

use super::{is_ratio, unsupported};
use crate::{
    Failure,
    orders::semantic::{SemanticModel, SemanticQuery, dialect::Grain},
};

pub(crate) fn check(model: &SemanticModel, query: &SemanticQuery) -> Result<(), Failure> {
    let Some(per) = &query.average_per else { return Ok(()) };
    let others = query.having.iter().map(|filter| &filter.measure);
    let by = query.ranking.iter().map(|ranking| &ranking.by);
    for measure in query.measures.iter().chain(others).chain(by) {
        if is_ratio(model, measure) {
            return Err(unsupported(format!(
                "cannot take the mean of `{measure}` per `{per}`: it is a rate or an average already"
            ))
            .hint(format!("ask for `{measure}` alone, or split by `{per}`")));
        }
        let up_to_end = model.figures.get(measure).is_some_and(|figure| figure.up_to_end);
        if up_to_end && Grain::of(per).is_some() {
            return Err(unsupported(format!(
                "cannot take the mean of `{measure}` per `{per}`: it is counted at the range's end"
            ))
            .hint(format!("ask for `new_customers` per `{per}`")));
        }
    }
    if matches!(Grain::of(per), Some(Grain::Weekday | Grain::DayType | Grain::HourOfDay)) {
        return Err(unsupported(format!("cannot take the mean per `{per}`: it is no unit of the calendar"))
            .hint(format!("split by `{per}`, or take the mean per `day`")));
    }
    if query.dimensions.contains(per) {
        return Err(Failure::invalid(format!("cannot split by `{per}` and take the mean over it at once"))
            .hint(format!("leave `{per}` out of `dimensions`")));
    }
    for (name, given) in [("share", query.share.is_some()), ("running_total", query.running_total)] {
        if given {
            return Err(unsupported(format!("cannot use `{name}` and `average_per` together"))
                .hint(format!("leave out `{name}`")));
        }
    }
    Ok(())
}

/// A mean per time unit of something without a time.
pub(crate) fn without_time(query: &SemanticQuery) -> Failure {
    super::grain::no_axis(query.measures.first().map_or("the measure", String::as_str), "time unit")
}
