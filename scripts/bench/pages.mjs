// Page loads through the running stack's published port: how many, how fast, and whether any failed. Needs `make up`.
//
//     node scripts/bench/pages.mjs CERTIFICATE [URL] [LOADS] [AT_ONCE]

import fs from 'node:fs';
import https from 'node:https';

const [certificate, url = 'https://localhost:8443/', loads = '10000', atOnce = '200'] = process.argv.slice(2);
const agent = new https.Agent({ keepAlive: true, maxSockets: Number(atOnce), ca: fs.readFileSync(certificate) });
const milliseconds = [];
const failures = new Map();

function load() {
  const began = performance.now();
  return new Promise((resolve) => {
    const end = (outcome) => {
      if (outcome === 200) milliseconds.push(performance.now() - began);
      else failures.set(outcome, (failures.get(outcome) ?? 0) + 1);
      resolve();
    };
    const request = https.get(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => end(response.statusCode));
      response.on('error', (error) => end(error.code));
    });
    request.on('error', (error) => end(error.code));
    request.setTimeout(30_000, () => request.destroy(Object.assign(new Error('slow'), { code: 'no answer' })));
  });
}

let left = Number(loads);
const began = performance.now();
await Promise.all(
  Array.from({ length: Number(atOnce) }, async () => {
    while (left > 0) {
      left -= 1;
      await load();
    }
  }),
);
const seconds = (performance.now() - began) / 1000;
milliseconds.sort((a, b) => a - b);
const at = (share) => Math.round(milliseconds[Math.floor(milliseconds.length * share)] ?? 0);
process.stdout.write(`${milliseconds.length} pages, ${atOnce} at a time, ${Math.round(milliseconds.length / seconds)} a second\n`);
process.stdout.write(`half within ${at(0.5)} ms, 99 % within ${at(0.99)} ms\n`);
process.stdout.write(`failed: ${[...failures].map(([outcome, count]) => `${count} x ${outcome}`).join(', ') || 'none'}\n`);
process.exit(failures.size === 0 ? 0 : 1);
