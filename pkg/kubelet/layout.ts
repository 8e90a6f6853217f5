// Paths below --root-dir and the log directory, with upstream's names.
import path from 'node:path';
import type { PodIdentity } from './types/observed.js';

const escape = (plugin: string) => plugin.replaceAll('/', '~');

export interface Layout {
  root: string;
  /** /var/log/pods. */
  podLogs: string;
}

export const podsDirectory = (l: Layout) => path.join(l.root, 'pods');
export const podDirectory = (l: Layout, uid: string) => path.join(podsDirectory(l), uid);
export const volumeDirectory = (l: Layout, uid: string, plugin: string, name: string) =>
  path.join(podDirectory(l, uid), 'volumes', escape(plugin), name);
/** Where the subPaths of a pod's mounts are bound; no container can change it. */
export const subPathsDirectory = (l: Layout, uid: string) =>
  path.join(podDirectory(l, uid), 'volume-subpaths');
export const hostsPath = (l: Layout, uid: string) => path.join(podDirectory(l, uid), 'etc-hosts');
/** Directory of a container's termination logs, with a file per instance. */
export const containerDirectory = (l: Layout, uid: string, container: string) =>
  path.join(podDirectory(l, uid), 'containers', container);
/** Seccomp profiles of type Localhost are relative to this directory. */
export const seccompDirectory = (l: Layout) => path.join(l.root, 'seccomp');
/** Secrets and tokens are never written to disk: all pods of the node share a tmpfs. */
export const memoryDirectory = (l: Layout) => path.join(l.root, 'memory');
export const memoryVolume = (l: Layout, uid: string, plugin: string, name: string) =>
  path.join(memoryDirectory(l), uid, escape(plugin), name);
/** The directory NAMESPACE_NAME_UID, as log collectors expect. */
export const logDirectory = (l: Layout, pod: PodIdentity) =>
  path.join(l.podLogs, `${pod.namespace}_${pod.name}_${pod.uid}`);
