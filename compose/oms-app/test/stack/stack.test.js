// The whole stack, as scripts/pipeline/up.sh brings it up, through its published ports: a browser that orders, servers
// that die, a database that restarts, a hub that cannot be reached. Run by scripts/pipeline/test-stack.sh.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import tls from 'node:tls';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import { chromium } from 'playwright-core';

import { signWebhook } from '../../src/intake/signatures.js';
import { certificates } from '../support/authority.js';
import { event } from '../support/events.js';
import { until } from '../support/parts.js';

const { OMS_HTTPS_PORT, OMS_HTTP_PORT, OMS_DB_PORT, OMS_WATCH_PORT, OMS_SECRETS, OMS_STACK, CHROMIUM } = process.env;
const SHOP = `https://localhost:${OMS_HTTPS_PORT}`;
const secret = (name) => fs.readFileSync(path.join(OMS_SECRETS, name), 'utf8');
const run = promisify(execFile);
const docker = (...args) => run('docker', args, { timeout: 120_000, killSignal: 'SIGKILL' });
const container = (service) => `${OMS_STACK}-${service}-1`;
const agent = new https.Agent({ keepAlive: true, maxSockets: 20, ca: secret('tls_certificate') });

let database;

before(() => {
  database = mysql.createPool({ host: '127.0.0.1', port: Number(OMS_DB_PORT), user: 'root', password: secret('db_root_password'), database: 'oms', dateStrings: true });
});
after(() => database.end());

const one = async (sql, values) => Object.values((await database.query(sql, values))[0][0])[0];
const healthy = async (service) => (await docker('inspect', '-f', '{{.State.Health.Status}}', container(service))).stdout.trim() === 'healthy';

// The shop's certificate is checked against the one that the stack made for itself.
function call(method, where, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const type = text ? { 'content-type': 'application/json' } : {};
    const request = https.request(`${SHOP}${where}`, { method, agent, headers: { ...type, ...headers } }, (response) => {
      let read = '';
      response.on('data', (chunk) => (read += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: read }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.setTimeout(15_000, () => request.destroy(new Error('no answer')));
    request.end(text);
  });
}

let keys = 0;
const prices = new Map();
/** Places an order until it is accepted, as a patient client would; gives {number, total}. */
async function order() {
  const sku = `SKU-${String(1 + (keys % 50)).padStart(5, '0')}`;
  if (!prices.has(sku)) prices.set(sku, JSON.parse((await call('GET', `/api/products/${sku}`)).text).price);
  const customer = { full_name: 'Ana Sousa', email: `a${keys % 7}@example.test`, city: 'Lisbon', country: 'PT' };
  const body = { customer, lines: [{ sku, quantity: 1 + (keys % 3), unit_price: prices.get(sku) }] };
  keys += 1;
  const headers = { 'idempotency-key': `stack-test-${process.pid}-${keys}` };
  const answer = await until(
    'an accepted order',
    async () => {
      const got = await call('POST', '/api/orders', body, headers);
      return got.status === 202 ? got : null;
    },
    120,
  );
  const { order_number: number, grand_total: total } = JSON.parse(answer.text);
  return { number, total };
}

const accepted = [];
async function place(count, atOnce = 10) {
  for (let done = 0; done < count; done += atOnce) {
    accepted.push(...(await Promise.all(Array.from({ length: Math.min(atOnce, count - done) }, order))));
  }
}

async function assertExactly() {
  await until('every accepted order', async () => (await one('SELECT COUNT(*) FROM orders')) >= accepted.length, 120);
  const [rows] = await database.query('SELECT order_number, grand_total FROM orders');
  const found = new Map(rows.map((row) => [row.order_number, row.grand_total]));
  for (const { number, total } of accepted) assert.equal(found.get(number), total, number);
  assert.equal(rows.length, accepted.length, 'no order that nobody placed');
  assert.equal(await one('SELECT COUNT(*) FROM order_events WHERE type = "order.placed"'), accepted.length);
  assert.equal(await one('SELECT COUNT(*) FROM dead_letters'), 0);
}

test('the three servers share the work behind TLS', async () => {
  const servers = new Set();
  for (let n = 0; n < 12; n += 1) {
    const answer = await call('GET', '/');
    assert.equal(answer.status, 200);
    servers.add(answer.headers['x-served-by']);
    assert.match(answer.headers['strict-transport-security'], /max-age/);
    assert.match(answer.headers['content-security-policy'], /default-src 'self'/);
    assert.ok(!/nginx/i.test(answer.headers.server ?? ''), 'the server hides its name');
  }
  assert.deepEqual([...servers].sort(), ['web-1', 'web-2', 'web-3']);
  const plain = await fetch(`http://localhost:${OMS_HTTP_PORT}/track.html`, { redirect: 'manual' });
  assert.equal(plain.status, 301);
  assert.equal(plain.headers.get('location'), `${SHOP}/track.html`);
  const large = { customer: { full_name: 'x'.repeat(70_000) } };
  assert.equal((await call('POST', '/api/orders', large, { 'idempotency-key': 'large-body' })).status, 413);
  assert.equal((await call('GET', '/metrics')).status, 404, 'metrics stay inside');
});

test('whoever watches sees every service, and nothing else', async () => {
  const seen = async (where, options) => fetch(`http://127.0.0.1:${OMS_WATCH_PORT}${where}`, { ...options, signal: AbortSignal.timeout(10_000) });
  const good = ['/traefik/ping', '/web-1/healthz', '/web-2/healthz', '/web-3/healthz', '/intake/readyz', '/processor/livez', '/processor/readyz', '/event-hub/health'];
  for (const where of good) assert.equal((await seen(where)).status, 200, where);
  const certain = await (await seen(`/${container('processor')}/metrics`)).text();
  for (const name of ['oms_dead_letters_open', 'oms_waiting_events', 'process_start_time_seconds', 'oms_partitions_owned']) assert.match(certain, new RegExp(`^${name} `, 'm'));
  assert.match(await (await seen('/intake/metrics')).text(), /^oms_publish_seconds_count /m);
  assert.match(await (await seen('/traefik/metrics')).text(), /^traefik_/m);
  for (const where of ['/intake/api/products', '/mysql/metrics', '/azurite/metrics', '/web-1/', '/']) assert.equal((await seen(where)).status, 404, where);
  assert.equal((await seen('/intake/metrics', { method: 'POST' })).status, 405);
  assert.ok([502, 504].includes((await seen('/notifier/readyz')).status), 'what does not run does not answer');
});

test('a customer orders in the browser, follows the order live, and asks for a return', { skip: CHROMIUM ? false : 'no browser here' }, async () => {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--headless', '--disable-gpu'] });
  try {
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 390, height: 800 } })).newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(SHOP);
    await page.getByLabel('Category').selectOption('Garden');
    await page.getByRole('button', { name: /^Into the basket/ }).first().click();
    await page.getByRole('button', { name: /^Into the basket/ }).first().press('Enter');
    await page.getByRole('link', { name: /Basket/ }).click();
    await page.getByLabel('Name').fill('<img src=x onerror=alert(1)>');
    await page.getByLabel('E-mail').fill('browser@example.test');
    await page.getByLabel('City').fill('Lisbon');
    await page.getByRole('button', { name: 'Place the order' }).click();
    const number = await page.locator('#confirmation #number').textContent({ timeout: 20_000 });
    await page.getByText('was accepted').waitFor();
    const placed = await page.locator('#confirmation #number').textContent();
    assert.match(placed, /^ORD-\d{7}$/, number);
    await page.getByRole('link', { name: 'Follow your order' }).click();
    await page.locator('#status', { hasText: 'placed' }).waitFor({ timeout: 20_000 });

    const [[row]] = await database.query('SELECT id, grand_total FROM orders WHERE order_number = ?', [placed]);
    accepted.push({ number: placed, total: row.grand_total });
    const [lines] = await database.query(
      'SELECT p.sku, w.code FROM order_items i JOIN products p ON p.id = i.product_id JOIN warehouses w ON w.id = i.warehouse_id WHERE i.order_id = ?',
      [row.id],
    );
    const warehouse = lines[0].code;
    const parcels = Object.groupBy ? Object.groupBy(lines, ({ code }) => code) : { [warehouse]: lines };
    const steps = [
      ['payments', event('order.paid', placed, { method: 'card', status: 'captured', amount: row.grand_total }), 'paid'],
      ['warehouse', event('order.packed', placed, { warehouse }), 'packed'],
      ...Object.entries(parcels).map(([code, some]) => [
        'warehouse',
        event('order.shipped', placed, { warehouse: code, carrier: 'CTT', tracking_number: `B-${code}`, promised_at: '2026-12-01T00:00:00Z', lines: some.map(({ sku }) => sku) }),
        'shipped',
      ]),
    ];
    for (const code of Object.keys(parcels)) steps.push(['carriers', event('order.delivered', placed, { tracking_number: `B-${code}` }), null]);
    for (const [source, value, status] of steps) {
      const signature = signWebhook(secret('webhook_key'), JSON.stringify(value), Date.now());
      assert.equal((await call('POST', `/api/webhooks/${source}`, value, { 'x-oms-signature': signature })).status, 202);
      // The page changes by itself: nothing is loaded again.
      if (status) await page.locator('#status', { hasText: status }).waitFor({ timeout: 20_000 });
    }
    await page.locator('#status', { hasText: 'delivered' }).waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Ask for a return' }).click();
    await page.locator('#events', { hasText: 'Return asked for' }).waitFor({ timeout: 20_000 });
    assert.equal(await one('SELECT COUNT(*) FROM returns'), 1);

    await page.goto(`${SHOP}/track.html`);
    await page.getByLabel('Order number').fill(placed);
    await page.getByLabel('E-mail').fill('other@example.test');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('No such order').waitFor();
    assert.deepEqual(errors.filter((text) => !/404/.test(text)), []);
  } finally {
    await browser.close();
  }
});

test('killing one server loses no request beyond those in flight', async () => {
  const failed = [];
  let sent = 0;
  let killed;
  const visitors = Array.from({ length: 8 }, async () => {
    for (let n = 0; n < 40; n += 1) {
      sent += 1;
      if (sent === 100) killed = docker('kill', '-s', 'KILL', container('web-2'));
      const answer = await call('GET', '/style.css').catch((error) => ({ status: error.message }));
      if (answer.status !== 200) failed.push(answer.status);
    }
  });
  await Promise.all(visitors);
  await killed;
  // At most one request of each visitor can have been on its way through the server that died.
  assert.ok(failed.length <= 8, `${failed.length} failed: ${failed.join(', ')}`);
  await place(10);
  await docker('start', container('web-2'));
  await until('web-2', () => healthy('web-2'));
});

test('the web servers read their configuration anew, and no request is lost', async () => {
  const workers = async () => (await docker('top', container('web-1'), '-eo', 'pid,args')).stdout.split('\n').filter((line) => /nginx: worker process$/.test(line.trim())).join();
  const before = await workers();
  let ended = false;
  const failed = [];
  const visitors = Array.from({ length: 6 }, async () => {
    while (!ended) {
      const answer = await call('GET', '/style.css').catch((error) => ({ status: error.message }));
      if (answer.status !== 200) failed.push(answer.status);
    }
  });
  try {
    await run(fileURLToPath(new URL('../../../../scripts/pipeline/reload.sh', import.meta.url)), [], { timeout: 120_000 });
    await until('a new worker', async () => (await workers()) !== before && (await workers()) !== '');
  } finally {
    ended = true;
    await Promise.all(visitors);
  }
  assert.deepEqual(failed, []);
});

test('SIGKILL of the processor while orders come', async () => {
  const placing = place(150);
  await until('work under way', async () => (await one('SELECT COUNT(*) FROM orders')) > accepted.length / 2);
  await docker('kill', '-s', 'KILL', container('processor'));
  await placing;
  await docker('start', container('processor'));
  await assertExactly();
});

test('a restart of the database while orders come', async () => {
  const placing = place(100);
  await docker('restart', '-t', '0', container('mysql'));
  await placing;
  await until('the database', async () => (await one('SELECT 1')) === 1);
  await assertExactly();
});

test('the processor cut off from the hub', async () => {
  const network = `${OMS_STACK}_hub`;
  await docker('network', 'disconnect', network, container('processor'));
  await place(60);
  await docker('network', 'connect', network, container('processor'));
  await assertExactly();
});

test('what was captured is what the database has', async () => {
  const home = fs.mkdtempSync(path.join(process.env.OMS_STATE, 'home-'));
  const verify = async () => {
    const arguments_ = ['--db', secret('host_database_url'), 'archive', 'verify', secret('host_archive_url'), '--json'];
    const done = await run(process.env.OMS_ASK, arguments_, { env: { HOME: home, PATH: process.env.PATH }, timeout: 60_000 }).catch((error) => error);
    return { code: done.code ?? 0, text: `${done.stdout}${done.stderr}` };
  };
  let last;
  await until('the archive to agree', async () => {
    last = await verify();
    return last.code === 0 && last.text.includes(`${accepted.length}`);
  }).catch((error) => assert.fail(`${error.message}: ${last.text}`));
});

test('a certificate comes from an authority of ACME, by setting', { skip: process.env.PEBBLE ? false : 'no pebble here' }, async () => {
  const { OMS_STATE, PEBBLE, OMS_COMPOSE } = process.env;
  const domain = 'shop.example.test';
  const folder = fs.mkdtempSync(path.join(OMS_STATE, 'pebble-'));
  const made = certificates(folder, 'DNS:acme-authority');
  fs.copyFileSync(made.ca, path.join(OMS_STATE, 'acme/ca.pem'));
  const config = { listenAddress: '0.0.0.0:14000', managementListenAddress: '0.0.0.0:15000', certificate: '/pebble/server.pem', privateKey: '/pebble/server.key', httpPort: 8080, tlsPort: 8443, ocspResponderURL: '' };
  fs.writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ pebble: config }));
  const shown = () =>
    new Promise((resolve, reject) => {
      const socket = tls.connect({ port: Number(OMS_HTTPS_PORT), host: '127.0.0.1', servername: domain, rejectUnauthorized: false }, () => {
        const certificate = socket.getPeerCertificate();
        socket.destroy();
        resolve(certificate);
      });
      socket.on('error', reject);
      socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
    });
  await docker('run', '-d', '--name', container('pebble'), '--network', `${OMS_STACK}_edge`, '--network-alias', 'acme-authority', '-e', 'PEBBLE_VA_NOSLEEP=1',
    '-v', `${folder}:/pebble:ro`, '-v', `${PEBBLE}:/usr/local/bin/pebble:ro`, 'oms-stand-in/debian', 'pebble', '-config', '/pebble/config.json');
  try {
    await until('the authority', async () => /listening/i.test(Object.values(await docker('logs', container('pebble'))).join('')));
    const [program, ...first] = OMS_COMPOSE.split(' ');
    const settings = { OMS_ACME_DOMAIN: domain, OMS_ACME_EMAIL: 'shop@example.test', OMS_ACME_SERVER: 'https://acme-authority:14000/dir', OMS_ACME_CA: '/acme/ca.pem' };
    const up = [...first, '--env-file', path.join(OMS_STATE, 'oms.env'), '-p', OMS_STACK, 'up', '-d', '--no-deps', '--wait', '--wait-timeout', '90', 'traefik'];
    await run(program, up, { env: { ...process.env, ...settings }, timeout: 150_000 });
    const certificate = await until('a certificate of the authority', async () => {
      const seen = await shown();
      return /pebble/i.test(seen.issuer?.CN ?? '') ? seen : null;
    }, 90).catch(async (error) => assert.fail(`${error.message}\n${Object.values(await docker('logs', container('traefik'))).join('').slice(-2000)}`));
    assert.equal(certificate.subjectaltname, `DNS:${domain}`);
    // Kept over a restart, where only Traefik can read it.
    assert.equal(fs.statSync(path.join(OMS_STATE, 'acme/acme.json')).mode & 0o777, 0o600);
    await docker('restart', container('traefik'));
    await until('Traefik', () => healthy('traefik'));
    assert.equal((await until('the certificate', shown)).serialNumber, certificate.serialNumber);
    await until('the shop as before', async () => (await call('GET', '/')).status === 200);
  } finally {
    await docker('rm', '-f', container('pebble'));
  }
});

test('whoever asks how many orders came today is told all of them', async () => {
  await place(5);
  await assertExactly();
  const home = fs.mkdtempSync(path.join(process.env.OMS_STATE, 'home-'));
  const url = `mysql://oms_reader:${secret('db_reader_password').trim()}@127.0.0.1:${OMS_DB_PORT}/oms`;
  const ask = async (question) => {
    const asked = await run(process.env.OMS_ASK, ['--db', url, '--brain', 'rules', 'ask', '--json', question], { env: { HOME: home, PATH: process.env.PATH }, timeout: 60_000 });
    return JSON.parse(asked.stdout);
  };
  const today = await ask('how many orders today?');
  // Midnight may have passed since the first orders.
  const counted = await one('SELECT COUNT(*) FROM orders WHERE placed_at >= UTC_DATE()');
  assert.equal(today.status, 'answered', JSON.stringify(today));
  assert.deepEqual(today.rows, [[counted]]);
  const story = await ask(`where is ${accepted.at(-1).number}?`);
  assert.ok(story.rows.length > 0, JSON.stringify(story));
  const email = await run(process.env.OMS_ASK, ['--db', url, 'ask', 'SELECT email FROM customers'], { env: { HOME: home, PATH: process.env.PATH }, timeout: 60_000 }).catch((error) => error);
  assert.equal(email.code, 4, 'personal columns are refused');
});
