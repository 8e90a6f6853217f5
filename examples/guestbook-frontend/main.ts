// The container's process: serves on PORT (default 80) until SIGTERM. It then serves for a moment
// longer, until the service proxies have removed its endpoint, and finishes running requests.
import { hostname } from 'node:os';
import { createFrontend, hostsFrom } from './server.js';

const LEAVE_AFTER_MS = 2000;

const server = createFrontend(hostname(), hostsFrom(process.env));
server.listen(Number(process.env['PORT'] ?? 80), () =>
  process.stdout.write(`serving on ${JSON.stringify(server.address())}\n`),
);
process.once('SIGTERM', () => {
  setTimeout(() => {
    server.close();
    server.closeIdleConnections();
  }, LEAVE_AFTER_MS);
});
