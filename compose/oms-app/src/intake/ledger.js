// What the intake must remember over a restart: which keys were used for which request, and which order numbers are
// taken. A key's row holds the very event, so that a request that is repeated sends the same event again and never a
// second one.

import { createHash } from 'node:crypto';
import { inTransaction } from '../processor/database.js';
import { makeTables } from '../processor/tables.js';

const BLOCK = 500;

export class Ledger {
  constructor(pool) {
    Object.assign(this, { pool, next: 0, end: 0, taking: null });
  }

  async makeTables() {
    await makeTables(this.pool);
    await this.pool.query(
      `INSERT IGNORE INTO oms_number_blocks (name, next_number)
       SELECT 'orders', COALESCE(MAX(CAST(SUBSTRING(order_number, 5) AS UNSIGNED)), 0) + 1 FROM orders`,
    );
  }

  /** A number that no other intake gives. Numbers of a block that is not used up are left out for ever. */
  async orderNumber() {
    while (this.next >= this.end) {
      this.taking ??= this.#takeBlock().finally(() => (this.taking = null));
      await this.taking;
    }
    const number = this.next;
    this.next += 1;
    return `ORD-${String(number).padStart(7, '0')}`;
  }

  async #takeBlock() {
    await inTransaction(this.pool, async (connection) => {
      const [[row]] = await connection.query("SELECT next_number FROM oms_number_blocks WHERE name = 'orders' FOR UPDATE");
      const first = Number(row.next_number);
      await connection.query("UPDATE oms_number_blocks SET next_number = ? WHERE name = 'orders'", [first + BLOCK]);
      this.next = first;
      this.end = first + BLOCK;
    });
  }

  /**
   * The row of a key: {orderNumber, event, accepted, same}; `same` tells whether the request is that of the row.
   * `make` gives {orderNumber, email, event} where the key is new.
   */
  async remember(key, request, make) {
    const hash = createHash('sha256').update(request).digest('hex');
    const found = await this.#find(key, hash);
    if (found) return found;
    const { orderNumber, email, event } = await make();
    const created = event.time.replace('T', ' ').replace('Z', '');
    const [result] = await this.pool.query(
      `INSERT IGNORE INTO oms_idempotency_keys (request_key, request_hash, order_number, email, event, created_at)
       VALUES (?)`,
      [[key, hash, orderNumber, email, JSON.stringify(event), created]],
    );
    // Another request with the key may have come in between: then its row stands.
    return result.affectedRows === 1 ? { orderNumber, event, accepted: false, same: true } : this.#find(key, hash);
  }

  async #find(key, hash) {
    const [[row]] = await this.pool.query('SELECT * FROM oms_idempotency_keys WHERE request_key = ?', [key]);
    if (!row) return null;
    const event = typeof row.event === 'string' ? JSON.parse(row.event) : row.event;
    return { orderNumber: row.order_number, event, accepted: row.accepted_at !== null, same: row.request_hash === hash };
  }

  async accept(key) {
    await this.pool.query('UPDATE oms_idempotency_keys SET accepted_at = UTC_TIMESTAMP(3) WHERE request_key = ?', [key]);
  }

  /** The accepted but perhaps not yet committed placing of an order: {email, event}, or null. */
  async accepted(orderNumber) {
    const sql = 'SELECT email, event FROM oms_idempotency_keys WHERE order_number = ? AND accepted_at IS NOT NULL ORDER BY created_at LIMIT 1';
    const [[row]] = await this.pool.query(sql, [orderNumber]);
    return row ? { email: row.email, event: typeof row.event === 'string' ? JSON.parse(row.event) : row.event } : null;
  }
}
