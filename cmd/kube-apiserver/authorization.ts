// Authorization by the flags or by a file, which may change while the server runs (upstream
// pkg/kubeapiserver/options/authorization.go and authorizer/reload.go).
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type AuthorizerMember, membersOf } from '../../pkg/apiserver/authz/authorization.js';
import {
  type ConfiguredAuthorizer,
  parseAuthorizationFile,
} from '../../pkg/apiserver/authz/config.js';
import { AUTHORIZATION_RELOAD_METRICS } from '../../pkg/apiserver/authz/metrics.generated.js';
import { webhookAuthorizer } from '../../pkg/apiserver/authz/webhook.js';
import { type Callout, openCallout } from '../../pkg/apiserver/webhook/callout.js';
import { CALLOUT_TIMEOUT_MS } from '../../pkg/apiserver/webhook/limits.js';
import { parseDuration } from '../../pkg/util/duration/go-duration.js';
import type { Env } from '../../pkg/util/env/env.js';
import { errorText } from '../../pkg/util/errors/error-text.js';
import { registered } from '../../pkg/util/metrics/registered.js';
import { FlagError } from '../flags.js';
import { AUTHORIZATION_FLAGS as FLAGS } from './flags.generated.js';
import { followTexts } from '../follow-files.js';
import type { KubeApiserverConfig } from './options.js';

export interface OpenedAuthorization {
  /** The current chain. */
  readonly members: () => readonly AuthorizerMember[];
  /** Follows the file, until abort. */
  follow(signal: AbortSignal): Promise<void>;
  close(): void;
}

const KUBECONFIG = 'authorization-webhook-config-file';
const VERSION = 'authorization-webhook-version';
const ALLOWED_TTL = 'authorization-webhook-cache-authorized-ttl';
const OTHER_TTL = 'authorization-webhook-cache-unauthorized-ttl';

/** The chain of the flags. Throws Error in upstream's words. */
function ofFlags(config: KubeApiserverConfig): ConfiguredAuthorizer[] {
  const given = config['authorization-mode'];
  const members = membersOf(given.length ? given : ['Node', 'RBAC']);
  const kubeconfig = config[KUBECONFIG];
  const hasWebhook = given.includes('Webhook');
  if (hasWebhook && !kubeconfig)
    throw new Error("authorization-mode Webhook's authorization config file not passed");
  if (kubeconfig && !hasWebhook)
    throw new Error(`cannot specify --${KUBECONFIG} without mode Webhook`);
  const modes = given.map((mode) => JSON.stringify(mode)).join(' ');
  if (new Set(given).size !== given.length)
    throw new Error(`authorization-mode [${modes}] has mode specified more than once`);
  const webhook = {
    name: 'default',
    version: config[VERSION],
    authorizedMs: config[ALLOWED_TTL],
    unauthorizedMs: config[OTHER_TTL],
    timeoutMs: CALLOUT_TIMEOUT_MS,
    denies: false,
    kubeconfig: kubeconfig ?? '',
  };
  return members.map((member) =>
    member.type === 'Webhook' ? { ...member, name: webhook.name, webhook } : member,
  );
}

const hasOtherFlags = (config: KubeApiserverConfig): boolean =>
  config['authorization-mode'].length > 0 ||
  config[KUBECONFIG] !== undefined ||
  config[VERSION] !== FLAGS[VERSION].default ||
  ([ALLOWED_TTL, OTHER_TTL] as const).some(
    (ttl) => config[ttl] !== parseDuration(FLAGS[ttl].default),
  );

/** Reads the files of the flags. Throws FlagError. */
export async function openAuthorization(
  config: KubeApiserverConfig,
  env: Env,
): Promise<OpenedAuthorization> {
  const file = config['authorization-config'];
  const callouts: Callout[] = [];
  const close = () => callouts.forEach((callout) => callout.close());
  const connected = (configured: readonly ConfiguredAuthorizer[]): Promise<AuthorizerMember[]> =>
    Promise.all(
      configured.map(async ({ webhook, ...member }) => {
        if (!webhook) return member;
        const callout = await openCallout(webhook.kubeconfig, env);
        callouts.push(callout);
        return { ...member, authorize: webhookAuthorizer(webhook, callout, env) };
      }),
    );
  let members: readonly AuthorizerMember[] = [];
  let text = '';
  try {
    if (file && hasOtherFlags(config))
      throw new Error(
        '--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined',
      );
    if (file) text = await readFile(file, 'utf8');
    members = await connected(file ? await parseAuthorizationFile(text) : ofFlags(config));
  } catch (error) {
    close();
    throw new FlagError(`kube-apiserver: ${errorText(error)}`);
  }

  const types = members.map(({ type }) => type);
  const metrics = registered(env.metrics, AUTHORIZATION_RELOAD_METRICS);
  const id = createHash('sha256').update(hostname()).digest('hex');
  let tried = text;
  async function apply([next]: string[]): Promise<void> {
    let status = 'failure';
    try {
      members = await connected(await parseAuthorizationFile(next!, types));
      status = 'success';
    } finally {
      const labels = { status, apiserver_id_hash: `sha256:${id}` };
      // A wrong file is tried again until the next change, and counted once.
      if (status === 'success' || tried !== next) metrics.reloads.inc(labels);
      metrics.last.set(env.clock.now() / 1000, labels);
      tried = next!;
    }
  }
  return {
    members: () => members,
    follow: async (signal) => (file ? followTexts([file], [text], apply, env, signal) : undefined),
    close,
  };
}
