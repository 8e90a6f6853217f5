// Validation of volumeMounts and volumeDevices of a container against the pod's volumes.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import type { Container, Volume, VolumeMount } from '../types.js';
import { localDescendingPath, required } from './fields.js';

const PROPAGATION = ['Bidirectional', 'HostToContainer', 'None'];

function validatePropagation(mount: VolumeMount, container: Container, path: string): FieldError[] {
  const mode = mount.mountPropagation;
  if (mode === undefined) return [];
  if (!PROPAGATION.includes(mode)) return [fieldErrors.notSupported(path, mode, PROPAGATION)];
  if (mode !== 'Bidirectional' || container.securityContext?.privileged) return [];
  return [
    fieldErrors.forbidden(
      path,
      'Bidirectional mount propagation is available only to privileged containers',
    ),
  ];
}

function validateSubPaths(mount: VolumeMount, list: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  // Upstream's path names the list, not the entry.
  if (mount.subPath) errors.push(...localDescendingPath(mount.subPath, `${list}.subPath`));
  if (!mount.subPathExpr) return errors;
  if (mount.subPath)
    errors.push(
      fieldErrors.invalid(
        `${path}.subPathExpr`,
        mount.subPathExpr,
        'subPathExpr and subPath are mutually exclusive',
      ),
    );
  return [...errors, ...localDescendingPath(mount.subPathExpr, `${list}.subPathExpr`)];
}

function validateRecursiveReadOnly(mount: VolumeMount, path: string): FieldError[] {
  const mode = mount.recursiveReadOnly;
  if (mode === undefined || mode === 'Disabled') return [];
  if (mode !== 'Enabled' && mode !== 'IfPossible')
    return [fieldErrors.notSupported(path, mode, ['Disabled', 'Enabled', 'IfPossible'])];
  const errors: FieldError[] = [];
  const complain = fieldErrors.below(path, errors);
  if (!mount.readOnly) complain.forbidden('', 'may only be specified when readOnly is true');
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None') {
    complain.forbidden('', 'may only be specified when mountPropagation is None or not specified');
  }
  return errors;
}

export function validateVolumeMounts(
  container: Container,
  volumes: ReadonlyMap<string, Volume>,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  const devices = container.volumeDevices ?? [];
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const field = `${path}[${index}]`;
    const complain = fieldErrors.below(field, errors);
    errors.push(...required(mount.name, `${field}.name`));
    if (!volumes.has(mount.name))
      errors.push(fieldErrors.notFound(`${field}.name`, mount.name ?? ''));
    errors.push(...required(mount.mountPath, `${field}.mountPath`));
    if (seen.has(mount.mountPath)) complain.invalid('mountPath', mount.mountPath, 'must be unique');
    seen.add(mount.mountPath);
    if (devices.some(({ name }) => name === mount.name)) {
      complain.invalid('name', mount.name, 'must not already exist in volumeDevices');
    }
    if (devices.some(({ devicePath }) => devicePath === mount.mountPath)) {
      complain.invalid(
        'mountPath',
        mount.mountPath,
        'must not already exist as a path in volumeDevices',
      );
    }
    errors.push(
      ...validateSubPaths(mount, path, field),
      ...validatePropagation(mount, container, `${path}.mountPropagation`),
      ...validateRecursiveReadOnly(mount, `${path}.recursiveReadOnly`),
    );
  }
  return errors;
}

export function validateVolumeDevices(
  container: Container,
  volumes: ReadonlyMap<string, Volume>,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [index, device] of (container.volumeDevices ?? []).entries()) {
    const field = `${path}[${index}]`;
    const complain = fieldErrors.below(field, errors);
    const volume = volumes.get(device.name);
    errors.push(...required(device.name, `${field}.name`));
    if (names.has(device.name)) complain.invalid('name', device.name, 'must be unique');
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral) {
      complain.invalid(
        'name',
        device.name,
        'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      );
    }
    if (!volume) errors.push(fieldErrors.notFound(`${field}.name`, device.name ?? ''));
    errors.push(...required(device.devicePath, `${field}.devicePath`));
    if (paths.has(device.devicePath))
      complain.invalid('devicePath', device.devicePath, 'must be unique');
    if ((device.devicePath ?? '').split('/').includes('..')) {
      complain.invalid('devicePath', device.devicePath, "can not contain backsteps ('..')");
    }
    names.add(device.name);
    paths.add(device.devicePath);
  }
  return errors;
}
