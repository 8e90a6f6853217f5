// Validation of volumes of pods (upstream ValidateVolumes). Sources that our kubelet does not mount
// are counted but not validated.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { tryParseQuantity } from '../../../../apimachinery/quantity/quantity.js';
import { isDns1123Subdomain } from '../../../../apimachinery/validation/names.js';
import { validateWith } from '../../../meta/v1/object-meta.js';
import type {
  DownwardAPIVolumeFile,
  EmptyDirVolumeSource,
  HostPathVolumeSource,
  KeyToPath,
  NFSVolumeSource,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  Volume,
  VolumeProjection,
} from '../types.js';
import { validateFieldRef, validateResourceFieldRef, VOLUME_FIELDS } from './field-refs.js';
import { dnsLabel, localNonReservedPath, noBacksteps, required } from './fields.js';
import { validateClaimSpec } from './persistent-volume-claim.js';

const MAX_MODE = 0o777;
const MIN_TOKEN_SECONDS = 600;
const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

function validateMode(mode: number | undefined, path: string): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= MAX_MODE)) return [];
  return [
    fieldErrors.invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive'),
  ];
}

function validateItems(items: readonly KeyToPath[] | undefined, path: string): FieldError[] {
  return (items ?? []).flatMap((item, index) => {
    const field = `${path}.items[${index}]`;
    return [
      ...required(item.key, `${field}.key`),
      ...(item.path
        ? localNonReservedPath(item.path, `${field}.path`)
        : [fieldErrors.required(`${field}.path`)]),
      ...validateMode(item.mode, `${field}.mode`),
    ];
  });
}

function validateDownwardFile(file: DownwardAPIVolumeFile, path: string): FieldError[] {
  const errors = file.path
    ? localNonReservedPath(file.path, `${path}.path`)
    : [fieldErrors.required(`${path}.path`)];
  if (file.fieldRef) {
    errors.push(...validateFieldRef(file.fieldRef, VOLUME_FIELDS, `${path}.fieldRef`));
    if (file.resourceFieldRef) {
      errors.push(
        fieldErrors.invalid(
          path,
          'resource',
          'fieldRef and resourceFieldRef can not be specified simultaneously',
        ),
      );
    }
  } else if (file.resourceFieldRef) {
    errors.push(
      ...validateResourceFieldRef(file.resourceFieldRef, true, `${path}.resourceFieldRef`),
    );
  } else
    errors.push(fieldErrors.required(path, 'one of fieldRef and resourceFieldRef is required'));
  return [...errors, ...validateMode(file.mode, `${path}.mode`)];
}

function validateDownwardItems(
  items: readonly DownwardAPIVolumeFile[] | undefined,
  path: string,
): FieldError[] {
  return (items ?? []).flatMap((file, index) => validateDownwardFile(file, `${path}[${index}]`));
}

function validateToken(token: ServiceAccountTokenProjection, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seconds = token.expirationSeconds;
  if (seconds !== undefined && seconds < MIN_TOKEN_SECONDS) {
    errors.push(
      fieldErrors.invalid(
        `${path}.expirationSeconds`,
        seconds,
        'may not specify a duration less than 10 minutes',
      ),
    );
  }
  if (seconds !== undefined && seconds > 2 ** 32) {
    errors.push(
      fieldErrors.invalid(
        `${path}.expirationSeconds`,
        seconds,
        'may not specify a duration larger than 2^32 seconds',
      ),
    );
  }
  if (!token.path) return [...errors, fieldErrors.required(`${path}.path`)];
  return [...errors, ...localNonReservedPath(token.path, `${path}.path`)];
}

function validateProjection(source: VolumeProjection, path: string): FieldError[] {
  const kinds = Object.keys(source).filter(
    (key) => source[key as keyof VolumeProjection] !== undefined,
  );
  const [first] = kinds;
  const errors = kinds
    .slice(1)
    .map((kind) =>
      fieldErrors.forbidden(`${path}.${kind}`, 'may not specify more than 1 volume type'),
    );
  if (first === undefined) return [fieldErrors.required(path, 'must specify a volume type')];
  const field = `${path}.${first}`;
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  const named = first === 'secret' ? secret : first === 'configMap' ? configMap : undefined;
  if (named)
    errors.push(...required(named.name, `${field}.name`), ...validateItems(named.items, field));
  if (first === 'downwardAPI')
    errors.push(...validateDownwardItems(downwardAPI?.items, `${path}.downwardAPI`));
  if (first === 'serviceAccountToken' && serviceAccountToken)
    errors.push(...validateToken(serviceAccountToken, field));
  return errors;
}

function validateProjected(projected: ProjectedVolumeSource, path: string): FieldError[] {
  return [
    ...validateMode(projected.defaultMode, `${path}.defaultMode`),
    ...(projected.sources ?? []).flatMap((source, index) =>
      validateProjection(source, `${path}.sources[${index}]`),
    ),
  ];
}

export function validateHostPath(
  { path: hostPath, type }: HostPathVolumeSource,
  path: string,
): FieldError[] {
  if (!hostPath) return [fieldErrors.required(`${path}.path`)];
  const errors = noBacksteps(hostPath, `${path}.path`);
  if (!HOST_PATH_TYPES.includes(type ?? ''))
    errors.push(fieldErrors.notSupported(`${path}.type`, type, HOST_PATH_TYPES));
  return errors;
}

function validateEmptyDir({ sizeLimit }: EmptyDirVolumeSource, path: string): FieldError[] {
  if (sizeLimit === undefined) return [];
  const limit = tryParseQuantity(sizeLimit);
  return limit && limit.sign >= 0
    ? []
    : [
        fieldErrors.forbidden(
          `${path}.sizeLimit`,
          'SizeLimit field must be a valid resource quantity',
        ),
      ];
}

export function validateNfs(
  { server, path: exported }: NFSVolumeSource,
  path: string,
): FieldError[] {
  const errors = [...required(server, `${path}.server`), ...required(exported, `${path}.path`)];
  if (exported && !exported.startsWith('/'))
    errors.push(fieldErrors.invalid(`${path}.path`, exported, 'must be an absolute path'));
  return errors;
}

/** Validation by source; the other sources are only counted. */
const SOURCES: {
  [K in keyof Volume]?: (source: NonNullable<Volume[K]>, path: string) => FieldError[];
} = {
  emptyDir: validateEmptyDir,
  hostPath: validateHostPath,
  nfs: validateNfs,
  projected: validateProjected,
  configMap: (source, path) => [
    ...required(source.name, `${path}.name`),
    ...validateMode(source.defaultMode, `${path}.defaultMode`),
    ...validateItems(source.items, path),
  ],
  secret: (source, path) => [
    ...required(source.secretName, `${path}.secretName`),
    ...validateMode(source.defaultMode, `${path}.defaultMode`),
    ...validateItems(source.items, path),
  ],
  downwardAPI: (source, path) => [
    ...validateMode(source.defaultMode, `${path}.defaultMode`),
    ...validateDownwardItems(source.items, path),
  ],
  persistentVolumeClaim: (source, path) => required(source.claimName, `${path}.claimName`),
  csi: (source, path) =>
    source.driver
      ? validateWith(isDns1123Subdomain, source.driver.toLowerCase(), `${path}.driver`)
      : [fieldErrors.required(`${path}.driver`)],
  ephemeral: (source, path) =>
    source.volumeClaimTemplate
      ? validateClaimSpec(source.volumeClaimTemplate.spec, `${path}.volumeClaimTemplate.spec`)
      : [fieldErrors.required(`${path}.volumeClaimTemplate`)],
};

function validateSource(volume: Volume, path: string): FieldError[] {
  const kinds = Object.keys(volume).filter(
    (key) => key !== 'name' && volume[key as keyof Volume] !== undefined,
  );
  if (kinds.length === 0) return [fieldErrors.required(path, 'must specify a volume type')];
  return kinds.flatMap((kind, index) => {
    const field = `${path}.${kind}`;
    if (index > 0) return [fieldErrors.forbidden(field, 'may not specify more than 1 volume type')];
    const check = SOURCES[kind as keyof Volume] as
      | ((source: unknown, path: string) => FieldError[])
      | undefined;
    return check?.(volume[kind as keyof Volume], field) ?? [];
  });
}

/** The volumes by name, and their errors. */
export function validateVolumes(
  volumes: readonly Volume[] | undefined,
  path: string,
): { byName: Map<string, Volume>; errors: FieldError[] } {
  const byName = new Map<string, Volume>();
  const errors: FieldError[] = [];
  for (const [index, volume] of (volumes ?? []).entries()) {
    const field = `${path}[${index}]`;
    errors.push(...validateSource(volume, field));
    errors.push(
      ...(volume.name
        ? dnsLabel(volume.name, `${field}.name`)
        : [fieldErrors.required(`${field}.name`)]),
    );
    if (byName.has(volume.name)) errors.push(fieldErrors.duplicate(`${field}.name`, volume.name));
    byName.set(volume.name, volume);
  }
  return { byName, errors };
}
