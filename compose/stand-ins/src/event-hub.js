// Starts the event hub's stand-in: settings from the environment, a health endpoint, and an end on SIGTERM.

import http from 'node:http';
import fs from 'node:fs';

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
const hub = await EventHub.open(env.HUB_FOLDER ?? './event-hub', settings);
const port = await hub.listen(Number(env.HUB_PORT ?? 5672), env.HUB_HOST ?? '127.0.0.1');

const health = http.createServer((request, response) => {
  const healthy = request.url === '/health';
  response.writeHead(healthy ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(healthy ? { status: 'healthy' } : { error: 'not found' }));
});
health.listen(Number(env.HUB_HEALTH_PORT ?? 5300), env.HUB_HOST ?? '127.0.0.1');
process.stdout.write(`event hub ${settings.name} on port ${port}, ${settings.partitions} partitions\n`);

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, async () => {
    health.close();
    await hub.close();
    process.exit(0);
  });
}
