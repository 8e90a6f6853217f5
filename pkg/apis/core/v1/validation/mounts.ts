// Validation of volumeMounts and volumeDevices of a container against the pod's volumes.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import type { Container, Volume, VolumeMount } from '../types.js';
import { each, localDescendingPath, optionalOneOf, required } from './fields.js';

const PROPAGATION = ['Bidirectional', 'HostToContainer', 'None'];

function validatePropagation(mount: VolumeMount, container: Container, path: string): FieldError[] {
  const mode = mount.mountPropagation;
  const needsPrivilege = mode === 'Bidirectional' && !container.securityContext?.privileged;
  const detail = 'Bidirectional mount propagation is available only to privileged containers';
  return [
    ...optionalOneOf(mode, PROPAGATION, path),
    ...fieldErrors.when(needsPrivilege).forbidden(path, detail),
  ];
}

function validateSubPaths({ subPath, subPathExpr }: VolumeMount, list: string, path: string) {
  // Upstream's path names the list, not the entry.
  const errors = subPath ? localDescendingPath(subPath, `${list}.subPath`) : [];
  if (!subPathExpr) return errors;
  const detail = 'subPathExpr and subPath are mutually exclusive';
  return [
    ...errors,
    ...fieldErrors.when(subPath).invalid(`${path}.subPathExpr`, subPathExpr, detail),
    ...localDescendingPath(subPathExpr, `${list}.subPathExpr`),
  ];
}

function validateRecursiveReadOnly(mount: VolumeMount, path: string): FieldError[] {
  const mode = mount.recursiveReadOnly;
  if (mode === undefined || mode === 'Disabled') return [];
  if (mode !== 'Enabled' && mode !== 'IfPossible')
    return [fieldErrors.notSupported(path, mode, ['Disabled', 'Enabled', 'IfPossible'])];
  const { complain, errors } = fieldErrors.below(path);
  if (!mount.readOnly) complain.forbidden('', 'may only be specified when readOnly is true');
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None')
    complain.forbidden('', 'may only be specified when mountPropagation is None or not specified');
  return errors;
}

export function validateVolumeMounts(
  container: Container,
  volumes: ReadonlyMap<string, Volume>,
  path: string,
): FieldError[] {
  const seen = new Set<string>();
  const devices = container.volumeDevices ?? [];
  return each(container.volumeMounts, path, (mount, at) => {
    const { name, mountPath } = mount;
    const errors = [
      ...required(name, `${at}.name`),
      ...fieldErrors.unless(volumes.has(name)).notFound(`${at}.name`, name ?? ''),
      ...required(mountPath, `${at}.mountPath`),
    ];
    const { complain } = fieldErrors.below(at, errors);
    if (seen.has(mountPath)) complain.invalid('mountPath', mountPath, 'must be unique');
    seen.add(mountPath);
    if (devices.some((device) => device.name === name))
      complain.invalid('name', name, 'must not already exist in volumeDevices');
    if (devices.some(({ devicePath }) => devicePath === mountPath))
      complain.invalid('mountPath', mountPath, 'must not already exist as a path in volumeDevices');
    return [
      ...errors,
      ...validateSubPaths(mount, path, at),
      ...validatePropagation(mount, container, `${path}.mountPropagation`),
      ...validateRecursiveReadOnly(mount, `${path}.recursiveReadOnly`),
    ];
  });
}

export function validateVolumeDevices(
  container: Container,
  volumes: ReadonlyMap<string, Volume>,
  path: string,
): FieldError[] {
  const names = new Set<string>();
  const paths = new Set<string>();
  return each(container.volumeDevices, path, ({ name, devicePath }, at) => {
    const volume = volumes.get(name);
    const errors = required(name, `${at}.name`);
    const { complain } = fieldErrors.below(at, errors);
    if (names.has(name)) complain.invalid('name', name, 'must be unique');
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral)
      complain.invalid(
        'name',
        name,
        'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      );
    if (!volume) errors.push(fieldErrors.notFound(`${at}.name`, name ?? ''));
    errors.push(...required(devicePath, `${at}.devicePath`));
    if (paths.has(devicePath)) complain.invalid('devicePath', devicePath, 'must be unique');
    if (devicePath?.split('/').includes('..'))
      complain.invalid('devicePath', devicePath, "can not contain backsteps ('..')");
    names.add(name);
    paths.add(devicePath);
    return errors;
  });
}
