// The structured authorization configuration (upstream apiserver/pkg/apis/apiserver
// AuthorizationConfiguration and its validation).
import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { configured } from '../../apimachinery/codec/configuration.js';
import { parseYaml } from '../../apimachinery/codec/yaml.js';
import {
  aggregateText,
  fieldErrors,
  fieldErrorsText,
  type FieldError,
} from '../../apimachinery/errors/status-error.js';
import { isDns1123Subdomain } from '../../apimachinery/validation/names.js';
import { oneOf } from '../../apis/core/v1/validation/fields.js';
import { formatDuration, parseDuration } from '../../util/duration/go-duration.js';
import { AUTHORIZATION_MODES, type AuthorizationMode } from './authorization.js';
import { MAX_MATCH_CONDITIONS } from './limits.js';
import type { WebhookRules } from './webhook.js';
import { SHAPE } from './facts.generated.js';

const { duplicate, invalid, required, tooMany } = fieldErrors;

const API_VERSIONS = ['v1', 'v1beta1', 'v1alpha1'].map(
  (version) => `apiserver.config.k8s.io/${version}`,
);

type Entry = NonNullable<ReturnType<typeof read>['authorizers']>[number];
type Webhook = NonNullable<Entry['webhook']>;
type Conditions = typeof import('./conditions.js');

export interface ConfiguredAuthorizer {
  readonly type: AuthorizationMode;
  readonly name: string;
  /** Of the type Webhook; `kubeconfig` is the path of a file. */
  readonly webhook?: WebhookRules & { readonly kubeconfig: string };
}

const read = (text: string) =>
  configured(parseYaml(text).value, 'AuthorizationConfiguration', API_VERSIONS, SHAPE);

/** Zero stands for the default, as in upstream. */
const milliseconds = (text: string | undefined, otherwise: string): number =>
  parseDuration(text ?? '0s') || parseDuration(otherwise);

const AUTHORIZED_TTL = '5m';
const UNAUTHORIZED_TTL = '30s';
const MISSING = 'no such file or directory';
const MAX_TIMEOUT_MS = 30_000;

function period(at: string, text: string | undefined, max?: number): FieldError[] {
  const ms = parseDuration(text ?? '0s');
  if (!ms && max) return [required(at)];
  const bounds = max ? 'must be > 0s and <= 30s' : 'must be > 0s';
  return ms < 0 || ms > (max ?? ms) ? [invalid(at, formatDuration(ms), bounds)] : [];
}

function connection({ connectionInfo = {} }: Webhook, at: string): FieldError[] {
  const { type, kubeConfigFile: file } = connectionInfo;
  const path = `${at}.kubeConfigFile`;
  if (type !== 'KubeConfigFile' && type !== 'InClusterConfig')
    return oneOf(type, ['InClusterConfig', 'KubeConfigFile'], `${at}.type`);
  if (type === 'InClusterConfig')
    return file === undefined
      ? [invalid(`${at}.type`, type, 'not allowed for kube-apiserver')]
      : [invalid(path, file, 'can only be set when type=KubeConfigFile')];
  if (!file) return [required(path)];
  if (!isAbsolute(file)) return [invalid(path, file, 'must be an absolute path')];
  const found = statSync(file, { throwIfNoEntry: false });
  const why = found ? 'must be a regular file' : `error loading file: stat ${file}: ${MISSING}`;
  return found?.isFile() ? [] : [invalid(path, file, why)];
}

function conditionProblems(
  { matchConditions = [] }: Webhook,
  at: string,
  conditions: Conditions | undefined,
): FieldError[] {
  const count = matchConditions.length;
  if (count > MAX_MATCH_CONDITIONS) return [tooMany(at, count, MAX_MATCH_CONDITIONS)];
  const seen = new Set<string>();
  return matchConditions.flatMap(({ expression = '' }, index) => {
    const path = `${at}[${index}].expression`;
    if (!expression.trim()) return [required(path)];
    if (seen.has(expression)) return [duplicate(path, expression)];
    seen.add(expression);
    const compiled = conditions!.compileCondition(expression);
    return 'error' in compiled ? [invalid(path, expression, compiled.error)] : [];
  });
}

/** Upstream names the members of a webhook without `webhook` before them. */
function webhookProblems(
  webhook: Webhook,
  at: string,
  conditions: Conditions | undefined,
): FieldError[] {
  const version = webhook.subjectAccessReviewVersion;
  const matchVersion = webhook.matchConditionSubjectAccessReviewVersion;
  const matchPath = `${at}.matchConditionSubjectAccessReviewVersion`;
  const missing = webhook.matchConditions?.length
    ? [required(matchPath, 'required if match conditions are specified')]
    : [];
  return [
    ...period(`${at}.timeout`, webhook.timeout, MAX_TIMEOUT_MS),
    ...period(`${at}.authorizedTTL`, webhook.authorizedTTL),
    ...period(`${at}.unauthorizedTTL`, webhook.unauthorizedTTL),
    ...oneOf(version, ['v1', 'v1beta1'], `${at}.subjectAccessReviewVersion`),
    ...(matchVersion ? oneOf(matchVersion, ['v1'], matchPath) : missing),
    ...oneOf(webhook.failurePolicy, ['NoOpinion', 'Deny'], `${at}.failurePolicy`),
    ...connection(webhook, `${at}.connectionInfo`),
    ...conditionProblems(webhook, `${at}.matchConditions`, conditions),
  ];
}

function problemsOf(entries: readonly Entry[], conditions: Conditions | undefined): FieldError[] {
  if (!entries.length)
    return [required('authorizers', 'at least one authorization mode must be defined')];
  const isSecond = (index: number, member: 'name' | 'type'): boolean =>
    entries.findIndex((one) => one[member] === entries[index]![member]) !== index;
  return entries.flatMap(({ type, name = '', webhook }, index): FieldError[] => {
    const at = `authorizers[${index}]`;
    const unknown = oneOf(type, AUTHORIZATION_MODES.toSorted(), `${at}.type`);
    if (unknown.length) return unknown;
    const isWebhook = type === 'Webhook';
    if (!isWebhook && isSecond(index, 'type')) return [duplicate(`${at}.type`, type)];
    const wrong = isDns1123Subdomain(name).join(', ');
    const problems: FieldError[] = [];
    if (!name) problems.push(required(`${at}.name`));
    else if (isSecond(index, 'name')) problems.push(duplicate(`${at}.name`, name));
    else if (wrong)
      problems.push(invalid(`${at}.name`, name, `authorizer name is invalid: ${wrong}`));
    const path = `${at}.webhook`;
    if (isWebhook && !webhook) problems.push(required(path, 'required when type=Webhook'));
    else if (isWebhook) problems.push(...webhookProblems(webhook!, at, conditions));
    else if (webhook)
      problems.push(invalid(path, 'non-null', 'may only be specified when type=Webhook'));
    return problems;
  });
}

/** The names of the built-in authorizers are fixed, and none of them comes or goes. */
function refuseOthers(entries: readonly Entry[], atStart: readonly string[] | undefined): void {
  const types = entries.flatMap(({ type }) => (type && type !== 'Webhook' ? [type] : []));
  const wrong = entries.flatMap(({ type = '', name = '' }) =>
    type === 'Webhook' || name === type.toLowerCase()
      ? []
      : [`expected name ${type.toLowerCase()} for authorizer ${type} instead of ${name}`],
  );
  const missing = atStart?.filter((type) => type !== 'Webhook' && !types.includes(type)).sort();
  if (missing?.length) wrong.push(`missing required types: [${missing.join(' ')}]`);
  for (const type of atStart ? types : [])
    if (!atStart!.includes(type))
      wrong.push(
        `authorizer type ${type} is not allowed if it was not enabled at initial server startup`,
      );
  if (wrong.length) throw new Error(aggregateText(wrong));
}

/**
 * Reads the file of --authorization-config. `atStart` has the types of the file that the server
 * started with, when this is a later one. Rejects with every problem in upstream's words.
 */
export async function parseAuthorizationFile(
  text: string,
  atStart?: readonly string[],
): Promise<ConfiguredAuthorizer[]> {
  const { authorizers: entries = [] } = read(text);
  const hasConditions = entries.some(({ webhook }) => webhook?.matchConditions?.length);
  const conditions = hasConditions ? await import('./conditions.js') : undefined;
  const problems = problemsOf(entries, conditions);
  if (problems.length) throw new Error(fieldErrorsText(problems));
  refuseOthers(entries, atStart);
  return entries.map(({ type, name = '', webhook }) => {
    const known = { type: type as AuthorizationMode, name };
    if (!webhook) return known;
    const expressions = (webhook.matchConditions ?? []).map(({ expression = '' }) => expression);
    return {
      ...known,
      webhook: {
        name,
        version: webhook.subjectAccessReviewVersion!,
        authorizedMs: milliseconds(webhook.authorizedTTL, AUTHORIZED_TTL),
        unauthorizedMs: milliseconds(webhook.unauthorizedTTL, UNAUTHORIZED_TTL),
        timeoutMs: milliseconds(webhook.timeout, '0s'),
        denies: webhook.failurePolicy === 'Deny',
        kubeconfig: webhook.connectionInfo!.kubeConfigFile!,
        ...(expressions.length && { conditions: conditions!.conditionsOf(expressions) }),
      },
    };
  });
}
