//! Who has or has not a row: customers and products, and what can be looked for.

use crate::{
    Failure,
    orders::semantic::{SemanticQuery, names},
};

/// What a set can look for.
pub(crate) const WHAT: [&str; 5] = ["orders", "cancelled_orders", "returns", "returned_units", "returns_count"];

pub(crate) fn check(query: &SemanticQuery) -> Result<(), Failure> {
    for set in &query.sets {
        if !matches!(set.who.as_str(), "customer" | "product") {
            return Err(Failure::invalid(format!("no set of `{}`", set.who)).hint("`who` is `customer` or `product`"));
        }
        if !WHAT.contains(&set.what.as_str()) {
            return Err(super::unsupported(format!("cannot look for `{}` of a {}", set.what, set.who))
                .hint(names::suggestion(&set.what, ["orders", "cancelled_orders", "returns"])));
        }
    }
    Ok(())
}
