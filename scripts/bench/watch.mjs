// How soon `oms health` answers while each part in turn takes connections and never says a word, and what a day of all metrics
// of 32 hubs by the minute costs from its arrival to the screen. The database, the event hub's stand-in, the storage emulator
// and the processor are real; the others answer as much as they are asked. It measures, and checks that each verdict is right.
//
//     node scripts/bench/watch.mjs [--oms PROGRAM] [--metrics PROGRAM] [--runs N] [--record]
//
// --metrics names the built benches/metrics.rs; without, cargo builds it.
// --record writes the section of BENCHMARKS.md.

import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { record } from './record.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { Parts, freePort } = await import(new URL('../../compose/oms-app/test/support/parts.js', import.meta.url));
const { certificates } = await import(new URL('../../compose/oms-app/test/support/authority.js', import.meta.url));

const { ContainerClient } = createRequire(new URL('../../compose/oms-app/package.json', import.meta.url))('@azure/storage-blob');

const { values: chosen } = parseArgs({
  options: { oms: { type: 'string', default: path.join(root, 'target/release/oms') }, metrics: { type: 'string' }, runs: { type: 'string', default: '5' }, record: { type: 'boolean', default: false } },
});
const runs = Number(chosen.runs);
if (!Number.isInteger(runs) || runs < 1) {
  process.stderr.write('usage: make bench-watch ARGS="[--runs N] [--record]"\n');
  process.exit(2);
}

const open = [];
const listening = (server, ...where) =>
  new Promise((resolve, reject) => {
    server.once('error', reject).listen(...where, () => {
      open.push(server);
      resolve(server.address()?.port);
    });
  });
const onLoopback = (server) => listening(server, 0, '127.0.0.1');

/** Takes every connection, and reads and says nothing. */
const silence = () => net.createServer((socket) => void held.add(socket.on('error', () => {})));
const held = new Set();

/** A part that answers everything with 200. */
const well = () => http.createServer((_, response) => response.end('ok'));

/** A Docker engine with the containers of a stack, all of them running. */
function engine() {
  const services = ['traefik', 'web-1', 'web-2', 'web-3', 'intake', 'event-hub', 'azurite', 'processor', 'mysql'];
  const one = (service) => ({ Id: service, Names: [`/shop-${service}-1`], State: 'running', Status: 'Up 2 minutes (healthy)', Labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': service }, NetworkSettings: { Networks: {} } });
  const inspected = (service) => ({ Id: service, Name: `/shop-${service}-1`, RestartCount: 0, State: { Status: 'running', Health: { Status: 'healthy' }, StartedAt: '2026-01-01T00:00:00Z', FinishedAt: '0001-01-01T00:00:00Z' }, NetworkSettings: { Networks: {} } });
  return http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://engine');
    const about = /\/containers\/([^/]+)\/json$/.exec(pathname)?.[1];
    const found = pathname.endsWith('/version') ? { ApiVersion: '1.44', Version: '28.0.0' } : about && about !== 'json' ? inspected(about) : services.map(one);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(found));
  });
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oms-bench-watch-'));
const port = (address) => Number(/:(\d+)/.exec(address)[1]);

/** `oms health`, as a whole process: seconds, and what each part is. It is ended where it takes longer than half a minute. */
function health(settings, variables = {}) {
  const file = path.join(folder, 'oms.toml');
  const { hub, storage, database, shop, web, intake, monitor, socket, more = '' } = settings;
  fs.writeFileSync(
    file,
    `[eventhub]
${hub.startsWith('Endpoint') ? `connection = "${hub}"` : hub}
checkpoints = "${storage}"
capture = "archive"
[pipeline]
stack = "shop"
engine = "${socket}"
shop = "${shop}"
web = [${web.map((one) => `"${one}"`).join(', ')}]
intake = "${intake}"
processors = ["${monitor}"]
disk_percent = 100
${more}
`,
  );
  const env = { HOME: folder, PATH: `${folder}/bin:${process.env.PATH}`, ...variables };
  const began = performance.now();
  const child = spawn(chosen.oms, ['--config', file, '--db', database, '--quiet', 'health', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'], timeout: 30_000, killSignal: 'SIGKILL' });
  let out = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      const seconds = (performance.now() - began) / 1000;
      if (!out) return reject(new Error(`oms health ended with ${code} and said nothing`));
      const of = Object.fromEntries(JSON.parse(out).parts.map((part) => [part.part, part.verdict]));
      return resolve({ seconds, of });
    });
  });
}

/** Rows of [what hangs, the slowest of all runs in seconds, the verdicts]. */
async function hanging(parts, processor) {
  const silent = `http://127.0.0.1:${await onLoopback(silence())}`;
  const silentSocket = path.join(folder, 'silent.sock');
  await listening(silence(), silentSocket);
  const socket = path.join(folder, 'engine.sock');
  await listening(engine(), socket);
  const at = async () => `http://127.0.0.1:${await onLoopback(well())}`;
  const [shop, web, intake] = [await at(), await Promise.all([at(), at(), at()]), await at()];
  const database = `mysql://reader@127.0.0.1:${parts.databasePort}/oms`;
  const all = { hub: parts.hubConnection, storage: parts.storage, database, shop, web, intake, monitor: processor.monitor, socket };
  const elsewhere = (text) => text.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port(silent)}`);
  // By Entra ID: the token is asked for before anything else, of a host that never speaks, or of an Azure CLI that hangs.
  fs.mkdirSync(path.join(folder, 'bin'));
  fs.writeFileSync(path.join(folder, 'bin/az'), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
  const entra = { ...all, hub: `namespace = "shop"\naddress = "127.0.0.1:${tlsPort}"` };
  const application = { AZURE_AUTHORITY_HOST: silent.replace('http', 'https'), AZURE_TENANT_ID: 'aaaaaaaa-0000-0000-0000-000000000001', AZURE_CLIENT_ID: 'bbbbbbbb-0000-0000-0000-000000000002', AZURE_CLIENT_SECRET: 'x' };
  const store = `https://127.0.0.1:${parts.storagePort}/devaccount/checkpoints`;
  const cases = [
    ['nothing', all, []],
    ['Traefik', { ...all, shop: silent }, ['traefik']],
    ['Traefik, in the handshake of TLS', { ...all, shop: silent.replace('http', 'https') }, ['traefik']],
    ['the three web servers', { ...all, web: [silent, silent, silent] }, ['web']],
    ['intake', { ...all, intake: silent }, ['intake']],
    ['event hub', { ...all, hub: elsewhere(all.hub) }, ['hub', 'capture', 'processor']],
    ['storage: checkpoints and Capture', { ...all, storage: elsewhere(all.storage) }, ['capture', 'processor']],
    ["the processor's monitor", { ...all, monitor: silent }, ['processor']],
    ['database', { ...all, database: elsewhere(all.database) }, ['database']],
    ['Docker engine', { ...all, socket: silentSocket }, []],
    ["Entra ID's sign-in host", { ...entra, more: `[azure]\ncredential = "environment"\ncertificates = "${tls.ca}"` }, ['hub', 'processor'], application],
    ['Azure CLI', { ...entra, storage: store, more: `[azure]\ncredential = "cli"\ncertificates = "${tls.ca}"` }, ['hub', 'capture', 'processor']],
    ['all of them', { hub: elsewhere(all.hub), storage: elsewhere(all.storage), database: elsewhere(all.database), shop: silent, web: [silent, silent, silent], intake: silent, monitor: silent, socket: silentSocket }, ['traefik', 'web', 'intake', 'hub', 'capture', 'processor', 'database']],
  ];
  const rows = [];
  for (const [what, settings, unknown, variables] of cases) {
    const took = [];
    for (let run = 0; run < runs; run += 1) {
      const { seconds, of } = await health(settings, variables);
      const wrong = unknown.filter((part) => of[part] !== 'unknown');
      if (wrong.length > 0) throw new Error(`with ${what} hanging, ${wrong.join(', ')} is not unknown: ${JSON.stringify(of)}`);
      if (unknown.length === 0 && Object.values(of).some((verdict) => verdict !== 'healthy')) throw new Error(`with ${what} hanging all parts answer, and are not healthy: ${JSON.stringify(of)}`);
      took.push(seconds);
    }
    took.sort((one, other) => one - other);
    rows.push([what, took.at(-1), took[Math.floor(took.length / 2)]]);
    process.stdout.write(`${what} | slowest of ${runs} ${took.at(-1).toFixed(2)} s, median ${rows.at(-1)[2].toFixed(2)} s\n`);
  }
  return rows;
}

/** The Rust measurement, several times. */
function metrics() {
  const [program, words] = chosen.metrics ? [chosen.metrics, []] : ['cargo', ['bench', '--locked', '--quiet', '--bench', 'metrics']];
  const bench = () => JSON.parse(execFileSync(program, words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 1_800_000 }));
  const all = Array.from({ length: runs }, bench).sort((one, other) => one.drawn_ms - other.drawn_ms);
  const [median, slowest] = [all[Math.floor(all.length / 2)], all.at(-1)];
  const memory = Math.max(...all.map((one) => one.peak_mib));
  const row = [
    `${median.metrics} metrics, 32 hubs, a day by the minute (${median.points.toLocaleString('en')} points, ${median.answer_mib} MiB of answers), from its arrival to the chart`,
    '300 ms, 100 MiB',
    `median ${median.drawn_ms.toFixed(0)} ms, the slowest of ${runs} ${slowest.drawn_ms.toFixed(0)} ms; ${memory.toFixed(0)} MiB`,
  ];
  process.stdout.write(`${row.join(' | ')}\n`);
  return row;
}

/** The account that may only read, and the container that Capture would write to. */
async function prepared(parts) {
  await parts.pool.query("CREATE USER reader@'127.0.0.1'");
  for (const table of ['categories', 'products', 'warehouses', 'inventory', 'orders', 'payments', 'shipments', 'order_items', 'returns', 'dataset_info']) {
    await parts.pool.query(`GRANT SELECT ON oms.${table} TO reader@'127.0.0.1'`);
  }
  await parts.pool.query("GRANT SELECT (id, partition_id, offset_id, received_at, reason, resolved_at) ON oms.dead_letters TO reader@'127.0.0.1'");
  await parts.pool.query("GRANT SELECT (event_id, order_number, type, version, occurred_at, received_at, partition_id, offset_id) ON oms.order_events TO reader@'127.0.0.1'");
  await parts.pool.query("GRANT SELECT (id, full_name, city, country, segment, created_at) ON oms.customers TO reader@'127.0.0.1'");
  await new ContainerClient(parts.storage, 'archive').createIfNotExists();
}

// The hub by TLS, for who signs in by Entra ID: no token ever comes, so any key does.
const tls = certificates(folder, 'DNS:localhost,IP:127.0.0.1,DNS:shop.servicebus.windows.net');
const tlsPort = await freePort();
const publicKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });
const parts = await Parts.start({ hub: { HUB_TLS_PORT: String(tlsPort), HUB_TLS_CERTIFICATE_FILE: tls.cert, HUB_TLS_KEY_FILE: tls.key, HUB_ENTRA_KEY: publicKey } });
try {
  await prepared(parts);
  const processor = await parts.service('processor');
  const rows = await hanging(parts, processor);
  const measured = rows.map(([what, slowest, median]) => [`\`oms health\` as a whole process; what hangs: ${what}`, '2 s', `${slowest.toFixed(2)} s (slowest of ${runs}; median ${median.toFixed(2)} s)`]);
  measured.push(metrics());
  if (chosen.record) {
    const machine = `${os.cpus().length} cores of ${os.cpus()[0].model.split(' ').slice(0, 2).join(' ')}, ${Math.round(os.totalmem() / 2 ** 30)} GiB`;
    record(path.join(root, 'BENCHMARKS.md'), `make bench-watch ARGS="--runs ${runs} --record"`, `${machine}, release build; what hangs takes connections and says nothing, all other parts work`, measured, '## Watching');
  }
} finally {
  for (const socket of held) socket.destroy();
  for (const server of open) {
    server.closeAllConnections?.();
    server.close();
  }
  await parts.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}
