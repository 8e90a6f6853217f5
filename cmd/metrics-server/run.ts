// Joins the scraper of kubelets with the server of metrics.k8s.io.
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { keyOf, type ApiObject } from '../../pkg/apimachinery/meta/object.js';
import type { Node, Pod } from '../../pkg/apis/core/v1/types.js';
import { CONFIG_MAPS, NODES, PODS } from '../../pkg/apis/resource-types.js';
import { reviewAccess } from '../../pkg/client/access-review.js';
import { createInformerFactory } from '../../pkg/client/informer-factory.js';
import { loadClientConfig, type ClientConfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { TRUST_LOOK } from '../../pkg/metrics/limits.js';
import { kubeletReader, runScraper, type KubeletAccess } from '../../pkg/metrics/scrape.js';
import { serveMetrics, type ServeOptions } from '../../pkg/metrics/serve.js';
import { TRUST_MAP, trustOf, type Trust } from '../../pkg/metrics/trust.js';
import { UsageStore } from '../../pkg/metrics/usage-store.js';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';
import { Wakeup } from '../../pkg/util/wait/abortable.js';
import { every } from '../../pkg/util/wait/every.js';
import type { Run } from '../run.js';
import type { MetricsServerConfig } from './options.js';
export { parseOptions } from './options.js';

/** The part of an object that selectors read. */
const onlyMetadata = <T extends ApiObject>({ apiVersion, kind, metadata }: T): T => {
  const { name, namespace, labels, uid, resourceVersion } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, labels, uid, resourceVersion } } as T;
};

const placed = (pod: Pod): Pod =>
  ({ ...onlyMetadata(pod), spec: { nodeName: pod.spec.nodeName } }) as Pod;

/** Addresses and the port are all that a scrape needs of a node's status. */
const addressed = (node: Node): Node => {
  const { addresses, daemonEndpoints } = node.status ?? {};
  return { ...onlyMetadata(node), status: { addresses, daemonEndpoints } } as Node;
};

const read = async (path: string | undefined) => (path ? readFile(path, 'utf8') : undefined);

async function kubeletAccess(
  config: MetricsServerConfig,
  client: ClientConfig,
): Promise<KubeletAccess> {
  const own = {
    cert: await read(config['kubelet-client-certificate']),
    key: await read(config['kubelet-client-key']),
  };
  const { cert, key } = own.cert && own.key ? own : client;
  const ca = (await read(config['kubelet-certificate-authority'])) ?? client.ca;
  const bytes = (pem: string | Uint8Array | undefined) => pem && Buffer.from(pem);
  return {
    addressTypes: config['kubelet-preferred-address-types'],
    port: config['kubelet-port'],
    usesStatusPort: config['kubelet-use-node-status-port'],
    tls: {
      ca: bytes(ca),
      cert: bytes(cert),
      key: bytes(key),
      rejectUnauthorized: !config['kubelet-insecure-tls'],
    },
    token: async () => (await read(client.tokenFile))?.trim() ?? client.token,
    timeoutMs: config['kubelet-request-timeout'],
  };
}

async function servingPair(config: MetricsServerConfig): Promise<ServeOptions['pair']> {
  const cert = await read(config['tls-cert-file']);
  const key = await read(config['tls-private-key-file']);
  if (cert && key) return { cert, key };
  const name = 'metrics-server.kube-system.svc';
  const ca = createCa('metrics-server-ca');
  const made = issue({ ca, commonName: name, sans: [name, 'localhost'], usages: ['server'] });
  return { cert: made.certPem, key: made.keyPem };
}

/** Runs until abort. */
export const runMetricsServer: Run<MetricsServerConfig> = async (config, env, signal) => {
  const { clock, log } = env;
  const clientConfig = await loadClientConfig(config.kubeconfig, process.env);
  const client = createClient(clientConfig, env);
  const informers = createInformerFactory(client, env);
  const nodes = informers.informer(NODES, { transform: addressed });
  const pods = informers.informer(PODS, { transform: placed });
  const fieldSelector = `metadata.name=${TRUST_MAP.name}`;
  const trusts = informers.informer(CONFIG_MAPS, { namespace: TRUST_MAP.namespace, fieldSelector });
  const store = new UsageStore(config['metric-resolution']);
  const changed = new Wakeup();
  const wake = () => changed.wake();
  trusts.addHandler({ added: wake, updated: wake });
  const options: Omit<ServeOptions, 'trust'> = {
    env,
    address: config['bind-address'],
    port: config['secure-port'],
    pair: await servingPair(config),
    reviewer: reviewAccess(client, clock, signal),
    source: {
      now: () => clock.now(),
      subjects: (resource, namespace) =>
        (resource === 'nodes' ? nodes : pods).store
          .list()
          .map(({ metadata }) => metadata)
          .filter((one) => !namespace || one.namespace === namespace),
      usage: (key) => store.get(key),
    },
    unready: () =>
      !nodes.synced || !pods.synced
        ? 'informers have not synced'
        : store.hasNodes
          ? undefined
          : 'no metrics to serve',
  };

  let trust: Trust | undefined;
  let stop = new AbortController();
  /** Serves anew when the authorities have changed. */
  async function serve(): Promise<void> {
    const found = trusts.store.get(keyOf({ metadata: TRUST_MAP }));
    const next = found && trustOf(found);
    if (!next || isDeepStrictEqual(next, trust)) return;
    trust = next;
    stop.abort();
    stop = new AbortController();
    const until = AbortSignal.any([signal, stop.signal]);
    log.info('serving', { port: await serveMetrics({ ...options, trust }, until) });
  }
  const failed = (error: unknown) => {
    throw error;
  };
  const serving = { env, signal, periodMs: TRUST_LOOK, wakeup: changed, failed };

  const scrape = async () => {
    await Promise.all([nodes.waitForSync(signal), pods.waitForSync(signal)]);
    const read = kubeletReader(await kubeletAccess(config, clientConfig), signal);
    await runScraper(
      {
        env,
        store,
        read,
        nodes: () => nodes.store.list(),
        isOn: (node, pod) => pods.store.get(pod)?.spec.nodeName === node,
        periodMs: config['metric-resolution'],
      },
      signal,
    );
  };
  try {
    await Promise.all([informers.run(signal), every(serving, serve), scrape()]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await client.close();
  }
};
