// The structured authentication configuration (upstream apiserver/pkg/apis/apiserver
// AuthenticationConfiguration and its validation), which the --oidc-* flags are turned into, too.
import { configured, type Shaped } from '../../../apimachinery/codec/configuration.js';
import { parseYaml } from '../../../apimachinery/codec/yaml.js';
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

const bad = (at: string, value: unknown, why: string): string =>
  `${at}: Invalid value: ${JSON.stringify(value)}: ${why}`;

function urlProblems(text: string, at: string): string[] {
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    return [bad(at, text, errorText(error))];
  }
  const problems: string[] = [];
  if (url.protocol !== 'https:') problems.push('URL scheme must be https');
  if (url.username || url.password) problems.push('URL must not contain a username or password');
  if (url.search) problems.push('URL must not contain a query');
  if (url.hash) problems.push('URL must not contain a fragment');
  return problems.map((why) => bad(at, text, why));
}

function mappingProblems(
  value: ClaimOrExpression | undefined,
  at: string,
  isNeeded: boolean,
): string[] {
  const { claim, prefix, expression } = value ?? {};
  if (claim && expression) return [bad(at, '', "claim and expression can't both be set")];
  if (!claim && !expression) {
    if (prefix !== undefined && prefix !== '')
      return [bad(`${at}.prefix`, prefix, 'non-empty prefix requires a claim')];
    return isNeeded ? [`${at}: Required value: claim or expression is required`] : [];
  }
  if (expression && prefix !== undefined)
    return [bad(`${at}.prefix`, prefix, "prefix can't be set when expression is set")];
  if (claim && prefix === undefined && /\.(username|groups)$/.test(at))
    return [
      `${at}.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing`,
    ];
  return [];
}

function ruleProblems(rules: readonly ValidationRule[], at: string): string[] {
  const seen = new Set<string>();
  return rules.flatMap((rule, index) => {
    const path = `${at}[${index}]`;
    const { claim, expression, requiredValue, message } = rule;
    if (claim && expression) return [bad(path, claim, "claim and expression can't both be set")];
    if (!claim && !expression) return [`${path}: Required value: claim or expression is required`];
    if (claim && message)
      return [bad(`${path}.message`, message, "message can't be set when claim is set")];
    if (expression && requiredValue)
      return [
        bad(
          `${path}.requiredValue`,
          requiredValue,
          "requiredValue can't be set when expression is set",
        ),
      ];
    const what = claim ?? expression!;
    if (seen.has(what)) return [`${path}: Duplicate value: ${JSON.stringify(what)}`];
    seen.add(what);
    return [];
  });
}

/** A key is a domain-prefixed path in lower case, outside of Kubernetes' domains. */
function extraProblems(key: string | undefined, at: string): string[] {
  if (!key) return [`${at}.key: Required value`];
  const domain = key.split('/')[0]!;
  if (!/^[a-z0-9.-]+\/[^/].*$/.test(key))
    return [bad(`${at}.key`, key, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  if (key !== key.toLowerCase()) return [bad(`${at}.key`, key, 'key must be lowercase')];
  if (/(^|\.)(kubernetes\.io|k8s\.io)$/.test(domain))
    return [
      bad(
        `${at}.key`,
        key,
        `k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use`,
      ),
    ];
  return [];
}

function issuerProblems({ issuer }: JwtAuthenticator, at: string): string[] {
  const { url, discoveryURL, audiences, audienceMatchPolicy } = issuer;
  const problems = url
    ? urlProblems(url, `${at}.url`)
    : [`${at}.url: Required value: URL is required`];
  if (discoveryURL) {
    problems.push(...urlProblems(discoveryURL, `${at}.discoveryURL`));
    if (discoveryURL.replace(/\/+$/, '') === url.replace(/\/+$/, ''))
      problems.push(
        bad(`${at}.discoveryURL`, discoveryURL, 'discoveryURL must be different from URL'),
      );
  }
  if (!audiences.length)
    problems.push(
      `${at}.audiences: Required value: at least one jwt[0].issuer.audiences is required`.replace(
        'jwt[0].issuer.',
        '',
      ),
    );
  audiences.forEach((audience, index) => {
    if (!audience)
      problems.push(`${at}.audiences[${index}]: Required value: audience can't be empty`);
    else if (audiences.indexOf(audience) !== index)
      problems.push(`${at}.audiences[${index}]: Duplicate value: ${JSON.stringify(audience)}`);
  });
  if (audienceMatchPolicy && audienceMatchPolicy !== 'MatchAny')
    problems.push(
      bad(
        `${at}.audienceMatchPolicy`,
        audienceMatchPolicy,
        'audienceMatchPolicy must be empty or MatchAny for single audience',
      ),
    );
  if (audiences.length > 1 && audienceMatchPolicy !== 'MatchAny')
    problems.push(
      bad(
        `${at}.audienceMatchPolicy`,
        audienceMatchPolicy ?? '',
        'audienceMatchPolicy must be MatchAny for multiple audiences',
      ),
    );
  return problems;
}

/** Unverified addresses would let users choose their names. */
function emailProblems(
  { claimMappings, claimValidationRules = [] }: JwtAuthenticator,
  at: string,
): string[] {
  const { username, extra = [] } = claimMappings;
  const uses = (text: string | undefined, name: string) =>
    new RegExp(`\\bclaims\\s*\\.\\s*\\??${name}\\b`).test(text ?? '');
  if (!uses(username.expression, 'email')) return [];
  const texts = [
    username.expression,
    ...extra.map(({ valueExpression }) => valueExpression),
    ...claimValidationRules.map(({ expression }) => expression),
  ];
  return texts.some((text) => uses(text, 'email_verified'))
    ? []
    : [
        bad(
          `${at}.username.expression`,
          username.expression,
          'claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression',
        ),
      ];
}

function jwtProblems(jwt: JwtAuthenticator, at: string): string[] {
  const { username, groups, uid, extra = [] } = jwt.claimMappings;
  const map = `${at}.claimMappings`;
  const keys = extra.map(({ key }) => key);
  return [
    ...issuerProblems(jwt, `${at}.issuer`),
    ...ruleProblems(jwt.claimValidationRules ?? [], `${at}.claimValidationRules`),
    ...mappingProblems(username, `${map}.username`, true),
    ...mappingProblems(groups, `${map}.groups`, false),
    ...mappingProblems(uid, `${map}.uid`, false),
    ...extra.flatMap(({ key, valueExpression }, index) => [
      ...extraProblems(key, `${map}.extra[${index}]`),
      ...(keys.indexOf(key) === index
        ? []
        : [`${map}.extra[${index}].key: Duplicate value: ${JSON.stringify(key)}`]),
      ...(valueExpression
        ? []
        : [`${map}.extra[${index}].valueExpression: Required value: valueExpression is required`]),
    ]),
    ...emailProblems(jwt, map),
    ...ruleProblems(jwt.userValidationRules ?? [], `${at}.userValidationRules`),
  ];
}

/** Most issuers of a configuration, as upstream. */
const MAX_ISSUERS = 64;

/** Throws Error with every problem. `ownIssuers` sign service account tokens. */
export function checkJwt(jwt: readonly JwtAuthenticator[], ownIssuers: readonly string[]): void {
  const problems = jwt.flatMap((one, index) => jwtProblems(one, `jwt[${index}]`));
  if (jwt.length > MAX_ISSUERS)
    problems.push(`jwt: Too many: ${jwt.length}: must have at most ${MAX_ISSUERS} items`);
  jwt.forEach(({ issuer: { url, discoveryURL } }, index) => {
    const at = `jwt[${index}].issuer`;
    if (ownIssuers.includes(url))
      problems.push(
        bad(
          `${at}.url`,
          url,
          `URL must not overlap with disallowed issuers: [${ownIssuers.join(' ')}]`,
        ),
      );
    if (jwt.findIndex((other) => other.issuer.url === url) !== index)
      problems.push(`${at}.url: Duplicate value: ${JSON.stringify(url)}`);
    if (
      discoveryURL &&
      jwt.findIndex((other) => other.issuer.discoveryURL === discoveryURL) !== index
    )
      problems.push(`${at}.discoveryURL: Duplicate value: ${JSON.stringify(discoveryURL)}`);
  });
  if (problems.length) throw new Error(problems.join(', '));
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
    ...(anonymous ? { anonymous: { ...anonymous, enabled: anonymous.enabled ?? false } } : {}),
  };
}
