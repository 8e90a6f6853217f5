// Nodes, namespaces and endpoints.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { isDns1123Subdomain, isQualifiedName } from '../../../../apimachinery/validation/names.js';
import { parseCidr } from '../../../../util/netaddr/ip.js';
import { goStrings, invalidText } from '../../../meta/v1/go-value.js';
import { validateStandardFinalizer, validateWith } from '../../../meta/v1/object-meta.js';
import type { EndpointAddress, EndpointPort, Endpoints, Namespace, Node } from '../types.js';
import {
  dnsLabel,
  nonSpecialIp,
  oneOf,
  portNumber,
  PROTOCOLS,
  validCidr,
  validIp,
} from './fields.js';
import { validateResourceAmount } from './resources.js';
import { isOnePerFamily } from './service-ips.js';
import { validateTaints } from './scheduling.js';

const POD_CIDR_FIXED = 'node updates may not change podCIDR except from "" to valid';

export function validateNode(node: Node): FieldError[] {
  const errors = validateTaints(node.spec.taints, 'metadata.taints');
  for (const list of ['capacity', 'allocatable'] as const) {
    for (const [name, amount] of Object.entries(node.status?.[list] ?? {})) {
      errors.push(...validateResourceAmount(name, amount, `status.${list}.${name}`));
    }
  }
  const seen = new Set<string>();
  const ranges = node.spec.podCIDRs ?? [];
  for (const [index, cidr] of ranges.entries()) {
    errors.push(...validCidr(cidr, `spec.podCIDRs[${index}]`));
    if (seen.has(cidr)) errors.push(fieldErrors.duplicate(`spec.podCIDRs[${index}]`, cidr));
    seen.add(cidr);
  }
  const readable = ranges.every((cidr) => parseCidr(cidr));
  if (readable && ranges.length > 1 && (ranges.length > 2 || !isOnePerFamily(ranges))) {
    errors.push(
      invalidText(
        'spec.podCIDRs',
        goStrings(ranges),
        'may specify no more than one CIDR for each IP family',
      ),
    );
  }
  return errors;
}

/** Taints are validated once more, as upstream does on updates. */
export function validateNodeUpdate(next: Node, old: Node): FieldError[] {
  const errors = validateTaints(next.spec.taints, 'metadata.taints');
  const seen = new Set<string>();
  for (const [index, { type, address }] of (next.status?.addresses ?? []).entries()) {
    const identity = `${type} ${address}`;
    if (seen.has(identity))
      errors.push(fieldErrors.duplicate(`status.addresses[${index}]`, { type, address }));
    seen.add(identity);
  }
  const before = old.spec.podCIDRs ?? [];
  const same = before.every((cidr, index) => cidr === next.spec.podCIDRs?.[index]);
  if (before.length && (before.length !== next.spec.podCIDRs?.length || !same)) {
    errors.push(fieldErrors.forbidden('spec.podCIDRs', POD_CIDR_FIXED));
  }
  if (old.spec.providerID && old.spec.providerID !== next.spec.providerID) {
    errors.push(
      fieldErrors.forbidden(
        'spec.providerID',
        'node updates may not change providerID except from "" to valid',
      ),
    );
  }
  return errors;
}

export function validateNamespace(namespace: Namespace): FieldError[] {
  return (namespace.spec.finalizers ?? []).flatMap((finalizer) => [
    ...validateWith(isQualifiedName, finalizer, 'spec.finalizers'),
    ...validateStandardFinalizer(finalizer, 'spec.finalizers'),
  ]);
}

export function validateNamespaceStatus({ metadata, status }: Namespace): FieldError[] {
  const phase = status?.phase ?? '';
  if (!metadata.deletionTimestamp) {
    return fieldErrors
      .unless(phase === 'Active')
      .invalid('status.Phase', phase, "may only be 'Active' if `deletionTimestamp` is empty");
  }
  return fieldErrors
    .unless(phase === 'Terminating')
    .invalid(
      'status.Phase',
      phase,
      "may only be 'Terminating' if `deletionTimestamp` is not empty",
    );
}

function validateAddress({ ip, hostname, nodeName }: EndpointAddress, path: string): FieldError[] {
  const errors = validIp(ip ?? '', `${path}.ip`);
  if (hostname) errors.push(...dnsLabel(hostname, `${path}.hostname`));
  if (nodeName !== undefined)
    errors.push(...validateWith(isDns1123Subdomain, nodeName, `${path}.nodeName`));
  return [...errors, ...nonSpecialIp(ip ?? '', `${path}.ip`)];
}

function validateEndpointPort(
  port: EndpointPort,
  nameRequired: boolean,
  path: string,
): FieldError[] {
  const errors = port.name
    ? dnsLabel(port.name, `${path}.name`)
    : fieldErrors.when(nameRequired).required(`${path}.name`);
  errors.push(
    ...portNumber(port.port ?? 0, `${path}.port`),
    ...oneOf(port.protocol, PROTOCOLS, `${path}.protocol`),
  );
  if (port.appProtocol !== undefined)
    errors.push(...validateWith(isQualifiedName, port.appProtocol, `${path}.appProtocol`));
  return errors;
}

export function validateEndpoints({ subsets }: Endpoints): FieldError[] {
  return (subsets ?? []).flatMap((subset, index) => {
    const path = `subsets[${index}]`;
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
    const errors: FieldError[] = [];
    if (addresses.length + notReadyAddresses.length === 0)
      errors.push(fieldErrors.required(path, 'must specify `addresses` or `notReadyAddresses`'));
    errors.push(
      ...addresses.flatMap((address, at) => validateAddress(address, `${path}.addresses[${at}]`)),
      ...notReadyAddresses.flatMap((address, at) =>
        validateAddress(address, `${path}.notReadyAddresses[${at}]`),
      ),
    );
    return [
      ...errors,
      ...ports.flatMap((port, at) =>
        validateEndpointPort(port, ports.length > 1, `${path}.ports[${at}]`),
      ),
    ];
  });
}
