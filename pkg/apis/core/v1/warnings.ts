// Warnings about fields that are accepted but deprecated or without effect (upstream
// pkg/api/pod/warnings.go, pkg/api/service/warnings.go). kubectl prints them.
import { isDns1123Label } from '../../../apimachinery/validation/names.js';
import type { Container, Pod, PodSpec, PodTemplateSpec, Service } from './types.js';

/** Deprecated label keys and upstream's text about their successors. */
const MOVED_LABELS: Record<string, string> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region':
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone':
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type':
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

function hiddenVariables({ env }: Container, path: string): string[] {
  const seen = new Set<string>();
  return (env ?? []).flatMap(({ name, value }, index) => {
    // A value that refers to the previous definition does not hide it.
    const builds = value?.includes(`$(${name})`) ?? false;
    const hides = seen.has(name) && !builds;
    seen.add(name);
    return hides
      ? [
          `${path}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
        ]
      : [];
  });
}

function podSpecWarnings(spec: PodSpec | undefined, path: string): string[] {
  const moved = Object.keys(spec?.nodeSelector ?? {}).filter((key) => MOVED_LABELS[key]);
  const lists = [
    ['initContainers', spec?.initContainers ?? []],
    ['containers', spec?.containers ?? []],
  ] as const;
  return [
    ...moved.map((key) => `${path}.nodeSelector[${key}]: ${MOVED_LABELS[key]}`),
    ...lists.flatMap(([list, containers]) =>
      containers.flatMap((container, index) =>
        hiddenVariables(container, `${path}.${list}[${index}]`),
      ),
    ),
  ];
}

export function podWarnings({ metadata, spec }: Pod): string[] {
  const name = isDns1123Label(metadata.name ?? '');
  return [
    ...podSpecWarnings(spec, 'spec'),
    ...(name.length
      ? [
          `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${name.join(' ')}]`,
        ]
      : []),
  ];
}

export function podTemplateWarnings(
  template: PodTemplateSpec | undefined,
  path = 'spec.template',
): string[] {
  return podSpecWarnings(template?.spec, `${path}.spec`);
}

export function serviceWarnings({ spec }: Service): string[] {
  const warnings: string[] = [];
  if (
    spec.clusterIP === 'None' &&
    spec.sessionAffinity !== undefined &&
    spec.sessionAffinity !== 'None'
  ) {
    warnings.push('spec.SessionAffinity is ignored for headless services');
  }
  if (spec.externalIPs?.length && spec.type === 'ExternalName')
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  return warnings;
}
