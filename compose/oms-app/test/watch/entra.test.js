// What `oms` says of the stream where nothing has a key: hub and checkpoint store over TLS, by tokens of Entra ID alone. Run
// by scripts/parts/80-watch.sh, which names the program in OMS_BIN.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { EventHubProducerClient } from '@azure/event-hubs';

import { Authority, certificates } from '../support/authority.js';
import { event, number, placedData } from '../support/events.js';
import { Parts, freePort, until } from '../support/parts.js';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oms-watch-entra-'));
const CLIENT = 'c1111111-1111-4111-8111-111111111111';
const TENANT = 'd2222222-2222-4222-8222-222222222222';
const HOST = 'shop.servicebus.windows.net';
let parts;
let authority;
let environment;
let settings;

/** Runs `oms`; {code, out, err}. It is ended where it takes longer than a minute. */
function oms(args, changes = {}) {
  const url = `mysql://root@127.0.0.1:${parts.databasePort}/oms`;
  const env = { HOME: folder, PATH: process.env.PATH, NO_COLOR: '1', ...environment, ...changes };
  const child = spawn(process.env.OMS_BIN, ['--config', settings, '--db', url, '--quiet', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000, killSignal: 'SIGKILL' });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

/** What `oms health` says of one part. */
async function health(part, changes = {}) {
  const { out, err } = await oms(['health', '--json'], changes);
  assert.equal(err, '');
  return JSON.parse(out).parts.find((one) => one.part === part);
}

before(async () => {
  const tls = certificates(folder, `DNS:localhost,IP:127.0.0.1,DNS:${HOST}`);
  const read = (file) => fs.readFileSync(file, 'utf8');
  authority = await new Authority({ tls: { cert: read(tls.cert), key: read(tls.key) }, tenant: TENANT, client: CLIENT, secret: 'a secret for tests', seconds: 3600 }).start();
  const hubPort = await freePort();
  parts = await Parts.start({
    hub: { HUB_TLS_PORT: String(hubPort), HUB_TLS_CERTIFICATE_FILE: tls.cert, HUB_TLS_KEY_FILE: tls.key, HUB_ENTRA_KEY: authority.publicKey },
    azurite: ['--oauth', 'basic', '--cert', tls.cert, '--key', tls.key],
  });
  const store = `https://localhost:${parts.storagePort}/devaccount/checkpoints`;
  const processor = {
    HUB_NAMESPACE: 'localhost', HUB_ENDPOINT: `sb://localhost:${hubPort}`, HUB_CONNECTION_STRING: '', CHECKPOINT_CONNECTION_STRING: '', CHECKPOINT_CONTAINER_URL: store, NODE_EXTRA_CA_CERTS: tls.ca,
    AZURE_AUTHORITY_HOST: authority.url, AZURE_DISABLE_INSTANCE_DISCOVERY: '1', AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: 'a secret for tests',
  };
  const running = await parts.service('processor', processor);
  environment = { AZURE_AUTHORITY_HOST: authority.url, AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: 'a secret for tests' };
  settings = path.join(folder, 'oms.toml');
  fs.writeFileSync(
    settings,
    `[azure]
credential = "environment"
certificates = "${tls.ca}"
[eventhub]
namespace = "shop"
address = "127.0.0.1:${hubPort}"
checkpoints = "${store}"
[pipeline]
processors = ["${running.monitor}"]
without = ["traefik", "web", "intake", "capture", "disk"]
# The sign-in and the certificates of a machine that tests take their time.
seconds = 10
`,
  );
  const producer = new EventHubProducerClient(parts.hubConnection, 'orders');
  const subject = number(1);
  const batch = await producer.createBatch({ partitionKey: subject });
  assert.ok(batch.tryAdd({ body: event('order.placed', subject, placedData(), { dataversion: 1, time: new Date().toISOString() }) }));
  await producer.sendBatch(batch);
  await producer.close();
  await until('the row', async () => (await parts.one('SELECT COUNT(*) FROM orders WHERE order_number = ?', [subject])) === 1);
});
after(async () => {
  await parts?.stop();
  await authority?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('hub and checkpoints are read by tokens alone', async () => {
  authority.given.length = 0;
  const found = await until('a processor that is not behind', async () => {
    const part = await health('processor');
    return part.said.includes('not behind') && part;
  });
  assert.match(found.said, /1 of 1 processors work; not behind/);
  assert.equal((await health('hub')).verdict, 'healthy');
  const bare = (audience) => audience.replace(/\/+$/, '');
  const given = new Set(authority.given.map(({ by, audience }) => `${by} ${bare(audience)}`));
  assert.deepEqual([...given].sort(), ['secret https://eventhubs.azure.net', 'secret https://storage.azure.com']);
});

test('a sign-in that is refused is told with what mends it, and the hub is not called down', async () => {
  const refused = await health('hub', { AZURE_CLIENT_SECRET: 'not the secret' });
  assert.equal(refused.verdict, 'unknown');
  assert.match(refused.said, /secret of application `c1111111-[^`]*` is wrong/);
  assert.match(refused.hints.join(), /AZURE_CLIENT_SECRET/);
  const none = await health('hub', { AZURE_CLIENT_SECRET: '' });
  assert.match(none.said, /no credentials \(environment: AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are not all set\)/);
  // A token that another authority has signed.
  const key = authority.signing;
  const { generateKeyPairSync } = await import('node:crypto');
  authority.signing = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const foreign = await health('hub');
  authority.signing = key;
  assert.match(foreign.said, /does not accept our key or token/);
  assert.match(foreign.hints.join(), /Azure Event Hubs Data Receiver/);
});

test('a certificate that nobody trusts is told', async () => {
  const others = path.join(folder, 'others');
  fs.mkdirSync(others);
  // The sign-in comes after the connection, and that is not trusted.
  const text = fs.readFileSync(settings, 'utf8');
  fs.writeFileSync(settings, text.replace(/certificates = .*/, `certificates = "${certificates(others).ca}"`));
  const found = await health('hub');
  assert.match(found.said, /its certificate is not trusted/);
  assert.match(found.hints.join(), /azure\.certificates/);
  // The same authority may be the machine's own.
  fs.writeFileSync(settings, text.replace(/certificates = .*\n/, ''));
  assert.equal((await health('hub', { SSL_CERT_FILE: path.join(folder, 'ca.pem') })).verdict, 'healthy');
});
