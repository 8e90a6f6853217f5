// Validation of the spec of pods and of pod templates (upstream ValidatePodSpec).
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import {
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
} from '../../../../apimachinery/validation/names.js';
import { validateAnnotations, validateLabels, validateWith } from '../../../meta/v1/object-meta.js';
import type { PodDNSConfig, PodSpec, PodTemplateSpec } from '../types.js';
import {
  validateContainers,
  validateEphemeralContainers,
  validateInitContainers,
} from './containers.js';
import {
  between,
  dnsSubdomain,
  each,
  MAX_INT32,
  oneOf,
  optionally,
  required,
  unique,
  validIp,
  whenSet,
} from './fields.js';
import { validateKnownAnnotations } from './pod-annotations.js';
import { validateResourceAmount, validateResourceName } from './resources.js';
import { validateAffinity, validateTolerations, validateTopologySpread } from './scheduling.js';
import { validatePodSecurityContext } from './security-context.js';
import { validateVolumes } from './volumes.js';
import { LINUX_POD_CONTEXT, LINUX_CONTEXT } from './facts.generated.js';

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;
const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never'];

function validateDnsConfig(
  config: PodDNSConfig | undefined,
  policy: string | undefined,
  path: string,
): FieldError[] {
  if (policy === 'None' && !config)
    return [fieldErrors.required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  const { nameservers = [], searches = [], options } = config ?? {};
  if (policy === 'None' && !nameservers.length) {
    const detail = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
    return [fieldErrors.required(`${path}.nameservers`, detail)];
  }
  const atMost = (
    max: number,
    what: string,
    list: 'nameservers' | 'searches',
    count: number,
  ): FieldError[] =>
    fieldErrors
      .when(count > max)
      .invalid(`${path}.${list}`, config?.[list], `must not have more than ${max} ${what}`);
  const characters = 'characters (including spaces) in the search list';
  return [
    ...atMost(MAX_NAMESERVERS, 'nameservers', 'nameservers', nameservers.length),
    ...each(nameservers, `${path}.nameservers`, validIp),
    ...atMost(MAX_SEARCHES, 'search paths', 'searches', searches.length),
    ...atMost(MAX_SEARCH_CHARACTERS, characters, 'searches', searches.join(' ').length),
    ...each(searches, `${path}.searches`, (search, at) =>
      dnsSubdomain(search.replace(/\.$/, ''), at),
    ),
    ...each(options, `${path}.options`, ({ name }, at) => required(name, at, 'must not be empty')),
  ];
}

function validateHostNetworkPorts(spec: PodSpec, isPod: boolean, path: string): FieldError[] {
  if (!spec.hostNetwork) return [];
  const detail = 'must match `containerPort` when `hostNetwork` is true';
  return each(spec.containers, `${path}.containers`, ({ ports }, container) =>
    each(ports, `${container}.ports`, ({ containerPort, hostPort = 0 }, at) =>
      fieldErrors
        .when((isPod || hostPort !== 0) && hostPort !== containerPort)
        .invalid(`${at}.hostPort`, hostPort, detail),
    ),
  );
}

function validateGates(spec: PodSpec, path: string): FieldError[] {
  const seen = new Set<string>();
  return [
    ...each(spec.readinessGates, `${path}.readinessGates`, ({ conditionType }, at) =>
      validateWith(isQualifiedName, conditionType, `${at}.conditionType`),
    ),
    ...each(spec.schedulingGates, `${path}.schedulingGates`, ({ name }, at) => [
      ...validateWith(isQualifiedName, name, at),
      ...unique(name, seen, at),
    ]),
  ];
}

function validateHostUsers(spec: PodSpec, path: string): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const { hostNetwork, hostPID: HostPID, hostIPC: HostIPC } = spec;
  return Object.entries({ hostNetwork, HostPID, HostIPC }).flatMap(([field, isSet]) =>
    fieldErrors.when(isSet).forbidden(`${path}.${field}`, 'when `pod.Spec.HostUsers` is false'),
  );
}

const validateNames = (spec: PodSpec, path: string): FieldError[] => [
  ...whenSet(isDns1123Subdomain, spec.serviceAccountName, `${path}.serviceAccountName`),
  ...whenSet(isDns1123Subdomain, spec.nodeName, `${path}.nodeName`),
  ...between(spec.activeDeadlineSeconds, 1, MAX_INT32, `${path}.activeDeadlineSeconds`),
  ...whenSet(isDns1123Label, spec.hostname, `${path}.hostname`),
  ...whenSet(isDns1123Label, spec.subdomain, `${path}.subdomain`),
];

const validateHostAliases = (spec: PodSpec, path: string): FieldError[] =>
  each(spec.hostAliases, path, ({ ip, hostnames }, at) => [
    ...validIp(ip ?? '', `${at}.ip`),
    ...each(hostnames, `${at}.hostnames`, dnsSubdomain),
  ]);

function validateClasses(spec: PodSpec, path: string): FieldError[] {
  const { preemptionPolicy } = spec;
  return [
    ...whenSet(isDns1123Subdomain, spec.priorityClassName, `${path}.priorityClassName`),
    ...optionally(isDns1123Subdomain, spec.runtimeClassName, `${path}.runtimeClassName`),
    ...(preemptionPolicy === undefined
      ? []
      : oneOf(preemptionPolicy, PREEMPTION_POLICIES, `${path}.preemptionPolicy`)),
    ...Object.entries(spec.overhead ?? {}).flatMap(([name, amount]) => [
      ...validateResourceName(name, `${path}.overhead[${name}]`),
      ...validateResourceAmount(name, amount, `${path}.overhead[${name}]`),
    ]),
  ];
}

const SYSTEMS = ['linux', 'windows'];
const LINUX_SPEC = ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace'] as const;

/** The fields of the other operating system are refused. */
function validateOs(spec: PodSpec, path: string): FieldError[] {
  if (!spec.os) return [];
  const { name } = spec.os;
  if (!name) return [fieldErrors.required(`${path}.os.name`, 'cannot be empty')];
  if (!SYSTEMS.includes(name)) return [fieldErrors.notSupported(`${path}.os`, name, SYSTEMS)];
  const detail =
    name === 'linux'
      ? 'windows options cannot be set for a linux pod'
      : 'cannot be set for a windows pod';
  const refuse = (holder: object | undefined, fields: readonly string[], at: string) =>
    fields.flatMap((field) => {
      const value = (holder as Record<string, unknown> | undefined)?.[field];
      const isSet = value !== undefined && !(Array.isArray(value) && !value.length);
      return isSet ? [fieldErrors.forbidden(`${at}.${field}`, detail)] : [];
    });
  const [pod, container, own] =
    name === 'linux'
      ? [['windowsOptions'], ['windowsOptions'], []]
      : [LINUX_POD_CONTEXT, LINUX_CONTEXT, LINUX_SPEC];
  return [
    ...refuse(spec.securityContext, pod, `${path}.securityContext`),
    ...refuse(spec, own, path),
    ...(['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
      each(spec[list], `${path}.${list}`, ({ securityContext }, at) =>
        refuse(securityContext, container, `${at}.securityContext`),
      ),
    ),
  ];
}

/** `podName` is undefined for templates, to which some rules do not apply. */
export function validatePodSpec(
  spec: PodSpec,
  path: string,
  podName: string | undefined,
): FieldError[] {
  const { byName, errors } = validateVolumes(spec.volumes, `${path}.volumes`, podName);
  const context = { volumes: byName, spec };
  return [
    ...errors,
    ...validateContainers(context, `${path}.containers`),
    ...validateInitContainers(context, `${path}.initContainers`),
    ...validateEphemeralContainers(context, `${path}.ephemeralContainers`),
    ...validateHostNetworkPorts(spec, podName !== undefined, path),
    ...oneOf(spec.restartPolicy, RESTART_POLICIES, `${path}.restartPolicy`),
    ...oneOf(spec.dnsPolicy, DNS_POLICIES, `${path}.dnsPolicy`),
    ...validateLabels(spec.nodeSelector, `${path}.nodeSelector`),
    ...validatePodSecurityContext(spec, `${path}.securityContext`),
    ...validateAffinity(spec.affinity, `${path}.affinity`),
    ...validateDnsConfig(spec.dnsConfig, spec.dnsPolicy, `${path}.dnsConfig`),
    ...validateGates(spec, path),
    ...validateTopologySpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`),
    ...validateHostUsers(spec, path),
    ...validateNames(spec, path),
    ...validateTolerations(spec.tolerations, `${path}.tolerations`),
    ...validateHostAliases(spec, `${path}.hostAliases`),
    ...validateClasses(spec, path),
    ...validateOs(spec, path),
  ];
}

export const validateTemplateAnnotations = (
  { metadata, spec }: PodTemplateSpec,
  path: string,
): FieldError[] => [
  ...validateAnnotations(metadata?.annotations, path),
  ...validateKnownAnnotations(metadata?.annotations, spec ?? { containers: [] }, path),
];

export const validatePodTemplateSpec = (template: PodTemplateSpec, path: string): FieldError[] => [
  ...validateLabels(template.metadata?.labels, `${path}.labels`),
  ...validateTemplateAnnotations(template, `${path}.annotations`),
  ...validatePodSpec(template.spec ?? { containers: [] }, `${path}.spec`, undefined),
  ...fieldErrors
    .when(template.spec?.ephemeralContainers?.length)
    .forbidden(
      `${path}.spec.ephemeralContainers`,
      'ephemeral containers not allowed in pod template',
    ),
];
