// Reads an order event: bytes in, a checked value or a reason out. It knows shapes only: whether an event may happen to
// its order is decided in order.js. It never throws, whatever the bytes are.

import { parseCents } from './money.js';

/** What order numbers look like. */
export const ORDER_NUMBER = /^ORD-\d{7,16}$/;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
const MAX_CENTS = 99_999_999_99;

const PAYMENT_METHODS = ['card', 'paypal', 'bank_transfer', 'gift_card'];
const FAILURE_REASONS = ['insufficient_funds', 'card_declined', 'expired_card', 'fraud_check', 'timeout'];
const CANCEL_REASONS = ['customer_request', 'payment_failed', 'out_of_stock', 'fraud_suspected'];
const RETURN_REASONS = ['damaged', 'wrong_item', 'not_as_described', 'no_longer_needed', 'late'];

class Malformed extends Error {}

function malformed(field, what) {
  throw new Malformed(`\`${field}\` ${what}`);
}

// Checks: each takes (value, field) and gives the value as the rest of the program holds it.

const text = (longest) => (value, field) => {
  if (typeof value !== 'string') malformed(field, 'is no text');
  if (!value.isWellFormed()) malformed(field, 'is no well-formed text');
  const length = [...value].length;
  if (length < 1 || value.trim() === '') malformed(field, 'is empty');
  if (length > longest) malformed(field, `is longer than ${longest} characters`);
  return value;
};

const oneOf = (values) => (value, field) => {
  if (!values.includes(value)) malformed(field, `is none of ${values.join(', ')}`);
  return value;
};

const whole = (least, most) => (value, field) => {
  if (!Number.isInteger(value) || value < least || value > most) {
    malformed(field, `is no whole number from ${least} to ${most}`);
  }
  return value;
};

const pattern = (expression, what) => (value, field) => {
  if (typeof value !== 'string' || !expression.test(value)) malformed(field, `is no ${what}`);
  return value;
};

const money = (value, field) => {
  const cents = parseCents(value);
  if (cents === null || cents < 0 || cents > MAX_CENTS) malformed(field, 'is no amount of money such as "19.90"');
  return cents;
};

const optional = (check) => (value, field) => (value === undefined || value === null ? null : check(value, field));

const record = (fields) => (value, field) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) malformed(field, 'is no object');
  return Object.fromEntries(Object.entries(fields).map(([name, check]) => [name, check(value[name], `${field}.${name}`)]));
};

const list = (check, longest) => (value, field) => {
  if (!Array.isArray(value) || value.length === 0) malformed(field, 'is no list with at least one line');
  if (value.length > longest) malformed(field, `has more than ${longest} lines`);
  return value.map((item, index) => check(item, `${field}[${index}]`));
};

/** RFC 3339 to `2026-01-14T12:00:00.000Z`; parts of a millisecond are cut off. */
const instant = (value, field) => {
  const match = typeof value === 'string' ? INSTANT.exec(value) : null;
  const milliseconds = match ? Date.parse(`${match[1]}${(match[2] ?? '').slice(0, 4)}${match[3]}`.toUpperCase()) : NaN;
  const year = Number.isNaN(milliseconds) ? 0 : new Date(milliseconds).getUTCFullYear();
  // Date.parse lets 31 April pass as 1 May.
  const day = match ? Date.parse(`${match[1].slice(0, 10)}T00:00:00Z`) : NaN;
  if (year < 2000 || year > 2099 || new Date(day).toISOString().slice(0, 10) !== match[1].slice(0, 10)) {
    malformed(field, 'is no RFC 3339 time');
  }
  return new Date(milliseconds).toISOString();
};

const sku = text(20);
const country = pattern(/^[A-Z]{2}$/, 'ISO 3166-1 code of two letters');
const email = (value, field) => {
  const address = text(190)(value, field).trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) malformed(field, 'is no e-mail address');
  return address;
};
const address = record({ city: text(80), country });
const tracking = text(40);
const quantity = whole(1, 65_535);
const warehouse = text(5);
const MOST_LINES = 500;

const DATA = {
  'order.placed': record({
    channel: oneOf(['web', 'mobile', 'marketplace']),
    currency: pattern(/^[A-Z]{3}$/, 'ISO 4217 code of three letters'),
    customer: record({ full_name: text(120), email, phone: optional(text(30)), city: text(80), country }),
    ship_to: address,
    lines: list(record({ sku, quantity, unit_price: money, discount: money }), MOST_LINES),
    shipping_fee: money,
    tax_total: money,
    items_total: optional(money),
    grand_total: optional(money),
  }),
  'order.paid': record({
    method: oneOf(PAYMENT_METHODS),
    status: oneOf(['authorized', 'captured', 'failed']),
    amount: money,
    failure_reason: optional(oneOf(FAILURE_REASONS)),
  }),
  'payment.captured': record({ method: oneOf(PAYMENT_METHODS), amount: money }),
  'payment.refunded': record({ method: oneOf(PAYMENT_METHODS), amount: money }),
  'order.packed': record({ warehouse }),
  'order.shipped': record({
    warehouse,
    carrier: text(40),
    tracking_number: tracking,
    promised_at: instant,
    lines: list(sku, MOST_LINES),
  }),
  'shipment.updated': record({
    tracking_number: tracking,
    status: oneOf(['in_transit', 'out_for_delivery', 'exception', 'lost']),
  }),
  'order.delivered': record({ tracking_number: tracking }),
  'order.cancelled': record({ reason: oneOf(CANCEL_REASONS) }),
  'return.requested': record({
    lines: list(record({ sku, quantity, reason: oneOf(RETURN_REASONS), refund_amount: money }), MOST_LINES),
  }),
  'order.returned': record({ lines: list(record({ sku, quantity }), MOST_LINES) }),
  'return.refunded': record({ lines: list(record({ sku }), MOST_LINES) }),
  'return.rejected': record({ lines: list(record({ sku }), MOST_LINES) }),
};

/** Every event type that is known. */
export const TYPES = Object.keys(DATA);

// A sku stands once in an order, so it stands once in whatever speaks of an order's lines.
function linesOnce(data) {
  const names = (data.lines ?? []).map((line) => line.sku ?? line);
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) malformed(`data.lines[${index}]`, `names \`${name}\` a second time`);
  });
}

/**
 * Reads one event from bytes (or from a value already decoded).
 *
 * Gives {event: {id, type, orderNumber, time, claim, data, payload}} or {reason, id?, orderNumber?}: what could be read
 * of an event that cannot be. Money is in cents, times are ISO in UTC; `claim` is its dataversion or null; `payload` is
 * the data as it came.
 */
export function readEvent(bytes) {
  let raw;
  try {
    raw = Buffer.isBuffer(bytes) ? JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) : bytes;
  } catch {
    return { reason: 'malformed: the body is no JSON text' };
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return { reason: 'malformed: the body is no CloudEvent' };
  }
  const known = {
    ...(UUID.test(raw.id) && typeof raw.id === 'string' ? { id: raw.id.toLowerCase() } : {}),
    ...(typeof raw.subject === 'string' && ORDER_NUMBER.test(raw.subject) ? { orderNumber: raw.subject } : {}),
  };
  try {
    oneOf(['1.0'])(raw.specversion, 'specversion');
    const id = pattern(UUID, 'UUID')(raw.id, 'id').toLowerCase();
    text(200)(raw.source, 'source');
    const type = oneOf(TYPES)(raw.type, 'type');
    const orderNumber = pattern(ORDER_NUMBER, 'order number')(raw.subject, 'subject');
    const time = instant(raw.time, 'time');
    const claim = optional(whole(1, 4_294_967_295))(raw.dataversion, 'dataversion');
    const data = DATA[type](raw.data, 'data');
    linesOnce(data);
    if (type === 'order.paid' && (data.status === 'failed') !== (data.failure_reason !== null)) {
      malformed('data.failure_reason', 'stands exactly where `data.status` is failed');
    }
    return { event: { id, type, orderNumber, time, claim, data, payload: raw.data } };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ...known, reason: `malformed: ${error.message}`.slice(0, 500) };
  }
}
