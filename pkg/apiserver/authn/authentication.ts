// Authentication: the user of a request. The chain is upstream's: client certificate, bearer tokens
// (static, service account, bootstrap), anonymous, impersonation. Bad credentials are an error and
// never become anonymous.
//
// Authorization is in authz/. The TLS layer verifies certificates; this room gets their subject.
import { statusError } from '../../apimachinery/errors/status-error.js';
import { LAST_USED } from '../../component-helpers/legacy-tokens.js';
import type { SelfSubjectReview, TokenReview } from '../../apis/authentication/v1/types.js';
import type { Secret } from '../../apis/core/v1/types.js';
import { SECRETS } from '../../apis/resource-types.js';
import { timestamp } from '../../util/env/env.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import {
  shownUser,
  type Authenticator,
  type Credentials,
  type UserInfo,
} from '../auth/authenticator.js';
import type { PathHandler, SubresourceCreator } from '../extension/handler.js';
import type { AuthenticatorsFactory, ServerServices } from '../extension/services.js';
import { offeredToken } from '../http/subprotocols.js';
import { impersonate, withAuthenticated } from './impersonation.js';
import {
  jwks,
  type SigningKey,
  signingKey,
  type VerificationKey,
  verificationKeys,
} from '../../system/pki/jwt.js';
import { MAX_TOKEN_BYTES } from './limits.js';
import { bootstrapTokenAuthenticator } from './opaque-tokens.js';
import {
  createTokenIssuer,
  serviceAccountTokenAuthenticator,
  type ServiceAccountTokenConfig,
  type TokenAuthentication,
  type TokenAuthenticator,
} from './service-account-tokens.js';

export interface AuthenticationConfig {
  /** PEM texts of --service-account-key-file; the signing key's public part is accepted too. */
  serviceAccountKeys?: readonly string[] | (() => readonly string[]);
  /** PEM text of --service-account-signing-key-file. */
  serviceAccountSigningKey?: string;
  /**
   * --service-account-issuer; new tokens get the first. Default 'https://kubernetes.default.svc.cluster.local'.
   */
  serviceAccountIssuers?: readonly string[];
  /** --api-audiences; default the issuers. */
  apiAudiences?: readonly string[];
  /** --service-account-jwks-uri; default the issuer's /openid/v1/jwks. */
  jwksUri?: string;
  maxTokenExpirationSeconds?: number;
  extendTokenExpiration?: boolean;
  /** The tokens of --token-auth-file. */
  fixedTokens?: TokenAuthenticator;
  /** Asked last: tokens of other issuers, and webhooks. */
  otherTokens?: readonly TokenAuthenticator[];
  /** --enable-bootstrap-token-auth */
  bootstrapTokens?: boolean;
  /** --anonymous-auth, or a rule by path; default true. */
  anonymous?: boolean | ((path: string) => boolean);
}

export interface Authentication {
  /** A list of one authenticator: the whole chain with impersonation. */
  readonly authenticators: AuthenticatorsFactory;
  /** serviceaccounts/token, tokenreviews, selfsubjectreviews. */
  readonly creators: SubresourceCreator[];
  /** /.well-known/openid-configuration and /openid/v1/jwks. */
  readonly paths: PathHandler[];
}

export const ANONYMOUS: UserInfo = Object.freeze({
  name: 'system:anonymous',
  groups: Object.freeze(['system:unauthenticated']),
});

export const DEFAULT_ISSUER = 'https://kubernetes.default.svc.cluster.local';

/** Tries the authenticators in order. An error of one does not keep the others from accepting. */
function firstToken(authenticators: readonly TokenAuthenticator[]): TokenAuthenticator {
  const from = (
    start: number,
    failure: unknown,
    token: string,
    audiences: readonly string[],
  ): ReturnType<TokenAuthenticator> => {
    let failed = failure;
    for (let index = start; index < authenticators.length; index++) {
      try {
        const answer = authenticators[index]!(token, audiences);
        if (answer instanceof Promise)
          return answer.then(
            (result) => result ?? from(index + 1, failed, token, audiences),
            (error: unknown) => from(index + 1, error, token, audiences),
          );
        if (answer) return answer;
      } catch (error) {
        failed = error;
      }
    }
    if (failed) throw failed as Error;
    return undefined;
  };
  return (token, audiences) => from(0, undefined, token, audiences);
}

const known = (user: UserInfo): UserInfo => ({ ...user, groups: withAuthenticated(user.groups) });

/** Token users are cached objects; the objects with the added group are cached by them. */
function memoizedKnown(): (user: UserInfo) => UserInfo {
  const seen = new WeakMap<UserInfo, UserInfo>();
  return (user) => getOrInsert(seen, user, () => known(user));
}

function chain(
  tokens: TokenAuthenticator,
  audiences: readonly string[],
  anonymous: (path: string) => boolean,
): Authenticator {
  const remember = memoizedKnown();
  const accepted = (answer: TokenAuthentication | undefined): UserInfo => {
    if (!answer) throw statusError('Unauthorized', 'Unauthorized');
    return remember(answer.user);
  };
  return (credentials: Credentials) => {
    const { certificate } = credentials;
    if (certificate?.commonName) {
      const { commonName, fingerprint, organizations, uid } = certificate;
      const extra = fingerprint
        ? { extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] } }
        : {};
      return {
        name: commonName,
        groups: withAuthenticated(organizations),
        ...(uid && { uid }),
        ...extra,
      };
    }
    const bearerToken =
      credentials.bearerToken ?? offeredToken(credentials.headers['sec-websocket-protocol']);
    if (bearerToken) {
      if (bearerToken.length > MAX_TOKEN_BYTES) throw statusError('Unauthorized', 'Unauthorized');
      const answer = tokens(bearerToken, audiences);
      return answer instanceof Promise ? answer.then(accepted) : accepted(answer);
    }
    return anonymous(credentials.path ?? '') ? ANONYMOUS : undefined;
  };
}

/** Clients get only 'Unauthorized', as upstream; the log gets the cause. */
function hideCause(error: unknown, services: ServerServices): never {
  services.env.log.debug('authentication failed', { error });
  throw statusError('Unauthorized', 'Unauthorized');
}

function authenticatorOf(services: ServerServices, inner: Authenticator): Authenticator {
  const act = (user: UserInfo | undefined, credentials: Credentials) => {
    if (!user) return undefined;
    credentials.onUser?.(user);
    return impersonate(user, credentials.headers, services.authorize);
  };
  return (credentials) => {
    let answer: ReturnType<Authenticator>;
    try {
      answer = inner(credentials);
    } catch (error) {
      return hideCause(error, services);
    }
    if (!(answer instanceof Promise)) return act(answer, credentials);
    return answer
      .catch((error: unknown) => hideCause(error, services))
      .then((user) => act(user, credentials));
  };
}

const selfSubjectReviews: SubresourceCreator = {
  group: 'authentication.k8s.io',
  resource: 'selfsubjectreviews',
  subresource: '',
  create(_object, { context }, { env }) {
    const review: SelfSubjectReview = {
      kind: 'SelfSubjectReview',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { creationTimestamp: timestamp(env.clock.now()) } as SelfSubjectReview['metadata'],
      status: { userInfo: shownUser(context.user) },
    };
    return Promise.resolve(review);
  },
};

const tokenReviews = (
  tokensOf: (services: ServerServices) => TokenAuthenticator,
  apiAudiences: readonly string[],
): SubresourceCreator => ({
  group: 'authentication.k8s.io',
  resource: 'tokenreviews',
  subresource: '',
  async create(object, _target, services) {
    const review = structuredClone(object) as unknown as TokenReview;
    const token = review.spec?.token;
    if (!token)
      throw statusError('BadRequest', 'token is required for TokenReview in authentication');
    const asked = review.spec.audiences ?? [];
    const answer = (status: TokenReview['status']) => ({ ...review, status });
    try {
      const result = await tokensOf(services)(token, asked.length ? asked : apiAudiences);
      if (!result) return answer({ user: {}, error: 'invalid bearer token' });
      return answer({
        authenticated: true,
        user: shownUser(known(result.user)),
        audiences: result.audiences,
      });
    } catch (error) {
      return answer({ user: {}, error: (error as Error).message });
    }
  },
});

function issuerDocuments(
  issuer: string,
  jwksUri: string,
  accounts: ServiceAccountTokenConfig,
): PathHandler[] {
  const keySet = () => JSON.stringify(jwks(accounts.keys));
  const configuration = () =>
    JSON.stringify({
      issuer,
      jwks_uri: jwksUri,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [...new Set(accounts.keys.map((key) => key.alg))],
    });
  const page = (path: string, type: string, body: () => string): PathHandler => ({
    path,
    handle: (request) =>
      request.respond(
        200,
        { 'content-type': type, 'cache-control': 'public, max-age=3600' },
        body(),
      ),
  });
  return [
    page('/.well-known/openid-configuration', 'application/json', configuration),
    page('/openid/v1/jwks', 'application/jwk-set+json', keySet),
  ];
}

function accountConfig(config: AuthenticationConfig): ServiceAccountTokenConfig {
  const issuers = config.serviceAccountIssuers?.length
    ? config.serviceAccountIssuers
    : [DEFAULT_ISSUER];
  const signing: SigningKey | undefined = config.serviceAccountSigningKey
    ? signingKey(config.serviceAccountSigningKey)
    : undefined;
  const given = config.serviceAccountKeys ?? [];
  const textsOf = typeof given === 'function' ? given : () => given;
  let texts: readonly string[] | undefined;
  let keys: VerificationKey[] = [];
  const current = (): readonly VerificationKey[] => {
    if (texts === textsOf()) return keys;
    texts = textsOf();
    const all = [...(signing ? [signing] : []), ...texts.flatMap(verificationKeys)];
    keys = all.filter((key, index) => all.findIndex((other) => other.kid === key.kid) === index);
    return keys;
  };
  current();
  return {
    issuers,
    audiences: config.apiAudiences?.length ? config.apiAudiences : issuers,
    get keys() {
      return current();
    },
    ...(signing && { signing }),
    ...(config.maxTokenExpirationSeconds && {
      maxExpirationSeconds: config.maxTokenExpirationSeconds,
    }),
    ...(config.extendTokenExpiration === false && { extendExpiration: false }),
  };
}

/** Writes on a token's Secret the day of its last use (upstream pkg/serviceaccount/legacy.go). */
function usesOf({ env, local }: ServerServices): (secret: Secret) => void {
  const marking = new Set<string>();
  return (secret) => {
    const { namespace = '', name, labels } = secret.metadata;
    const today = timestamp(env.clock.now()).slice(0, 'YYYY-MM-DD'.length);
    const key = `${namespace}/${name}`;
    if (labels?.[LAST_USED] === today || marking.has(key)) return;
    marking.add(key);
    const metadata = { ...secret.metadata, labels: { ...labels, [LAST_USED]: today } };
    void local
      .update(SECRETS, { ...secret, metadata })
      .catch((error: unknown) =>
        env.log.debug('the use of a token is not recorded', { key, error }),
      )
      .finally(() => marking.delete(key));
  };
}

/** Makes the chain. Throws Error for keys and token files that cannot be parsed. */
export function createAuthentication(config: AuthenticationConfig): Authentication {
  const accounts = accountConfig(config);
  const made = new WeakMap<ServerServices['reader'], TokenAuthenticator>();
  const tokensOf = (services: ServerServices): TokenAuthenticator => {
    const { env, reader } = services;
    return getOrInsert(made, reader, () =>
      firstToken([
        ...(config.fixedTokens ? [config.fixedTokens] : []),
        ...(accounts.keys.length || typeof config.serviceAccountKeys === 'function'
          ? [serviceAccountTokenAuthenticator(accounts, env, reader, usesOf(services))]
          : []),
        ...(config.bootstrapTokens ? [bootstrapTokenAuthenticator(env, reader)] : []),
        ...(config.otherTokens ?? []),
      ]),
    );
  };
  const issuer = accounts.issuers[0]!;
  const rule = config.anonymous ?? true;
  const anonymous = typeof rule === 'function' ? rule : () => rule;
  return {
    authenticators: (services) => [
      authenticatorOf(services, chain(tokensOf(services), accounts.audiences, anonymous)),
    ],
    creators: [
      createTokenIssuer(accounts),
      tokenReviews(tokensOf, accounts.audiences),
      selfSubjectReviews,
    ],
    paths: issuerDocuments(issuer, config.jwksUri ?? `${issuer}/openid/v1/jwks`, accounts),
  };
}
