// A shop's outside world for machines that have none: customers who order, and the payments, warehouses and carriers that
// move orders along. It speaks to the intake over HTTP as they would, and reads the database only to see where orders
// stand.

import { Counter, Registry } from 'prom-client';

import { signWebhook } from '../intake/signatures.js';
import { openPool } from '../processor/database.js';
import { chance, fixedUuid, pick } from './choices.js';
import { nextStep } from './steps.js';

const AT_ONCE = 200;
const PLACES = [['Lisbon', 'PT'], ['Porto', 'PT'], ['Madrid', 'ES'], ['Berlin', 'DE']];
const FIRST = ['Ana', 'Rui', 'Marta', 'Luis', 'Ines', 'Jonas', 'Clara', 'Pablo'];
const LAST = ['Sousa', 'Alves', 'Garcia', 'Weber', 'Costa', 'Lopez', 'Braun', 'Matos'];

const OPEN = `SELECT o.id, o.order_number, o.status, o.grand_total, o.ship_country AS country, c.email,
    (SELECT COUNT(*) FROM payments p WHERE p.order_id = o.id AND p.status = 'failed') AS failures
  FROM orders o JOIN customers c ON c.id = o.customer_id
  WHERE o.updated_at <= ? AND o.order_number > ? AND (o.status IN ('placed', 'paid', 'packed', 'shipped')
    OR (o.status IN ('delivered', 'returned') AND o.updated_at >= ?))
  ORDER BY o.order_number LIMIT ${AT_ONCE}`;
const LINES = `SELECT i.order_id, p.sku, i.quantity, w.code AS warehouse, i.shipment_id FROM order_items i
  JOIN products p ON p.id = i.product_id LEFT JOIN warehouses w ON w.id = i.warehouse_id WHERE i.order_id IN (?) ORDER BY i.id`;
const PARCELS = 'SELECT order_id, tracking_number, status FROM shipments WHERE order_id IN (?) ORDER BY id';
const RETURNS = `SELECT i.order_id, p.sku, r.quantity, r.status FROM returns r JOIN order_items i ON i.id = r.order_item_id
  JOIN products p ON p.id = i.product_id WHERE i.order_id IN (?) ORDER BY r.id`;

const toDatabase = (milliseconds) => new Date(milliseconds).toISOString().slice(0, 23).replace('T', ' ');

export class Simulator {
  /** `settings`: {database, simulator} as settings.js gives them, and `log`. */
  constructor(settings) {
    Object.assign(this, { settings: settings.simulator, database: settings.database, log: settings.log, cause: 'starting' });
    this.registry = new Registry();
    this.sent = new Counter({ name: 'oms_simulated_total', help: 'What the simulator sent', labelNames: ['what', 'outcome'], registers: [this.registry] });
    this.run = `${this.settings.seed}-${Date.now()}`;
    this.placed = 0;
    this.started = Date.now();
    this.after = '';
  }

  notReady() {
    return this.cause;
  }

  async start() {
    this.pool = openPool(this.database);
    this.running = this.#loop();
  }

  async #loop() {
    while (!this.stopping) {
      const began = Date.now();
      try {
        await this.#customers();
        await this.#world();
        this.cause = null;
      } catch (error) {
        this.cause = 'the shop is not ready';
        this.log.warn({ error: error.message, code: error.code }, this.cause);
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, this.settings.tickMilliseconds - (Date.now() - began))));
    }
  }

  async #call(what, path, body, headers) {
    const answer = await fetch(`${this.settings.intake}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? {} : { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(10_000),
    });
    const read = await answer.json();
    if (body !== undefined) this.sent.inc({ what, outcome: String(answer.status) });
    if (!answer.ok) this.log.warn({ what, status: answer.status, error: read.error }, 'the intake refuses');
    return read;
  }

  // As many orders as are due since the start; after a pause no more than one tick's worth twice over.
  async #customers() {
    const { ordersPerMinute, tickMilliseconds, seed } = this.settings;
    if (ordersPerMinute === 0) return;
    const due = Math.floor(((Date.now() - this.started) * ordersPerMinute) / 60_000) - this.placed;
    const most = Math.ceil((ordersPerMinute * tickMilliseconds * 2) / 60_000);
    const { products } = await this.#call('products', `/api/products?page=${1 + Math.floor(chance(seed, this.placed) * 2)}`);
    if (!products?.length) return;
    for (let n = 0; n < Math.min(due, most) && !this.stopping; n += 1) {
      this.placed += 1;
      const of = (what) => [seed, this.placed, what];
      const [city, country] = pick(PLACES, ...of('place'));
      const name = `${pick(FIRST, ...of('first'))} ${pick(LAST, ...of('last'))}`;
      const chosen = new Set(Array.from({ length: 1 + Math.floor(chance(...of('lines')) * 3) }, (_, line) => pick(products, ...of(line))));
      const lines = [...chosen].filter(({ available }) => available > 2).map(({ sku, price }) => ({
        sku, quantity: 1 + Math.floor(chance(...of(sku)) * 2), unit_price: price,
      }));
      if (lines.length === 0) continue;
      const email = `${name.toLowerCase().replace(' ', '.')}@example.test`;
      const order = { channel: pick(['web', 'mobile'], ...of('channel')), customer: { full_name: name, email, city, country }, lines };
      await this.#call('order', '/api/orders', JSON.stringify(order), { 'idempotency-key': fixedUuid(this.run, this.placed) });
    }
  }

  async #world() {
    const now = Date.now();
    const { stepMilliseconds, seed, webhookKey } = this.settings;
    const [orders] = await this.pool.query(OPEN, [toDatabase(now - stepMilliseconds), this.after, toDatabase(now - 20 * stepMilliseconds - 60_000)]);
    // Page by page, from the front again after the last.
    this.after = orders.length === AT_ONCE ? orders.at(-1).order_number : '';
    if (orders.length === 0) return;
    const ids = orders.map(({ id }) => id);
    const [[lines], [parcels], [returns]] = await Promise.all([LINES, PARCELS, RETURNS].map((sql) => this.pool.query(sql, [ids])));
    const of = (rows, order) => rows.filter((row) => row.order_id === order.id);
    for (const order of orders) {
      if (this.stopping) return;
      const whole = { ...order, failures: Number(order.failures), lines: of(lines, order), parcels: of(parcels, order), returns: of(returns, order) };
      const step = nextStep(whole, seed, now);
      if (!step) continue;
      if (step.returns) {
        await this.#call('return', `/api/orders/${order.order_number}/returns`, JSON.stringify(step.returns), { 'idempotency-key': step.key });
      } else {
        const body = JSON.stringify(step.event);
        await this.#call(step.event.type, `/api/webhooks/${step.source}`, body, { 'x-oms-signature': signWebhook(webhookKey, body, Date.now()) });
      }
    }
  }

  async close() {
    this.stopping = true;
    this.cause = 'stopping';
    await this.running;
    await this.pool?.end();
  }
}
