// Brings one partition's batch into the database: load, decide, write, commit; again while the database is away; event
// by event when a single one cannot be written. It returns only when everything is committed, or throws when told to
// stop: then nothing of the batch may be checkpointed.

import { Batch } from '../orders/batch.js';
import { readEvent } from '../orders/cloud-event.js';
import { inTransaction, remedy } from './database.js';
import { loadWorld } from './load.js';
import { writeBatch } from './write.js';

/** Thrown when the processor is told to stop while a batch waits for the database. */
export class Stopped extends Error {}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;
// A collision with another processor passes; what fails so often in a row is the event's own doing.
const COLLISIONS = 5;

export class Writer {
  /** `settings`: {pool, gapMilliseconds, outbox, log, metrics}; `stopping` is an AbortSignal. */
  constructor(settings, stopping) {
    Object.assign(this, settings, { stopping });
  }

  /** An event as it came from the hub -> an arrival. `sequence` and `enqueued` (a Date) tell where and since when it stood there. */
  static arrival(partition, offset, bytes, { sequence = null, enqueued = null } = {}) {
    const body = Buffer.isBuffer(bytes) ? bytes : Buffer.from(JSON.stringify(bytes) ?? '');
    const read = readEvent(body);
    const known = enqueued instanceof Date && !Number.isNaN(enqueued.getTime()) ? enqueued : null;
    return { place: `${partition}/${offset}`, partition: Number(partition), offset: String(offset), body, read, sequence, enqueued: known };
  }

  /** Commits the arrivals of one partition, and the end of waits that are over. */
  async write(partition, arrivals) {
    try {
      await this.#persist(partition, arrivals, COLLISIONS, this.gapMilliseconds);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      // The database refuses a value of some event: each goes alone (and ends no wait), and the culprit becomes a dead letter.
      this.log.warn({ partition, events: arrivals.length, error: error.message }, 'the batch is written event by event');
      for (const arrival of arrivals) await this.#alone(partition, arrival);
    }
  }

  async #alone(partition, arrival) {
    try {
      await this.#persist(partition, [arrival], COLLISIONS, Infinity);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      const { event, ...known } = arrival.read;
      const reason = `the database refuses it: ${error.message}`.slice(0, 500);
      const read = { id: event?.id ?? known.id, orderNumber: event?.orderNumber ?? known.orderNumber, reason };
      await this.#persist(partition, [{ ...arrival, read }], COLLISIONS, Infinity);
    }
  }

  // Retries what passes for as long as it takes; throws what does not pass, after `tries`.
  async #persist(partition, arrivals, tries, gapMilliseconds) {
    let refused = 0;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      if (this.stopping.aborted) throw new Stopped('the processor is stopping');
      try {
        const batch = await inTransaction(this.pool, (connection) => this.#once(connection, partition, arrivals, gapMilliseconds));
        this.#tell(batch);
        return;
      } catch (error) {
        if (remedy(error) === 'isolate') {
          refused += 1;
          if (refused >= tries) throw error;
        } else {
          this.log.warn({ partition, error: error.message, code: error.code, pause }, 'the database is not ready');
        }
        this.metrics.retries.inc();
        await this.#rest(pause / 2 + Math.random() * (pause / 2));
      }
    }
  }

  async #once(connection, partition, arrivals, gapMilliseconds) {
    const now = Date.now();
    const expired = new Date(Math.max(0, now - gapMilliseconds)).toISOString();
    const world = await loadWorld(connection, Number(partition), arrivals, expired);
    const batch = new Batch(world, { now, gapMilliseconds });
    for (const arrival of arrivals) batch.take(arrival);
    batch.expire();
    await writeBatch(connection, batch, new Date(now).toISOString(), this.outbox);
    return batch;
  }

  #tell(batch) {
    this.metrics.repeats.inc(batch.repeats);
    for (const { event } of batch.appliedEvents) this.metrics.applied.inc({ type: event.type });
    for (const { arrival, reason, id, number } of batch.deadLetters) {
      this.metrics.deadLetters.inc();
      this.log.warn({ orderNumber: number, eventId: id, place: arrival.place, reason }, 'dead letter');
    }
    this.metrics.waited.inc(batch.newlyWaiting.length);
    this.log.debug(
      { applied: batch.appliedEvents.length, repeats: batch.repeats, dead: batch.deadLetters.length },
      'batch committed',
    );
  }

  #rest(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds);
      const { stopping } = this;
      function done() {
        clearTimeout(timer);
        stopping.removeEventListener('abort', done);
        resolve();
      }
      stopping.addEventListener('abort', done);
    });
  }
}
