// Reads the server address and the credentials from kubeconfig files (clientcmd/api/v1) or from the
// pod's service account. Credential plugins (`exec`, `auth-provider`) and passwords are refused.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Fence } from './leader-election.js';

export interface ClientConfig {
  /** 'https://127.0.0.1:6443'; http:// selects HTTP/2 without TLS, with prior knowledge. */
  server: string;
  ca?: string | Uint8Array;
  cert?: string | Uint8Array;
  key?: string | Uint8Array;
  /**
   * The files of `cert` and `key`, perhaps one file. They are read again and again, because
   * certificates rotate, and connections with an old certificate are replaced.
   */
  pairFiles?: readonly [cert: string, key: string];
  /** The name that the server's certificate must carry; default the host of the URL. */
  serverName?: string;
  insecureSkipTlsVerify?: boolean;
  token?: string;
  /** A token file, which is read periodically because tokens rotate. Overrides `token`. */
  tokenFile?: string;
  /** Gives the token of each request, before `tokenFile` and `token`. */
  tokenSource?: () => Promise<string>;
  /** The text before '/' is the field manager of writes. Default 'wheelhouse'. */
  userAgent?: string;
  /** The namespace of the context, for command line tools. */
  namespace?: string;
  /** Writes that would begin after this time are refused; see leader-election.ts. */
  fence?: Fence;
}

interface KubeconfigFile {
  'current-context'?: string;
  clusters?: { name: string; cluster: ClusterEntry }[];
  users?: { name: string; user: UserEntry }[];
  contexts?: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
}

interface ClusterEntry {
  server?: string;
  'certificate-authority'?: string;
  'certificate-authority-data'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'tls-server-name'?: string;
}

interface UserEntry {
  'client-certificate'?: string;
  'client-certificate-data'?: string;
  'client-key'?: string;
  'client-key-data'?: string;
  token?: string;
  tokenFile?: string;
  [other: string]: unknown;
}

const UNSUPPORTED_CREDENTIALS = ['exec', 'auth-provider', 'username', 'password'] as const;

/**
 * Reads the current (or named) context of a kubeconfig file. Paths in the file are relative to the
 * file. Throws an Error with the name of the file and the missing field.
 */
export async function loadKubeconfig(path: string, contextName?: string): Promise<ClientConfig> {
  const fail = (why: string): never => {
    throw new Error(`kubeconfig ${path}: ${why}`);
  };
  const file = (parse(await readFile(path, 'utf8')) ?? {}) as KubeconfigFile;
  const wanted = contextName ?? file['current-context'] ?? '';
  const context =
    file.contexts?.find((c) => c.name === wanted)?.context ?? fail(`no context "${wanted}"`);
  const cluster =
    file.clusters?.find((c) => c.name === context.cluster)?.cluster ??
    fail(`no cluster "${context.cluster}"`);
  const user = file.users?.find((u) => u.name === context.user)?.user ?? {};
  const unsupported = UNSUPPORTED_CREDENTIALS.find((name) => user[name] !== undefined);
  if (unsupported)
    fail(
      `user "${context.user}" has credentials of kind "${unsupported}", which this client does not know`,
    );
  const server = cluster.server ?? fail(`cluster "${context.cluster}" has no server`);

  const beside = (name: string) => resolve(dirname(path), name);
  const material = async (data: string | undefined, name: string | undefined) =>
    data ? Buffer.from(data, 'base64') : name ? await readFile(beside(name)) : undefined;
  const ca = await material(
    cluster['certificate-authority-data'],
    cluster['certificate-authority'],
  );
  const cert = await material(user['client-certificate-data'], user['client-certificate']);
  const key = await material(user['client-key-data'], user['client-key']);
  const [certFile, keyFile] = [user['client-certificate'], user['client-key']];
  const isInFiles = !user['client-certificate-data'] && !user['client-key-data'];
  return {
    server: server.replace(/\/+$/, ''),
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(isInFiles && certFile && keyFile && { pairFiles: [beside(certFile), beside(keyFile)] }),
    ...(cluster['tls-server-name'] && { serverName: cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] && { insecureSkipTlsVerify: true }),
    ...(user.token && { token: user.token }),
    ...(user.tokenFile && { tokenFile: beside(user.tokenFile) }),
    ...(context.namespace && { namespace: context.namespace }),
  };
}

export const SERVICE_ACCOUNT_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The configuration of a pod (rest.InClusterConfig): address from KUBERNETES_SERVICE_HOST and _PORT
 * of `environment`, token and CA from the mounted service account.
 */
export async function inClusterConfig(
  environment: Record<string, string | undefined>,
  directory = SERVICE_ACCOUNT_DIRECTORY,
): Promise<ClientConfig> {
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const port = environment['KUBERNETES_SERVICE_PORT'];
  if (!host || !port)
    throw new Error(
      'unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined',
    );
  const namespace = await readFile(`${directory}/namespace`, 'utf8').catch(() => '');
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: await readFile(`${directory}/ca.crt`),
    tokenFile: `${directory}/token`,
    ...(namespace && { namespace: namespace.trim() }),
  };
}

/** Reads the kubeconfig at the given path, or without a path the service account of the pod. */
export function loadClientConfig(
  kubeconfig: string | undefined,
  environment: Record<string, string | undefined>,
): Promise<ClientConfig> {
  return kubeconfig ? loadKubeconfig(kubeconfig) : inClusterConfig(environment);
}
