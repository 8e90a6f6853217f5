// Validation of the spec of pods and of pod templates (upstream ValidatePodSpec).
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { isDns1123Subdomain, isQualifiedName } from '../../../../apimachinery/validation/names.js';
import { goStrings, invalidText } from '../../../meta/v1/go-value.js';
import { validateAnnotations, validateLabels, validateWith } from '../../../meta/v1/object-meta.js';
import type { PodDNSConfig, PodSpec, PodTemplateSpec } from '../types.js';
import {
  validateContainers,
  validateEphemeralContainers,
  validateInitContainers,
} from './containers.js';
import { dnsLabel, dnsSubdomain, oneOf, validIp } from './fields.js';
import { validateKnownAnnotations } from './pod-annotations.js';
import { validateResourceAmount, validateResourceName } from './resources.js';
import { validateAffinity, validateTolerations, validateTopologySpread } from './scheduling.js';
import { validatePodSecurityContext } from './security-context.js';
import { validateVolumes } from './volumes.js';
import { LINUX_POD_CONTEXT, LINUX_CONTEXT } from './facts.generated.js';

const MAX_INT32 = 2_147_483_647;
const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;

function validateDnsConfig(
  config: PodDNSConfig | undefined,
  policy: string | undefined,
  path: string,
): FieldError[] {
  if (policy === 'None' && !config)
    return [fieldErrors.required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  if (policy === 'None' && !config?.nameservers?.length) {
    return [
      fieldErrors.required(
        `${path}.nameservers`,
        'must provide at least one DNS nameserver when `dnsPolicy` is None',
      ),
    ];
  }
  const { nameservers = [], searches = [], options = [] } = config ?? {};
  const errors: FieldError[] = [];
  if (nameservers.length > MAX_NAMESERVERS) {
    errors.push(
      invalidText(
        `${path}.nameservers`,
        goStrings(nameservers),
        `must not have more than ${MAX_NAMESERVERS} nameservers`,
      ),
    );
  }
  errors.push(
    ...nameservers.flatMap((server, index) => validIp(server, `${path}.nameservers[${index}]`)),
  );
  if (searches.length > MAX_SEARCHES) {
    errors.push(
      invalidText(
        `${path}.searches`,
        goStrings(searches),
        `must not have more than ${MAX_SEARCHES} search paths`,
      ),
    );
  }
  if (searches.join(' ').length > MAX_SEARCH_CHARACTERS) {
    errors.push(
      invalidText(
        `${path}.searches`,
        goStrings(searches),
        `must not have more than ${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`,
      ),
    );
  }
  errors.push(
    ...searches.flatMap((search, index) =>
      dnsSubdomain(search.replace(/\.$/, ''), `${path}.searches[${index}]`),
    ),
  );
  for (const [index, { name }] of options.entries()) {
    if (!name) errors.push(fieldErrors.required(`${path}.options[${index}]`, 'must not be empty'));
  }
  return errors;
}

function validateHostNetworkPorts(spec: PodSpec, isPod: boolean, path: string): FieldError[] {
  if (!spec.hostNetwork) return [];
  return (spec.containers ?? []).flatMap(({ ports }, at) =>
    (ports ?? []).flatMap(({ containerPort, hostPort = 0 }, index) =>
      (isPod || hostPort !== 0) && hostPort !== containerPort
        ? [
            fieldErrors.invalid(
              `${path}.containers[${at}].ports[${index}].hostPort`,
              hostPort,
              'must match `containerPort` when `hostNetwork` is true',
            ),
          ]
        : [],
    ),
  );
}

function validateGates(spec: PodSpec, path: string): FieldError[] {
  const seen = new Set<string>();
  return [
    ...(spec.readinessGates ?? []).flatMap(({ conditionType }, index) =>
      validateWith(
        isQualifiedName,
        conditionType ?? '',
        `${path}.readinessGates[${index}].conditionType`,
      ),
    ),
    ...(spec.schedulingGates ?? []).flatMap(({ name }, index) => {
      const field = `${path}.schedulingGates[${index}]`;
      const errors = validateWith(isQualifiedName, name ?? '', field);
      if (seen.has(name)) errors.push(fieldErrors.duplicate(field, name));
      seen.add(name);
      return errors;
    }),
  ];
}

function validateHostUsers(spec: PodSpec, path: string): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const detail = 'when `pod.Spec.HostUsers` is false';
  return [
    ...(spec.hostNetwork ? [fieldErrors.forbidden(`${path}.hostNetwork`, detail)] : []),
    ...(spec.hostPID ? [fieldErrors.forbidden(`${path}.HostPID`, detail)] : []),
    ...(spec.hostIPC ? [fieldErrors.forbidden(`${path}.HostIPC`, detail)] : []),
  ];
}

function validateNames(spec: PodSpec, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const subdomainFields = ['serviceAccountName', 'nodeName'] as const;
  for (const field of subdomainFields) {
    if (spec[field])
      errors.push(...validateWith(isDns1123Subdomain, spec[field], `${path}.${field}`));
  }
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && !(deadline >= 1 && deadline <= MAX_INT32)) {
    errors.push(
      fieldErrors.invalid(
        `${path}.activeDeadlineSeconds`,
        deadline,
        `must be between 1 and ${MAX_INT32}, inclusive`,
      ),
    );
  }
  if (spec.hostname) errors.push(...dnsLabel(spec.hostname, `${path}.hostname`));
  if (spec.subdomain) errors.push(...dnsLabel(spec.subdomain, `${path}.subdomain`));
  return errors;
}

function validateHostAliases(spec: PodSpec, path: string): FieldError[] {
  return (spec.hostAliases ?? []).flatMap(({ ip, hostnames }, index) => [
    ...validIp(ip ?? '', `${path}[${index}].ip`),
    ...(hostnames ?? []).flatMap((name, at) =>
      dnsSubdomain(name, `${path}[${index}].hostnames[${at}]`),
    ),
  ]);
}

function validateClasses(spec: PodSpec, path: string): FieldError[] {
  return [
    ...(spec.priorityClassName
      ? dnsSubdomain(spec.priorityClassName, `${path}.priorityClassName`)
      : []),
    ...(spec.runtimeClassName === undefined
      ? []
      : dnsSubdomain(spec.runtimeClassName, `${path}.runtimeClassName`)),
    ...(spec.preemptionPolicy === undefined
      ? []
      : oneOf(
          spec.preemptionPolicy,
          ['PreemptLowerPriority', 'Never'],
          `${path}.preemptionPolicy`,
        )),
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
      (spec[list] ?? []).flatMap(({ securityContext }, index) =>
        refuse(securityContext, container, `${path}.${list}[${index}].securityContext`),
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
    ...oneOf(spec.restartPolicy, ['Always', 'OnFailure', 'Never'], `${path}.restartPolicy`),
    ...oneOf(
      spec.dnsPolicy,
      ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
      `${path}.dnsPolicy`,
    ),
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

export function validateTemplateAnnotations(
  { metadata, spec }: PodTemplateSpec,
  path: string,
): FieldError[] {
  return [
    ...validateAnnotations(metadata?.annotations, path),
    ...validateKnownAnnotations(metadata?.annotations, spec ?? { containers: [] }, path),
  ];
}

export function validatePodTemplateSpec(template: PodTemplateSpec, path: string): FieldError[] {
  const errors = [
    ...validateLabels(template.metadata?.labels, `${path}.labels`),
    ...validateTemplateAnnotations(template, `${path}.annotations`),
    ...validatePodSpec(template.spec ?? { containers: [] }, `${path}.spec`, undefined),
  ];
  if (template.spec?.ephemeralContainers?.length) {
    errors.push(
      fieldErrors.forbidden(
        `${path}.spec.ephemeralContainers`,
        'ephemeral containers not allowed in pod template',
      ),
    );
  }
  return errors;
}
