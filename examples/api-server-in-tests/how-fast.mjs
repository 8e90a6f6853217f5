// Measures milliseconds from the import to a ready server, each time in a fresh process: npm run
// how-fast
import { execFileSync } from 'node:child_process';

const once = `
  const begin = performance.now();
  const { startApiServer } = await import('wheelhouse/api-server');
  const imported = performance.now();
  const server = await startApiServer({ storage: 'memory' });
  await server.ready();
  const ready = performance.now();
  console.log('import', Math.round(imported - begin), 'ms, start to ready', Math.round(ready - imported), 'ms');
  await server.stop();`;
for (let times = 0; times < 5; times++)
  process.stdout.write(
    execFileSync(process.execPath, ['--input-type=module', '-e', once], {
      cwd: import.meta.dirname,
    }),
  );
