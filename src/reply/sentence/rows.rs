//! Listed rows, one order's story, and the rows of a typed statement.

use oms_tools::Cell;
use oms_tools::orders::OrdersReport;
use oms_tools::orders::semantic::query::RowList;

use super::{Context, counted, opened};
use crate::reply::shape;
use crate::reply::vocabulary::Vocabulary;

/// Rows that are listed where no number was given.
const USUAL_ROWS: usize = 20;

/// The sentence of a list.
pub(super) fn list(context: &Context<'_>, list: &RowList) -> String {
    let count = context.report.table.rows.len();
    let what = list.entity.replace('_', " ");
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
        None => ", newest first".to_owned(),
    };
    let noun = if count == 1 { what.strip_suffix('s').unwrap_or(&what) } else { &what };
    let shown = crate::reply::figures::group(&count.to_string());
    let cut = if part { "; there may be more" } else { "" };
    let head = if part { format!("{shown} {noun}") } else { format!("all {shown} {noun}") };
    let head = if count == 1 && !part { format!("the only {noun}") } else { head };
    let order = if count == 1 { String::new() } else { order };
    opened(&format!("{head}{conditions} {when}{exact}{order}{cut}."))
}

/// The sentence of one order's story.
pub(super) fn order(context: &Context<'_>, number: &str) -> String {
    let table = &context.report.table;
    if table.rows.is_empty() {
        return format!("There is no order `{number}`.");
    }
    let column = |name: &str| table.columns.iter().position(|column| column.name == name);
    let text = |row: usize, name: &str| {
        column(name)
            .filter(|index| !matches!(context.cell(row, *index), None | Some(Cell::Null)))
            .map(|index| shape::cell(table, &table.rows[row], index, context.vocabulary))
    };
    let last = table.rows.len() - 1;
    let mut parts = Vec::new();
    let status = text(0, "order_status").or_else(|| text(0, "status").filter(|_| column("order_number").is_some()));
    parts.extend(status.map(|status| format!("is {status}")));
    parts.extend(text(0, "placed_at").map(|at| format!("was placed on {at} UTC")));
    parts.extend(text(0, "grand_total").map(|total| format!("has a grand total of {total}")));
    let event = text(last, "event").or_else(|| text(last, "type")).or_else(|| text(last, "what"));
    if let (Some(event), Some(at)) = (event, text(last, "occurred_at").or_else(|| text(last, "at"))) {
        parts.push(format!("has {} in its story, the last `{event}` on {at} UTC", counted(table.rows.len(), "event")));
    }
    if parts.is_empty() {
        return format!("Order `{number}`: {}.", counted(table.rows.len(), "row"));
    }
    format!("Order `{number}` {}.", super::conditions::list(parts, "and"))
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
