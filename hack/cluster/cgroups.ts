// The cgroups of a cluster: /wheelhouse/NAME/NODE in every v1 controller, or in the v2 tree. Every
// process of a node, including shims and containers, is below its cgroup, so hack/down finds all of
// them.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { tolerating } from './tolerate.js';

const BASE = '/sys/fs/cgroup';
const GONE = ['ENOENT', 'ENODEV'];
const CPUSET_FILES = ['cpuset.cpus', 'cpuset.mems'];

/**
 * The mounted hierarchies: one folder each on v1, the root itself on v2, both kinds on a hybrid
 * machine.
 */
function allHierarchies(): string[] {
  if (existsSync(join(BASE, 'cgroup.controllers'))) return [BASE];
  return readdirSync(BASE)
    .map((name) => join(BASE, name))
    .filter((dir) => statSync(dir).isDirectory() && existsSync(join(dir, 'cgroup.procs')));
}

/** The hierarchies that hold controllers; the v2 tree of a hybrid machine holds none. */
export function hierarchies(): string[] {
  const all = allHierarchies();
  return all[0] === BASE ? all : all.filter((dir) => !existsSync(join(dir, 'cgroup.controllers')));
}

/**
 * The path of a cluster's or a node's group below each hierarchy, as the kubelet's --cgroup-root
 * wants it.
 */
export const cgroupOf = (cluster: string, part?: string) =>
  `/wheelhouse/${cluster}${part ? `/${part}` : ''}`;

/**
 * Creates the group in every hierarchy. A v1 cpuset accepts no process before it has CPUs and
 * memory nodes.
 */
export function createCgroup(path: string): void {
  for (const top of hierarchies()) {
    let dir = top;
    for (const part of path.split('/').filter(Boolean)) {
      const parent = dir;
      dir = join(dir, part);
      mkdirSync(dir, { recursive: true });
      if (existsSync(join(dir, 'cgroup.subtree_control'))) enableControllers(parent);
      for (const file of CPUSET_FILES) {
        if (top.endsWith('/cpuset') && readFileSync(join(dir, file), 'utf8').trim() === '')
          writeFileSync(join(dir, file), readFileSync(join(parent, file)));
      }
    }
  }
}

function enableControllers(dir: string): void {
  const available = readFileSync(join(dir, 'cgroup.controllers'), 'utf8')
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  for (const controller of available) {
    try {
      writeFileSync(join(dir, 'cgroup.subtree_control'), `+${controller}`);
    } catch {
      // Another program holds this controller; the node runs without its limits.
    }
  }
}

/** The files into which a process writes its pid to enter the group. */
export const cgroupFiles = (path: string) =>
  hierarchies().map((top) => join(top, path, 'cgroup.procs'));

/** Every process in the group or below it. */
export function processesIn(path: string): Set<number> {
  const pids = new Set<number>();
  const walk = (dir: string) => {
    for (const entry of readdirSync(dir, { withFileTypes: true }))
      if (entry.isDirectory()) walk(join(dir, entry.name));
    for (const pid of readFileSync(join(dir, 'cgroup.procs'), 'utf8').split('\n'))
      if (pid && pid !== '0') pids.add(Number(pid));
  };
  for (const top of allHierarchies()) tolerating(GONE, () => walk(join(top, path)));
  return pids;
}

/**
 * Removes the empty group and its children, and the common parent when it holds no other cluster.
 */
export function removeCgroup(path: string): void {
  const remove = (dir: string) => {
    for (const entry of readdirSync(dir, { withFileTypes: true }))
      if (entry.isDirectory()) remove(join(dir, entry.name));
    rmdirSync(dir);
  };
  for (const top of allHierarchies()) {
    tolerating(GONE, () => remove(join(top, path)));
    const parent = join(top, path, '..');
    const left = existsSync(parent) ? readdirSync(parent, { withFileTypes: true }) : undefined;
    if (left && !left.some((entry) => entry.isDirectory())) rmdirSync(parent);
  }
}
