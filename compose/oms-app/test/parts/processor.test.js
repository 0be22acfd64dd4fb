// The processor against a real database, a hub that keeps its events and the real client library: whatever is killed,
// cut, doubled, shuffled or broken on the way, exactly the accepted orders are there, each once, to the cent.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { EventHubProducerClient, latestEventPosition } from '@azure/event-hubs';
import { Receiver } from 'rhea-promise';

import { checkpointContainer, checkpointStore, consumer } from '../../src/azure.js';
import { event, life, number, placedData } from '../support/events.js';
import { Parts, until } from '../support/parts.js';

let parts;
let next = 1;
let processors = [];

before(async () => {
  parts = await Parts.start();
});
after(() => parts?.stop());
beforeEach(() => {
  processors = [];
});
afterEach(async () => {
  for (const processor of processors) await processor.end();
});

async function processor(env) {
  const part = await parts.service('processor', env, `processor-${processors.length}`);
  processors.push(part);
  return part;
}

/** Fresh order numbers and, for each, what its order must come to (in cents). */
function orders(count) {
  return Array.from({ length: count }, () => {
    const n = next++;
    const quantity = 1 + (n % 3);
    const cents = 1000 + (n % 977);
    const lines = [{ sku: `SKU-${String(1 + (n % 50)).padStart(5, '0')}`, quantity, unit_price: (cents / 100).toFixed(2), discount: '0.10' }];
    const customer = { full_name: `Customer ${n % 40}`, email: `c${n % 40}@example.test`, city: 'Porto', country: 'PT' };
    const placed = event('order.placed', number(n), placedData({ lines, customer }), { dataversion: 1 });
    return { number: number(n), total: quantity * cents - 10 + 490 + 818, placed };
  });
}

async function send(events) {
  const producer = new EventHubProducerClient(parts.hubConnection, 'orders');
  const byKey = Map.groupBy ? Map.groupBy(events, ({ subject }) => subject) : groupBy(events);
  await Promise.all(
    [...byKey].map(async ([partitionKey, some]) => {
      const batch = await producer.createBatch({ partitionKey });
      for (const one of some) batch.tryAdd({ body: one.raw ?? one, contentType: 'application/cloudevents+json' });
      await producer.sendBatch(batch);
    }),
  );
  await producer.close();
}

function groupBy(events) {
  const groups = new Map();
  for (const one of events) groups.set(one.subject, [...(groups.get(one.subject) ?? []), one]);
  return groups;
}

const committed = (list) => async () =>
  (await parts.one('SELECT COUNT(*) FROM orders WHERE order_number IN (?)', [list.map((order) => order.number)])) === list.length;

/** Holds the whole database against what was accepted since the test file began, and against itself. */
let accepted = [];
async function assertExactly() {
  const rows = await parts.rows('SELECT order_number, grand_total, items_total + shipping_fee + tax_total AS parts FROM orders');
  const totals = new Map(rows.map((row) => [row.order_number, Math.round(Number(row.grand_total) * 100)]));
  assert.equal(rows.length, accepted.length);
  for (const order of accepted) assert.equal(totals.get(order.number), order.total, order.number);
  for (const row of rows) assert.equal(row.grand_total, row.parts, row.order_number);
  const checks = {
    'lines that do not sum up': `SELECT COUNT(*) FROM orders o WHERE o.items_total <>
      (SELECT SUM(i.line_total) FROM order_items i WHERE i.order_id = o.id)`,
    'orders without exactly one order.placed': `SELECT COUNT(*) FROM orders o WHERE 1 <>
      (SELECT COUNT(*) FROM order_events e WHERE e.order_number = o.order_number AND e.type = 'order.placed')`,
    'versions with holes': `SELECT COUNT(*) FROM (SELECT order_number FROM order_events GROUP BY order_number
      HAVING MAX(version) <> COUNT(*)) holes`,
    'reservations that no open line explains': `SELECT COUNT(*) FROM inventory s WHERE s.reserved <> (
      SELECT COALESCE(SUM(i.quantity), 0) FROM order_items i JOIN orders o ON o.id = i.order_id
      WHERE i.product_id = s.product_id AND i.warehouse_id = s.warehouse_id AND i.shipment_id IS NULL AND o.status IN ('placed', 'paid', 'packed'))`,
  };
  for (const [what, sql] of Object.entries(checks)) assert.equal(Number(await parts.one(sql)), 0, what);
}

test('events become rows, once, however often they come', async () => {
  await processor();
  const list = orders(300);
  accepted.push(...list);
  const placed = list.map((order) => order.placed);
  await send(placed);
  await send([...placed.slice(100, 200), ...placed.slice(100, 200)]);
  const [whole] = orders(1);
  accepted.push({ ...whole, total: 5288 });
  await send(life(whole.number));
  await until('orders', committed(list));
  await until('the whole life', async () => (await parts.one('SELECT status FROM orders WHERE order_number = ?', [whole.number])) === 'returned');
  await until('repeats', async () => {
    const metrics = await (await fetch(`${processors[0].monitor}/metrics`)).text();
    return Number(/^oms_events_repeated_total (\d+)/m.exec(metrics)?.[1]) === 200;
  });
  await assertExactly();
  const metrics = await (await fetch(`${processors[0].monitor}/metrics`)).text();
  assert.match(metrics, /^oms_partition_lag_events\{partition="0"\} 0$/m);
  assert.match(metrics, /^oms_partitions_owned 4$/m);
  // An event's way can be followed: where it stood in the hub, since when, and when it was applied.
  const lost = `SELECT COUNT(*) FROM order_events e LEFT JOIN oms_event_places p ON p.event_id = e.event_id
    WHERE e.partition_id IS NULL OR e.offset_id IS NULL OR p.sequence_number IS NULL OR p.enqueued_at IS NULL OR p.enqueued_at > e.received_at`;
  assert.equal(Number(await parts.one(lost)), 0);
});

test('a graceful stop leaves its place to the next', async () => {
  const first = await processor();
  const list = orders(50);
  accepted.push(...list);
  await send(list.map((order) => order.placed));
  await until('orders', committed(list));
  assert.deepEqual(await first.end(), { code: 0, signal: null });
  const more = orders(50);
  accepted.push(...more);
  await send(more.map((order) => order.placed));
  const second = await processor();
  await until('more orders', committed(more));
  const metrics = await (await fetch(`${second.monitor}/metrics`)).text();
  // The checkpoint was written at the end, so nothing comes again.
  assert.match(metrics, /^oms_events_repeated_total 0$/m);
  await assertExactly();
});

test('SIGKILL in the middle of batches, again and again', async () => {
  const list = orders(2000);
  accepted.push(...list);
  await send(list.map((order) => order.placed));
  for (let kill = 0; kill < 4; kill += 1) {
    const before = await parts.one('SELECT COUNT(*) FROM orders');
    const victim = await processor({ PROCESSOR_BATCH: '20', PROCESSOR_CHECKPOINT_MILLISECONDS: '300' });
    // Killed as soon as it is seen to be at work: some batch is always open then.
    await until('work under way', async () => (await parts.one('SELECT COUNT(*) FROM orders')) > before);
    await victim.end('SIGKILL');
  }
  await processor();
  await until('all orders', committed(list));
  await assertExactly();
});

test('the database restarts while events come', async () => {
  await processor({ PROCESSOR_BATCH: '20' });
  const list = orders(1200);
  accepted.push(...list);
  await send(list.slice(0, 600).map((order) => order.placed));
  await until('work under way', async () => (await parts.one('SELECT COUNT(*) FROM orders WHERE order_number >= ?', [list[0].number])) > 0);
  await parts.database.end('SIGKILL');
  await send(list.slice(600).map((order) => order.placed));
  await parts.startDatabase();
  await until('all orders', committed(list));
  await assertExactly();
});

test('the hub goes away and comes back', async () => {
  await processor();
  const list = orders(400);
  accepted.push(...list);
  await send(list.slice(0, 200).map((order) => order.placed));
  await parts.hub.end('SIGKILL');
  await parts.startHub();
  await send(list.slice(200).map((order) => order.placed));
  await until('all orders', committed(list), 150);
  await assertExactly();
});

test('two processors share the partitions; one dies and the other takes over', async () => {
  const one = await processor();
  await processor();
  const owned = async (part) => Number(/^oms_partitions_owned (\d+)/m.exec(await (await fetch(`${part.monitor}/metrics`)).text())[1]);
  await until('a fair share', async () => (await owned(processors[0])) === 2 && (await owned(processors[1])) === 2);
  const list = orders(400);
  accepted.push(...list);
  await send(list.slice(0, 200).map((order) => order.placed));
  await one.end('SIGKILL');
  await send(list.slice(200).map((order) => order.placed));
  await until('all orders', committed(list), 150);
  await assertExactly();
});

test('shuffled events are put in order; poison becomes dead letters and holds nobody up', async () => {
  await processor({ PROCESSOR_GAP_SECONDS: '60' });
  const [shuffled, after] = orders(2);
  accepted.push({ ...shuffled, total: 5288 }, after);
  const events = life(shuffled.number);
  await send([3, 0, 2, 1, 6, 5, 4, 9, 8, 7].map((index) => events[index]));
  const deadBefore = Number(await parts.one('SELECT COUNT(*) FROM dead_letters'));
  const subject = after.number;
  await send([
    { subject, raw: Buffer.from('{"not": json') },
    { subject, raw: Buffer.from([0xff, 0x00, 0x27]) },
    { subject, raw: 'text' },
    { subject, raw: 42 },
    { ...after.placed, subject, type: "order.placed'; DROP TABLE orders; --" },
    event('order.paid', subject, { method: 'card', status: 'captured', amount: '1.00' }),
    event('order.placed', subject, placedData({ lines: [{ sku: 'SKU-99999', quantity: 1, unit_price: '1.00', discount: '0.00' }] })),
    after.placed,
  ]);
  await until('the shuffled order', async () => (await parts.one('SELECT COALESCE(MAX(status), "") FROM orders WHERE order_number = ?', [shuffled.number])) === 'returned');
  await until('the order behind the poison', committed([after]));
  assert.equal(Number(await parts.one('SELECT COUNT(*) FROM dead_letters')) - deadBefore, 7);
  const versions = await parts.rows('SELECT type FROM order_events WHERE order_number = ? ORDER BY version', [shuffled.number]);
  assert.deepEqual(versions.map(({ type }) => type), events.map(({ type }) => type));
  assert.equal(Number(await parts.one('SELECT COUNT(*) FROM oms_waiting_events')), 0);
  const bodies = await parts.rows('SELECT body FROM dead_letters ORDER BY id DESC LIMIT 7');
  assert.ok(bodies.some(({ body }) => body.equals(Buffer.from([0xff, 0x00, 0x27]))), 'a body is kept as it came');
  await assertExactly();
});

test('a gap that never closes ends as a dead letter, over a restart too', async () => {
  const first = await processor({ PROCESSOR_GAP_SECONDS: '60' });
  const [order] = orders(1);
  accepted.push(order);
  const [, , , packed] = life(order.number);
  await send([order.placed, packed]);
  await until('the wait', async () => (await parts.one('SELECT COUNT(*) FROM oms_waiting_events')) === 1);
  await until('the wait to be told', async () => /^oms_waiting_events 1$/m.test(await (await fetch(`${first.monitor}/metrics`)).text()));
  await first.end('SIGKILL');
  await processor({ PROCESSOR_GAP_SECONDS: '0' });
  await until('the end of the wait', async () => (await parts.one('SELECT COUNT(*) FROM oms_waiting_events')) === 0);
  assert.equal((await parts.rows('SELECT reason FROM dead_letters ORDER BY id DESC LIMIT 1'))[0].reason, 'version 2 missing');
  await assertExactly();
});

test('a reader that waits long takes no more ahead than it was told, when much comes at once and its work is slow', async () => {
  const [container, ahead, batch] = [checkpointContainer({ connectionString: parts.storage, container: 'credit' }), 50, 20];
  await container.createIfNotExists();
  const balance = { balanceMilliseconds: 500, ownershipMilliseconds: 3000, hubMilliseconds: 3000 };
  const client = consumer({ connectionString: parts.hubConnection, hub: 'orders' }, '$Default', checkpointStore(container), balance);
  // What the hub may still send, as it is after each grant of the library.
  const out = [];
  const { addCredit } = Receiver.prototype;
  Receiver.prototype.addCredit = function watched(wanted) {
    addCredit.call(this, wanted);
    if (wanted > 1) out.push(this.credit);
  };
  const failures = [];
  let empty = 0;
  let most = 0;
  let seen = 0;
  const subscription = client.subscribe(
    {
      processEvents: async (events) => {
        empty += events.length === 0 ? 1 : 0;
        most = Math.max(most, events.length);
        seen += events.length;
      },
      processError: async (error) => failures.push(error.message),
    },
    { maxBatchSize: batch, maxWaitTimeInSeconds: 0.2, prefetchCount: ahead, startPosition: latestEventPosition, skipParsingBodyAsJson: true },
  );
  try {
    await until('reads that brought nothing', () => empty >= 40 || failures.length > 0);
    assert.deepEqual(failures, []);
    await send(orders(300).map(({ placed }) => placed));
    await until('the events', () => seen >= 300);
  } finally {
    Receiver.prototype.addCredit = addCredit;
    await subscription.close();
    await client.close();
  }
  assert.ok(out.length >= 40, `${out.length} grants`);
  assert.ok(Math.max(...out) <= ahead, `${Math.max(...out)} events might have come at once, ${ahead} were allowed`);
  assert.ok(most <= batch);
});
