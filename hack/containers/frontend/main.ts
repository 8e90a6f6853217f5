// The container's process: serves on PORT (80) until it is told to stop; then goes on for a moment, while the
// service proxies learn that it is leaving, and finishes running requests.
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
