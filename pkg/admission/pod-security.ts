// PodSecurity: the Pod Security Standards by namespace label (upstream
// staging/pod-security-admission). Labels pod-security.kubernetes.io/{enforce,warn,audit} name a
// level, those with -version a version. Pods are denied or warned about; workloads with a pod
// template are only warned about. Labels that are not valid are refused, and where such labels are
// stored already, `restricted` is enforced.
import {
  type FieldError,
  fieldErrors,
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
import type { AdmissionPluginFactory, AdmissionRequest } from '../apiserver/admission/plugin.js';
import type { ObjectReader } from '../apiserver/resource/reader.js';
import { allContainers } from '../component-helpers/pods.js';
import { MAX_PODS_CHECKED } from './limits.js';
import { type Level, violationsOf } from './pod-security-checks.js';
import { refusal } from './refuse.js';

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

/**
 * A policy is always returned. A level that is not valid means restricted to enforce, and
 * privileged to warn and audit.
 */
export function policyOf(labels: Readonly<Record<string, string>> = {}): {
  policy: Policy;
  errors: FieldError[];
} {
  const errors: FieldError[] = [];
  const policy = {} as Policy;
  const bad = (key: string, why: string) =>
    void errors.push(fieldErrors.invalid(`metadata.labels[${key}]`, labels[key]!, why));
  for (const mode of MODES) {
    const key = `${PREFIX}${mode}`;
    const text = labels[key] ?? 'privileged';
    let level = LEVELS.find((known) => known === text);
    if (!level) {
      bad(key, `must be one of ${LEVELS.join(', ')}`);
      level = mode === 'enforce' ? 'restricted' : 'privileged';
    }
    let version = labels[`${key}-version`] ?? 'latest';
    if (version !== 'latest' && !VERSION.test(version)) {
      bad(`${key}-version`, 'must be "latest" or "v1.x"');
      version = 'latest';
    }
    policy[mode] = { level, version };
  }
  return { policy, errors };
}

const show = ({ level, version }: LevelVersion): string => JSON.stringify(`${level}:${version}`);

const violations = (
  { level, version }: LevelVersion,
  spec: PodSpec,
  meta: Partial<ObjectMeta> | undefined,
) => violationsOf(level, Number(VERSION.exec(version)?.[1] ?? Infinity), spec, meta?.annotations);

/** 'REASON (DETAIL), REASON (DETAIL)'; '' when there is no violation. */
const complaint = (
  policy: LevelVersion,
  spec: PodSpec,
  meta: Partial<ObjectMeta> | undefined,
): string =>
  violations(policy, spec, meta)
    .map(({ reason, detail }) => `${reason} (${detail})`)
    .join(', ');

interface Template {
  spec: PodSpec;
  metadata?: Partial<ObjectMeta>;
}

/** The pod template of a workload. */
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

/** Says which pods of the namespace violate the level that is enforced from now on. */
function warnOfPods(request: AdmissionRequest, reader: ObjectReader, enforce: LevelVersion): void {
  const all = reader.list(PODS, request.name);
  const found = new Map<string, { first: string; others: number }>();
  for (const { metadata, spec } of all.slice(0, MAX_PODS_CHECKED)) {
    const why = violations(enforce, spec, metadata)
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

function checkNamespace(request: AdmissionRequest, reader: ObjectReader): void {
  if (request.subresource) return;
  const now = policyOf(request.object!.metadata.labels);
  const before = request.oldObject && policyOf(request.oldObject.metadata.labels);
  const same = before && JSON.stringify(before.errors) === JSON.stringify(now.errors);
  if (now.errors.length && !same)
    throw invalid({ group: '', kind: 'Namespace' }, request.name, now.errors);
  if (!before) return;
  const { enforce } = now.policy;
  const { enforce: old } = before.policy;
  const isStricter =
    enforce.version !== old.version || LEVELS.indexOf(enforce.level) > LEVELS.indexOf(old.level);
  if (isStricter && enforce.level !== 'privileged') warnOfPods(request, reader, enforce);
}

async function policyFor(request: AdmissionRequest, reader: ObjectReader): Promise<Policy> {
  const { namespace } = request;
  const found: Namespace | undefined =
    reader.get(NAMESPACES, '', namespace) ?? (await reader.getFresh(NAMESPACES, '', namespace));
  if (!found) throw internalError(new Error(`failed to lookup namespace ${namespace}`));
  let policy = policies.get(found);
  if (!policy) policies.set(found, (policy = policyOf(found.metadata.labels).policy));
  return policy;
}

/** The reader gives the same object until the namespace changes. */
const policies = new WeakMap<Namespace, Policy>();

function warnOf({ warn }: Policy, request: AdmissionRequest, template: Template): void {
  const why = complaint(warn, template.spec, template.metadata);
  if (why) request.warn(`would violate PodSecurity ${show(warn)}: ${why}`);
}

function auditOf({ audit }: Policy, request: AdmissionRequest, template: Template): void {
  const why = complaint(audit, template.spec, template.metadata);
  if (why)
    request.annotate(
      `${PREFIX}audit-violations`,
      `would violate PodSecurity ${show(audit)}: ${why}`,
    );
}

async function checkPod(request: AdmissionRequest, reader: ObjectReader): Promise<void> {
  const pod = request.object as Pod;
  if (HARMLESS.has(request.subresource)) return;
  if (request.oldObject && !isSignificant(pod, request.oldObject as Pod)) return;
  const policy = await policyFor(request, reader);
  const { level, version } = policy.enforce;
  request.annotate(`${PREFIX}enforce-policy`, `${level}:${version}`);
  auditOf(policy, request, pod);
  const why = complaint(policy.enforce, pod.spec, pod.metadata);
  if (why) throw refusal(request, `violates PodSecurity ${show(policy.enforce)}: ${why}`);
  warnOf(policy, request, pod);
}

async function checkWorkload(request: AdmissionRequest, reader: ObjectReader): Promise<void> {
  const template = request.subresource ? undefined : templateOf(request);
  if (!template) return;
  const policy = await policyFor(request, reader);
  auditOf(policy, request, template);
  warnOf(policy, request, template);
}

export const podSecurity: AdmissionPluginFactory = ({ reader }) => ({
  name: 'PodSecurity',
  operations: ['CREATE', 'UPDATE'],
  resources: [
    'namespaces',
    'pods',
    'replicationcontrollers',
    'podtemplates',
    'deployments.apps',
    'replicasets.apps',
    'daemonsets.apps',
    'statefulsets.apps',
    'jobs.batch',
    'cronjobs.batch',
  ],
  validate(request) {
    const { resource } = request.resource.facts;
    if (resource === 'namespaces') return checkNamespace(request, reader);
    return resource === 'pods' ? checkPod(request, reader) : checkWorkload(request, reader);
  },
});
