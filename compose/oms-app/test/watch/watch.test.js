// What `oms` says of a pipeline of real parts, stopped and frozen one by one: the verdict, the lag, where an order stands.
// Run by scripts/parts/80-watch.sh, which names the program in OMS_BIN.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { EventHubProducerClient } from '@azure/event-hubs';

import { event, number, placedData } from '../support/events.js';
import { Parts, until } from '../support/parts.js';

let parts;
let producer;
let processor;
let settings;

/** Runs `oms`; {code, out, err}. It is ended where it takes longer than a minute. */
function oms(args, { input = '', config = settings } = {}) {
  const url = `mysql://reader@127.0.0.1:${parts.databasePort}/oms`;
  const env = { HOME: parts.folder, PATH: process.env.PATH, NO_COLOR: '1' };
  const child = spawn(process.env.OMS_BIN, ['--config', config, '--db', url, '--brain', 'rules', '--quiet', ...args], { env, timeout: 60_000, killSignal: 'SIGKILL' });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

async function health() {
  const { code, out, err } = await oms(['health', '--json']);
  assert.equal(err, '');
  const report = JSON.parse(out);
  const of = Object.fromEntries(report.parts.map(({ part, verdict, said }) => [part, { verdict, said }]));
  return { code, verdict: report.verdict, of };
}

async function ask(question) {
  const { out, err } = await oms(['ask', '--json', question]);
  return JSON.parse(out || JSON.stringify({ answer: err }));
}

const send = async (subject, ...events) => {
  const batch = await producer.createBatch({ partitionKey: subject });
  for (const one of events) assert.ok(batch.tryAdd({ body: one }));
  await producer.sendBatch(batch);
};
const placed = (subject) => event('order.placed', subject, placedData(), { dataversion: 1, time: new Date().toISOString() });
const applied = (subject) => until(subject, async () => (await parts.one('SELECT COUNT(*) FROM orders WHERE order_number = ?', [subject])) === 1);
const healthy = () => until('a healthy pipeline', async () => (await health()).code === 0);

before(async () => {
  parts = await Parts.start();
  producer = new EventHubProducerClient(parts.hubConnection, 'orders');
  processor = await parts.service('processor');
  await parts.pool.query("CREATE USER reader@'127.0.0.1'");
  for (const table of ['categories', 'products', 'warehouses', 'inventory', 'orders', 'payments', 'shipments', 'order_items', 'returns', 'dataset_info']) {
    await parts.pool.query(`GRANT SELECT ON oms.${table} TO reader@'127.0.0.1'`);
  }
  for (const columns of [
    '(id, full_name, city, country, segment, created_at) ON oms.customers',
    '(event_id, order_number, type, version, occurred_at, received_at, partition_id, offset_id) ON oms.order_events',
    '(id, partition_id, offset_id, received_at, reason, resolved_at) ON oms.dead_letters',
    '(partition_id, offset_id, order_number, waiting_since) ON oms.oms_waiting_events',
    '(order_number, event_id) ON oms.oms_dead_events',
  ]) {
    await parts.pool.query(`GRANT SELECT ${columns} TO reader@'127.0.0.1'`);
  }
  const archive = path.join(parts.folder, 'archive');
  fs.mkdirSync(archive);
  settings = path.join(parts.folder, 'oms.toml');
  write(settings, {});
});
after(async () => {
  for (const part of parts.started) part.child?.kill('SIGCONT');
  await producer?.close();
  await parts.stop();
});

function write(file, { group = 'processor', connection = parts.hubConnection }) {
  fs.writeFileSync(
    file,
    `[eventhub]
connection = "${connection}"
checkpoints = "${parts.storage}"
group = "${group}"
[archive]
source = "${path.join(parts.folder, 'archive')}"
[pipeline]
processors = ["${processor.monitor}"]
without = ["traefik", "web", "intake", "disk"]
lag_seconds = 1
`,
  );
  return file;
}

test('a pipeline that works is healthy, and an order has gone its way', async () => {
  await send(number(1), placed(number(1)));
  await applied(number(1));
  await healthy();
  const lag = await until('no lag', async () => {
    const answer = await ask('how far behind is the processor?');
    return answer.answer.includes('is not behind') && answer;
  });
  assert.equal(lag.tool_calls[0].tool, 'eventhub_lag');
  assert.equal(lag.rows.length, 4);
  const trace = await ask(`trace ${number(1)}`);
  assert.match(trace.answer, /has gone all its way so far: it is placed; nothing of it waits in the hub/);
  const hops = Object.fromEntries(trace.rows.map(([hop, state, said]) => [hop, { state, said }]));
  assert.equal(hops.accepted.state, 'seen');
  assert.match(hops.hub.said, /partition \d, offset \d+/);
  assert.equal(hops.applied.state, 'seen');
  assert.equal(hops.payments.state, 'none');
  // Nothing is captured here, so nobody may claim that it was.
  assert.notEqual(hops.captured.state, 'seen');
  const story = await oms(['ask', `where is ${number(1)}?`]);
  assert.match(story.out, new RegExp(`note: .trace ${number(1)}. tells its way through the pipeline`));
  const none = await ask('trace ORD-9999999');
  assert.match(none.answer, /no trace of `ORD-9999999`/);
});

test('without its processor the pipeline is down, behind, and says so before a figure', async () => {
  await processor.end();
  await send(number(2), placed(number(2)));
  const down = await until('a verdict', async () => {
    const found = await health();
    return found.of.processor.said.includes('1 event behind') && found;
  });
  assert.deepEqual([down.code, down.verdict, down.of.processor.verdict, down.of.hub.verdict], [7, 'down', 'down', 'healthy'], JSON.stringify(down));
  const lag = await ask('how many events are we behind?');
  assert.match(lag.answer, /is 1 event behind; the oldest of them is \d+ seconds? old/);
  const trace = await ask(`where is ${number(2)} stuck?`);
  assert.match(trace.answer, /stuck between the hub and the database: it stands in partition \d at offset \d+ since/);
  // In one conversation: the stream is asked for a moment at each question, and the answer of the last is kept.
  await until('the lag before the figure', async () => {
    const { out } = await oms([], { input: 'how many orders today?\n'.repeat(8) });
    return /The pipeline is \d+ (seconds?|minutes?) behind \(1 event waits\)/.test(out);
  });
  // A count of nothing, asked once, is no fact either.
  await until('the lag before the zero', async () => {
    const { answer } = await ask('how many orders were cancelled today?');
    assert.match(answer, /^The pipeline is \d+ (seconds?|minutes?) behind \(1 event waits\), so the newest orders are not in this yet\./);
    return true;
  });
  // The row that is missing is on its way, and the answer says where.
  const lost = await ask(`where is ${number(2)}?`);
  assert.match(lost.answer, new RegExp(`^No order numbered .${number(2)}. in the database\\. .* is stuck between the hub and the database: it stands in partition \\d`));
  assert.deepEqual(lost.tool_calls.map(({ tool }) => tool), ['query_orders', 'trace_order']);
  const hops = Object.fromEntries(lost.rows.map(([hop, state]) => [hop, state]));
  assert.deepEqual([hops.accepted, hops.hub, hops.applied], ['seen', 'seen', 'missing'], JSON.stringify(lost));
  const nowhere = await ask('where is ORD-9999999?');
  assert.match(nowhere.answer, /There is no trace of `ORD-9999999`/);
  processor = await parts.service('processor');
  write(settings, {});
  await applied(number(2));
  await healthy();
});

test('what cannot be applied degrades the pipeline', async () => {
  await send(number(3), { nonsense: true });
  await until('the dead letter', async () => (await parts.one('SELECT COUNT(*) FROM dead_letters')) === 1);
  const found = await health();
  assert.deepEqual([found.code, found.of.processor.verdict], [6, 'degraded'], JSON.stringify(found));
  assert.match((await ask('are there dead letters?')).answer, /1 dead letter unresolved/);
  await parts.pool.query('UPDATE dead_letters SET resolved_at = UTC_TIMESTAMP(3)');
  await healthy();
});

test('each part that is frozen is unknown, and the others are still told', async () => {
  const frozen = async (part, verdicts) => {
    part.child.kill('SIGSTOP');
    try {
      const found = await health();
      assert.equal(found.code, 8, JSON.stringify(found));
      for (const [name, verdict] of Object.entries(verdicts)) {
        assert.equal(found.of[name].verdict, verdict, `${name}: ${JSON.stringify(found)}`);
      }
    } finally {
      part.child.kill('SIGCONT');
    }
    await healthy();
  };
  await frozen(processor, { processor: 'unknown', hub: 'healthy', database: 'healthy' });
  await frozen(parts.hub, { hub: 'unknown', database: 'healthy', capture: 'unknown' });
  await frozen(parts.database, { database: 'unknown', hub: 'healthy' });
  // Without the checkpoints nobody knows how far the processor is: that is not well.
  parts.azurite.child.kill('SIGSTOP');
  const blind = await health();
  parts.azurite.child.kill('SIGCONT');
  assert.equal(blind.of.processor.verdict, 'unknown', JSON.stringify(blind));
  await healthy();
});

test('wrong names and keys are told, with what mends them', async () => {
  const other = path.join(parts.folder, 'other.toml');
  const group = await oms(['ask', 'how far behind is the processor?'], { config: write(other, { group: 'procesor' }) });
  assert.match(group.out + group.err, /[Nn]o consumer group named `procesor`[^]*did you mean `processor`\?/);
  const hub = `${parts.hubConnection}EntityPath=order;`;
  const missing = await oms(['ask', 'how far behind is the processor?'], { config: write(other, { connection: hub }) });
  assert.match(missing.out + missing.err, /`order`[^]*did you mean `orders`\?/);
  const key = parts.hubConnection.replace(/SharedAccessKey=[^;]*/, 'SharedAccessKey=wrong-and-secret');
  const refused = await oms(['ask', 'how far behind is the processor?'], { config: write(other, { connection: key }) });
  assert.match(refused.out + refused.err, /does not accept our key[^]*eventhub\.connection/);
  assert.ok(!(refused.out + refused.err).includes('wrong-and-secret'));
});
