//! Who has or has not a row: customers and products, and what can be looked for.

use crate::{
    Failure,
    orders::semantic::{SemanticQuery, names, query::SetFilter},
};

/// What a set can look for, of customers and products.
///
/// `any_orders`, an order of whatever status, is said by rules and not told to models.
pub(crate) const WHAT: [&str; 7] =
    ["orders", "any_orders", "cancelled_orders", "open_orders", "returns", "returned_units", "returns_count"];
/// A customer's own registration, which no row of another kind tells.
pub(crate) const REGISTRATION: &str = "registration";
/// What a set can look for, of orders.
///
/// `orders_paid` and what follows are the events of the measures of those names, said by rules and not told to models.
pub(crate) const OF_ORDERS: [&str; 9] = [
    "shipments",
    "payments",
    "returns",
    "lines",
    "orders_paid",
    "orders_packed",
    "orders_shipped",
    "orders_delivered",
    "orders_returned",
];

/// What can be counted of an order.
const COUNTED: [&str; 3] = ["shipments", "payments", "lines"];

pub(crate) fn check(query: &SemanticQuery) -> Result<(), Failure> {
    for set in &query.sets {
        let known: &[&str] = match set.who.as_str() {
            "customer" | "product" => &WHAT,
            "order" => &OF_ORDERS,
            _ => {
                return Err(Failure::invalid(format!("no set of `{}`", set.who))
                    .hint("`who` is `customer`, `product` or `order`"));
            }
        };
        if set.who == "customer" && set.what == REGISTRATION {
            registration(set)?;
            continue;
        }
        if !known.contains(&set.what.as_str()) {
            return Err(super::unsupported(format!("cannot look for `{}` of a {}", set.what, set.who))
                .hint(names::suggestion(&set.what, known.iter().copied())));
        }
        if let Some(count) = set.count {
            let counted = set.who == "order" && COUNTED.contains(&set.what.as_str());
            if !counted || !set.has {
                return Err(super::unsupported(format!("cannot count the `{}` that a {} has", set.what, set.who))
                    .hint("counted are an order's `shipments`, `payments` and `lines`"));
            }
            if count.at_least == 0 || count.at_most.is_some_and(|most| most < count.at_least) {
                return Err(Failure::invalid("cannot count from 0, or to less than from")
                    .hint("`at_least` is 1 or more, and `at_most` no less"));
            }
        }
    }
    Ok(())
}

/// Everybody is registered: only when is a question.
fn registration(set: &SetFilter) -> Result<(), Failure> {
    if set.time.is_none() || !set.filters.is_empty() || set.count.is_some() {
        return Err(Failure::invalid("cannot look for a registration without a range, or with conditions of its own")
            .hint("give the range in which the customer registered"));
    }
    Ok(())
}

/// A condition on what is looked for that its rows do not have.
pub(crate) fn no_such_condition(what: &str, dimension: &str) -> Failure {
    super::unsupported(format!("cannot look for `{what}` by `{dimension}`"))
        .hint("conditions of a set are on `product`, `sku`, `brand`, `category`, `channel`, `ship_country`, `ship_city`; of payments and parcels on their method, status and carrier")
}
