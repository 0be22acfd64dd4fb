// Reads the event hub and brings its events into the database. A checkpoint moves only past what is committed, so a
// processor may be killed at any moment: what it had not checkpointed comes again and is recognised.

import { consumer, checkpointContainer } from '../azure.js';
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
    this.client = consumer(settings.eventHub, settings.processor.consumerGroup, container, settings.processor);
    this.subscription = this.client.subscribe(
      {
        processInitialize: async (context) => this.#begin(context),
        processEvents: async (events, context) => this.#track(this.#process(events, context)),
        processClose: async (reason, context) => this.#end(reason, context),
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
    this.cause = null;
    this.log.info('processor started');
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
    this.partitions.set(partitionId, { committed: null, checkpointed: 0 });
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
    const arrivals = events.map((event) => Writer.arrival(context.partitionId, event.offset, event.body));
    const end = this.metrics.batchSeconds.startTimer();
    try {
      // An empty batch comes when nothing else does: waits may be over.
      await this.writer.write(context.partitionId, arrivals);
    } catch (error) {
      if (error instanceof Stopped) return;
      throw error;
    }
    if (events.length > 0) {
      end();
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
    await Promise.allSettled(this.running);
    for (const partition of this.partitions.keys()) await this.#checkpoint(partition);
    await this.subscription?.close();
    await this.client?.close();
    await this.pool?.end();
  }
}
