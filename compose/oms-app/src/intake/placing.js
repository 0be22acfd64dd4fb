// Turns what a customer asks for into an event: prices and stock from the catalogue, fees and tax from the settings.
// What the request claims about money is only ever compared.

import { randomBytes } from 'node:crypto';

import { readEvent } from '../orders/cloud-event.js';
import { formatCents, parseCents } from '../orders/money.js';
import { Problem } from './problems.js';

const text = (longest) => ({ type: 'string', minLength: 1, maxLength: longest, pattern: '\\S' });
const country = { type: 'string', pattern: '^[A-Z]{2}$' };
const sku = { type: 'string', minLength: 1, maxLength: 20 };
const quantity = { type: 'integer', minimum: 1, maximum: 999 };
const strict = (properties, required) => ({ type: 'object', properties, required, additionalProperties: false });
const lines = (properties, required) => ({ type: 'array', minItems: 1, maxItems: 100, items: strict(properties, required) });

/** The body of POST /api/orders. */
export const ORDER_SCHEMA = strict(
  {
    channel: { enum: ['web', 'mobile', 'marketplace'] },
    customer: strict(
      {
        full_name: text(120),
        email: { type: 'string', maxLength: 190, pattern: '^[^\\s@]+@[^\\s@]+$' },
        phone: { type: ['string', 'null'], minLength: 1, maxLength: 30 },
        city: text(80),
        country,
      },
      ['full_name', 'email', 'city', 'country'],
    ),
    ship_to: strict({ city: text(80), country }, ['city', 'country']),
    lines: lines({ sku, quantity, unit_price: { type: 'string', maxLength: 13 } }, ['sku', 'quantity', 'unit_price']),
  },
  ['customer', 'lines'],
);

/** The body of POST /api/orders/:number/returns. */
export const RETURN_SCHEMA = strict(
  {
    email: { type: 'string', maxLength: 190 },
    token: { type: 'string', maxLength: 64 },
    lines: lines(
      { sku, quantity, reason: { enum: ['damaged', 'wrong_item', 'not_as_described', 'no_longer_needed', 'late'] } },
      ['sku', 'quantity', 'reason'],
    ),
  },
  ['lines'],
);

/** A UUID of version 7: its order is that of time. */
export function uuid7(now) {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function event(type, orderNumber, data, dataversion) {
  const now = Date.now();
  const made = {
    specversion: '1.0',
    id: uuid7(now),
    source: '/oms/intake',
    type,
    subject: orderNumber,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    ...(dataversion ? { dataversion } : {}),
    data,
  };
  // The processor's own reading decides what is well-formed: nothing is accepted that it would bury.
  const { reason } = readEvent(Buffer.from(JSON.stringify(made)));
  if (reason) {
    const field = /`data\.([^`]+)`/.exec(reason)?.[1];
    throw new Problem('invalid', { field, message: reason.replace('malformed: ', '').replace('`data.', '`') });
  }
  return made;
}

/** Checks a request against the catalogue; gives its lines with present prices (cents), or throws a Problem. */
export function priced(request, catalogue) {
  const seen = new Set();
  return request.lines.map((line, index) => {
    const field = (name) => `lines[${index}].${name}`;
    const product = catalogue.get(line.sku);
    if (!product) throw new Problem('unknown_sku', { field: field('sku') });
    if (seen.has(line.sku)) throw new Problem('invalid', { field: field('sku'), message: `\`${field('sku')}\` stands twice` });
    seen.add(line.sku);
    if (parseCents(line.unit_price) !== product.price) throw new Problem('price_changed', { field: field('unit_price') });
    if (line.quantity > product.available) throw new Problem('out_of_stock', { field: field('quantity') });
    return { ...line, price: product.price };
  });
}

/** The event of a new order. `terms`: {taxPercent, shippingFee, freeShippingFrom}, money in cents. */
export function placedEvent(orderNumber, request, lines, terms) {
  const items = lines.reduce((sum, { price, quantity: units }) => sum + price * units, 0);
  const fee = items >= terms.freeShippingFrom ? 0 : terms.shippingFee;
  const tax = Math.round(((items + fee) * terms.taxPercent) / 100);
  const { full_name, email, phone = null, city, country: land } = request.customer;
  return event(
    'order.placed',
    orderNumber,
    {
      channel: request.channel ?? 'web',
      currency: 'EUR',
      customer: { full_name, email: email.trim().toLowerCase(), phone, city, country: land },
      ship_to: request.ship_to ?? { city, country: land },
      lines: lines.map((line) => ({ sku: line.sku, quantity: line.quantity, unit_price: formatCents(line.price), discount: '0.00' })),
      shipping_fee: formatCents(fee),
      tax_total: formatCents(tax),
      items_total: formatCents(items),
      grand_total: formatCents(items + fee + tax),
    },
    1,
  );
}

/** The event of a return of an order as tracking.js tells it; refunds are the lines' shares of what was paid. */
export function returnEvent(order, request) {
  if (!['delivered', 'returned'].includes(order.status)) throw new Problem('conflict', { field: 'order' });
  const data = request.lines.map((line, index) => {
    const bought = order.lines.find(({ sku: name }) => name === line.sku);
    if (!bought) throw new Problem('unknown_sku', { field: `lines[${index}].sku` });
    const left = bought.quantity - bought.returned;
    if (line.quantity > left) {
      const field = `lines[${index}].quantity`;
      throw new Problem('invalid', { field, message: `\`${field}\` is more than the ${left} that can be returned` });
    }
    const share = Math.floor((parseCents(bought.line_total) * line.quantity) / bought.quantity);
    return { sku: line.sku, quantity: line.quantity, reason: line.reason, refund_amount: formatCents(share) };
  });
  return event('return.requested', order.order_number, { lines: data });
}
