// What `oms` says of the running stack: its health while containers are stopped and frozen one by one, the file that
// captured an order, and what coincides with a drop. Run by scripts/pipeline/test-stack.sh, after the stack's own tests.

import assert from 'node:assert/strict';
import { spawn, execFile } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ContainerClient } from '@azure/storage-blob';
import mysql from 'mysql2/promise';

import { until } from '../support/parts.js';

const { OMS_ASK, OMS_STACK, OMS_SECRETS, OMS_STATE, OMS_HTTPS_PORT, OMS_DB_PORT, DOCKER_HOST } = process.env;
const secret = (name) => fs.readFileSync(path.join(OMS_SECRETS, name), 'utf8').trim();
const run = promisify(execFile);
const docker = (...args) => run('docker', args, { timeout: 120_000 });
const container = (service) => `${OMS_STACK}-${service}-1`;
const home = fs.mkdtempSync(path.join(OMS_STATE, 'watch-'));
const settings = path.join(home, 'oms.toml');

let database;

/** Runs `oms`; {code, out, err}. It is ended where it takes longer than a minute. `typed` is said to it at a terminal. */
function oms(args, typed) {
  const command = ['--config', settings, '--db', secret('host_database_url'), '--brain', 'rules', '--quiet', ...args];
  const env = { HOME: home, PATH: process.env.PATH, NO_COLOR: '1', SHELL: '/bin/sh', TERM: 'xterm' };
  const quoted = [OMS_ASK, ...command].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const [program, words] = typed ? ['script', ['--quiet', '--return', '--flush', '--command', `exec ${quoted}`, '/dev/null']] : [OMS_ASK, command];
  const child = spawn(program, words, { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: 60_000, killSignal: 'SIGKILL' });
  child.stdin.on('error', () => {});
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
    if (typed && out.includes(typed.after)) {
      child.stdin.end(typed.keys);
      typed = undefined;
    }
  });
  child.stderr.on('data', (chunk) => (err += chunk));
  if (!typed) child.stdin.end();
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

async function health() {
  const { code, out, err } = await oms(['health', '--json']);
  if (!out) throw new Error(`oms health said nothing: ${err}`);
  const report = JSON.parse(out);
  const of = Object.fromEntries(report.parts.map(({ part, ...rest }) => [part, rest]));
  return { code, verdict: report.verdict, of };
}

async function ask(question) {
  const { out, err } = await oms(['ask', '--json', question]);
  if (!out) throw new Error(`oms said nothing to "${question}": ${err}`);
  return JSON.parse(out);
}

/** Buys something in the shop, as a browser does, until the order is accepted; its number. */
let bought = 0;
function buy() {
  const body = JSON.stringify({ customer: { full_name: 'Ana Sousa', email: 'ana@example.test', city: 'Porto', country: 'PT' }, lines: [{ sku: 'SKU-00001', quantity: 1, unit_price: price }] });
  const headers = { 'content-type': 'application/json', 'idempotency-key': `watch-stack-${process.pid}-${(bought += 1)}` };
  return until('an accepted order', async () => {
    const answer = await call('POST', '/api/orders', headers, body);
    return answer.status === 202 && JSON.parse(answer.text).order_number;
  });
}

let price;
function call(method, where, headers, body) {
  return new Promise((resolve, reject) => {
    const request = https.request(`https://localhost:${OMS_HTTPS_PORT}${where}`, { method, headers, ca: secret('tls_certificate') }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.setTimeout(15_000, () => request.destroy(new Error('no answer')));
    request.end(body);
  });
}

// The last word of a pipeline that does not become what it should.
const becomes = async (what, expected) => {
  let last;
  await until(
    what,
    async () => {
      last = await health();
      return expected(last);
    },
    180,
  ).catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(last)}`);
  });
  return last;
};
const healthy = () => becomes('a healthy pipeline', ({ code }) => code === 0);

// Terraform as far as a deploy asks it; what it applies is that the processor stops.
const TERRAFORM = `#!/bin/sh
for word in "$@"; do
    case $word in -out=*) out=\${word#-out=} ;; esac
    last=$word
done
case " $* " in
*" version "*) echo "Terraform v1.11.4" ;;
*" plan "*) cp '${home}/plan.json' "$out" ;;
*" show "*) if [ -e "$last" ]; then cat "$last"; else echo '{"format_version":"1.0"}'; fi ;;
*" apply "*) DOCKER_HOST='${DOCKER_HOST ?? ''}' docker stop '${container('processor')}' >/dev/null && echo '{"@message":"Apply complete!"}' ;;
esac
`;
const PLAN = {
  format_version: '1.2',
  terraform_version: '1.11.4',
  resource_changes: [{ address: 'terraform_data.processors', mode: 'managed', type: 'terraform_data', name: 'processors', change: { actions: ['update'], before: { input: 1 }, after: { input: 0 }, after_unknown: {}, before_sensitive: false, after_sensitive: {} } }],
};

before(async () => {
  database = mysql.createPool({ host: '127.0.0.1', port: Number(OMS_DB_PORT), user: 'root', password: secret('db_root_password'), database: 'oms', dateStrings: true });
  price = JSON.parse((await call('GET', '/api/products/SKU-00001')).text).price;
  fs.writeFileSync(path.join(home, 'terraform'), TERRAFORM, { mode: 0o755 });
  fs.writeFileSync(path.join(home, 'plan.json'), JSON.stringify(PLAN));
  fs.mkdirSync(path.join(home, 'infra'));
  fs.writeFileSync(path.join(home, 'infra/main.tf'), 'resource "terraform_data" "processors" {}\n');
  fs.writeFileSync(
    settings,
    `[eventhub]
connection_file = "${OMS_SECRETS}/host_hub_connection_string"
checkpoints_file = "${OMS_SECRETS}/host_storage_connection_string"
capture = "archive"
[pipeline]
stack = "${OMS_STACK}"
engine = "${(DOCKER_HOST ?? 'unix:///var/run/docker.sock').replace('unix://', '')}"
shop = "https://localhost:${OMS_HTTPS_PORT}/"
certificate = "${OMS_SECRETS}/tls_certificate"
without = ["disk"]
# Containers and tests share the machine: its engine may be slow.
seconds = 5
[deploy]
programs = { terraform = "${path.join(home, 'terraform')}" }
[deploy.environments.dev.terraform]
folder = "${path.join(home, 'infra')}"
`,
  );
});
after(() => database?.end());

test('a stack that works is healthy', async () => {
  const { of } = await healthy();
  assert.deepEqual(Object.keys(of), ['traefik', 'web', 'intake', 'hub', 'capture', 'processor', 'database']);
  assert.equal(of.web.said, '3 of 3 servers answer');
});

const CASES = [
  ['web-2', 'stop', 'start', 6, { web: 'degraded', traefik: 'healthy' }],
  ['processor', 'stop', 'start', 7, { processor: 'down', hub: 'healthy', database: 'healthy' }],
  ['processor', 'pause', 'unpause', 7, { processor: 'down', hub: 'healthy' }],
  ['intake', 'pause', 'unpause', 7, { intake: 'down', processor: 'healthy' }],
  ['event-hub', 'pause', 'unpause', 7, { hub: 'down', database: 'healthy', capture: 'unknown' }],
  ['mysql', 'pause', 'unpause', 7, { database: 'down', hub: 'healthy' }],
  ['traefik', 'stop', 'start', 7, { traefik: 'down', web: 'healthy' }],
  ['azurite', 'pause', 'unpause', 8, { capture: 'unknown', processor: 'unknown', hub: 'healthy' }],
];

for (const [service, breaks, mends, code, verdicts] of CASES) {
  test(`${service}: ${breaks}`, async () => {
    await docker(breaks, container(service));
    try {
      await becomes(`the verdict on ${service}`, (found) => found.code === code && Object.entries(verdicts).every(([part, verdict]) => found.of[part].verdict === verdict));
    } finally {
      await docker(mends, container(service));
    }
    await healthy();
  });
}

test('an order is followed into the file that captured it', async () => {
  const order = await buy();
  let last;
  const hops = await until('an order that is captured and applied', async () => {
    last = await ask(`trace ${order}`);
    const hops = Object.fromEntries(last.rows.map(([hop, state, said]) => [hop, { state, said }]));
    return hops.captured?.state === 'seen' && hops.applied.state === 'seen' && hops;
  }).catch((error) => assert.fail(`${error.message}: ${JSON.stringify(last)}`));
  const file = /^`(.*\.avro)`$/.exec(hops.captured.said)?.[1];
  assert.ok(file, JSON.stringify(hops));
  // The very file that it names holds the order.
  const captured = await new ContainerClient(secret('host_archive_url')).getBlobClient(file).downloadToBuffer();
  assert.ok(captured.includes(order), file);
  assert.match(hops.hub.said, /partition \d, offset \d+/);
  assert.match(last.answer, /has gone all its way so far/);
});

test('a drop is told with the change set, the end of the processor and what waits, as coinciding and no more', async () => {
  // Three hours of a shop that is busier until this minute than the tests before this one: nothing but a history shows a drop.
  const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  const sql = `INSERT INTO orders (order_number, customer_id, status, channel, items_total, shipping_fee, tax_total, grand_total, ship_city, ship_country, placed_at, updated_at)
    WITH RECURSIVE seq (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM seq WHERE n < 900)
    SELECT CONCAT('ORD-9', LPAD(n * 16 + j * 4 + k, 6, '0')), (SELECT MIN(id) FROM customers), 'placed', 'web', 10, 0, 2, 12, 'Porto', 'PT', at, at
    FROM (SELECT n, j, k, TIMESTAMPADD(MICROSECOND, -(n * 12 + j * 3 + k * 0.75) * 1000000, ?) AS at FROM seq
      CROSS JOIN (SELECT 0 AS j UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) threes
      CROSS JOIN (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) parts) history`;
  await database.query(sql, [minute.toISOString().slice(0, 19).replace('T', ' ')]);

  const proposed = await ask('deploy everything');
  assert.equal(proposed.status, 'approval_required', JSON.stringify(proposed));
  const { id } = proposed.change;
  const approved = await oms(['change', 'approve', id], { after: 'yes or no:', keys: 'yes\r' });
  assert.equal(approved.code, 0, approved.out);
  const applied = await oms(['change', 'apply', id]);
  assert.equal(applied.code, 0, `${applied.out}${applied.err}`);
  try {
    for (let n = 0; n < 3; n += 1) await buy();
    const [day, time] = minute.toISOString().split('T');
    const question = `why did orders drop at ${time.slice(0, 5)} on ${day}?`;
    const told = async (what, expected) => {
      let last;
      await until(what, async () => {
        last = await ask(question);
        const coinciding = last.rows.filter((row) => row[4] === true).map((row) => row[3]);
        return last.tool_calls.at(-1)?.tool === 'why' && last.answer.startsWith('Orders fell at ') && expected.every((one) => coinciding.some((what) => one.test(what)));
      }).catch((error) => assert.fail(`${error.message}: ${JSON.stringify(last)}`));
      assert.match(last.answer, /That they coincide does not show that one caused the other\./);
      return last;
    };
    const why = await told('the drop with what coincides', [
      new RegExp(`^change set \`${id}\` began step 1, `),
      new RegExp(`^change set \`${id}\` ended: applied`),
      new RegExp(`\`${container('processor')}\`.* ended$`),
      /^3 events wait for the processor, the oldest since then$/,
    ]);
    // Our own doings and the stream are named in the sentence before the containers.
    for (const one of [`change set \`${id}\` began step 1, `, '3 events wait for the processor, the oldest since then']) assert.ok(why.answer.includes(one), why.answer);
    await docker('start', container('processor'));
    // Beside others that were started in the same minute it may be one of those that are only counted.
    await told('the restart', [new RegExp(`(\`${container('processor')}\`|\\d+ more).* (was|were) started$`)]);
  } finally {
    await docker('start', container('processor'));
  }
  await healthy();
});
