//! A ranking ranks groups.

use crate::{
    Failure,
    orders::semantic::{SemanticModel, SemanticQuery, dialect::Grain},
};

pub(crate) fn check(model: &SemanticModel, query: &SemanticQuery) -> Result<(), Failure> {
    let Some(ranking) = &query.ranking else { return Ok(()) };
    if query.dimensions.is_empty() {
        return Err(Failure::invalid("cannot rank without `dimensions`: there is one figure only")
            .hint("name what is ranked, for example `\"dimensions\": [\"product\"]`"));
    }
    if ranking.limit == Some(0) {
        return Err(Failure::invalid("cannot rank with `limit` 0").hint("a limit is at least 1"));
    }
    if ranking.change.is_some() {
        let along = query.dimensions.iter().any(|name| Grain::of(name).is_some());
        let why = if query.compare.is_none() {
            "nothing is compared"
        } else if along {
            "each is compared with the one before"
        } else {
            "its groups are counted or added up"
        };
        if query.compare.is_none() || along || query.count_of.is_some() || ranking.together {
            return Err(super::unsupported(format!("cannot rank by the change of this: {why}")).hint(
                "give `compare`, neither a count nor a sum of the groups, and no time grain among `dimensions`",
            ));
        }
    }
    if ranking.together {
        let several = query.compare.is_some()
            || query.running_total
            || query.average_per.is_some()
            || query.count_of.is_some()
            || query.dimensions.len() != 1
            || ranking.per.is_some()
            || ranking.limit.is_none();
        if several {
            return Err(super::unsupported(
                "cannot add up a ranking's groups with this: their figures stand in one row",
            )
            .hint("rank one dimension with a limit, without comparison, running total, mean or count"));
        }
        if let Some(name) = query.measures.iter().find(|name| !super::totals::adds_up(model, name)) {
            return Err(super::unsupported(format!("cannot add up `{name}` over the groups of a ranking"))
                .hint("sums and counts add up: `revenue`, `orders`, `units_sold`"));
        }
    }
    let Some(per) = &ranking.per else { return Ok(()) };
    if !query.dimensions.contains(per) {
        return Err(Failure::invalid(format!("cannot rank within each `{per}`: it is not among `dimensions`"))
            .hint(format!("add `{per}` to `dimensions`")));
    }
    if query.dimensions.len() < 2 {
        return Err(Failure::invalid(format!("cannot rank within each `{per}`: nothing else is split by"))
            .hint("add what is ranked to `dimensions`"));
    }
    Ok(())
}
