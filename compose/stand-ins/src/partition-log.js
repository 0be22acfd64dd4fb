// One partition on disk: an append-only file of records, whose index is built anew when it is opened.
// It must not say that an event is kept before the disk has it, and must not show one to a reader before that either.
//
// Record: u32 length of what follows | i64 enqueued, ms | u16 length of the key + 1 (0: no key) | key | message | u32 CRC.
// An event's offset is the record's position in the file; its sequence number is its index.

import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

const FIXED = 8 + 2 + 4;

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
    log.positions = [];
    log.times = [];
    log.waiting = [];
    log.flushing = false;
    log.size = 0;
    log.file = await open(path, fs.existsSync(path) ? 'r+' : 'w+');
    log.#index(fs.readFileSync(path));
    await log.file.truncate(log.size);
    return log;
  }

  #index(bytes) {
    for (let at = 0; ; ) {
      const record = decodeRecord(bytes, at);
      if (!record) break;
      this.positions.push(at);
      this.times.push(record.enqueued);
      at = record.next;
      this.size = at;
    }
  }

  get count() {
    return this.positions.length;
  }

  /** Facts about the newest event: sequence -1 and offset "-1" where there is none. */
  get last() {
    const sequence = this.count - 1;
    if (sequence < 0) return { sequence: -1, offset: '-1', enqueued: 0 };
    return { sequence, offset: String(this.positions[sequence]), enqueued: this.times[sequence] };
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
        await this.file.write(bytes, 0, bytes.length, this.size);
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

  /** Up to `limit` events from sequence number `from` on, and no more than about 1 MiB of them. */
  read(from, limit) {
    const until = Math.min(this.count, from + limit);
    if (from >= until) return [];
    let upTo = from + 1;
    while (upTo < until && this.#end(upTo) - this.positions[from] <= 1 << 20) upTo += 1;
    const start = this.positions[from];
    const bytes = Buffer.allocUnsafe(this.#end(upTo - 1) - start);
    // Synchronous: what was just written stands in the page cache.
    fs.readSync(this.file.fd, bytes, 0, bytes.length, start);
    const events = [];
    for (let sequence = from; sequence < upTo; sequence += 1) {
      const record = decodeRecord(bytes, this.positions[sequence] - start);
      if (!record) throw new Error(`record ${sequence} is damaged`);
      events.push({ sequence, offset: String(this.positions[sequence]), ...record });
    }
    return events;
  }

  #end(sequence) {
    return sequence + 1 < this.count ? this.positions[sequence + 1] : this.size;
  }

  /** The first sequence number whose offset is above `offset` (or equal, where `inclusive`). */
  afterOffset(offset, inclusive) {
    return firstIndex(this.positions, (position) => (inclusive ? position >= offset : position > offset));
  }

  /** The first sequence number enqueued after `time` (ms), or at it where `inclusive`. */
  afterTime(time, inclusive) {
    return firstIndex(this.times, (enqueued) => (inclusive ? enqueued >= time : enqueued > time));
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
