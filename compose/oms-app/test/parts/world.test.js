// The simulator and the notifier with everything they need: orders come, move along and end, and customers are told of
// each change, through a mail server or a webhook that sometimes refuses.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { SMTPServer } from 'smtp-server';

import { webhookIsSigned } from '../../src/intake/signatures.js';
import { Parts, WEBHOOK_KEY, freePort, until } from '../support/parts.js';

let parts;
let mail;
const received = [];
let refusals = 3;

before(async () => {
  parts = await Parts.start();
  mail = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, callback) {
      let text = '';
      stream.on('data', (chunk) => (text += chunk));
      stream.on('end', () => {
        if (refusals > 0) {
          refusals -= 1;
          return callback(Object.assign(new Error('try again'), { responseCode: 451 }));
        }
        received.push({ to: session.envelope.rcptTo[0].address, text });
        return callback();
      });
    },
  });
  await new Promise((resolve) => mail.listen(0, '127.0.0.1', resolve));
});
after(async () => {
  await parts?.stop();
  await new Promise((resolve) => mail.close(resolve));
});

test('a simulated shop lives, and its customers know', async () => {
  const port = await freePort();
  const intake = parts.part('intake', process.execPath, ['src/main.js', 'intake'], { ...parts.environment, INTAKE_PORT: String(port) });
  await until('intake', async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
  await parts.service('processor', { PROCESSOR_OUTBOX: '1' });
  const smtp = `smtp://127.0.0.1:${mail.server.address().port}`;
  const notifier = await parts.service('notifier', { SMTP_URL: smtp, NOTIFY_PAUSE_MILLISECONDS: '50', NOTIFY_RETRY_MILLISECONDS: '50' });
  const simulator = await parts.service('simulator', {
    INTAKE_URL: `http://127.0.0.1:${port}`,
    SIMULATOR_ORDERS_PER_MINUTE: '600',
    SIMULATOR_STEP_MILLISECONDS: '0',
    SIMULATOR_TICK_MILLISECONDS: '100',
    SIMULATOR_SEED: '3',
  });
  await until('deliveries', async () => (await parts.one("SELECT COUNT(*) FROM orders WHERE status = 'delivered'")) >= 15, 90);
  await simulator.end();
  await until('all customers told', async () => (await parts.one('SELECT COUNT(*) FROM oms_outbox')) === 0 && (await parts.one('SELECT COUNT(*) FROM oms_waiting_events')) === 0);
  assert.equal(Number(await parts.one('SELECT COUNT(*) FROM dead_letters')), 0);

  // Each change of status of each order is told to its customer (at least once).
  const changes = await parts.rows(
    `SELECT DISTINCT e.order_number, c.email, e.type FROM order_events e JOIN orders o ON o.order_number = e.order_number
     JOIN customers c ON c.id = o.customer_id WHERE e.type IN ('order.placed', 'order.packed', 'order.cancelled')`,
  );
  const subjects = { 'order.placed': 'We have your order', 'order.packed': 'Your order is packed', 'order.cancelled': 'Your order was cancelled' };
  for (const { order_number: number, email, type } of changes) {
    const found = received.some(({ to, text }) => to === email && text.includes(`${subjects[type]} (${number})`));
    assert.ok(found, `${email} was not told of ${type} of ${number}`);
  }
  assert.equal(refusals, 0, 'the mail server refused at first');
  await notifier.end();
  await intake.end();
});

test('a webhook is told of each change, signed, again where it refuses, and a message that it never takes is given up', async () => {
  const calls = [];
  // The first is refused twice, the second cut off; whoever is called "Nobody" is never taken.
  const receiver = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const message = JSON.parse(body);
    const earlier = calls.filter((call) => call.message.id === message.id).length;
    calls.push({ message, signed: webhookIsSigned(WEBHOOK_KEY, body, request.headers['x-oms-signature'], Date.now()), earlier });
    if (message.to.startsWith('cut') && earlier === 0) return request.socket.destroy();
    const refused = message.to.startsWith('nobody') || (message.to.startsWith('twice') && earlier < 2);
    return response.writeHead(refused ? 500 : 204).end();
  });
  await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  try {
    const port = await freePort();
    parts.part('intake', process.execPath, ['src/main.js', 'intake'], { ...parts.environment, INTAKE_PORT: String(port) });
    await until('intake', async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
    await parts.service('notifier', {
      NOTIFY_WEBHOOK_URL: `http://127.0.0.1:${receiver.address().port}/told`,
      NOTIFY_WEBHOOK_KEY: WEBHOOK_KEY,
      NOTIFY_PAUSE_MILLISECONDS: '50',
      NOTIFY_RETRY_MILLISECONDS: '20',
      NOTIFY_ATTEMPTS: '4',
    });
    const { price } = await (await fetch(`http://127.0.0.1:${port}/api/products/SKU-00010`)).json();
    for (const name of ['twice', 'cut', 'nobody']) {
      const order = { customer: { full_name: name, email: `${name}@example.test`, city: 'Porto', country: 'PT' }, lines: [{ sku: 'SKU-00010', quantity: 1, unit_price: price }] };
      const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
      assert.equal((await fetch(`http://127.0.0.1:${port}/api/orders`, { method: 'POST', headers, body: JSON.stringify(order) })).status, 202);
    }
    const to = (name) => calls.filter(({ message }) => message.to === `${name}@example.test`);
    await until('the messages', () => to('twice').length === 3 && to('cut').length === 2 && to('nobody').length === 4);
    await until('what was taken is gone, and what was given up stays', async () => {
      const rows = await parts.rows('SELECT attempts, failed_at FROM oms_outbox');
      return rows.length === 1 && rows[0].attempts === 4 && rows[0].failed_at !== null;
    });
    assert.ok(calls.every(({ signed }) => signed));
    const [{ message }] = to('twice');
    assert.match(message.subject, /^We have your order \(ORD-\d{7}\)$/);
    assert.equal(message.status, 'placed');
    assert.match(message.text, /track\.html\?order=ORD-\d{7}&token=/);
    assert.equal(new Set(to('twice').map((call) => call.message.id)).size, 1, 'a repeat is known by its id');
  } finally {
    receiver.closeAllConnections();
    receiver.close();
  }
});
