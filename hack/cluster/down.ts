// hack/down: stops a cluster and removes it, or with --keep all of it but its folder.
import { setImmediate as turn } from 'node:timers/promises';
import { parseFlags } from '../../cmd/flags.js';
import { exitCodeOf, runMain } from '../../cmd/run.js';
import { DOWN_FLAGS } from './flags.generated.js';
import { checkName, listRecords, readRecord } from './record.js';
import { withClusterLock } from './reservations.js';
import { Steps } from './steps.js';
import { removeCluster } from './teardown.js';
import { unmergeKubeconfig } from './user-kubeconfig.js';

/** A kubeconfig that somebody broke does not keep a cluster. */
async function forgetContext(name: string): Promise<void> {
  try {
    const file = await unmergeKubeconfig(name);
    if (file) process.stdout.write(`${file} no longer has wheelhouse-${name}\n`);
  } catch (error) {
    process.stderr.write(`wheelhouse-${name} stays in a kubeconfig: ${(error as Error).message}\n`);
  }
}

async function main(argv: string[], signal: AbortSignal): Promise<void> {
  const about = 'Stops a cluster and removes every trace of it.';
  const flags = parseFlags('hack/down', about, DOWN_FLAGS, argv);
  checkName(flags.name);
  const remove = async () => {
    const record = readRecord(flags.name);
    if (record) {
      await removeCluster(record, flags.keep, new Steps(signal));
      if (!flags.keep) await forgetContext(record.name);
      return;
    }
    const others = listRecords().map(({ name }) => name);
    process.stdout.write(
      `There is no cluster "${flags.name}"${others.length ? `; there are: ${others.join(', ')}` : ''}.\n`,
    );
  };
  try {
    await withClusterLock(flags.name, 'hack/down', remove);
  } catch (error) {
    await turn(); // The signal that ended a child may still be on its way to this process.
    if (!signal.aborted) throw error;
    process.stderr.write('Interrupted; the next hack/down removes the rest.\n');
    process.exitCode = exitCodeOf(signal);
  }
}

await runMain('hack/down', main);
