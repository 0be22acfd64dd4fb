// Makes order events for tests: valid ones, which a test then breaks on purpose.

import { randomUUID } from 'node:crypto';

export function event(type, subject, data, { dataversion, time = '2026-11-24T10:00:00.000Z', id = randomUUID() } = {}) {
  const source = `/oms/${type.split('.')[0]}`;
  const base = { specversion: '1.0', id, source, type, subject, time, datacontenttype: 'application/json', data };
  return dataversion === undefined ? base : { ...base, dataversion };
}

export const number = (n) => `ORD-${String(n).padStart(7, '0')}`;

export const LINES = [{ sku: 'SKU-00042', quantity: 2, unit_price: '19.90', discount: '0.00' }];

export function placedData(changes = {}) {
  return {
    channel: 'web',
    currency: 'EUR',
    customer: { full_name: 'Ana Sousa', email: 'Ana@Example.test', phone: null, city: 'Lisbon', country: 'PT' },
    ship_to: { city: 'Lisbon', country: 'PT' },
    lines: LINES,
    shipping_fee: '4.90',
    tax_total: '8.18',
    ...changes,
  };
}

/** The whole life of one order as its events, versions 1 to 9. */
export function life(subject, { tracking = `T-${subject}`, lines = LINES, total = '52.88' } = {}) {
  const names = lines.map(({ sku }) => sku);
  const steps = [
    ['order.placed', placedData({ lines })],
    ['order.paid', { method: 'card', status: 'authorized', amount: total }],
    ['payment.captured', { method: 'card', amount: total }],
    ['order.packed', { warehouse: 'LIS-1' }],
    [
      'order.shipped',
      { warehouse: 'LIS-1', carrier: 'CTT', tracking_number: tracking, promised_at: '2026-11-27T18:00:00Z', lines: names },
    ],
    ['shipment.updated', { tracking_number: tracking, status: 'out_for_delivery' }],
    ['order.delivered', { tracking_number: tracking }],
    ['return.requested', { lines: [{ sku: names[0], quantity: 1, reason: 'damaged', refund_amount: '19.90' }] }],
    ['order.returned', { lines: [{ sku: names[0], quantity: 1 }] }],
    ['return.refunded', { lines: [{ sku: names[0] }] }],
  ];
  return steps.map(([type, data], index) => {
    const time = new Date(Date.UTC(2026, 10, 24, 10, index)).toISOString();
    return event(type, subject, data, { dataversion: index + 1, time });
  });
}
