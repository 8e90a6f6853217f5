// Validation of volumes of pods (upstream ValidateVolumes).
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { tryParseQuantity } from '../../../../apimachinery/quantity/quantity.js';
import { isDns1123Label, isDns1123Subdomain } from '../../../../apimachinery/validation/names.js';
import { goStrings } from '../../../meta/v1/go-value.js';
import { validateAnnotations, validateLabels, validateWith } from '../../../meta/v1/object-meta.js';
import type {
  AzureDiskVolumeSource,
  CSIVolumeSource,
  DownwardAPIVolumeFile,
  EmptyDirVolumeSource,
  FCVolumeSource,
  HostPathVolumeSource,
  ISCSIVolumeSource,
  KeyToPath,
  NFSVolumeSource,
  PersistentVolumeClaimTemplate,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  Volume,
  VolumeProjection,
} from '../types.js';
import { validateFieldRef, validateResourceFieldRef } from './field-refs.js';
import {
  each,
  localDescendingPath,
  localNonReservedPath,
  noBacksteps,
  optionally,
  optionalOneOf,
  required,
  requiredWith,
  tokenLifetime,
} from './fields.js';
import { validateClaimSpec } from './persistent-volume-claim.js';
import { HOST_PATH_TYPES, VOLUME_FIELDS } from './facts.generated.js';

const { below, duplicate, forbidden, invalid, notSupported, unless, when } = fieldErrors;
const MAX_MODE = 0o777;
const MAX_DRIVER = 63;
const ISCSI_START = 'must be valid format starting with iqn, eui, or naa';
const ISCSI_NAMES: readonly [prefix: string, format: RegExp][] = [
  ['iqn', /^iqn\.\d{4}-\d{2}\.([A-Za-z0-9-_.]+)(:[A-Za-z0-9-_.:]+)?$/],
  ['eui', /^eui\.[0-9A-Fa-f]{16}$/],
  ['naa', /^naa\.[0-9A-Fa-f]{32}$/],
];
const MANAGED_DISK =
  '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const BLOB_DISK = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';

function validateMode(mode: number | undefined, path: string): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= MAX_MODE)) return [];
  return [invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

const validatePath = (path: string | undefined, field: string): FieldError[] =>
  path ? localNonReservedPath(path, field) : [fieldErrors.required(field)];

const validateItems = (items: readonly KeyToPath[] | undefined, path: string): FieldError[] =>
  each(items, `${path}.items`, (item, field) => [
    ...required(item.key, `${field}.key`),
    ...validatePath(item.path, `${field}.path`),
    ...validateMode(item.mode, `${field}.mode`),
  ]);

function validateDownwardFile(file: DownwardAPIVolumeFile, path: string): FieldError[] {
  const errors = validatePath(file.path, `${path}.path`);
  const { complain } = below(path, errors);
  if (file.fieldRef) {
    errors.push(...validateFieldRef(file.fieldRef, VOLUME_FIELDS, `${path}.fieldRef`));
    if (file.resourceFieldRef)
      complain.invalid(
        '',
        'resource',
        'fieldRef and resourceFieldRef can not be specified simultaneously',
      );
  } else if (file.resourceFieldRef) {
    errors.push(
      ...validateResourceFieldRef(file.resourceFieldRef, true, `${path}.resourceFieldRef`),
    );
  } else complain.required('', 'one of fieldRef and resourceFieldRef is required');
  return [...errors, ...validateMode(file.mode, `${path}.mode`)];
}

/** Upstream's path names the list, not the entry. */
const validateDownwardItems = (
  items: readonly DownwardAPIVolumeFile[] | undefined,
  path: string,
): FieldError[] => (items ?? []).flatMap((file) => validateDownwardFile(file, path));

/** Upstream's path of the token's path is that of the whole volume source. */
const validateToken = (
  { expirationSeconds = 0, path: tokenPath }: ServiceAccountTokenProjection,
  path: string,
  volume: string,
): FieldError[] => [
  ...tokenLifetime(expirationSeconds, `${path}.expirationSeconds`),
  ...validatePath(tokenPath, `${volume}.path`),
];

/** Errors of one projection; `taken` has the paths of the files so far, and gets its own. */
function validateProjection(
  source: VolumeProjection,
  path: string,
  volume: string,
  taken: Set<string>,
): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  const conflicts = (files: readonly { path?: string }[] | undefined, name?: string) =>
    (files ?? []).flatMap(({ path: file }) => {
      if (!file) return [];
      const known = taken.has(file);
      taken.add(file);
      return when(known).invalid(volume, name ?? file, 'conflicting duplicate paths');
    });
  const named = [
    ['secret', secret],
    ['configMap', configMap],
  ] as const;
  const errors = named.flatMap(([kind, projection]) =>
    projection
      ? [
          ...required(projection.name, `${path}.${kind}.name`),
          ...validateItems(projection.items, `${path}.${kind}`),
          ...conflicts(projection.items, projection.name ?? ''),
        ]
      : [],
  );
  if (downwardAPI)
    errors.push(
      ...validateDownwardItems(downwardAPI.items, `${path}.downwardAPI`),
      ...conflicts(downwardAPI.items),
    );
  if (serviceAccountToken)
    errors.push(...validateToken(serviceAccountToken, `${path}.serviceAccountToken`, volume));
  if (Object.keys(source).length > 1)
    errors.push(forbidden(path, 'may not specify more than 1 volume type'));
  return errors;
}

function validateProjected(projected: ProjectedVolumeSource, path: string): FieldError[] {
  const taken = new Set<string>();
  return [
    ...validateMode(projected.defaultMode, `${path}.defaultMode`),
    ...each(projected.sources, `${path}.sources`, (source, at) =>
      validateProjection(source, at, path, taken),
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
    errors.push(notSupported(`${path}.type`, type, HOST_PATH_TYPES));
  return errors;
}

function validateEmptyDir({ sizeLimit }: EmptyDirVolumeSource, path: string): FieldError[] {
  if (sizeLimit === undefined) return [];
  const limit = tryParseQuantity(sizeLimit);
  return unless(limit && limit.sign >= 0).forbidden(
    `${path}.sizeLimit`,
    'SizeLimit field must be a valid resource quantity',
  );
}

export function validateNfs(
  { server, path: exported }: NFSVolumeSource,
  path: string,
): FieldError[] {
  const errors = [...required(server, `${path}.server`), ...required(exported, `${path}.path`)];
  if (!exported?.startsWith('/'))
    errors.push(invalid(`${path}.path`, exported ?? '', 'must be an absolute path'));
  return errors;
}

/** The name of a CSI driver, a domain of at most 63 characters in any case. */
export const validateCsiDriverName = (name: string, path: string): FieldError[] => [
  ...required(name, path),
  ...when(name.length > MAX_DRIVER).tooLong(path, MAX_DRIVER),
  ...isDns1123Subdomain(name.toLowerCase()).map((text) => invalid(path, name, text)),
];

function validateCsi(
  { driver, nodePublishSecretRef: secret }: CSIVolumeSource,
  path: string,
): FieldError[] {
  const errors = validateCsiDriverName(driver ?? '', `${path}.driver`);
  if (!secret) return errors;
  return [
    ...errors,
    ...(secret.name
      ? validateWith(isDns1123Subdomain, secret.name, `${path}.name`)
      : [fieldErrors.required(`${path}.nodePublishSecretRef.name`)]),
  ];
}

/** Only labels and annotations of the template's metadata go to the claim. */
function validateClaimTemplate(
  template: PersistentVolumeClaimTemplate | undefined,
  path: string,
): FieldError[] {
  if (!template) return [fieldErrors.required(path)];
  const { labels, annotations, creationTimestamp: _zero, ...others } = template.metadata ?? {};
  return [
    ...validateAnnotations(annotations, `${path}.metadata.annotations`),
    ...validateLabels(labels, `${path}.metadata.labels`),
    ...Object.keys(others).map((field) => forbidden(`${path}.metadata.${field}`, 'cannot be set')),
    ...validateClaimSpec(template.spec, `${path}.spec`),
  ];
}

function validateIscsi(source: ISCSIVolumeSource, path: string): FieldError[] {
  const { targetPortal, iqn, initiatorName, lun, secretRef } = source;
  const bad = (field: string, value: string): FieldError[] => {
    const format = ISCSI_NAMES.find(([prefix]) => value.startsWith(prefix))?.[1];
    const detail = format ? 'must be valid format' : ISCSI_START;
    return unless(format?.test(value)).invalid(`${path}.${field}`, value, detail);
  };
  const needsSecret = source.chapAuthDiscovery || source.chapAuthSession;
  return [
    ...required(targetPortal, `${path}.targetPortal`),
    ...(iqn ? bad('iqn', iqn) : [fieldErrors.required(`${path}.iqn`)]),
    ...inRange(lun, `${path}.lun`),
    ...when(needsSecret && !secretRef).required(`${path}.secretRef`),
    ...(secretRef ? required(secretRef.name, `${path}.secretRef.name`) : []),
    ...(initiatorName === undefined ? [] : bad('initiatorname', initiatorName)),
  ];
}

function validateFc({ targetWWNs = [], wwids = [], lun }: FCVolumeSource, path: string) {
  const field = `${path}.targetWWNs`;
  const { complain, errors } = below(field);
  if (!targetWWNs.length && !wwids.length)
    complain.required('', 'must specify either targetWWNs or wwids, but not both');
  if (targetWWNs.length && wwids.length)
    complain.invalid(
      '',
      goStrings(targetWWNs),
      'targetWWNs and wwids can not be specified simultaneously',
    );
  if (!targetWWNs.length) return errors;
  return lun === undefined
    ? [...errors, fieldErrors.required(`${path}.lun`, 'lun is required if targetWWNs is specified')]
    : [...errors, ...inRange(lun, `${path}.lun`)];
}

const inRange = (value: number | undefined, path: string): FieldError[] =>
  unless(value === undefined || (value >= 0 && value <= 255)).invalid(
    path,
    value,
    'must be between 0 and 255, inclusive',
  );

const needs =
  <T>(...members: readonly (keyof T & string)[]) =>
  (source: T, path: string): FieldError[] =>
    members.flatMap((member) => {
      const value = source[member];
      return Array.isArray(value) && !value.length
        ? [fieldErrors.required(`${path}.${member}`)]
        : required(value, `${path}.${member}`);
    });

type Check<K extends keyof Volume> = (source: NonNullable<Volume[K]>, path: string) => FieldError[];

/** Validation by source, in upstream's order: of several sources only the first is validated. */
const SOURCES: { [K in Exclude<keyof Volume, 'name' | 'image'>]-?: Check<K> } = {
  emptyDir: validateEmptyDir,
  hostPath: validateHostPath,
  gitRepo: (source, path) => [
    ...required(source.repository, `${path}.repository`),
    ...localDescendingPath(source.directory ?? '', `${path}.directory`),
  ],
  gcePersistentDisk: (source, path) => [
    ...required(source.pdName, `${path}.pdName`),
    ...inRange(source.partition, `${path}.partition`),
  ],
  awsElasticBlockStore: (source, path) => [
    ...required(source.volumeID, `${path}.volumeID`),
    ...inRange(source.partition, `${path}.partition`),
  ],
  secret: (source, path) => [
    ...required(source.secretName, `${path}.secretName`),
    ...validateMode(source.defaultMode, `${path}.defaultMode`),
    ...validateItems(source.items, path),
  ],
  nfs: validateNfs,
  iscsi: validateIscsi,
  glusterfs: needs('endpoints', 'path'),
  flocker: (source, path) => {
    const { datasetName = '', datasetUUID = '' } = source;
    if (!datasetName && !datasetUUID)
      return [fieldErrors.required(path, 'one of datasetName and datasetUUID is required')];
    return [
      ...when(datasetName && datasetUUID).invalid(
        path,
        'resource',
        'datasetName and datasetUUID can not be specified simultaneously',
      ),
      ...when(datasetName.includes('/')).invalid(
        `${path}.datasetName`,
        datasetName,
        "must not contain '/'",
      ),
    ];
  },
  persistentVolumeClaim: needs('claimName'),
  rbd: needs('monitors', 'image'),
  cinder: (source, path) => [
    ...required(source.volumeID, `${path}.volumeID`),
    ...(source.secretRef ? required(source.secretRef.name, `${path}.secretRef.name`) : []),
  ],
  cephfs: needs('monitors'),
  quobyte: needs('registry', 'volume'),
  downwardAPI: (source, path) => [
    ...validateMode(source.defaultMode, `${path}.defaultMode`),
    ...validateDownwardItems(source.items, path),
  ],
  fc: validateFc,
  flexVolume: (source, path) => [
    ...required(source.driver, `${path}.driver`),
    ...Object.keys(source.options ?? {}).flatMap((key) =>
      when(/(^|\.)(kubernetes|k8s)\.io$/.test((key.split('/')[0] ?? '').toLowerCase())).invalid(
        `${path}.options[${key}]`,
        key,
        'kubernetes.io and k8s.io namespaces are reserved',
      ),
    ),
  ],
  configMap: (source, path) => [
    ...required(source.name, `${path}.name`),
    ...validateMode(source.defaultMode, `${path}.defaultMode`),
    ...validateItems(source.items, path),
  ],
  azureFile: needs('secretName', 'shareName'),
  vsphereVolume: needs('volumePath'),
  photonPersistentDisk: needs('pdID'),
  portworxVolume: needs('volumeID'),
  azureDisk: validateAzureDisk,
  storageos: (source, path) => [
    ...requiredWith(isDns1123Label, source.volumeName, `${path}.volumeName`),
    ...optionally(isDns1123Label, source.volumeNamespace || undefined, `${path}.volumeNamespace`),
    ...(source.secretRef ? required(source.secretRef.name, `${path}.secretRef.name`) : []),
  ],
  projected: validateProjected,
  scaleIO: needs('gateway', 'system', 'volumeName'),
  csi: validateCsi,
  ephemeral: (source, path) =>
    validateClaimTemplate(source.volumeClaimTemplate, `${path}.volumeClaimTemplate`),
};
const SOURCE_NAMES = Object.keys(SOURCES) as (keyof typeof SOURCES)[];
/** Fields in messages that differ from the source's own. */
const FIELDS: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' };
const SECOND_FIELDS: Readonly<Record<string, string>> = {
  cephfs: 'cephFS',
  downwardAPI: 'downwarAPI',
};

function validateAzureDisk(source: AzureDiskVolumeSource, path: string): FieldError[] {
  const { diskURI, kind, cachingMode } = source;
  const managed = kind === 'Managed';
  const prefix = managed ? '/subscriptions/' : 'https://';
  return [
    ...needs<AzureDiskVolumeSource>('diskName', 'diskURI')(source, path),
    ...optionalOneOf(cachingMode, ['None', 'ReadOnly', 'ReadWrite'], `${path}.cachingMode`),
    ...optionalOneOf(kind, ['Dedicated', 'Managed', 'Shared'], `${path}.kind`),
    ...(kind === undefined || (diskURI ?? '').startsWith(prefix)
      ? []
      : [notSupported(`${path}.diskURI`, diskURI ?? '', [managed ? MANAGED_DISK : BLOB_DISK])]),
  ];
}

function validateSource(volume: Volume, path: string, podName: string | undefined): FieldError[] {
  const kinds = SOURCE_NAMES.filter((kind) => volume[kind] !== undefined);
  const [first] = kinds;
  if (!first) return [fieldErrors.required(path, 'must specify a volume type')];
  const check = SOURCES[first] as (source: unknown, path: string) => FieldError[];
  const errors = [
    ...check(volume[first], `${path}.${FIELDS[first] ?? first}`),
    ...kinds
      .slice(1)
      .map((kind) =>
        forbidden(
          `${path}.${SECOND_FIELDS[kind] ?? kind}`,
          'may not specify more than 1 volume type',
        ),
      ),
  ];
  const name = volume.name ?? '';
  if (first === 'ephemeral' && podName && name) {
    const claim = `${podName}-${name}`;
    for (const text of isDns1123Subdomain(claim))
      errors.push(invalid(`${path}.name`, name, `PVC name ${JSON.stringify(claim)}: ${text}`));
  }
  return errors;
}

/**
 * The valid volumes by name, and the errors of the others: mounts of a bad volume do not find it.
 * `podName` is that of a pod, which names the claims of ephemeral volumes; undefined in templates.
 */
export function validateVolumes(
  volumes: readonly Volume[] | undefined,
  path: string,
  podName: string | undefined,
): { byName: Map<string, Volume>; errors: FieldError[] } {
  const byName = new Map<string, Volume>();
  const errors: FieldError[] = [];
  const created = new Set(
    (volumes ?? []).flatMap(({ name, ephemeral }) =>
      ephemeral && podName ? [`${podName}-${name}`] : [],
    ),
  );
  for (const [index, volume] of (volumes ?? []).entries()) {
    const field = `${path}[${index}]`;
    const found = [
      ...validateSource(volume, field, podName),
      ...requiredWith(isDns1123Label, volume.name, `${field}.name`),
    ];
    if (byName.has(volume.name)) found.push(duplicate(`${field}.name`, volume.name));
    if (found.length) errors.push(...found);
    else byName.set(volume.name, volume);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim && created.has(claim))
      errors.push(
        invalid(
          `${field}.persistentVolumeClaim.claimName`,
          claim,
          'must not reference a PVC that gets created for an ephemeral volume',
        ),
      );
  }
  return { byName, errors };
}
