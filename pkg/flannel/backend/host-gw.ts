// The host-gw backend: no encapsulation, a route by way of each peer. All nodes share one segment.
import { ConfigError } from '../config.js';
import { formatNet } from '../subnet/ipv4.js';
import type { Backend, BackendType } from './backend.js';
import { ownsOverlayRoute } from './vxlan.js';

export const hostGw: BackendType = {
  type: 'host-gw',
  open({ config, external }): Promise<Backend> {
    if (external.publicIP !== external.ip) {
      throw new ConfigError(`host-gw needs the public IP to be the interface's address: ${external.publicIP} is not ${external.ip}`);
    }
    return Promise.resolve({
      mtu: external.mtu,
      attrs: { backendType: 'host-gw' },
      ensureDevice: () => Promise.resolve(false),
      accepts: (lease) => lease.attrs.backendType === 'host-gw',
      desired: (_own, peers) => ({
        routes: peers.map((peer) => ({ to: formatNet(peer.subnet), via: peer.attrs.publicIP, device: external.name })),
        neighbours: [],
        fdb: [],
        ownsRoute: (route) => ownsOverlayRoute(route, config.network, undefined, external.name),
      }),
    });
  },
};
