-- Honest SELECTs, one a line (`\n` stands for a line break): the guard lets each through, and what it prints gives the same rows.
SELECT COUNT(*) FROM orders
SELECT * FROM orders ORDER BY id LIMIT 5
SELECT * FROM customers ORDER BY id LIMIT 5
SELECT c.* FROM customers c ORDER BY c.id LIMIT 5
SELECT o.*, c.full_name FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.id LIMIT 5
SELECT * FROM order_events ORDER BY event_id LIMIT 5
SELECT * FROM dead_letters ORDER BY id LIMIT 5
SELECT * FROM oms.orders ORDER BY id LIMIT 3
SELECT `id`, `status` FROM `orders` ORDER BY `id` LIMIT 3
SELECT id AS 'Order Id', status AS "The Status" FROM orders ORDER BY id LIMIT 3
SELECT full_name, city FROM customers WHERE full_name LIKE 'A%' ORDER BY full_name, id
SELECT full_name FROM customers WHERE full_name = 'Conor O''Brien'
SELECT full_name FROM customers WHERE full_name = "Conor O'Brien"
SELECT full_name FROM customers WHERE full_name LIKE '%O\'B%'
SELECT city, COUNT(*) AS n FROM customers WHERE city IN ('São Paulo', 'Málaga', 'München') GROUP BY city ORDER BY city
SELECT COUNT(*) FROM customers WHERE city = 'a\\b'
SELECT COUNT(*) FROM products WHERE name LIKE '50!%%' ESCAPE '!'
SELECT 'it''s; -- fine /* text */' AS note
SELECT 1 AS one, 1.5 AS half, -2 AS minus, 'text' AS word, NULL AS nothing, TRUE AS yes
SELECT 1 + 2 * 3 - 4 / 5 AS sums, 7 DIV 2 AS whole, 7 % 2 AS rest
SELECT id -- the key\nFROM orders ORDER BY id LIMIT 1
SELECT id /* the key */ FROM orders ORDER BY id LIMIT 1
SELECT id FROM orders ORDER BY id LIMIT 2, 3
SELECT id FROM orders ORDER BY id LIMIT 3 OFFSET 2
SELECT DISTINCT ship_country FROM orders ORDER BY ship_country
SELECT COUNT(DISTINCT customer_id) FROM orders WHERE status <> 'cancelled'
SELECT COUNT(DISTINCT customer_id, channel) FROM orders
SELECT ship_country, SUM(items_total) AS revenue FROM orders WHERE status != 'cancelled' GROUP BY ship_country HAVING revenue > 100 ORDER BY revenue DESC, ship_country
SELECT ship_country, channel, COUNT(*) FROM orders GROUP BY ship_country, channel WITH ROLLUP
SELECT DATE_FORMAT(placed_at, '%Y-%m') AS month, COUNT(*) AS n FROM orders GROUP BY DATE_FORMAT(placed_at, '%Y-%m') ORDER BY month
SELECT DATE_FORMAT(placed_at, '%Y-%m') AS month, COUNT(*) AS n FROM orders GROUP BY 1 ORDER BY 1
SELECT YEAR(placed_at) AS y, QUARTER(placed_at) AS q, SUM(grand_total) FROM orders GROUP BY y, q ORDER BY y, q
SELECT DATE(placed_at) AS d, COUNT(*) FROM orders GROUP BY DATE(placed_at) ORDER BY d
SELECT EXTRACT(YEAR FROM placed_at) AS y, COUNT(*) FROM orders GROUP BY y ORDER BY y
SELECT DAYNAME(placed_at) AS d, COUNT(*) FROM orders GROUP BY d ORDER BY d
SELECT HOUR(placed_at) AS h, COUNT(*) FROM orders GROUP BY h ORDER BY h
SELECT COUNT(*) FROM orders WHERE placed_at >= '2025-01-01' AND placed_at < '2026-01-01'
SELECT COUNT(*) FROM orders WHERE placed_at BETWEEN '2025-01-01' AND '2025-12-31 23:59:59'
SELECT COUNT(*) FROM orders WHERE placed_at >= DATE '2025-01-01'
SELECT COUNT(*) FROM orders WHERE placed_at >= TIMESTAMP '2025-01-01 00:00:00'
SELECT COUNT(*) FROM orders WHERE placed_at >= DATE_SUB('2026-01-14', INTERVAL 30 DAY)
SELECT COUNT(*) FROM orders WHERE placed_at >= '2026-01-14' - INTERVAL 1 MONTH
SELECT COUNT(*) FROM orders WHERE placed_at > DATE_ADD('2025-01-01', INTERVAL 2 WEEK)
SELECT AVG(TIMESTAMPDIFF(HOUR, shipped_at, delivered_at)) FROM shipments WHERE delivered_at IS NOT NULL
SELECT AVG(DATEDIFF(delivered_at, shipped_at)) FROM shipments WHERE status = 'delivered'
SELECT carrier, AVG(TIMESTAMPDIFF(MICROSECOND, shipped_at, delivered_at)) / 86400000000 AS days FROM shipments WHERE delivered_at IS NOT NULL GROUP BY carrier ORDER BY carrier
SELECT carrier, SUM(delivered_at <= promised_at) / COUNT(*) AS share FROM shipments WHERE status = 'delivered' GROUP BY carrier ORDER BY carrier
SELECT carrier, SUM(CASE WHEN delivered_at > promised_at THEN 1 ELSE 0 END) AS late FROM shipments GROUP BY carrier ORDER BY late DESC, carrier
SELECT CASE status WHEN 'placed' THEN 'open' WHEN 'paid' THEN 'open' ELSE 'other' END AS s, COUNT(*) FROM orders GROUP BY s ORDER BY s
SELECT o.order_number, c.full_name FROM orders o INNER JOIN customers c ON o.customer_id = c.id ORDER BY o.id LIMIT 10
SELECT o.order_number, c.full_name FROM orders o, customers c WHERE o.customer_id = c.id ORDER BY o.id LIMIT 10
SELECT c.full_name FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NULL ORDER BY c.id
SELECT c.full_name FROM orders o RIGHT JOIN customers c ON o.customer_id = c.id WHERE o.id IS NULL ORDER BY c.id
SELECT c.full_name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id) ORDER BY c.id
SELECT full_name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders) ORDER BY id
SELECT full_name FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE status = 'cancelled') ORDER BY id
SELECT k.name, SUM(i.line_total) AS revenue FROM order_items i JOIN products p ON p.id = i.product_id JOIN categories k ON k.id = p.category_id JOIN orders o ON o.id = i.order_id WHERE o.status <> 'cancelled' GROUP BY k.name ORDER BY revenue DESC, k.name
SELECT p.brand, SUM(i.quantity) AS units FROM order_items i JOIN products p ON p.id = i.product_id GROUP BY p.brand ORDER BY units DESC, p.brand LIMIT 10
SELECT p.name FROM products p LEFT JOIN order_items i ON i.product_id = p.id WHERE i.id IS NULL ORDER BY p.id
SELECT w.code, SUM(v.on_hand * p.cost) AS stock_value FROM inventory v JOIN warehouses w ON w.id = v.warehouse_id JOIN products p ON p.id = v.product_id GROUP BY w.code ORDER BY w.code
SELECT p.sku, w.code, v.on_hand - v.reserved AS available FROM inventory v JOIN products p ON p.id = v.product_id JOIN warehouses w ON w.id = v.warehouse_id WHERE p.active AND v.on_hand - v.reserved < v.reorder_level ORDER BY p.sku, w.code
SELECT r.reason, SUM(r.quantity) FROM returns r JOIN order_items i ON i.id = r.order_item_id GROUP BY r.reason ORDER BY r.reason
SELECT method, SUM(status = 'failed') / COUNT(*) AS failure_rate FROM payments GROUP BY method ORDER BY method
SELECT failure_reason, COUNT(*) FROM payments WHERE failure_reason IS NOT NULL GROUP BY failure_reason ORDER BY 2 DESC, 1
SELECT IFNULL(cancel_reason, 'none') AS reason, COUNT(*) FROM orders GROUP BY reason ORDER BY reason
SELECT COALESCE(cancel_reason, 'none') AS reason, COUNT(*) FROM orders GROUP BY reason ORDER BY reason
SELECT NULLIF(status, 'paid') FROM orders ORDER BY id LIMIT 5
SELECT IF(status = 'paid', 1, 0) FROM orders ORDER BY id LIMIT 5
SELECT GREATEST(items_total, tax_total), LEAST(items_total, tax_total) FROM orders ORDER BY id LIMIT 5
SELECT ROUND(AVG(grand_total), 2), FLOOR(MIN(grand_total)), CEIL(MAX(grand_total)) FROM orders
SELECT STDDEV(grand_total), VARIANCE(grand_total) FROM orders
SELECT CAST(SUM(items_total) AS DOUBLE) / COUNT(*) FROM orders
SELECT CAST(placed_at AS DATE) AS d, COUNT(*) FROM orders GROUP BY d ORDER BY d
SELECT CAST(id AS CHAR), CAST('12' AS UNSIGNED), CAST(items_total AS DECIMAL(14,3)) FROM orders ORDER BY id LIMIT 3
SELECT CONVERT(items_total, SIGNED) FROM orders ORDER BY id LIMIT 3
SELECT CONCAT(city, ', ', country) AS place, COUNT(*) FROM customers GROUP BY place ORDER BY place
SELECT UPPER(city), LOWER(country), CHAR_LENGTH(full_name), LEFT(full_name, 3), RIGHT(full_name, 3) FROM customers ORDER BY id LIMIT 5
SELECT SUBSTRING(order_number, 5), SUBSTRING(order_number FROM 5 FOR 3), SUBSTR(order_number, 1, 3), TRIM(order_number) FROM orders ORDER BY id LIMIT 5
SELECT SUBSTRING_INDEX(full_name, ' ', 1) AS first_name, COUNT(*) AS n FROM customers GROUP BY first_name ORDER BY n DESC, first_name LIMIT 5
SELECT REPLACE(order_number, 'ORD-', ''), LPAD(id, 7, '0') FROM orders ORDER BY id LIMIT 5
SELECT POSITION('a' IN full_name), LOCATE('a', full_name), INSTR(full_name, 'a') FROM customers ORDER BY id LIMIT 5
SELECT id, ROW_NUMBER() OVER (PARTITION BY ship_country ORDER BY placed_at, id) AS n FROM orders ORDER BY id LIMIT 20
SELECT id, RANK() OVER w AS r, SUM(grand_total) OVER w AS running FROM orders WINDOW w AS (PARTITION BY channel ORDER BY placed_at, id) ORDER BY id LIMIT 20
SELECT id, LAG(placed_at) OVER (ORDER BY placed_at, id) AS before_it, LEAD(id, 1) OVER (ORDER BY placed_at, id) AS after_it FROM orders ORDER BY id LIMIT 20
SELECT id, SUM(grand_total) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM orders ORDER BY id LIMIT 20
SELECT id, AVG(grand_total) OVER (ORDER BY id ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS moving FROM orders ORDER BY id LIMIT 20
SELECT id, NTILE(4) OVER (ORDER BY grand_total, id) AS quarter_of FROM orders ORDER BY id LIMIT 20
SELECT ship_country, SUM(items_total) AS revenue, SUM(items_total) / SUM(SUM(items_total)) OVER () AS share FROM orders GROUP BY ship_country ORDER BY ship_country
SELECT t.ship_country, t.n FROM (SELECT ship_country, COUNT(*) AS n FROM orders GROUP BY ship_country) AS t WHERE t.n > 1 ORDER BY t.n DESC, t.ship_country
SELECT AVG(n) FROM (SELECT customer_id, COUNT(*) AS n FROM orders GROUP BY customer_id) per_customer
WITH monthly AS (SELECT DATE_FORMAT(placed_at, '%Y-%m') AS month, SUM(items_total) AS revenue FROM orders GROUP BY month) SELECT month, revenue, revenue - LAG(revenue) OVER (ORDER BY month) AS change_of FROM monthly ORDER BY month
WITH a AS (SELECT id, customer_id FROM orders), b AS (SELECT customer_id, COUNT(*) AS n FROM a GROUP BY customer_id) SELECT COUNT(*) FROM b WHERE n >= 2
WITH a AS (SELECT ship_country, COUNT(*) AS n FROM orders WHERE placed_at < '2025-06-01' GROUP BY ship_country), b AS (SELECT ship_country, COUNT(*) AS n FROM orders WHERE placed_at >= '2025-06-01' GROUP BY ship_country) SELECT a.ship_country, a.n, b.n FROM a LEFT JOIN b ON a.ship_country = b.ship_country ORDER BY a.ship_country
WITH a AS (SELECT ship_country AS country, COUNT(*) AS n FROM orders GROUP BY country), b AS (SELECT country, COUNT(*) AS n FROM customers GROUP BY country) SELECT country, a.n, b.n FROM a JOIN b USING (country) ORDER BY country
WITH t (country, n) AS (SELECT ship_country, COUNT(*) FROM orders GROUP BY ship_country) SELECT country, n FROM t ORDER BY country
SELECT 'orders' AS what, COUNT(*) AS n FROM orders UNION ALL SELECT 'customers', COUNT(*) FROM customers ORDER BY what
SELECT ship_country FROM orders UNION SELECT country FROM customers ORDER BY ship_country
(SELECT id FROM orders ORDER BY id LIMIT 2) UNION ALL (SELECT id FROM orders ORDER BY id DESC LIMIT 2) ORDER BY id
SELECT ship_country FROM orders EXCEPT SELECT country FROM warehouses ORDER BY ship_country
SELECT o.ship_country, COUNT(*) / t.n AS share FROM orders o CROSS JOIN (SELECT COUNT(*) AS n FROM orders) t GROUP BY o.ship_country, t.n ORDER BY o.ship_country
SELECT o.id, o.grand_total / (SELECT SUM(grand_total) FROM orders) AS share FROM orders o ORDER BY o.id LIMIT 5
SELECT o.id FROM orders o WHERE o.grand_total = (SELECT MAX(x.grand_total) FROM orders x WHERE x.customer_id = o.customer_id) ORDER BY o.id LIMIT 5
SELECT o.id, p.method FROM orders o JOIN payments p ON p.order_id = o.id AND p.status <> 'failed' AND p.id = (SELECT MAX(q.id) FROM payments q WHERE q.order_id = o.id AND q.status <> 'failed') ORDER BY o.id LIMIT 5
SELECT a.id, b.id FROM orders a JOIN orders b ON a.customer_id = b.customer_id AND a.id < b.id ORDER BY a.id, b.id LIMIT 5
SELECT w.code, k.name FROM warehouses w CROSS JOIN categories k ORDER BY w.code, k.name
SELECT m.m, COUNT(o.id) AS n FROM (SELECT 1 AS m UNION ALL SELECT 2 UNION ALL SELECT 3) m LEFT JOIN orders o ON MONTH(o.placed_at) = m.m GROUP BY m.m ORDER BY m.m
SELECT d.a, COUNT(o.id) FROM (SELECT TIMESTAMP '2025-01-01 00:00:00' AS a, TIMESTAMP '2025-07-01 00:00:00' AS b UNION ALL SELECT TIMESTAMP '2025-07-01 00:00:00', TIMESTAMP '2026-01-01 00:00:00') d LEFT JOIN orders o ON o.placed_at >= d.a AND o.placed_at < d.b GROUP BY d.a ORDER BY d.a
SELECT (ship_country, channel) IN (('ES', 'web'), ('PT', 'mobile')) AS wanted, COUNT(*) FROM orders GROUP BY wanted ORDER BY wanted
SELECT COUNT(*) FROM orders WHERE NOT (status = 'cancelled' OR status = 'returned')
SELECT COUNT(*) FROM orders WHERE status = 'paid' XOR channel = 'web'
SELECT COUNT(*) FROM orders WHERE cancel_reason <=> NULL
SELECT COUNT(*) FROM orders WHERE (cancel_reason IS NULL) IS TRUE
SELECT COUNT(*) FROM orders WHERE id NOT BETWEEN 5 AND 10
SELECT COUNT(*) FROM orders WHERE ship_city NOT LIKE '%a%'
SELECT type, COUNT(*) FROM order_events GROUP BY type ORDER BY type
SELECT e.type, COUNT(DISTINCT e.order_number) FROM order_events e JOIN orders o ON o.order_number = e.order_number GROUP BY e.type ORDER BY e.type
SELECT e.order_number, MAX(e.version) FROM order_events e GROUP BY e.order_number ORDER BY e.order_number LIMIT 5
SELECT reason, received_at, resolved_at FROM dead_letters WHERE resolved_at IS NULL ORDER BY id
SELECT name, value FROM dataset_info ORDER BY name
SELECT value FROM dataset_info WHERE name = 'as_of'
SELECT i.order_id, COUNT(*) AS lines_of, SUM(i.discount) FROM order_items i GROUP BY i.order_id HAVING COUNT(*) > 1 ORDER BY i.order_id LIMIT 10
SELECT SUM(line_total - quantity * unit_cost) / SUM(line_total) AS margin FROM order_items
SELECT s.tracking_number, s.status FROM shipments s JOIN orders o ON o.id = s.order_id WHERE o.order_number = 'ORD-0000003'
SELECT WEEK(placed_at, 3) AS w, YEARWEEK(placed_at, 3) AS yw, COUNT(*) FROM orders GROUP BY w, yw ORDER BY yw, w
SELECT LAST_DAY(placed_at), MAKEDATE(2025, 1), STR_TO_DATE('2025-01-02', '%Y-%m-%d'), DAYOFWEEK(placed_at), WEEKDAY(placed_at) FROM orders ORDER BY id LIMIT 3
SELECT DATE_SUB(DATE(placed_at), INTERVAL WEEKDAY(placed_at) DAY) AS monday, COUNT(*) FROM orders GROUP BY monday ORDER BY monday
SELECT TIMEDIFF(updated_at, placed_at) FROM orders ORDER BY id LIMIT 3
SELECT LN(10), LOG10(100), POW(2, 3), SQRT(9), ABS(-1), SIGN(-2), MOD(7, 2), TRUNCATE(1.239, 2), EXP(0)
SELECT o.id FROM (orders o JOIN customers c ON c.id = o.customer_id) JOIN payments p ON p.order_id = o.id ORDER BY o.id LIMIT 3
SELECT ((id)) FROM orders WHERE ((status = 'paid')) ORDER BY id LIMIT 3
SELECT t.id, COUNT(*) AS n FROM categories t WHERE t.id IS NOT NULL GROUP BY t.id ORDER BY n DESC, t.id LIMIT 20
SELECT t.name, COUNT(*) AS n FROM categories t WHERE t.name IS NOT NULL GROUP BY t.name ORDER BY n DESC, t.name LIMIT 20
SELECT t.id, COUNT(*) AS n FROM products t WHERE t.id IS NOT NULL GROUP BY t.id ORDER BY n DESC, t.id LIMIT 20
SELECT t.sku, COUNT(*) AS n FROM products t WHERE t.sku IS NOT NULL GROUP BY t.sku ORDER BY n DESC, t.sku LIMIT 20
SELECT t.name, COUNT(*) AS n FROM products t WHERE t.name IS NOT NULL GROUP BY t.name ORDER BY n DESC, t.name LIMIT 20
SELECT t.brand, COUNT(*) AS n FROM products t WHERE t.brand IS NOT NULL GROUP BY t.brand ORDER BY n DESC, t.brand LIMIT 20
SELECT t.category_id, COUNT(*) AS n FROM products t WHERE t.category_id IS NOT NULL GROUP BY t.category_id ORDER BY n DESC, t.category_id LIMIT 20
SELECT t.price, COUNT(*) AS n FROM products t WHERE t.price IS NOT NULL GROUP BY t.price ORDER BY n DESC, t.price LIMIT 20
SELECT t.cost, COUNT(*) AS n FROM products t WHERE t.cost IS NOT NULL GROUP BY t.cost ORDER BY n DESC, t.cost LIMIT 20
SELECT t.active, COUNT(*) AS n FROM products t WHERE t.active IS NOT NULL GROUP BY t.active ORDER BY n DESC, t.active LIMIT 20
SELECT t.launched_on, COUNT(*) AS n FROM products t WHERE t.launched_on IS NOT NULL GROUP BY t.launched_on ORDER BY n DESC, t.launched_on LIMIT 20
SELECT t.id, COUNT(*) AS n FROM customers t WHERE t.id IS NOT NULL GROUP BY t.id ORDER BY n DESC, t.id LIMIT 20
SELECT t.full_name, COUNT(*) AS n FROM customers t WHERE t.full_name IS NOT NULL GROUP BY t.full_name ORDER BY n DESC, t.full_name LIMIT 20
SELECT t.city, COUNT(*) AS n FROM customers t WHERE t.city IS NOT NULL GROUP BY t.city ORDER BY n DESC, t.city LIMIT 20
SELECT t.country, COUNT(*) AS n FROM customers t WHERE t.country IS NOT NULL GROUP BY t.country ORDER BY n DESC, t.country LIMIT 20
SELECT t.segment, COUNT(*) AS n FROM customers t WHERE t.segment IS NOT NULL GROUP BY t.segment ORDER BY n DESC, t.segment LIMIT 20
SELECT t.created_at, COUNT(*) AS n FROM customers t WHERE t.created_at IS NOT NULL GROUP BY t.created_at ORDER BY n DESC, t.created_at LIMIT 20
SELECT t.id, COUNT(*) AS n FROM warehouses t WHERE t.id IS NOT NULL GROUP BY t.id ORDER BY n DESC, t.id LIMIT 20
SELECT t.code, COUNT(*) AS n FROM warehouses t WHERE t.code IS NOT NULL GROUP BY t.code ORDER BY n DESC, t.code LIMIT 20
SELECT t.city, COUNT(*) AS n FROM warehouses t WHERE t.city IS NOT NULL GROUP BY t.city ORDER BY n DESC, t.city LIMIT 20
SELECT t.country, COUNT(*) AS n FROM warehouses t WHERE t.country IS NOT NULL GROUP BY t.country ORDER BY n DESC, t.country LIMIT 20
SELECT t.product_id, COUNT(*) AS n FROM inventory t WHERE t.product_id IS NOT NULL GROUP BY t.product_id ORDER BY n DESC, t.product_id LIMIT 20
SELECT t.warehouse_id, COUNT(*) AS n FROM inventory t WHERE t.warehouse_id IS NOT NULL GROUP BY t.warehouse_id ORDER BY n DESC, t.warehouse_id LIMIT 20
SELECT t.on_hand, COUNT(*) AS n FROM inventory t WHERE t.on_hand IS NOT NULL GROUP BY t.on_hand ORDER BY n DESC, t.on_hand LIMIT 20
SELECT t.reserved, COUNT(*) AS n FROM inventory t WHERE t.reserved IS NOT NULL GROUP BY t.reserved ORDER BY n DESC, t.reserved LIMIT 20
SELECT t.reorder_level, COUNT(*) AS n FROM inventory t WHERE t.reorder_level IS NOT NULL GROUP BY t.reorder_level ORDER BY n DESC, t.reorder_level LIMIT 20
SELECT t.updated_at, COUNT(*) AS n FROM inventory t WHERE t.updated_at IS NOT NULL GROUP BY t.updated_at ORDER BY n DESC, t.updated_at LIMIT 20
SELECT t.id, COUNT(*) AS n FROM orders t WHERE t.id IS NOT NULL GROUP BY t.id ORDER BY n DESC, t.id LIMIT 20
SELECT t.order_number, COUNT(*) AS n FROM orders t WHERE t.order_number IS NOT NULL GROUP BY t.order_number ORDER BY n DESC, t.order_number LIMIT 20
SELECT t.customer_id, COUNT(*) AS n FROM orders t WHERE t.customer_id IS NOT NULL GROUP BY t.customer_id ORDER BY n DESC, t.customer_id LIMIT 20
SELECT t.status, COUNT(*) AS n FROM orders t WHERE t.status IS NOT NULL GROUP BY t.status ORDER BY n DESC, t.status LIMIT 20
SELECT t.channel, COUNT(*) AS n FROM orders t WHERE t.channel IS NOT NULL GROUP BY t.channel ORDER BY n DESC, t.channel LIMIT 20
SELECT t.currency, COUNT(*) AS n FROM orders t WHERE t.currency IS NOT NULL GROUP BY t.currency ORDER BY n DESC, t.currency LIMIT 20
SELECT t.items_total, COUNT(*) AS n FROM orders t WHERE t.items_total IS NOT NULL GROUP BY t.items_total ORDER BY n DESC, t.items_total LIMIT 20
SELECT t.shipping_fee, COUNT(*) AS n FROM orders t WHERE t.shipping_fee IS NOT NULL GROUP BY t.shipping_fee ORDER BY n DESC, t.shipping_fee LIMIT 20
SELECT t.tax_total, COUNT(*) AS n FROM orders t WHERE t.tax_total IS NOT NULL GROUP BY t.tax_total ORDER BY n DESC, t.tax_total LIMIT 20
SELECT t.grand_total, COUNT(*) AS n FROM orders t WHERE t.grand_total IS NOT NULL GROUP BY t.grand_total ORDER BY n DESC, t.grand_total LIMIT 20
SELECT t.ship_city, COUNT(*) AS n FROM orders t WHERE t.ship_city IS NOT NULL GROUP BY t.ship_city ORDER BY n DESC, t.ship_city LIMIT 20
SELECT t.ship_country, COUNT(*) AS n FROM orders t WHERE t.ship_country IS NOT NULL GROUP BY t.ship_country ORDER BY n DESC, t.ship_country LIMIT 20
SELECT t.placed_at, COUNT(*) AS n FROM orders t WHERE t.placed_at IS NOT NULL GROUP BY t.placed_at ORDER BY n DESC, t.placed_at LIMIT 20
SELECT t.updated_at, COUNT(*) AS n FROM orders t WHERE t.updated_at IS NOT NULL GROUP BY t.updated_at ORDER BY n DESC, t.updated_at LIMIT 20
SELECT t.cancel_reason, COUNT(*) AS n FROM orders t WHERE t.cancel_reason IS NOT NULL GROUP BY t.cancel_reason ORDER BY n DESC, t.cancel_reason LIMIT 20
SELECT t.id, COUNT(*) AS n FROM payments t WHERE t.id IS NOT NULL GROUP BY t.id ORDER BY n DESC, t.id LIMIT 20
SELECT t.order_id, COUNT(*) AS n FROM payments t WHERE t.order_id IS NOT NULL GROUP BY t.order_id ORDER BY n DESC, t.order_id LIMIT 20
SELECT t.method, COUNT(*) AS n FROM payments t WHERE t.method IS NOT NULL GROUP BY t.method ORDER BY n DESC, t.method LIMIT 20
SELECT t.status, COUNT(*) AS n FROM payments t WHERE t.status IS NOT NULL GROUP BY t.status ORDER BY n DESC, t.status LIMIT 20
SELECT t.amount, COUNT(*) AS n FROM payments t WHERE t.amount IS NOT NULL GROUP BY t.amount ORDER BY n DESC, t.amount LIMIT 20
SELECT t.failure_reason, COUNT(*) AS n FROM payments t WHERE t.failure_reason IS NOT NULL GROUP BY t.failure_reason ORDER BY n DESC, t.failure_reason LIMIT 20
SELECT t.attempted_at, COUNT(*) AS n FROM payments t WHERE t.attempted_at IS NOT NULL GROUP BY t.attempted_at ORDER BY n DESC, t.attempted_at LIMIT 20
SELECT t.id, COUNT(*) AS n FROM shipments t WHERE t.id IS NOT NULL GROUP BY t.id ORDER BY n DESC, t.id LIMIT 20
SELECT t.order_id, COUNT(*) AS n FROM shipments t WHERE t.order_id IS NOT NULL GROUP BY t.order_id ORDER BY n DESC, t.order_id LIMIT 20
SELECT t.warehouse_id, COUNT(*) AS n FROM shipments t WHERE t.warehouse_id IS NOT NULL GROUP BY t.warehouse_id ORDER BY n DESC, t.warehouse_id LIMIT 20
SELECT t.carrier, COUNT(*) AS n FROM shipments t WHERE t.carrier IS NOT NULL GROUP BY t.carrier ORDER BY n DESC, t.carrier LIMIT 20
SELECT t.tracking_number, COUNT(*) AS n FROM shipments t WHERE t.tracking_number IS NOT NULL GROUP BY t.tracking_number ORDER BY n DESC, t.tracking_number LIMIT 20
SELECT t.status, COUNT(*) AS n FROM shipments t WHERE t.status IS NOT NULL GROUP BY t.status ORDER BY n DESC, t.status LIMIT 20
SELECT t.shipped_at, COUNT(*) AS n FROM shipments t WHERE t.shipped_at IS NOT NULL GROUP BY t.shipped_at ORDER BY n DESC, t.shipped_at LIMIT 20
SELECT t.promised_at, COUNT(*) AS n FROM shipments t WHERE t.promised_at IS NOT NULL GROUP BY t.promised_at ORDER BY n DESC, t.promised_at LIMIT 20
SELECT t.delivered_at, COUNT(*) AS n FROM shipments t WHERE t.delivered_at IS NOT NULL GROUP BY t.delivered_at ORDER BY n DESC, t.delivered_at LIMIT 20
SELECT t.id, COUNT(*) AS n FROM order_items t WHERE t.id IS NOT NULL GROUP BY t.id ORDER BY n DESC, t.id LIMIT 20
SELECT t.order_id, COUNT(*) AS n FROM order_items t WHERE t.order_id IS NOT NULL GROUP BY t.order_id ORDER BY n DESC, t.order_id LIMIT 20
SELECT t.product_id, COUNT(*) AS n FROM order_items t WHERE t.product_id IS NOT NULL GROUP BY t.product_id ORDER BY n DESC, t.product_id LIMIT 20
SELECT t.quantity, COUNT(*) AS n FROM order_items t WHERE t.quantity IS NOT NULL GROUP BY t.quantity ORDER BY n DESC, t.quantity LIMIT 20
SELECT t.unit_price, COUNT(*) AS n FROM order_items t WHERE t.unit_price IS NOT NULL GROUP BY t.unit_price ORDER BY n DESC, t.unit_price LIMIT 20
SELECT t.unit_cost, COUNT(*) AS n FROM order_items t WHERE t.unit_cost IS NOT NULL GROUP BY t.unit_cost ORDER BY n DESC, t.unit_cost LIMIT 20
SELECT t.discount, COUNT(*) AS n FROM order_items t WHERE t.discount IS NOT NULL GROUP BY t.discount ORDER BY n DESC, t.discount LIMIT 20
SELECT t.line_total, COUNT(*) AS n FROM order_items t WHERE t.line_total IS NOT NULL GROUP BY t.line_total ORDER BY n DESC, t.line_total LIMIT 20
SELECT t.warehouse_id, COUNT(*) AS n FROM order_items t WHERE t.warehouse_id IS NOT NULL GROUP BY t.warehouse_id ORDER BY n DESC, t.warehouse_id LIMIT 20
SELECT t.shipment_id, COUNT(*) AS n FROM order_items t WHERE t.shipment_id IS NOT NULL GROUP BY t.shipment_id ORDER BY n DESC, t.shipment_id LIMIT 20
SELECT t.id, COUNT(*) AS n FROM returns t WHERE t.id IS NOT NULL GROUP BY t.id ORDER BY n DESC, t.id LIMIT 20
SELECT t.order_item_id, COUNT(*) AS n FROM returns t WHERE t.order_item_id IS NOT NULL GROUP BY t.order_item_id ORDER BY n DESC, t.order_item_id LIMIT 20
SELECT t.quantity, COUNT(*) AS n FROM returns t WHERE t.quantity IS NOT NULL GROUP BY t.quantity ORDER BY n DESC, t.quantity LIMIT 20
SELECT t.reason, COUNT(*) AS n FROM returns t WHERE t.reason IS NOT NULL GROUP BY t.reason ORDER BY n DESC, t.reason LIMIT 20
SELECT t.status, COUNT(*) AS n FROM returns t WHERE t.status IS NOT NULL GROUP BY t.status ORDER BY n DESC, t.status LIMIT 20
SELECT t.refund_amount, COUNT(*) AS n FROM returns t WHERE t.refund_amount IS NOT NULL GROUP BY t.refund_amount ORDER BY n DESC, t.refund_amount LIMIT 20
SELECT t.requested_at, COUNT(*) AS n FROM returns t WHERE t.requested_at IS NOT NULL GROUP BY t.requested_at ORDER BY n DESC, t.requested_at LIMIT 20
SELECT t.event_id, COUNT(*) AS n FROM order_events t WHERE t.event_id IS NOT NULL GROUP BY t.event_id ORDER BY n DESC, t.event_id LIMIT 20
SELECT t.order_number, COUNT(*) AS n FROM order_events t WHERE t.order_number IS NOT NULL GROUP BY t.order_number ORDER BY n DESC, t.order_number LIMIT 20
SELECT t.type, COUNT(*) AS n FROM order_events t WHERE t.type IS NOT NULL GROUP BY t.type ORDER BY n DESC, t.type LIMIT 20
SELECT t.version, COUNT(*) AS n FROM order_events t WHERE t.version IS NOT NULL GROUP BY t.version ORDER BY n DESC, t.version LIMIT 20
SELECT t.occurred_at, COUNT(*) AS n FROM order_events t WHERE t.occurred_at IS NOT NULL GROUP BY t.occurred_at ORDER BY n DESC, t.occurred_at LIMIT 20
SELECT t.received_at, COUNT(*) AS n FROM order_events t WHERE t.received_at IS NOT NULL GROUP BY t.received_at ORDER BY n DESC, t.received_at LIMIT 20
SELECT t.partition_id, COUNT(*) AS n FROM order_events t WHERE t.partition_id IS NOT NULL GROUP BY t.partition_id ORDER BY n DESC, t.partition_id LIMIT 20
SELECT t.offset_id, COUNT(*) AS n FROM order_events t WHERE t.offset_id IS NOT NULL GROUP BY t.offset_id ORDER BY n DESC, t.offset_id LIMIT 20
