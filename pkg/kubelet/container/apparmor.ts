// The AppArmor profiles of containers (upstream: pkg/security/apparmor). Pure.
import type { AppArmorProfile, Container, Pod } from '../../apis/core/v1/types.js';
import { allContainers } from '../../component-helpers/pods.js';
import type { SecurityProfile } from '../runtime/runtime.js';

const ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const LOCALHOST = 'localhost/';

/** The profile that a container's annotation names; the field is upstream's successor of it. */
function annotated(pod: Pod, { name }: Container): AppArmorProfile | undefined {
  const value = pod.metadata.annotations?.[`${ANNOTATION}${name}`];
  if (value === 'unconfined') return { type: 'Unconfined' };
  if (value === 'runtime/default') return { type: 'RuntimeDefault' };
  return value?.startsWith(LOCALHOST)
    ? { type: 'Localhost', localhostProfile: value.slice(LOCALHOST.length) }
    : undefined;
}

const profileOf = (pod: Pod, container: Container): AppArmorProfile | undefined =>
  container.securityContext?.appArmorProfile ??
  annotated(pod, container) ??
  pod.spec.securityContext?.appArmorProfile;

/** The container's profile in the form of the CRI; undefined: the runtime's own choice. */
export function appArmor(pod: Pod, container: Container): SecurityProfile | undefined {
  const profile = profileOf(pod, container);
  if (!profile) return undefined;
  const profileType = profile.type as SecurityProfile['profileType'];
  return profileType === 'Localhost'
    ? { profileType, localhostRef: profile.localhostProfile ?? '' }
    : { profileType };
}

/** The same profile as the older field of the CRI, which some runtimes read alone. */
export function appArmorText({ profileType, localhostRef }: SecurityProfile): string {
  if (profileType === 'Unconfined') return 'unconfined';
  return profileType === 'RuntimeDefault' ? 'runtime/default' : `${LOCALHOST}${localhostRef}`;
}

/** Why a pod must wait on a host without AppArmor; undefined: no container asks for a profile. */
export function appArmorBlock(pod: Pod): { reason: string; message: string } | undefined {
  const asks = allContainers(pod.spec).some((c) => {
    const profile = profileOf(pod, c);
    return profile && profile.type !== 'Unconfined';
  });
  return asks
    ? {
        reason: 'AppArmor',
        message: 'Cannot enforce AppArmor: AppArmor is not enabled on the host',
      }
    : undefined;
}
