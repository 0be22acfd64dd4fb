//! Rows as SQL text, collected into INSERT statements of a bounded size. Knows the columns, not the shop.

use crate::{
    calendar::{push_date, push_time},
    history::payload::{push_money, push_number},
};

/// A table that is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Categories,
    Products,
    Customers,
    Warehouses,
    Inventory,
    Orders,
    Payments,
    Shipments,
    OrderItems,
    Returns,
    OrderEvents,
    DeadLetters,
}

impl Table {
    /// All of them, in the order of the schema.
    pub(crate) const ALL: [Self; 12] = [
        Self::Categories,
        Self::Products,
        Self::Customers,
        Self::Warehouses,
        Self::Inventory,
        Self::Orders,
        Self::Payments,
        Self::Shipments,
        Self::OrderItems,
        Self::Returns,
        Self::OrderEvents,
        Self::DeadLetters,
    ];

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        self.columns().split_once(' ').map_or("", |(name, _)| name)
    }

    /// Its name and its columns, in the order in which rows are written.
    fn columns(self) -> &'static str {
        match self {
            Self::Categories => "categories (id, name)",
            Self::Products => "products (id, sku, name, brand, category_id, price, cost, active, launched_on)",
            Self::Customers => "customers (id, full_name, email, phone, city, country, segment, created_at)",
            Self::Warehouses => "warehouses (id, code, city, country)",
            Self::Inventory => "inventory (product_id, warehouse_id, on_hand, reserved, reorder_level, updated_at)",
            Self::Orders => {
                "orders (id, order_number, customer_id, status, channel, items_total, shipping_fee, tax_total, \
                 grand_total, ship_city, ship_country, placed_at, updated_at, cancel_reason)"
            }
            Self::Payments => "payments (id, order_id, method, status, amount, failure_reason, attempted_at)",
            Self::Shipments => {
                "shipments (id, order_id, warehouse_id, carrier, tracking_number, status, shipped_at, promised_at, \
                 delivered_at)"
            }
            Self::OrderItems => {
                "order_items (id, order_id, product_id, quantity, unit_price, unit_cost, discount, line_total, \
                 warehouse_id, shipment_id)"
            }
            Self::Returns => "returns (id, order_item_id, quantity, reason, status, refund_amount, requested_at)",
            Self::OrderEvents => {
                "order_events (event_id, order_number, type, version, occurred_at, received_at, partition_id, \
                 offset_id, payload)"
            }
            Self::DeadLetters => "dead_letters (partition_id, offset_id, received_at, reason, body, resolved_at)",
        }
    }
}

/// One statement with many rows.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) table: Table,
    pub(crate) statement: String,
    /// How many orders have been told so far.
    pub(crate) orders: u64,
}

#[derive(Debug, Default)]
struct Buffer {
    statement: String,
    rows: u64,
}

/// Where batches go; false: nobody wants more.
pub(crate) type Sink<'a> = dyn FnMut(Batch) -> bool + 'a;

/// Collects rows into batches.
pub(crate) struct Writer<'a> {
    buffers: [Buffer; Table::ALL.len()],
    limit: usize,
    sink: &'a mut Sink<'a>,
    /// How many orders have been told so far.
    pub(crate) orders: u64,
    /// Nobody wants more rows.
    pub(crate) stopped: bool,
}

/// The longest row: a dead letter or an event of a large order.
const LONGEST_ROW: usize = 8 * 1024;

impl<'a> Writer<'a> {
    /// A writer whose statements have at most `limit` bytes.
    pub(crate) fn new(limit: usize, sink: &'a mut Sink<'a>) -> Self {
        let limit = limit.saturating_sub(LONGEST_ROW);
        Self { buffers: Default::default(), limit, sink, orders: 0, stopped: false }
    }

    /// Writes a row.
    pub(crate) fn row(&mut self, table: Table, fill: impl FnOnce(&mut Row<'_>)) {
        let limit = self.limit;
        let buffer = &mut self.buffers[table as usize];
        if buffer.statement.is_empty() {
            buffer.statement.reserve(limit + LONGEST_ROW);
            buffer.statement.push_str("INSERT INTO ");
            buffer.statement.push_str(table.columns());
            buffer.statement.push_str(" VALUES ");
        } else {
            buffer.statement.push(',');
        }
        buffer.statement.push('(');
        fill(&mut Row { out: &mut buffer.statement, first: true });
        buffer.statement.push(')');
        buffer.rows += 1;
        if buffer.statement.len() > limit {
            self.flush(table);
        }
    }

    fn flush(&mut self, table: Table) {
        let statement = std::mem::take(&mut self.buffers[table as usize].statement);
        if !statement.is_empty() && !self.stopped {
            self.stopped = !(self.sink)(Batch { table, statement, orders: self.orders });
        }
    }

    /// Sends what is left; the rows of each table.
    pub(crate) fn finish(&mut self) -> Vec<(&'static str, u64)> {
        for table in Table::ALL {
            self.flush(table);
        }
        Table::ALL.iter().map(|table| (table.name(), self.buffers[*table as usize].rows)).collect()
    }
}

/// The values of a row, in the order of the columns.
pub(crate) struct Row<'a> {
    out: &'a mut String,
    first: bool,
}

impl Row<'_> {
    fn next(&mut self) -> &mut String {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        self.out
    }

    /// A whole number.
    pub(crate) fn number(&mut self, value: u64) {
        push_number(self.next(), i64::try_from(value).unwrap_or(i64::MAX));
    }

    /// Cents as a decimal number.
    pub(crate) fn money(&mut self, cents: i64) {
        push_money(self.next(), cents);
    }

    /// Text; quotes are doubled and there are no backslashes.
    pub(crate) fn text(&mut self, value: &str) {
        let out = self.next();
        out.push('\'');
        for (place, part) in value.split('\'').enumerate() {
            if place > 0 {
                out.push_str("''");
            }
            out.push_str(part);
        }
        out.push('\'');
    }

    /// Text made by `write`, in which nothing needs escaping.
    pub(crate) fn written(&mut self, write: impl FnOnce(&mut String)) {
        let out = self.next();
        out.push('\'');
        write(out);
        out.push('\'');
    }

    /// A time of day with milliseconds.
    pub(crate) fn time(&mut self, at: i64) {
        self.written(|out| push_time(out, at, ' '));
    }

    /// A day.
    pub(crate) fn date(&mut self, day: i64) {
        self.written(|out| push_date(out, day));
    }

    /// Nothing.
    pub(crate) fn null(&mut self) {
        self.next().push_str("NULL");
    }

    /// A value or nothing.
    pub(crate) fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        match value {
            Some(value) => write(self, value),
            None => self.null(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_collected_into_bounded_statements() {
        let mut statements = Vec::new();
        let mut sink = |batch: Batch| {
            statements.push(batch.statement);
            true
        };
        let mut writer = Writer::new(LONGEST_ROW + 60, &mut sink);
        for (id, name) in [(1, "Audio"), (2, "Children's"), (3, "Toys")] {
            writer.row(Table::Categories, |row| {
                row.number(id);
                row.text(name);
            });
        }
        assert_eq!(writer.finish()[0], ("categories", 3));
        assert_eq!(
            statements,
            [
                "INSERT INTO categories (id, name) VALUES (1,'Audio'),(2,'Children''s')",
                "INSERT INTO categories (id, name) VALUES (3,'Toys')"
            ]
        );
    }
}
