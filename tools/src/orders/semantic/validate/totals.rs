//! A running total needs a series, and figures that add up along it.

use super::unsupported;
use crate::{
    Failure,
    orders::semantic::{SemanticModel, SemanticQuery, model::Aggregate, plan::figures::finest},
};

pub(crate) fn check(model: &SemanticModel, query: &SemanticQuery) -> Result<(), Failure> {
    if !query.running_total {
        return Ok(());
    }
    let dimensions: Vec<&str> = query.dimensions.iter().map(String::as_str).collect();
    if finest(&dimensions).is_none() {
        return Err(Failure::invalid("cannot run a total without a time grain among `dimensions`")
            .hint("add `day`, `week` or `month` to `dimensions`"));
    }
    for measure in &query.measures {
        if !adds_up(model, measure) {
            return Err(unsupported(format!("cannot run a total of `{measure}`: its figures do not add up over time"))
                .hint("run a total of sums and counts: `revenue`, `orders`, `new_customers`"));
        }
    }
    Ok(())
}

/// Whether the figures of groups add up to the whole.
pub(crate) fn adds_up(model: &SemanticModel, measure: &str) -> bool {
    model.formulas.get(measure).is_some_and(|formula| {
        let figure = model.figures.get(&formula.of);
        formula.to.is_none()
            && figure.is_some_and(|figure| match &figure.aggregate {
                Aggregate::Sum(_) | Aggregate::Count => true,
                Aggregate::Distinct(key) => model.row_set(&figure.rows).is_some_and(|set| set.key == *key),
                Aggregate::AtLeast { .. } => false,
            })
    })
}
