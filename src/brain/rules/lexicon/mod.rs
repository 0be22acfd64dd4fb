//! Words that the grammar itself knows: operators, filler, and everyday words for catalogue names and enumerated values.
//! Must not hold values of the database other than those that the schema enumerates.

mod clauses;
mod comparators;
mod english;
mod filler;
mod grown;
mod halves;
mod manner;
mod names;
mod oddly;
mod operators;
mod ordered;
mod phrases;
mod queue;
mod rankings;
mod rephrased;
mod romance;
mod spoken;
mod thesaurus;
mod translated;
mod turns;
mod usage;
mod versus;

use oms_tools::orders::semantic::query::{Direction, FilterOp};

pub(super) use clauses::KEPT;
pub(super) use comparators::COMPARATORS;
pub(super) use english::is_word;
pub(super) use filler::FILLER;
pub(super) use grown::{Grown, is_a_change};
pub(super) use names::{ENUMERATED, NAMES};
pub(super) use operators::OPERATORS;
pub(super) use rankings::RANKINGS;
pub(super) use rephrased::{rephrase, word};
pub(super) use thesaurus::ENGLISH;

/// What an operator word does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Carries no meaning of its own.
    Filler,
    /// Names a dimension or the measure of a ranking.
    By,
    /// "per", "for each".
    Per,
    /// "without", "except", "not".
    Without,
    /// "no", "zero" before a noun.
    No,
    /// "only".
    Only,
    /// "and", "or", ",".
    And,
    /// "but".
    But,
    /// "vs", "compared with".
    Versus,
    /// "growth", "change".
    Growth,
    /// "that fell", "sold less than in 2024": the condition that the figure changed so.
    Grown(Grown),
    /// "cancelled orders don't count".
    Kept,
    /// "in each of Fashion and Sports": the values that follow are groups.
    EachValue,
    /// "month over month": a change along a grain.
    Along(&'static str),
    /// "monthly": a grain.
    Grain(&'static str),
    /// "share of", "percentage of".
    Share,
    /// "running total", "cumulative".
    Running,
    /// "trend", "over time".
    Trend,
    /// "average", "mean".
    Average,
    /// "top", "bottom": plural, 10 where no number is given.
    Cut(Direction),
    /// "best", "most", "lowest": one where the noun is singular.
    Extreme(Direction),
    /// "best selling": the extreme of one measure.
    ExtremeOf(Direction, &'static str),
    /// "lowest first": the order of all groups.
    Sorted(Direction),
    /// "which", "what".
    Which,
    /// "who": customers.
    Who,
    /// "how many", "number of".
    HowMany,
    /// "list", "show".
    List,
    /// "more than", "at least".
    Compare(FilterOp),
    /// "never".
    Never,
    /// "bought", "ordered", "sold".
    Bought,
    /// "spent", "sell", "earn": the measure where no other is named.
    Weak(&'static str),
    /// "latest", "newest".
    Newest,
    /// "oldest".
    Oldest,
    /// "instead": replaces in the last question.
    Instead,
    /// "instead of": what follows was said before.
    InsteadOf,
    /// "with", "whose", "where".
    With,
    /// "hold", "in stock": what lies in the warehouses.
    Hold,
    /// "available": of the stock, what is not reserved.
    Available,
    /// "registered", "created": of customers, when.
    Registered,
    /// "most expensive", "cheapest": of products.
    Priced(Direction),
    /// "again", "repeatedly", "at least twice".
    Again,
    /// "both", "too": of two ranges or values.
    Both,
    /// "different", "distinct", "unique".
    Distinct,
    /// "history of", "everything about": one order's whole story.
    Story,
    /// "how long", "how fast".
    HowLong,
    /// "most common", "most frequent".
    Common(Direction),
    /// "develop", "evolve": along time, unless it is compared.
    Develop,
    /// "none", "nothing": no row.
    Nothing,
    /// "median", "90th percentile".
    Percentile,
    /// "second", "runner-up": the place in a ranking or a list.
    Place(u32),
    /// "first": the oldest, or the first place of what was shown.
    First,
    /// "first-time buyers".
    FirstTime,
}

/// The part of the shop that a measure or dimension belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Orders,
    Customers,
    Payments,
    Shipments,
    Returns,
    Stock,
}

/// The family of a measure.
pub(super) fn family_of_measure(name: &str) -> Family {
    match name {
        "customers" | "new_customers" | "buyers" | "repeat_buyers" | "repeat_rate" => Family::Customers,
        "payment_attempts" | "payment_failure_rate" => Family::Payments,
        "transit_time" | "shipments" | "parcels_delivered" | "on_time_rate" | "late_shipments" | "late_rate" => {
            Family::Shipments
        }
        "returned_units" | "returns_count" | "return_rate" | "refunds" => Family::Returns,
        "stock" | "available_stock" | "low_stock" | "out_of_stock" | "stock_value" => Family::Stock,
        _ => Family::Orders,
    }
}

/// The family whose own column a dimension is; none where it fits all.
pub(super) fn family_of_dimension(name: &str) -> Option<Family> {
    Some(match name {
        "order_status" | "cancel_reason" | "channel" => Family::Orders,
        "payment_status" | "failure_reason" | "payment_method" => Family::Payments,
        "shipment_status" | "carrier" => Family::Shipments,
        "return_reason" | "return_status" => Family::Returns,
        _ => return None,
    })
}
