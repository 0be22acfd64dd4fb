// Starts the real parts for a test, each a process on a free port of 127.0.0.1 with its data in a temporary folder:
// MariaDB, the event hub's stand-in, Azurite, and services of this application. Everything started here is stopped here.

import { spawn, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import mysql from 'mysql2/promise';

const APP = fileURLToPath(new URL('../../', import.meta.url));
const STAND_INS = path.join(APP, '../stand-ins');
const REPOSITORY = path.join(APP, '../..');
const KEY = 'a key for tests only';
export const WEBHOOK_KEY = 'webhook key for tests';
const AZURITE_KEY = Buffer.from('another key for tests only').toString('base64');

export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Whether something takes connections on a port of 127.0.0.1. */
export function connects(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Asks again until `ask` gives something true; fails after a generous time, so that a hang has a name. */
export async function until(what, ask, seconds = 120) {
  const deadline = Date.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error.message;
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s (last: ${last})`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** One child process, its output kept in a file that a failed test can be read from. */
class Part {
  constructor(folder, name, command, args, env = {}) {
    Object.assign(this, { name, command, args, env, log: path.join(folder, `${name}.log`) });
  }

  start() {
    const out = fs.openSync(this.log, 'a');
    this.child = spawn(this.command, this.args, { env: { ...process.env, ...this.env }, stdio: ['ignore', out, out] });
    fs.closeSync(out);
    this.ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve({ code, signal })));
    return this;
  }

  async end(signal = 'SIGTERM') {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return this.ended;
    this.child.kill(signal);
    return this.ended;
  }

  output() {
    return fs.readFileSync(this.log, 'utf8');
  }
}

export class Parts {
  /** `changes.hub`: more environment for the hub; `changes.azurite`: more arguments for Azurite. */
  static async start(changes = {}) {
    const parts = new Parts();
    parts.changes = changes;
    parts.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oms-parts-'));
    parts.started = [];
    await Promise.all([parts.#database(), parts.#hub(), parts.#azurite()]);
    return parts;
  }

  part(name, command, args, env) {
    const part = new Part(this.folder, name, command, args, env);
    this.started.push(part);
    return part.start();
  }

  async #database() {
    const data = path.join(this.folder, 'mariadb');
    const user = os.userInfo().username;
    // A server that starts removes the temporary tables that it finds: in a shared folder they are another's.
    execFileSync('mariadb-install-db', ['--no-defaults', '--auth-root-authentication-method=normal', '--skip-test-db', `--datadir=${data}`, `--user=${user}`], { stdio: 'ignore', env: { ...process.env, TMPDIR: this.folder }, timeout: 240_000 });
    this.databasePort = await freePort();
    this.databaseArgs = ['--no-defaults', `--datadir=${data}`, `--user=${user}`, `--port=${this.databasePort}`, '--bind-address=127.0.0.1', `--socket=${path.join(this.folder, 'db.sock')}`, '--innodb-buffer-pool-size=256M', '--innodb-log-file-size=256M', '--skip-name-resolve', `--tmpdir=${this.folder}`];
    await this.startDatabase();
    const root = await mysql.createConnection({ host: '127.0.0.1', port: this.databasePort, user: 'root', multipleStatements: true });
    await root.query('CREATE DATABASE oms CHARACTER SET utf8mb4; USE oms');
    for (const file of [path.join(REPOSITORY, 'seed/schema.sql'), path.join(APP, '../database/catalogue.sql')]) {
      await root.query(fs.readFileSync(file, 'utf8'));
    }
    await root.end();
    this.pool = mysql.createPool({ host: '127.0.0.1', port: this.databasePort, user: 'root', database: 'oms', dateStrings: true });
  }

  async startDatabase() {
    this.database = this.part('mariadb', 'mariadbd', this.databaseArgs);
    await until('MariaDB', async () => {
      const connection = await mysql.createConnection({ host: '127.0.0.1', port: this.databasePort, user: 'root' });
      await connection.end();
      return true;
    });
  }

  async #hub() {
    this.hubPort ??= await freePort();
    this.hubHealthPort ??= await freePort();
    await this.startHub();
  }

  async startHub() {
    const env = {
      HUB_KEY: KEY,
      HUB_PORT: String(this.hubPort),
      HUB_HEALTH_PORT: String(this.hubHealthPort),
      HUB_FOLDER: path.join(this.folder, 'hub'),
      HUB_PARTITIONS: '4',
      ...this.changes.hub,
    };
    this.hub = this.part('hub', process.execPath, [path.join(STAND_INS, 'src/event-hub.js')], env);
    await until('the event hub', async () => (await fetch(`http://127.0.0.1:${this.hubHealthPort}/health`)).ok);
  }

  async #azurite() {
    const port = await freePort();
    const data = path.join(this.folder, 'azurite');
    const program = path.join(STAND_INS, 'node_modules/azurite/dist/src/blob/main.js');
    const args = [program, '--blobHost', '127.0.0.1', '--blobPort', String(port), '--location', data, '--skipApiVersionCheck', '--disableTelemetry', ...(this.changes.azurite ?? [])];
    this.storagePort = port;
    this.azurite = this.part('azurite', process.execPath, args, { AZURITE_ACCOUNTS: `devaccount:${AZURITE_KEY}` });
    this.storage = `DefaultEndpointsProtocol=http;AccountName=devaccount;AccountKey=${AZURITE_KEY};BlobEndpoint=http://127.0.0.1:${port}/devaccount;`;
    await until('Azurite', () => connects(port));
  }

  get hubConnection() {
    return `Endpoint=sb://127.0.0.1:${this.hubPort}/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=${KEY};UseDevelopmentEmulator=true;`;
  }

  get environment() {
    return {
      DB_HOST: '127.0.0.1',
      DB_PORT: String(this.databasePort),
      DB_USER: 'root',
      HUB_CONNECTION_STRING: this.hubConnection,
      CHECKPOINT_CONNECTION_STRING: this.storage,
      // Short, so that partitions change hands within a test's patience.
      PROCESSOR_OWNERSHIP_MILLISECONDS: '3000',
      PROCESSOR_BALANCE_MILLISECONDS: '500',
      PROCESSOR_WATCH_MILLISECONDS: '1000',
      HUB_TIMEOUT_MILLISECONDS: '3000',
      // Longer than anybody waits in a shop: a machine that tests may be very busy.
      INTAKE_HUB_MILLISECONDS: '15000',
      TRACKING_KEY: 'tracking key for tests',
      WEBHOOK_KEY: WEBHOOK_KEY,
    };
  }

  /** Starts a service of the application and waits until it says that it is ready. */
  async service(kind, env = {}, name = kind) {
    const port = await freePort();
    const settings = { ...this.environment, MONITOR_PORT: String(port), ...env };
    const part = this.part(name, process.execPath, [path.join(APP, 'src/main.js'), kind], settings);
    part.monitor = `http://127.0.0.1:${port}`;
    await until(`${name} ready`, async () => (await fetch(`${part.monitor}/readyz`)).ok);
    return part;
  }

  async rows(sql, values) {
    const [rows] = await this.pool.query(sql, values);
    return rows;
  }

  async one(sql, values) {
    return Object.values((await this.rows(sql, values))[0])[0];
  }

  async stop() {
    await this.pool?.end().catch(() => {});
    // Services first, the database last.
    for (const part of this.started.toReversed()) {
      const gone = part.end();
      // One that does not end when asked is not waited for.
      const timer = setTimeout(() => part.child.kill('SIGKILL'), 30_000);
      await gone;
      clearTimeout(timer);
    }
    if (!process.env.OMS_KEEP) fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
