//! A ranking ranks groups.

use crate::{Failure, orders::semantic::SemanticQuery};

pub(crate) fn check(query: &SemanticQuery) -> Result<(), Failure> {
    let Some(ranking) = &query.ranking else { return Ok(()) };
    if query.dimensions.is_empty() {
        return Err(Failure::invalid("cannot rank without `dimensions`: there is one figure only")
            .hint("name what is ranked, for example `\"dimensions\": [\"product\"]`"));
    }
    if ranking.limit == Some(0) {
        return Err(Failure::invalid("cannot rank with `limit` 0").hint("a limit is at least 1"));
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
