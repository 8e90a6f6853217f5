// Warnings about fields of pods and pod templates that are accepted but deprecated, ambiguous or
// without effect (upstream pkg/api/pod/warnings.go, v1.32). kubectl prints them.
import { tryParseQuantity } from '../../../apimachinery/quantity/quantity.js';
import { isDns1123Label } from '../../../apimachinery/validation/names.js';
import type { ObjectMeta } from '../../../apimachinery/meta/types.js';
import { movedLabel, nodeSelectorTermWarnings } from './node-label-warnings.js';
import type {
  Affinity,
  Container,
  ContainerPort,
  PersistentVolumeClaimSpec,
  Pod,
  PodAffinityTerm,
  PodSpec,
  PodTemplateSpec,
  Volume,
} from './types.js';
import {
  APP_ARMOR_PREFIX,
  SECCOMP_POD_ANNOTATION,
  SECCOMP_PREFIX,
} from './validation/pod-annotations.js';
import { overlappingPathWarnings } from './volume-path-warnings.js';
import { OLD_ANNOTATIONS } from './facts.generated.js';
import { each } from './validation/fields.js';

const quote = (text: string | undefined): string => JSON.stringify(text ?? '');
const REQUIRED_LATER = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED_LATER = 'preferredDuringSchedulingIgnoredDuringExecution';
const SECCOMP_FIELD = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const APPARMOR_FIELD = 'deprecated since v1.30; use the "appArmorProfile" field instead';
const NO_SELECTOR = 'a null labelSelector results in matching no pod';
/** Sources by their field, in upstream's order. */
const OLD_SOURCES: readonly [source: keyof Volume, text: string, field?: string][] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+', 'storageOS'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

/** Upstream prints the list as Go does: '[a b]'. */
function labelTexts(name: string | undefined): string | undefined {
  const texts = isDns1123Label(name ?? '');
  return texts.length ? `[${texts.join(' ')}]` : undefined;
}

/** For kinds that name pods after themselves. */
export function dnsLabelWarnings(name: string | undefined): string[] {
  const texts = labelTexts(name);
  return texts
    ? [
        `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: ${texts}`,
      ]
    : [];
}

const BYTES = ['memory', 'ephemeral-storage'] as const;

function addFractionalBytes(
  warnings: string[],
  list: Record<string, string> | undefined,
  names: readonly string[],
  path: () => string,
): void {
  if (!list) return;
  for (const name of names) {
    const amount = tryParseQuantity(list[name]);
    if (amount && !amount.isInteger)
      warnings.push(
        `${path()}[${name}]: fractional byte value ${quote(amount.toString())} is invalid, must be an integer`,
      );
  }
}

const SIDES = ['limits', 'requests'] as const;

export function claimSpecWarnings(
  spec: PersistentVolumeClaimSpec | undefined,
  path: string,
): string[] {
  const warnings: string[] = [];
  for (const side of ['requests', 'limits'] as const)
    addFractionalBytes(
      warnings,
      spec?.resources?.[side],
      ['storage'],
      () => `${path}.resources.${side}`,
    );
  return warnings;
}

function addHiddenVariables(warnings: string[], { env }: Container, path: () => string): void {
  if (!env || env.length < 2) return;
  const seen = new Set<string>();
  for (const [index, { name, value = '', valueFrom }] of env.entries()) {
    // A value that adds to the previous definition does not hide it.
    const reference = `$(${name})`;
    const adds = valueFrom === undefined && value !== reference && value.includes(reference);
    if (seen.has(name) && !adds)
      warnings.push(
        `${path()}.env[${index}]: hides previous definition of ${quote(name)}, which may be dropped when using apply`,
      );
    seen.add(name);
  }
}

interface Context {
  /** Prefix of all paths: '' for pods, 'spec.template.' for templates. */
  prefix: string;
  spec: PodSpec;
  annotations: Record<string, string> | undefined;
}

type Visitor = (container: Container, path: () => string) => void;

/** Calls `visit` with the containers of all lists. Paths are written for warnings only. */
function eachContainer({ prefix, spec }: Context, visit: Visitor): void {
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const)
    spec[list]?.forEach((container, index) =>
      visit(container as Container, () => `${prefix}spec.${list}[${index}]`),
    );
}

function addContainerWarnings(warnings: string[], context: Context): void {
  const { prefix, spec, annotations } = context;
  eachContainer(context, (container, path) => {
    const own = container.securityContext;
    if (annotations) {
      const seccomp = `${SECCOMP_PREFIX}${container.name}`;
      if (!own?.seccompProfile && annotations[seccomp] !== undefined)
        warnings.push(`${prefix}metadata.annotations[${seccomp}]: ${SECCOMP_FIELD}`);
      const appArmor = `${APP_ARMOR_PREFIX}${container.name}`;
      const hasField = own?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
      // Pods get this warning where the annotation becomes a field.
      if (prefix && !hasField && annotations[appArmor] !== undefined)
        warnings.push(`${prefix}metadata.annotations[${appArmor}]: ${APPARMOR_FIELD}`);
    }
    if (container.resources)
      for (const name of BYTES)
        for (const side of SIDES)
          addFractionalBytes(
            warnings,
            container.resources[side],
            [name],
            () => `${path()}.resources.${side}`,
          );
    addHiddenVariables(warnings, container, path);
  });
}

/** Go's %+v of a port. */
const goPort = ({ name, hostPort, containerPort, protocol, hostIP }: ContainerPort): string =>
  `{Name:${name ?? ''} HostPort:${hostPort ?? 0} ContainerPort:${containerPort} Protocol:${protocol ?? ''} HostIP:${hostIP ?? ''}}`;

function portConflict(port: ContainerPort, other: ContainerPort): string | undefined {
  const [a, b] = [port.hostIP ?? '', other.hostIP ?? ''];
  const [left, right] = [port.hostPort ?? 0, other.hostPort ?? 0];
  if (a === b && left === right) return 'duplicate';
  if (left === 0 || right === 0) return 'overlapping';
  return left === right && (a === '') !== (b === '') ? 'dangerously ambiguous' : undefined;
}

function addPortWarnings(warnings: string[], context: Context): void {
  const seen = new Map<string, { path: () => string; port: ContainerPort }[]>();
  eachContainer(context, ({ ports }, field) => {
    ports?.forEach((port, index) => {
      const path = (): string => `${field()}.ports[${index}]`;
      if (port.hostIP && !port.hostPort)
        warnings.push(`${path()}: hostIP set without hostPort: ${goPort(port)}`);
      const key = `${port.containerPort}/${port.protocol}`;
      const others = seen.get(key);
      if (!others) {
        seen.set(key, [{ path, port }]);
        return;
      }
      for (const other of others) {
        const kind = portConflict(port, other.port);
        if (kind) warnings.push(`${path()}: ${kind} port definition with ${other.path()}`);
      }
      others.push({ path, port });
    });
  });
}

function nodeWarnings({ prefix, spec }: Context): string[] {
  const nodes = spec.affinity?.nodeAffinity;
  const path = `${prefix}spec.affinity.nodeAffinity`;
  return [
    ...Object.keys(spec.nodeSelector ?? {}).flatMap((key) => {
      const moved = movedLabel(key);
      return moved ? [`${prefix}spec.nodeSelector[${key}]: ${moved}`] : [];
    }),
    ...each(
      nodes?.[REQUIRED_LATER]?.nodeSelectorTerms,
      `${path}.${REQUIRED_LATER}.nodeSelectorTerms`,
      (term, at) => nodeSelectorTermWarnings(term, false, at),
    ),
    ...each(nodes?.[PREFERRED_LATER], `${path}.${PREFERRED_LATER}`, ({ preference }, at) =>
      nodeSelectorTermWarnings(preference, true, `${at}.preference`),
    ),
    ...each(
      spec.topologySpreadConstraints,
      `${prefix}spec.topologySpreadConstraints`,
      ({ topologyKey, labelSelector }, field) => {
        const moved = movedLabel(topologyKey);
        return [
          ...(moved ? [`${field}.topologyKey: ${topologyKey} is ${moved}`] : []),
          ...(labelSelector ? [] : [`${field}.labelSelector: ${NO_SELECTOR}`]),
        ];
      },
    ),
  ];
}

function affinityWarnings(affinity: Affinity | undefined, prefix: string): string[] {
  const check = (term: PodAffinityTerm | undefined, path: string): string[] =>
    term?.labelSelector ? [] : [`${path}.labelSelector: ${NO_SELECTOR}`];
  return (['podAffinity', 'podAntiAffinity'] as const).flatMap((kind) => {
    const path = `${prefix}spec.affinity.${kind}`;
    return [
      ...each(affinity?.[kind]?.[REQUIRED_LATER], `${path}.${REQUIRED_LATER}`, check),
      ...each(
        affinity?.[kind]?.[PREFERRED_LATER],
        `${path}.${PREFERRED_LATER}`,
        ({ podAffinityTerm }, at) => check(podAffinityTerm, `${at}.podAffinityTerm`),
      ),
    ];
  });
}

function addVolumeWarnings(warnings: string[], { prefix, spec }: Context): void {
  spec.volumes?.forEach((volume, index) => {
    const path = `${prefix}spec.volumes[${index}]`;
    for (const [source, text, field] of OLD_SOURCES)
      if (volume[source] !== undefined) warnings.push(`${path}.${field ?? source}: ${text}`);
    const claim = volume.ephemeral?.volumeClaimTemplate;
    if (claim)
      warnings.push(...claimSpecWarnings(claim.spec, `${path}.ephemeral.volumeClaimTemplate.spec`));
  });
}

const repeated = (
  values: readonly string[],
  text: string,
  path: (index: number) => string,
): string[] =>
  values.flatMap((value, index) =>
    values.indexOf(value) < index ? [`${path(index)}: duplicate ${text} ${quote(value)}`] : [],
  );

function listWarnings({ prefix, spec }: Context): string[] {
  const secrets = (spec.imagePullSecrets ?? []).map(({ name }) => name ?? '');
  const secretPath = (index: number): string => `${prefix}spec.imagePullSecrets[${index}].name`;
  return [
    ...repeated(
      (spec.hostAliases ?? []).map(({ ip }) => ip ?? ''),
      'ip',
      (index) => `${prefix}spec.hostAliases[${index}].ip`,
    ),
    ...repeated(secrets, 'name', secretPath),
    ...secrets.flatMap((name, index) =>
      name ? [] : [`${secretPath(index)}: invalid empty name ""`],
    ),
  ];
}

function specWarnings(
  spec: PodSpec | undefined,
  metadata: Pick<ObjectMeta, 'annotations'> | undefined,
  prefix: string,
): string[] {
  if (!spec) return [];
  const annotations = metadata?.annotations;
  const context = { prefix, spec, annotations };
  const warnings: string[] = [];
  const addOldAnnotation = (key: string, text: string): void => {
    if (annotations?.[key] !== undefined)
      warnings.push(`${prefix}metadata.annotations[${key}]: ${text}`);
  };
  if (spec.nodeSelector || spec.affinity || spec.topologySpreadConstraints)
    warnings.push(...nodeWarnings(context));
  for (const key in OLD_ANNOTATIONS) addOldAnnotation(key, OLD_ANNOTATIONS[key]!);
  addVolumeWarnings(warnings, context);
  warnings.push(...overlappingPathWarnings(spec.volumes));
  if (spec.hostAliases || spec.imagePullSecrets) warnings.push(...listWarnings(context));
  addFractionalBytes(warnings, spec.overhead, BYTES, () => `${prefix}spec.overhead`);
  if (!spec.securityContext?.seccompProfile)
    addOldAnnotation(SECCOMP_POD_ANNOTATION, SECCOMP_FIELD);
  addContainerWarnings(warnings, context);
  addPortWarnings(warnings, context);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    warnings.push(
      `${prefix}spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  if (spec.affinity) warnings.push(...affinityWarnings(spec.affinity, prefix));
  return warnings;
}

/** For new pods; upstream never warns about an update of a pod. */
export function podWarnings({ metadata, spec }: Pod, old?: Pod): string[] {
  if (old) return [];
  const warnings = specWarnings(spec, metadata, '');
  const texts = labelTexts(metadata.name);
  if (!texts) return warnings;
  return [
    `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: ${texts}`,
    ...warnings,
  ];
}

/** `path` is that of the template: 'spec.template'. */
export function podTemplateWarnings(template: PodTemplateSpec | undefined, path: string): string[] {
  return specWarnings(template?.spec, template?.metadata, `${path}.`);
}
