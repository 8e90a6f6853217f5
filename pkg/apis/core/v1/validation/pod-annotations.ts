// Annotations of pods that have a meaning (upstream ValidatePodSpecificAnnotations,
// ValidatePodSpecificAnnotationUpdates and the agreement of seccomp and AppArmor annotations with
// their fields in pkg/apis/core/validation/validation.go).
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import type { Container, Pod, PodSpec, SeccompProfile } from '../types.js';
import { localDescendingPath } from './fields.js';
import { validateTolerations } from './scheduling.js';

export const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
export const APP_ARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/';
export const SECCOMP_POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
export const SECCOMP_PREFIX = 'container.seccomp.security.alpha.kubernetes.io/';
const TOLERATIONS_ANNOTATION = 'scheduler.alpha.kubernetes.io/tolerations';
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const LOCALHOST = 'localhost/';

type Annotations = Readonly<Record<string, string>>;

const keyed = (path: string, key: string): string => `${path}[${key}]`;

const containersOf = (spec: PodSpec): [Container, string][] =>
  (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, index): [Container, string] => [
      container as Container,
      `${list}[${index}]`,
    ]),
  );

function seccompText(profile: string, path: string): FieldError[] {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return [];
  if (profile.startsWith(LOCALHOST))
    return localDescendingPath(profile.slice(LOCALHOST.length), path);
  return [fieldErrors.invalid(path, profile, 'must be a valid seccomp profile')];
}

function appArmorText(key: string, profile: string, spec: PodSpec, path: string): FieldError[] {
  const name = key.slice(APP_ARMOR_PREFIX.length);
  const { complain, errors } = fieldErrors.below(path);
  if (!containersOf(spec).some(([container]) => container.name === name))
    complain.invalid('', name, 'container not found');
  if (!['', 'runtime/default', 'unconfined'].includes(profile) && !profile.startsWith(LOCALHOST))
    complain.invalid('', profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`);
  return errors;
}

function tolerationsText(text: string, path: string): FieldError[] {
  if (!text) return [];
  try {
    const tolerations: unknown = JSON.parse(text);
    if (!Array.isArray(tolerations)) throw new TypeError('not a list of tolerations');
    return validateTolerations(tolerations, path);
  } catch (error) {
    return [fieldErrors.invalid(path, '', (error as Error).message)];
  }
}

const isInt32 = (text: string): boolean =>
  /^(0|-?[1-9][0-9]*)$/.test(text) && Number(text) === (Number(text) | 0);

/** Annotations of a pod or of a pod template; `path` is that of the annotations. */
export const validateKnownAnnotations = (
  annotations: Annotations | undefined,
  spec: PodSpec,
  path: string,
): FieldError[] =>
  Object.entries(annotations ?? {}).flatMap(([key, value]) => {
    if (key === MIRROR_ANNOTATION && !spec.nodeName)
      return [
        fieldErrors.invalid(
          keyed(path, key),
          value,
          'must set spec.nodeName if mirror pod annotation is set',
        ),
      ];
    if (key === TOLERATIONS_ANNOTATION) return tolerationsText(value, `${path}.${key}`);
    if (key === DELETION_COST && !isInt32(value))
      return [fieldErrors.invalid(keyed(path, key), value, 'must be a 32bit integer')];
    if (key === SECCOMP_POD_ANNOTATION || key.startsWith(SECCOMP_PREFIX))
      return seccompText(value, `${path}.${key}`);
    if (key.startsWith(APP_ARMOR_PREFIX)) return appArmorText(key, value, spec, keyed(path, key));
    return [];
  });

/** The annotations that decide what runs a pod, and under which profile, never change. */
export function validateKnownAnnotationsUpdate(next: Pod, old: Pod): FieldError[] {
  const path = 'metadata.annotations';
  const now = next.metadata.annotations ?? {};
  const before = old.metadata.annotations ?? {};
  const about = (key: string): string | undefined =>
    key === MIRROR_ANNOTATION
      ? 'mirror pod annotation'
      : key.startsWith(APP_ARMOR_PREFIX)
        ? 'AppArmor annotations'
        : undefined;
  const refusals = (keys: string[], verb: string): FieldError[] =>
    keys.flatMap((key) => {
      const what = about(key);
      return what ? [fieldErrors.forbidden(keyed(path, key), `may not ${verb} ${what}`)] : [];
    });
  return [
    ...refusals(
      Object.keys(before).filter((key) => now[key] !== before[key]),
      'remove or update',
    ),
    ...refusals(
      Object.keys(now).filter((key) => before[key] === undefined),
      'add',
    ),
    ...validateKnownAnnotations(now, next.spec, path),
  ];
}

/** Whether an annotation's text and a field's profile say the same. */
function disagreement(
  what: 'seccomp' | 'apparmor',
  text: string,
  profile: SeccompProfile,
  path: string,
): FieldError[] {
  const defaults = what === 'seccomp' ? ['runtime/default', 'docker/default'] : ['runtime/default'];
  const { type, localhostProfile } = profile;
  const agrees =
    type === 'Unconfined'
      ? text === 'unconfined'
      : type === 'RuntimeDefault'
        ? defaults.includes(text)
        : type !== 'Localhost' || text.startsWith(LOCALHOST);
  if (!agrees)
    return [
      fieldErrors.forbidden(`${path}.type`, `${what} type in annotation and field must match`),
    ];
  return fieldErrors
    .when(type === 'Localhost' && text.slice(LOCALHOST.length) !== localhostProfile)
    .forbidden(`${path}.localhostProfile`, `${what} profile in annotation and field must match`);
}

/** For new pods: an annotation and the field that replaced the annotation agree. */
export function validateProfilesAgree({ metadata, spec }: Pod): FieldError[] {
  const { annotations } = metadata;
  if (!annotations) return [];
  const pod = spec.securityContext;
  const podText = annotations[SECCOMP_POD_ANNOTATION];
  const errors =
    podText !== undefined && pod?.seccompProfile
      ? disagreement('seccomp', podText, pod.seccompProfile, 'spec.securityContext.seccompProfile')
      : [];
  for (const [{ name, securityContext: own }, place] of containersOf(spec)) {
    const path = `spec.${place}.securityContext`;
    const seccomp = annotations[`${SECCOMP_PREFIX}${name}`];
    if (seccomp !== undefined && own?.seccompProfile)
      errors.push(
        ...disagreement('seccomp', seccomp, own.seccompProfile, `${path}.seccompProfile`),
      );
    const appArmor = annotations[`${APP_ARMOR_PREFIX}${name}`];
    const profile = own?.appArmorProfile ?? pod?.appArmorProfile;
    if (appArmor !== undefined && profile && spec.os?.name !== 'windows')
      errors.push(...disagreement('apparmor', appArmor, profile, `${path}.appArmorProfile`));
  }
  return errors;
}
