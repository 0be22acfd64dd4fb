// Reads the environment, and nothing else does. A secret comes from the file that NAME_FILE names, or from NAME itself.

import fs from 'node:fs';

/** A setting that is missing or wrong: the name, and what to do. */
export class SettingError extends Error {
  constructor(name, cause, hint) {
    super(`cannot use the setting \`${name}\`: ${cause}`);
    this.hint = hint;
  }
}

const { env } = process;

/** The text of a setting, `fallback` where it is not set. Without a fallback it must be set. */
export function text(name, fallback) {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  if (fallback === undefined) throw new SettingError(name, 'it is not set', `set ${name} in the environment`);
  return fallback;
}

/** A whole number within bounds. */
export function whole(name, fallback, least = 0, most = Number.MAX_SAFE_INTEGER) {
  const value = Number(text(name, String(fallback)));
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new SettingError(name, `it is no whole number from ${least} to ${most}`, `the default is ${fallback}`);
  }
  return value;
}

/** A secret: the content of the file that NAME_FILE names, else NAME; null where neither is set. */
export function secret(name) {
  const file = env[`${name}_FILE`];
  if (!file) return env[name] || null;
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new SettingError(`${name}_FILE`, `the file cannot be read (${error.code})`, 'make the file, readable by this user');
  }
}

function needed(name) {
  const value = secret(name);
  if (value === null) throw new SettingError(name, 'it is not set', `set ${name}_FILE to a file that holds it`);
  return value;
}

/** Where the orders database is, and as whom. */
export function database() {
  const place = env.DB_SOCKET ? { socketPath: env.DB_SOCKET } : { host: text('DB_HOST', '127.0.0.1'), port: whole('DB_PORT', 3306, 1, 65535) };
  return {
    ...place,
    user: text('DB_USER', 'oms'),
    password: secret('DB_PASSWORD') ?? '',
    database: text('DB_NAME', 'oms'),
    connectionLimit: whole('DB_CONNECTIONS', 4, 1, 100),
  };
}

// An authority of one's own (AZURE_AUTHORITY_HOST) is not known to Microsoft's, which is then not asked for it.
const privateAuthority = () => whole('AZURE_DISABLE_INSTANCE_DISCOVERY', 0, 0, 1) === 1;

/** Where the event hub is: {connectionString} of a shared access signature, or {namespace} for Entra ID. */
export function eventHub() {
  const hub = text('HUB_NAME', 'orders');
  const namespace = text('HUB_NAMESPACE', '');
  const endpoint = text('HUB_ENDPOINT', '');
  if (namespace) return { hub, namespace, endpoint, privateAuthority: privateAuthority() };
  return { hub, endpoint, connectionString: needed('HUB_CONNECTION_STRING') };
}

/** Where checkpoints are kept: {connectionString, container} or {url} for Entra ID. */
export function checkpoints() {
  const url = text('CHECKPOINT_CONTAINER_URL', '');
  const container = text('CHECKPOINT_CONTAINER', 'checkpoints');
  return url ? { url, privateAuthority: privateAuthority() } : { container, connectionString: needed('CHECKPOINT_CONNECTION_STRING') };
}

/** What the processor may be told. */
export function processor() {
  return {
    consumerGroup: text('HUB_CONSUMER_GROUP', 'processor'),
    batchSize: whole('PROCESSOR_BATCH', 500, 1, 5000),
    maxWaitSeconds: whole('PROCESSOR_MAX_WAIT_SECONDS', 1, 1, 60),
    gapMilliseconds: whole('PROCESSOR_GAP_SECONDS', 60, 0, 60) * 1000,
    watchMilliseconds: whole('PROCESSOR_WATCH_MILLISECONDS', 5000, 200, 600_000),
    // Where no notifier runs, nobody would empty the outbox.
    outbox: whole('PROCESSOR_OUTBOX', 0, 0, 1) === 1,
    checkpointMilliseconds: whole('PROCESSOR_CHECKPOINT_MILLISECONDS', 1000, 0, 60_000),
    ownershipMilliseconds: whole('PROCESSOR_OWNERSHIP_MILLISECONDS', 60_000, 3000, 600_000),
    hubMilliseconds: whole('HUB_TIMEOUT_MILLISECONDS', 10_000, 1000, 60_000),
    balanceMilliseconds: whole('PROCESSOR_BALANCE_MILLISECONDS', 10_000, 500, 60_000),
  };
}

/** What the intake may be told. Keys of signatures must be set: a link or a webhook that anybody can sign is none. */
export function intake() {
  return {
    host: text('INTAKE_HOST', '127.0.0.1'),
    port: whole('INTAKE_PORT', 8080, 0, 65535),
    hubMilliseconds: whole('INTAKE_HUB_MILLISECONDS', 3000, 500, 60_000),
    catalogueMilliseconds: whole('INTAKE_CATALOGUE_MILLISECONDS', 5000, 100, 600_000),
    watchMilliseconds: whole('INTAKE_WATCH_MILLISECONDS', 500, 100, 60_000),
    mostStreams: whole('INTAKE_MOST_STREAMS', 1000, 1, 100_000),
    taxPercent: whole('TAX_PERCENT', 20, 0, 100),
    shippingFee: whole('SHIPPING_FEE_CENTS', 490, 0, 100_000),
    freeShippingFrom: whole('FREE_SHIPPING_FROM_CENTS', 5000, 0, 100_000_000),
    trackingKey: needed('TRACKING_KEY'),
    webhookKey: needed('WEBHOOK_KEY'),
  };
}

/** What the notifier may be told: {smtp} or {webhook}, and the shop's address for links. */
export function notifier() {
  const smtp = text('SMTP_URL', '');
  const webhook = text('NOTIFY_WEBHOOK_URL', '');
  if (!smtp && !webhook) throw new SettingError('SMTP_URL', 'neither it nor NOTIFY_WEBHOOK_URL is set', 'set SMTP_URL=smtp://host:port');
  return {
    smtp,
    webhook,
    webhookKey: webhook ? needed('NOTIFY_WEBHOOK_KEY') : null,
    from: text('NOTIFY_FROM', 'shop@localhost'),
    shop: text('SHOP_URL', 'https://localhost:8443'),
    trackingKey: needed('TRACKING_KEY'),
    pauseMilliseconds: whole('NOTIFY_PAUSE_MILLISECONDS', 500, 10, 60_000),
    retryMilliseconds: whole('NOTIFY_RETRY_MILLISECONDS', 5000, 10, 3_600_000),
    mostAttempts: whole('NOTIFY_ATTEMPTS', 10, 1, 100),
  };
}

/** What the simulator may be told: orders a second, how long a step takes, and the seed of its choices. */
export function simulator() {
  return {
    intake: text('INTAKE_URL', 'http://127.0.0.1:8080'),
    webhookKey: needed('WEBHOOK_KEY'),
    ordersPerMinute: whole('SIMULATOR_ORDERS_PER_MINUTE', 30, 0, 60_000),
    stepMilliseconds: whole('SIMULATOR_STEP_MILLISECONDS', 10_000, 0, 86_400_000),
    tickMilliseconds: whole('SIMULATOR_TICK_MILLISECONDS', 1000, 20, 60_000),
    seed: whole('SIMULATOR_SEED', 1),
  };
}

/** Where a service's own health and metrics are served. */
export function monitor() {
  return { host: text('MONITOR_HOST', '127.0.0.1'), port: whole('MONITOR_PORT', 9464, 0, 65535) };
}

/** The least level of log lines that are written. */
export function logLevel() {
  return text('LOG_LEVEL', 'info');
}
