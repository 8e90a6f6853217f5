// The alloc backend: a lease and subnet.env, nothing else. The operator provides the routing.
import { NOTHING_DESIRED } from '../network/desired.js';
import type { Backend, BackendType } from './backend.js';

export const alloc: BackendType = {
  type: 'alloc',
  open({ external }): Promise<Backend> {
    return Promise.resolve({
      devices: [],
      mtu: external.mtu,
      attrs: { backendType: '' },
      ensureDevice: () => Promise.resolve(false),
      accepts: () => true,
      desired: () => NOTHING_DESIRED,
    });
  },
};
