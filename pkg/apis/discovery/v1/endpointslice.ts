// EndpointSlice: defaults and validation (upstream pkg/apis/discovery).
import type { EndpointSlice } from './types.js';

export function defaultEndpointSlice(slice: EndpointSlice): void {
  slice.endpoints ??= [];
  for (const port of slice.ports ?? []) {
    port.name ??= '';
    port.protocol ??= 'TCP';
  }
}
