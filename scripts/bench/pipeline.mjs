// How fast events become rows: the real processor, hub stand-in and database on this machine, against the same rows
// written by LOAD DATA and by multi-row INSERT on the same server in the same run. It measures and prints; it asserts
// nothing but that every order arrived.
//
//     node scripts/bench/pipeline.mjs [ORDERS] [--memory MINUTES]

import fs from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';

const app = new URL('../../compose/oms-app/', import.meta.url);
const { Parts, until } = await import(new URL('test/support/parts.js', app));
const { event, number, placedData } = await import(new URL('test/support/events.js', app));
const { EventHubProducerClient } = await import(new URL('node_modules/@azure/event-hubs/dist/esm/index.js', app));

const count = Number(process.argv[2] ?? 20_000);
const memoryMinutes = process.argv.includes('--memory') ? Number(process.argv[process.argv.indexOf('--memory') + 1]) : 0;
const parts = await Parts.start();
let next = 1;

// Two lines an order, a thousand customers.
function makeOrders(howMany) {
  return Array.from({ length: howMany }, () => {
    const n = next++;
    const lines = [1 + (n % 50), 1 + ((n * 7 + 3) % 50)]
      .filter((sku, index, all) => all.indexOf(sku) === index)
      .map((sku) => ({ sku: `SKU-${String(sku).padStart(5, '0')}`, quantity: 1, unit_price: '10.00', discount: '0.00' }));
    const customer = { full_name: `Customer ${n % 1000}`, email: `c${n % 1000}@example.test`, city: 'Porto', country: 'PT' };
    return event('order.placed', number(n), placedData({ lines, customer }), { dataversion: 1, time: new Date().toISOString() });
  });
}

const producer = new EventHubProducerClient(parts.hubConnection, 'orders');
// By partition rather than by key: one batch then carries many orders, as many customers at once would make them.
async function send(events) {
  const batches = await Promise.all([0, 1, 2, 3].map((id) => producer.createBatch({ partitionId: String(id) })));
  for (const [index, one] of events.entries()) {
    const id = index % 4;
    if (!batches[id].tryAdd({ body: one })) {
      await producer.sendBatch(batches[id]);
      batches[id] = await producer.createBatch({ partitionId: String(id) });
      batches[id].tryAdd({ body: one });
    }
  }
  await Promise.all(batches.filter((batch) => batch.count > 0).map((batch) => producer.sendBatch(batch)));
}

const orders = () => parts.one('SELECT COUNT(*) FROM orders');
const line = (what, value) => process.stdout.write(`${what.padEnd(58)} ${value}\n`);

// Orders a second, from the first committed row to the last.
async function drain(processors) {
  const before = await orders();
  await send(makeOrders(count));
  const running = await Promise.all(Array.from({ length: processors }, (_, n) => parts.service('processor', { LOG_LEVEL: 'warn' }, `bench-${processors}-${n}`)));
  await until('the first row', async () => (await orders()) > before);
  const first = await orders();
  const began = performance.now();
  await until('all rows', async () => (await orders()) === before + count, 600);
  const rate = (before + count - first) / ((performance.now() - began) / 1000);
  for (const processor of running) await processor.end();
  return rate;
}

// The rows of `count` orders again, under new numbers, by plain statements.
async function plain() {
  const columns = {
    orders: 'order_number, customer_id, status, channel, currency, items_total, shipping_fee, tax_total, grand_total, ship_city, ship_country, placed_at, updated_at',
    order_items: 'order_id, product_id, quantity, unit_price, unit_cost, discount, line_total, warehouse_id',
    order_events: 'event_id, order_number, type, version, occurred_at, received_at, partition_id, offset_id, payload',
  };
  const [source] = await parts.pool.query('SELECT * FROM orders ORDER BY id LIMIT ?', [count]);
  const [items] = await parts.pool.query('SELECT i.* FROM order_items i WHERE order_id <= ? ORDER BY order_id', [source.at(-1).id]);
  const [events] = await parts.pool.query('SELECT * FROM order_events WHERE order_number IN (SELECT order_number FROM orders WHERE id <= ?)', [source.at(-1).id]);
  const rates = {};
  for (const way of ['INSERT', 'LOAD DATA']) {
    const base = Number(await parts.one('SELECT MAX(id) FROM orders'));
    const ids = new Map(source.map((row, index) => [row.id, base + index + 1]));
    const names = new Map(source.map((row) => [row.order_number, `ORD-${way[0]}${row.order_number.slice(4)}`]));
    const rows = {
      orders: source.map((r) => [ids.get(r.id), names.get(r.order_number), r.customer_id, r.status, r.channel, r.currency, r.items_total, r.shipping_fee, r.tax_total, r.grand_total, r.ship_city, r.ship_country, r.placed_at, r.updated_at]),
      order_items: items.map((r) => [ids.get(r.order_id), r.product_id, r.quantity, r.unit_price, r.unit_cost, r.discount, r.line_total, r.warehouse_id]),
      order_events: events.map((r) => [randomUUID(), names.get(r.order_number), r.type, r.version, r.occurred_at, r.received_at, r.partition_id, r.offset_id, JSON.stringify(r.payload)]),
    };
    const list = { ...columns, orders: `id, ${columns.orders}` };
    const files = {};
    if (way === 'LOAD DATA') {
      for (const [table, values] of Object.entries(rows)) {
        files[table] = path.join(parts.folder, `${table}.tsv`);
        fs.writeFileSync(files[table], values.map((row) => row.map((cell) => String(cell).replaceAll('\\', '\\\\').replaceAll('\t', '\\t')).join('\t')).join('\n'));
        fs.chmodSync(files[table], 0o644);
      }
    }
    const began = performance.now();
    for (const [table, values] of Object.entries(rows)) {
      if (way === 'LOAD DATA') await parts.pool.query(`LOAD DATA INFILE ? INTO TABLE ${table} CHARACTER SET utf8mb4 (${list[table]})`, [files[table]]);
      else for (let at = 0; at < values.length; at += 500) await parts.pool.query(`INSERT INTO ${table} (${list[table]}) VALUES ?`, [values.slice(at, at + 500)]);
    }
    rates[way] = source.length / ((performance.now() - began) / 1000);
  }
  return rates;
}

// Sends at a steady rate and looks for the rows: milliseconds from the hub's acceptance to the row that can be read.
async function latency(rate, seconds) {
  const processor = await parts.service('processor', { LOG_LEVEL: 'warn' }, 'bench-latency');
  const taken = new Map();
  const waits = [];
  let last = Number(await parts.one('SELECT MAX(id) FROM orders'));
  let looking = true;
  const look = (async () => {
    while (looking || taken.size > 0) {
      const rows = await parts.rows('SELECT id, order_number FROM orders WHERE id > ? ORDER BY id LIMIT 5000', [last]);
      const now = performance.now();
      for (const row of rows) {
        last = row.id;
        const at = taken.get(row.order_number);
        if (at !== undefined) waits.push(Math.max(0, now - at));
        taken.delete(row.order_number);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  for (let second = 0; second < seconds * 5; second += 1) {
    const began = performance.now();
    const events = makeOrders(Math.round(rate / 5));
    for (const one of events) taken.set(one.subject, Infinity);
    await send(events);
    const now = performance.now();
    for (const one of events) if (taken.has(one.subject)) taken.set(one.subject, now);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 200 - (performance.now() - began))));
  }
  looking = false;
  await look;
  const memory = async () => Number(/^process_resident_memory_bytes (\S+)/m.exec(await (await fetch(`${processor.monitor}/metrics`)).text())[1]) / 2 ** 20;
  const mebibytes = await memory();
  await processor.end();
  waits.sort((a, b) => a - b);
  return { half: waits[Math.floor(waits.length * 0.5)], most: waits[Math.floor(waits.length * 0.99)], mebibytes, seen: waits.length };
}

try {
  line('orders in a run, two lines each', count);
  const one = await drain(1);
  line('one processor, orders a second', Math.round(one));
  const two = await drain(2);
  line('two processors, orders a second', Math.round(two));
  const rates = await plain();
  line('the same rows by multi-row INSERT (500 a statement)', Math.round(rates.INSERT));
  line('the same rows by LOAD DATA', Math.round(rates['LOAD DATA']));
  const target = Math.min(3000, 0.4 * rates.INSERT);
  line('target for one processor: the lower of 3000 and 40 % of INSERT', `${Math.round(target)} (${one >= target ? 'met' : 'MISSED'})`);
  const found = await latency(one / 2, memoryMinutes ? memoryMinutes * 60 : 15);
  line(`at ${Math.round(one / 2)} orders a second: half visible within, ms`, Math.round(found.half));
  line('  99 % visible within, ms (target 2000)', `${Math.round(found.most)} (${found.most <= 2000 ? 'met' : 'MISSED'})`);
  line('  resident memory of the processor at the end, MiB', Math.round(found.mebibytes));
} finally {
  await producer.close();
  await parts.stop();
}
process.exit(0);
