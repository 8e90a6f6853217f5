// Validation of persistent volumes (upstream ValidatePersistentVolume). Sources that our kubelet
// does not mount are counted but not validated.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { isDns1123Label, isDns1123Subdomain } from '../../../../apimachinery/validation/names.js';
import { validateImmutableField } from '../../../meta/v1/object-meta.js';
import { semanticEqual } from '../../../meta/v1/semantic-equal.js';
import { goTypeDiff } from '../go-specs.js';
import type {
  CSIPersistentVolumeSource,
  LocalVolumeSource,
  PersistentVolume,
  PersistentVolumeSpec,
  SecretReference,
  VolumeNodeAffinity,
} from '../types.js';
import { noBacksteps, optionalOneOf, required, requiredWith, whenSet } from './fields.js';
import {
  validateAccessModes,
  validateStorageAmount,
  VOLUME_MODES,
} from './persistent-volume-claim.js';
import { validateNodeSelector } from './scheduling.js';
import { validateCsiDriverName, validateHostPath, validateNfs } from './volumes.js';
import { MOVED_TOPOLOGY, NOT_A_SOURCE } from './facts.generated.js';
import { shownAs } from '../../../meta/v1/go-value.js';

const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];
const ONE_SOURCE = 'may not specify more than 1 volume type';

function validateSecretRef(ref: SecretReference | undefined, path: string): FieldError[] {
  if (!ref) return [];
  return [
    ...requiredWith(isDns1123Subdomain, ref.name, `${path}.name`),
    ...requiredWith(isDns1123Label, ref.namespace, `${path}.namespace`),
  ];
}

const CSI_SECRETS = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
] as const;

const validateCsi = (csi: CSIPersistentVolumeSource, path: string): FieldError[] => [
  ...validateCsiDriverName(csi.driver ?? '', `${path}.driver`),
  ...required(csi.volumeHandle, `${path}.volumeHandle`),
  ...CSI_SECRETS.flatMap((field) => validateSecretRef(csi[field], `${path}.${field}`)),
];

const validateLocal = ({ path: local }: LocalVolumeSource, path: string): FieldError[] =>
  local ? noBacksteps(local, `${path}.path`) : [fieldErrors.required(`${path}.path`)];

const SOURCES: {
  [K in keyof PersistentVolumeSpec]?: (
    source: NonNullable<PersistentVolumeSpec[K]>,
    path: string,
  ) => FieldError[];
} = { csi: validateCsi, hostPath: validateHostPath, local: validateLocal, nfs: validateNfs };

const sourcesOf = ({ spec }: PersistentVolume): [string, unknown][] =>
  Object.entries(spec).filter(([key, value]) => !NOT_A_SOURCE.has(key) && value !== undefined);

function validateSources(volume: PersistentVolume): FieldError[] {
  const [first, ...more] = sourcesOf(volume);
  if (!first) return [fieldErrors.required('spec', 'must specify a volume type')];
  const [kind, source] = first;
  const check = SOURCES[kind as keyof PersistentVolumeSpec] as
    | ((source: unknown, path: string) => FieldError[])
    | undefined;
  return [
    ...(check?.(source, `spec.${kind}`) ?? []),
    ...more.map(([other]) => fieldErrors.forbidden(`spec.${other}`, ONE_SOURCE)),
  ];
}

function validateCapacity(capacity: Record<string, string> | undefined): FieldError[] {
  const path = 'spec.capacity';
  const names = Object.keys(capacity ?? {});
  const errors = fieldErrors.unless(names.length).required(path);
  if (names.length !== 1 || names[0] !== 'storage') {
    const shown = capacity
      ? `core.ResourceList{${names.map((name) => JSON.stringify(name)).join(', ')}}`
      : 'core.ResourceList(nil)';
    errors.push(fieldErrors.notSupported(path, shownAs(shown), ['storage']));
  }
  for (const [name, amount] of Object.entries(capacity ?? {}))
    errors.push(...validateStorageAmount(amount, `${path}[${name}]`));
  return errors;
}

function validateAffinity(affinity: VolumeNodeAffinity | undefined): FieldError[] {
  const path = 'spec.nodeAffinity';
  if (!affinity) return [];
  return affinity.required
    ? validateNodeSelector(affinity.required, `${path}.required`, true)
    : [fieldErrors.required(`${path}.required`, 'must specify required node constraints')];
}

export function validatePersistentVolume(volume: PersistentVolume): FieldError[] {
  const { spec } = volume;
  const policy = spec.persistentVolumeReclaimPolicy;
  const errors = [
    ...fieldErrors.unless(spec.accessModes?.length).required('spec.accessModes'),
    ...validateAccessModes(spec.accessModes ?? [], 'spec.accessModes'),
    ...validateCapacity(spec.capacity),
    ...optionalOneOf(policy || undefined, RECLAIM_POLICIES, 'spec.persistentVolumeReclaimPolicy'),
    ...validateAffinity(spec.nodeAffinity),
    ...validateSources(volume),
  ];
  if (spec.local && !spec.nodeAffinity)
    errors.push(fieldErrors.required('spec.nodeAffinity', 'Local volume requires node affinity'));
  if (/^\/+$/.test(spec.hostPath?.path ?? '') && policy === 'Recycle')
    errors.push(
      fieldErrors.forbidden(
        'spec.persistentVolumeReclaimPolicy',
        "may not be 'recycle' for a hostPath mount of '/'",
      ),
    );
  return [
    ...errors,
    ...whenSet(isDns1123Subdomain, spec.storageClassName, 'spec.storageClassName'),
    ...optionalOneOf(spec.volumeMode, VOLUME_MODES, 'spec.volumeMode'),
    ...(spec.volumeAttributesClassName === undefined
      ? []
      : [
          ...requiredWith(
            isDns1123Subdomain,
            spec.volumeAttributesClassName,
            'spec.volumeAttributesClassName',
            'an empty string is disallowed',
          ),
          ...fieldErrors
            .unless(spec.csi)
            .required('spec.csi', 'has to be specified when using volumeAttributesClassName'),
        ]),
  ];
}

/** The old affinity with the keys that `next` moved. */
function followed(old: VolumeNodeAffinity, next: VolumeNodeAffinity | undefined): unknown {
  const terms = old.required?.nodeSelectorTerms.map((term, at) => ({
    ...term,
    matchExpressions: term.matchExpressions?.map((expression, index) => {
      const wanted = next?.required?.nodeSelectorTerms?.[at]?.matchExpressions?.[index]?.key ?? '';
      return MOVED_TOPOLOGY[expression.key] === wanted
        ? { ...expression, key: wanted }
        : expression;
    }),
  }));
  return { ...old, required: old.required && { ...old.required, nodeSelectorTerms: terms } };
}

/** Secrets for expansion may be added to a CSI source that had none. */
function comparableSource(volume: PersistentVolume, old: PersistentVolume): unknown {
  const sources = Object.fromEntries(sourcesOf(volume));
  if (!volume.spec.csi || !old.spec.csi) return sources;
  const csi = { ...volume.spec.csi };
  for (const field of ['controllerExpandSecretRef', 'nodeExpandSecretRef'] as const)
    if (!old.spec.csi[field]) delete csi[field];
  return { ...sources, csi };
}

export function validatePersistentVolumeUpdate(
  next: PersistentVolume,
  old: PersistentVolume,
): FieldError[] {
  const errors: FieldError[] = [];
  const field = 'spec.persistentvolumesource';
  if (!semanticEqual(comparableSource(next, old), comparableSource(old, old))) {
    const diff = goTypeDiff('PersistentVolumeSource', old.spec, next.spec);
    errors.push(fieldErrors.forbidden(field, `${field} is immutable after creation\n${diff}`));
  }
  errors.push(...validateImmutableField(next.spec.volumeMode, old.spec.volumeMode, 'volumeMode'));
  const affinity = next.spec.nodeAffinity;
  const before = old.spec.nodeAffinity;
  if (
    before &&
    !semanticEqual(affinity, before) &&
    !semanticEqual(affinity, followed(before, affinity))
  )
    errors.push(
      fieldErrors.invalid(
        'nodeAffinity',
        affinity && shownAs('core.VolumeNodeAffinity{}'),
        'field is immutable, except for updating from beta label to GA',
      ),
    );
  return errors;
}
