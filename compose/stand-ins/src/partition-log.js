// One partition on disk: an append-only file of records, whose index is built anew when it is opened.
// It must not say that an event is kept before the disk has it, and must not show one to a reader before that either.
//
// Record: u32 length of what follows | i64 enqueued, ms | u16 length of the key + 1 (0: no key) | key | message | u32 CRC.
// An event's offset is the record's position in the whole stream of records, its sequence number its place in it. What is
// older than the retention is cut off at the front: the file then begins with a header that says what came before it.
// Header: 8 bytes of MAGIC | i64 offset and i64 sequence number of the first record.

import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

const FIXED = 8 + 2 + 4;
// As a record's length this would be longer than any message.
const MAGIC = Buffer.from('\xffOMSHUB1', 'latin1');
const HEADER = MAGIC.length + 16;

/** Encodes one record. `key` is a string or null, `message` the bare AMQP message. */
export function encodeRecord(enqueued, key, message) {
  const keyBytes = key === null ? Buffer.alloc(0) : Buffer.from(key, 'utf8');
  const length = FIXED + keyBytes.length + message.length;
  const record = Buffer.allocUnsafe(4 + length);
  record.writeUInt32BE(length, 0);
  record.writeBigInt64BE(BigInt(enqueued), 4);
  record.writeUInt16BE(key === null ? 0 : keyBytes.length + 1, 12);
  keyBytes.copy(record, 14);
  message.copy(record, 14 + keyBytes.length);
  record.writeUInt32BE(crc32(record.subarray(4, length)), length);
  return record;
}

/** The event in `bytes` at `at`, or null where the record is cut off or damaged. */
export function decodeRecord(bytes, at) {
  if (at + 4 > bytes.length) return null;
  const length = bytes.readUInt32BE(at);
  if (length < FIXED || at + 4 + length > bytes.length) return null;
  const end = at + length;
  if (crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) return null;
  const keyLength = bytes.readUInt16BE(at + 12);
  const messageAt = at + 14 + Math.max(0, keyLength - 1);
  return {
    enqueued: Number(bytes.readBigInt64BE(at + 4)),
    key: keyLength === 0 ? null : bytes.toString('utf8', at + 14, messageAt),
    message: bytes.subarray(messageAt, end),
    next: end + 4,
  };
}

export class PartitionLog {
  /** Opens the file, made where it is missing. A torn last record, which no sender was told of, is cut off. */
  static async open(path) {
    const log = new PartitionLog();
    // What a cut that was broken off left behind.
    fs.rmSync(`${path}.new`, { force: true });
    log.path = path;
    log.first = 0;
    // A record's offset less its position in the file.
    log.shift = 0;
    log.positions = [];
    log.times = [];
    log.waiting = [];
    log.flushing = false;
    log.size = 0;
    log.file = await open(path, fs.existsSync(path) ? 'r+' : 'w+');
    log.#index(fs.readFileSync(path));
    await log.file.truncate(log.size - log.shift);
    return log;
  }

  #index(bytes) {
    let at = 0;
    if (bytes.length >= HEADER && bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
      at = HEADER;
      this.shift = Number(bytes.readBigInt64BE(MAGIC.length)) - HEADER;
      this.first = Number(bytes.readBigInt64BE(MAGIC.length + 8));
    }
    this.size = at + this.shift;
    for (;;) {
      const record = decodeRecord(bytes, at);
      if (!record) break;
      this.positions.push(at + this.shift);
      this.times.push(record.enqueued);
      at = record.next;
      this.size = at + this.shift;
    }
  }

  /** The sequence number that the next event gets. */
  get count() {
    return this.first + this.positions.length;
  }

  /** Facts about the newest event: sequence -1 and offset "-1" where there is none. */
  get last() {
    const sequence = this.count - 1;
    if (sequence < 0) return { sequence: -1, offset: '-1', enqueued: 0 };
    return { sequence, offset: String(this.positions.at(-1)), enqueued: this.times.at(-1) };
  }

  /** Keeps events ([{key, message}]) all or none; resolves when the disk has them. */
  append(events) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ events, resolve, reject });
      this.#flush();
    });
  }

  // Everything that waits is written and synced at once: the disk's latency is shared by all senders of a moment.
  async #flush() {
    if (this.flushing) return;
    this.flushing = true;
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      const now = Math.max(Date.now(), this.last.enqueued);
      const records = group.flatMap(({ events }) => events.map(({ key, message }) => encodeRecord(now, key, message)));
      try {
        const bytes = Buffer.concat(records);
        await this.file.write(bytes, 0, bytes.length, this.size - this.shift);
        await this.file.datasync();
      } catch (error) {
        group.forEach(({ reject }) => reject(error));
        continue;
      }
      for (const record of records) {
        this.positions.push(this.size);
        this.times.push(now);
        this.size += record.length;
      }
      group.forEach(({ resolve }) => resolve());
      this.onAppended?.();
    }
    this.flushing = false;
  }

  /**
   * Cuts off what was enqueued before `time` (ms), up to sequence number `until`. The newest event always stays, so that
   * the partition's end is known. Returns how many went.
   */
  async cut(time, until = Infinity) {
    // While something is written nothing is cut: the next time will do.
    if (this.flushing) return 0;
    const old = firstIndex(this.times, (enqueued) => enqueued >= time);
    const gone = Math.max(0, Math.min(old, this.positions.length - 1, until - this.first));
    if (gone === 0) return 0;
    this.flushing = true;
    try {
      const start = this.positions[gone];
      const rest = Buffer.allocUnsafe(HEADER + this.size - start);
      MAGIC.copy(rest, 0);
      rest.writeBigInt64BE(BigInt(start), MAGIC.length);
      rest.writeBigInt64BE(BigInt(this.first + gone), MAGIC.length + 8);
      fs.readSync(this.file.fd, rest, HEADER, this.size - start, start - this.shift);
      const next = await open(`${this.path}.new`, 'w+');
      await next.write(rest, 0, rest.length, 0);
      await next.datasync();
      fs.renameSync(`${this.path}.new`, this.path);
      await this.file.close();
      this.file = next;
      this.shift = start - HEADER;
      this.first += gone;
      this.positions.splice(0, gone);
      this.times.splice(0, gone);
    } finally {
      this.flushing = false;
    }
    // What came meanwhile.
    this.#flush();
    return gone;
  }

  /**
   * Up to `limit` events from sequence number `from` on (or from the first that is still kept), and no more than about 1 MiB
   * of them.
   */
  read(from, limit) {
    const index = Math.max(0, from - this.first);
    const until = Math.min(this.positions.length, index + limit);
    if (index >= until) return [];
    let upTo = index + 1;
    while (upTo < until && this.#end(upTo) - this.positions[index] <= 1 << 20) upTo += 1;
    const start = this.positions[index];
    const bytes = Buffer.allocUnsafe(this.#end(upTo - 1) - start);
    // Synchronous: what was just written stands in the page cache.
    fs.readSync(this.file.fd, bytes, 0, bytes.length, start - this.shift);
    const events = [];
    for (let at = index; at < upTo; at += 1) {
      const record = decodeRecord(bytes, this.positions[at] - start);
      if (!record) throw new Error(`record ${this.first + at} is damaged`);
      events.push({ sequence: this.first + at, offset: String(this.positions[at]), ...record });
    }
    return events;
  }

  #end(index) {
    return index + 1 < this.positions.length ? this.positions[index + 1] : this.size;
  }

  /** The first sequence number whose offset is above `offset` (or equal, where `inclusive`). */
  afterOffset(offset, inclusive) {
    return this.first + firstIndex(this.positions, (position) => (inclusive ? position >= offset : position > offset));
  }

  /** The first sequence number enqueued after `time` (ms), or at it where `inclusive`. */
  afterTime(time, inclusive) {
    return this.first + firstIndex(this.times, (enqueued) => (inclusive ? enqueued >= time : enqueued > time));
  }

  async close() {
    await this.file.close();
  }
}

// The first index of a sorted list that `test` holds for; the list's length where none does.
function firstIndex(list, test) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(list[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
