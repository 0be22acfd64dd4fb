// Tells customers of each change of their order's status, by e-mail or by webhook. A change leaves the outbox only when
// its message was taken, so each is told at least once; a message's id lets a receiver know a repeat.

import nodemailer from 'nodemailer';
import { Counter, Gauge, Registry } from 'prom-client';

import { signWebhook } from '../intake/signatures.js';
import { inTransaction, openPool } from '../processor/database.js';
import { makeTables } from '../processor/tables.js';
import { messageOf } from './message.js';

const AT_ONCE = 20;
const DUE = `SELECT o.id, o.event_id, o.order_number, o.status, o.attempts, c.email, c.full_name
  FROM oms_outbox o JOIN orders r ON r.order_number = o.order_number JOIN customers c ON c.id = r.customer_id
  WHERE o.failed_at IS NULL AND o.due_at <= UTC_TIMESTAMP(3) ORDER BY o.id LIMIT ${AT_ONCE}`;

export class Notifier {
  /** `settings`: {database, notifier} as settings.js gives them, and `log`. */
  constructor(settings) {
    Object.assign(this, { settings: settings.notifier, database: settings.database, log: settings.log, cause: 'starting' });
    this.registry = new Registry();
    const registers = [this.registry];
    this.told = new Counter({ name: 'oms_notifications_total', help: 'Messages, by outcome', labelNames: ['outcome'], registers });
    this.waiting = new Gauge({ name: 'oms_outbox_messages', help: 'Messages that wait', registers });
  }

  notReady() {
    return this.cause;
  }

  async start() {
    const { settings } = this;
    this.pool = openPool(this.database);
    if (settings.smtp) this.mail = nodemailer.createTransport(settings.smtp, { from: settings.from });
    this.running = this.#run();
  }

  async #run() {
    let prepared = false;
    while (!this.stopping) {
      let taken = 0;
      try {
        if (!prepared) await makeTables(this.pool);
        prepared = true;
        taken = await this.#round();
        this.cause = null;
      } catch (error) {
        this.cause = 'the database is not ready';
        this.log.warn({ error: error.message, code: error.code }, this.cause);
      }
      if (taken < AT_ONCE && !this.stopping) await new Promise((resolve) => setTimeout(resolve, this.settings.pauseMilliseconds));
    }
  }

  // Rows stay locked while their messages are sent: another notifier takes others, and a killed one gives them back.
  async #round() {
    const taken = await inTransaction(this.pool, async (connection) => {
      const [locked] = await connection.query(
        `SELECT id FROM oms_outbox WHERE failed_at IS NULL AND due_at <= UTC_TIMESTAMP(3) ORDER BY id LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED`,
      );
      if (locked.length === 0) return 0;
      const ids = locked.map(({ id }) => id);
      const [rows] = await connection.query(DUE.replace('WHERE', 'WHERE o.id IN (?) AND'), [ids]);
      for (const row of rows) await this.#tell(connection, row);
      return locked.length;
    });
    const [[{ waiting }]] = await this.pool.query('SELECT COUNT(*) AS waiting FROM oms_outbox WHERE failed_at IS NULL');
    this.waiting.set(Number(waiting));
    return taken;
  }

  async #tell(connection, row) {
    const about = { orderNumber: row.order_number, eventId: row.event_id, status: row.status };
    try {
      await this.#send(row, messageOf(row, this.settings));
      await connection.query('DELETE FROM oms_outbox WHERE id = ?', [row.id]);
      this.told.inc({ outcome: 'sent' });
      this.log.info(about, 'customer told');
    } catch (error) {
      const attempts = row.attempts + 1;
      const last = attempts >= this.settings.mostAttempts;
      const pause = Math.min(this.settings.retryMilliseconds * 2 ** (attempts - 1), 3_600_000);
      await connection.query(
        `UPDATE oms_outbox SET attempts = ?, due_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND, failed_at = IF(?, UTC_TIMESTAMP(3), NULL)
         WHERE id = ?`,
        [attempts, pause * 1000, last, row.id],
      );
      this.told.inc({ outcome: last ? 'given up' : 'postponed' });
      this.log.warn({ ...about, attempts, error: error.message }, last ? 'message given up' : 'message postponed');
    }
  }

  async #send(row, message) {
    if (this.mail) {
      await this.mail.sendMail({ ...message, messageId: `<${row.event_id}@oms>` });
      return;
    }
    const body = JSON.stringify({ id: row.event_id, order_number: row.order_number, status: row.status, ...message });
    const headers = { 'content-type': 'application/json', 'x-oms-signature': signWebhook(this.settings.webhookKey, body, Date.now()) };
    const answer = await fetch(this.settings.webhook, { method: 'POST', body, headers, signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(`the webhook answers ${answer.status}`);
  }

  async close() {
    this.stopping = true;
    this.cause = 'stopping';
    await this.running;
    this.mail?.close();
    await this.pool?.end();
  }
}
