// The shop's front door: takes orders, returns and webhooks, and shows products and orders. An order is accepted only
// when the event hub has it; it writes no order itself.

import fastify from 'fastify';
import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

import { producer } from '../azure.js';
import { formatCents } from '../orders/money.js';
import { ORDER_NUMBER } from '../orders/cloud-event.js';
import { openPool } from '../processor/database.js';
import { Catalogue } from './catalogue.js';
import { Ledger } from './ledger.js';
import { ORDER_SCHEMA, RETURN_SCHEMA, placedEvent, priced, returnEvent } from './placing.js';
import { Problem, problemOf } from './problems.js';
import { trackingIsSigned, trackingToken } from './signatures.js';
import { Tracking } from './tracking.js';
import { SOURCES, webhookEvent } from './webhooks.js';

const MOST_BYTES = 64 * 1024;
const KEY = /^[A-Za-z0-9_-]{8,64}$/;
const RETRY_SECONDS = '2';

const shown = (product) => ({ ...product, price: formatCents(product.price) });

export class Intake {
  /** `settings`: {database, eventHub, intake} as settings.js gives them, and `log`. */
  constructor(settings) {
    this.settings = settings;
    this.log = settings.log;
    this.registry = new Registry();
    collectDefaultMetrics({ register: this.registry });
    const registers = [this.registry];
    this.accepted = new Counter({ name: 'oms_requests_accepted_total', help: 'Requests whose event the hub has', labelNames: ['kind'], registers });
    this.refused = new Counter({ name: 'oms_requests_refused_total', help: 'Requests answered with an error', labelNames: ['code'], registers });
    this.publishing = new Histogram({ name: 'oms_publish_seconds', help: 'Time until the hub has an event', registers });
    this.cause = 'starting';
  }

  async start() {
    const { settings } = this;
    this.pool = openPool(settings.database);
    this.ledger = new Ledger(this.pool);
    this.catalogue = new Catalogue(this.pool, this.log);
    this.tracking = new Tracking(this.pool, this.ledger, this.log);
    this.producer = producer(settings.eventHub, { maxRetries: 0, timeoutInMs: settings.intake.hubMilliseconds });
    this.server = this.#routes();
    await this.server.listen({ host: settings.intake.host, port: settings.intake.port });
    for (let pause = 200; this.cause === 'starting'; pause = Math.min(pause * 2, 5000)) {
      try {
        await this.ledger.makeTables();
        this.cause = null;
      } catch (error) {
        this.log.warn({ error: error.message, code: error.code }, 'the database is not ready');
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    await this.catalogue.start(settings.intake.catalogueMilliseconds);
    this.tracking.start(settings.intake.watchMilliseconds);
    this.log.info('intake started');
  }

  notReady() {
    return this.cause ?? (this.catalogue.loaded ? null : 'the catalogue was not read yet');
  }

  #routes() {
    const server = fastify({
      loggerInstance: this.log,
      disableRequestLogging: true,
      bodyLimit: MOST_BYTES,
      requestTimeout: 20_000,
      keepAliveTimeout: 75_000,
      trustProxy: true,
      // Types are never bent into shape, and unknown fields are refused, not dropped.
      ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: false } },
    });
    // Webhooks are signed over bytes, so a body is kept as it came beside its value.
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      request.bytes = body;
      try {
        done(null, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
      } catch {
        done(new Problem('malformed'));
      }
    });
    server.setErrorHandler((error, request, reply) => {
      const problem = problemOf(error);
      this.refused.inc({ code: problem.code });
      if (problem.code === 'failed') this.log.error({ error: error.message, code: error.code, url: request.url }, 'request failed');
      if (problem.code === 'busy') reply.header('retry-after', RETRY_SECONDS);
      return reply.code(problem.status).send(problem.body);
    });
    server.setNotFoundHandler(() => {
      throw new Problem('not_found');
    });

    server.get('/livez', async () => ({ status: 'alive' }));
    server.get('/readyz', async (request, reply) => {
      const cause = this.notReady();
      return cause ? reply.code(503).send({ status: 'not ready', cause }) : { status: 'ready' };
    });
    server.get('/metrics', async (request, reply) => reply.type(this.registry.contentType).send(await this.registry.metrics()));

    server.get('/api/categories', async () => ({ categories: this.catalogue.categories }));
    server.get('/api/terms', async () => {
      const { taxPercent, shippingFee, freeShippingFrom } = this.settings.intake;
      return { currency: 'EUR', tax_percent: taxPercent, shipping_fee: formatCents(shippingFee), free_shipping_from: formatCents(freeShippingFrom) };
    });
    server.get('/api/products', async (request) => {
      const { category, q, page } = request.query;
      const one = (value) => (typeof value === 'string' ? value.slice(0, 100) : undefined);
      const at = /^[1-9]\d{0,4}$/.test(page ?? '') ? Number(page) : 1;
      const found = this.catalogue.search({ category: one(category), words: one(q), page: at });
      return { ...found, products: found.products.map(shown) };
    });
    server.get('/api/products/:sku', async (request) => {
      const product = this.catalogue.get(request.params.sku);
      if (!product) throw new Problem('not_found', { field: 'sku' });
      return shown(product);
    });

    server.post('/api/orders', { schema: { body: ORDER_SCHEMA } }, async (request, reply) => this.#place(request, reply));
    server.get('/api/orders/:number', async (request) => (await this.#seen(request.params.number, request.query)).record);
    server.get('/api/orders/:number/changes', async (request, reply) => this.#follow(request, reply));
    server.post('/api/orders/:number/returns', { schema: { body: RETURN_SCHEMA } }, async (request, reply) => this.#giveBack(request, reply));
    for (const source of Object.keys(SOURCES)) {
      server.post(`/api/webhooks/${source}`, async (request, reply) => this.#hear(source, request, reply));
    }
    return server;
  }

  // Database trouble is a passing state: the customer is told so, and nothing was ordered.
  async #orBusy(work) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Problem) throw error;
      this.log.warn({ error: error.message, code: error.code }, 'the database is not ready');
      throw new Problem('busy');
    }
  }

  async #publish(event, kind) {
    const end = this.publishing.startTimer();
    try {
      await this.producer.sendBatch([{ body: event, contentType: 'application/cloudevents+json' }], { partitionKey: event.subject });
    } catch (error) {
      this.log.warn({ orderNumber: event.subject, eventId: event.id, error: error.message }, 'the event hub did not take the event');
      throw new Problem('busy');
    }
    end();
    this.accepted.inc({ kind });
    this.log.info({ orderNumber: event.subject, eventId: event.id, type: event.type }, 'event published');
  }

  #key(request) {
    const key = request.headers['idempotency-key'];
    if (!KEY.test(key ?? '')) throw new Problem('key_missing', { field: 'Idempotency-Key' });
    return key;
  }

  // Remembers, publishes, and marks as accepted; a repeated request gets the same answer.
  async #once(key, request, kind, make) {
    const row = await this.#orBusy(() => this.ledger.remember(key, `${request.url}\n${request.bytes}`, make));
    if (!row.same) throw new Problem('key_reused', { field: 'Idempotency-Key' });
    if (!row.accepted) {
      await this.#publish(row.event, kind);
      // The hub has it: whatever becomes of the mark, a repeat would send the same event.
      await this.ledger.accept(key).catch((error) => this.log.warn({ error: error.message }, 'the key was not marked'));
    }
    return row;
  }

  async #place(request, reply) {
    const key = this.#key(request);
    const row = await this.#once(key, request, 'order', async () => {
      if (!this.catalogue.loaded) throw new Problem('busy');
      const lines = priced(request.body, this.catalogue);
      const orderNumber = await this.ledger.orderNumber();
      const event = placedEvent(orderNumber, request.body, lines, this.settings.intake);
      return { orderNumber, email: event.data.customer.email, event };
    });
    const token = trackingToken(this.settings.intake.trackingKey, row.orderNumber);
    return reply.code(202).send({
      order_number: row.orderNumber,
      status: 'received',
      grand_total: row.event.data.grand_total,
      currency: row.event.data.currency,
      tracking: `/track.html?order=${row.orderNumber}&token=${token}`,
    });
  }

  // The order, for who knows its e-mail address or has its link; for everybody else it does not exist.
  async #seen(number, { email, token }) {
    const found = ORDER_NUMBER.test(number) ? await this.#orBusy(() => this.tracking.find(number)) : null;
    const { trackingKey } = this.settings.intake;
    const allowed =
      found && (trackingIsSigned(trackingKey, number, token) || (typeof email === 'string' && email.trim().toLowerCase() === found.email));
    if (!allowed) throw new Problem('not_found', { field: 'order' });
    return found;
  }

  async #follow(request, reply) {
    const { number } = request.params;
    const { record } = await this.#seen(number, request.query);
    if (this.tracking.streams.size >= this.settings.intake.mostStreams) throw new Problem('busy');
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    this.tracking.stream(number, record, reply.raw);
  }

  async #giveBack(request, reply) {
    const key = this.#key(request);
    const { number } = request.params;
    const { record, email } = await this.#seen(number, request.body);
    await this.#once(key, request, 'return', async () => ({ orderNumber: number, email, event: returnEvent(record, request.body) }));
    return reply.code(202).send({ order_number: number, status: 'return requested' });
  }

  async #hear(source, request, reply) {
    const signature = request.headers['x-oms-signature'];
    const { webhookKey } = this.settings.intake;
    const { event, id, orderNumber } = webhookEvent(source, request.bytes ?? Buffer.alloc(0), signature, webhookKey, Date.now());
    await this.#publish(event, source);
    return reply.code(202).send({ event_id: id, order_number: orderNumber });
  }

  async close() {
    this.cause = 'stopping';
    this.catalogue?.stop();
    this.tracking?.stop();
    await this.server?.close();
    await this.producer?.close();
    await this.pool?.end();
  }
}
