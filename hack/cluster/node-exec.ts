// hack/node-exec [--name CLUSTER] NODE COMMAND...: runs a command inside a node's namespaces, on
// this terminal.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { runMain } from '../../cmd/run.js';
import { enterNode } from './layout.js';
import { requireRecord } from './record.js';

const USAGE = `Usage: hack/node-exec [--name CLUSTER] NODE COMMAND...

Runs COMMAND in the network, mount and uts namespaces of a node. Its exit code becomes ours.
  hack/node-exec node-1 ip address
  hack/node-exec --name two node-2 ctr -n k8s.io containers list
`;

/** Our flags end at the node's name; all further words belong to the command. */
function parse(argv: readonly string[]): { cluster: string; node?: string; command: string[] } {
  const words = [...argv];
  let cluster = 'local';
  for (;;) {
    const word = words[0];
    if (word === '--name') {
      cluster = words[1] ?? '';
      words.splice(0, 2);
    } else if (word?.startsWith('--name=')) {
      cluster = word.slice('--name='.length);
      words.shift();
    } else break;
  }
  const [node, ...command] = words;
  return { cluster, ...(node && { node }), command };
}

async function main(argv: string[]): Promise<void> {
  const { cluster, node, command } = parse(argv);
  if (!node || node.startsWith('-') || !command.length) {
    (node === '--help' || node === '-h' ? process.stdout : process.stderr).write(USAGE);
    process.exitCode = node === '--help' || node === '-h' ? 0 : 2;
    return;
  }
  const record = requireRecord(cluster);
  if (!record.nodes.some(({ name }) => name === node))
    throw new Error(
      `cluster "${cluster}" has no node "${node}"; it has ${record.nodes.map(({ name }) => name).join(', ')}`,
    );
  const [file, ...words] = [...enterNode(cluster, node), ...command];
  const child = spawn(file!, words, { stdio: 'inherit' });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
}

await runMain('hack/node-exec', main);
