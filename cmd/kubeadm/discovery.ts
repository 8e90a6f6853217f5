// How a machine comes to trust a cluster (upstream: cmd/kubeadm/app/discovery): cluster-info of an
// unknown server, signed with the token that the machine was given; its authority, whose public key
// the machine was told; then the same over TLS. A server that knows the token but not the key of
// the authority gets nothing but a request for cluster-info.
import { timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { SIGNATURE } from '../../pkg/component-helpers/bootstrap-tokens.js';
import { boundedGet } from '../../pkg/system/bounded-get.js';
import { detachedSignature } from '../../pkg/system/pki/detached-jws.js';
import type { Clock } from '../../pkg/util/env/env.js';
import { retry } from '../../pkg/util/wait/retry.js';
import { CLUSTER_INFO, clusterOf, publicKeyHashes, type ClusterInfo } from './cluster-info.js';

/** Of one answer; cluster-info has about 2 KB. */
const BOUNDS = { timeoutMs: 10_000, maxBytes: 1 << 20 };
const NAME = 'cluster-info ConfigMap';
const RETRY_MS = 5000;
const PATH = `/api/v1/namespaces/${CLUSTER_INFO.namespace}/configmaps/${CLUSTER_INFO.name}`;

export interface TokenDiscovery {
  /** 'HOST:PORT' */
  endpoint: string;
  token: { id: string; secret: string };
  /** 'sha256:...' of the public keys of the authorities; empty: every authority is trusted. */
  hashes: readonly string[];
  clock: Clock;
  /** How long to wait for an answer with a signature. */
  limitMs: number;
  signal: AbortSignal;
}

type Data = Readonly<Record<string, unknown>>;

async function getInfo(endpoint: string, tls: RequestOptions): Promise<Data> {
  const { status, text } = await boundedGet(`https://${endpoint}${PATH}`, { ...BOUNDS, ...tls });
  const body = JSON.parse(text) as { data?: Data; message?: string } | null;
  if (status !== 200) throw new Error(body?.message ?? `status ${status}`);
  return body?.data ?? {};
}

/** cluster-info as soon as the token has signed it; rejects with the last failure in time. */
function signedInfo(options: TokenDiscovery, tls: RequestOptions): Promise<Data> {
  const { clock, endpoint, token, signal } = options;
  const end = clock.monotonic() + options.limitMs;
  const again = () => clock.monotonic() + RETRY_MS < end;
  return retry({ clock, signal, wait: RETRY_MS, again }, async () => {
    const data = await getInfo(endpoint, { ...tls, signal }).catch((cause: Error) => {
      throw new Error(`failed to request the ${NAME}: ${cause.message}`, { cause });
    });
    if (data[SIGNATURE + token.id]) return data;
    throw new Error(`could not find a JWS signature in the ${NAME} for token ID "${token.id}"`);
  });
}

/** @throws Error in upstream's words when the server is not the cluster's. */
export async function discover(options: TokenDiscovery): Promise<ClusterInfo> {
  const { id, secret } = options.token;
  const first = await signedInfo(options, { rejectUnauthorized: false });
  const { kubeconfig, [SIGNATURE + id]: signature } = first;
  if (typeof kubeconfig !== 'string' || !kubeconfig)
    throw new Error(
      `there is no kubeconfig key in the ${NAME}. This API Server isn't set up for token bootstrapping, can't connect`,
    );
  const wanted = Buffer.from(detachedSignature(kubeconfig, id, secret));
  const given = Buffer.from(String(signature));
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given))
    throw new Error(
      "failed to verify JWS signature of received cluster info object, can't trust this API Server",
    );
  const cluster = clusterOf(kubeconfig);
  if (!options.hashes.length) return cluster;
  // Every authority must be one of them: upstream is content with one, and whoever knows the token
  // could put an authority of his own beside the cluster's.
  const foreign = publicKeyHashes(cluster.caPem).filter((hash) => !options.hashes.includes(hash));
  if (foreign.length)
    throw new Error(
      `cluster CA found in ${NAME} is invalid: none of the public keys "${foreign.join(':')}" are pinned`,
    );
  const second = await signedInfo(options, { ca: cluster.caPem });
  if (second['kubeconfig'] === kubeconfig) return cluster;
  throw new Error(
    `the second kubeconfig from the ${NAME} (using validated TLS) was different from the first`,
  );
}

/** Discovery by a kubeconfig, of a file or of a URL that the system's authorities vouch for. */
export async function discoverByFile(path: string): Promise<ClusterInfo> {
  const text = path.startsWith('https://')
    ? (await boundedGet(path, BOUNDS)).text
    : await readFile(path, 'utf8');
  const { server, caPem } = clusterOf(text);
  // Each answer proves the server, also that anonymous users may not read cluster-info.
  await boundedGet(server + PATH, { ...BOUNDS, ca: caPem }).catch((cause: Error) => {
    throw new Error(`Abort reading the ${NAME}: ${cause.message}`, { cause });
  });
  return { server, caPem };
}

/** @throws Error for a hash that is none of SHA-256, before anything is asked. */
export function checkHashes(hashes: readonly string[]): void {
  const wrong = hashes.find((hash) => !/^sha256:[0-9a-f]{64}$/.test(hash));
  if (wrong !== undefined)
    throw new Error(
      `invalid discovery token CA certificate hash: invalid hash "${wrong}", expected "format:hex-value" with the 32 bytes of a SHA-256 hash. Known format(s) are: sha256`,
    );
}
