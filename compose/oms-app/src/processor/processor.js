// Reads the event hub and brings its events into the database. A checkpoint moves only past what is committed, so a
// processor may be killed at any moment: what it had not checkpointed comes again and is recognised.

import { checkpointContainer, checkpointStore, consumer } from '../azure.js';
import { openPool, remedy } from './database.js';
import { makeMetrics } from './metrics.js';
import { makeTables } from './tables.js';
import { Stopped, Writer } from './writer.js';

const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5000;

export class Processor {
  /** `settings`: {database, eventHub, checkpoints, processor} as settings.js gives them, and `log`. */
  constructor(settings) {
    this.settings = settings;
    this.log = settings.log;
    this.metrics = makeMetrics();
    this.registry = this.metrics.registry;
    this.stop = new AbortController();
    this.running = new Set();
    this.partitions = new Map();
    this.cause = 'starting';
  }

  /** Why it is not ready, or null. */
  notReady() {
    return this.cause;
  }

  async start() {
    const { settings } = this;
    this.pool = openPool(settings.database);
    await this.#until('the database', () => makeTables(this.pool));
    const container = checkpointContainer(settings.checkpoints);
    await this.#until('the checkpoint store', () => container.createIfNotExists());
    const { gapMilliseconds, outbox } = settings.processor;
    const writing = { pool: this.pool, gapMilliseconds, outbox, log: this.log, metrics: this.metrics };
    this.writer = new Writer(writing, this.stop.signal);
    this.store = checkpointStore(container);
    this.#subscribe();
    this.watching = setInterval(() => this.#watch(), settings.processor.watchMilliseconds);
    this.cause = null;
    this.log.info('processor started');
  }

  // Each subscription has a client of its own; what an earlier one still says is not listened to.
  #subscribe() {
    const { settings } = this;
    this.client = consumer(settings.eventHub, settings.processor.consumerGroup, this.store, settings.processor);
    const { client } = this;
    const current = () => this.client === client;
    this.subscription = client.subscribe(
      {
        processInitialize: async (context) => current() && this.#begin(context),
        processEvents: async (events, context) => current() && this.#track(this.#process(events, context)),
        processClose: async (reason, context) => current() && this.#end(reason, context),
        processError: async (error, context) => {
          this.log.warn({ partition: context.partitionId, error: error.message, code: error.code }, 'the event hub');
        },
      },
      {
        maxBatchSize: settings.processor.batchSize,
        maxWaitTimeInSeconds: settings.processor.maxWaitSeconds,
        prefetchCount: Math.min(settings.processor.batchSize * 2, 2000),
        startPosition: { offset: '-1' },
        trackLastEnqueuedEventProperties: true,
        skipParsingBodyAsJson: true,
      },
    );
  }

  // After a cut the client library may leave a partition unread for a minute although the hub has events for it: that is
  // seen by asking the hub, and ended by reading anew from the checkpoints.
  async #watch() {
    if (this.looking || this.stop.signal.aborted) return;
    this.looking = true;
    const { client } = this;
    try {
      await this.#countLeft();
      for (const [partition, state] of this.partitions) {
        const { lastEnqueuedSequenceNumber: newest, beginningSequenceNumber: oldest } = await client.getPartitionProperties(partition);
        state.seen ??= newest;
        if (state.place === null) {
          const before = (await this.#checkpointed(client, partition)) ?? oldest - 1;
          // A batch may have been committed in between.
          state.place ??= before;
        }
        this.metrics.lag.set({ partition }, newest < 0 ? 0 : Math.max(0, newest - state.place));
        const silent = newest > state.seen && !state.busy && Date.now() - state.activeAt > this.settings.processor.watchMilliseconds;
        state.silences = silent ? state.silences + 1 : 0;
        if (state.silences >= 2 && this.client === client) {
          this.log.warn({ partition }, 'the partition is silent although it has events: reading anew');
          this.partitions.clear();
          this.#subscribe();
          client.close().catch(() => {});
          break;
        }
      }
    } catch (error) {
      this.log.debug({ error: error.message }, 'the event hub was not asked');
    } finally {
      this.looking = false;
    }
  }

  // What waits in the database or lies buried there; a database that is away leaves the last count.
  async #countLeft() {
    const sql = `SELECT (SELECT COUNT(*) FROM dead_letters WHERE resolved_at IS NULL) AS dead, (SELECT COUNT(*) FROM oms_waiting_events) AS waiting`;
    const [[row]] = await this.pool.query(sql).catch(() => [[]]);
    if (!row) return;
    this.metrics.deadOpen.set(Number(row.dead));
    this.metrics.waiting.set(Number(row.waiting));
  }

  // The sequence number up to which a partition was committed before this processor took it.
  async #checkpointed(client, partition) {
    const all = await this.store.listCheckpoints(client.fullyQualifiedNamespace, client.eventHubName, this.settings.processor.consumerGroup);
    return all.find(({ partitionId }) => partitionId === partition)?.sequenceNumber;
  }

  // Waits for a part that may come up later than this process does.
  async #until(what, attempt) {
    for (let pause = FIRST_PAUSE; !this.stop.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        await attempt();
        return;
      } catch (error) {
        this.cause = `${what} is not ready`;
        this.log.warn({ error: error.message, code: error.code, remedy: remedy(error) }, this.cause);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    throw new Stopped('the processor is stopping');
  }

  #begin({ partitionId }) {
    const activeAt = Date.now();
    this.partitions.set(partitionId, { committed: null, checkpointed: 0, place: null, seen: null, silences: 0, busy: false, activeAt });
    this.metrics.owned.set(this.partitions.size);
    this.log.info({ partition: partitionId }, 'partition taken');
  }

  async #end(reason, { partitionId }) {
    await this.#checkpoint(partitionId);
    this.partitions.delete(partitionId);
    this.metrics.owned.set(this.partitions.size);
    this.metrics.lag.remove({ partition: partitionId });
    this.log.info({ partition: partitionId, reason }, 'partition given up');
  }

  #track(work) {
    this.running.add(work);
    return work.finally(() => this.running.delete(work));
  }

  async #process(events, context) {
    const state = this.partitions.get(context.partitionId);
    if (!state || this.stop.signal.aborted) return;
    const arrivals = events.map((event) => 
      Writer.arrival(context.partitionId, event.offset, event.body, { sequence: event.sequenceNumber, enqueued: event.enqueuedTimeUtc }),
    );
    const end = this.metrics.batchSeconds.startTimer();
    state.busy = true;
    if (events.length > 0) state.activeAt = Date.now();
    try {
      // An empty batch comes when nothing else does: waits may be over.
      await this.writer.write(context.partitionId, arrivals);
    } catch (error) {
      if (error instanceof Stopped) return;
      throw error;
    } finally {
      state.busy = false;
    }
    if (events.length > 0) {
      end();
      state.seen = events.at(-1).sequenceNumber;
      state.place = state.seen;
      this.metrics.batchEvents.observe(events.length);
      state.committed = { event: events.at(-1), context };
      this.#tellLag(context, events.at(-1));
    }
    if (Date.now() - state.checkpointed >= this.settings.processor.checkpointMilliseconds) {
      await this.#checkpoint(context.partitionId);
    }
  }

  #tellLag(context, event) {
    const newest = context.lastEnqueuedEventProperties?.sequenceNumber;
    if (newest !== undefined) {
      this.metrics.lag.set({ partition: context.partitionId }, Math.max(0, Number(newest) - Number(event.sequenceNumber)));
    }
  }

  // The checkpoint may fail: what comes again for that changes nothing.
  async #checkpoint(partition) {
    const state = this.partitions.get(partition);
    if (!state?.committed) return;
    const { event, context } = state.committed;
    state.committed = null;
    state.checkpointed = Date.now();
    try {
      await context.updateCheckpoint(event);
      this.metrics.checkpoints.inc({ outcome: 'written' });
    } catch (error) {
      state.committed ??= { event, context };
      this.metrics.checkpoints.inc({ outcome: 'failed' });
      this.log.warn({ partition, error: error.message }, 'the checkpoint was not written');
    }
  }

  /** Ends: batches in flight are committed or left for another processor, checkpoints written, partitions given up. */
  async close() {
    this.cause = 'stopping';
    this.stop.abort();
    clearInterval(this.watching);
    await Promise.allSettled(this.running);
    for (const partition of this.partitions.keys()) await this.#checkpoint(partition);
    await this.subscription?.close();
    await this.client?.close();
    await this.pool?.end();
  }
}
