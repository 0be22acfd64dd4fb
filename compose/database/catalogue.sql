-- A small shop for a stack whose database is not seeded by `oms db seed --live`: 5 categories, 60 products, 3 warehouses
-- and their stock, so that orders can be placed. Loaded after seed/schema.sql, once, into empty tables.

INSERT INTO categories (id, name) VALUES (1, 'Books'), (2, 'Kitchen'), (3, 'Garden'), (4, 'Toys'), (5, 'Office');

INSERT INTO warehouses (id, code, city, country) VALUES
  (1, 'LIS-1', 'Lisbon', 'PT'), (2, 'MAD-1', 'Madrid', 'ES'), (3, 'BER-1', 'Berlin', 'DE');

INSERT INTO products (id, sku, name, brand, category_id, price, cost, active, launched_on)
WITH RECURSIVE numbers AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM numbers WHERE n < 60)
SELECT n, CONCAT('SKU-', LPAD(n, 5, '0')),
  CONCAT(ELT(1 + n % 5, 'Plain', 'Fine', 'Large', 'Small', 'Classic'), ' ',
    ELT(1 + n % 12, 'notebook', 'kettle', 'lantern', 'puzzle', 'lamp', 'atlas', 'pan', 'rake', 'kite', 'stapler', 'novel', 'teapot'),
    ' ', n),
  ELT(1 + n % 4, 'Alba', 'Bruma', 'Castro', 'Duna'), 1 + n % 5,
  ROUND(4.90 + n * 1.35, 2), ROUND((4.90 + n * 1.35) * 0.6, 2), n <> 60, DATE_SUB('2026-01-01', INTERVAL n * 9 DAY)
FROM numbers;

-- Product 59 is out of stock everywhere.
INSERT INTO inventory (product_id, warehouse_id, on_hand, reserved, reorder_level, updated_at)
SELECT p.id, w.id, IF(p.id = 59, 0, 500000), 0, 50, '2026-01-01 00:00:00.000' FROM products p CROSS JOIN warehouses w;
