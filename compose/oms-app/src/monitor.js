// Health and metrics over HTTP for services that serve nothing else. It tells; it never changes anything.

import http from 'node:http';

/**
 * Serves /livez, /readyz (503 with the cause while `notReady()` gives one) and /metrics of `registry`.
 * Resolves with the server once it listens.
 */
export function startMonitor({ host, port }, registry, notReady) {
  const server = http.createServer(async (request, response) => {
    const reply = (status, body, type = 'application/json') => {
      response.writeHead(status, { 'content-type': type });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (request.url === '/livez') return reply(200, { status: 'alive' });
    if (request.url === '/metrics') return reply(200, await registry.metrics(), registry.contentType);
    if (request.url === '/readyz') {
      const cause = notReady();
      return cause ? reply(503, { status: 'not ready', cause }) : reply(200, { status: 'ready' });
    }
    return reply(404, { error: 'not found' });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
