// Capture against the real storage emulator: every event in exactly one file, also over kills at the worst moments, in
// files that an Avro reader of its own understands.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { ContainerClient } from '@azure/storage-blob';
import avro from 'avsc';
import rhea from 'rhea';

import { Capture, blobName, capturedTime } from '../src/capture.js';
import { EventHub } from '../src/hub.js';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oms-capture-'));
const key = Buffer.from('a key for tests only').toString('base64');
let azurite;
let container;
let hub;

before(async () => {
  const port = await new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
  const program = fileURLToPath(new URL('../node_modules/azurite/dist/src/blob/main.js', import.meta.url));
  const args = [program, '--blobPort', String(port), '--location', path.join(folder, 'azurite'), '--skipApiVersionCheck', '--disableTelemetry'];
  azurite = spawn(process.execPath, args, { env: { ...process.env, AZURITE_ACCOUNTS: `devaccount:${key}` }, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    azurite.stdout.on('data', (chunk) => /successfully listen/.test(chunk) && resolve());
    azurite.once('exit', () => reject(new Error('Azurite ended')));
  });
  container = new ContainerClient(`DefaultEndpointsProtocol=http;AccountName=devaccount;AccountKey=${key};BlobEndpoint=http://127.0.0.1:${port}/devaccount;`, 'archive');
  const settings = { name: 'orders', partitions: 2, consumerGroups: [], rule: { name: 'root', key: 'k' } };
  hub = await EventHub.open(path.join(folder, 'hub'), settings);
});
after(async () => {
  await hub.close();
  azurite.removeAllListeners('exit');
  // It writes until it is gone.
  const gone = new Promise((resolve) => azurite.once('exit', resolve));
  azurite.kill('SIGKILL');
  await gone;
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const capture = (changes = {}) =>
  new Capture({ hub, container, stateFile: path.join(folder, 'capture.json'), namespace: 'oms', intervalMilliseconds: 60_000, mostBytes: 1 << 20, log: assert.fail, ...changes });

function append(partition, from, count) {
  const messages = Array.from({ length: count }, (_, n) => ({
    key: 'ORD-0000042',
    message: rhea.message.encode({ body: rhea.message.data_section(Buffer.from(JSON.stringify({ n: from + n }))) }),
  }));
  return hub.partitions[partition].append(messages);
}

// All events of all files of a partition, in the order of the files' names.
async function captured(partition) {
  const events = [];
  const names = [];
  for await (const blob of container.listBlobsFlat({ prefix: `oms/orders/${partition}/` })) names.push(blob.name);
  for (const name of names.sort()) {
    const bytes = await container.getBlockBlobClient(name).downloadToBuffer();
    const decoder = Readable.from([bytes]).pipe(new avro.streams.BlockDecoder());
    for await (const record of decoder) events.push(record);
  }
  return { names, events };
}

test('names and times are those of the real one', () => {
  const at = Date.UTC(2026, 0, 14, 18, 5, 9);
  assert.equal(blobName('oms', 'orders', 3, at), 'oms/orders/3/2026/01/14/18/05/09.avro');
  assert.equal(capturedTime(at), '1/14/2026 6:05:09 PM');
  assert.equal(capturedTime(Date.UTC(2026, 0, 14)), '1/14/2026 12:00:00 AM');
});

test('every event is in exactly one file', async () => {
  await append(0, 0, 50);
  await append(1, 0, 5);
  await capture().capture();
  await append(0, 50, 50);
  // A new process goes on where the last one was.
  await capture({ mostBytes: 100 }).capture();
  const { names, events } = await captured(0);
  assert.deepEqual(events.map(({ SequenceNumber }) => SequenceNumber), Array.from({ length: 100 }, (_, n) => n));
  assert.deepEqual(events.map(({ Body }) => JSON.parse(Body).n), events.map(({ SequenceNumber }) => SequenceNumber));
  assert.equal(events[0].SystemProperties['x-opt-partition-key'].string, 'ORD-0000042');
  assert.equal(events[99].Offset, hub.partitions[0].last.offset);
  assert.equal((await captured(1)).events.length, 5);
  await capture().capture();
  assert.equal((await captured(0)).names.length, names.length, 'nothing new, no file');
});

test('a kill before or after the file is written doubles and loses nothing', async () => {
  for (const moment of ['before', 'after']) {
    const { length: count } = (await captured(0)).events;
    await append(0, count, 20);
    const failing = {
      createIfNotExists: async () => {},
      getBlockBlobClient: (name) => ({
        uploadData: async (...args) => {
          if (moment === 'after') await container.getBlockBlobClient(name).uploadData(...args);
          throw new Error('killed');
        },
      }),
    };
    let told = '';
    await capture({ container: failing, log: (line) => (told = line) }).capture();
    assert.equal(told, 'capture: killed');
    // More comes before the next process starts.
    await append(0, count + 20, 20);
    await capture().capture();
    const { events } = await captured(0);
    assert.deepEqual(events.map(({ SequenceNumber }) => SequenceNumber), Array.from({ length: count + 40 }, (_, n) => n), moment);
  }
});
