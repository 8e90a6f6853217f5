// Ingresses, ingress classes and network policies: defaults and validation (upstream
// pkg/apis/networking).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import {
  isDns1123Label,
  isDns1123Subdomain,
  isWildcardDns1123Subdomain,
} from '../../../apimachinery/validation/names.js';
import { parseIp } from '../../../util/netaddr/ip.js';
import {
  dnsSubdomain,
  oneOf,
  portNumber,
  portNumberOrName,
  PROTOCOLS,
  required,
  validCidr,
} from '../../core/v1/validation/fields.js';
import { validateLabelSelector } from '../../meta/v1/label-selector.js';
import { validateWith } from '../../meta/v1/object-meta.js';
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressClass,
  IngressRule,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from './types.js';

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const BAD_SEQUENCES = ['//', '/./', '/../', '%2f', '%2F'];
const BAD_ENDINGS = ['/..', '/.'];

export function defaultIngress(ingress: Ingress): void {
  ingress.spec ??= {};
  ingress.status ??= {};
  ingress.status.loadBalancer ??= {};
}

function validateBackend(backend: IngressBackend | undefined, path: string): FieldError[] {
  const { service, resource } = backend ?? {};
  if (service && resource)
    return [fieldErrors.invalid(path, '', 'cannot set both resource and service backends')];
  if (resource)
    return [
      ...required(resource.kind, `${path}.resource.kind`),
      ...required(resource.name, `${path}.resource.name`),
    ];
  if (!service) return [fieldErrors.required(path, 'resource or service backend is required')];
  const errors = service.name
    ? validateWith(isDns1123Label, service.name, `${path}.service.name`)
    : [fieldErrors.required(`${path}.service.name`)];
  const { name, number } = service.port ?? {};
  if (name && number)
    errors.push(fieldErrors.invalid(path, '', 'cannot set both port name & port number'));
  else if (name) errors.push(...portNumberOrName(name, `${path}.service.port.name`));
  else if (number) errors.push(...portNumber(number, `${path}.service.port.number`));
  else errors.push(fieldErrors.required(path, 'port name or number is required'));
  return errors;
}

function validateHttpPath(entry: HTTPIngressPath, path: string): FieldError[] {
  if (!entry.pathType)
    return [
      fieldErrors.required(`${path}.pathType`, 'pathType must be specified'),
      ...validateBackend(entry.backend, `${path}.backend`),
    ];
  const errors: FieldError[] = [];
  const text = entry.path ?? '';
  if (!PATH_TYPES.includes(entry.pathType))
    errors.push(fieldErrors.notSupported(`${path}.pathType`, entry.pathType, PATH_TYPES));
  if (entry.pathType === 'ImplementationSpecific') {
    if (text && !text.startsWith('/'))
      errors.push(fieldErrors.invalid(`${path}.path`, text, 'must be an absolute path'));
  } else {
    if (!text.startsWith('/'))
      errors.push(fieldErrors.invalid(`${path}.path`, text, 'must be an absolute path'));
    for (const bad of BAD_SEQUENCES)
      if (text.includes(bad))
        errors.push(fieldErrors.invalid(`${path}.path`, text, `must not contain '${bad}'`));
    for (const bad of BAD_ENDINGS)
      if (text.endsWith(bad))
        errors.push(fieldErrors.invalid(`${path}.path`, text, `cannot end with '${bad}'`));
  }
  return [...errors, ...validateBackend(entry.backend, `${path}.backend`)];
}

const hostErrors = (host: string, path: string): FieldError[] =>
  validateWith(host.includes('*') ? isWildcardDns1123Subdomain : isDns1123Subdomain, host, path);

function validateRule(rule: IngressRule, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (rule.host && parseIp(rule.host))
    errors.push(
      fieldErrors.invalid(`${path}.host`, rule.host, 'must be a DNS name, not an IP address'),
    );
  else if (rule.host) errors.push(...hostErrors(rule.host, `${path}.host`));
  if (!rule.http) return errors;
  if (!rule.http.paths?.length) errors.push(fieldErrors.required(`${path}.http.paths`));
  return [
    ...errors,
    ...(rule.http.paths ?? []).flatMap((entry, index) =>
      validateHttpPath(entry, `${path}.http.paths[${index}]`),
    ),
  ];
}

export function validateIngress({ spec }: Ingress): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec.rules?.length && !spec.defaultBackend) {
    errors.push(
      fieldErrors.invalid(
        'spec',
        spec.rules ?? [],
        'either `defaultBackend` or `rules` must be specified',
      ),
    );
  }
  errors.push(
    ...(spec.rules ?? []).flatMap((rule, index) => validateRule(rule, `spec.rules[${index}]`)),
  );
  if (spec.defaultBackend)
    errors.push(...validateBackend(spec.defaultBackend, 'spec.defaultBackend'));
  for (const [index, tls] of (spec.tls ?? []).entries()) {
    errors.push(
      ...(tls.hosts ?? []).flatMap((host, at) =>
        hostErrors(host, `spec.tls[${index}].hosts[${at}]`),
      ),
    );
  }
  return spec.ingressClassName === undefined
    ? errors
    : [...errors, ...dnsSubdomain(spec.ingressClassName, 'spec.ingressClassName')];
}

export function validateIngressClass({ spec }: IngressClass): FieldError[] {
  const errors = required(spec.controller, 'spec.controller');
  const { parameters } = spec;
  if (!parameters) return errors;
  const path = 'spec.parameters';
  errors.push(
    ...required(parameters.kind, `${path}.kind`),
    ...required(parameters.name, `${path}.name`),
  );
  errors.push(...oneOf(parameters.scope, ['Cluster', 'Namespace'], `${path}.scope`));
  if (parameters.scope === 'Namespace' && !parameters.namespace) {
    errors.push(
      fieldErrors.required(`${path}.namespace`, '`parameters.scope` is set to "Namespace"'),
    );
  }
  return errors;
}

export function validateIngressClassUpdate(next: IngressClass, old: IngressClass): FieldError[] {
  return next.spec.controller === old.spec.controller
    ? []
    : [fieldErrors.invalid('spec.controller', next.spec.controller ?? '', 'field is immutable')];
}

export function defaultNetworkPolicy(policy: NetworkPolicy): void {
  const spec = (policy.spec ??= { podSelector: {} });
  spec.podSelector ??= {};
  for (const { ports } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
    for (const port of ports ?? []) port.protocol ??= 'TCP';
  }
  if (!spec.policyTypes?.length)
    spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
}

function validatePolicyPort(
  { protocol, port, endPort }: NetworkPolicyPort,
  path: string,
): FieldError[] {
  const errors =
    protocol === undefined || PROTOCOLS.includes(protocol)
      ? []
      : [fieldErrors.notSupported(`${path}.protocol`, protocol, PROTOCOLS)];
  if (port !== undefined) errors.push(...portNumberOrName(port, `${path}.port`));
  if (endPort === undefined) return errors;
  if (port === undefined)
    errors.push(fieldErrors.required(`${path}.port`, 'must be specified when endPort is used'));
  else if (typeof port === 'string')
    errors.push(
      fieldErrors.invalid(
        `${path}.endPort`,
        endPort,
        'may not be specified when `port` is non-numeric',
      ),
    );
  else if (endPort < port)
    errors.push(
      fieldErrors.invalid(`${path}.endPort`, endPort, 'must be greater than or equal to `port`'),
    );
  return errors;
}

function validatePeer(peer: NetworkPolicyPeer, path: string): FieldError[] {
  const errors = [
    ...validateLabelSelector(peer.podSelector, `${path}.podSelector`),
    ...validateLabelSelector(peer.namespaceSelector, `${path}.namespaceSelector`),
  ];
  const others =
    Number(peer.podSelector !== undefined) + Number(peer.namespaceSelector !== undefined);
  if (others === 0 && !peer.ipBlock)
    return [...errors, fieldErrors.required(path, 'must specify a peer')];
  if (!peer.ipBlock) return errors;
  if (others)
    return [
      ...errors,
      fieldErrors.forbidden(path, 'may not specify both ipBlock and another peer'),
    ];
  errors.push(
    ...(peer.ipBlock.cidr
      ? validCidr(peer.ipBlock.cidr, `${path}.ipBlock.cidr`)
      : [fieldErrors.required(`${path}.ipBlock.cidr`)]),
  );
  return [
    ...errors,
    ...(peer.ipBlock.except ?? []).flatMap((cidr, index) =>
      validCidr(cidr, `${path}.ipBlock.except[${index}]`),
    ),
  ];
}

export function validateNetworkPolicy({ spec }: NetworkPolicy): FieldError[] {
  const errors = validateLabelSelector(spec.podSelector, 'spec.podSelector');
  const rules = [
    ...(spec.ingress ?? []).map((rule, index) => ({
      path: `spec.ingress[${index}]`,
      side: 'from',
      ports: rule.ports,
      peers: rule.from,
    })),
    ...(spec.egress ?? []).map((rule, index) => ({
      path: `spec.egress[${index}]`,
      side: 'to',
      ports: rule.ports,
      peers: rule.to,
    })),
  ];
  for (const { path, side, ports, peers } of rules) {
    errors.push(
      ...(ports ?? []).flatMap((port, index) =>
        validatePolicyPort(port, `${path}.ports[${index}]`),
      ),
    );
    errors.push(
      ...(peers ?? []).flatMap((peer, index) => validatePeer(peer, `${path}.${side}[${index}]`)),
    );
  }
  for (const [index, type] of (spec.policyTypes ?? []).entries()) {
    if (type !== 'Ingress' && type !== 'Egress')
      errors.push(
        fieldErrors.notSupported(`spec.policyTypes[${index}]`, type, ['Egress', 'Ingress']),
      );
  }
  return errors;
}
