// Wires the controllers. Followers serve health checks and keep no caches; the leader runs the list
// of pkg/controller/controllers.ts with one client and one set of informers.
import { readFile } from 'node:fs/promises';
import type { CertificateAndKey } from '../../pkg/system/pki/certificates.js';
import { signingKey, signJwt } from '../../pkg/system/pki/jwt.js';
import { boundTo } from '../../pkg/client/bound-client.js';
import type { Client } from '../../pkg/client/client.js';
import type { EventRecorder } from '../../pkg/client/event-recorder.js';
import { createInformerFactory } from '../../pkg/client/informer-factory.js';
import { loadClientConfig } from '../../pkg/client/kubeconfig.js';
import { createEventRecorder } from '../../pkg/client/record-events.js';
import {
  chooseControllers,
  type ControllerDescriptor,
  type ControllerOptions,
} from '../../pkg/controller/controllers.js';
import type { ControllerContext } from '../../pkg/controller/runtime/controller.js';
import { runControllers } from '../../pkg/controller/runtime/run-controllers.js';
import type { Env } from '../../pkg/util/env/env.js';
import { FlagError } from '../flags.js';
import { runLeading } from '../leading.js';
import { accountClients } from './account-clients.js';
import type { Run } from '../run.js';
import { SIGNING_FLAGS, type KubeControllerManagerConfig } from './options.js';
import { getOrInsert } from '../../pkg/util/map/get-or-insert.js';
export { parseOptions } from './options.js';

type SigningFlag = 'cluster-signing' | (typeof SIGNING_FLAGS)[number][0];

export const runKubeControllerManager: Run<KubeControllerManagerConfig> = async (
  config,
  env,
  signal,
  watchdog,
) => {
  const chosen = choose(config);
  const userAgent = 'kube-controller-manager';
  const clientConfig = { ...(await loadClientConfig(config.kubeconfig, process.env)), userAgent };
  const options = await controllerOptions(config, clientConfig.ca);
  await runLeading(
    { config, env, clientConfig, watchdog },
    (term, client, fenced) => {
      const accounts = config['use-service-account-credentials']
        ? accountClients(fenced, client, env, term)
        : undefined;
      return runTerm(env, client, chosen, options, term, accounts);
    },
    signal,
  );
};

/**
 * Informers, caches and expectations are dropped with the leadership; a new term lists again.
 * `clientOf` gives the client of a service account; absent: all controllers write with `client`.
 */
export async function runTerm(
  env: Env,
  client: Client,
  chosen: readonly ControllerDescriptor[],
  options: ControllerOptions,
  term: AbortSignal,
  clientOf?: (account: string) => Client,
): Promise<void> {
  const informers = createInformerFactory(client, env);
  const contextWith = (own: Client): ControllerContext => {
    const recorders = new Map<string, EventRecorder>();
    return {
      env,
      client: boundTo(own, term),
      informers,
      signal: term,
      events: (component) =>
        getOrInsert(recorders, component, () => createEventRecorder(own, env, { component }, term)),
    };
  };
  const shared = contextWith(client);
  const controllers = chosen.flatMap(({ account, create }) => {
    const context = clientOf && account ? contextWith(clientOf(account)) : shared;
    return create(context, options) ?? [];
  });
  await Promise.all([informers.run(term), runControllers(env, controllers, term)]);
}

function choose(config: KubeControllerManagerConfig): ControllerDescriptor[] {
  try {
    return chooseControllers(config.controllers);
  } catch (error) {
    throw new FlagError(
      `kube-controller-manager: invalid value for --controllers: ${(error as Error).message}`,
    );
  }
}

function cleanUpPeriod(config: KubeControllerManagerConfig): number {
  const period = config['legacy-service-account-token-clean-up-period'];
  if (period > 0) return period;
  throw new FlagError('kube-controller-manager: invalid CleanUpPeriod: 0s');
}

/** The option that a flag sets: concurrentRcSyncs for concurrent-rc-syncs. */
type OptionOf<F extends string> = F extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<OptionOf<Rest>>}`
  : F;

const byOption = <C extends object>(config: C) =>
  Object.fromEntries(
    Object.entries(config).map(([flag, value]) => [
      flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value as unknown,
    ]),
  ) as { [F in keyof C & string as OptionOf<F>]: C[F] };

export async function controllerOptions(
  config: KubeControllerManagerConfig,
  ca: string | Uint8Array | undefined,
): Promise<ControllerOptions> {
  const rootCa = config['root-ca-file']
    ? await readFile(config['root-ca-file'], 'utf8')
    : typeof ca === 'string'
      ? ca
      : new TextDecoder().decode(ca ?? new Uint8Array());
  return {
    ...byOption(config),
    rootCa,
    signServiceAccountToken: await tokenSigner(config['service-account-private-key-file']),
    clusterSigning: await signingAuthorities(config),
    clusterCidr: config['cluster-cidr'] ?? '',
    nodeCidrMaskSizes: {
      any: config['node-cidr-mask-size'],
      ipv4: config['node-cidr-mask-size-ipv4'],
      ipv6: config['node-cidr-mask-size-ipv6'],
    },
    legacyTokenCleanUpPeriod: cleanUpPeriod(config),
  };
}

async function tokenSigner(
  file: string | undefined,
): Promise<ControllerOptions['signServiceAccountToken']> {
  if (!file) return undefined;
  const key = signingKey(await readFile(file, 'utf8'));
  return (claims) => signJwt(claims, key);
}

/** PEM of a pair of flags; undefined when neither is set. */
async function pairOf(
  config: KubeControllerManagerConfig,
  prefix: SigningFlag,
): Promise<CertificateAndKey | undefined> {
  const [certificate, key] = [config[`${prefix}-cert-file`], config[`${prefix}-key-file`]];
  if (!certificate && !key) return undefined;
  if (certificate && key)
    return { certPem: await readFile(certificate, 'utf8'), keyPem: await readFile(key, 'utf8') };
  throw new FlagError(
    `kube-controller-manager: --${prefix}-cert-file and --${prefix}-key-file go together`,
  );
}

/** One authority for all signers, or one for each that signs (upstream csrsigning options). */
export async function signingAuthorities(
  config: KubeControllerManagerConfig,
): Promise<ControllerOptions['clusterSigning']> {
  const all = await pairOf(config, 'cluster-signing');
  const authorities = new Map<string, CertificateAndKey>();
  for (const [prefix, signer] of SIGNING_FLAGS) {
    const own = await pairOf(config, prefix);
    if (own && all)
      throw new FlagError(
        'kube-controller-manager: cannot specify --cluster-signing-{cert,key}-file and other --cluster-signing-*-file flags at the same time',
      );
    const authority = own ?? all;
    if (authority) authorities.set(signer, authority);
  }
  return authorities;
}
