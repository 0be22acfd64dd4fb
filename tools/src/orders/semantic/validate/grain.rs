//! The grain rules: a measure splits and filters by its own row's columns and by what that row points to; sums across the
//! many side are refused, counts of orders and buyers are not.

use super::unsupported;
use crate::{
    Failure, FailureKind, Unit,
    orders::semantic::{
        SemanticModel,
        catalog::DimensionKind,
        dialect::Grain,
        model::Aggregate,
        plan::{conditions::meant, figures::family},
    },
};

/// A time where there is none.
pub(crate) fn no_axis(owner: &str, what: &str) -> Failure {
    unsupported(format!("cannot use a {what} with `{owner}`: it is only known as it is now, no history is kept"))
        .hint("leave out the time")
}

/// A running count split along time.
pub(crate) fn no_history_of_count(measure: &str, grain: &str) -> Failure {
    unsupported(format!("cannot split `{measure}` by `{grain}`: it counts everybody registered before the range's end"))
        .hint(format!("ask for `new_customers` by `{grain}`, with `running_total` if wanted"))
}

/// Two things that have nothing to do with each other.
pub(crate) fn unrelated(model: &SemanticModel, owner: &str, noun: &str, dimension: &str) -> Failure {
    let failure =
        unsupported(format!("cannot use `{dimension}` with `{owner}`: {noun} have no {}", title(model, dimension)));
    match fitting(model, owner).as_slice() {
        [] => failure,
        some => failure.hint(format!("`{owner}` goes with {}", some.join(", "))),
    }
}

/// A sum or average across the many side.
pub(crate) fn many_side(model: &SemanticModel, measure: &str, one: &str, dimension: &str) -> Failure {
    let failure = unsupported(format!(
        "cannot split `{measure}` by `{dimension}`: one of its {one} may belong to several groups, and would be added more than once"
    ));
    let unit = model.catalog.measure(measure).map(|measure| measure.unit);
    let mut others: Vec<&str> = model
        .catalog
        .measures
        .iter()
        // Models are not told of some.
        .filter(|other| !other.rules_only)
        .filter(|other| unit.is_some_and(|unit| alike(unit, other.unit)) && splits(model, &other.name, dimension))
        .map(|other| other.name.as_str())
        .collect();
    // Those that stand on the dimension's own rows come first.
    others.sort_by_key(|other| !points_to(model, other, dimension));
    others.truncate(6);
    match &others[..] {
        [] => failure.hint("`describe_orders` says what each measure can be split by"),
        some => failure.hint(format!("by `{dimension}` there are {}", some.join(", "))),
    }
}

/// Whether each row of a measure has the dimension by itself.
fn points_to(model: &SemanticModel, measure: &str, dimension: &str) -> bool {
    let figure = model.formulas.get(measure).and_then(|formula| model.figures.get(&formula.of));
    let places = model.dimensions.get(dimension).map_or(&[][..], |dimension| &dimension.places);
    figure.is_some_and(|figure| places.iter().any(|place| model.path(&figure.rows, &place.at).is_some()))
}

/// Whether two units are of one kind: amounts, counts, durations.
fn alike(one: Unit, other: Unit) -> bool {
    let durations = [Unit::Days, Unit::Hours];
    one == other || durations.contains(&one) && durations.contains(&other)
}

/// Dimensions on two many sides at once.
pub(crate) fn two_many_sides(measure: &str, dimensions: &[&str]) -> Failure {
    unsupported(format!(
        "cannot split `{measure}` by {} together: they stand on rows that do not belong to each other",
        dimensions.join(" and ")
    ))
    .hint("split by one of them, and filter by the other")
}

/// A dimension of a ratio's numerator only.
pub(crate) fn only_numerator(measure: &str, dimension: &str) -> Failure {
    unsupported(format!("cannot split `{measure}` by `{dimension}`: what it is divided by has no such value"))
        .hint(format!("ask for `returned_units` by `{dimension}`"))
}

/// A name that a checked model cannot have.
pub(crate) fn unknown_rows(name: &str) -> Failure {
    Failure::new(FailureKind::Internal, format!("cannot plan the query: no rows named `{name}`"))
}

fn title(model: &SemanticModel, dimension: &str) -> String {
    model.catalog.dimension(dimension).map_or_else(|| dimension.to_owned(), |known| known.title.clone())
}

/// Whether a measure can be split by a dimension.
pub(crate) fn splits(model: &SemanticModel, measure: &str, dimension: &str) -> bool {
    let Some(formula) = model.formulas.get(measure) else { return false };
    if formula.only_of.iter().any(|only| only == dimension) {
        return false;
    }
    let dimension = meant(model, dimension, family(model, formula));
    let Some(known) = model.dimensions.get(dimension) else { return false };
    [Some(&formula.of), formula.to.as_ref()].into_iter().flatten().all(|figure| {
        let Some(figure) = model.figures.get(figure) else { return false };
        if Grain::of(dimension).is_some() {
            return figure.axis.is_some() && !figure.up_to_end;
        }
        let keyed = matches!(figure.aggregate, Aggregate::Distinct(_) | Aggregate::AtLeast { .. });
        known.places.iter().any(|place| {
            model.path(&figure.rows, &place.at).is_some()
                || keyed
                    && known.kind != DimensionKind::Number
                    && [Some(place.at.as_str()), model.row_set(&place.at).and_then(|set| set.across.as_deref())]
                        .into_iter()
                        .flatten()
                        .any(|many| model.path(many, "orders").is_some())
        })
    })
}

/// The dimensions that a measure can be split by.
pub(crate) fn fitting<'a>(model: &'a SemanticModel, measure: &str) -> Vec<&'a str> {
    model
        .catalog
        .dimensions
        .iter()
        .filter(|dimension| dimension.kind != DimensionKind::Number)
        .map(|dimension| dimension.name.as_str())
        .filter(|dimension| splits(model, measure, dimension))
        .collect()
}
