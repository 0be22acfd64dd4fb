//! What can be asked: one rule a file, each with its reasons and what to ask instead. Rules look at the query and the model
//! only; those that depend on which rows are joined (`grain`) are called by the plan.

pub(crate) mod averages;
pub(crate) mod comparison;
pub(crate) mod grain;
pub(crate) mod groups;
pub(crate) mod names;
pub(crate) mod ranking;
pub(crate) mod ratio;
pub(crate) mod sets;
pub(crate) mod shape;
pub(crate) mod share;
pub(crate) mod statistic;
pub(crate) mod time;
pub(crate) mod totals;
pub(crate) mod values;

use super::{SemanticModel, SemanticQuery};
use crate::{Failure, FailureKind};

/// Every rule that needs no plan.
pub(crate) fn check(model: &SemanticModel, query: &SemanticQuery) -> Result<(), Failure> {
    shape::check(query)?;
    names::check(model, query)?;
    time::check(model, query)?;
    values::check(query)?;
    sets::check(query)?;
    groups::check(query)?;
    ranking::check(model, query)?;
    comparison::check(query)?;
    statistic::check(model, query)?;
    averages::check(model, query)?;
    ratio::check(model, query)?;
    totals::check(model, query)?;
    share::check(model, query)
}

/// Understood, but it cannot be expressed.
pub(crate) fn unsupported(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Unsupported, message)
}

/// Whether a measure is a quotient.
pub(crate) fn is_ratio(model: &SemanticModel, measure: &str) -> bool {
    model.formulas.get(measure).is_some_and(|formula| formula.to.is_some())
}
