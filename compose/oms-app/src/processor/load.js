// Loads what a batch of events can touch, locked in one order, into the values that orders/ works on.
// It changes nothing.

import { readEvent } from '../orders/cloud-event.js';
import { parseCents } from '../orders/money.js';

/** `2026-01-14 12:00:00.000` as the database gives it -> ISO. */
export const fromDatabase = (text) => (text === null ? null : `${text.replace(' ', 'T')}Z`);
/** ISO -> as the database takes it. */
export const toDatabase = (text) => (text === null ? null : text.slice(0, 23).replace('T', ' '));

const unique = (values) => [...new Set(values)].sort();

async function select(connection, sql, ...lists) {
  if (lists.some((list) => Array.isArray(list) && list.length === 0)) return [];
  const [rows] = await connection.query(sql, lists);
  return rows;
}

/**
 * The world of a batch: see Batch in orders/batch.js. Waiting events of the partition that have waited since `expired`
 * (ISO) or longer come with it, and so do those of the orders that `arrivals` speak of.
 */
export async function loadWorld(connection, partition, arrivals, expired) {
  const waiting = await loadWaiting(connection, partition, arrivals, expired);
  const everything = [...arrivals, ...[...waiting.values()].flat()];
  const events = everything.map(({ read }) => read.event).filter(Boolean);
  const known = everything.map(({ read }) => read.event?.orderNumber ?? read.orderNumber).filter(Boolean);
  const numbers = unique(known);
  const placed = events.filter(({ type }) => type === 'order.placed');

  const world = { waiting, trackingNumbers: new Set(), customers: new Map(), products: new Map(), inventory: new Map() };
  world.deadPlaces = await loadDeadPlaces(connection, partition, arrivals);
  world.applied = new Set(
    (await select(connection, 'SELECT event_id FROM order_events WHERE event_id IN (?)', unique(events.map(({ id }) => id)))).map(
      (row) => row.event_id,
    ),
  );
  world.dead = new Map();
  for (const row of await select(connection, 'SELECT order_number, event_id FROM oms_dead_events WHERE order_number IN (?)', numbers)) {
    world.dead.set(row.order_number, (world.dead.get(row.order_number) ?? new Set()).add(row.event_id));
  }
  world.orders = await loadOrders(connection, numbers);
  world.warehouses = new Map((await select(connection, 'SELECT id, code FROM warehouses')).map((row) => [row.code, row.id]));

  const tracking = unique(events.filter(({ type }) => type === 'order.shipped').map(({ data }) => data.tracking_number));
  for (const row of await select(connection, 'SELECT tracking_number FROM shipments WHERE tracking_number IN (?)', tracking)) {
    world.trackingNumbers.add(row.tracking_number);
  }
  const emails = unique(placed.map(({ data }) => data.customer.email));
  for (const row of await select(connection, 'SELECT id, email FROM customers WHERE email IN (?)', emails)) {
    world.customers.set(row.email, { id: row.id, email: row.email });
  }
  const skus = unique(placed.flatMap(({ data }) => data.lines.map(({ sku }) => sku)));
  for (const row of await select(connection, 'SELECT id, sku, cost FROM products WHERE sku IN (?)', skus)) {
    world.products.set(row.sku, { id: row.id, cost: parseCents(row.cost) });
  }
  await loadInventory(connection, world);
  return world;
}

async function loadWaiting(connection, partition, arrivals, expired) {
  const numbers = unique(arrivals.map(({ read }) => read.event?.orderNumber).filter(Boolean));
  const rows = await select(
    connection,
    `SELECT partition_id, offset_id, waiting_since, body FROM oms_waiting_events
     WHERE (partition_id = ? AND waiting_since <= ?) OR order_number IN (?)
     ORDER BY partition_id, waiting_since, offset_id FOR UPDATE`,
    partition,
    toDatabase(expired),
    numbers.length > 0 ? numbers : [''],
  );
  const waiting = new Map();
  for (const row of rows) {
    const arrival = {
      place: `${row.partition_id}/${row.offset_id}`,
      partition: row.partition_id,
      offset: row.offset_id,
      body: row.body,
      read: readEvent(row.body),
      since: Date.parse(fromDatabase(row.waiting_since)),
    };
    const { orderNumber } = arrival.read.event;
    waiting.set(orderNumber, [...(waiting.get(orderNumber) ?? []), arrival]);
  }
  return waiting;
}

async function loadDeadPlaces(connection, partition, arrivals) {
  const offsets = arrivals.map(({ offset }) => offset);
  const sql = 'SELECT offset_id FROM dead_letters WHERE partition_id = ? AND offset_id IN (?)';
  const rows = await select(connection, sql, partition, offsets);
  return new Set(rows.map((row) => `${partition}/${row.offset_id}`));
}

async function loadOrders(connection, numbers) {
  const orders = new Map();
  const rows = await select(connection, 'SELECT * FROM orders WHERE order_number IN (?) ORDER BY order_number FOR UPDATE', numbers);
  if (rows.length === 0) return orders;
  const byId = new Map();
  for (const row of rows) {
    const order = {
      id: row.id,
      number: row.order_number,
      status: row.status,
      version: 0,
      grandTotal: parseCents(row.grand_total),
      updatedAt: fromDatabase(row.updated_at),
      cancelReason: row.cancel_reason,
      items: [],
      payments: [],
      shipments: [],
      returns: [],
    };
    orders.set(order.number, order);
    byId.set(order.id, order);
  }
  const ids = [...byId.keys()];
  const versions = 'SELECT order_number, MAX(version) AS version FROM order_events WHERE order_number IN (?) GROUP BY order_number';
  for (const row of await select(connection, versions, [...orders.keys()])) orders.get(row.order_number).version = row.version;

  const parcels = new Map();
  for (const row of await select(connection, 'SELECT id, order_id, tracking_number, status FROM shipments WHERE order_id IN (?) ORDER BY id', ids)) {
    const parcel = { id: row.id, trackingNumber: row.tracking_number, status: row.status };
    parcels.set(row.id, parcel);
    byId.get(row.order_id).shipments.push(parcel);
  }
  const items = new Map();
  const lines = `SELECT i.id, i.order_id, i.product_id, p.sku, i.quantity, i.line_total, i.warehouse_id, i.shipment_id
                 FROM order_items i JOIN products p ON p.id = i.product_id WHERE i.order_id IN (?) ORDER BY i.id`;
  for (const row of await select(connection, lines, ids)) {
    const item = {
      id: row.id,
      sku: row.sku,
      productId: row.product_id,
      quantity: row.quantity,
      lineTotal: parseCents(row.line_total),
      warehouseId: row.warehouse_id,
      shipment: row.shipment_id === null ? null : parcels.get(row.shipment_id),
    };
    items.set(row.id, item);
    byId.get(row.order_id).items.push(item);
  }
  for (const row of await select(connection, 'SELECT id, order_id, method, status, amount FROM payments WHERE order_id IN (?) ORDER BY id', ids)) {
    byId.get(row.order_id).payments.push({ id: row.id, method: row.method, status: row.status, amount: parseCents(row.amount) });
  }
  const returned = `SELECT r.id, r.order_item_id, i.order_id, r.quantity, r.status, r.refund_amount
                    FROM returns r JOIN order_items i ON i.id = r.order_item_id WHERE i.order_id IN (?) ORDER BY r.id`;
  for (const row of await select(connection, returned, ids)) {
    byId.get(row.order_id).returns.push({
      id: row.id,
      item: items.get(row.order_item_id),
      quantity: row.quantity,
      status: row.status,
      refundAmount: parseCents(row.refund_amount),
    });
  }
  return orders;
}

// Stock is locked last and in the order of its key, so that two processors wait for each other instead of colliding.
async function loadInventory(connection, world) {
  const ofOrders = [...world.orders.values()].flatMap(({ items }) => items.map(({ productId }) => productId));
  const products = [...new Set([...ofOrders, ...[...world.products.values()].map(({ id }) => id)])].sort((a, b) => a - b);
  const sql = `SELECT product_id, warehouse_id, on_hand, reserved, reorder_level FROM inventory
               WHERE product_id IN (?) ORDER BY product_id, warehouse_id FOR UPDATE`;
  for (const row of await select(connection, sql, products)) {
    const stock = { productId: row.product_id, warehouseId: row.warehouse_id, onHand: row.on_hand, reserved: row.reserved };
    world.inventory.set(row.product_id, [...(world.inventory.get(row.product_id) ?? []), stock]);
  }
}
