// What a customer may see of an order, and its changes as they happen. One look at the database serves all streams of
// this process, so that ten thousand open pages cost no more than one.

const STATUS = `SELECT o.id, o.order_number, o.status, o.placed_at, o.updated_at, o.items_total, o.shipping_fee, o.tax_total,
    o.grand_total, o.currency, o.cancel_reason, c.email
  FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.order_number = ?`;
const LINES = `SELECT p.sku, p.name, i.quantity, i.unit_price, i.line_total,
    (SELECT COALESCE(SUM(r.quantity), 0) FROM returns r WHERE r.order_item_id = i.id AND r.status <> 'rejected') AS returned
  FROM order_items i JOIN products p ON p.id = i.product_id WHERE i.order_id = ? ORDER BY i.id`;
const PARCELS = 'SELECT carrier, tracking_number, status, shipped_at, promised_at, delivered_at FROM shipments WHERE order_id = ? ORDER BY id';
const EVENTS = 'SELECT type, occurred_at, version FROM order_events WHERE order_number = ? ORDER BY version';
const VERSIONS = 'SELECT order_number, MAX(version) AS version FROM order_events WHERE order_number IN (?) GROUP BY order_number';
const HEARTBEAT_MILLISECONDS = 15_000;

const iso = (text) => (text === null ? null : `${text.replace(' ', 'T')}Z`);

export class Tracking {
  constructor(pool, ledger, log) {
    Object.assign(this, { pool, ledger, log, streams: new Set() });
  }

  /** The order's customer-facing record with its customer's e-mail, or null. An accepted one that is not yet a row is `received`. */
  async find(orderNumber) {
    const [[order]] = await this.pool.query(STATUS, [orderNumber]);
    if (!order) {
      const accepted = await this.ledger.accepted(orderNumber);
      if (!accepted) return null;
      const { data, time } = accepted.event;
      const record = { order_number: orderNumber, status: 'received', version: 0, placed_at: time, currency: data.currency, grand_total: data.grand_total };
      return { email: accepted.email, record: { ...record, lines: [], parcels: [], events: [] } };
    }
    const [[lines], [parcels], [events]] = await Promise.all([
      this.pool.query(LINES, [order.id]),
      this.pool.query(PARCELS, [order.id]),
      this.pool.query(EVENTS, [orderNumber]),
    ]);
    const { id, email, ...shown } = order;
    return {
      email,
      record: {
        ...shown,
        version: events.at(-1)?.version ?? 0,
        placed_at: iso(order.placed_at),
        updated_at: iso(order.updated_at),
        lines: lines.map((line) => ({ ...line, returned: Number(line.returned) })),
        parcels: parcels.map((parcel) => ({
          ...parcel,
          shipped_at: iso(parcel.shipped_at),
          promised_at: iso(parcel.promised_at),
          delivered_at: iso(parcel.delivered_at),
        })),
        events: events.map(({ type, occurred_at: at }) => ({ type, at: iso(at) })),
      },
    };
  }

  start(milliseconds) {
    this.timer = setInterval(() => this.#look(), milliseconds);
  }

  stop() {
    clearInterval(this.timer);
    for (const stream of this.streams) stream.response.end();
    this.streams.clear();
  }

  /** Writes the order's record now and after each change to `response`, as server-sent events, until it closes. */
  stream(orderNumber, record, response) {
    const stream = { orderNumber, version: record.version, status: record.status, response };
    this.#write(stream, record);
    this.streams.add(stream);
    const beat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MILLISECONDS);
    response.on('close', () => {
      clearInterval(beat);
      this.streams.delete(stream);
    });
  }

  #write(stream, record) {
    // A reader that takes nothing is let go: its browser asks again.
    if (stream.response.writableLength > 256 * 1024) stream.response.destroy();
    else stream.response.write(`id: ${record.version}\nevent: change\ndata: ${JSON.stringify(record)}\n\n`);
  }

  async #look() {
    if (this.looking || this.streams.size === 0) return;
    this.looking = true;
    try {
      const watched = [...new Set([...this.streams].map(({ orderNumber }) => orderNumber))];
      const [rows] = await this.pool.query(VERSIONS, [watched]);
      const versions = new Map(rows.map((row) => [row.order_number, row.version]));
      for (const stream of this.streams) {
        if ((versions.get(stream.orderNumber) ?? 0) === stream.version) continue;
        const found = await this.find(stream.orderNumber);
        stream.version = found.record.version;
        this.#write(stream, found.record);
      }
    } catch (error) {
      this.log.warn({ error: error.message, code: error.code }, 'changes were not read');
    } finally {
      this.looking = false;
    }
  }
}
