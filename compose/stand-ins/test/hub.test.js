// The hub held against the real client of Event Hubs: what is sent comes back, stays over a restart, and what the real
// one refuses is refused.

import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';

import { EventHub } from '../src/hub.js';
import { checkJwt } from '../src/tokens.js';

const KEY = 'a key for tests only';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oms-hub-'));
const settings = { name: 'orders', partitions: 2, consumerGroups: ['processor'], rule: { name: 'root', key: KEY } };
let hub;
let port;

async function start() {
  hub = await EventHub.open(folder, settings);
  port = await hub.listen(port ?? 0, '127.0.0.1');
}

function connection(key = KEY) {
  return `Endpoint=sb://localhost:${port}/;SharedAccessKeyName=root;SharedAccessKey=${key};UseDevelopmentEmulator=true;`;
}

const once = { retryOptions: { maxRetries: 0, timeoutInMs: 5000 } };

async function send(bodies, options) {
  const producer = new EventHubProducerClient(connection(), 'orders', once);
  const batch = await producer.createBatch(options);
  for (const body of bodies) assert.ok(batch.tryAdd({ body }));
  await producer.sendBatch(batch);
  await producer.close();
}

// Collects `count` events of a partition from `startPosition` on.
async function receive(partition, count, startPosition, group = '$Default') {
  const consumer = new EventHubConsumerClient(group, connection(), 'orders', once);
  const events = [];
  await new Promise((resolve, reject) => {
    const subscription = consumer.subscribe(
      partition,
      {
        processEvents: async (batch) => {
          events.push(...batch);
          if (events.length >= count) subscription.close().then(resolve);
        },
        processError: async (error) => subscription.close().then(() => reject(error)),
      },
      { startPosition, maxBatchSize: 10, maxWaitTimeInSeconds: 1, trackLastEnqueuedEventProperties: true },
    );
  });
  await consumer.close();
  return events;
}

before(start);
after(async () => {
  await hub.close();
  fs.rmSync(folder, { recursive: true });
});

test('tells its partitions', async () => {
  const producer = new EventHubProducerClient(connection(), 'orders', once);
  const properties = await producer.getEventHubProperties();
  assert.deepEqual(properties.partitionIds, ['0', '1']);
  const empty = await producer.getPartitionProperties('1');
  assert.equal(empty.isEmpty, true);
  await producer.close();
});

test('gives back what was sent, in order, after a restart too, and starts where a filter says', async () => {
  const bodies = Array.from({ length: 25 }, (_, n) => ({ n, text: 'ordem é €' }));
  await send(bodies, { partitionId: '0' });
  let events = await receive('0', 25, { offset: '-1' });
  assert.deepEqual(events.map(({ body }) => body), bodies);
  assert.deepEqual(events.map(({ sequenceNumber }) => sequenceNumber), bodies.map(({ n }) => n));

  await hub.close();
  await start();
  events = await receive('0', 15, { sequenceNumber: 9 });
  assert.deepEqual(events.map(({ body }) => body.n), bodies.slice(10).map(({ n }) => n));
  const middle = events[5];
  events = await receive('0', 9, { offset: middle.offset });
  assert.equal(events[0].sequenceNumber, middle.sequenceNumber + 1);
  events = await receive('0', 10, { offset: middle.offset, isInclusive: true });
  assert.equal(events[0].offset, middle.offset);
  events = await receive('0', 25, { enqueuedOn: middle.enqueuedTimeUtc.getTime() - 1 });
  assert.ok(events.length >= 25);
});

test('cuts off what is older than its retention, and nobody loses their place', async () => {
  const [log] = hub.partitions;
  const [before] = log.read(20, 1);
  await hub.retain(Date.now() + 60_000, (partition) => (partition === 0 ? 20 : 0));
  assert.equal(log.first, 20, 'no more than may go');
  for (const restart of [false, true]) {
    if (restart) {
      await hub.close();
      await start();
    }
    const events = await receive('0', 5, { offset: '-1' });
    assert.deepEqual(events.slice(0, 5).map(({ body }) => body.n), [20, 21, 22, 23, 24], 'who asks for more gets what is left');
    assert.equal(events[0].offset, before.offset, 'offsets stay');
    const later = await receive('0', 2, { sequenceNumber: 22 });
    assert.equal(later[0].sequenceNumber, 23);
  }
  await send([{ n: 'next' }], { partitionId: '0' });
  const [next] = (await receive('0', 1, { sequenceNumber: 24 })).slice(-1);
  assert.deepEqual([next.sequenceNumber, next.body.n], [25, 'next']);
  await hub.retain(Date.now() + 60_000);
  assert.equal(hub.partitions[0].positions.length, 1, 'the newest stays: the end is known');
  const producer = new EventHubProducerClient(connection(), 'orders', once);
  const told = await producer.getPartitionProperties('0');
  assert.deepEqual([told.beginningSequenceNumber, told.lastEnqueuedSequenceNumber], [25, 25]);
  await producer.close();
});

test('takes a token of Entra ID for what it is, and no other', () => {
  const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [ours, theirs] = [pair(), pair()];
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Date.now();
  const good = { aud: 'https://eventhubs.azure.net/', exp: Math.floor(now / 1000) + 600 };
  const token = (claims, { key = ours.privateKey, alg = 'RS256' } = {}) => {
    const text = `${encode({ alg })}.${encode(claims)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
  };
  const check = (value) => checkJwt(value, { key: ours.publicKey, audience: 'https://eventhubs.azure.net' }, now);
  assert.equal(check(token(good)).expires, good.exp * 1000);
  const [head, , signature] = token(good).split('.');
  const refused = [
    undefined, '', 'a.b', 'a.b.c.d', `${head}.${encode({ ...good, exp: good.exp + 1 })}.${signature}`, `${encode({ alg: 'none' })}.${encode(good)}.x`,
    token(good, { key: theirs.privateKey }), token(good, { alg: 'none' }), token(good, { alg: 'HS256' }),
    token({ ...good, aud: 'https://storage.azure.com' }), token({ ...good, exp: Math.floor(now / 1000) - 1 }), token({ aud: good.aud }), token({ ...good, nbf: good.exp }),
  ];
  for (const value of refused) assert.ok(check(value).refusal, String(value));
});

test('puts one key into one partition', async () => {
  const producer = new EventHubProducerClient(connection(), 'orders', once);
  const counts = async () => {
    const all = await Promise.all(['0', '1'].map((id) => producer.getPartitionProperties(id)));
    return all.map(({ lastEnqueuedSequenceNumber }) => lastEnqueuedSequenceNumber);
  };
  const earlier = await counts();
  for (let n = 0; n < 4; n += 1) await send([{ n }], { partitionKey: 'ORD-0000042' });
  const now = await counts();
  assert.deepEqual(now.map((count, id) => count - earlier[id]).sort(), [0, 4]);
  await producer.close();
});

test('refuses a wrong key, an unknown hub, group and partition', async () => {
  const wrong = new EventHubProducerClient(connection('wrong'), 'orders', once);
  await assert.rejects(wrong.getEventHubProperties(), { code: 'UnauthorizedError' });
  await wrong.close();
  const unknown = new EventHubProducerClient(connection(), 'nothing', once);
  await assert.rejects(unknown.sendBatch([{ body: 1 }]), { code: 'MessagingEntityNotFoundError' });
  await unknown.close();
  await assert.rejects(receive('0', 1, { offset: '-1' }, 'nobody'), { code: 'MessagingEntityNotFoundError' });
  await assert.rejects(receive('7', 1, { offset: '-1' }), { code: 'MessagingEntityNotFoundError' });
});

test('gives a partition to the higher epoch and tells the other so', async () => {
  // Each reader is a client of its own, as two processors are. Resolves at the first batch (an empty one counts) or error.
  const clients = [];
  const read = (ownerLevel) => {
    const consumer = new EventHubConsumerClient('processor', connection(), 'orders', once);
    clients.push(consumer);
    const outcome = {};
    outcome.reading = new Promise((resolve) => (outcome.read = resolve));
    outcome.lost = new Promise((resolve) => (outcome.lose = resolve));
    const handlers = { processEvents: async () => outcome.read(), processError: async (error) => outcome.lose(error) };
    consumer.subscribe('0', handlers, { ownerLevel, startPosition: { offset: '-1' }, maxWaitTimeInSeconds: 1 });
    return outcome;
  };
  const first = read(1);
  await first.reading;
  const second = read(2);
  assert.equal((await first.lost).code, 'ReceiverDisconnectedError');
  await second.reading;
  assert.equal((await read(1).lost).code, 'ReceiverDisconnectedError');
  // The client library may never end the closing of a client whose link was stolen: nothing waits for it here.
  clients.forEach((client) => client.close());
});

test('cuts off a torn record and goes on', async () => {
  await send([{ n: 'kept' }], { partitionId: '1' });
  const count = hub.partitions[1].count;
  await hub.close();
  fs.appendFileSync(path.join(folder, '1.log'), Buffer.from([0, 0, 1, 0, 9, 9]));
  await start();
  assert.equal(hub.partitions[1].count, count);
  await send([{ n: 'after' }], { partitionId: '1' });
  const events = await receive('1', count + 1, { offset: '-1' });
  assert.deepEqual(events.at(-1).body, { n: 'after' });
});
