// A kubelet with hollow containers, the metrics server with the rights of its manifest, and the API
// server in front of it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiServer } from '../../cmd/kube-apiserver/start.js';
import { parseOptions as kubeletOptions } from '../../cmd/kubelet/options.js';
import { runKubelet } from '../../cmd/kubelet/run.js';
import { parseOptions } from '../../cmd/metrics-server/options.js';
import { runMetricsServer } from '../../cmd/metrics-server/run.js';
import { createAll, readManifests } from '../../hack/cluster/addons.js';
import type { ApiObject } from '../../pkg/apimachinery/meta/object.js';
import { APISERVICES, PODS, SERVICE_ACCOUNTS, SERVICES } from '../../pkg/apis/resource-types.js';
import { isDialableOrLoopback } from '../../pkg/apiserver/dial/dial-rule.js';
import type { Client } from '../../pkg/client/client.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { realEnv } from '../../pkg/system/env.js';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';
import { eventually } from './control-plane.js';
import { createKubectl, type Kubectl } from './kubectl-process.js';

const RIGHTS = /^(ServiceAccount|(Cluster)?Role(Binding)?)$/;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Pair {
  certPem: string;
  keyPem: string;
}

export interface MetricsCluster {
  readonly client: Client;
  readonly kubectl: Kubectl;
  /** The authority and the client certificate of the front proxy. */
  readonly frontCa: ReturnType<typeof createCa>;
  readonly front: Pair;
  /** Writes a file, and gives its path. */
  written(name: string, text: string): Promise<string>;
  /** The text of a kubeconfig for the user. */
  kubeconfigFor(user: string): string;
  /** The HTTP code of a request straight to the metrics server. */
  ask(headers: Record<string, string>, pair?: Pair, path?: string): Promise<number>;
  /** Runs a component until `stop`. */
  run(component: (signal: AbortSignal) => Promise<unknown>): void;
  stop(): Promise<void>;
}

/** The kubelet 'paper' runs the pods that `fill` makes; then the metrics server starts. */
export async function startMetricsCluster(
  fill: (client: Client, cluster: MetricsCluster) => Promise<unknown>,
): Promise<MetricsCluster> {
  const stop = new AbortController();
  const parts: Promise<unknown>[] = [];
  const frontCa = createCa('front-proxy-ca');
  const front = issue({ ca: frontCa, commonName: 'front-proxy-client', usages: ['client'] });
  const folder = await mkdtemp(join(tmpdir(), 'metrics-'));
  const written = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  const server = await startApiServer({
    storage: 'memory',
    frontProxy: {
      identity: { cert: front.certPem, key: front.keyPem },
      ca: frontCa.certPem,
      allowedNames: ['front-proxy-client'],
      allows: isDialableOrLoopback,
    },
  });
  await server.ready();
  const admin = await written('admin.conf', server.kubeconfigFor('admin', ['system:masters']));
  const config = await loadKubeconfig(admin);
  const client = createClient(config, realEnv('test', 'error'));
  const kubectl = await createKubectl(admin);
  const port = await freePort();
  const cluster: MetricsCluster = {
    client,
    kubectl,
    frontCa,
    front,
    written,
    kubeconfigFor: (user) => server.kubeconfigFor(user),
    ask: (headers, pair, path = '/apis/metrics.k8s.io/v1beta1/nodes') =>
      statusOf(port, headers, pair, path),
    run: (component) => void parts.push(component(stop.signal)),
    async stop() {
      stop.abort(new Error('test over'));
      await Promise.allSettled(parts);
      await kubectl.close();
      await client.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  const objects = readManifests('metrics-server');
  await createAll(
    client,
    objects.filter(({ kind }) => RIGHTS.test(kind ?? '')),
  );
  await client.create(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'metrics-server', namespace: 'kube-system' },
    spec: { type: 'ExternalName', externalName: 'localhost' },
  });
  const environment = realEnv('test', 'error');
  const ca = await written('ca.crt', Buffer.from(config.ca as Uint8Array).toString());
  const node = await written(
    'node.conf',
    server.kubeconfigFor('system:node:paper', ['system:nodes']),
  );
  const kubelet = [
    '--runtime=hollow',
    `--kubeconfig=${node}`,
    `--client-ca-file=${ca}`,
    '--hostname-override=paper',
    '--node-ip=127.0.0.1',
    `--root-dir=${folder}`,
    '--port=0',
    '--healthz-port=0',
  ];
  cluster.run((signal) => runKubelet(kubeletOptions(kubelet), environment, signal));
  await client.create(SERVICE_ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'default' },
  });
  await fill(client, cluster);
  // The usage of a container that runs before the server starts is known after a second.
  await eventually('running pods', async () => {
    const { items } = await client.list(PODS, { namespace: 'default' });
    return items.length > 0 && items.every(({ status }) => status?.phase === 'Running');
  });
  const account = 'system:serviceaccount:kube-system:metrics-server';
  const own = await written('metrics.conf', server.kubeconfigFor(account));
  const flags = [
    `--kubeconfig=${own}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    '--kubelet-insecure-tls',
    '--kubelet-preferred-address-types=InternalIP',
    '--kubelet-use-node-status-port',
    '--metric-resolution=10s',
  ];
  cluster.run((signal) => runMetricsServer(parseOptions(flags), environment, signal));
  // A server that does not listen yet is asked again after half a minute only.
  await eventually('usage', async () => (await cluster.ask({}, undefined, '/readyz')) === 200);
  const service = objects.find(({ kind }) => kind === 'APIService') as ApiObject & {
    spec: { service: object };
  };
  await client.create(APISERVICES, {
    ...service,
    spec: { ...service.spec, service: { ...service.spec.service, port } },
  } as never);
  return cluster;
}

const statusOf = (
  port: number,
  headers: Record<string, string>,
  pair: Pair | undefined,
  path: string,
) =>
  new Promise<number>((resolve, reject) => {
    const identity = pair ? { cert: pair.certPem, key: pair.keyPem } : {};
    request(
      {
        host: '127.0.0.1',
        port,
        path,
        headers,
        rejectUnauthorized: false,
        agent: false,
        ...identity,
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    )
      .on('error', reject)
      .end();
  });
