// Nodes, namespaces and endpoints.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import {
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
} from '../../../../apimachinery/validation/names.js';
import { parseCidr } from '../../../../util/netaddr/ip.js';
import { validateStandardFinalizer, validateWith } from '../../../meta/v1/object-meta.js';
import { semanticEqual } from '../../../meta/v1/semantic-equal.js';
import type { EndpointAddress, EndpointPort, Endpoints, Namespace, Node } from '../types.js';
import {
  each,
  nonSpecialIp,
  oneOf,
  optionally,
  portNumber,
  PROTOCOLS,
  unique,
  validCidr,
  validIp,
  whenSet,
} from './fields.js';
import { validateResourceAmount } from './resources.js';
import { isOnePerFamily } from './service-ips.js';
import { validateTaints } from './scheduling.js';

const FIXED = 'node updates may not change';

export function validateNode(node: Node): FieldError[] {
  const seen = new Set<string>();
  const ranges = node.spec.podCIDRs ?? [];
  const readable = ranges.every((cidr) => parseCidr(cidr));
  const detail = 'may specify no more than one CIDR for each IP family';
  return [
    ...validateTaints(node.spec.taints, 'metadata.taints'),
    ...(['capacity', 'allocatable'] as const).flatMap((list) =>
      Object.entries(node.status?.[list] ?? {}).flatMap(([name, amount]) =>
        validateResourceAmount(name, amount, `status.${list}.${name}`),
      ),
    ),
    ...each(ranges, 'spec.podCIDRs', (cidr, at) => [
      ...validCidr(cidr, at),
      ...unique(cidr, seen, at),
    ]),
    ...fieldErrors
      .when(readable && !isOnePerFamily(ranges))
      .invalid('spec.podCIDRs', ranges, detail),
  ];
}

/** Taints are validated once more, as upstream does on updates. */
export function validateNodeUpdate(next: Node, old: Node): FieldError[] {
  const seen = new Set<string>();
  const errors = [
    ...validateTaints(next.spec.taints, 'metadata.taints'),
    ...each(next.status?.addresses, 'status.addresses', ({ type, address }, at) =>
      unique(`${type} ${address}`, seen, at, { type, address }),
    ),
  ];
  const { complain } = fieldErrors.below('spec', errors);
  const before = old.spec.podCIDRs ?? [];
  if (before.length && !semanticEqual(next.spec.podCIDRs, before))
    complain.forbidden('podCIDRs', `${FIXED} podCIDR except from "" to valid`);
  if (old.spec.providerID && old.spec.providerID !== next.spec.providerID)
    complain.forbidden('providerID', `${FIXED} providerID except from "" to valid`);
  return errors;
}

export const validateNamespace = (namespace: Namespace): FieldError[] =>
  (namespace.spec.finalizers ?? []).flatMap((finalizer) => [
    ...validateWith(isQualifiedName, finalizer, 'spec.finalizers'),
    ...validateStandardFinalizer(finalizer, 'spec.finalizers'),
  ]);

export function validateNamespaceStatus({ metadata, status }: Namespace): FieldError[] {
  const { phase = '' } = status ?? {};
  const [only, when] = metadata.deletionTimestamp
    ? ['Terminating', 'is not empty']
    : ['Active', 'is empty'];
  return fieldErrors
    .unless(phase === only)
    .invalid('status.Phase', phase, `may only be '${only}' if \`deletionTimestamp\` ${when}`);
}

function validateAddress({ ip, hostname, nodeName }: EndpointAddress, path: string): FieldError[] {
  return [
    ...validIp(ip ?? '', `${path}.ip`),
    ...whenSet(isDns1123Label, hostname, `${path}.hostname`),
    ...optionally(isDns1123Subdomain, nodeName, `${path}.nodeName`),
    ...nonSpecialIp(ip ?? '', `${path}.ip`),
  ];
}

const validateEndpointPort = (
  { name, port, protocol, appProtocol }: EndpointPort,
  nameRequired: boolean,
  path: string,
): FieldError[] => [
  ...whenSet(isDns1123Label, name, `${path}.name`),
  ...fieldErrors.when(nameRequired && !name).required(`${path}.name`),
  ...portNumber(port ?? 0, `${path}.port`),
  ...oneOf(protocol, PROTOCOLS, `${path}.protocol`),
  ...optionally(isQualifiedName, appProtocol, `${path}.appProtocol`),
];

export const validateEndpoints = ({ subsets }: Endpoints): FieldError[] =>
  each(subsets, 'subsets', (subset, path) => {
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
    return [
      ...fieldErrors
        .unless(addresses.length + notReadyAddresses.length)
        .required(path, 'must specify `addresses` or `notReadyAddresses`'),
      ...each(addresses, `${path}.addresses`, validateAddress),
      ...each(notReadyAddresses, `${path}.notReadyAddresses`, validateAddress),
      ...each(ports, `${path}.ports`, (port, at) =>
        validateEndpointPort(port, ports.length > 1, at),
      ),
    ];
  });
