// Readiness of the cluster's processes, and the report when one does not become ready.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { boundedGet } from '../../pkg/system/bounded-get.js';
import { tryExec } from '../../pkg/system/exec.js';
import { NODES } from '../../pkg/apis/resource-types.js';
import type { Client } from '../../pkg/client/client.js';
import { etcdUrl, hostApiUrl, NETWORK_CONFIG_KEY, networkConfig } from './components.js';
import { etcdRoot } from './etcd-rights.js';
import { layoutOf } from './layout.js';
import type { ClusterRecord } from './record.js';
import { StepError } from './steps.js';
import { supervisorOf } from './supervisor.js';
import { until } from './wait.js';

const ETCD_MS = 30_000;
const API_MS = 60_000;
const PROBE_MS = 2000;
const NODES_MS = 120_000;
/** Times in the API have whole seconds. */
const CLOCK_GRAIN_MS = 1000;
const LOG_LINES = 8;
const LINE_LENGTH = 400;

/**
 * Waits until `ask` returns no reason. The error after `ms` carries the end of each service's log
 * and the next steps.
 */
export async function waitFor(
  record: ClusterRecord,
  services: readonly string[],
  ms: number,
  ask: () => Promise<string | undefined>,
  signal?: AbortSignal,
): Promise<void> {
  let reason: string | undefined;
  const isReady = async () => (reason = await ask()) === undefined;
  try {
    await until(isReady, ms, '', signal);
  } catch {
    signal?.throwIfAborted();
    const supervisor = supervisorOf(record.name);
    const states = await supervisor.status(services);
    const advice: string[] = [];
    for (const name of services) {
      const { state = 'missing' } = states.get(name) ?? {};
      const end = (await supervisor.tail(name, LOG_LINES)).trimEnd().split('\n');
      advice.push(
        `${name} (${state}), log: ${supervisor.logHint(name)}`,
        ...end.map((line) => `  | ${line.slice(0, LINE_LENGTH)}`),
      );
    }
    advice.push(
      `The cluster is left as it is. hack/status --name ${record.name} shows it, hack/down --name ${record.name} removes it.`,
    );
    throw new StepError(`not ready after ${ms / 1000} s: ${reason}`, advice);
  }
}

/** etcdctl as etcd's administrator, without variables of the user's shell that name flags too. */
export function etcdctl(record: ClusterRecord, ...words: string[]): string[] {
  const { ca, cert, key } = etcdRoot(record.name);
  const identity = ['--cacert', ca, '--cert', cert, '--key', key];
  const env = ['env', '-i', `PATH=${process.env['PATH']}`, 'ETCDCTL_API=3'];
  return [...env, 'etcdctl', '--endpoints', etcdUrl(record), ...identity, ...words];
}

export function waitForEtcd(record: ClusterRecord, signal?: AbortSignal): Promise<void> {
  const ask = async () => {
    const { code, stderr } = await tryExec(etcdctl(record, 'endpoint', 'health'));
    return code === 0 ? undefined : lastLine(stderr);
  };
  return waitFor(record, ['etcd'], ETCD_MS, ask, signal);
}

/** Writes flanneld's network configuration to etcd. */
export async function putNetworkConfig(record: ClusterRecord): Promise<void> {
  const put = etcdctl(record, 'put', NETWORK_CONFIG_KEY, networkConfig(record));
  const { code, stderr } = await tryExec(put);
  if (code !== 0)
    throw new Error(`etcd did not take the network configuration: ${lastLine(stderr)}`);
}

/**
 * Asks /readyz once, without the retries and back-off of a client. Returns the reason when the
 * server is not ready.
 */
async function askReadyz(record: ClusterRecord): Promise<string | undefined> {
  const { pki } = layoutOf(record.name);
  const file = (name: string) => readFileSync(join(pki, name));
  const [ca, cert, key] = ['ca.crt', 'components/admin.crt', 'components/admin.key'].map(file);
  const url = `${hostApiUrl(record)}/readyz`;
  const bounds = { timeoutMs: PROBE_MS, maxBytes: 1 << 20 };
  const ask = boundedGet(url, { ...bounds, ca, cert, key });
  return ask.then(
    ({ status, text }) => (status === 200 ? undefined : text.trim()),
    (error: Error) => error.message,
  );
}

export const waitForApi = (
  record: ClusterRecord,
  services: readonly string[],
  signal?: AbortSignal,
): Promise<void> => waitFor(record, services, API_MS, () => askReadyz(record), signal);

/**
 * Waits until every node of the record is Ready by a heartbeat after `since` (milliseconds since
 * the epoch), so that conditions of an earlier run do not count.
 */
export function waitForNodes(
  record: ClusterRecord,
  client: Client,
  since: number,
  signal?: AbortSignal,
): Promise<void> {
  const services = record.nodes.flatMap(({ name }) =>
    ['kubelet', 'flanneld'].map((part) => `${name}.${part}`),
  );
  const ours = new Set(record.nodes.map(({ name }) => name));
  const ask = async () => {
    const items = (await client.list(NODES)).items.filter(({ metadata }) =>
      ours.has(metadata.name),
    );
    const missing = record.nodes
      .filter(({ name }) => !items.some((node) => node.metadata.name === name))
      .map(({ name }) => `${name} has not registered`);
    const unready = items.flatMap((node) => {
      const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
      const isFresh = Date.parse(ready?.lastHeartbeatTime ?? '') >= since - CLOCK_GRAIN_MS;
      return ready?.status === 'True' && isFresh
        ? []
        : [`${node.metadata.name} is not Ready: ${ready?.message ?? 'no condition'}`];
    });
    return [...missing, ...unready].join('; ') || undefined;
  };
  return waitFor(record, services, NODES_MS, ask, signal);
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
