//! Listed rows, one order's story, and the rows of a typed statement.

use oms_tools::Cell;
use oms_tools::orders::OrdersReport;
use oms_tools::orders::semantic::query::RowList;

use super::{Context, counted, opened};
use crate::reply::shape;
use crate::reply::vocabulary::Vocabulary;

/// Rows that are listed where no number was given.
const USUAL_ROWS: usize = 20;
/// Parcels that the sentence of a story tells; the rows tell all.
const PARCELS: usize = 3;

/// The sentence of a list.
pub(super) fn list(context: &Context<'_>, list: &RowList) -> String {
    let count = context.report.table.rows.len();
    let what = match &list.of {
        Some(measure) => context.vocabulary.title(measure),
        None => list.entity.replace('_', " "),
    };
    let (conditions, when) = (context.conditions(), context.when());
    let exact =
        context.query.time.as_ref().map_or_else(String::new, |time| format!(" ({})", super::range::exact(time)));
    if count == 0 {
        return format!("There are no {what}{conditions} {when}{exact}.");
    }
    let limit = list.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(USUAL_ROWS);
    let part = count >= limit || context.report.table.truncated;
    let order = match &list.order_by {
        Some(column) => {
            let end = if list.ascending { "lowest" } else { "highest" };
            format!(", {end} {} first", context.vocabulary.title(column))
        }
        None if list.ascending => ", oldest first".to_owned(),
        None => ", newest first".to_owned(),
    };
    let noun = if count == 1 { what.strip_suffix('s').unwrap_or(&what) } else { &what };
    let shown = crate::reply::figures::group(&count.to_string());
    let cut = if part { "; there may be more" } else { "" };
    let head = if part { format!("{shown} {noun}") } else { format!("all {shown} {noun}") };
    let head = if count == 1 && !part { format!("the only {noun}") } else { head };
    if let (1, Some(column)) = (count, &list.order_by) {
        return only(context, noun, list, column, &format!("{conditions} {when}{exact}"));
    }
    let order = if count == 1 { String::new() } else { order };
    opened(&format!("{head}{conditions} {when}{exact}{order}{cut}."))
}

/// The one row that stands out: "the order with the highest items total in 2025: ORD-0000042, € 1,234.50".
fn only(context: &Context<'_>, noun: &str, list: &RowList, column: &str, rest: &str) -> String {
    let table = &context.report.table;
    let at = table.columns.iter().position(|known| known.name == column);
    let text = |index: usize| {
        table.rows.first().map_or_else(String::new, |row| shape::cell(table, row, index, context.vocabulary))
    };
    let figure = at.map_or_else(String::new, |index| format!(", {}", text(index)));
    let end = if list.ascending { "lowest" } else { "highest" };
    let place = match u8::try_from(list.skip + 1) {
        Ok(1) => end.to_owned(),
        Ok(place) => format!("{} {end}", super::ordinal(place)),
        Err(_) => format!("{}. {end}", list.skip + 1),
    };
    opened(&format!("the {noun} with the {place} {}{rest}: {}{figure}.", context.vocabulary.title(column), text(0)))
}

/// The sentence of one order's story.
pub(super) fn order(context: &Context<'_>, number: &str) -> String {
    let table = &context.report.table;
    if table.rows.is_empty() {
        return format!("There is no order `{number}`.");
    }
    let at = |name: &str| table.columns.iter().position(|column| column.name == name);
    let (Some(when), Some(what), Some(detail)) = (at("at"), at("what"), at("detail")) else {
        return format!("Order `{number}`: {}.", counted(table.rows.len(), "row"));
    };
    let text = |row: &[Cell], index: usize| shape::cell(table, row, index, context.vocabulary);
    let of = |kind: &'static str| {
        table.rows.iter().filter(move |row| matches!(row.get(what), Some(Cell::Text(text)) if text == kind))
    };
    let mut parts = Vec::new();
    let mut whose = format!("`{number}`");
    if let Some(order) = of("order").next() {
        // The detail begins with the order's number and its present status.
        let detail = text(order, detail);
        let (order_number, detail) = detail.split_once(' ').unwrap_or(("", &detail));
        if !number.starts_with("ORD-") {
            whose = format!("`{order_number}`, of parcel `{number}`,");
        }
        let (status, rest) = detail.split_once(", ").unwrap_or((detail, ""));
        let total = at("amount").map_or_else(String::new, |amount| format!(", {} in all", text(order, amount)));
        parts.push(format!("is {status}: placed on {} UTC, {rest}{total}", text(order, when)));
    }
    let mut parcels: Vec<_> = of("parcel").collect();
    // The one that was asked for stands first.
    parcels.sort_by_key(|parcel| !text(parcel, detail).contains(number));
    parts.extend(parcels.into_iter().take(PARCELS).map(|parcel| format!("parcel {}", text(parcel, detail))));
    if let Some(event) = of("event").next_back() {
        let name = text(event, detail);
        let name = name.split(" (").next().unwrap_or(&name);
        parts.push(format!("last event `{name}` on {} UTC", text(event, when)));
    }
    format!("Order {whose} {}.", parts.join("; "))
}

/// The sentence of rows that come from a typed statement or have no figure.
pub(super) fn statement(report: &OrdersReport, vocabulary: &Vocabulary) -> String {
    let table = &report.table;
    match (table.rows.as_slice(), table.columns.as_slice()) {
        ([], _) => "The statement returned no rows.".to_owned(),
        ([row], [column]) => format!("`{}` is {}.", column.name, shape::cell(table, row, 0, vocabulary)),
        (rows, columns) => {
            let cut = if table.truncated { ", cut by a limit" } else { "" };
            format!("{}, {}{cut}.", counted(rows.len(), "row"), counted(columns.len(), "column"))
        }
    }
}
