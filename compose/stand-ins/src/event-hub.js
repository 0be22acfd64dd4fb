// Starts the event hub's stand-in: settings from the environment, a health endpoint, and an end on SIGTERM.

import http from 'node:http';
import fs from 'node:fs';

import path from 'node:path';
import { ContainerClient } from '@azure/storage-blob';

import { Capture } from './capture.js';
import { EventHub } from './hub.js';

const env = process.env;

function secret(name) {
  return env[`${name}_FILE`] ? fs.readFileSync(env[`${name}_FILE`], 'utf8').trim() : env[name];
}

const key = secret('HUB_KEY');
if (!key) {
  process.stderr.write('cannot start the event hub: no key\nhint: set HUB_KEY_FILE to a file that holds it\n');
  process.exit(2);
}
const settings = {
  name: env.HUB_NAME ?? 'orders',
  partitions: Number(env.HUB_PARTITIONS ?? 4),
  consumerGroups: (env.HUB_CONSUMER_GROUPS ?? 'processor').split(',').filter(Boolean),
  rule: { name: env.HUB_KEY_NAME ?? 'RootManageSharedAccessKey', key },
};
// Tokens of Entra ID are taken where the public key of their authority is named.
const entraKey = secret('HUB_ENTRA_KEY');
if (entraKey) settings.entra = { key: entraKey, audience: env.HUB_ENTRA_AUDIENCE ?? 'https://eventhubs.azure.net' };
const folder = env.HUB_FOLDER ?? './event-hub';
const hub = await EventHub.open(folder, settings);
const port = await hub.listen(Number(env.HUB_PORT ?? 5672), env.HUB_HOST ?? '127.0.0.1');
// Clients that show such a token speak nothing but TLS.
const certificate = secret('HUB_TLS_CERTIFICATE');
if (certificate) await hub.listen(Number(env.HUB_TLS_PORT ?? 5671), env.HUB_HOST ?? '127.0.0.1', { cert: certificate, key: secret('HUB_TLS_KEY') });

const health = http.createServer((request, response) => {
  const healthy = request.url === '/health';
  response.writeHead(healthy ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(healthy ? { status: 'healthy' } : { error: 'not found' }));
});
health.listen(Number(env.HUB_HEALTH_PORT ?? 5300), env.HUB_HOST ?? '127.0.0.1');
process.stdout.write(`event hub ${settings.name} on port ${port}, ${settings.partitions} partitions\n`);

// Capture is on where storage is named.
const storage = secret('CAPTURE_CONNECTION_STRING');
const capture = storage
  ? new Capture({
      hub,
      container: new ContainerClient(storage, env.CAPTURE_CONTAINER ?? 'archive'),
      stateFile: path.join(folder, 'capture.json'),
      namespace: env.CAPTURE_NAMESPACE ?? 'oms',
      intervalMilliseconds: Number(env.CAPTURE_SECONDS ?? 60) * 1000,
      mostBytes: Number(env.CAPTURE_BYTES ?? 64 * 1024 * 1024),
      log: (line) => process.stderr.write(`${line}\n`),
    })
  : null;
capture?.start();

const retention = Number(env.HUB_RETENTION_HOURS ?? 168) * 3_600_000;
if (!(retention > 0)) {
  process.stderr.write('cannot start the event hub: HUB_RETENTION_HOURS is no positive number\n');
  process.exit(2);
}
setInterval(() => {
  hub
    .retain(Date.now() - retention, (partition) => capture?.reached(partition) ?? Infinity)
    .catch((error) => process.stderr.write(`retention: ${error.message}\n`));
}, 60_000).unref();

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, async () => {
    health.close();
    // What came since the last window; no longer than storage takes to answer.
    await Promise.race([capture?.stop(), new Promise((resolve) => setTimeout(resolve, 5000))]);
    await hub.close();
    process.exit(0);
  });
}
