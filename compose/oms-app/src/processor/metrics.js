// What the processor counts. Names are the interface that dashboards and the agent read.

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** A fresh registry and the processor's metrics in it. */
export function makeMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    applied: new Counter({ name: 'oms_events_applied_total', help: 'Events applied', labelNames: ['type'], registers }),
    repeats: new Counter({ name: 'oms_events_repeated_total', help: 'Events that had been applied before', registers }),
    deadLetters: new Counter({ name: 'oms_dead_letters_total', help: 'Events that could not be applied', registers }),
    deadOpen: new Gauge({ name: 'oms_dead_letters_open', help: 'Dead letters that nobody has resolved', registers }),
    waiting: new Gauge({ name: 'oms_waiting_events', help: 'Events that wait for an earlier one now', registers }),
    waited: new Counter({ name: 'oms_events_waited_total', help: 'Events that had to wait for an earlier one', registers }),
    retries: new Counter({ name: 'oms_database_retries_total', help: 'Batches tried again', registers }),
    checkpoints: new Counter({ name: 'oms_checkpoints_total', help: 'Checkpoints written', labelNames: ['outcome'], registers }),
    lag: new Gauge({ name: 'oms_partition_lag_events', help: 'Events not yet committed', labelNames: ['partition'], registers }),
    owned: new Gauge({ name: 'oms_partitions_owned', help: 'Partitions read by this processor', registers }),
    batchEvents: new Histogram({
      name: 'oms_batch_events',
      help: 'Events in a batch',
      buckets: [1, 5, 10, 50, 100, 250, 500, 1000, 2500],
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'oms_batch_seconds',
      help: 'Time from receiving a batch to its commit',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
      registers,
    }),
  };
}
