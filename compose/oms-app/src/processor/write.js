// Writes what a batch decided: rows that are new or changed, the events, the dead letters. It decides nothing, and it
// neither begins nor commits: the caller's transaction holds all of it or none.

import { formatCents } from '../orders/money.js';
import { toDatabase } from './load.js';

const ROWS_A_STATEMENT = 1000;
const BYTES_A_STATEMENT = 4 * 1024 * 1024;

// Inserts rows in statements of bounded size; returns the ids of those that got one, in order.
async function insert(connection, table, columns, rows, { update = [], weigh = () => 200 } = {}) {
  const ids = [];
  const onDuplicate = update.length === 0 ? '' : ` ON DUPLICATE KEY UPDATE ${update.map((name) => `${name} = VALUES(${name})`).join(', ')}`;
  for (let start = 0; start < rows.length; ) {
    let end = start;
    for (let bytes = 0; end < rows.length && end - start < ROWS_A_STATEMENT; end += 1) {
      bytes += weigh(rows[end]);
      if (bytes > BYTES_A_STATEMENT && end > start) break;
    }
    const [result] = await connection.query(`INSERT INTO ${table} (${columns}) VALUES ?${onDuplicate}`, [rows.slice(start, end)]);
    // The rows of one INSERT get ids one step apart, in their order.
    for (let index = start; index < end; index += 1) ids.push(result.insertId + (index - start) * connection.idStep);
    start = end;
  }
  return ids;
}

async function insertNew(connection, table, columns, values, fields) {
  const ids = await insert(connection, table, columns, values.map(fields));
  values.forEach((value, index) => {
    value.id = ids[index];
  });
}

const changed = (rows) => rows.filter(({ isNew, dirty }) => dirty && !isNew);
const fresh = (rows) => rows.filter(({ isNew }) => isNew);

// Updates each row by its id; such changes are few beside new rows, and equal ones go in one statement.
async function updateByStatus(connection, table, rows) {
  for (const status of new Set(rows.map((row) => row.status))) {
    const ids = rows.filter((row) => row.status === status).map(({ id }) => id);
    await connection.query(`UPDATE ${table} SET status = ? WHERE id IN (?)`, [status, ids]);
  }
}

/**
 * Writes the outcome of `batch`; `received` is the time (ISO) at which its events are taken to have come. With `outbox`,
 * changes of status are left for the notifier too.
 */
export async function writeBatch(connection, batch, received, outbox) {
  const { world } = batch;
  const orders = [...world.orders.values()].filter(({ dirty }) => dirty);
  const all = (part) => orders.flatMap((order) => order[part].map((row) => Object.assign(row, { order })));

  await insertNew(
    connection,
    'customers',
    'full_name, email, phone, city, country, segment, created_at',
    fresh([...world.customers.values()]),
    (row) => [row.full_name, row.email, row.phone, row.city, row.country, 'consumer', toDatabase(row.createdAt)],
  );
  await insertNew(
    connection,
    'orders',
    `order_number, customer_id, status, channel, currency, items_total, shipping_fee, tax_total, grand_total, ship_city,
     ship_country, placed_at, updated_at, cancel_reason`,
    fresh(orders),
    (row) => [
      row.number,
      row.customer.id,
      row.status,
      row.channel,
      row.currency,
      ...[row.itemsTotal, row.shippingFee, row.taxTotal, row.grandTotal].map(formatCents),
      row.city,
      row.country,
      toDatabase(row.placedAt),
      toDatabase(row.updatedAt),
      row.cancelReason,
    ],
  );
  await updateOrders(connection, changed(orders));
  await writeParcels(connection, all('shipments'));
  await writeItems(connection, all('items'));
  await writePayments(connection, all('payments'));
  await writeReturns(connection, all('returns'));
  await writeInventory(connection, world);
  await writeEvents(connection, batch, received);
  if (outbox) {
    const rows = batch.statusChanges.map(({ event, status }) => [event.id, event.orderNumber, status, toDatabase(received)]);
    await insert(connection, 'oms_outbox', 'event_id, order_number, status, due_at', rows);
  }
}

async function updateOrders(connection, orders) {
  for (const rows of groupBy(orders, groupKey).values()) {
    const { status, cancelReason, updatedAt } = rows[0];
    await connection.query('UPDATE orders SET status = ?, cancel_reason = ?, updated_at = ? WHERE id IN (?)', [
      status,
      cancelReason,
      toDatabase(updatedAt),
      rows.map(({ id }) => id),
    ]);
  }
}

const groupKey = ({ status, cancelReason, updatedAt }) => `${status} ${cancelReason} ${updatedAt}`;

function groupBy(rows, key) {
  const groups = new Map();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}

async function writeParcels(connection, parcels) {
  await insertNew(
    connection,
    'shipments',
    'order_id, warehouse_id, carrier, tracking_number, status, shipped_at, promised_at, delivered_at',
    fresh(parcels),
    (row) => [
      row.order.id,
      row.warehouseId,
      row.carrier,
      row.trackingNumber,
      row.status,
      ...[row.shippedAt, row.promisedAt, row.deliveredAt].map(toDatabase),
    ],
  );
  const known = changed(parcels);
  await updateByStatus(connection, 'shipments', known.filter(({ status }) => status !== 'delivered'));
  for (const row of known.filter(({ status }) => status === 'delivered')) {
    const values = [row.status, toDatabase(row.deliveredAt), row.id];
    await connection.query('UPDATE shipments SET status = ?, delivered_at = ? WHERE id = ?', values);
  }
}

async function writeItems(connection, items) {
  await insertNew(
    connection,
    'order_items',
    'order_id, product_id, quantity, unit_price, unit_cost, discount, line_total, warehouse_id, shipment_id',
    fresh(items),
    (row) => [
      row.order.id,
      row.productId,
      row.quantity,
      ...[row.unitPrice, row.unitCost, row.discount, row.lineTotal].map(formatCents),
      row.warehouseId,
      row.shipment?.id ?? null,
    ],
  );
  for (const row of changed(items)) {
    const values = [row.warehouseId, row.shipment?.id ?? null, row.id];
    await connection.query('UPDATE order_items SET warehouse_id = ?, shipment_id = ? WHERE id = ?', values);
  }
}

async function writePayments(connection, payments) {
  await insertNew(
    connection,
    'payments',
    'order_id, method, status, amount, failure_reason, attempted_at',
    fresh(payments),
    (row) => [row.order.id, row.method, row.status, formatCents(row.amount), row.failureReason, toDatabase(row.attemptedAt)],
  );
  await updateByStatus(connection, 'payments', changed(payments));
}

async function writeReturns(connection, returns) {
  await insertNew(
    connection,
    'returns',
    'order_item_id, quantity, reason, status, refund_amount, requested_at',
    fresh(returns),
    (row) => [row.item.id, row.quantity, row.reason, row.status, formatCents(row.refundAmount), toDatabase(row.requestedAt)],
  );
  await updateByStatus(connection, 'returns', changed(returns));
}

// The rows are there and locked: the INSERT always becomes an update, one statement for many of them.
async function writeInventory(connection, world) {
  const rows = [...world.inventory.values()].flat().filter(({ dirty }) => dirty);
  await insert(
    connection,
    'inventory',
    'product_id, warehouse_id, on_hand, reserved, reorder_level, updated_at',
    rows.map((row) => [row.productId, row.warehouseId, row.onHand, row.reserved, 0, toDatabase(row.updatedAt)]),
    { update: ['on_hand', 'reserved', 'updated_at'] },
  );
}

async function writeEvents(connection, batch, received) {
  const payloads = batch.appliedEvents.map(({ arrival, event, version }) => [
    event.id,
    event.orderNumber,
    event.type,
    version,
    toDatabase(event.time),
    toDatabase(received),
    arrival.partition,
    arrival.offset,
    JSON.stringify(event.payload),
  ]);
  await insert(
    connection,
    'order_events',
    'event_id, order_number, type, version, occurred_at, received_at, partition_id, offset_id, payload',
    payloads,
    { weigh: (row) => 200 + row[8].length * 2 },
  );
  // One that waits has its place written when it comes: the hub tells it once.
  const placed = [...batch.appliedEvents.map(({ arrival }) => arrival), ...batch.newlyWaiting].filter(({ sequence }) => Number.isInteger(sequence));
  await insert(
    connection,
    'oms_event_places',
    'event_id, sequence_number, enqueued_at',
    placed.map(({ read, sequence, enqueued }) => [read.event.id, sequence, enqueued ? toDatabase(enqueued.toISOString()) : null]),
    { update: ['sequence_number', 'enqueued_at'] },
  );
  await insert(
    connection,
    'dead_letters',
    'partition_id, offset_id, received_at, reason, body',
    batch.deadLetters.map(({ arrival, reason }) => [arrival.partition, arrival.offset, toDatabase(received), reason, arrival.body]),
    { weigh: (row) => 600 + row[4].length * 2 },
  );
  const dead = batch.deadLetters.filter(({ id, number }) => id !== undefined && number !== undefined);
  await insert(connection, 'oms_dead_events', 'order_number, event_id', dead.map(({ id, number }) => [number, id]), {
    update: ['event_id'],
  });
  const revived = batch.revived.map(({ orderNumber, id }) => [orderNumber, id]);
  if (revived.length > 0) await connection.query('DELETE FROM oms_dead_events WHERE (order_number, event_id) IN (?)', [revived]);

  await insert(
    connection,
    'oms_waiting_events',
    'partition_id, offset_id, order_number, waiting_since, body',
    batch.newlyWaiting.map((arrival) => [
      arrival.partition,
      arrival.offset,
      arrival.read.event.orderNumber,
      toDatabase(new Date(arrival.since).toISOString()),
      arrival.body,
    ]),
    { weigh: (row) => 200 + row[4].length * 2 },
  );
  const gone = batch.noLongerWaiting.map(({ partition, offset }) => [partition, offset]);
  if (gone.length > 0) await connection.query('DELETE FROM oms_waiting_events WHERE (partition_id, offset_id) IN (?)', [gone]);
}
