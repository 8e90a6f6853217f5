// Measures milliseconds from the import to a ready API server and to a ready cluster, and the
// memory of the process, each time in a fresh process: npm run how-fast
import { execFileSync } from 'node:child_process';

const once = (call) => `
  const begin = performance.now();
  const { ${call} } = await import('wheelhouse-test');
  const imported = performance.now();
  const running = await ${call}();
  const ready = performance.now();
  const times = [imported - begin, ready - imported].map(Math.round);
  console.log('${call}: import', times[0], 'ms, start', times[1], 'ms,',
    Math.round(process.memoryUsage.rss() / 1e6), 'MB');
  await running.stop();`;
for (const call of ['startApiServer', 'startCluster'])
  for (let times = 0; times < 5; times++)
    process.stdout.write(
      execFileSync(process.execPath, ['--input-type=module', '-e', once(call)], {
        cwd: import.meta.dirname,
      }),
    );
