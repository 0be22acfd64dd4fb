//! What follows from the rows of a result: the highest, the lowest, the total where summing is legitimate.

use std::cmp::Ordering;

use oms_tools::orders::OrdersReport;
use oms_tools::{Cell, Unit};

use crate::reply::figures::Exact;
use crate::reply::shape::is_series_grain;

/// Measures whose groups add up along every dimension that they split by: each row belongs to one group.
const SUMS: [&str; 11] = [
    "revenue",
    "billed_amount",
    "units_sold",
    "gross_profit",
    "discounts",
    "new_customers",
    "returned_units",
    "refunds",
    "payment_attempts",
    "shipments",
    "late_shipments",
];
/// Measures that add up except over time: they are states.
const STATES: [&str; 4] = ["customers", "stock", "available_stock", "stock_value"];
/// Counts of orders: they add up along what an order has once.
const ORDER_COUNTS: [&str; 4] = ["orders", "cancelled_orders", "open_orders", "stuck_orders"];
/// Words of the dimensions that an order has once; over others its groups overlap.
const ONCE_AN_ORDER: [&str; 10] = [
    "order_status",
    "status",
    "channel",
    "ship_country",
    "ship_city",
    "customer",
    "segment",
    "cancel_reason",
    "weekday",
    "day_type",
];

/// True where the sum over the groups is the figure of all groups together.
pub(crate) fn adds_up(report: &OrdersReport, measure: &str) -> bool {
    let Some(query) = &report.query else { return false };
    let told_otherwise = report.notes.iter().any(|note| note.contains("overlap"));
    if report.table.truncated || query.average_per.is_some() || query.ratio.is_some() || told_otherwise {
        return false;
    }
    let dimensions = || query.dimensions.iter().map(String::as_str);
    let time = |name: &str| is_series_grain(name) || name == "hour_of_day";
    if SUMS.contains(&measure) {
        true
    } else if STATES.contains(&measure) {
        !dimensions().any(|name| time(name) || matches!(name, "weekday" | "day_type"))
    } else if ORDER_COUNTS.contains(&measure) {
        dimensions().all(|name| time(name) || ONCE_AN_ORDER.contains(&name) || name.starts_with("customer_"))
    } else {
        false
    }
}

/// The exact sum of a column; `None` where a value is no exact number.
pub(super) fn total(report: &OrdersReport, column: usize) -> Option<Exact> {
    report.table.rows.iter().filter(|row| !matches!(row.get(column), None | Some(Cell::Null))).try_fold(
        Exact::ZERO,
        |sum, row| {
            let cell = row.get(column)?;
            sum.plus(Exact::of(cell)?)
        },
    )
}

/// The rows with the highest and with the lowest value of a column, all that tie; empty where there is no value.
pub(super) fn extremes(report: &OrdersReport, column: usize) -> (Vec<usize>, Vec<usize>) {
    let known: Vec<usize> = (0..report.table.rows.len())
        .filter(|row| report.table.rows[*row].get(column).is_some_and(|cell| cell.as_f64().is_some()))
        .collect();
    let at = |row: usize| &report.table.rows[row][column];
    let end = |wanted: Ordering| {
        let Some(best) =
            known.iter().copied().reduce(|best, row| if order(at(row), at(best)) == wanted { row } else { best })
        else {
            return Vec::new();
        };
        known.iter().copied().filter(|row| order(at(*row), at(best)) == Ordering::Equal).collect()
    };
    (end(Ordering::Greater), end(Ordering::Less))
}

/// Compares two figures: exactly where both are exact.
fn order(left: &Cell, right: &Cell) -> Ordering {
    if let (Some(left), Some(right)) = (Exact::of(left), Exact::of(right))
        && let Some(difference) = left.minus(right)
    {
        return if difference.is_zero() {
            Ordering::Equal
        } else if difference.is_negative() {
            Ordering::Less
        } else {
            Ordering::Greater
        };
    }
    let (left, right) = (left.as_f64().unwrap_or(0.0), right.as_f64().unwrap_or(0.0));
    left.partial_cmp(&right).unwrap_or(Ordering::Equal)
}

/// The difference of two figures: exact where both are, else in DOUBLE.
pub(super) fn difference(now: &Cell, before: &Cell) -> Option<Cell> {
    if let (Some(now), Some(before)) = (Exact::of(now), Exact::of(before)) {
        return now.minus(before).map(Exact::cell);
    }
    Some(Cell::Number(now.as_f64()? - before.as_f64()?))
}

/// A fraction in people's form, for a change or a share.
pub(super) fn percent(cell: Option<&Cell>) -> Option<String> {
    let cell = cell.filter(|cell| cell.as_f64().is_some())?;
    Some(crate::reply::figures::figure(cell, Unit::Percent))
}
