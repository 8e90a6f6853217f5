// kubectl as its plugins use it: it knows the kubeconfig, the credentials and the kinds.
import { tryExec } from './exec.js';

export class Kubectl {
  /** `flags` select the cluster, the user and the namespace of every call. */
  constructor(
    private readonly flags: readonly string[],
    private readonly signal: AbortSignal,
  ) {}

  /** The command's stdout. Throws an Error with kubectl's own words. */
  async run(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await tryExec(['kubectl', ...args, ...this.flags], {
      input,
      signal: this.signal,
    });
    if (code !== 0) throw new Error(stderr.trim() || `kubectl ${args[0]}: exit code ${code}`);
    return stdout;
  }

  /** The objects that the command answers with; none for an empty answer. */
  async objects<T extends object>(args: readonly string[], input?: string): Promise<T[]> {
    const text = await this.run([...args, '-o', 'json'], input);
    if (!text) return [];
    const found = JSON.parse(text) as T & { items?: T[] };
    return found.items ?? [found];
  }
}
