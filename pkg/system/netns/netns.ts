// Network namespaces by name, as `ip netns` keeps them under /run/netns, for tests and for tools
// that work in the namespace of a node. Needs root.
import { exec, tryExec } from '../exec.js';

export interface Netns {
  readonly name: string;
  /** '/run/netns/NAME'. */
  readonly path: string;
  /** Arguments that run a command inside the namespace: [...enter, 'ip', 'link']. */
  readonly enter: readonly string[];
}

export function netnsOf(name: string): Netns {
  const path = `/run/netns/${name}`;
  return { name, path, enter: ['nsenter', `--net=${path}`, '--'] };
}

/** Creates a namespace with loopback up. */
export async function createNetns(name: string): Promise<Netns> {
  await exec(['ip', 'netns', 'add', name]);
  await exec(['ip', '-n', name, 'link', 'set', 'lo', 'up']);
  return netnsOf(name);
}

/**
 * Deletes the name; the namespace itself disappears with its last process. No error when the name
 * is gone.
 */
export async function deleteNetns(name: string): Promise<void> {
  await tryExec(['ip', 'netns', 'del', name]);
}
