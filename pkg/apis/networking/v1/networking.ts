// Ingresses, ingress classes and network policies: defaults and validation (upstream
// pkg/apis/networking).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import {
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isPathSegmentName,
  isWildcardDns1123Subdomain,
} from '../../../apimachinery/validation/names.js';
import { cidrContains, formatIp, parseCidr, parseIp } from '../../../util/netaddr/ip.js';
import {
  each,
  optionally,
  optionalOneOf,
  portNumber,
  portNumberOrName,
  requiredWith,
  validatePrefixedPath,
  validCidr,
  validIp,
  whenSet,
} from '../../core/v1/validation/fields.js';
import { validateLabelSelector } from '../../meta/v1/label-selector.js';
import { utf8Length, validateImmutableField, validateWith } from '../../meta/v1/object-meta.js';
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressClass,
  IngressClassParametersReference,
  IngressRule,
  IPBlock,
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

/** Kind, name and group of a reference, which users of the API put into URLs. */
const validateReference = (
  { apiGroup, kind, name }: { apiGroup?: string; kind?: string; name?: string },
  path: string,
): FieldError[] => [
  ...optionally(isDns1123Subdomain, apiGroup ?? undefined, `${path}.apiGroup`),
  ...requiredWith(isPathSegmentName, kind, `${path}.kind`, 'kind is required'),
  ...requiredWith(isPathSegmentName, name, `${path}.name`, 'name is required'),
];

function validateBackend(backend: IngressBackend | undefined, path: string): FieldError[] {
  const { service, resource } = backend ?? {};
  const complain = (detail: string): FieldError => fieldErrors.invalid(path, '', detail);
  if (service && resource) return [complain('cannot set both resource and service backends')];
  if (resource) return validateReference(resource, `${path}.resource`);
  if (!service) return [complain('resource or service backend is required')];
  const errors = requiredWith(isDns1035Label, service.name, `${path}.service.name`);
  const { name, number } = service.port ?? {};
  if (name && number) errors.push(complain('cannot set both port name & port number'));
  else if (name) errors.push(...portNumberOrName(name, `${path}.service.port.name`));
  else if (number) errors.push(...portNumber(number, `${path}.service.port.number`));
  else errors.push(fieldErrors.required(path, 'port name or number is required'));
  return errors;
}

function validateHttpPath(entry: HTTPIngressPath, path: string): FieldError[] {
  const { path: text = '', pathType } = entry;
  if (pathType === undefined || pathType === null)
    return [fieldErrors.required(`${path}.pathType`, 'pathType must be specified')];
  const errors = optionalOneOf(pathType, PATH_TYPES, `${path}.pathType`);
  const complain = (detail: string): void =>
    void errors.push(fieldErrors.invalid(`${path}.path`, text, detail));
  const known = errors.length === 0;
  const strict = pathType !== 'ImplementationSpecific';
  if (known && !text.startsWith('/') && (strict || text)) complain('must be an absolute path');
  if (known && strict) {
    for (const bad of BAD_SEQUENCES) if (text.includes(bad)) complain(`must not contain '${bad}'`);
    for (const bad of BAD_ENDINGS) if (text.endsWith(bad)) complain(`cannot end with '${bad}'`);
  }
  return [...errors, ...validateBackend(entry.backend, `${path}.backend`)];
}

const hostErrors = (host: string, path: string): FieldError[] =>
  validateWith(host.includes('*') ? isWildcardDns1123Subdomain : isDns1123Subdomain, host, path);

function nameErrors(host: string, path: string): FieldError[] {
  if (!parseIp(host)) return [];
  return [fieldErrors.invalid(path, host, 'must be a DNS name, not an IP address')];
}

function validateRule({ host, http }: IngressRule, path: string): FieldError[] {
  const errors = host
    ? [...nameErrors(host, `${path}.host`), ...hostErrors(host, `${path}.host`)]
    : [];
  if (!http) return errors;
  if (!http.paths?.length) errors.push(fieldErrors.required(`${path}.http.paths`));
  return [...errors, ...each(http.paths, `${path}.http.paths`, validateHttpPath)];
}

export function validateIngress({ spec }: Ingress): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec.rules?.length && !spec.defaultBackend) {
    const detail = 'either `defaultBackend` or `rules` must be specified';
    errors.push(fieldErrors.invalid('spec', spec.rules ?? [], detail));
  }
  if (spec.defaultBackend)
    errors.push(...validateBackend(spec.defaultBackend, 'spec.defaultBackend'));
  return [
    ...errors,
    ...each(spec.rules, 'spec.rules', validateRule),
    ...each(spec.tls, 'spec.tls', ({ hosts, secretName }, path) => [
      ...each(hosts, `${path}.hosts`, hostErrors),
      ...whenSet(isDns1123Subdomain, secretName, `${path}.secretName`),
    ]),
    ...optionally(isDns1123Subdomain, spec.ingressClassName, 'spec.ingressClassName'),
  ];
}

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** A new ingress may name its class in the field and in the old annotation only alike. */
export function validateNewIngress({ metadata, spec }: Ingress): FieldError[] {
  const old = metadata.annotations?.[CLASS_ANNOTATION];
  const detail = 'must match `ingressClassName` when both are specified';
  return fieldErrors
    .unless(old === undefined || [undefined, old].includes(spec.ingressClassName))
    .invalid(`annotations.${CLASS_ANNOTATION}`, old, detail);
}

export function ingressWarnings({ metadata }: Ingress): string[] {
  const warning = `annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`;
  return metadata.annotations?.[CLASS_ANNOTATION] === undefined ? [] : [warning];
}

export const validateIngressStatus = ({ status }: Ingress): FieldError[] =>
  each(status?.loadBalancer?.ingress, 'status.loadBalancer.ingress', ({ ip, hostname }, at) => [
    ...(ip ? validIp(ip, `${at}.ip`) : []),
    ...whenSet(isDns1123Subdomain, hostname, `${at}.hostname`),
    ...nameErrors(hostname ?? '', `${at}.hostname`),
  ]);

const MAX_CONTROLLER = 250;
const SCOPES = ['Cluster', 'Namespace'];

function validateController(controller: string | undefined): FieldError[] {
  const path = 'spec.controller';
  return [
    ...fieldErrors
      .when(utf8Length(controller ?? '') > MAX_CONTROLLER)
      .tooLong(path, MAX_CONTROLLER),
    ...validatePrefixedPath(controller, path),
  ];
}

function validateScope({ scope, namespace }: IngressClassParametersReference): FieldError[] {
  const path = 'spec.parameters';
  if (scope === undefined) return [fieldErrors.required(`${path}.scope`)];
  const detail = `\`parameters.scope\` is set to '${scope}'`;
  if (scope === 'Namespace')
    return namespace === undefined
      ? [fieldErrors.required(`${path}.namespace`, detail)]
      : validateWith(isDns1123Label, namespace, `${path}.namespace`);
  if (scope === 'Cluster' && namespace !== undefined)
    return [fieldErrors.forbidden(`${path}.namespace`, detail)];
  return optionalOneOf(scope, SCOPES, `${path}.scope`);
}

export function validateIngressClass({ spec }: IngressClass): FieldError[] {
  const { controller, parameters } = spec;
  return [
    ...validateController(controller),
    ...(parameters
      ? [...validateReference(parameters, 'spec.parameters'), ...validateScope(parameters)]
      : []),
  ];
}

export function validateIngressClassUpdate(next: IngressClass, old: IngressClass): FieldError[] {
  const [now, before] = [next.spec.controller ?? '', old.spec.controller];
  return validateImmutableField(now, before, 'spec.controller');
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

// The order of the message, which is not that of other kinds.
const POLICY_PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const POLICY_TYPES = ['Ingress', 'Egress'];

function validateEndPort(
  endPort: number,
  port: number | string | undefined,
  path: string,
): FieldError[] {
  const complain = (detail: string, value = endPort): FieldError[] => [
    fieldErrors.invalid(path, value, detail),
  ];
  if (port === undefined) return complain('may not be specified when `port` is not specified');
  if (typeof port === 'string') return complain('may not be specified when `port` is non-numeric');
  return [
    // Upstream shows the port here.
    ...(endPort < port ? complain('must be greater than or equal to `port`', port) : []),
    ...portNumber(endPort, path),
  ];
}

const validatePolicyPort = (
  { protocol, port, endPort }: NetworkPolicyPort,
  path: string,
): FieldError[] => [
  ...optionalOneOf(protocol, POLICY_PROTOCOLS, `${path}.protocol`),
  ...(port === undefined ? [] : portNumberOrName(port, `${path}.port`)),
  ...(endPort === undefined ? [] : validateEndPort(endPort, port, `${path}.endPort`)),
];

/** Each exception must be a smaller part of the block. */
function validateIpBlock({ cidr, except }: IPBlock, path: string): FieldError[] {
  if (!cidr) return [fieldErrors.required(`${path}.cidr`)];
  const block = parseCidr(cidr);
  if (!block) return validCidr(cidr, `${path}.cidr`);
  return each(except, `${path}.except`, (text, at) => {
    const part = parseCidr(text);
    if (!part) return validCidr(text, at);
    if (part.prefixLength > block.prefixLength && cidrContains(block, part.network)) return [];
    const shown = `${formatIp(part.network)}/${part.prefixLength}`;
    return [fieldErrors.invalid(at, shown, 'must be a strict subset of `cidr`')];
  });
}

function validatePeer(peer: NetworkPolicyPeer, path: string): FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const errors = [
    ...validateLabelSelector(podSelector, `${path}.podSelector`),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
    ...(ipBlock ? validateIpBlock(ipBlock, `${path}.ipBlock`) : []),
  ];
  if (!podSelector && !namespaceSelector && !ipBlock)
    errors.push(fieldErrors.required(path, 'must specify a peer'));
  if (ipBlock && (podSelector || namespaceSelector))
    errors.push(fieldErrors.forbidden(path, 'may not specify both ipBlock and another peer'));
  return errors;
}

function validatePolicyTypes(types: readonly string[] | undefined): FieldError[] {
  const path = 'spec.policyTypes';
  return (types?.length ?? 0) > POLICY_TYPES.length
    ? [fieldErrors.invalid(path, types, 'may not specify more than two policyTypes')]
    : each(types, path, (type, at) => optionalOneOf(type, POLICY_TYPES, at));
}

export const validateNetworkPolicy = ({ spec }: NetworkPolicy): FieldError[] => [
  ...validateLabelSelector(spec.podSelector, 'spec.podSelector'),
  ...each(spec.ingress, 'spec.ingress', ({ ports, from }, path) => [
    ...each(ports, `${path}.ports`, validatePolicyPort),
    ...each(from, `${path}.from`, validatePeer),
  ]),
  ...each(spec.egress, 'spec.egress', ({ ports, to }, path) => [
    ...each(ports, `${path}.ports`, validatePolicyPort),
    ...each(to, `${path}.to`, validatePeer),
  ]),
  ...validatePolicyTypes(spec.policyTypes),
];
