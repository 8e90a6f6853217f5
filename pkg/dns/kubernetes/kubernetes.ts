// kubernetes: answers for the cluster's zone from informers. Before they have synced, the answer is
// SERVFAIL.
import { ENDPOINT_SLICES, NAMESPACES, SERVICES } from '../../apis/resource-types.js';
import type { InformerFactory } from '../../client/informer.js';
import type { Clock } from '../../util/env/env.js';
import { refusal, type Plugin } from '../answer.js';
import { isWithin } from '../../component-helpers/dns/reply.js';
import type { Zone } from '../../component-helpers/dns/zone.js';
import { addressOfReverse } from '../../util/netaddr/ip.js';

export function kubernetes(options: {
  zone: Zone;
  informers: InformerFactory;
  clock: Clock;
}): Plugin {
  const { zone, informers, clock } = options;
  const services = informers.informer(SERVICES);
  const slices = informers.informer(ENDPOINT_SLICES);
  const namespaces = informers.informer(NAMESPACES);
  namespaces.addHandler({
    added: ({ metadata }) => zone.addNamespace(metadata.name),
    deleted: ({ metadata }) => zone.removeNamespace(metadata.name),
  });
  services.addHandler({
    added: (s) => zone.setService(s),
    updated: (s) => zone.setService(s),
    deleted: (s) => zone.removeService(s),
  });
  slices.addHandler({
    added: (s) => zone.setSlice(s),
    updated(slice, old) {
      zone.removeSlice(old); // perhaps of another service
      zone.setSlice(slice);
    },
    deleted: (s) => zone.removeSlice(s),
  });
  const ready = () => services.synced && slices.synced && namespaces.synced;
  return {
    name: 'kubernetes',
    ready,
    answer({ name, type }) {
      const ours = isWithin(name, zone.domain) || addressOfReverse(name) !== undefined;
      if (ours && !ready()) return refusal('SERVFAIL');
      return zone.answer(name, type, clock.now());
    },
  };
}
