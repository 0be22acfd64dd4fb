//! Every name that a query uses is one of the catalogue's; a wrong one is told with the nearest right one.

use super::unsupported;
use crate::{
    Failure, FailureKind,
    orders::semantic::{SemanticModel, SemanticQuery, catalog::DimensionKind, names, query::Share},
};

pub(crate) fn check(model: &SemanticModel, query: &SemanticQuery) -> Result<(), Failure> {
    let by = query.ranking.as_ref().map(|ranking| &ranking.by);
    let having = query.having.iter().map(|filter| &filter.measure);
    for name in query.measures.iter().chain(having).chain(by) {
        if model.catalog.measure(name).is_none() {
            return Err(unknown_measure(model, name));
        }
    }
    let per = query.ranking.as_ref().and_then(|ranking| ranking.per.as_ref());
    let without = match &query.share {
        Some(Share::OfWithout(dimension)) => Some(dimension),
        _ => None,
    };
    let filtered = query.filters.iter().map(|filter| &filter.dimension);
    for name in query
        .dimensions
        .iter()
        .chain(&query.average_per)
        .chain(&query.count_of)
        .chain(per)
        .chain(without)
        .chain(filtered)
    {
        if model.catalog.dimension(name).is_none() {
            return Err(unknown_dimension(model, name));
        }
    }
    for (index, name) in query.dimensions.iter().enumerate() {
        if query.dimensions[..index].contains(name) {
            return Err(Failure::invalid(format!("cannot split by `{name}` twice")).hint("name each dimension once"));
        }
    }
    for name in query.dimensions.iter().chain(&query.average_per).chain(&query.count_of) {
        if model.catalog.dimension(name).is_some_and(|dimension| dimension.kind == DimensionKind::Number) {
            return Err(unsupported(format!("cannot split by `{name}`: it is a number of each row")).hint(format!(
                "filter by it: `{{\"dimension\": \"{name}\", \"op\": \"above\", \"values\": [\"100\"]}}`"
            )));
        }
    }
    if let Some(list) = &query.list
        && !model.entities.contains_key(&list.entity)
    {
        return Err(unknown_entity(model, &list.entity));
    }
    Ok(())
}

fn unknown<'a>(kind: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone, tool: &str) -> Failure {
    let near = names::nearest(name, known.clone());
    let failure = Failure::new(FailureKind::InvalidArguments, format!("no {kind} named `{name}`"));
    if near.is_empty() {
        failure.hint(tool.to_owned())
    } else {
        failure.hint(names::suggestion(name, known.collect::<Vec<_>>()))
    }
}

pub(crate) fn unknown_measure(model: &SemanticModel, name: &str) -> Failure {
    let known = model.catalog.measures.iter();
    if let Some(measure) = known.clone().find(|measure| says(&measure.title, &measure.synonyms, name)) {
        return Failure::invalid(format!("no measure named `{name}`"))
            .hint(format!("did you mean `{}`?", measure.name));
    }
    unknown("measure", name, known.map(|measure| measure.name.as_str()), "`describe_orders` lists the measures")
}

pub(crate) fn unknown_dimension(model: &SemanticModel, name: &str) -> Failure {
    let known = model.catalog.dimensions.iter();
    if let Some(dimension) = known.clone().find(|dimension| says(&dimension.title, &dimension.synonyms, name)) {
        return Failure::invalid(format!("no dimension named `{name}`"))
            .hint(format!("did you mean `{}`?", dimension.name));
    }
    unknown("dimension", name, known.map(|dimension| dimension.name.as_str()), "`describe_orders` lists the dimensions")
}

/// Whether a name is one of the words for something.
fn says(title: &str, synonyms: &[String], name: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_'], " ");
    plain(title) == plain(name) || synonyms.iter().any(|synonym| plain(synonym) == plain(name))
}

pub(crate) fn unknown_entity(model: &SemanticModel, name: &str) -> Failure {
    let known: Vec<&str> = model.catalog.entities.iter().map(|entity| entity.name.as_str()).collect();
    Failure::invalid(format!("no rows named `{name}`")).hint(names::suggestion(name, known))
}

pub(crate) fn unknown_column(model: &SemanticModel, entity: &str, name: &str) -> Failure {
    let known: Vec<&str> = model
        .catalog
        .entities
        .iter()
        .filter(|known| known.name == entity)
        .flat_map(|known| known.columns.iter().map(String::as_str))
        .collect();
    Failure::invalid(format!("no column of {entity} named `{name}`")).hint(names::suggestion(name, known))
}

pub(crate) fn personal(entity: &str, name: &str) -> Failure {
    Failure::refused(format!("refused to show `{name}` of {entity}: it is personal and not granted"))
        .hint("ask for the customer's name, city or country")
}
