// The simulator and the notifier with everything they need: orders come, move along and end, and customers are told of
// each change, through a mail server that sometimes refuses.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SMTPServer } from 'smtp-server';

import { Parts, freePort, until } from '../support/parts.js';

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
  await parts.stop();
  await new Promise((resolve) => mail.close(resolve));
});

test('a simulated shop lives, and its customers know', async () => {
  const port = await freePort();
  const intake = parts.part('intake', process.execPath, ['src/main.js', 'intake'], { ...parts.environment, INTAKE_PORT: String(port) });
  await until('intake', async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
  await parts.service('processor', { PROCESSOR_OUTBOX: '1' });
  const smtp = `smtp://127.0.0.1:${mail.server.address().port}`;
  await parts.service('notifier', { SMTP_URL: smtp, NOTIFY_PAUSE_MILLISECONDS: '50', NOTIFY_RETRY_MILLISECONDS: '50' });
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
  await intake.end();
});
