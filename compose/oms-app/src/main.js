// Starts one service of the pipeline: `node src/main.js processor`. Signals end it gracefully; a wrong setting ends it
// with a sentence.

import pino from 'pino';

import * as settings from './settings.js';
import { startMonitor } from './monitor.js';

// A graceful end that takes longer than this is no longer waited for: nothing is lost by an abrupt one.
const LONGEST_END = 20_000;

const SERVICES = {
  async intake(log) {
    const { Intake } = await import('./intake/intake.js');
    const service = new Intake({ database: settings.database(), eventHub: settings.eventHub(), intake: settings.intake(), log });
    return { start: () => service.start(), close: () => service.close() };
  },

  async notifier(log) {
    const { Notifier } = await import('./notifier/notifier.js');
    return monitored(new Notifier({ database: settings.database(), notifier: settings.notifier(), log }), log);
  },

  async simulator(log) {
    const { Simulator } = await import('./simulator/simulator.js');
    return monitored(new Simulator({ database: settings.database(), simulator: settings.simulator(), log }), log);
  },

  async processor(log) {
    const { Processor } = await import('./processor/processor.js');
    const service = new Processor({
      database: settings.database(),
      eventHub: settings.eventHub(),
      checkpoints: settings.checkpoints(),
      processor: settings.processor(),
      log,
    });
    return monitored(service, log);
  },
};

// A service that serves nothing itself gets a port for its health and metrics.
async function monitored(service, log) {
  const monitor = await startMonitor(settings.monitor(), service.registry, () => service.notReady());
  log.info({ port: monitor.address().port }, 'monitor listens');
  return { start: () => service.start(), close: () => service.close() };
}

async function main(name) {
  const log = pino({ name, level: settings.logLevel(), base: { service: name }, timestamp: pino.stdTimeFunctions.isoTime });
  const service = await SERVICES[name](log);
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, async () => {
      if (ending) return;
      ending = true;
      log.info({ signal }, 'stopping');
      setTimeout(() => process.exit(0), LONGEST_END).unref();
      try {
        await service.close();
      } catch (error) {
        log.error({ error: error.message }, 'the end was not graceful');
      }
      process.exit(0);
    });
  }
  try {
    await service.start();
  } catch (error) {
    if (!ending) throw error;
  }
}

const name = process.argv[2];
if (!Object.hasOwn(SERVICES, name ?? '')) {
  process.stderr.write(`no service named \`${name ?? ''}\`\nhint: one of ${Object.keys(SERVICES).join(', ')}\n`);
  process.exit(2);
}
main(name).catch((error) => {
  process.stderr.write(`cannot start ${name}: ${error.message}\n${error.hint ? `hint: ${error.hint}\n` : ''}`);
  process.exit(error instanceof settings.SettingError ? 2 : 1);
});
