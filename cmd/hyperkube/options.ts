// hyperkube's command line: components, each followed by its own flags, separated by `--`.
import { FlagError, PRINTED_VERSION } from '../flags.js';
import { COMPONENTS } from './components.js';

export interface Part {
  name: string;
  argv: string[];
}

const names = () => Object.keys(COMPONENTS).sort();

const usage = () => `Usage: hyperkube COMPONENT [FLAGS] [-- COMPONENT [FLAGS]]...

Runs one or more components in one process. Components: ${names().join(', ')}.
The flags of each are those of its own binary; see hyperkube COMPONENT --help.

Example:
  hyperkube kube-apiserver --etcd-servers=http://127.0.0.1:2379 -- kube-scheduler --kubeconfig=scheduler.conf
`;

/**
 * Splits the words into components. Throws FlagError for help, unknown names and repeated names.
 */
export function parseOptions(argv: readonly string[]): Part[] {
  if (!argv.length || ['--help', '-h', 'help'].includes(argv[0]!))
    throw new FlagError(usage(), argv.length ? 0 : 2);
  if (argv[0] === '--version') throw new FlagError(PRINTED_VERSION, 0);
  const parts: Part[] = [];
  for (const word of ['--', ...argv]) {
    const last = parts.at(-1);
    if (word === '--') parts.push({ name: '', argv: [] });
    else if (last!.name) last!.argv.push(word);
    else last!.name = word;
  }
  const seen = new Set<string>();
  for (const { name } of parts) {
    if (!name) throw new FlagError('hyperkube: a component is missing before or after --');
    if (!COMPONENTS[name])
      throw new FlagError(
        `hyperkube: unknown component "${name}"; there are ${names().join(', ')}`,
      );
    if (seen.has(name)) throw new FlagError(`hyperkube: ${name} is named twice`);
    seen.add(name);
  }
  return parts;
}
