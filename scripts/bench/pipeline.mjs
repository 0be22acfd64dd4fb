// How fast events become rows: the real processor, hub stand-in and database on this machine, against the same rows
// written by LOAD DATA and by multi-row INSERT on the same server in the same run. It measures and prints; it asserts
// nothing but that every order arrived. Of several runs, each with a database and a hub of its own, medians are told.
//
//     node scripts/bench/pipeline.mjs [ORDERS] [--runs N] [--memory MINUTES] [--rate N] [--record]
//
// --memory holds half the measured load (or N orders a second) for so long and watches the processor's memory; --record writes the section of
// BENCHMARKS.md. Where a stack is up, page loads through it are measured too (scripts/bench/pages.mjs).

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { record } from './record.mjs';

const app = new URL('../../compose/oms-app/', import.meta.url);
const { Parts, until } = await import(new URL('test/support/parts.js', app));
const { event, number, placedData } = await import(new URL('test/support/events.js', app));
const { EventHubProducerClient } = await import(new URL('node_modules/@azure/event-hubs/dist/esm/index.js', app));

const { values: chosen, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '1' }, memory: { type: 'string', default: '0' }, rate: { type: 'string', default: '0' }, record: { type: 'boolean', default: false } },
});
const count = Number(positionals[0] ?? 20_000);
const runs = Number(chosen.runs);
const memoryMinutes = Number(chosen.memory);
const chosenRate = Number(chosen.rate);
if (![count, runs].every((number) => Number.isInteger(number) && number > 0) || !(memoryMinutes >= 0) || !(chosenRate >= 0)) {
  process.stderr.write('usage: make bench-pipeline ARGS="[ORDERS] [--runs N] [--memory MINUTES] [--rate N] [--record]"\n');
  process.exit(2);
}
let parts;
let producer;
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
  const memory = async () => Number(/^process_resident_memory_bytes (\S+)/m.exec(await (await fetch(`${processor.monitor}/metrics`)).text())[1]) / 2 ** 20;
  const seen = [];
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
    // Every ten seconds.
    if (second % 50 === 49) seen.push(await memory());
    const now = performance.now();
    for (const one of events) if (taken.has(one.subject)) taken.set(one.subject, now);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 200 - (performance.now() - began))));
  }
  looking = false;
  await look;
  seen.push(await memory());
  await processor.end();
  waits.sort((a, b) => a - b);
  return { half: waits[Math.floor(waits.length * 0.5)], most: waits[Math.floor(waits.length * 0.99)], memory: seen, visible: waits.length };
}

const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

async function run(last) {
  parts = await Parts.start();
  producer = new EventHubProducerClient(parts.hubConnection, 'orders');
  next = 1;
  try {
    const found = { one: await drain(1), two: await drain(2) };
    Object.assign(found, await plain());
    // A long look at the memory is had once.
    found.rate = chosenRate || found.one / 2;
    found.latency = await latency(found.rate, last && memoryMinutes > 0 ? memoryMinutes * 60 : 15);
    return found;
  } finally {
    await producer.close();
    await parts.stop();
  }
}

const all = [];
for (let n = 1; n <= runs; n += 1) {
  const found = await run(n === runs);
  all.push(found);
  const numbers = [found.one, found.two, found.INSERT, found['LOAD DATA']].map(Math.round);
  process.stdout.write(`run ${n} of ${runs}: ${numbers[0]} and ${numbers[1]} orders a second, INSERT ${numbers[2]}, LOAD DATA ${numbers[3]}, 99 % within ${Math.round(found.latency.most)} ms\n`);
}

const of = (name) => Math.round(median(all.map((found) => found[name])));
const target = Math.round(Math.min(3000, 0.4 * median(all.map(({ INSERT }) => INSERT))));
const ofLatency = (name) => Math.round(median(all.map(({ latency: found }) => found[name])));
const last = all.at(-1).latency.memory;
// Where several minutes were watched, the first minute is warming up.
const steady = last.length > 12 ? last.slice(6) : last;
const third = Math.max(1, Math.floor(steady.length / 3));
const [early, late] = [steady.slice(0, third), steady.slice(-third)].map((some) => Math.round(median(some)));
const rows = [
  ['one processor, orders a second', `${target}: the lower of 3000 and 40 % of INSERT`, `${of('one')}`],
  ['two processors, orders a second', '', `${of('two')}`],
  ['the same rows by multi-row INSERT, 500 a statement', '', `${of('INSERT')}`],
  ['the same rows by LOAD DATA', '', `${of('LOAD DATA')}`],
  [`from the hub to the visible row at ${of('rate')} orders a second`, '99 % in 2000 ms', `median ${ofLatency('half')} ms, 99 % under ${ofLatency('most')} ms`],
  [`memory of the processor at that load${memoryMinutes > 0 ? ` for ${memoryMinutes} minutes, its first and last third` : ''}`, 'flat over 10 minutes', `${early} MiB, ${late} MiB (most ${Math.round(Math.max(...last))})`],
];
const { OMS_SHOP_URL, OMS_SHOP_CERTIFICATE } = process.env;
if (OMS_SHOP_URL) {
  const pages = fileURLToPath(new URL('pages.mjs', import.meta.url));
  const said = execFileSync(process.execPath, [pages, OMS_SHOP_CERTIFICATE, `${OMS_SHOP_URL}/`, '10000', '200'], { encoding: 'utf8', timeout: 600_000 });
  rows.push(['10,000 page loads through Traefik, 200 at a time', 'no error', said.trim().split('\n').join('; ')]);
}
process.stdout.write(`\nmedians of ${runs} runs of ${count} orders, two lines each\n`);
for (const [what, wanted, measured] of rows) process.stdout.write(`${what.padEnd(72)} ${measured}${wanted ? `  (target: ${wanted})` : ''}\n`);
if (chosen.record) {
  const command = `make bench-pipeline ARGS="${process.argv.slice(2).join(' ')}"`;
  record(fileURLToPath(new URL('../../BENCHMARKS.md', import.meta.url)), command, `${runs} ${runs === 1 ? 'run' : 'runs'} of ${count} orders, two lines each; medians`, rows);
  process.stdout.write('wrote BENCHMARKS.md\n');
}
process.exit(0);
