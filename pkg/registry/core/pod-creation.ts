// The API server adds to a new pod the requirements of its label keys and its AppArmor annotations
// or profiles (upstream pkg/registry/core/pod/strategy.go).
import { APP_ARMOR_PREFIX } from '../../apis/core/v1/validation/pod-annotations.js';
import type { AppArmorProfile, Pod, PodAffinityTerm } from '../../apis/core/v1/types.js';
import { semanticEqual } from '../../apis/meta/v1/semantic-equal.js';
import { allContainers } from '../../component-helpers/pods.js';

const REQUIRED_LATER = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED_LATER = 'preferredDuringSchedulingIgnoredDuringExecution';
const LOCALHOST = 'localhost/';
const VALUES: Readonly<Record<string, string>> = {
  Unconfined: 'unconfined',
  RuntimeDefault: 'runtime/default',
};

/** The pod's own values of the term's label keys become requirements of its selector. */
function mergeKeys(term: PodAffinityTerm, labels: Record<string, string>): void {
  if (!term.labelSelector) return;
  const requirements = (keys: readonly string[] | undefined, operator: string) =>
    (keys ?? []).flatMap((key) =>
      labels[key] === undefined ? [] : [{ key, operator, values: [labels[key]] }],
    );
  const added = [
    ...requirements(term.matchLabelKeys, 'In'),
    ...requirements(term.mismatchLabelKeys, 'NotIn'),
  ];
  if (added.length)
    term.labelSelector.matchExpressions = [
      ...(term.labelSelector.matchExpressions ?? []),
      ...added,
    ];
}

export function mergeLabelKeys({ metadata, spec }: Pod): void {
  const labels = metadata.labels ?? {};
  for (const affinity of [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity]) {
    for (const { podAffinityTerm } of affinity?.[PREFERRED_LATER] ?? [])
      if (podAffinityTerm) mergeKeys(podAffinityTerm, labels);
    for (const term of affinity?.[REQUIRED_LATER] ?? []) mergeKeys(term, labels);
  }
}

/** The annotation's value that means the profile; undefined for profiles without meaning. */
function annotationOf(profile: AppArmorProfile): string | undefined {
  if (profile.type !== 'Localhost') return VALUES[profile.type];
  return profile.localhostProfile === undefined
    ? undefined
    : `${LOCALHOST}${profile.localhostProfile}`;
}

function profileOf(annotation: string): AppArmorProfile | undefined {
  const type = Object.keys(VALUES).find((name) => VALUES[name] === annotation);
  if (type) return { type };
  const name = annotation.startsWith(LOCALHOST) ? annotation.slice(LOCALHOST.length) : '';
  return name && name.trim() === name ? { type: 'Localhost', localhostProfile: name } : undefined;
}

/**
 * Each container gets the deprecated annotation for its profile, for old kubelets, or the profile
 * for its annotation (applyAppArmorVersionSkew).
 */
export function syncAppArmor(pod: Pod, warn: ((text: string) => void) | undefined): void {
  if (pod.spec.os?.name === 'windows') return;
  const podProfile = pod.spec.securityContext?.appArmorProfile;
  for (const container of allContainers(pod.spec)) {
    const key = `${APP_ARMOR_PREFIX}${container.name}`;
    const annotation = pod.metadata.annotations?.[key];
    const own = container.securityContext?.appArmorProfile;
    if (annotation === undefined) {
      const profile = own ?? podProfile;
      const value = profile && annotationOf(profile);
      if (value) pod.metadata.annotations = { ...pod.metadata.annotations, [key]: value };
      continue;
    }
    if (own) continue;
    const profile = profileOf(annotation);
    if (profile && semanticEqual(profile, podProfile)) continue;
    if (profile)
      container.securityContext = { ...container.securityContext, appArmorProfile: profile };
    warn?.(
      `metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
    );
  }
}
