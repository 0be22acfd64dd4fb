// Capture: writes what the partitions hold as Avro files to Azure Storage, with the schema and the names of the real one.
// Each event is in exactly one file, also when this process is killed: a file's range and name are put down before it is
// written, and a range that was put down is written again under the same name.

import fs from 'node:fs';
import avro from 'avsc';

import { bodyOf } from './messages.js';

const map = { type: 'map', values: ['long', 'double', 'string', 'bytes'] };
const EVENT_DATA = avro.Type.forSchema(
  {
    type: 'record',
    name: 'EventData',
    namespace: 'Microsoft.ServiceBus.Messaging',
    fields: [
      { name: 'SequenceNumber', type: 'long' },
      { name: 'Offset', type: 'string' },
      { name: 'EnqueuedTimeUtc', type: 'string' },
      { name: 'SystemProperties', type: map },
      { name: 'Properties', type: { ...map } },
      { name: 'Body', type: ['null', 'bytes'] },
    ],
  },
  { wrapUnions: true },
);

/** `1/14/2026 6:05:09 PM`, as captured files write times. */
export function capturedTime(milliseconds) {
  const at = new Date(milliseconds);
  const two = (number) => String(number).padStart(2, '0');
  const hour = at.getUTCHours();
  const clock = `${hour % 12 || 12}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`;
  return `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${clock}`;
}

/** `{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}.avro` of a window's end. */
export function blobName(namespace, hub, partition, milliseconds) {
  const [date, time] = new Date(milliseconds).toISOString().split('T');
  return [namespace, hub, partition, ...date.split('-'), ...time.slice(0, 8).split(':')].join('/').concat('.avro');
}

/** The Avro file of events as PartitionLog.read gives them. */
export function avroFile(events) {
  return new Promise((resolve, reject) => {
    const encoder = new avro.streams.BlockEncoder(EVENT_DATA, { codec: 'null' });
    const chunks = [];
    encoder.on('data', (chunk) => chunks.push(chunk));
    encoder.on('end', () => resolve(Buffer.concat(chunks)));
    encoder.on('error', reject);
    for (const event of events) {
      const body = bodyOf(event.message);
      encoder.write({
        SequenceNumber: event.sequence,
        Offset: event.offset,
        EnqueuedTimeUtc: capturedTime(event.enqueued),
        SystemProperties: event.key === null ? {} : { 'x-opt-partition-key': { string: event.key } },
        Properties: {},
        Body: body === null ? null : { bytes: body },
      });
    }
    encoder.end();
  });
}

export class Capture {
  /**
   * `settings`: {hub: EventHub, container: ContainerClient, stateFile, namespace, intervalMilliseconds, mostBytes, log}.
   */
  constructor(settings) {
    Object.assign(this, settings, { state: {} });
    if (fs.existsSync(this.stateFile)) this.state = JSON.parse(fs.readFileSync(this.stateFile, 'utf8'));
  }

  start() {
    this.timer = setInterval(() => this.capture(), this.intervalMilliseconds);
  }

  /** Captures what came since the last time; storage that is away is tried again at the next window. */
  async capture() {
    if (this.capturing) return this.capturing;
    this.capturing = this.#everything()
      .catch((error) => this.log(`capture: ${error.message}`))
      .finally(() => (this.capturing = null));
    return this.capturing;
  }

  async #everything() {
    await this.container.createIfNotExists();
    for (const partition of this.hub.partitions.keys()) {
      for (;;) {
        const plan = this.#plan(partition);
        if (!plan) break;
        await this.#write(partition, plan);
      }
    }
  }

  // The range that was put down and not finished, else a new one; nothing where nothing is new (no empty files).
  #plan(partition) {
    const state = (this.state[partition] ??= { next: 0, lastName: '' });
    if (state.plan) return state.plan;
    const log = this.hub.partitions[partition];
    // What the hub no longer has, because Capture was off for longer than its retention, is in no file.
    state.next = Math.max(state.next, log.first);
    let until = state.next;
    for (let bytes = 0; until < log.count && (bytes === 0 || bytes < this.mostBytes); ) {
      const events = log.read(until, 1000);
      bytes += events.reduce((sum, { message }) => sum + message.length, 0);
      until += events.length;
    }
    if (until === state.next) return null;
    // Two files of one second would have one name.
    let at = Date.now();
    while (blobName(this.namespace, this.hub.settings.name, partition, at) <= state.lastName) at += 1000;
    state.plan = { from: state.next, until, name: blobName(this.namespace, this.hub.settings.name, partition, at) };
    this.#keep();
    return state.plan;
  }

  /** The sequence number from which on a partition is not captured yet. */
  reached(partition) {
    return this.state[partition]?.next ?? 0;
  }

  async #write(partition, { from, until, name }) {
    const events = [];
    while (from + events.length < until) events.push(...this.hub.partitions[partition].read(from + events.length, until - from - events.length));
    const file = await avroFile(events);
    await this.container.getBlockBlobClient(name).uploadData(file, { blobHTTPHeaders: { blobContentType: 'avro/binary' } });
    this.state[partition] = { next: until, lastName: name };
    this.#keep();
  }

  #keep() {
    fs.writeFileSync(`${this.stateFile}.new`, JSON.stringify(this.state));
    fs.renameSync(`${this.stateFile}.new`, this.stateFile);
  }

  async stop() {
    clearInterval(this.timer);
    await this.capture();
  }
}
