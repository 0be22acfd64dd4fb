//! What must hold for every row, and what must be there.

use oms_seed::{ShopOptions, seed};
use sqlx::{ConnectOptions, MySqlConnection};

use crate::server::{PrivateServer, number};

/// Each counts rows that break a rule: none may.
const NEVER: &[(&str, &str)] = &[
    (
        "a line's total is quantity * price - discount",
        "FROM order_items WHERE line_total <> quantity * unit_price - discount",
    ),
    ("a discount is smaller than its line", "FROM order_items WHERE discount < 0 OR line_total <= 0 OR quantity < 1"),
    (
        "an order's items total is the sum of its lines",
        "FROM orders o LEFT JOIN (SELECT order_id, SUM(line_total) s FROM order_items GROUP BY order_id) i \
         ON i.order_id = o.id WHERE i.s IS NULL OR i.s <> o.items_total",
    ),
    ("the grand total adds up", "FROM orders WHERE grand_total <> items_total + shipping_fee + tax_total"),
    (
        "tax is the country's share, rounded to the cent",
        "FROM orders WHERE tax_total <> ROUND((items_total + shipping_fee) * CASE ship_country WHEN 'PT' THEN 0.23 WHEN 'ES' \
         THEN 0.21 WHEN 'FR' THEN 0.20 WHEN 'DE' THEN 0.19 WHEN 'IT' THEN 0.22 WHEN 'NL' THEN 0.21 WHEN 'IE' THEN 0.23 END, 2)",
    ),
    ("shipping is free from 60 euros on", "FROM orders WHERE (items_total >= 60) <> (shipping_fee = 0)"),
    (
        "every attempt is of the grand total",
        "FROM payments p JOIN orders o ON o.id = p.order_id WHERE p.amount <> o.grand_total",
    ),
    (
        "a failure has a reason, nothing else has",
        "FROM payments WHERE (status = 'failed') <> (failure_reason IS NOT NULL)",
    ),
    (
        "an order has at most one payment that did not fail",
        "FROM (SELECT order_id FROM payments WHERE status <> 'failed' GROUP BY order_id HAVING COUNT(*) > 1) x",
    ),
    (
        "only placed and cancelled orders are unpaid",
        "FROM orders o WHERE status NOT IN ('placed', 'cancelled') AND NOT EXISTS \
         (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.status <> 'failed')",
    ),
    (
        "a reason to cancel stands exactly at cancelled orders",
        "FROM orders WHERE (status = 'cancelled') <> (cancel_reason IS NOT NULL)",
    ),
    (
        "delivered_at stands exactly at delivered parcels",
        "FROM shipments WHERE (status = 'delivered') <> (delivered_at IS NOT NULL)",
    ),
    (
        "parcels leave before they come",
        "FROM shipments WHERE shipped_at IS NULL OR delivered_at <= shipped_at OR promised_at <= shipped_at",
    ),
    (
        "a parcel holds a line of its order",
        "FROM shipments s WHERE NOT EXISTS (SELECT 1 FROM order_items i WHERE i.shipment_id = s.id)",
    ),
    (
        "a line leaves from its warehouse, in a parcel of its order",
        "FROM order_items i JOIN shipments s ON s.id = i.shipment_id WHERE s.order_id <> i.order_id OR i.warehouse_id IS NULL \
         OR s.warehouse_id <> i.warehouse_id",
    ),
    (
        "every line of a shipped order is in a parcel, no other is",
        "FROM order_items i JOIN orders o ON o.id = i.order_id \
         WHERE (o.status IN ('shipped', 'delivered', 'returned')) <> (i.shipment_id IS NOT NULL)",
    ),
    (
        "a back order is open or cancelled",
        "FROM order_items i JOIN orders o ON o.id = i.order_id WHERE i.warehouse_id IS NULL AND o.status NOT IN ('placed', 'paid', 'cancelled')",
    ),
    (
        "a delivered order's parcels came or were lost, one came at least",
        "FROM orders o WHERE status IN ('delivered', 'returned') AND (EXISTS (SELECT 1 FROM shipments s WHERE s.order_id = o.id \
         AND s.status NOT IN ('delivered', 'lost')) OR NOT EXISTS (SELECT 1 FROM shipments s WHERE s.order_id = o.id AND s.status = 'delivered'))",
    ),
    (
        "a shipped order still waits for a parcel or lost all",
        "FROM orders o WHERE status = 'shipped' AND NOT EXISTS (SELECT 1 FROM shipments s WHERE s.order_id = o.id AND s.status <> 'delivered')",
    ),
    (
        "what comes back was delivered before, and not more of it",
        "FROM returns r JOIN order_items i ON i.id = r.order_item_id LEFT JOIN shipments s ON s.id = i.shipment_id \
         WHERE s.delivered_at IS NULL OR r.requested_at <= s.delivered_at OR r.quantity < 1 OR r.quantity > i.quantity",
    ),
    (
        "a refund is the line's share",
        "FROM returns r JOIN order_items i ON i.id = r.order_item_id WHERE r.refund_amount <> \
         TRUNCATE(i.line_total * r.quantity / i.quantity, 2)",
    ),
    ("a line comes back once", "FROM (SELECT order_item_id FROM returns GROUP BY order_item_id HAVING COUNT(*) > 1) x"),
    (
        "a returned order has goods that came back",
        "FROM orders o WHERE (status = 'returned') <> EXISTS (SELECT 1 FROM returns r JOIN order_items i ON i.id = r.order_item_id \
         WHERE i.order_id = o.id AND r.status IN ('received', 'refunded'))",
    ),
    (
        "customers exist before they order",
        "FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.created_at > o.placed_at",
    ),
    (
        "customers are numbered as they came",
        "FROM customers c JOIN customers d ON d.id = c.id + 1 WHERE d.created_at < c.created_at",
    ),
    (
        "addresses are lower case, on example domains",
        "FROM customers WHERE BINARY email <> LOWER(email) OR email NOT REGEXP '^[a-z.]+[0-9]+@([a-z]+[.])?example([.](com|org|net))?$'",
    ),
    (
        "orders are numbered as they were placed",
        "FROM orders o JOIN orders p ON p.id = o.id + 1 WHERE p.placed_at < o.placed_at",
    ),
    ("numbers have seven digits", "FROM orders WHERE order_number <> CONCAT('ORD-', LPAD(id, 7, '0'))"),
    (
        "products are sold after their launch",
        "FROM order_items i JOIN orders o ON o.id = i.order_id JOIN products p ON p.id = i.product_id WHERE o.placed_at < p.launched_on",
    ),
    (
        "products cost less than they bring",
        "FROM products WHERE cost <= 0 OR cost >= price OR sku <> CONCAT('SKU-', LPAD(id, 5, '0'))",
    ),
    (
        "today's price and cost stand in today's orders",
        "FROM order_items i JOIN orders o ON o.id = i.order_id JOIN products p ON p.id = i.product_id \
         WHERE o.placed_at >= '2026-01-10' AND (i.unit_price <> p.price OR i.unit_cost <> p.cost)",
    ),
    (
        "reserved is what open orders are promised",
        "FROM inventory v LEFT JOIN (SELECT i.product_id, i.warehouse_id, SUM(i.quantity) q FROM order_items i JOIN orders o \
         ON o.id = i.order_id WHERE o.status IN ('placed', 'paid', 'packed') GROUP BY 1, 2) x \
         ON x.product_id = v.product_id AND x.warehouse_id = v.warehouse_id WHERE v.reserved <> COALESCE(x.q, 0)",
    ),
    ("no more is reserved than is there", "FROM inventory WHERE reserved > on_hand OR on_hand > 4000000000"),
    (
        "what is promised lies somewhere",
        "FROM order_items i JOIN orders o ON o.id = i.order_id LEFT JOIN inventory v ON v.product_id = i.product_id AND \
         v.warehouse_id = i.warehouse_id WHERE i.warehouse_id IS NOT NULL AND v.product_id IS NULL",
    ),
    (
        "history ends at as_of",
        "FROM (SELECT MAX(placed_at) t FROM orders UNION SELECT MAX(updated_at) FROM orders UNION SELECT MAX(delivered_at) FROM shipments \
         UNION SELECT MAX(received_at) FROM order_events UNION SELECT MAX(requested_at) FROM returns UNION SELECT MAX(created_at) FROM \
         customers UNION SELECT MAX(updated_at) FROM inventory UNION SELECT MAX(attempted_at) FROM payments UNION SELECT MAX(received_at) \
         FROM dead_letters UNION SELECT MAX(resolved_at) FROM dead_letters) x WHERE t > '2026-01-14 12:00:00'",
    ),
    ("history begins with the shop", "FROM orders WHERE placed_at < '2023-01-01'"),
    (
        "events are received after they happened, in the order of their versions",
        "FROM order_events e LEFT JOIN order_events n ON n.order_number = e.order_number AND n.version = e.version + 1 \
         WHERE e.received_at < e.occurred_at OR n.occurred_at <= e.occurred_at OR n.received_at < e.received_at",
    ),
    (
        "versions count from 1 without gaps, beginning with order.placed",
        "FROM (SELECT order_number, COUNT(*) c, MIN(version) a, MAX(version) b, SUM(type = 'order.placed' AND version = 1) p \
         FROM order_events GROUP BY 1) x WHERE a <> 1 OR b <> c OR p <> 1",
    ),
    (
        "ids are of version 7, from the time",
        "FROM order_events WHERE event_id NOT REGEXP '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' OR CONV(REPLACE(LEFT(event_id, 13), '-', ''), 16, 10) <> ROUND(UNIX_TIMESTAMP(occurred_at) * 1000)",
    ),
    (
        "an order's events share a partition",
        "FROM (SELECT 1 FROM order_events GROUP BY order_number HAVING COUNT(DISTINCT partition_id) > 1) x",
    ),
    (
        "offsets grow along a partition and are never shared",
        "FROM (SELECT CAST(offset_id AS SIGNED) o, LAG(CAST(offset_id AS SIGNED)) OVER (PARTITION BY partition_id ORDER BY event_id) b \
         FROM order_events) x WHERE o <= b",
    ),
    (
        "dead letters have places of their own",
        "FROM dead_letters d JOIN order_events e ON e.partition_id = d.partition_id AND e.offset_id = d.offset_id",
    ),
    ("letters are settled after they came", "FROM dead_letters WHERE resolved_at <= received_at"),
    (
        "nobody's orders hang in the air",
        "FROM order_items i LEFT JOIN orders o ON o.id = i.order_id LEFT JOIN products p ON p.id = i.product_id WHERE o.id IS NULL OR p.id IS NULL",
    ),
    (
        "everybody's orders hang on somebody",
        "FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE c.id IS NULL",
    ),
    (
        "payments, parcels and returns hang on something",
        "FROM (SELECT p.id FROM payments p LEFT JOIN orders o ON o.id = p.order_id WHERE o.id IS NULL UNION ALL SELECT s.id FROM shipments s LEFT JOIN orders o ON o.id = s.order_id WHERE o.id IS NULL UNION ALL SELECT r.id FROM returns r LEFT JOIN order_items i ON i.id = r.order_item_id WHERE i.id IS NULL) x",
    ),
];

/// Each counts rows of a situation: at least so many must be there in a shop of 5,000 orders.
const SITUATIONS: &[(&str, i64, &str)] = &[
    ("split shipments", 250, "FROM (SELECT 1 FROM shipments GROUP BY order_id HAVING COUNT(*) > 1) x"),
    (
        "failed payments before one that works",
        100,
        "FROM orders o WHERE status <> 'cancelled' AND EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.status = 'failed')",
    ),
    ("parcels later than promised", 250, "FROM shipments WHERE delivered_at > promised_at"),
    ("parcels on time to the millisecond", 1, "FROM shipments WHERE delivered_at = promised_at"),
    ("overdue parcels", 1, "FROM shipments WHERE delivered_at IS NULL AND promised_at < '2026-01-14 12:00:00'"),
    ("lost parcels", 10, "FROM shipments WHERE status = 'lost'"),
    (
        "returns of a part of the order",
        50,
        "FROM (SELECT i.order_id FROM order_items i LEFT JOIN returns r ON r.order_item_id = i.id GROUP BY 1 HAVING COUNT(r.id) BETWEEN 1 AND COUNT(*) - 1) x",
    ),
    (
        "returns of a part of the line",
        10,
        "FROM returns r JOIN order_items i ON i.id = r.order_item_id WHERE r.quantity < i.quantity",
    ),
    ("rejected returns", 10, "FROM returns WHERE status = 'rejected'"),
    (
        "returns half refunded, half rejected",
        1,
        "FROM (SELECT i.order_id FROM returns r JOIN order_items i ON i.id = r.order_item_id GROUP BY 1 HAVING COUNT(DISTINCT r.status) > 1) x",
    ),
    (
        "products never sold",
        3,
        "FROM products p WHERE NOT EXISTS (SELECT 1 FROM order_items i WHERE i.product_id = p.id)",
    ),
    ("withdrawn products", 3, "FROM products WHERE NOT active"),
    (
        "customers without orders",
        50,
        "FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
    ),
    ("names that two customers share", 20, "FROM (SELECT full_name FROM customers GROUP BY 1 HAVING COUNT(*) > 1) x"),
    ("orders of the same millisecond", 10, "FROM (SELECT placed_at FROM orders GROUP BY 1 HAVING COUNT(*) > 1) x"),
    ("products that tie in price", 10, "FROM (SELECT price FROM products GROUP BY 1 HAVING COUNT(*) > 1) x"),
    (
        "customers that tie in orders",
        5,
        "FROM (SELECT c FROM (SELECT COUNT(*) c FROM orders GROUP BY customer_id) x GROUP BY c HAVING COUNT(*) > 1) y",
    ),
    ("the last millisecond of a quarter", 1, "FROM orders WHERE placed_at = '2025-03-31 23:59:59.999'"),
    ("the first millisecond of a quarter", 1, "FROM orders WHERE placed_at = '2025-04-01 00:00:00.000'"),
    ("the edges of a year", 2, "FROM orders WHERE placed_at IN ('2024-12-31 23:59:59.999', '2025-01-01')"),
    ("customers without telephone", 100, "FROM customers WHERE phone IS NULL"),
    (
        "back orders of open orders",
        1,
        "FROM order_items i JOIN orders o ON o.id = i.order_id WHERE i.warehouse_id IS NULL AND o.status IN ('placed', 'paid')",
    ),
    (
        "stuck orders",
        3,
        "FROM orders WHERE status IN ('placed', 'paid', 'packed') AND placed_at < '2026-01-11 12:00:00'",
    ),
    (
        "products out of stock",
        1,
        "FROM products p WHERE active AND COALESCE((SELECT SUM(on_hand - reserved) FROM inventory v WHERE v.product_id = p.id), 0) = 0",
    ),
    (
        "active products in no warehouse",
        1,
        "FROM products p WHERE active AND NOT EXISTS (SELECT 1 FROM inventory v WHERE v.product_id = p.id)",
    ),
    (
        "stock below its reorder level",
        5,
        "FROM inventory v JOIN products p ON p.id = v.product_id WHERE active AND on_hand - reserved < reorder_level",
    ),
    (
        "names of goods in two categories",
        1,
        "FROM (SELECT SUBSTRING_INDEX(name, ' ', -2) n FROM products GROUP BY n HAVING COUNT(DISTINCT category_id) > 1) x",
    ),
    (
        "orders shipped elsewhere than home",
        100,
        "FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.ship_city <> c.city",
    ),
    ("people who come again", 500, "FROM (SELECT 1 FROM orders GROUP BY customer_id HAVING COUNT(*) > 1) x"),
    ("names beyond ASCII", 50, "FROM customers WHERE full_name <> CONVERT(full_name USING ascii)"),
    ("dead letters", 5, "FROM dead_letters"),
    ("settled dead letters", 1, "FROM dead_letters WHERE resolved_at IS NOT NULL"),
    ("kinds of dead letters", 5, "FROM (SELECT DISTINCT LEFT(reason, 12) FROM dead_letters) x"),
    ("reprices", 100, "FROM (SELECT product_id FROM order_items GROUP BY 1 HAVING COUNT(DISTINCT unit_price) > 1) x"),
];

/// Columns of enumerations: every value must be there.
const ENUMERATIONS: &[(&str, &str, i64)] = &[
    ("orders", "status", 7),
    ("orders", "channel", 3),
    ("orders", "cancel_reason", 4),
    ("orders", "ship_country", 7),
    ("customers", "segment", 3),
    ("customers", "country", 7),
    ("payments", "method", 4),
    ("payments", "status", 4),
    ("payments", "failure_reason", 5),
    ("shipments", "status", 6),
    ("shipments", "carrier", 5),
    ("shipments", "warehouse_id", 4),
    ("returns", "reason", 5),
    ("returns", "status", 4),
    ("order_events", "type", 13),
    ("categories", "name", 12),
    ("warehouses", "code", 4),
];

async fn no_rule_is_broken(connection: &mut MySqlConnection, shop: &str) {
    let mut broken = Vec::new();
    for (rule, rows) in NEVER {
        let count = number(connection, &format!("SELECT COUNT(*) {rows}")).await;
        if count != 0 {
            broken.push(format!("{rule}: {count} rows"));
        }
    }
    assert!(broken.is_empty(), "{shop}: {broken:#?}");
}

async fn values_missing(connection: &mut MySqlConnection) -> Vec<String> {
    let mut missing = Vec::new();
    for (table, column, count) in ENUMERATIONS {
        let there = number(connection, &format!("SELECT COUNT(DISTINCT {column}) FROM {table}")).await;
        if there != *count {
            missing.push(format!("{table}.{column}: {there} of {count}"));
        }
    }
    missing
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_hold_and_situations_are_there() {
    let server = PrivateServer::shared().await;
    for (orders, seed_number) in [(5_000, 1), (5_000, 2), (5_000, 77), (200, 1), (200, 9), (1, 1)] {
        let shop = format!("{orders} orders of seed {seed_number}");
        let options = server.database(&format!("rows_{orders}_{seed_number}")).await;
        let mut connection = options.connect().await.unwrap();
        let summary =
            seed(options, &ShopOptions { orders, seed: seed_number, live_until: None }, |_| {}).await.unwrap();
        assert_eq!(summary.rows_of("orders"), u64::from(orders));
        no_rule_is_broken(&mut connection, &shop).await;
        let missing = values_missing(&mut connection).await;
        if orders == 200 {
            // So few orders may lack a state that only hours separate from the next.
            assert!(missing.len() <= 3, "{shop}: {missing:#?}");
        }
        if orders < 5_000 {
            continue;
        }
        assert!(missing.is_empty(), "{shop}: {missing:#?}");
        let mut lacking = Vec::new();
        for (situation, least, rows) in SITUATIONS {
            let count = number(&mut connection, &format!("SELECT COUNT(*) {rows}")).await;
            if count < *least {
                lacking.push(format!("{situation}: {count} of at least {least}"));
            }
        }
        assert!(lacking.is_empty(), "{shop}: {lacking:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shares_are_believable() {
    /// Shares of rows, in a thousand, and between what they must lie in a shop of 20,000 orders.
    const SHARES: &[(&str, i64, i64, &str)] = &[
        ("cancelled orders", 35, 75, "SELECT AVG(status = 'cancelled') * 1000 FROM orders"),
        ("returned orders", 40, 120, "SELECT AVG(status = 'returned') * 1000 FROM orders"),
        ("open orders", 2, 20, "SELECT AVG(status IN ('placed', 'paid', 'packed')) * 1000 FROM orders"),
        ("orders on the way", 4, 25, "SELECT AVG(status = 'shipped') * 1000 FROM orders"),
        (
            "late parcels",
            80,
            150,
            "SELECT AVG(delivered_at > promised_at) * 1000 FROM shipments WHERE status = 'delivered'",
        ),
        ("lost parcels", 2, 8, "SELECT AVG(status = 'lost') * 1000 FROM shipments"),
        (
            "split orders",
            80,
            350,
            "SELECT AVG(c > 1) * 1000 FROM (SELECT COUNT(*) c FROM shipments GROUP BY order_id) x",
        ),
        ("failed payments", 50, 150, "SELECT AVG(status = 'failed') * 1000 FROM payments"),
        ("back orders", 1, 30, "SELECT AVG(warehouse_id IS NULL) * 1000 FROM order_items"),
        ("low stock", 15, 250, "SELECT AVG(on_hand - reserved < reorder_level) * 1000 FROM inventory"),
        (
            "gross margin",
            200,
            450,
            "SELECT SUM(line_total - quantity * unit_cost) / SUM(line_total) * 1000 FROM order_items",
        ),
        ("discounts", 20, 120, "SELECT SUM(discount) / SUM(discount + line_total) * 1000 FROM order_items"),
        (
            "discounts on Black Friday",
            80,
            250,
            "SELECT SUM(discount) / SUM(discount + line_total) * 1000 FROM order_items i JOIN orders o ON o.id = i.order_id WHERE DATE(placed_at) = '2025-11-28'",
        ),
        (
            "Black Friday against the month before",
            1800,
            6000,
            "SELECT SUM(DATE(placed_at) = '2025-11-28') * 31000 / SUM(MONTH(placed_at) = 10) FROM orders WHERE placed_at BETWEEN '2025-10-01' AND '2025-11-30'",
        ),
        (
            "2025 against 2024",
            1150,
            1700,
            "SELECT SUM(YEAR(placed_at) = 2025) * 1000 / SUM(YEAR(placed_at) = 2024) FROM orders",
        ),
        (
            "December against February",
            1300,
            3500,
            "SELECT SUM(MONTH(placed_at) = 12) * 1000 / SUM(MONTH(placed_at) = 2) FROM orders WHERE YEAR(placed_at) = 2025",
        ),
        ("the evening peak", 85, 150, "SELECT AVG(HOUR(placed_at) = 20) * 1000 FROM orders"),
        (
            "orders of a VIP against others",
            1500,
            8000,
            "SELECT (SELECT COUNT(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE segment = 'vip') / (SELECT COUNT(*) FROM customers WHERE segment = 'vip') * 1000 / ((SELECT COUNT(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE segment <> 'vip') / (SELECT COUNT(*) FROM customers WHERE segment <> 'vip'))",
        ),
        (
            "open orders among those of the last day",
            300,
            1000,
            "SELECT AVG(status IN ('placed', 'paid', 'packed')) * 1000 FROM orders WHERE placed_at > '2026-01-13 12:00:00'",
        ),
    ];
    let server = PrivateServer::shared().await;
    let options = server.database("shares").await;
    let mut connection = options.connect().await.unwrap();
    seed(options, &ShopOptions { orders: 20_000, ..ShopOptions::default() }, |_| {}).await.unwrap();
    let mut strange = Vec::new();
    for (share, least, most, query) in SHARES {
        let value = number(&mut connection, query).await;
        if !(*least..=*most).contains(&value) {
            strange.push(format!("{share}: {value}, not within {least} to {most}"));
        }
    }
    assert!(strange.is_empty(), "{strange:#?}");
}
