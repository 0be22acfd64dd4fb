// A container's health check: `node src/healthy.js URL` ends with 0 where the answer is good. Images need no curl for it.

const [, , url] = process.argv;
const answer = await fetch(url, { signal: AbortSignal.timeout(2500) }).catch((error) => ({ ok: false, status: error.message }));
if (!answer.ok) process.stderr.write(`${url}: ${answer.status}\n`);
process.exit(answer.ok ? 0 : 1);
