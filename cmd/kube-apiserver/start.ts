// A real API server for tests in this process: with TLS certificates of its own, on memory or etcd,
// with an administrator's kubeconfig. Its files are in a temporary folder that stop() removes.
// packages/wheelhouse-test publishes it for other projects.
//
//   const server = await startApiServer({ storage: 'memory' });
//   ... kubectl --kubeconfig=${server.kubeconfig} ...
//   await server.stop();
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ignoring } from '../../pkg/apimachinery/errors/status-error.js';
import { membersOf } from '../../pkg/apiserver/authz/authorization.js';
import type { CustomResourceDefinition } from '../../pkg/apis/apiextensions/v1/types.js';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../pkg/apis/resource-types.js';
import { findCondition, isConditionTrue } from '../../pkg/component-helpers/conditions.js';
import type { ApiServer } from '../../pkg/apiserver/server/api-server.js';
import { openEtcdStorage } from '../../pkg/storage/etcd/etcd-storage.js';
import { createMemoryStorage } from '../../pkg/storage/memory/memory-storage.js';
import type { Storage } from '../../pkg/storage/storage.js';
import { issue } from '../../pkg/system/pki/certificates.js';
import { createCredentials, type Credentials } from '../../pkg/system/pki/cluster-pki.js';
import { renderKubeconfig, writeKubeconfig } from '../../pkg/system/pki/kubeconfig.js';
import { realEnv } from '../../pkg/system/env.js';
import type { Env } from '../../pkg/util/env/env.js';
import { hostAddress } from '../host-address.js';
import { joinApiServer, primaryFamily, type JoinOptions } from './join.js';
import { uiParts } from './ui-path.js';

export interface StartOptions {
  /** 'memory' (default), etcd endpoints, or a store that the caller closes. */
  storage?: 'memory' | { etcd: readonly string[] } | Storage;
  /** Default: the real Env, logging errors only. */
  env?: Env;
  /** Default 'Node,RBAC'. */
  authorizationModes?: readonly string[];
  disableAdmission?: readonly string[];
  serviceClusterIPRange?: string;
  /** Default 0: the system chooses a free port. */
  port?: number;
  prefix?: string;
  requestTimeoutMs?: number;
  maxInFlight?: JoinOptions['maxInFlight'];
  /**
   * MutatingAdmissionPolicy serves and obeys the policies of
   * admissionregistration.k8s.io/v1beta1; default false.
   */
  featureGates?: { MutatingAdmissionPolicy?: boolean };
  /** Priority and fairness; default true. */
  fairness?: boolean;
  /** Holds the kubeconfig, and goes with stop(); default: a temporary folder. */
  folder?: string;
  /** Default: the host's first address. */
  advertiseAddress?: string;
  /** Delegates for API groups that the server does not serve. */
  delegates?: JoinOptions['delegates'];
  /** Definitions of custom resources. Their kinds are served when startApiServer resolves. */
  crds?: readonly CustomResourceDefinition[];
  /** Values at rest; default: plain. The caller runs it. */
  encryption?: JoinOptions['encryption'];
  /** How requests reach the servers of APIServices. */
  frontProxy?: JoinOptions['frontProxy'];
  /** Folder of the web UI to serve at /ui/; default: none. */
  uiDirectory?: string;
  /** PEM of the private key that signs service account tokens; default: a new one. */
  serviceAccountKey?: string;
  /**
   * The connection to kubelets; default: a client certificate of the test CA, and no check of
   * servers.
   */
  kubelet?: JoinOptions['kubelet'];
}

export interface RunningApiServer {
  /** 'https://127.0.0.1:PORT' */
  readonly url: string;
  readonly port: number;
  /** Path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly caPem: string;
  readonly pki: Credentials;
  readonly server: ApiServer;
  readonly storage: Storage;
  /** Text of a kubeconfig for another user: kubeconfigFor('system:node:a', ['system:nodes']). */
  kubeconfigFor(commonName: string, organizations?: readonly string[]): string;
  /** Resolves when every post-start hook has succeeded. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

const CREDENTIALS = ['apiserver', 'apiserver-kubelet-client', 'components/admin'];

/** Throws StorageUnavailableError when etcd does not answer. */
async function openStorage(
  wanted: StartOptions['storage'],
  env: Env,
): Promise<{ storage: Storage; owned: boolean }> {
  if (wanted === undefined || wanted === 'memory')
    return { storage: createMemoryStorage(env), owned: true };
  if (!('etcd' in wanted)) return { storage: wanted, owned: false };
  const storage = openEtcdStorage({ endpoints: wanted.etcd, env });
  await storage.ping().catch(async (error: unknown) => {
    await storage.close();
    throw error;
  });
  return { storage, owned: true };
}

/**
 * Creates definitions of custom resources and waits until their kinds are served. A definition that
 * the store has already stays as it is. Throws StatusError for an invalid definition, Error for one
 * with names that are in use.
 */
async function establish(
  server: ApiServer,
  crds: readonly CustomResourceDefinition[],
): Promise<void> {
  const { local, reader } = server.services;
  for (const crd of crds)
    await local.create(CUSTOM_RESOURCE_DEFINITIONS, crd).catch(ignoring('AlreadyExists'));
  await Promise.all(
    crds.map(
      ({ metadata: { name } }) =>
        new Promise<void>((resolve, reject) => {
          const stop = reader.observe(CUSTOM_RESOURCE_DEFINITIONS, (change) => {
            if (change.name !== name) return;
            const conditions = change.object().status?.conditions ?? [];
            const accepted = findCondition(conditions, 'NamesAccepted');
            const isEstablished = isConditionTrue(conditions, 'Established');
            if (!isEstablished && accepted?.status !== 'False') return;
            // The first call may come before `stop` has its value.
            queueMicrotask(() => stop());
            if (isEstablished) resolve();
            else reject(new Error(`${name}: ${accepted?.message}`));
          });
        }),
    ),
  );
  await server.settled();
}

/** A start that fails leaves no port, no connection and no file. */
export async function startApiServer(options: StartOptions = {}): Promise<RunningApiServer> {
  const env = options.env ?? realEnv('kube-apiserver', 'error');
  const serviceRange = options.serviceClusterIPRange ?? '10.100.0.0/16';
  const pki = createCredentials(
    CREDENTIALS,
    options.serviceAccountKey ? { serviceAccountKey: options.serviceAccountKey } : {},
  );
  const { storage, owned } = await openStorage(options.storage, env);
  const controller = new AbortController();
  const authorizers = membersOf(options.authorizationModes ?? ['Node', 'RBAC']);
  const certificate = pki.certificates['apiserver']!;
  const toKubelet = pki.certificates['apiserver-kubelet-client']!;
  const ui = options.uiDirectory ? await uiParts(options.uiDirectory) : {};
  const end = async () => {
    controller.abort(new Error('server stopped'));
    if (owned) await storage.close();
  };
  const server = await joinApiServer(
    {
      env,
      storage,
      prefix: options.prefix ?? '/registry',
      listen: {
        address: '127.0.0.1',
        port: options.port ?? 0,
        tls: { cert: certificate.certPem, key: certificate.keyPem, clientCa: pki.ca.certPem },
      },
      serviceClusterIPRange: serviceRange,
      nodePortRange: '30000-32767',
      authentication: {
        serviceAccountKeys: [pki.serviceAccountPublicKey],
        serviceAccountSigningKey: pki.serviceAccountKey,
        bootstrapTokens: true,
      },
      authorizers: () => authorizers,
      enableAdmission: [],
      disableAdmission: options.disableAdmission ?? [],
      kubelet: options.kubelet ?? { certPem: toKubelet.certPem, keyPem: toKubelet.keyPem },
      advertiseAddress: options.advertiseAddress ?? hostAddress(primaryFamily(serviceRange)),
      eventTtlSeconds: 3600,
      ...(options.encryption && { encryption: options.encryption }),
      ...(options.delegates && { delegates: options.delegates }),
      ...(options.frontProxy && { frontProxy: options.frontProxy }),
      ...(options.maxInFlight && { maxInFlight: options.maxInFlight }),
      mutatingPolicies: options.featureGates?.MutatingAdmissionPolicy ?? false,
      ...(options.fairness !== undefined && { fairness: options.fairness }),
      ...(options.requestTimeoutMs && { requestTimeoutMs: options.requestTimeoutMs }),
      ...ui,
    },
    controller.signal,
  ).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  const stop = async () => {
    await server.stop();
    await end();
  };
  await establish(server, options.crds ?? []).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'wheelhouse-apiserver-')));
  const url = `https://127.0.0.1:${server.port}`;
  const admin = pki.certificates['components/admin']!;
  const kubeconfig = join(folder, 'admin.conf');
  await writeKubeconfig(kubeconfig, {
    server: url,
    caPem: pki.ca.certPem,
    ...admin,
    name: 'kubernetes-admin',
  });
  return {
    url,
    port: server.port,
    kubeconfig,
    caPem: pki.ca.certPem,
    pki,
    server,
    storage,
    kubeconfigFor(commonName, organizations = []) {
      const pair = issue({ ca: pki.ca, commonName, organizations, usages: ['client'] });
      return renderKubeconfig({ server: url, caPem: pki.ca.certPem, ...pair, name: commonName });
    },
    ready: () => server.hooksDone,
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
