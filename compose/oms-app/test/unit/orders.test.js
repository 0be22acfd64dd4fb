// The pure core: shapes of events, rules of orders, and what a batch comes to.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Batch } from '../../src/orders/batch.js';
import { readEvent } from '../../src/orders/cloud-event.js';
import { formatCents, parseCents } from '../../src/orders/money.js';
import { event, life, LINES, number, placedData } from '../support/events.js';

function world() {
  return {
    orders: new Map(),
    customers: new Map(),
    products: new Map([
      ['SKU-00042', { id: 42, cost: 1200 }],
      ['SKU-00007', { id: 7, cost: 100 }],
    ]),
    inventory: new Map([
      [42, [{ productId: 42, warehouseId: 1, onHand: 10, reserved: 0 }, { productId: 42, warehouseId: 2, onHand: 9, reserved: 0 }]],
      [7, []],
    ]),
    warehouses: new Map([['LIS-1', 1], ['MAD-1', 2]]),
    trackingNumbers: new Set(),
    applied: new Set(),
    dead: new Map(),
    deadPlaces: new Set(),
    waiting: new Map(),
  };
}

let offset = 0;
function arrival(value) {
  const body = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
  offset += 1;
  return { place: `0/${offset}`, partition: 0, offset: String(offset), body, read: readEvent(body) };
}

// Runs events through one batch; gives the batch.
function run(events, { shop = world(), now = 0, gapMilliseconds = 60_000 } = {}) {
  const batch = new Batch(shop, { now, gapMilliseconds });
  for (const value of events) batch.take(arrival(value));
  batch.expire();
  return batch;
}

const statusOf = (batch, n = 42) => batch.world.orders.get(number(n))?.status;
const reasons = (batch) => batch.deadLetters.map(({ reason }) => reason);

test('money: text to cents and back', () => {
  for (const [text, cents] of [['0', 0], ['19.9', 1990], ['19.90', 1990], ['0.05', 5], ['-1.50', -150], ['9999999999.99', 999999999999]]) {
    assert.equal(parseCents(text), cents, text);
  }
  for (const text of ['', '1.999', '1,50', ' 1', '1e3', '0x10', 'NaN', '12345678901', 19.9, null, undefined, '.5']) {
    assert.equal(parseCents(text), null, String(text));
  }
  assert.deepEqual([0, 5, 1990, -150].map(formatCents), ['0.00', '0.05', '19.90', '-1.50']);
});

test('an order lives from placed to returned', () => {
  const events = life(number(42));
  const statuses = ['placed', 'paid', 'paid', 'packed', 'shipped', 'shipped', 'delivered', 'delivered', 'returned', 'returned'];
  const shop = world();
  events.forEach((value, index) => assert.equal(statusOf(run([value], { shop })), statuses[index], value.type));
  const order = shop.orders.get(number(42));
  assert.equal(order.version, 10);
  assert.equal(order.grandTotal, 5288);
  assert.deepEqual(order.payments.map(({ status }) => status), ['captured']);
  assert.deepEqual(order.returns.map(({ status }) => status), ['refunded']);
  assert.equal(shop.customers.get('ana@example.test').full_name, 'Ana Sousa');
  const [lisbon] = shop.inventory.get(42);
  assert.deepEqual([lisbon.onHand, lisbon.reserved], [10 - 2 + 1, 0]);
});

test('placing reserves where most is available, and nowhere when nothing is', () => {
  const shop = world();
  shop.inventory.get(42)[0].reserved = 5;
  const two = [...LINES, { sku: 'SKU-00007', quantity: 1, unit_price: '2.00', discount: '0.50' }];
  const order = run([event('order.placed', number(42), placedData({ lines: two }))], { shop }).world.orders.get(number(42));
  assert.deepEqual(order.items.map(({ warehouseId }) => warehouseId), [2, null]);
  assert.equal(shop.inventory.get(42)[1].reserved, 2);
  assert.equal(order.itemsTotal, 3980 + 150);
  run([event('order.cancelled', number(42), { reason: 'customer_request' })], { shop });
  assert.equal(order.status, 'cancelled');
  assert.equal(shop.inventory.get(42)[1].reserved, 0);
});

test('events that can never be applied become dead letters and change nothing', () => {
  const [placed, paid, , packed, shipped, , delivered, requested, returned] = life(number(42));
  const upTo = (count) => life(number(42)).slice(0, count);
  const plain = (value, changes = {}) => ({ ...value, dataversion: undefined, ...changes });
  const data = (value, changes) => plain(value, { data: { ...value.data, ...changes } });
  const cases = [
    [[], paid, /waits/],
    [[], plain(paid), /not known/],
    [[placed], plain(placed, { id: '00000000-0000-7000-8000-000000000001' }), /there already/],
    [[], data(placed, { lines: [{ ...LINES[0], sku: 'SKU-99999' }] }), /unknown sku `SKU-99999`/],
    [[], data(placed, { grand_total: '52.87' }), /sums disagree: grand_total is 52.87, its parts make 52.88/],
    [[], data(placed, { lines: [{ ...LINES[0], discount: '40.00' }] }), /discount/],
    [[placed], data(paid, { amount: '52.87' }), /sums disagree: paid 52.87 of 52.88/],
    [[placed], plain(packed), /order.packed of an order that is placed/],
    [upTo(3), data(packed, { warehouse: 'XXX-9' }), /unknown warehouse/],
    [upTo(4), data(shipped, { lines: ['SKU-00007'] }), /no line `SKU-00007`/],
    [upTo(5), plain(shipped), /taken/],
    [upTo(5), data(shipped, { tracking_number: 'other' }), /has left already/],
    [upTo(5), data(delivered, { tracking_number: 'other' }), /no parcel/],
    [upTo(5), plain(event('order.cancelled', number(42), { reason: 'customer_request' })), /that is shipped/],
    [upTo(7), data(requested, { lines: [{ ...requested.data.lines[0], quantity: 3 }] }), /3 of `SKU-00042` returned, 2 bought/],
    [upTo(7), data(requested, { lines: [{ ...requested.data.lines[0], refund_amount: '39.81' }] }), /39.81 back/],
    [upTo(7), plain(returned), /no return that is requested/],
    [upTo(2), event('payment.refunded', number(42), { method: 'card', amount: '52.88' }), /without a captured card payment/],
  ];
  for (const [before, bad, expected] of cases) {
    const shop = world();
    run(before, { shop });
    const snapshot = structuredClone({ orders: shop.orders, inventory: shop.inventory });
    const batch = run([bad], { shop });
    if (expected.source === 'waits') {
      assert.equal(batch.newlyWaiting.length, 1);
      continue;
    }
    assert.equal(batch.deadLetters.length, 1, `${bad.type}: ${expected}`);
    assert.match(reasons(batch)[0], expected);
    const now = structuredClone({ orders: shop.orders, inventory: shop.inventory });
    if (!snapshot.orders.has(number(42))) now.orders.delete(number(42));
    assert.deepEqual(now, snapshot, `${expected} left a trace`);
  }
});

test('malformed events name the field', () => {
  const good = life(number(42))[0];
  const withData = (changes) => ({ ...good, data: { ...good.data, ...changes } });
  const line = (changes) => withData({ lines: [{ ...LINES[0], ...changes }] });
  const cases = [
    [Buffer.from('{'), /no JSON/],
    [Buffer.from([0xff, 0xfe]), /no JSON/],
    [Buffer.from('[]'), /no CloudEvent/],
    [Buffer.from('null'), /no CloudEvent/],
    [{ ...good, specversion: '0.3' }, /`specversion`/],
    [{ ...good, id: 'x' }, /`id` is no UUID/],
    [{ ...good, type: 'order.eaten' }, /`type`/],
    [{ ...good, subject: "ORD-1'; DROP TABLE orders" }, /`subject`/],
    [{ ...good, time: '2026-02-30T00:00:00Z' }, /`time`/],
    [{ ...good, time: '2026-01-01' }, /`time`/],
    [{ ...good, dataversion: 0 }, /`dataversion`/],
    [{ ...good, dataversion: '1' }, /`dataversion`/],
    [{ ...good, data: null }, /`data` is no object/],
    [withData({ channel: 'fax' }), /`data.channel`/],
    [withData({ lines: [] }), /`data.lines`/],
    [withData({ lines: [LINES[0], LINES[0]] }), /`data.lines\[1\]`.*second time/],
    [line({ quantity: 0 }), /`data.lines\[0\].quantity`/],
    [line({ quantity: 1.5 }), /quantity/],
    [line({ quantity: '2' }), /quantity/],
    [line({ unit_price: '-1.00' }), /unit_price/],
    [line({ unit_price: 19.9 }), /unit_price/],
    [withData({ customer: { ...good.data.customer, email: 'nobody' } }), /`data.customer.email`/],
    [withData({ customer: { ...good.data.customer, full_name: 'x'.repeat(121) } }), /longer than 120/],
    [withData({ customer: { ...good.data.customer, full_name: '\ud800' } }), /well-formed/],
    [event('order.paid', number(1), { method: 'card', status: 'failed', amount: '1.00' }), /`data.failure_reason`/],
  ];
  for (const [value, expected] of cases) {
    const batch = run([value]);
    assert.equal(batch.deadLetters.length, 1, String(expected));
    assert.match(reasons(batch)[0], expected);
  }
  const read = readEvent(Buffer.from(JSON.stringify({ ...good, time: '2026-01-14T13:00:00.1239+01:00', id: good.id.toUpperCase() })));
  assert.equal(read.event.time, '2026-01-14T12:00:00.123Z');
  assert.equal(read.event.id, good.id);
});

test('a repeat changes nothing, in the same batch or a later one', () => {
  const shop = world();
  const events = life(number(42)).slice(0, 5);
  run([...events, ...events], { shop });
  const snapshot = structuredClone(shop.inventory);
  const again = run(events, { shop });
  assert.equal(again.repeats, 5);
  assert.equal(again.appliedEvents.length, 0);
  assert.deepEqual(shop.inventory, snapshot);
});

test('reordered events wait for the earlier ones and are applied in their order', () => {
  const [one, two, three, four] = life(number(42));
  const batch = run([four, three, two, one]);
  assert.deepEqual(batch.appliedEvents.map(({ event: { claim } }) => claim), [1, 2, 3, 4]);
  assert.deepEqual([batch.newlyWaiting.length, batch.noLongerWaiting.length, batch.deadLetters.length], [0, 0, 0]);
});

test('a gap is waited for, then the event is applied if it may, else buried', () => {
  const [one, , , four] = life(number(42));
  const failed = event('order.paid', number(42), { method: 'card', status: 'failed', amount: '52.88', failure_reason: 'timeout' }, { dataversion: 3 });
  const shop = world();
  assert.equal(run([one, failed, four], { shop, now: 1000 }).newlyWaiting.length, 2);
  assert.equal(run([], { shop, now: 60_999 }).appliedEvents.length, 0);
  const late = run([], { shop, now: 61_000 });
  // The failed payment may happen to a placed order; the packing may not.
  assert.deepEqual(late.appliedEvents.map(({ event: { type } }) => type), ['order.paid']);
  assert.deepEqual(reasons(late), ['version 3 missing']);
  assert.equal(late.noLongerWaiting.length, 2);
});

test('a dead letter counts as come: nothing waits for it', () => {
  const [one, two, three] = life(number(42));
  const batch = run([one, { ...two, data: { ...two.data, amount: '1.00' } }, three]);
  assert.equal(batch.newlyWaiting.length, 0);
  assert.equal(batch.deadLetters.length, 2);
  // Sent again in order, with the right amount: applied, and counted once.
  const again = run([{ ...two, dataversion: undefined }], { shop: batch.world });
  assert.equal(again.appliedEvents.length, 1);
  assert.equal(again.revived.length, 1);
});

test('several parcels: delivered with the last that is not lost', () => {
  const two = [...LINES, { sku: 'SKU-00007', quantity: 1, unit_price: '2.00', discount: '0.00' }];
  const ship = (sku, tracking) =>
    event('order.shipped', number(42), {
      warehouse: 'LIS-1', carrier: 'CTT', tracking_number: tracking, promised_at: '2026-11-27T18:00:00Z', lines: [sku],
    });
  const shop = world();
  shop.inventory.set(7, [{ productId: 7, warehouseId: 1, onHand: 3, reserved: 0 }]);
  const start = [
    event('order.placed', number(42), placedData({ lines: two })),
    event('order.paid', number(42), { method: 'card', status: 'captured', amount: '54.88' }),
    event('order.packed', number(42), { warehouse: 'LIS-1' }),
    ship('SKU-00042', 'A'),
    event('order.delivered', number(42), { tracking_number: 'A' }),
  ];
  assert.equal(statusOf(run(start, { shop })), 'shipped');
  assert.equal(statusOf(run([ship('SKU-00007', 'B')], { shop })), 'shipped');
  assert.equal(statusOf(run([event('shipment.updated', number(42), { tracking_number: 'B', status: 'lost' })], { shop })), 'delivered');
});
