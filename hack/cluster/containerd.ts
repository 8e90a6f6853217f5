// containerd of one node: its configuration and the images in it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { imageReferenceError, parseImageReference } from '../../pkg/util/image/reference.js';
import { enterNode, nodeLayoutOf, ROOT } from './layout.js';
import { filledFile } from './template.js';
import { until } from './wait.js';

export const SOCKET = '/run/containerd/containerd.sock';
export const PAUSE_IMAGE = 'registry.k8s.io/pause:3.10';
const START_MS = 20_000;
const IMPORT_MS = 120_000;

export interface ConfigOptions {
  /**
   * Whether this process may lower oom_score_adj (CAP_SYS_RESOURCE). Without it runc fails to start
   * containers, unless containerd restricts the score.
   */
  mayLowerOomScore: boolean;
  snapshotter: 'overlayfs' | 'native';
}

/** Paths are those inside the node. */
export function renderContainerdConfig(options: ConfigOptions): string {
  return filledFile(join(ROOT, 'hack/cluster/containerd.toml.in'), {
    SOCKET,
    PAUSE_IMAGE,
    RESTRICT_OOM_SCORE: String(!options.mayLowerOomScore),
    SNAPSHOTTER: options.snapshotter,
  });
}

/** CAP_SYS_RESOURCE is bit 24. */
export const mayLowerOomScore = (status: string) =>
  ((BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`) >> 24n) & 1n) === 1n;

export function writeContainerdConfig(
  cluster: string,
  node: string,
  options: ConfigOptions,
): string {
  const file = join(nodeLayoutOf(cluster, node).config, 'containerd.toml');
  writeFileSync(file, renderContainerdConfig(options));
  return file;
}

const ctr = (cluster: string, node: string) => [
  ...enterNode(cluster, node),
  'ctr',
  '--address',
  SOCKET,
  '--namespace',
  'k8s.io',
];

export async function waitForContainerd(
  cluster: string,
  node: string,
  signal?: AbortSignal,
): Promise<void> {
  let last = '';
  const isUp = async () => {
    const { code, stderr } = await tryExec([...ctr(cluster, node), 'version']);
    last = stderr.trim();
    return code === 0;
  };
  await until(isUp, START_MS, () => `containerd of ${node} does not answer: ${last}`, signal);
}

/**
 * The full name under which containerd and the kubelet know the image that a manifest calls `name`.
 * Throws for texts that name no image.
 */
export function normalizeImage(name: string): string {
  const parsed = parseImageReference(name);
  if (!parsed) throw new Error(`"${name}" does not name an image: ${imageReferenceError(name)}`);
  const { domain, path, tag, digest } = parsed;
  const suffix = `${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
  return `${domain}/${path}${suffix || ':latest'}`;
}

/**
 * Imports an archive and returns the names of its images. `name` is a further name for a single
 * image; throws when `name` is given and the archive holds several images. Names are made full,
 * because the kubelet finds images by their full names only.
 */
export async function importImage(
  cluster: string,
  node: string,
  file: string,
  name?: string,
): Promise<string[]> {
  const said = await exec([...ctr(cluster, node), 'images', 'import', file], {
    timeoutMs: IMPORT_MS,
  });
  const found = [...said.matchAll(/^unpacking (\S+) \((sha256:[0-9a-f]+)\)/gm)].map(
    ([, old, digest]) => ({ old: old!, digest }),
  );
  if (name && new Set(found.map(({ digest }) => digest)).size !== 1) {
    const held = found.map(({ old }) => old).join(', ');
    throw new Error(`${file} holds ${found.length} images (${held}): import it without a name`);
  }
  const names: string[] = [];
  for (const { old } of found) {
    const full = normalizeImage(name ?? old);
    names.push(full);
    if (full === old) continue;
    await exec([...ctr(cluster, node), 'images', 'tag', '--force', old, full]);
    if (normalizeImage(old) !== old) await exec([...ctr(cluster, node), 'images', 'remove', old]);
  }
  return [...new Set(names)];
}

/** Name, digest and size of each image reference of a node. */
async function references(cluster: string, node: string): Promise<[string, string, string][]> {
  const [, ...rows] = (await exec([...ctr(cluster, node), 'images', 'list'])).trim().split('\n');
  return rows.map((row) => {
    const [name = '', , digest = '', bytes = '', unit = ''] = row.split(/\s+/);
    return [name, digest, `${bytes} ${unit}`];
  });
}

/** containerd and the kubelet refer to an image by its digest, too. */
const isByDigest = (name: string): boolean => /^sha256:|@/.test(name);

/** The sizes of a node's images by name. */
export async function listImages(cluster: string, node: string): Promise<Map<string, string>> {
  const all = await references(cluster, node);
  return new Map(all.filter(([name]) => !isByDigest(name)).map(([name, , size]) => [name, size]));
}

/**
 * Removes an image's name, and with its last name its content, unless a container uses it. False
 * when the node does not have it.
 */
export async function removeImage(cluster: string, node: string, name: string): Promise<boolean> {
  const all = await references(cluster, node);
  const digest = all.find(([other]) => other === name)?.[1];
  if (!digest) return false;
  const same = all.filter((reference) => reference[1] === digest).map(([other]) => other);
  const isLast = same.every((other) => other === name || isByDigest(other));
  await exec([...ctr(cluster, node), 'images', 'remove', '--sync', ...(isLast ? same : [name])]);
  return true;
}
