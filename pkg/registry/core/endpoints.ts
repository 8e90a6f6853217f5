import { defaultEndpoints } from '../../apis/core/v1/defaults.js';
import type { Endpoints } from '../../apis/core/v1/types.js';
import { validateEndpoints } from '../../apis/core/v1/validation/cluster.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { ENDPOINTS } from '../../apis/resource-types.js';
import { age, firstFew, NONE } from '../cells.js';
import { defineResource } from '../define.js';

const withPort = (ip: string, port: number): string =>
  ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;

function endpointsText({ subsets }: Endpoints): string {
  if (!subsets?.length) return NONE;
  const all = subsets.flatMap(({ addresses, ports }) =>
    ports?.length
      ? ports.flatMap(({ port }) => (addresses ?? []).map(({ ip }) => withPort(ip, port)))
      : (addresses ?? []).map(({ ip }) => ip),
  );
  return firstFew(all);
}

export const endpoints = defineResource({
  type: ENDPOINTS,
  storage: 'services/endpoints',
  name: subdomainName,
  validate: validateEndpoints,
  defaults: defaultEndpoints,
  row: (object, now) => [object.metadata.name, endpointsText(object), age(object, now)],
  allowCreateOnUpdate: true,
});
