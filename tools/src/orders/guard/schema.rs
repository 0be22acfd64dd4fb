//! The tables that a SELECT may name: those of the orders schema, and nothing else that the server holds.

/// One table of the orders schema.
pub(crate) struct TableSchema {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [&'static str],
    /// Columns that find few rows: a join on one of them cannot explode.
    pub(crate) keys: &'static [&'static str],
    /// A few dozen rows at most: joining all of them to anything costs little.
    pub(crate) small: bool,
}

pub(crate) const TABLES: [TableSchema; 13] = [
    TableSchema { name: "categories", columns: &["id", "name"], keys: &["id", "name"], small: true },
    TableSchema {
        name: "products",
        columns: &["id", "sku", "name", "brand", "category_id", "price", "cost", "active", "launched_on"],
        keys: &["id", "sku"],
        small: false,
    },
    TableSchema {
        name: "customers",
        columns: &["id", "full_name", "email", "phone", "city", "country", "segment", "created_at"],
        keys: &["id"],
        small: false,
    },
    TableSchema { name: "warehouses", columns: &["id", "code", "city", "country"], keys: &["id", "code"], small: true },
    TableSchema {
        name: "inventory",
        columns: &["product_id", "warehouse_id", "on_hand", "reserved", "reorder_level", "updated_at"],
        keys: &["product_id"],
        small: false,
    },
    TableSchema {
        name: "orders",
        columns: &[
            "id",
            "order_number",
            "customer_id",
            "status",
            "channel",
            "currency",
            "items_total",
            "shipping_fee",
            "tax_total",
            "grand_total",
            "ship_city",
            "ship_country",
            "placed_at",
            "updated_at",
            "cancel_reason",
        ],
        keys: &["id", "order_number", "customer_id"],
        small: false,
    },
    TableSchema {
        name: "payments",
        columns: &["id", "order_id", "method", "status", "amount", "failure_reason", "attempted_at"],
        keys: &["id", "order_id"],
        small: false,
    },
    TableSchema {
        name: "shipments",
        columns: &[
            "id",
            "order_id",
            "warehouse_id",
            "carrier",
            "tracking_number",
            "status",
            "shipped_at",
            "promised_at",
            "delivered_at",
        ],
        keys: &["id", "order_id", "tracking_number"],
        small: false,
    },
    TableSchema {
        name: "order_items",
        columns: &[
            "id",
            "order_id",
            "product_id",
            "quantity",
            "unit_price",
            "unit_cost",
            "discount",
            "line_total",
            "warehouse_id",
            "shipment_id",
        ],
        keys: &["id", "order_id", "product_id", "shipment_id"],
        small: false,
    },
    TableSchema {
        name: "returns",
        columns: &["id", "order_item_id", "quantity", "reason", "status", "refund_amount", "requested_at"],
        keys: &["id", "order_item_id"],
        small: false,
    },
    TableSchema {
        name: "order_events",
        columns: &[
            "event_id",
            "order_number",
            "type",
            "version",
            "occurred_at",
            "received_at",
            "partition_id",
            "offset_id",
            "payload",
        ],
        keys: &["event_id", "order_number"],
        small: false,
    },
    TableSchema {
        name: "dead_letters",
        columns: &["id", "partition_id", "offset_id", "received_at", "reason", "body", "resolved_at"],
        keys: &["id", "offset_id"],
        small: false,
    },
    TableSchema { name: "dataset_info", columns: &["name", "value"], keys: &["name"], small: true },
];

/// The table of that name, whatever its case.
pub(crate) fn table(name: &str) -> Option<&'static TableSchema> {
    TABLES.iter().find(|table| table.name.eq_ignore_ascii_case(name))
}

/// Whether the schema uses a name, and so it is known to be no keyword.
pub(crate) fn uses(name: &str) -> bool {
    TABLES.iter().any(|table| table.name == name || table.columns.contains(&name))
}
