// The API server on the memory store and the controller manager, in the process of the test.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startApiServer,
  type RunningApiServer,
  type StartOptions,
} from '../../cmd/kube-apiserver/start.js';
import { parseOptions } from '../../cmd/kube-controller-manager/options.js';
import { runKubeControllerManager } from '../../cmd/kube-controller-manager/run.js';
import type { Client } from '../../pkg/client/client.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { NAMESPACES, PODS } from '../../pkg/apis/resource-types.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import { realEnv } from '../../pkg/system/env.js';

export const BOUND_MS = 40_000;

/**
 * Calls `check` until its result is truthy; throws with the last result at the time limit.
 */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + BOUND_MS;
  let last: unknown;
  for (;;) {
    try {
      const value = await check();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end)
      throw new Error(
        `${what}: not within ${BOUND_MS} ms; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export interface ControlPlane {
  readonly api: RunningApiServer;
  /** The client of an administrator. */
  readonly client: Client;
  /** Creates a namespace with a unique name. */
  namespace(): Promise<string>;
  pods(namespace: string, labelSelector?: string): Promise<Pod[]>;
  /** Writes the status of a pod as the kubelet does: running, and ready or not. */
  setReady(pod: Pod, ready: boolean, ip?: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * `flags` are additional flags of kube-controller-manager, which runs as
 * system:kube-controller-manager, under RBAC.
 */
export async function startControlPlane(
  flags: readonly string[] = [],
  server: StartOptions = {},
): Promise<ControlPlane> {
  const api = await startApiServer(server);
  await api.ready();
  const folder = await mkdtemp(join(tmpdir(), 'wheelhouse-cm-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, api.kubeconfigFor('system:kube-controller-manager'));
  const abort = new AbortController();
  const config = parseOptions([
    '--kubeconfig',
    kubeconfig,
    '--secure-port',
    '0',
    '--log-level',
    'error',
    ...flags,
  ]);
  const manager = runKubeControllerManager(
    config,
    realEnv('kube-controller-manager', config['log-level']),
    abort.signal,
  );
  const client = createClient(await loadKubeconfig(api.kubeconfig), realEnv('test', 'error'));
  return {
    api,
    client,
    async namespace() {
      const { metadata } = await client.create(NAMESPACES, {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { generateName: 'test-' },
        spec: {},
      });
      return metadata.name;
    },
    pods: async (namespace, labelSelector) =>
      (await client.list(PODS, { namespace, ...(labelSelector ? { labelSelector } : {}) })).items,
    async setReady(pod, ready, ip) {
      const conditions = [
        {
          type: 'Ready',
          status: ready ? 'True' : 'False',
          lastTransitionTime: new Date().toISOString().replace(/\.\d+/, ''),
        },
      ];
      const status = {
        phase: 'Running',
        conditions,
        ...(ip ? { podIP: ip, podIPs: [{ ip }] } : {}),
      };
      await client.patch(
        PODS,
        { namespace: pod.metadata.namespace!, name: pod.metadata.name },
        { status },
        { type: 'merge', subresource: 'status' },
      );
    },
    async stop() {
      abort.abort(new Error('test over'));
      await manager;
      await client.close();
      await api.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * A control plane for the tests of the current suite; each test gets a namespace of its own.
 */
export function controlPlane(take: (plane: ControlPlane, namespace: string) => void): void {
  let plane: ControlPlane | undefined;
  before(async () => {
    plane = await startControlPlane();
  });
  after(() => plane?.stop());
  beforeEach(async () => take(plane!, await plane!.namespace()));
}
