// Validation of security contexts of pods and containers. Windows options are not validated.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import type {
  AppArmorProfile,
  PodSpec,
  SeccompProfile,
  SecurityContext,
  Sysctl,
} from '../types.js';
import { localDescendingPath, optionalOneOf, userOrGroupId } from './fields.js';

const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const SYSCTL_MAX_LENGTH = 253;
const SYSCTL_SEGMENT = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTL = `^(${SYSCTL_SEGMENT}[\\./])*${SYSCTL_SEGMENT}$`;
const sysctlRe = new RegExp(SYSCTL);

function validateSeccomp(profile: SeccompProfile | undefined, path: string): FieldError[] {
  if (!profile) return [];
  const errors: FieldError[] = [];
  const complain = fieldErrors.below(path, errors);
  if (!profile.type) complain.required('type', 'type is required when seccompProfile is set');
  else errors.push(...optionalOneOf(profile.type, PROFILE_TYPES, `${path}.type`));
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
  if (!profile.type)
    return [fieldErrors.required(`${path}.type`, 'type is required when appArmorProfile is set')];
  if (!PROFILE_TYPES.includes(profile.type))
    return [fieldErrors.notSupported(`${path}.type`, profile.type, PROFILE_TYPES)];
  const local = profile.localhostProfile;
  if (profile.type === 'Localhost') {
    if (!local?.trim())
      return [
        fieldErrors.required(
          `${path}.localhostProfile`,
          'must be set when AppArmor type is Localhost',
        ),
      ];
    return fieldErrors
      .unless(local.trim() === local)
      .invalid(`${path}.localhostProfile`, local, 'must not be padded with whitespace');
  }
  return fieldErrors
    .unless(local === undefined)
    .invalid(`${path}.localhostProfile`, local, 'can only be set when AppArmor type is Localhost');
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
  return (sysctls ?? []).flatMap(({ name }, index) => {
    const field = `${path}[${index}].name`;
    const errors: FieldError[] = [];
    if (!name) errors.push(fieldErrors.required(field));
    else if (name.length > SYSCTL_MAX_LENGTH || !sysctlRe.test(name)) {
      errors.push(
        fieldErrors.invalid(
          field,
          name,
          `must have at most ${SYSCTL_MAX_LENGTH} characters and match regex ${SYSCTL}`,
        ),
      );
    } else if (names.has(name)) errors.push(fieldErrors.duplicate(field, name));
    names.add(name);
    return [...errors, ...hostNamespaceConflict((name ?? '').replaceAll('/', '.'), spec, field)];
  });
}

export function validatePodSecurityContext(spec: PodSpec, path: string): FieldError[] {
  const context = spec.securityContext ?? {};
  const errors = [
    ...userOrGroupId(context.fsGroup, `${path}.fsGroup`),
    ...userOrGroupId(context.runAsUser, `${path}.runAsUser`),
    ...userOrGroupId(context.runAsGroup, `${path}.runAsGroup`),
    ...(context.supplementalGroups ?? []).flatMap((id, index) =>
      userOrGroupId(id, `${path}.supplementalGroups[${index}]`),
    ),
  ];
  if (spec.shareProcessNamespace && spec.hostPID) {
    errors.push(
      fieldErrors.invalid(
        `${path}.shareProcessNamespace`,
        true,
        'ShareProcessNamespace and HostPID cannot both be enabled',
      ),
    );
  }
  return [
    ...errors,
    ...validateSysctls(context.sysctls, spec, `${path}.sysctls`),
    ...optionalOneOf(
      context.fsGroupChangePolicy,
      ['Always', 'OnRootMismatch'],
      `${path}.fsGroupChangePolicy`,
    ),
    ...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`),
    ...validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`),
    ...optionalOneOf(
      context.supplementalGroupsPolicy,
      ['Merge', 'Strict'],
      `${path}.supplementalGroupsPolicy`,
    ),
    ...optionalOneOf(
      context.seLinuxChangePolicy,
      ['MountOption', 'Recursive'],
      `${path}.seLinuxChangePolicy`,
    ),
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
  const complain = fieldErrors.below(path, errors);
  if (context.procMount === 'Unmasked' && hostUsers) {
    complain.invalid('procMount', context.procMount, '`hostUsers` must be false to use `Unmasked`');
  }
  errors.push(...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`));
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged) {
      complain.invalid(
        '',
        context,
        'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      );
    }
    if (context.capabilities?.add?.some(isSysAdmin)) {
      complain.invalid(
        '',
        context,
        'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
      );
    }
  }
  return [...errors, ...validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`)];
}
