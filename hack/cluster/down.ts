// hack/down: stops a cluster and removes it, or with --keep all of it but its folder.
import { rmSync } from 'node:fs';
import { parseFlags } from '../../cmd/flags.js';
import { runMain } from '../../cmd/run.js';
import { layoutOf } from './layout.js';
import { checkName, listRecords, readRecord } from './record.js';
import { renderFailure, Steps } from './steps.js';
import { GENTLE_STOP_MS, QUICK_STOP_MS, releaseHost, stopProcesses } from './teardown.js';

const FLAGS = {
  name: { type: 'string', default: 'local', help: "The cluster's name." },
  keep: {
    type: 'boolean',
    help: "Keep the cluster's folder (etcd's data, keys, logs): hack/up continues from it.",
  },
} as const;

async function main(argv: string[]): Promise<void> {
  const flags = parseFlags(
    'hack/down',
    'Stops a cluster and removes every trace of it.',
    FLAGS,
    argv,
  );
  checkName(flags.name);
  const record = readRecord(flags.name);
  if (!record) {
    const others = listRecords().map(({ name }) => name);
    process.stdout.write(
      `There is no cluster "${flags.name}"${others.length ? `; there are: ${others.join(', ')}` : ''}.\n`,
    );
    return;
  }
  const steps = new Steps();
  try {
    await steps.run('processes stopped', () =>
      stopProcesses(record, flags.keep ? GENTLE_STOP_MS : QUICK_STOP_MS),
    );
    await steps.run('devices, namespaces, mounts, cgroups removed', () => releaseHost(record));
    if (!flags.keep)
      await steps.run('files removed', () =>
        Promise.resolve(rmSync(layoutOf(record.name).dir, { recursive: true, force: true })),
      );
  } catch (error) {
    process.stderr.write(renderFailure(error));
    process.exitCode = 1;
  }
}

await runMain('hack/down', main);
