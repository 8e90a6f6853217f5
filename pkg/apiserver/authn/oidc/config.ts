// The structured authentication configuration (upstream apiserver/pkg/apis/apiserver
// AuthenticationConfiguration and its validation), which the --oidc-* flags are turned into, too.
import { configured, type Shaped } from '../../../apimachinery/codec/configuration.js';
import { parseYaml } from '../../../apimachinery/codec/yaml.js';
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { each, unique } from '../../../apis/core/v1/validation/fields.js';
import { errorText } from '../../../util/errors/error-text.js';
import { SHAPE } from './facts.generated.js';

type Jwt = (typeof SHAPE.jwt)[0];
/** The prefix goes before the claim's value. */
export type ClaimOrExpression = Shaped<Jwt['claimMappings']['username']>;
type ValidationRule = Shaped<Jwt['claimValidationRules'][0]>;

export interface JwtAuthenticator {
  issuer: {
    url: string;
    discoveryURL?: string;
    /** PEM; absent: the authorities of the process. */
    certificateAuthority?: string;
    audiences: string[];
    audienceMatchPolicy?: string;
  };
  claimValidationRules?: ValidationRule[];
  claimMappings: {
    username: ClaimOrExpression;
    groups?: ClaimOrExpression;
    uid?: ClaimOrExpression;
    extra?: { key: string; valueExpression: string }[];
  };
  userValidationRules?: ValidationRule[];
  /** Only flags narrow it; default SIGNING_ALGORITHMS. */
  signingAlgorithms?: readonly string[];
}

export interface AuthenticationFile {
  jwt: JwtAuthenticator[];
  anonymous?: { enabled: boolean; conditions?: { path: string }[] };
}

/** Upstream's allowedSigningAlgs: only asymmetric ones, so that a public key signs nothing. */
export const SIGNING_ALGORITHMS: readonly string[] = ['RS', 'ES', 'PS'].flatMap((family) =>
  ['256', '384', '512'].map((bits) => family + bits),
);

const API_VERSIONS = ['v1alpha1', 'v1beta1'].map((version) => `apiserver.config.k8s.io/${version}`);

const { invalid, required, unless, when } = fieldErrors;

function urlProblems(text: string, at: string): FieldError[] {
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    return [invalid(at, text, errorText(error))];
  }
  return [
    ...unless(url.protocol === 'https:').invalid(at, text, 'URL scheme must be https'),
    ...when(url.username || url.password).invalid(
      at,
      text,
      'URL must not contain a username or password',
    ),
    ...when(url.search).invalid(at, text, 'URL must not contain a query'),
    ...when(url.hash).invalid(at, text, 'URL must not contain a fragment'),
  ];
}

function mappingProblems(
  value: ClaimOrExpression | undefined,
  at: string,
  isNeeded: boolean,
): FieldError[] {
  const { claim, prefix, expression } = value ?? {};
  const path = `${at}.prefix`;
  if (claim && expression) return [invalid(at, '', "claim and expression can't both be set")];
  if (!claim && !expression)
    return prefix
      ? [invalid(path, prefix, 'non-empty prefix requires a claim')]
      : when(isNeeded).required(at, 'claim or expression is required');
  if (expression)
    return unless(prefix === undefined).invalid(
      path,
      prefix,
      "prefix can't be set when expression is set",
    );
  return when(prefix === undefined && /\.(username|groups)$/.test(at)).required(
    path,
    'prefix is required when claim is set. It can be set to an empty string to disable prefixing',
  );
}

function ruleProblems(rules: readonly ValidationRule[] | undefined, at: string): FieldError[] {
  const seen = new Set<string>();
  return each(rules, at, ({ claim, expression, requiredValue, message }, path) => {
    if (claim && expression)
      return [invalid(path, claim, "claim and expression can't both be set")];
    const what = claim || expression;
    if (!what) return [required(path, 'claim or expression is required')];
    if (claim && message)
      return [invalid(`${path}.message`, message, "message can't be set when claim is set")];
    if (expression && requiredValue) {
      const detail = "requiredValue can't be set when expression is set";
      return [invalid(`${path}.requiredValue`, requiredValue, detail)];
    }
    return unique(what, seen, path);
  });
}

/** A key is a domain-prefixed path in lower case, outside of Kubernetes' domains. */
function extraProblems(key: string | undefined, path: string): FieldError[] {
  if (!key) return [required(path)];
  const domain = key.split('/')[0]!;
  if (!/^[a-z0-9.-]+\/[^/].*$/.test(key))
    return [invalid(path, key, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  if (key !== key.toLowerCase()) return [invalid(path, key, 'key must be lowercase')];
  return when(/(^|\.)(kubernetes\.io|k8s\.io)$/.test(domain)).invalid(
    path,
    key,
    'k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use',
  );
}

function issuerProblems({ issuer }: JwtAuthenticator, at: string): FieldError[] {
  const { url, discoveryURL = '', audiences, audienceMatchPolicy: policy = '' } = issuer;
  const bare = (text: string): string => text.replace(/\/+$/, '');
  const seen = new Set<string>();
  return [
    ...(url ? urlProblems(url, `${at}.url`) : [required(`${at}.url`, 'URL is required')]),
    ...(discoveryURL ? urlProblems(discoveryURL, `${at}.discoveryURL`) : []),
    ...when(discoveryURL && bare(discoveryURL) === bare(url)).invalid(
      `${at}.discoveryURL`,
      discoveryURL,
      'discoveryURL must be different from URL',
    ),
    ...unless(audiences.length).required(
      `${at}.audiences`,
      `at least one ${at}.audiences is required`,
    ),
    ...each(audiences, `${at}.audiences`, (audience, path) =>
      audience ? unique(audience, seen, path) : [required(path, "audience can't be empty")],
    ),
    ...when(policy && policy !== 'MatchAny').invalid(
      `${at}.audienceMatchPolicy`,
      policy,
      'audienceMatchPolicy must be empty or MatchAny for single audience',
    ),
    ...when(audiences.length > 1 && policy !== 'MatchAny').invalid(
      `${at}.audienceMatchPolicy`,
      policy,
      'audienceMatchPolicy must be MatchAny for multiple audiences',
    ),
  ];
}

/** Unverified addresses would let users choose their names. */
function emailProblems(
  { claimMappings, claimValidationRules = [] }: JwtAuthenticator,
  at: string,
): FieldError[] {
  const { username, extra = [] } = claimMappings;
  const uses = (text: string | undefined, name: string) =>
    new RegExp(`\\bclaims\\s*\\.\\s*\\??${name}\\b`).test(text ?? '');
  if (!uses(username.expression, 'email')) return [];
  const texts = [
    username.expression,
    ...extra.map(({ valueExpression }) => valueExpression),
    ...claimValidationRules.map(({ expression }) => expression),
  ];
  return unless(texts.some((text) => uses(text, 'email_verified'))).invalid(
    `${at}.username.expression`,
    username.expression,
    'claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression',
  );
}

function jwtProblems(jwt: JwtAuthenticator, at: string): FieldError[] {
  const { username, groups, uid, extra } = jwt.claimMappings;
  const map = `${at}.claimMappings`;
  const keys = new Set<string>();
  return [
    ...issuerProblems(jwt, `${at}.issuer`),
    ...ruleProblems(jwt.claimValidationRules, `${at}.claimValidationRules`),
    ...mappingProblems(username, `${map}.username`, true),
    ...mappingProblems(groups, `${map}.groups`, false),
    ...mappingProblems(uid, `${map}.uid`, false),
    ...each(extra, `${map}.extra`, ({ key, valueExpression }, path) => [
      ...extraProblems(key, `${path}.key`),
      ...unique(key, keys, `${path}.key`),
      ...unless(valueExpression).required(`${path}.valueExpression`, 'valueExpression is required'),
    ]),
    ...emailProblems(jwt, map),
    ...ruleProblems(jwt.userValidationRules, `${at}.userValidationRules`),
  ];
}

/** Most issuers of a configuration, as upstream. */
const MAX_ISSUERS = 64;

/** Throws Error with every problem. `ownIssuers` sign service account tokens. */
export function checkJwt(jwt: readonly JwtAuthenticator[], ownIssuers: readonly string[]): void {
  const urls = new Set<string>();
  const discoveries = new Set<string>();
  const problems = [
    ...each(jwt, 'jwt', jwtProblems),
    ...when(jwt.length > MAX_ISSUERS).tooMany('jwt', jwt.length, MAX_ISSUERS),
    ...each(jwt, 'jwt', ({ issuer: { url, discoveryURL } }, at) => [
      ...when(ownIssuers.includes(url)).invalid(
        `${at}.issuer.url`,
        url,
        `URL must not overlap with disallowed issuers: [${ownIssuers.join(' ')}]`,
      ),
      ...unique(url, urls, `${at}.issuer.url`),
      ...(discoveryURL ? unique(discoveryURL, discoveries, `${at}.issuer.discoveryURL`) : []),
    ]),
  ];
  if (problems.length)
    throw new Error(problems.map(({ field, message }) => `${field}: ${message}`).join(', '));
}

/** Reads the file of --authentication-config. Throws Error. */
export function parseAuthenticationFile(
  text: string,
  ownIssuers: readonly string[],
): AuthenticationFile {
  const { value } = parseYaml(text);
  const read = configured(value, 'AuthenticationConfiguration', API_VERSIONS, SHAPE);
  const file = read as Partial<AuthenticationFile>;
  const jwt = (file.jwt ?? []).map((one) => ({
    ...one,
    issuer: { ...one.issuer, url: one.issuer?.url ?? '', audiences: one.issuer?.audiences ?? [] },
    claimMappings: { ...one.claimMappings, username: one.claimMappings?.username ?? {} },
  }));
  checkJwt(jwt, ownIssuers);
  const { anonymous } = file;
  if (anonymous && !anonymous.enabled && anonymous.conditions?.length)
    throw new Error(
      'anonymous.conditions: Invalid value: [...]: enabled should be set to true when conditions are defined',
    );
  return {
    jwt,
    ...(anonymous && { anonymous: { ...anonymous, enabled: anonymous.enabled ?? false } }),
  };
}
