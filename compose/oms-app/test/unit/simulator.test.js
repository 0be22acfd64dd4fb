// The simulator's steps: every order comes to an end, and every step is one that the processor's rules allow.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { messageOf } from '../../src/notifier/message.js';
import { readEvent } from '../../src/orders/cloud-event.js';
import { chance, fixedUuid } from '../../src/simulator/choices.js';
import { nextStep } from '../../src/simulator/steps.js';

// What an order's rows say after a step: as much of the processor's rules as a simulated order needs.
function apply(order, { event, returns }) {
  if (returns) return order.returns.push({ ...returns.lines[0], status: 'requested' });
  const { type, data } = event;
  const set = (status) => (order.status = status);
  if (type === 'order.paid') return data.status === 'failed' ? (order.failures += 1) : set('paid');
  if (type === 'order.cancelled') return set('cancelled');
  if (type === 'order.packed') return set('packed');
  if (type === 'order.shipped') {
    order.parcels.push({ tracking_number: data.tracking_number, status: 'in_transit' });
    order.lines.filter(({ sku }) => data.lines.includes(sku)).forEach((line) => (line.shipment_id = 1));
    return set('shipped');
  }
  const parcel = order.parcels.find((one) => one.tracking_number === data.tracking_number);
  if (type === 'shipment.updated') return (parcel.status = data.status);
  if (type === 'order.delivered') {
    parcel.status = 'delivered';
    const all = order.lines.every((line) => line.shipment_id) && order.parcels.every(({ status }) => status === 'delivered');
    return all ? set('delivered') : undefined;
  }
  if (type === 'order.returned') {
    order.returns[0].status = 'received';
    return set('returned');
  }
  order.returns[0].status = 'refunded';
  return undefined;
}

test('every simulated order ends, by events that can be read, and all endings occur', () => {
  const endings = new Set();
  for (let n = 1; n <= 400; n += 1) {
    const order = {
      order_number: `ORD-${String(n).padStart(7, '0')}`,
      status: 'placed',
      grand_total: '52.88',
      email: 'a@b.example',
      country: 'PT',
      failures: 0,
      lines: [{ sku: 'A', quantity: 1, warehouse: 'LIS-1', shipment_id: null }, { sku: 'B', quantity: 2, warehouse: 'MAD-1', shipment_id: null }],
      parcels: [],
      returns: [],
    };
    const ids = new Set();
    for (let step = 0; ; step += 1) {
      assert.ok(step < 20, `${order.order_number} never ends`);
      const next = nextStep(order, 7, 1_780_000_000_000);
      if (!next) break;
      if (next.event) {
        assert.equal(readEvent(Buffer.from(JSON.stringify(next.event))).reason, undefined);
        assert.ok(!ids.has(next.event.id), `${next.event.type} has the id of another step`);
        ids.add(next.event.id);
        assert.equal(nextStep(order, 7, 1_780_000_000_000).event.id, next.event.id, 'a step sent twice is one event');
      }
      apply(order, next);
    }
    endings.add(order.status);
  }
  assert.deepEqual([...endings].sort(), ['cancelled', 'delivered', 'returned']);
});

test('choices follow from the seed', () => {
  assert.equal(chance(1, 'a'), chance(1, 'a'));
  assert.notEqual(chance(1, 'a'), chance(2, 'a'));
  assert.match(fixedUuid(1), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('a message shows what a customer wrote as text and links to the order', () => {
  const order = { order_number: 'ORD-0000042', status: 'shipped', email: 'a@b.example', full_name: '<b>Ana</b>' };
  const message = messageOf(order, { shop: 'https://shop.example', trackingKey: 'k' });
  assert.equal(message.subject, 'Your order is on its way (ORD-0000042)');
  assert.ok(message.text.includes('Hello <b>Ana</b>,'));
  assert.match(message.text, /https:\/\/shop\.example\/track\.html\?order=ORD-0000042&token=[\w-]{32}\n/);
});
