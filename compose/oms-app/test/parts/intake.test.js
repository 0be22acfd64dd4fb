// The intake over HTTP with the real hub, database and processor behind it: what is accepted arrives once, and what is
// wrong is refused with a status and a field, and leaves nothing behind.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { after, before, test } from 'node:test';

import { signWebhook } from '../../src/intake/signatures.js';
import { event } from '../support/events.js';
import { Parts, WEBHOOK_KEY, freePort, until } from '../support/parts.js';

let parts;
let intake;

before(async () => {
  parts = await Parts.start();
  const port = await freePort();
  intake = parts.part('intake', process.execPath, ['src/main.js', 'intake'], { ...parts.environment, INTAKE_PORT: String(port), INTAKE_CATALOGUE_MILLISECONDS: '200' });
  intake.url = `http://127.0.0.1:${port}`;
  await until('intake', async () => (await fetch(`${intake.url}/readyz`)).ok);
  await parts.service('processor');
});
after(() => parts?.stop());

async function call(method, path, body, headers = {}) {
  const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(`${intake.url}${path}`, { method, body: text, headers: { ...type, ...headers } });
  const answer = await response.text();
  return { status: response.status, headers: response.headers, body: answer ? JSON.parse(answer) : null };
}

const price = async (sku) => (await call('GET', `/api/products/${sku}`)).body.price;
const key = () => ({ 'idempotency-key': randomUUID() });

async function request(changes = {}) {
  return {
    customer: { full_name: 'Ana Sousa', email: 'ana@example.test', city: 'Lisbon', country: 'PT' },
    lines: [{ sku: 'SKU-00010', quantity: 2, unit_price: await price('SKU-00010') }],
    ...changes,
  };
}

const written = async () => Promise.all(['orders', 'order_events', 'dead_letters', 'oms_idempotency_keys'].map((table) => parts.one(`SELECT COUNT(*) FROM ${table}`)));

async function webhook(source, value, { at = Date.now(), signature } = {}) {
  const body = JSON.stringify(value);
  return call('POST', `/api/webhooks/${source}`, body, { 'x-oms-signature': signature ?? signWebhook(WEBHOOK_KEY, body, at) });
}

test('shows products by category and words', async () => {
  const { body } = await call('GET', '/api/categories');
  assert.deepEqual(body.categories, ['Books', 'Garden', 'Kitchen', 'Office', 'Toys']);
  const garden = (await call('GET', '/api/products?category=Garden')).body;
  assert.ok(garden.total > 0 && garden.products.every(({ category }) => category === 'Garden'));
  const found = (await call('GET', '/api/products?q=kettle%20alba')).body;
  assert.ok(found.products.every(({ name, brand }) => /kettle/i.test(name) && brand === 'Alba'));
  assert.equal((await call('GET', '/api/products/SKU-00060')).status, 404, 'what is not active is not for sale');
});

test('tells the terms that an order is reckoned by', async () => {
  const { body } = await call('GET', '/api/terms');
  assert.deepEqual(body, { currency: 'EUR', tax_percent: 20, shipping_fee: '4.90', free_shipping_from: '50.00' });
});

test('an order is accepted, arrives once, and is followed to its return', async () => {
  const headers = key();
  const body = await request();
  const first = await call('POST', '/api/orders', body, headers);
  assert.equal(first.status, 202);
  const again = await call('POST', '/api/orders', body, headers);
  assert.deepEqual([again.status, again.body], [202, first.body]);
  assert.equal((await call('POST', '/api/orders', await request({ channel: 'mobile' }), headers)).body.error.code, 'key_reused');

  const number = first.body.order_number;
  const link = new URL(first.body.tracking, intake.url).searchParams.get('token');
  const mine = async () => (await call('GET', `/api/orders/${number}?token=${link}`)).body;
  await until('the row', async () => (await mine()).status === 'placed');
  const [row] = await parts.rows('SELECT grand_total FROM orders WHERE order_number = ?', [number]);
  assert.equal(row.grand_total, first.body.grand_total);
  assert.equal((await call('GET', `/api/orders/${number}?email=ANA@example.test`)).status, 200);
  for (const query of ['', '?email=other@example.test', '?token=wrong', `?token=${link}x`]) {
    assert.equal((await call('GET', `/api/orders/${number}${query}`)).status, 404, query);
  }

  const changes = [];
  const stream = await fetch(`${intake.url}/api/orders/${number}/changes?token=${link}`);
  const reading = (async () => {
    let text = '';
    for await (const chunk of stream.body) {
      text += Buffer.from(chunk).toString();
      for (const match of text.matchAll(/^data: (.*)$/gm)) changes.push(JSON.parse(match[1]).status);
      text = text.slice(text.lastIndexOf('\n\n') + 2);
    }
  })().catch(() => {});
  await until('the first state', () => changes.includes('placed'));

  const total = first.body.grand_total;
  const steps = [
    ['payments', event('order.paid', number, { method: 'card', status: 'captured', amount: total }), 'paid'],
    ['warehouse', event('order.packed', number, { warehouse: 'LIS-1' }), 'packed'],
    ['warehouse', event('order.shipped', number, { warehouse: 'LIS-1', carrier: 'CTT', tracking_number: 'T1', promised_at: '2026-11-30T00:00:00Z', lines: ['SKU-00010'] }), 'shipped'],
    ['carriers', event('order.delivered', number, { tracking_number: 'T1' }), 'delivered'],
  ];
  for (const [source, value, status] of steps) {
    assert.equal((await webhook(source, value)).status, 202);
    assert.equal((await webhook(source, value)).status, 202, 'a repeat is welcome');
    await until(status, async () => (await mine()).status === status);
  }
  await until('the stream', () => changes.at(-1) === 'delivered');

  const wish = { token: link, lines: [{ sku: 'SKU-00010', quantity: 1, reason: 'damaged' }] };
  const tooMany = { ...wish, lines: [{ ...wish.lines[0], quantity: 3 }] };
  assert.equal((await call('POST', `/api/orders/${number}/returns`, tooMany, key())).body.error.field, 'lines[0].quantity');
  assert.equal((await call('POST', `/api/orders/${number}/returns`, { ...wish, token: 'no' }, key())).status, 404);
  const once = key();
  assert.equal((await call('POST', `/api/orders/${number}/returns`, wish, once)).status, 202);
  assert.equal((await call('POST', `/api/orders/${number}/returns`, wish, once)).status, 202);
  await until('the return', async () => (await mine()).lines[0].returned === 1);
  assert.equal(await parts.one('SELECT COUNT(*) FROM returns'), 1);
  await reading.return?.();
});

test('bad input is refused with the field, and nothing is written', async () => {
  const before = await written();
  const good = await request();
  const [line] = good.lines;
  const customer = (changes) => ({ ...good, customer: { ...good.customer, ...changes } });
  const lines = (...changes) => ({ ...good, lines: changes.map((change) => ({ ...line, ...change })) });
  const cases = [
    ['{"customer":', 400, 'malformed'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 400, 'malformed'],
    ['', 400, 'malformed'],
    ['[]', 400, 'invalid', 'body'],
    ['null', 400, 'invalid', 'body'],
    [{ ...good, customer: undefined }, 400, 'invalid', 'customer'],
    [{ ...good, extra: 1 }, 400, 'invalid', 'extra'],
    [customer({ email: 'nobody' }), 400, 'invalid', 'customer.email'],
    [customer({ email: 7 }), 400, 'invalid', 'customer.email'],
    [customer({ full_name: ' ' }), 400, 'invalid', 'customer.full_name'],
    [customer({ full_name: 'x'.repeat(121) }), 400, 'invalid', 'customer.full_name'],
    [customer({ country: 'pt' }), 400, 'invalid', 'customer.country'],
    [JSON.stringify(customer({ city: '@' })).replace('"@"', '"\\ud800"'), 400, 'invalid', 'customer.city'],
    [lines(), 400, 'invalid', 'lines'],
    [lines({ quantity: 0 }), 400, 'invalid', 'lines[0].quantity'],
    [lines({ quantity: -1 }), 400, 'invalid', 'lines[0].quantity'],
    [lines({ quantity: '2' }), 400, 'invalid', 'lines[0].quantity'],
    [lines({ quantity: 1.5 }), 400, 'invalid', 'lines[0].quantity'],
    [lines({ unit_price: 19.9 }), 400, 'invalid', 'lines[0].unit_price'],
    [lines({ unit_price: '0.01' }), 409, 'price_changed', 'lines[0].unit_price'],
    [lines({ unit_price: '-1.00' }), 409, 'price_changed', 'lines[0].unit_price'],
    [lines({ sku: 'SKU-99999' }), 422, 'unknown_sku', 'lines[0].sku'],
    [lines({ sku: "' OR 1=1 --" }), 422, 'unknown_sku', 'lines[0].sku'],
    [lines({}, {}), 400, 'invalid', 'lines[1].sku'],
    [lines({ sku: 'SKU-00059', unit_price: await price('SKU-00059'), quantity: 1 }), 409, 'out_of_stock', 'lines[0].quantity'],
    [customer({ full_name: 'x'.repeat(70_000) }), 413, 'too_large'],
  ];
  for (const [body, status, code, field] of cases) {
    const answer = await call('POST', '/api/orders', body, key());
    const about = JSON.stringify(body).slice(0, 200);
    assert.equal(answer.status, status, `${about}: ${JSON.stringify(answer.body)}`);
    assert.equal(answer.body.error.code, code, about);
    assert.equal(answer.body.error.field, field, about);
  }
  assert.equal((await call('POST', '/api/orders', good)).body.error.code, 'key_missing');
  assert.equal((await call('POST', '/api/orders', JSON.stringify(good), { ...key(), 'content-type': 'text/plain' })).status, 415);

  const paid = event('order.paid', 'ORD-0000001', { method: 'card', status: 'captured', amount: '1.00' });
  const body = JSON.stringify(paid);
  const now = Date.now();
  for (const signature of ['', 't=1,v1=00', signWebhook('wrong', body, now), signWebhook(WEBHOOK_KEY, `${body} `, now), signWebhook(WEBHOOK_KEY, body, now - 301_000)]) {
    assert.equal((await webhook('payments', paid, { signature })).status, 401, signature);
  }
  assert.equal((await webhook('carriers', paid)).body.error.field, 'type');
  assert.equal((await webhook('payments', { ...paid, data: { ...paid.data, amount: -1 } })).body.error.field, 'data.amount');
  assert.deepEqual(await written(), before);
});

test('SQL and HTML are text in every field', async () => {
  const evil = `'); DROP TABLE orders; -- <script>alert(1)</script> \\ " \u0000`;
  const body = await request({ customer: { full_name: evil, email: `"'--<b>"@example.test`, phone: "';--", city: evil, country: 'PT' } });
  const answer = await call('POST', '/api/orders', body, key());
  assert.equal(answer.status, 202);
  await until('the row', async () => (await parts.one('SELECT COUNT(*) FROM orders WHERE order_number = ?', [answer.body.order_number])) === 1);
  const [row] = await parts.rows(
    'SELECT c.full_name, o.ship_city FROM orders o JOIN customers c ON c.id = o.customer_id WHERE order_number = ?',
    [answer.body.order_number],
  );
  assert.deepEqual([row.full_name, row.ship_city], [evil, evil]);
});

test('a slow client is cut off and holds nobody up', async () => {
  const url = new URL(intake.url);
  const sockets = Array.from({ length: 50 }, () => net.connect(Number(url.port), url.hostname));
  for (const socket of sockets) {
    socket.on('error', () => {});
    socket.write('POST /api/orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{');
  }
  assert.equal((await call('POST', '/api/orders', await request(), key())).status, 202);
  sockets.forEach((socket) => socket.destroy());
});

test('without the hub an order is refused with Retry-After, and its repetition places it once', async () => {
  const headers = key();
  const body = await request({ customer: { full_name: 'Rui', email: 'rui@example.test', city: 'Porto', country: 'PT' } });
  await parts.hub.end('SIGKILL');
  const refused = await call('POST', '/api/orders', body, headers);
  assert.deepEqual([refused.status, refused.body.error.code], [503, 'busy']);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  await parts.startHub();
  let answer;
  await until('the hub again', async () => (answer = await call('POST', '/api/orders', body, headers)).status === 202);
  const repeated = await call('POST', '/api/orders', body, headers);
  assert.deepEqual(repeated.body, answer.body);
  await until('the row', async () => (await parts.one('SELECT COUNT(*) FROM orders WHERE order_number = ?', [answer.body.order_number])) === 1);
  const last = await call('POST', '/api/orders', await request(), key());
  await until('the next row', async () => (await parts.one('SELECT COUNT(*) FROM orders WHERE order_number = ?', [last.body.order_number])) === 1);
  const sql = "SELECT COUNT(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.email = 'rui@example.test'";
  assert.equal(await parts.one(sql), 1);
});
