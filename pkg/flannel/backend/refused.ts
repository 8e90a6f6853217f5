// Backends that flannel has and this build does not: refused with a reason, never half done.
import { ConfigError } from '../config.js';
import type { BackendType } from './backend.js';

function refused(type: string, instead: string): BackendType {
  return {
    type,
    open() {
      throw new ConfigError(`backend type "${type}" is not supported by this flanneld; ${instead}`);
    },
  };
}

export const ipip = refused('ipip', 'use vxlan with DirectRouting, or host-gw');
export const wireguard = refused('wireguard', 'use vxlan');
