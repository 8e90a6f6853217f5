// Pod and container security contexts in the form of the CRI (upstream:
// kuberuntime/security_context.go, pkg/securitycontext/util.go). Pure.
import type { Container, Pod, SeccompProfile } from '../../apis/core/v1/types.js';
import { templateContainers } from '../../component-helpers/pods.js';
import type {
  ContainerSecurityContext,
  NamespaceOption,
  RuntimeImage,
  SandboxSecurityContext,
  SecurityProfile,
} from '../runtime/runtime.js';
import { appArmor, appArmorText } from './apparmor.js';
import { configError } from '../types/sync-error.js';
import { MASKED, READONLY } from './facts.generated.js';

export const namespaceOptions = (pod: Pod): NamespaceOption => ({
  network: pod.spec.hostNetwork ? 'NODE' : 'POD',
  ipc: pod.spec.hostIPC ? 'NODE' : 'POD',
  pid: pod.spec.hostPID ? 'NODE' : pod.spec.shareProcessNamespace ? 'POD' : 'CONTAINER',
});

/** The node's rules of seccomp. */
export interface SeccompOptions {
  /** The directory of the node's profiles, to which localhost profiles are relative. */
  root: string;
  /** --seccomp-default: a container without a profile gets the runtime's. */
  isDefault: boolean;
}

function seccomp(
  profile: SeccompProfile | undefined,
  { root, isDefault }: SeccompOptions,
): SecurityProfile {
  if (!profile) return { profileType: isDefault ? 'RuntimeDefault' : 'Unconfined' };
  const profileType = profile.type as SecurityProfile['profileType'];
  return profileType === 'Localhost'
    ? { profileType, localhostRef: `${root}/${profile.localhostProfile ?? ''}` }
    : { profileType };
}

export const isPrivileged = (container: Container): boolean =>
  container.securityContext?.privileged === true;

function supplementalGroups(pod: Pod): number[] {
  const { supplementalGroups: groups = [], fsGroup } = pod.spec.securityContext ?? {};
  return fsGroup === undefined ? [...groups] : [...groups, fsGroup];
}

export function sandboxSecurity(pod: Pod): SandboxSecurityContext {
  const context = pod.spec.securityContext;
  return {
    namespaceOptions: namespaceOptions(pod),
    privileged: templateContainers(pod.spec).some(isPrivileged),
    seccomp: { profileType: 'RuntimeDefault' },
    supplementalGroups: supplementalGroups(pod),
    ...(context?.seLinuxOptions && { selinuxOptions: context.seLinuxOptions }),
    ...(context?.runAsUser !== undefined && { runAsUser: { value: context.runAsUser } }),
    ...(context?.runAsUser === undefined || context.runAsGroup === undefined
      ? {}
      : { runAsGroup: { value: context.runAsGroup } }),
  };
}

function verifyNonRoot(container: Container, user: number | undefined, image: RuntimeImage): void {
  if (user === 0)
    throw configError(
      `container's runAsUser breaks non-root policy (container: ${container.name})`,
    );
  if (user !== undefined) return;
  if (image.uid === 0 || (image.uid === undefined && !image.username))
    throw configError(
      `container has runAsNonRoot and image will run as root (container: ${container.name})`,
    );
  if (image.username && image.username !== String(image.uid))
    throw configError(
      `container has runAsNonRoot and image has non-numeric user (${image.username}), cannot verify user is non-root (container: ${container.name})`,
    );
}

export function containerSecurity(
  pod: Pod,
  container: Container,
  image: RuntimeImage,
  options: SeccompOptions,
): ContainerSecurityContext {
  const own = container.securityContext;
  const shared = pod.spec.securityContext;
  const user = own?.runAsUser ?? shared?.runAsUser;
  const group = own?.runAsGroup ?? shared?.runAsGroup;
  if (own?.runAsNonRoot ?? shared?.runAsNonRoot) verifyNonRoot(container, user, image);
  const privileged = isPrivileged(container);
  const masked = privileged || own?.procMount === 'Unmasked' ? [] : MASKED;
  const selinux = own?.seLinuxOptions ?? shared?.seLinuxOptions;
  const apparmor = privileged ? undefined : appArmor(pod, container);
  const effectiveUser = user ?? image.uid;
  return {
    capabilities: {
      addCapabilities: own?.capabilities?.add ?? [],
      dropCapabilities: own?.capabilities?.drop ?? [],
    },
    privileged,
    namespaceOptions: namespaceOptions(pod),
    readonlyRootfs: own?.readOnlyRootFilesystem === true,
    noNewPrivs: own?.allowPrivilegeEscalation === false,
    supplementalGroups: supplementalGroups(pod),
    maskedPaths: masked,
    readonlyPaths: masked.length ? READONLY : [],
    seccomp: seccomp(own?.seccompProfile ?? shared?.seccompProfile, options),
    ...(selinux && { selinuxOptions: selinux }),
    ...(apparmor && { apparmor, apparmorProfile: appArmorText(apparmor) }),
    ...(effectiveUser !== undefined && { runAsUser: { value: effectiveUser } }),
    ...(effectiveUser === undefined || group === undefined ? {} : { runAsGroup: { value: group } }),
  };
}
