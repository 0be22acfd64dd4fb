// Intake and processor by Entra ID instead of shared keys: hub and checkpoint store over TLS, tokens from an authority that
// knows the application by a secret or by a certificate. Nothing here has a connection string.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Authority, applicationCertificate, certificates } from '../support/authority.js';
import { Parts, freePort, until } from '../support/parts.js';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oms-entra-'));
const CLIENT = 'c1111111-1111-4111-8111-111111111111';
const TENANT = 'd2222222-2222-4222-8222-222222222222';
let parts;
let authority;
let environment;
let application;

before(async () => {
  const tls = certificates(folder);
  application = applicationCertificate(folder);
  const read = (file) => fs.readFileSync(file, 'utf8');
  authority = await new Authority({
    tls: { cert: read(tls.cert), key: read(tls.key) }, tenant: TENANT, client: CLIENT, secret: 'a secret for tests', certificate: read(application.cert), seconds: 3600,
  }).start();
  const hubPort = await freePort();
  parts = await Parts.start({
    hub: { HUB_TLS_PORT: String(hubPort), HUB_TLS_CERTIFICATE_FILE: tls.cert, HUB_TLS_KEY_FILE: tls.key, HUB_ENTRA_KEY: authority.publicKey },
    azurite: ['--oauth', 'basic', '--cert', tls.cert, '--key', tls.key],
  });
  environment = {
    HUB_NAMESPACE: 'localhost',
    HUB_ENDPOINT: `sb://localhost:${hubPort}`,
    HUB_CONNECTION_STRING: '',
    CHECKPOINT_CONNECTION_STRING: '',
    CHECKPOINT_CONTAINER_URL: `https://localhost:${parts.storagePort}/devaccount/checkpoints`,
    NODE_EXTRA_CA_CERTS: tls.ca,
    AZURE_AUTHORITY_HOST: authority.url,
    AZURE_DISABLE_INSTANCE_DISCOVERY: '1',
    AZURE_TENANT_ID: TENANT,
    AZURE_CLIENT_ID: CLIENT,
  };
});
after(async () => {
  await parts?.stop();
  await authority?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function place(intake) {
  const { price } = await (await fetch(`${intake}/api/products/SKU-00010`)).json();
  const body = { customer: { full_name: 'Ana', email: 'ana@example.test', city: 'Porto', country: 'PT' }, lines: [{ sku: 'SKU-00010', quantity: 1, unit_price: price }] };
  return fetch(`${intake}/api/orders`, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() }, body: JSON.stringify(body), signal: AbortSignal.timeout(30_000) });
}

async function startIntake(name, proof) {
  const port = await freePort();
  const part = parts.part(name, process.execPath, ['src/main.js', 'intake'], { ...parts.environment, ...environment, ...proof, INTAKE_PORT: String(port) });
  part.url = `http://127.0.0.1:${port}`;
  await until(name, async () => (await fetch(`${part.url}/readyz`)).ok);
  return part;
}

test('an order passes hub and checkpoint store by tokens alone', async () => {
  const intake = await startIntake('intake', { AZURE_CLIENT_SECRET: 'a secret for tests' });
  const processor = await parts.service('processor', { ...environment, AZURE_CLIENT_CERTIFICATE_PATH: application.both });
  const answer = await place(intake.url);
  assert.equal(answer.status, 202, await answer.clone().text());
  const { order_number: number } = await answer.json();
  await until('the row', async () => (await parts.one('SELECT COUNT(*) FROM orders WHERE order_number = ?', [number])) === 1);
  await until('a checkpoint', async () => /^oms_checkpoints_total\{outcome="written"\} [1-9]/m.test(await (await fetch(`${processor.monitor}/metrics`)).text()));
  const bare = (audience) => audience.replace(/\/+$/, '');
  const given = new Set(authority.given.map(({ by, audience }) => `${by} ${bare(audience)}`));
  assert.deepEqual([...given].sort(), ['certificate https://eventhubs.azure.net', 'certificate https://storage.azure.com', 'secret https://eventhubs.azure.net']);
});

test('who cannot prove to be the application gets nothing in', async () => {
  const before = Number(await parts.one('SELECT COUNT(*) FROM orders'));
  const intake = await startIntake('impostor', { AZURE_CLIENT_SECRET: 'not the secret' });
  const answer = await place(intake.url);
  assert.equal(answer.status, 503);
  assert.equal(Number(await parts.one('SELECT COUNT(*) FROM orders')), before);
});
