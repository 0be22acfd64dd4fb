//! One order's whole story: what happened to it, in the order in which it happened, a row each.

use super::Plan;
use crate::{
    Column, ColumnType, Role, Unit,
    orders::{Parameter, Statement, semantic::sql::Sql},
};

/// Each row's time, place among rows of the same time, what it is, its detail and its amount.
const ROWS: [&str; 6] = [
    "SELECT orders.placed_at AS at, 1 AS place, orders.id AS number, 'order' AS what, CONCAT(orders.order_number, ' ', orders.status, ', ', orders.channel, \
     ', ships to ', orders.ship_city, ' (', orders.ship_country, '), customer ', customers.full_name, \
     COALESCE(CONCAT(', cancelled: ', orders.cancel_reason), '')) AS detail, orders.grand_total AS amount \
     FROM orders JOIN customers ON customers.id = orders.customer_id WHERE orders.order_number = ",
    "SELECT orders.placed_at, 2, order_items.id, 'line', CONCAT(order_items.quantity, ' x ', products.name, ' (', products.sku, ')', \
     COALESCE(CONCAT(' from ', warehouses.code), ', on back order')), order_items.line_total \
     FROM orders JOIN order_items ON order_items.order_id = orders.id JOIN products ON products.id = order_items.product_id \
     LEFT JOIN warehouses ON warehouses.id = order_items.warehouse_id WHERE orders.order_number = ",
    "SELECT payments.attempted_at, 3, payments.id, 'payment', CONCAT(payments.method, ' ', payments.status, \
     COALESCE(CONCAT(': ', payments.failure_reason), '')), payments.amount \
     FROM orders JOIN payments ON payments.order_id = orders.id WHERE orders.order_number = ",
    "SELECT COALESCE(shipments.shipped_at, shipments.promised_at), 5, shipments.id, 'parcel', CONCAT(shipments.carrier, ' ', \
     shipments.tracking_number, ' from ', warehouses.code, ', ', shipments.status, ', promised ', \
     DATE_FORMAT(shipments.promised_at, '%Y-%m-%d %H:%i:%s'), \
     COALESCE(CONCAT(', delivered ', DATE_FORMAT(shipments.delivered_at, '%Y-%m-%d %H:%i:%s')), '')), NULL \
     FROM orders JOIN shipments ON shipments.order_id = orders.id JOIN warehouses ON warehouses.id = shipments.warehouse_id \
     WHERE orders.order_number = ",
    "SELECT returns.requested_at, 6, returns.id, 'return', CONCAT(returns.quantity, ' x ', products.name, ' (', products.sku, '), ', \
     returns.reason, ', ', returns.status), returns.refund_amount \
     FROM orders JOIN order_items ON order_items.order_id = orders.id JOIN returns ON returns.order_item_id = order_items.id \
     JOIN products ON products.id = order_items.product_id WHERE orders.order_number = ",
    "SELECT order_events.occurred_at, 4, order_events.version, 'event', CONCAT(order_events.type, ' (version ', \
     order_events.version, ')'), NULL FROM order_events WHERE order_events.order_number = ",
];

/// The order of one parcel.
const OF_PARCEL: &str = "(SELECT sent.order_number FROM shipments AS parcel JOIN orders AS sent ON sent.id = parcel.order_id \
     WHERE parcel.tracking_number = ";

/// Whether it is a parcel's number, `DP000006134`: no order's begins like that.
pub(crate) fn is_tracking_number(number: &str) -> bool {
    let digits = number.get(2..).unwrap_or_default();
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && number.bytes().take(2).all(|byte| byte.is_ascii_alphabetic())
}

pub(super) fn plan(number: &str) -> Plan {
    let number = number.trim();
    let is_parcel = is_tracking_number(number);
    let selects: Vec<Sql> = ROWS
        .iter()
        .map(|select| {
            let mut sql = Sql::new(if is_parcel { format!("{select}{OF_PARCEL}") } else { (*select).to_owned() });
            sql.bind(Parameter::Text(number.to_owned()));
            if is_parcel { sql.within("", ")") } else { sql }
        })
        .collect();
    let sql = Sql::join(&selects, " UNION ALL ")
        .within("SELECT at, what, detail, amount FROM (", ") AS story ORDER BY at, place, number");
    let column = |name: &str, kind, unit| Column { name: name.to_owned(), kind, role: Role::Attribute, unit };
    let shown = sql.with_literals();
    Plan {
        statement: Statement {
            sql: sql.text,
            parameters: sql.parameters,
            columns: Some(vec![
                column("at", ColumnType::Datetime, Unit::Plain),
                column("what", ColumnType::String, Unit::Plain),
                column("detail", ColumnType::String, Unit::Plain),
                column("amount", ColumnType::Decimal, Unit::Euro),
            ]),
        },
        shown,
        interpretation: if is_parcel {
            format!("everything that happened to the order of parcel {number}; times are UTC")
        } else {
            format!("everything that happened to order {number}; times are UTC")
        },
        notes: Vec::new(),
        edge: false,
    }
}

/// The order numbers around one that does not exist: the nearest before and after.
pub(crate) fn near(number: &str) -> Statement {
    let mut sql = Sql::new("SELECT MAX(order_number) FROM orders WHERE order_number < ");
    sql.bind(Parameter::Text(number.to_owned()));
    sql.push(" UNION ALL SELECT MIN(order_number) FROM orders WHERE order_number > ");
    sql.bind(Parameter::Text(number.to_owned()));
    Statement { sql: sql.text, parameters: sql.parameters, columns: None }
}
