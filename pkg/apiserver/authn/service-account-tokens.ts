// Bound service account tokens (upstream pkg/serviceaccount and
// registry/core/serviceaccount/storage/token.go): issuing for TokenRequest, and verifying. A token
// is bound to its account and optionally to a pod, secret or node; the deletion of any of them
// revokes the token. Tokens without expiry, which kube-controller-manager writes into Secrets, are
// verified here too.
import { LRUCache } from 'lru-cache';
import {
  badRequest,
  conflict,
  fieldErrors,
  type FieldError,
  invalid,
  notFound,
  statusError,
} from '../../apimachinery/errors/status-error.js';
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import { INVALID_SINCE } from '../../component-helpers/legacy-tokens.js';
import type { TokenRequest } from '../../apis/authentication/v1/types.js';
import type { Pod, Secret } from '../../apis/core/v1/types.js';
import { tokenLifetime } from '../../apis/core/v1/validation/fields.js';
import { NODES, PODS, SECRETS, SERVICE_ACCOUNTS } from '../../apis/resource-types.js';
import { type Env, timestamp } from '../../util/env/env.js';
import type { ObjectReader } from '../resource/reader.js';
import type { UserInfo } from '../auth/authenticator.js';
import type { SubresourceCreator } from '../extension/handler.js';
import {
  type Claims,
  peekClaims,
  type SigningKey,
  signJwt,
  type VerificationKey,
  verifyJwt,
} from '../../system/pki/jwt.js';
import {
  DEFAULT_TOKEN_SECONDS,
  DELETION_LEEWAY_MS,
  EXTENDABLE_TOKEN_SECONDS,
  EXTENDED_TOKEN_SECONDS,
  TOKEN_CACHE_ENTRIES,
  TOKEN_RECHECK_MS,
} from './limits.js';

export interface ServiceAccountTokenConfig {
  /** New tokens get the first issuer; tokens of all are accepted. */
  issuers: readonly string[];
  /** Audiences of the API itself (upstream --api-audiences; default the first issuer). */
  audiences: readonly string[];
  /** Another list when the keys have changed. */
  readonly keys: readonly VerificationKey[];
  signing?: SigningKey;
  /** Upstream --service-account-max-token-expiration, in seconds. */
  maxExpirationSeconds?: number;
  /** Upstream --service-account-extend-token-expiration; default true. */
  extendExpiration?: boolean;
}

interface ObjectRef {
  name: string;
  uid: string;
}

interface PrivateClaims {
  namespace: string;
  serviceaccount: ObjectRef;
  pod?: ObjectRef;
  secret?: ObjectRef;
  node?: ObjectRef;
  warnafter?: number;
}

export interface TokenAuthentication {
  user: UserInfo;
  /** The requested audiences that the token has. */
  audiences: string[];
}

/** Undefined for tokens of another kind; throws for invalid tokens of this kind. */
export type TokenAuthenticator = (
  token: string,
  audiences: readonly string[],
) => TokenAuthentication | undefined | Promise<TokenAuthentication | undefined>;

const PREFIX = 'system:serviceaccount:';

export const serviceAccountUser = (namespace: string, name: string): string =>
  `${PREFIX}${namespace}:${name}`;
export const serviceAccountGroups = (namespace: string): string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];

/** Namespace and name from a service account's user name; undefined for other users. */
export function splitServiceAccount(user: string): { namespace: string; name: string } | undefined {
  if (!user.startsWith(PREFIX)) return undefined;
  const [namespace, name, ...more] = user.slice(PREFIX.length).split(':');
  return namespace && name && !more.length ? { namespace, name } : undefined;
}

const unauthorized = (why: string) => statusError('Unauthorized', why);

/**
 * An object that a token is bound to. An object that the cache lacks is read fresh before the token
 * is refused.
 */
interface Bound {
  type: ResourceType<ApiObject>;
  namespace: string;
  ref: ObjectRef;
  /** The token, when the object (a Secret) must contain it. */
  holds?: string;
}

function boundObjects(claims: PrivateClaims): Bound[] {
  const { namespace } = claims;
  const bound: Bound[] = [{ type: SERVICE_ACCOUNTS, namespace, ref: claims.serviceaccount }];
  if (claims.pod) bound.push({ type: PODS, namespace, ref: claims.pod });
  else if (claims.secret) bound.push({ type: SECRETS, namespace, ref: claims.secret });
  else if (claims.node) bound.push({ type: NODES, namespace: '', ref: claims.node });
  return bound;
}

function isAlive(object: ApiObject | undefined, { holds, ref }: Bound, now: number): boolean {
  if (!object || (holds !== undefined && object.metadata.labels?.[INVALID_SINCE])) return false;
  if (
    holds === undefined
      ? object.metadata.uid !== ref.uid
      : (object as Secret).data?.['token'] !== Buffer.from(holds).toString('base64')
  )
    return false;
  const deleted = object.metadata.deletionTimestamp;
  return !deleted || Date.parse(deleted) > now - DELETION_LEEWAY_MS;
}

function userOf(claims: PrivateClaims, jti: unknown): UserInfo {
  const extra: Record<string, string[]> = {};
  if (typeof jti === 'string') extra['authentication.kubernetes.io/credential-id'] = [`JTI=${jti}`];
  if (claims.pod) {
    extra['authentication.kubernetes.io/pod-name'] = [claims.pod.name];
    extra['authentication.kubernetes.io/pod-uid'] = [claims.pod.uid];
  }
  if (claims.node) {
    extra['authentication.kubernetes.io/node-name'] = [claims.node.name];
    if (claims.node.uid) extra['authentication.kubernetes.io/node-uid'] = [claims.node.uid];
  }
  return {
    name: serviceAccountUser(claims.namespace, claims.serviceaccount.name),
    uid: claims.serviceaccount.uid,
    groups: serviceAccountGroups(claims.namespace),
    extra,
  };
}

interface CachedToken {
  user: UserInfo;
  bound: Bound[];
  audiences: string[];
  expires: number;
  notBefore: number;
  checked: number;
}

function readClaims(claims: Claims): CachedToken {
  const ours = claims['kubernetes.io'] as PrivateClaims | undefined;
  if (!ours?.namespace || !ours.serviceaccount?.name || typeof claims['exp'] !== 'number')
    throw unauthorized('invalid bearer token');
  const user = userOf(ours, claims['jti']);
  if (claims['sub'] !== user.name) throw unauthorized('invalid bearer token');
  const audience = claims['aud'];
  return {
    user,
    bound: boundObjects(ours),
    audiences: Array.isArray(audience)
      ? audience.filter((a) => typeof a === 'string')
      : typeof audience === 'string'
        ? [audience]
        : [],
    expires: claims['exp'] * 1000,
    notBefore: typeof claims['nbf'] === 'number' ? claims['nbf'] * 1000 : 0,
    checked: -Infinity,
  };
}

/** The issuer of tokens in Secrets, which have no expiry and no audience but the API. */
const LEGACY_ISSUER = 'kubernetes/serviceaccount';

/** Verifies a token of a Secret (upstream pkg/serviceaccount/legacy.go). */
function readLegacyClaims(
  claims: Claims,
  token: string,
  audiences: readonly string[],
): CachedToken {
  const of = (name: string): string => {
    const value = claims[`kubernetes.io/serviceaccount/${name}`];
    if (typeof value !== 'string' || !value) throw unauthorized('invalid bearer token');
    return value;
  };
  const namespace = of('namespace');
  const account = { name: of('service-account.name'), uid: of('service-account.uid') };
  const user = userOf({ namespace, serviceaccount: account }, undefined);
  if (claims['sub'] !== user.name) throw unauthorized('invalid bearer token');
  const bound: Bound[] = [
    { type: SERVICE_ACCOUNTS, namespace, ref: account },
    { type: SECRETS, namespace, ref: { name: of('secret.name'), uid: '' }, holds: token },
  ];
  return {
    user,
    bound,
    audiences: [...audiences],
    expires: Infinity,
    notBefore: 0,
    checked: -Infinity,
  };
}

/**
 * Verifies a token's signature once, and its bindings once per TOKEN_RECHECK_MS. `used` gets the
 * Secret of a token that is accepted from there.
 */
export function serviceAccountTokenAuthenticator(
  config: ServiceAccountTokenConfig,
  env: Pick<Env, 'clock'>,
  reader: ObjectReader,
  used: (secret: Secret) => void = () => {},
): TokenAuthenticator {
  const cache = new LRUCache<string, CachedToken>({ max: TOKEN_CACHE_ENTRIES });
  const issuers = new Set([...config.issuers, LEGACY_ISSUER]);
  let verifiedBy = config.keys;

  const accept = (entry: CachedToken, audiences: readonly string[]): TokenAuthentication => {
    const common = audiences.filter((audience) => entry.audiences.includes(audience));
    if (!common.length) throw unauthorized('invalid bearer token');
    return { user: entry.user, audiences: common };
  };

  const recheck = async (
    token: string,
    entry: CachedToken,
    missing: Bound[],
    audiences: readonly string[],
  ) => {
    for (const bound of missing) {
      const { type, namespace, ref } = bound;
      if (!isAlive(await reader.getFresh(type, namespace, ref.name), bound, env.clock.now())) {
        cache.delete(token);
        throw unauthorized('service account token has been invalidated');
      }
    }
    entry.checked = env.clock.now();
    return accept(entry, audiences);
  };

  const judge = (token: string, entry: CachedToken, audiences: readonly string[]) => {
    const now = env.clock.now();
    if (now >= entry.expires) {
      cache.delete(token);
      throw unauthorized('service account token has expired');
    }
    if (now < entry.notBefore - DELETION_LEEWAY_MS)
      throw unauthorized('service account token is not valid yet');
    if (now - entry.checked < TOKEN_RECHECK_MS) return accept(entry, audiences);
    const missing = entry.bound.filter(
      (bound) => !isAlive(reader.get(bound.type, bound.namespace, bound.ref.name), bound, now),
    );
    if (missing.length) return recheck(token, entry, missing, audiences);
    for (const { holds, namespace, ref } of entry.bound) {
      const secret = holds === undefined ? undefined : reader.get(SECRETS, namespace, ref.name);
      if (secret) used(secret);
    }
    entry.checked = now;
    return accept(entry, audiences);
  };

  const firstTime = async (
    token: string,
    audiences: readonly string[],
  ): Promise<TokenAuthentication> => {
    const { keys } = config;
    const claims = await verifyJwt(token, keys);
    if (!claims) throw unauthorized('invalid bearer token');
    const entry =
      claims['iss'] === LEGACY_ISSUER
        ? readLegacyClaims(claims, token, config.audiences)
        : readClaims(claims);
    if (keys === verifiedBy) cache.set(token, entry);
    return judge(token, entry, audiences);
  };

  return (token, audiences) => {
    if (config.keys !== verifiedBy) {
      // A key that was taken away revokes its tokens.
      cache.clear();
      verifiedBy = config.keys;
    }
    const known = cache.get(token);
    if (known) return judge(token, known, audiences);
    const issuer = peekClaims(token)?.['iss'];
    return typeof issuer === 'string' && issuers.has(issuer)
      ? firstTime(token, audiences)
      : undefined;
  };
}

function validateRequest({ metadata, spec }: TokenRequest, name: string): FieldError[] {
  const given = metadata?.name || name;
  return [
    ...tokenLifetime(spec.expirationSeconds, 'spec.expirationSeconds'),
    ...fieldErrors
      .unless(given === name)
      .invalid('metadata.name', given, `must match the service account name: ${name}`),
  ];
}

const BINDABLE: Record<string, { type: ResourceType<ApiObject>; namespaced: boolean }> = {
  Pod: { type: PODS, namespaced: true },
  Secret: { type: SECRETS, namespaced: true },
  Node: { type: NODES, namespaced: false },
};

/** Finds the object that the token is to be bound to. Throws StatusError as upstream's token.go. */
async function bind(
  request: TokenRequest,
  namespace: string,
  account: string,
  reader: ObjectReader,
): Promise<Partial<PrivateClaims>> {
  const ref = request.spec.boundObjectRef;
  if (!ref) return {};
  const bindable = BINDABLE[ref.kind ?? ''];
  if (!bindable || (ref.apiVersion ?? 'v1') !== 'v1')
    throw badRequest(
      `cannot bind token to object of type ${ref.apiVersion ?? ''}, Kind=${ref.kind ?? ''}`,
    );
  const { type } = bindable;
  const object = await reader.getFresh(type, bindable.namespaced ? namespace : '', ref.name ?? '');
  if (!object) throw notFound(type, ref.name ?? '');
  const uid = object.metadata.uid ?? '';
  if (ref.uid && ref.uid !== uid)
    throw conflict(
      type,
      ref.name ?? '',
      `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  const claim = { name: object.metadata.name, uid };
  if (ref.kind !== 'Pod') return ref.kind === 'Secret' ? { secret: claim } : { node: claim };
  const { spec } = object as Pod;
  if ((spec.serviceAccountName || 'default') !== account)
    throw badRequest(
      `cannot bind token for serviceaccount "${account}" to pod running with different serviceaccount name.`,
    );
  if (!spec.nodeName) return { pod: claim };
  return {
    pod: claim,
    node: { name: spec.nodeName, uid: reader.get(NODES, '', spec.nodeName)?.metadata.uid ?? '' },
  };
}

/** serviceaccounts/token: issues a token for TokenRequest. */
export function createTokenIssuer(config: ServiceAccountTokenConfig): SubresourceCreator {
  return {
    group: '',
    resource: 'serviceaccounts',
    subresource: 'token',
    async create(object, { namespace, name, context }, { env, reader }) {
      const request = structuredClone(object) as unknown as TokenRequest;
      request.spec ??= { audiences: [] };
      request.spec.expirationSeconds ??= DEFAULT_TOKEN_SECONDS;
      if (!request.spec.audiences?.length) request.spec.audiences = [...config.audiences];
      const errors = validateRequest(request, name);
      if (errors.length)
        throw invalid(
          { group: 'authentication.k8s.io', kind: 'TokenRequest' },
          request.metadata?.name ?? '',
          errors,
        );
      const account = await reader.getFresh(SERVICE_ACCOUNTS, namespace, name);
      if (!account) throw notFound(SERVICE_ACCOUNTS, name);
      if (!config.signing)
        throw statusError('InternalError', 'this server has no service account signing key');
      const bound = await bind(request, namespace, name, reader);
      const now = Math.floor(env.clock.now() / 1000);
      const asked = Math.min(
        request.spec.expirationSeconds,
        config.maxExpirationSeconds ?? Infinity,
      );
      const isDefaultAudience = request.spec.audiences.every((audience) =>
        config.audiences.includes(audience),
      );
      const extended =
        asked === EXTENDABLE_TOKEN_SECONDS &&
        bound.pod !== undefined &&
        isDefaultAudience &&
        config.extendExpiration !== false;
      const token = await signJwt(
        {
          aud: request.spec.audiences,
          exp: now + (extended ? EXTENDED_TOKEN_SECONDS : asked),
          iat: now,
          iss: config.issuers[0],
          jti: context.random.uuid(),
          'kubernetes.io': {
            namespace,
            serviceaccount: { name, uid: account.metadata.uid },
            ...bound,
            ...(extended && { warnafter: now + asked }),
          },
          nbf: now,
          sub: serviceAccountUser(namespace, name),
        },
        config.signing,
      );
      return {
        kind: 'TokenRequest',
        apiVersion: 'authentication.k8s.io/v1',
        metadata: { name, namespace, creationTimestamp: timestamp(env.clock.now()) },
        spec: { ...request.spec, expirationSeconds: asked },
        status: { token, expirationTimestamp: timestamp((now + asked) * 1000) },
      };
    },
  };
}
