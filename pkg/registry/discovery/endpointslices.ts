import {
  defaultEndpointSlice,
  validateEndpointSlice,
} from '../../apis/discovery/v1/endpointslice.js';
import type { EndpointSlice } from '../../apis/discovery/v1/types.js';
import { immutable } from '../../apis/meta/v1/object-meta.js';
import { ENDPOINT_SLICES } from '../../apis/resource-types.js';
import { firstFew, UNSET } from '../cells.js';
import { defineResource } from '../define.js';

const portsText = ({ ports }: EndpointSlice): string =>
  firstFew((ports ?? []).map(({ port }) => (port === undefined ? '*' : String(port)))) || UNSET;

const endpointsText = ({ endpoints }: EndpointSlice): string =>
  firstFew((endpoints ?? []).flatMap(({ addresses }) => addresses)) || UNSET;

export const endpointSlices = defineResource({
  type: ENDPOINT_SLICES,
  validate: validateEndpointSlice,
  validateUpdate: immutable('addressType'),
  defaults: defaultEndpointSlice,
  cells: (slice) => [slice.addressType, portsText(slice), endpointsText(slice)],
  generation: 'labels',
});
