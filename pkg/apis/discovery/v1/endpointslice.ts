// EndpointSlice: defaults and validation (upstream pkg/apis/discovery).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import {
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
} from '../../../apimachinery/validation/names.js';
import { parseIp, unmapped } from '../../../util/netaddr/ip.js';
import { nonSpecialIp, oneOf, portNumber, PROTOCOLS } from '../../core/v1/validation/fields.js';
import { validateWith } from '../../meta/v1/object-meta.js';
import type { Endpoint, EndpointPort, EndpointSlice } from './types.js';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20_000;

export function defaultEndpointSlice(slice: EndpointSlice): void {
  slice.endpoints ??= [];
  for (const port of slice.ports ?? []) {
    port.name ??= '';
    port.protocol ??= 'TCP';
  }
}

function validateAddress(address: string, type: string, path: string): FieldError[] {
  if (type === 'FQDN') return validateWith(isDns1123Subdomain, address, path);
  const family = type === 'IPv4' ? 4 : 6;
  const ip = parseIp(address);
  if (!ip || unmapped(ip).family !== family)
    return [fieldErrors.invalid(path, address, `must be a valid ${type} address`)];
  return nonSpecialIp(address, path);
}

function validateEndpoint(endpoint: Endpoint, type: string, path: string): FieldError[] {
  const addresses = endpoint.addresses ?? [];
  const errors: FieldError[] = [];
  if (addresses.length === 0)
    errors.push(fieldErrors.required(`${path}.addresses`, 'must contain at least 1 address'));
  if (addresses.length > MAX_ADDRESSES)
    errors.push(fieldErrors.tooMany(`${path}.addresses`, addresses.length, MAX_ADDRESSES));
  errors.push(
    ...addresses.flatMap((address, index) =>
      validateAddress(address, type, `${path}.addresses[${index}]`),
    ),
  );
  if (endpoint.nodeName !== undefined)
    errors.push(...validateWith(isDns1123Subdomain, endpoint.nodeName, `${path}.nodeName`));
  if (endpoint.hostname !== undefined)
    errors.push(...validateWith(isDns1123Label, endpoint.hostname, `${path}.hostname`));
  return errors;
}

function validatePort(port: EndpointPort, names: Set<string>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const name = port.name ?? '';
  if (name) errors.push(...validateWith(isDns1123Label, name, `${path}.name`));
  if (names.has(name)) errors.push(fieldErrors.duplicate(`${path}.name`, name));
  names.add(name);
  errors.push(...oneOf(port.protocol, PROTOCOLS, `${path}.protocol`));
  if (port.port !== undefined) errors.push(...portNumber(port.port, `${path}.port`));
  if (port.appProtocol !== undefined)
    errors.push(...validateWith(isQualifiedName, port.appProtocol, `${path}.appProtocol`));
  return errors;
}

export function validateEndpointSlice(slice: EndpointSlice): FieldError[] {
  const errors = oneOf(slice.addressType, ADDRESS_TYPES, 'addressType');
  const endpoints = slice.endpoints ?? [];
  if (endpoints.length > MAX_ENDPOINTS)
    return [...errors, fieldErrors.tooMany('endpoints', endpoints.length, MAX_ENDPOINTS)];
  const ports = slice.ports ?? [];
  if (ports.length > MAX_PORTS)
    return [...errors, fieldErrors.tooMany('ports', ports.length, MAX_PORTS)];
  const names = new Set<string>();
  return [
    ...errors,
    ...endpoints.flatMap((endpoint, index) =>
      validateEndpoint(endpoint, slice.addressType, `endpoints[${index}]`),
    ),
    ...ports.flatMap((port, index) => validatePort(port, names, `ports[${index}]`)),
  ];
}

export function validateEndpointSliceUpdate(next: EndpointSlice, old: EndpointSlice): FieldError[] {
  return next.addressType === old.addressType
    ? []
    : [fieldErrors.invalid('addressType', next.addressType, 'field is immutable')];
}
