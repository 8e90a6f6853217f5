// hack/kubeconfig: a cluster's kubeconfig, alone or within the user's own.
import { readFileSync } from 'node:fs';
import { FlagError, parseFlags } from '../../cmd/flags.js';
import { runMain } from '../../cmd/run.js';
import { KUBECONFIG_FLAGS } from './flags.generated.js';
import { layoutOf } from './layout.js';
import { checkName, requireRecord } from './record.js';
import { mergeKubeconfig, unmergeKubeconfig } from './user-kubeconfig.js';

const ABOUT = `Prints a cluster's kubeconfig, or keeps it in the user's own as wheelhouse-NAME.
The user's own is the first file of KUBECONFIG, else ~/.kube/config, also with sudo.`;

async function main(argv: string[]): Promise<void> {
  const { name, merge, remove } = parseFlags('hack/kubeconfig', ABOUT, KUBECONFIG_FLAGS, argv);
  checkName(name);
  if (merge && remove) throw new FlagError('hack/kubeconfig: --merge or --remove, not both');
  const say = (text: string) => void process.stdout.write(text);
  if (remove) {
    const file = await unmergeKubeconfig(name);
    return say(
      file ? `${file} no longer has wheelhouse-${name}\n` : 'There was nothing to remove.\n',
    );
  }
  const record = requireRecord(name);
  if (!merge) return say(readFileSync(layoutOf(name).kubeconfig, 'utf8'));
  say(`${await mergeKubeconfig(record)}: the current context is wheelhouse-${name}\n`);
}

await runMain('hack/kubeconfig', main);
