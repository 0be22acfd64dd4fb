// What `oms health` says of the running stack while its containers are stopped and frozen one by one. Run by
// scripts/pipeline/test-stack.sh, after the stack's own tests.

import assert from 'node:assert/strict';
import { spawn, execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';

import { until } from '../support/parts.js';

const { OMS_ASK, OMS_STACK, OMS_SECRETS, OMS_STATE, OMS_HTTPS_PORT, DOCKER_HOST } = process.env;
const run = promisify(execFile);
const docker = (...args) => run('docker', args, { timeout: 120_000 });
const container = (service) => `${OMS_STACK}-${service}-1`;
const home = fs.mkdtempSync(path.join(OMS_STATE, 'watch-'));
const settings = path.join(home, 'oms.toml');

/** `oms health`, ended where it takes longer than a minute. */
function health() {
  const url = fs.readFileSync(path.join(OMS_SECRETS, 'host_database_url'), 'utf8');
  const env = { HOME: home, PATH: process.env.PATH };
  const child = spawn(OMS_ASK, ['--config', settings, '--db', url, 'health', '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000, killSignal: 'SIGKILL' });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      if (!out) return reject(new Error(`oms health said nothing: ${err}`));
      const report = JSON.parse(out);
      const of = Object.fromEntries(report.parts.map(({ part, ...rest }) => [part, rest]));
      return resolve({ code, verdict: report.verdict, of });
    });
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

before(() => {
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
`,
  );
});

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
