// EndpointSlice: defaults and validation (upstream pkg/apis/discovery).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import {
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
} from '../../../apimachinery/validation/names.js';
import { parseIp, unmapped } from '../../../util/netaddr/ip.js';
import {
  each,
  nonSpecialIp,
  oneOf,
  optionally,
  PROTOCOLS,
  unique,
  whenSet,
} from '../../core/v1/validation/fields.js';
import { validateLabels, validateWith } from '../../meta/v1/object-meta.js';
import type { Endpoint, EndpointHints, EndpointPort, EndpointSlice } from './types.js';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20_000;
const MAX_TOPOLOGY_LABELS = 16;
const MAX_ZONE_HINTS = 8;

export function defaultEndpointSlice(slice: EndpointSlice): void {
  for (const port of slice.ports ?? []) {
    port.name ??= '';
    port.protocol ??= 'TCP';
  }
}

const FAMILIES: Readonly<Record<string, 4 | 6>> = { IPv4: 4, IPv6: 6 };

function validateAddress(address: string, type: string, path: string): FieldError[] {
  if (type === 'FQDN') return validateWith(isDns1123Subdomain, address, path);
  const family = FAMILIES[type];
  if (!family) return [];
  const ip = parseIp(address);
  return [
    ...fieldErrors
      .unless(ip && unmapped(ip).family === family)
      .invalid(path, address, `must be a valid ${type} address`),
    ...nonSpecialIp(address, path),
  ];
}

function validateHints({ forZones }: EndpointHints, path: string): FieldError[] {
  const zones = forZones ?? [];
  const field = `${path}.forZones`;
  if (zones.length > MAX_ZONE_HINTS)
    return [fieldErrors.tooMany(field, zones.length, MAX_ZONE_HINTS)];
  const seen = new Set<string>();
  return each(zones, field, ({ name }, at) => [
    ...unique(name, seen, `${at}.name`),
    ...validateWith(isValidLabelValue, name, `${at}.name`),
  ]);
}

function validateEndpoint(endpoint: Endpoint, type: string, path: string): FieldError[] {
  const addresses = endpoint.addresses ?? [];
  const topology = endpoint.deprecatedTopology ?? {};
  const count = Object.keys(topology).length;
  return [
    ...fieldErrors
      .unless(addresses.length)
      .required(`${path}.addresses`, 'must contain at least 1 address'),
    ...fieldErrors
      .when(addresses.length > MAX_ADDRESSES)
      .tooMany(`${path}.addresses`, addresses.length, MAX_ADDRESSES),
    ...each(addresses, `${path}.addresses`, (address, at) => validateAddress(address, type, at)),
    ...optionally(isDns1123Subdomain, endpoint.nodeName, `${path}.nodeName`),
    ...fieldErrors
      .when(count > MAX_TOPOLOGY_LABELS)
      .tooMany(`${path}.deprecatedTopology`, count, MAX_TOPOLOGY_LABELS),
    ...validateLabels(topology, `${path}.deprecatedTopology`),
    ...optionally(isDns1123Label, endpoint.hostname, `${path}.hostname`),
    ...(endpoint.hints ? validateHints(endpoint.hints, `${path}.hints`) : []),
  ];
}

/** Any port number is allowed, as upstream's slices mirror what users wrote into Endpoints. */
const validatePort = (port: EndpointPort, names: Set<string>, path: string): FieldError[] => [
  ...whenSet(isDns1123Label, port.name, `${path}.name`),
  ...unique(port.name ?? '', names, `${path}.name`),
  ...oneOf(port.protocol, PROTOCOLS, `${path}.protocol`),
  ...optionally(isQualifiedName, port.appProtocol, `${path}.appProtocol`),
];

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
    ...each(endpoints, 'endpoints', (endpoint, at) =>
      validateEndpoint(endpoint, slice.addressType, at),
    ),
    ...each(ports, 'ports', (port, at) => validatePort(port, names, at)),
  ];
}
