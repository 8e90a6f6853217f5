// Authentication by the flags, and the files of it that may change while the server runs (upstream
// pkg/kubeapiserver/options/authentication.go).
import { readFile } from 'node:fs/promises';
import {
  DEFAULT_ISSUER,
  type AuthenticationConfig,
} from '../../pkg/apiserver/authn/authentication.js';
import { OIDC_CACHE_MS } from '../../pkg/apiserver/authn/limits.js';
import {
  type AuthenticationFile,
  checkJwt,
  type JwtAuthenticator,
  parseAuthenticationFile,
  SIGNING_ALGORITHMS,
} from '../../pkg/apiserver/authn/oidc/config.js';
import { oidcAuthenticator } from '../../pkg/apiserver/authn/oidc/oidc.js';
import { staticTokenAuthenticator } from '../../pkg/apiserver/authn/opaque-tokens.js';
import type { TokenAuthenticator } from '../../pkg/apiserver/authn/service-account-tokens.js';
import { cachedTokens } from '../../pkg/apiserver/authn/token-cache.js';
import { tokenWebhook } from '../../pkg/apiserver/authn/token-webhook.js';
import { openCallout } from '../../pkg/apiserver/webhook/callout.js';
import { verificationKeys } from '../../pkg/system/pki/jwt.js';
import type { Env } from '../../pkg/util/env/env.js';
import { errorText } from '../../pkg/util/errors/error-text.js';
import { type Config, type Flag, FlagError } from '../flags.js';
import { AUTHENTICATION_FLAGS as AUTHENTICATION } from './flags.generated.js';
import { followTexts } from '../follow-files.js';
import type { KubeApiserverConfig } from './options.js';

export const AUTHENTICATION_FLAGS = {
  ...AUTHENTICATION,
  'oidc-signing-algs': {
    type: 'list',
    default: ['RS256'],
    help: `Accepted signing algorithms: ${SIGNING_ALGORITHMS.join(', ')}.`,
  },
} as const satisfies Record<string, Flag>;

type Flags = Config<typeof AUTHENTICATION_FLAGS>;

const refuse = (why: string): never => {
  throw new FlagError(`kube-apiserver: ${why}`);
};

/** The issuer of the --oidc-* flags. Throws FlagError. */
async function flagIssuer(flags: Flags): Promise<JwtAuthenticator | undefined> {
  const { 'oidc-issuer-url': url, 'oidc-client-id': client, 'oidc-ca-file': caFile } = flags;
  const groups = flags['oidc-groups-claim'];
  const required = Object.entries(flags['oidc-required-claim']);
  if (!url && !client && !caFile && !groups && !required.length) return undefined;
  if (!url || !client)
    return refuse(
      'oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set',
    );
  const claim = flags['oidc-username-claim'];
  const given = flags['oidc-username-prefix'];
  const prefix = given === '-' ? '' : given || (claim === 'email' ? '' : `${url}#`);
  const algorithms = flags['oidc-signing-algs'];
  const unknown = algorithms.find((one) => !SIGNING_ALGORITHMS.includes(one));
  if (unknown !== undefined)
    refuse(`oidc-signing-algs: unsupported signing alg: ${JSON.stringify(unknown)}`);
  return {
    issuer: {
      url,
      audiences: [client],
      ...(caFile && { certificateAuthority: await readFile(caFile, 'utf8') }),
    },
    claimValidationRules: required.map(([name, value]) => ({ claim: name, requiredValue: value })),
    claimMappings: {
      username: { claim, prefix },
      ...(groups && { groups: { claim: groups, prefix: flags['oidc-groups-prefix'] } }),
    },
    signingAlgorithms: algorithms,
  };
}

export interface OpenedAuthentication {
  readonly config: AuthenticationConfig;
  /** Follows the files that may change, until abort. */
  follow(signal: AbortSignal): Promise<void>;
  close(): void;
}

const NOBODY: TokenAuthenticator = () => undefined;

/** Reads the files of the flags. Throws FlagError. */
export async function openAuthentication(
  config: KubeApiserverConfig,
  env: Env,
): Promise<OpenedAuthentication> {
  const flags: Flags = config;
  const issuers = config['service-account-issuer'];
  const ownIssuers = issuers.length ? issuers : [DEFAULT_ISSUER];
  const apiAudiences = config['api-audiences'].length ? config['api-audiences'] : ownIssuers;
  const follows: ((signal: AbortSignal) => Promise<void>)[] = [];
  const follow = async (file: string, apply: (texts: string[]) => void | Promise<void>) => {
    const first = await readFile(file, 'utf8');
    await apply([first]);
    follows.push((signal) => followTexts([file], [first], apply, env, signal));
  };
  const fromFlags = await flagIssuer(flags);
  const configFile = flags['authentication-config'];
  if (configFile && fromFlags)
    refuse('authentication-config file and oidc-* flags are mutually exclusive');

  let oidc = NOBODY;
  let anonymous: AuthenticationFile['anonymous'];
  const useIssuers = async (jwt: readonly JwtAuthenticator[]) => {
    const made = jwt.length ? await oidcAuthenticator(jwt, apiAudiences, env) : NOBODY;
    oidc = cachedTokens(made, { successMs: OIDC_CACHE_MS, failureMs: 0 }, env.clock);
  };
  try {
    if (fromFlags) {
      checkJwt([fromFlags], ownIssuers);
      await useIssuers([fromFlags]);
    }
    if (configFile) {
      const apply = async ([text]: string[]) => {
        const file = parseAuthenticationFile(text!, ownIssuers);
        await useIssuers(file.jwt);
        anonymous = file.anonymous;
      };
      await follow(configFile, apply);
    }
  } catch (error) {
    if (error instanceof FlagError) throw error;
    refuse(`${configFile ? '--authentication-config' : '--oidc-issuer-url'}: ${errorText(error)}`);
  }
  if (anonymous && !config['anonymous-auth'])
    refuse(
      '--anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file',
    );

  const tokenFile = config['token-auth-file'];
  let fixed = NOBODY;
  if (tokenFile) {
    const apply = ([text]: string[]) => void (fixed = staticTokenAuthenticator(text!));
    await follow(tokenFile, apply);
  }

  const keyFiles = config['service-account-key-file'];
  let keys = await Promise.all(keyFiles.map((path) => readFile(path, 'utf8')));
  if (keyFiles.length)
    follows.push((signal) =>
      followTexts(
        keyFiles,
        keys,
        (texts) => {
          if (!texts.every((text) => verificationKeys(text).length)) throw new Error('no keys');
          keys = texts;
        },
        env,
        signal,
      ),
    );

  const webhookFile = flags['authentication-token-webhook-config-file'];
  const callout = webhookFile ? await openCallout(webhookFile, env) : undefined;
  const ttl = flags['authentication-token-webhook-cache-ttl'];
  const webhook = callout
    ? [
        cachedTokens(
          tokenWebhook(callout, flags['authentication-token-webhook-version'], apiAudiences, env),
          { successMs: ttl, failureMs: ttl },
          env.clock,
        ),
      ]
    : [];

  const signingKey = config['service-account-signing-key-file'];
  const maxExpiration = config['service-account-max-token-expiration'];
  const jwksUri = config['service-account-jwks-uri'];
  return {
    config: {
      serviceAccountKeys: () => keys,
      ...(signingKey && { serviceAccountSigningKey: await readFile(signingKey, 'utf8') }),
      serviceAccountIssuers: issuers,
      apiAudiences: config['api-audiences'],
      ...(jwksUri && { jwksUri }),
      ...(maxExpiration && { maxTokenExpirationSeconds: maxExpiration / 1000 }),
      extendTokenExpiration: config['service-account-extend-token-expiration'],
      bootstrapTokens: config['enable-bootstrap-token-auth'],
      fixedTokens: (token, audiences) => fixed(token, audiences),
      otherTokens: [(token, audiences) => oidc(token, audiences), ...webhook],
      anonymous: (path) => {
        if (!anonymous) return config['anonymous-auth'];
        const { enabled, conditions = [] } = anonymous;
        const paths = conditions.map((one) => one.path);
        return enabled && (!paths.length || paths.includes(path));
      },
    },
    follow: async (signal) => void (await Promise.all(follows.map((one) => one(signal)))),
    close: () => callout?.close(),
  };
}
