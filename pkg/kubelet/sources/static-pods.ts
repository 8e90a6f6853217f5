// Static pods from a manifest file or from the files of a directory (not recursive, without dot
// files). A file holds one pod in JSON or YAML; an invalid file is logged and skipped (upstream:
// pkg/kubelet/config/{file,common}.go).
import { jsonText } from '../../util/json/json-text.js';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { invalid } from '../../apimachinery/errors/status-error.js';
import { decodeObject } from '../../apimachinery/codec/strict.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import { subdomainName, validateObjectMeta } from '../../apis/meta/v1/object-meta.js';
import { validatePod, validatePodCreate } from '../../apis/core/v1/validation/pod.js';
import { defaultPod } from '../../apis/core/v1/pod-defaults.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { sleep, timestamp, type Clock, type Log } from '../../util/env/env.js';
import { Wakeup } from '../../util/wait/abortable.js';
import { every } from '../../util/wait/every.js';
import { MANIFEST_BYTES, STATIC_POD_PERIOD, EDITOR_SETTLE } from '../limits.js';
import { CONFIG_HASH, CONFIG_SEEN, CONFIG_SOURCE } from '../types/labels.js';
import { watchPath } from '../../system/files/watch-path.js';

export interface StaticPodOptions {
  path: string;
  nodeName: string;
}

/**
 * Parses a manifest and gives the pod the name suffix and annotations of static pods. May throw.
 */
export function staticPod(text: string, file: string, nodeName: string, now: number): Pod {
  const value = parse(text) as Pod | null;
  if (typeof value !== 'object' || value?.kind !== 'Pod' || value.apiVersion !== 'v1')
    throw new Error('not a Pod of v1');
  const content = jsonText(value);
  const pod = decodeObject<Pod>(value, 'io.k8s.api.core.v1.Pod', MESSAGES, 'Ignore').object;
  pod.metadata ??= { name: '' };
  pod.spec ??= { containers: [] };
  // The uid is a hash of node, file and content, as upstream, so that an edited manifest is a new
  // pod.
  const hash = createHash('md5').update(`host:${nodeName}\0file:${file}\0${content}`).digest('hex');
  const uid = pod.metadata.uid || hash;
  // The kubelet must see the pod as the API server stores its mirror: with requests from limits.
  defaultPod(pod);
  const namespace = pod.metadata.namespace || 'default';
  pod.metadata.namespace = namespace;
  const errors = [
    ...validateObjectMeta(pod.metadata, true, subdomainName),
    ...validatePod(pod),
    ...validatePodCreate(pod),
  ];
  if (errors.length) throw invalid({ group: '', kind: 'Pod' }, pod.metadata.name, errors);
  const toleration = { operator: 'Exists', effect: 'NoExecute' };
  return {
    ...pod,
    apiVersion: 'v1',
    metadata: {
      ...pod.metadata,
      name: `${pod.metadata.name}-${nodeName.toLowerCase()}`,
      namespace,
      uid,
      annotations: {
        ...pod.metadata.annotations,
        [CONFIG_HASH]: uid,
        [CONFIG_SOURCE]: 'file',
        [CONFIG_SEEN]: timestamp(now),
      },
    },
    spec: { ...pod.spec, nodeName, tolerations: [...(pod.spec.tolerations ?? []), toleration] },
    status: { phase: 'Pending' },
  };
}

async function manifestFiles(where: string): Promise<string[]> {
  const info = await stat(where).catch(() => undefined);
  if (!info) return [];
  if (info.isFile()) return [where];
  const names = (await readdir(where, { withFileTypes: true })).filter(
    (e) => !e.isDirectory() && !e.name.startsWith('.'),
  );
  return names.map((e) => path.join(where, e.name)).sort();
}

/** The pods of the manifest file or directory. */
export async function readManifests(
  options: StaticPodOptions,
  clock: Clock,
  log: Log,
): Promise<Pod[]> {
  const pods = new Map<string, Pod>();
  for (const file of await manifestFiles(options.path)) {
    try {
      if ((await stat(file)).size > MANIFEST_BYTES) throw new Error('file too large');
      const pod = staticPod(await readFile(file, 'utf8'), file, options.nodeName, clock.now());
      pods.set(pod.metadata.uid!, pod);
    } catch (error) {
      log.warn('static pod manifest skipped', { file, error });
    }
  }
  return [...pods.values()];
}

/** Calls back with all pods at the start and after each change, until abort. */
export async function watchManifests(
  options: StaticPodOptions,
  clock: Clock,
  log: Log,
  onPods: (pods: Pod[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const wakeup = new Wakeup();
  let hasChanged = false;
  const onChange = () => {
    hasChanged = true;
    wakeup.wake();
  };
  let watcher: ReturnType<typeof watchPath>;
  let seen: string | undefined;
  const failed = 'static pods not read';
  await every(
    { env: { clock, log }, signal, periodMs: STATIC_POD_PERIOD, wakeup, failed },
    async () => {
      watcher?.close();
      // Editors write files in several steps; wait for the last one.
      if (hasChanged) await sleep(clock, EDITOR_SETTLE, signal);
      hasChanged = false;
      watcher = watchPath(options.path, onChange);
      const pods = await readManifests(options, clock, log);
      const now = pods.map((p) => p.metadata.uid).join();
      if (now !== seen) onPods(pods);
      seen = now;
    },
  );
  watcher?.close();
}
