// PodSecurity: the Pod Security Standards by namespace label (upstream
// staging/pod-security-admission). Labels pod-security.kubernetes.io/{enforce,warn,audit} name a
// level, those with -version a version. Pods are denied or warned about; workloads with a pod
// template are only warned about. Labels that are not valid are refused, and where such labels are
// stored already, `restricted` is enforced.
import { configured } from '../apimachinery/codec/configuration.js';
import {
  type FieldError,
  fieldErrors,
  fieldErrorsText,
  internalError,
  invalid,
} from '../apimachinery/errors/status-error.js';
import type { ObjectMeta } from '../apimachinery/meta/types.js';
import type { Namespace, Pod, PodSpec } from '../apis/core/v1/types.js';
import {
  SECCOMP_POD_ANNOTATION,
  SECCOMP_PREFIX,
} from '../apis/core/v1/validation/pod-annotations.js';
import { NAMESPACES, PODS } from '../apis/resource-types.js';
import type {
  AdmissionPlugin,
  AdmissionPluginFactory,
  AdmissionRequest,
} from '../apiserver/admission/plugin.js';
import type { ObjectReader } from '../apiserver/resource/reader.js';
import { allContainers } from '../component-helpers/pods.js';
import { MAX_PODS_CHECKED } from './limits.js';
import { type Level, violationsOf } from './pod-security-checks.js';
import { refusal } from './refuse.js';
import { CONFIGURATION, POD_SECURITY_RESOURCES } from './facts.generated.js';

const PREFIX = 'pod-security.kubernetes.io/';
const MODES = ['enforce', 'audit', 'warn'] as const;
const LEVELS: readonly Level[] = ['privileged', 'baseline', 'restricted'];
const VERSION = /^v1\.(0|[1-9][0-9]*)$/;

type Mode = (typeof MODES)[number];

interface LevelVersion {
  level: Level;
  /** 'latest' or 'v1.MINOR'. */
  version: string;
}

type Policy = Record<Mode, LevelVersion>;

const PRIVILEGED: LevelVersion = { level: 'privileged', version: 'latest' };
const UNRESTRICTED: Policy = { enforce: PRIVILEGED, audit: PRIVILEGED, warn: PRIVILEGED };

interface Configuration {
  /** For namespaces without labels. */
  defaults: Policy;
  exemptions: Record<'usernames' | 'runtimeClasses' | 'namespaces', readonly string[]>;
}

const API_VERSIONS = ['v1', 'v1beta1'].map(
  (version) => `pod-security.admission.config.k8s.io/${version}`,
);

/**
 * Reads a PodSecurityConfiguration of pod-security.admission.config.k8s.io/v1; without one,
 * everything is privileged and nothing is exempt. Throws Error.
 */
function configurationOf(config: unknown): Configuration {
  const { defaults = {}, exemptions = {} } =
    config === undefined
      ? {}
      : configured(config, 'PodSecurityConfiguration', API_VERSIONS, CONFIGURATION);
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(defaults)) if (value) labels[PREFIX + name] = value;
  const { policy, errors } = policyOf(labels);
  if (errors.length)
    throw new Error(
      errors
        .map(({ field, message }) => {
          const name = field.slice(`metadata.labels[${PREFIX}`.length, -1);
          return `defaults.${name}: ${message}`;
        })
        .join(', '),
    );
  const { usernames = [], runtimeClasses = [], namespaces = [] } = exemptions;
  const exempt = { usernames, runtimeClasses, namespaces };
  for (const [kind, list] of Object.entries(exempt)) {
    const bad = list.findIndex((text, index) => !text || list.indexOf(text) !== index);
    if (bad >= 0)
      throw new Error(
        `exemptions.${kind}[${bad}]: ${list[bad] ? 'Duplicate value' : 'Invalid value'}: ${JSON.stringify(list[bad])}`,
      );
  }
  return { defaults: policy, exemptions: exempt };
}

/**
 * A policy is always returned. A level that is not valid means restricted to enforce, and
 * privileged to warn and audit.
 */
export function policyOf(
  labels: Readonly<Record<string, string>> = {},
  defaults: Policy = UNRESTRICTED,
): { policy: Policy; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const policy = {} as Policy;
  const bad = (key: string, why: string) =>
    void errors.push(fieldErrors.invalid(`metadata.labels[${key}]`, labels[key]!, why));
  for (const mode of MODES) {
    const key = `${PREFIX}${mode}`;
    const text = labels[key] ?? defaults[mode].level;
    let level = LEVELS.find((known) => known === text);
    if (!level) {
      bad(key, `must be one of ${LEVELS.join(', ')}`);
      level = mode === 'enforce' ? 'restricted' : 'privileged';
    }
    let version = labels[`${key}-version`] ?? defaults[mode].version;
    if (version !== 'latest' && !VERSION.test(version)) {
      bad(`${key}-version`, 'must be "latest" or "v1.x"');
      version = 'latest';
    }
    policy[mode] = { level, version };
  }
  return { policy, errors };
}

const show = ({ level, version }: LevelVersion): string => JSON.stringify(`${level}:${version}`);

interface Template {
  spec: PodSpec;
  metadata?: Partial<ObjectMeta>;
}

const violations = ({ level, version }: LevelVersion, { spec, metadata }: Template) =>
  violationsOf(level, Number(VERSION.exec(version)?.[1] ?? Infinity), spec, metadata?.annotations);

/** 'PodSecurity "LEVEL:VERSION": REASON (DETAIL), ...'; '' when there is no violation. */
function complaint(policy: LevelVersion, template: Template): string {
  const found = violations(policy, template).map(({ reason, detail }) => `${reason} (${detail})`);
  return found.length ? `PodSecurity ${show(policy)}: ${found.join(', ')}` : '';
}

function templateOf({ object }: AdmissionRequest): Template | undefined {
  const { spec, template } = object as {
    spec?: { template?: Template; jobTemplate?: { spec?: { template?: Template } } };
    template?: Template;
  };
  const found = template ?? spec?.jobTemplate?.spec?.template ?? spec?.template;
  return found?.spec ? found : undefined;
}

/** Subresources that change no pod spec; any other one is checked. */
const HARMLESS = new Set('exec attach binding eviction log portforward proxy status'.split(' '));

/** An update can change images, seccomp annotations and ephemeral containers only. */
function isSignificant(next: Pod, old: Pod): boolean {
  const facts = ({ spec, metadata: { annotations = {} } }: Pod) =>
    JSON.stringify([
      annotations[SECCOMP_POD_ANNOTATION],
      allContainers(spec).map(({ name, image }) => [
        name,
        image,
        annotations[`${SECCOMP_PREFIX}${name}`],
      ]),
    ]);
  return facts(next) !== facts(old);
}

interface Scope {
  readonly reader: ObjectReader;
  readonly config: Configuration;
  /** The reader gives the same object until the namespace changes. */
  readonly policies: WeakMap<Namespace, ReturnType<typeof policyOf>>;
}

/** Says which pods of the namespace violate the level that is enforced from now on. */
function warnOfPods(
  request: AdmissionRequest,
  { reader, config }: Scope,
  enforce: LevelVersion,
): void {
  const all = reader.list(PODS, request.name);
  const found = new Map<string, { first: string; others: number }>();
  for (const pod of all.slice(0, MAX_PODS_CHECKED)) {
    const { metadata, spec } = pod;
    if (config.exemptions.runtimeClasses.includes(spec.runtimeClassName ?? '')) continue;
    const why = violations(enforce, pod)
      .map(({ reason }) => reason)
      .join(', ');
    if (!why) continue;
    const seen = found.get(why);
    const first = seen && seen.first < metadata.name ? seen.first : metadata.name;
    found.set(why, { first, others: seen ? seen.others + 1 : 0 });
  }
  if (all.length > MAX_PODS_CHECKED)
    request.warn(
      `new PodSecurity enforce level only checked against the first ${MAX_PODS_CHECKED} of ${all.length} existing pods`,
    );
  if (!found.size) return;
  request.warn(
    `existing pods in namespace ${JSON.stringify(request.name)} violate the new PodSecurity enforce level ${show(enforce)}`,
  );
  const lines = [...found].map(([why, { first, others }]) =>
    others
      ? `${first} (and ${others} other pod${others === 1 ? '' : 's'}): ${why}`
      : `${first}: ${why}`,
  );
  for (const line of lines.toSorted()) request.warn(line);
}

function checkNamespace(request: AdmissionRequest, scope: Scope): void {
  if (request.subresource) return;
  const now = policyOf(request.object!.metadata.labels, scope.config.defaults);
  const before =
    request.oldObject && policyOf(request.oldObject.metadata.labels, scope.config.defaults);
  const same = before && JSON.stringify(before.errors) === JSON.stringify(now.errors);
  if (now.errors.length && !same)
    throw invalid({ group: '', kind: 'Namespace' }, request.name, now.errors);
  if (!before) return;
  const { enforce } = now.policy;
  const { enforce: old } = before.policy;
  const isStricter =
    enforce.version !== old.version || LEVELS.indexOf(enforce.level) > LEVELS.indexOf(old.level);
  if (!isStricter || enforce.level === 'privileged') return;
  if (!scope.config.exemptions.namespaces.includes(request.name))
    warnOfPods(request, scope, enforce);
}

/** Whether the request is exempt; its audit events say by which property. */
function isExempt(
  request: AdmissionRequest,
  { exemptions }: Configuration,
  { runtimeClassName }: PodSpec,
): boolean {
  const { namespace, context } = request;
  const by = exemptions.namespaces.includes(namespace)
    ? 'namespace'
    : exemptions.usernames.includes(context.user.name)
      ? 'user'
      : runtimeClassName && exemptions.runtimeClasses.includes(runtimeClassName)
        ? 'runtimeClass'
        : undefined;
  if (by) request.annotate(`${PREFIX}exempt`, by);
  return by !== undefined;
}

async function policyFor(
  request: AdmissionRequest,
  { reader, config, policies }: Scope,
): Promise<Policy> {
  const { namespace } = request;
  const found = await reader.find(NAMESPACES, '', namespace);
  if (!found) throw internalError(new Error(`failed to lookup namespace ${namespace}`));
  let parsed = policies.get(found);
  if (!parsed) policies.set(found, (parsed = policyOf(found.metadata.labels, config.defaults)));
  const { policy, errors } = parsed;
  if (errors.length)
    request.annotate(`${PREFIX}error`, `Failed to parse policy: ${fieldErrorsText(errors)}`);
  return policy;
}

function warnOf({ warn }: Policy, request: AdmissionRequest, template: Template): void {
  const why = complaint(warn, template);
  if (why) request.warn(`would violate ${why}`);
}

function auditOf({ audit }: Policy, request: AdmissionRequest, template: Template): void {
  const why = complaint(audit, template);
  if (why) request.annotate(`${PREFIX}audit-violations`, `would violate ${why}`);
}

async function checkPod(request: AdmissionRequest, scope: Scope): Promise<void> {
  const pod = request.object as Pod;
  if (HARMLESS.has(request.subresource)) return;
  if (request.oldObject && !isSignificant(pod, request.oldObject as Pod)) return;
  if (isExempt(request, scope.config, pod.spec)) return;
  const policy = await policyFor(request, scope);
  const { level, version } = policy.enforce;
  request.annotate(`${PREFIX}enforce-policy`, `${level}:${version}`);
  auditOf(policy, request, pod);
  const why = complaint(policy.enforce, pod);
  if (why) throw refusal(request, `violates ${why}`);
  warnOf(policy, request, pod);
}

async function checkWorkload(request: AdmissionRequest, scope: Scope): Promise<void> {
  const template = request.subresource ? undefined : templateOf(request);
  if (!template || isExempt(request, scope.config, template.spec)) return;
  const policy = await policyFor(request, scope);
  auditOf(policy, request, template);
  warnOf(policy, request, template);
}

/** The plugin with its configuration, if any. Throws Error when that is wrong. */
export function podSecurityWith(configuration: unknown): AdmissionPluginFactory {
  const config = configurationOf(configuration);
  return ({ reader }) => pluginOf({ reader, config, policies: new WeakMap() });
}

const pluginOf = (scope: Scope): AdmissionPlugin => ({
  name: 'PodSecurity',
  operations: ['CREATE', 'UPDATE'],
  resources: POD_SECURITY_RESOURCES,
  validate(request) {
    const { resource } = request.resource.facts;
    if (resource === 'namespaces') return checkNamespace(request, scope);
    return resource === 'pods' ? checkPod(request, scope) : checkWorkload(request, scope);
  },
});
