// The kubelet's certificates: its first client certificate by a bootstrap token, renewal of what
// the API server issues, and files that others replace.
import { readFile } from 'node:fs/promises';
import type { Client } from '../../pkg/client/client.js';
import type { EventRecorder } from '../../pkg/client/event-recorder.js';
import { loadKubeconfig, type ClientConfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import {
  isFor,
  pairStore,
  readPair,
  type Pair,
} from '../../pkg/kubelet/certificates/pair-store.js';
import { wantedOf, type Wanted } from '../../pkg/kubelet/certificates/plan.js';
import { keepRenewed, obtain, type Asking } from '../../pkg/kubelet/certificates/renewal.js';
import { RENEWAL_RETRY } from '../../pkg/kubelet/limits.js';
import type { KubeletServer } from '../../pkg/kubelet/server/server.js';
import { writeKubeconfig } from '../../pkg/system/pki/kubeconfig.js';
import { Backoff } from '../../pkg/util/backoff/backoff.js';
import type { Env } from '../../pkg/util/env/env.js';
import { retry, warnOnce } from '../../pkg/util/wait/retry.js';
import { followCertificates, type Certificates } from '../certificate-files.js';
import { FlagError } from '../flags.js';
import { certificateFolder, servingCertificate, type NodeIdentity } from './node-setup.js';
import type { KubeletConfig } from './options.js';

const storeOf = (config: KubeletConfig, kind: Wanted['kind'], { clock }: Env) =>
  pairStore(certificateFolder(config), kind, () => clock.now());

const textOf = (bytes: string | Uint8Array): string => Buffer.from(bytes as string).toString();

const pairOf = ({ cert, key }: ClientConfig): Pair | undefined =>
  cert && key ? readPair(`${textOf(cert)}\n${textOf(key)}`, 0) : undefined;

/** Whether a kubelet can start with this file: it exists, and its certificate has not expired. */
async function isUsable(kubeconfig: string, now: number): Promise<boolean> {
  const config = await loadKubeconfig(kubeconfig).catch(() => undefined);
  if (!config) return false;
  return Boolean(config.token ?? config.tokenFile) || (pairOf(config)?.until ?? 0) > now;
}

/** Gets a client certificate with the credentials of `from`, and writes the kubeconfig `to`. */
async function bootstrap(
  from: string,
  to: string,
  asking: Omit<Asking, 'client'>,
  signal: AbortSignal,
): Promise<void> {
  const { env, store } = asking;
  const { clock, log, random } = env;
  const ask = async (): Promise<ClientConfig> => {
    const given = await loadKubeconfig(from); // each time: its token expires and is replaced
    const client = createClient(given, env);
    try {
      await obtain({ ...asking, client }, signal);
      return given;
    } finally {
      await client.close();
    }
  };
  const wait = new Backoff(RENEWAL_RETRY, random);
  const again = warnOnce(log, 'no client certificate yet, will retry');
  const { server, ca, serverName } = await retry({ clock, signal, wait, again }, ask);
  if (!ca) throw new FlagError(`kubelet: ${from}: the cluster has no certificate authority`, 1);
  const address = { server, caPem: textOf(ca), ...(serverName && { serverName }) };
  await writeKubeconfig(to, { ...address, pairFile: store.path, name: 'default-auth' });
  log.info('node bootstrapped', { kubeconfig: to });
}

/**
 * How the kubelet connects; undefined without --kubeconfig. With rotation the client follows the
 * stored pair, which is the kubeconfig's own when that is newer.
 */
export async function clientConfigOf(
  config: KubeletConfig,
  node: NodeIdentity,
  env: Env,
  signal: AbortSignal,
): Promise<ClientConfig | undefined> {
  const { kubeconfig, 'bootstrap-kubeconfig': bootstrapFile } = config;
  if (!kubeconfig) return undefined;
  const store = storeOf(config, 'client', env);
  const wanted = wantedOf('client', node.name);
  if (bootstrapFile && !(await isUsable(kubeconfig, env.clock.now())))
    await bootstrap(bootstrapFile, kubeconfig, { env, store, wanted }, signal);
  const given = await loadKubeconfig(kubeconfig);
  if (!config['rotate-certificates']) return given;
  const own = pairOf(given);
  if (!own)
    throw new FlagError(`kubelet: --rotate-certificates: ${kubeconfig} has no certificate`, 1);
  const stored = await store.current();
  const isNewer = stored && stored.from >= own.from && stored.until > env.clock.now();
  const { pem } =
    isNewer && isFor(stored, wanted)
      ? stored
      : await store.save(textOf(given.cert!), textOf(given.key!));
  return { ...given, cert: pem, key: pem, pairFiles: [store.path, store.path] };
}

/** The TLS settings to start with; without a certificate while the API server has issued none. */
export async function firstServing(
  config: KubeletConfig,
  node: NodeIdentity,
  env: Env,
): Promise<Partial<Certificates>> {
  const caFile = config['client-ca-file'];
  const ca = caFile ? { ca: await readFile(caFile, 'utf8') } : {};
  if (!config['rotate-server-certificates'])
    return { ...(await servingCertificate(config, node)), ...ca };
  const pair = await storeOf(config, 'server', env).current();
  return pair ? { cert: pair.pem, key: pair.pem, ...ca } : ca;
}

export interface Kept {
  config: KubeletConfig;
  env: Env;
  node: NodeIdentity;
  client: Client | undefined;
  recorder: EventRecorder;
}

const FAILURES = {
  client: 'kubelet_certificate_manager_client_expiration_renew_errors',
  server: 'kubelet_server_expiration_renew_errors',
} as const;

/** Logs, counts and records that a certificate was not renewed. */
function failureReport({ config, env, node, recorder }: Kept, kind: Wanted['kind']) {
  const errors = env.metrics.counter(FAILURES[kind], 'Counter of certificate renewal errors.');
  const warn = warnOnce(env.log, `${kind} certificate not renewed, will retry`);
  const about = { apiVersion: 'v1', kind: 'Node', name: node.name, uid: node.name };
  return (error: unknown, hasExpired: boolean) => {
    errors.inc();
    warn(error);
    const message = `The ${kind} certificate was not renewed: ${(error as Error).message}`;
    recorder.event(about, 'Warning', 'CertificateNotRenewed', message);
    if (hasExpired && kind === 'client' && config['bootstrap-kubeconfig'])
      throw new Error('the client certificate has expired; the next start joins again');
  };
}

/** Keeps every certificate of the kubelet valid until abort. */
export async function keepCertificates(
  kept: Kept,
  serving: Partial<Certificates>,
  server: KubeletServer,
  signal: AbortSignal,
): Promise<void> {
  const { config, env, node, client } = kept;
  const renew = async (wanted: Wanted, renewed: (pair: Pair) => void) => {
    const { kind } = wanted;
    const store = storeOf(config, kind, env);
    const failed = failureReport(kept, kind);
    if (client) await keepRenewed({ env, client, wanted, store, failed, renewed }, signal);
  };
  const follow = async () => {
    const [cert, key] = [config['tls-cert-file'], config['tls-private-key-file']];
    if (!cert || !key) return;
    const files = { cert, key, clientCa: config['client-ca-file'] };
    const inUse = { cert: '', key: '', ...serving };
    await followCertificates(files, inUse, env, (now) => server.setCertificate(now), signal);
  };
  await Promise.all([
    config['rotate-certificates'] && renew(wantedOf('client', node.name), () => {}),
    config['rotate-server-certificates']
      ? renew(wantedOf('server', node.name, [node.name, ...node.ips]), ({ pem }) =>
          server.setCertificate({ cert: pem, key: pem }),
        )
      : follow(),
  ]);
}
