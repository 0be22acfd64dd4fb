// What is for sale, as the database said a moment ago. It is read again every few seconds and served from memory, so
// that browsing costs the database nothing; the order's own check uses the same numbers.

import { parseCents } from '../orders/money.js';

const SQL = `SELECT p.sku, p.name, p.brand, c.name AS category, p.price,
    COALESCE(SUM(i.on_hand - i.reserved), 0) AS available
  FROM products p JOIN categories c ON c.id = p.category_id LEFT JOIN inventory i ON i.product_id = p.id
  WHERE p.active GROUP BY p.id, p.sku, p.name, p.brand, c.name, p.price ORDER BY p.name, p.sku`;

export class Catalogue {
  constructor(pool, log) {
    Object.assign(this, { pool, log, products: new Map(), loaded: false });
  }

  /** Reads it now, and again every `milliseconds`; a failed reading leaves the last one in force. */
  async start(milliseconds) {
    await this.#load();
    this.timer = setInterval(() => this.#load(), milliseconds);
  }

  stop() {
    clearInterval(this.timer);
  }

  async #load() {
    try {
      const [rows] = await this.pool.query(SQL);
      this.products = new Map(rows.map((row) => [row.sku, { ...row, price: parseCents(row.price), available: Number(row.available) }]));
      this.loaded = true;
    } catch (error) {
      this.log.warn({ error: error.message, code: error.code }, 'the catalogue was not read');
    }
  }

  get(sku) {
    return this.products.get(sku);
  }

  get categories() {
    return [...new Set([...this.products.values()].map(({ category }) => category))].sort();
  }

  /** Products of a category (or all) whose name, brand or sku has every word; one page of them. */
  search({ category, words = '', page = 1, size = 24 }) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [...this.products.values()].filter((product) => {
      const text = `${product.name} ${product.brand} ${product.sku}`.toLowerCase();
      return (!category || product.category === category) && wanted.every((word) => text.includes(word));
    });
    return { total: found.length, page, size, products: found.slice((page - 1) * size, page * size) };
  }
}
