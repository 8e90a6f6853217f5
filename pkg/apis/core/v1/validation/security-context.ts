// Validation of security contexts of pods and containers. Windows options are not validated.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import type {
  AppArmorProfile,
  PodSpec,
  SeccompProfile,
  SecurityContext,
  Sysctl,
} from '../types.js';
import {
  each,
  localDescendingPath,
  oneOf,
  optionalOneOf,
  required,
  unique,
  userOrGroupId,
} from './fields.js';

const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const POLICIES = {
  fsGroupChangePolicy: ['Always', 'OnRootMismatch'],
  supplementalGroupsPolicy: ['Merge', 'Strict'],
  seLinuxChangePolicy: ['MountOption', 'Recursive'],
};
const SYSCTL_MAX_LENGTH = 253;
const SYSCTL_SEGMENT = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTL = `^(${SYSCTL_SEGMENT}[\\./])*${SYSCTL_SEGMENT}$`;
const sysctlRe = new RegExp(SYSCTL);

function validateSeccomp(profile: SeccompProfile | undefined, path: string): FieldError[] {
  if (!profile) return [];
  const { complain, errors } = fieldErrors.below(path);
  const missing = 'type is required when seccompProfile is set';
  errors.push(...oneOf(profile.type, PROFILE_TYPES, `${path}.type`, missing));
  const local = profile.localhostProfile;
  if (profile.type === 'Localhost') {
    if (local === undefined)
      complain.required('localhostProfile', 'must be set when seccomp type is Localhost');
    else errors.push(...localDescendingPath(local, `${path}.localhostProfile`));
  } else if (local !== undefined) {
    complain.invalid('localhostProfile', profile, 'can only be set when seccomp type is Localhost');
  }
  return errors;
}

function validateAppArmor(profile: AppArmorProfile | undefined, path: string): FieldError[] {
  if (!profile) return [];
  const { type, localhostProfile: local } = profile;
  const missing = 'type is required when appArmorProfile is set';
  const errors = oneOf(type, PROFILE_TYPES, `${path}.type`, missing);
  const { complain } = fieldErrors.below(path, errors);
  if (errors.length) return errors;
  if (type !== 'Localhost') {
    const detail = 'can only be set when AppArmor type is Localhost';
    if (local !== undefined) complain.invalid('localhostProfile', local, detail);
  } else if (!local?.trim())
    complain.required('localhostProfile', 'must be set when AppArmor type is Localhost');
  else if (local.trim() !== local)
    complain.invalid('localhostProfile', local, 'must not be padded with whitespace');
  return errors;
}

function hostNamespaceConflict(name: string, spec: PodSpec, path: string): FieldError[] {
  if (spec.hostNetwork && name.startsWith('net.'))
    return [fieldErrors.invalid(path, name, "may not be specified when 'hostNetwork' is true")];
  const ipc = /^(kernel\.(shm|msg)|kernel\.sem$|fs\.mqueue\.)/.test(name);
  return fieldErrors
    .when(spec.hostIPC && ipc)
    .invalid(path, name, "may not be specified when 'hostIPC' is true");
}

function validateSysctls(
  sysctls: readonly Sysctl[] | undefined,
  spec: PodSpec,
  path: string,
): FieldError[] {
  const names = new Set<string>();
  const detail = `must have at most ${SYSCTL_MAX_LENGTH} characters and match regex ${SYSCTL}`;
  return each(sysctls, path, (sysctl, at) => {
    const name = sysctl.name ?? '';
    const field = `${at}.name`;
    const isBad = name.length > SYSCTL_MAX_LENGTH || !sysctlRe.test(name);
    const errors = required(name, field);
    if (!errors.length)
      errors.push(
        ...(isBad ? [fieldErrors.invalid(field, name, detail)] : unique(name, names, field)),
      );
    return [...errors, ...hostNamespaceConflict(name.replaceAll('/', '.'), spec, field)];
  });
}

export function validatePodSecurityContext(spec: PodSpec, path: string): FieldError[] {
  const context = spec.securityContext ?? {};
  const choice = (field: keyof typeof POLICIES): FieldError[] =>
    optionalOneOf(context[field], POLICIES[field], `${path}.${field}`);
  return [
    ...userOrGroupId(context.fsGroup, `${path}.fsGroup`),
    ...userOrGroupId(context.runAsUser, `${path}.runAsUser`),
    ...userOrGroupId(context.runAsGroup, `${path}.runAsGroup`),
    ...each(context.supplementalGroups, `${path}.supplementalGroups`, userOrGroupId),
    ...fieldErrors
      .when(spec.shareProcessNamespace && spec.hostPID)
      .invalid(
        `${path}.shareProcessNamespace`,
        true,
        'ShareProcessNamespace and HostPID cannot both be enabled',
      ),
    ...validateSysctls(context.sysctls, spec, `${path}.sysctls`),
    ...choice('fsGroupChangePolicy'),
    ...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`),
    ...validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`),
    ...choice('supplementalGroupsPolicy'),
    ...choice('seLinuxChangePolicy'),
  ];
}

/** Runtimes take the name of a capability in any case, with and without its prefix. */
const isSysAdmin = (capability: string): boolean => /^(?:CAP_)?SYS_ADMIN$/i.test(capability);

export function validateSecurityContext(
  context: SecurityContext | undefined,
  hostUsers: boolean,
  path: string,
): FieldError[] {
  if (!context) return [];
  const errors = [
    ...userOrGroupId(context.runAsUser, `${path}.runAsUser`),
    ...userOrGroupId(context.runAsGroup, `${path}.runAsGroup`),
    ...optionalOneOf(context.procMount, ['Default', 'Unmasked'], `${path}.procMount`),
  ];
  const { complain } = fieldErrors.below(path, errors);
  if (context.procMount === 'Unmasked' && hostUsers)
    complain.invalid('procMount', context.procMount, '`hostUsers` must be false to use `Unmasked`');
  errors.push(...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`));
  const noEscalation = 'cannot set `allowPrivilegeEscalation` to false and';
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged) complain.invalid('', context, `${noEscalation} \`privileged\` to true`);
    if (context.capabilities?.add?.some(isSysAdmin))
      complain.invalid('', context, `${noEscalation} \`capabilities.Add\` CAP_SYS_ADMIN`);
  }
  return [...errors, ...validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`)];
}
