// Validation of services (upstream ValidateService, ValidateServiceUpdate). It runs after
// allocation.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { isDns1123Subdomain, isQualifiedName } from '../../../../apimachinery/validation/names.js';
import { validateLabels } from '../../../meta/v1/object-meta.js';
import { externallyAccessible } from '../service-defaults.js';
import type { Service, ServicePort, ServiceSpec } from '../types.js';
import {
  dnsLabel,
  each,
  nonSpecialIp,
  oneOf,
  optionally,
  optionalOneOf,
  portNumber,
  portNumberOrName,
  PROTOCOLS,
  requiredWith,
  unique,
  validCidr,
  validIp,
} from './fields.js';
import { hasHeadlessIPs, validateClusterIPs, validateClusterIPsUpdate } from './service-ips.js';
import { shownAs } from '../../../meta/v1/go-value.js';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const POLICIES = ['Cluster', 'Local'];
const MAX_AFFINITY_SECONDS = 86_400;
const ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'";
const NOT_EXTERNAL_NAME = 'may not be set for ExternalName services';

const needsHealthCheck = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

function validateExternalName(spec: ServiceSpec): FieldError[] {
  const { complain, errors } = fieldErrors.below('spec');
  if (spec.clusterIPs?.length) complain.forbidden('clusterIPs', NOT_EXTERNAL_NAME);
  if (spec.ipFamilies?.length) complain.forbidden('ipFamilies', NOT_EXTERNAL_NAME);
  if (spec.ipFamilyPolicy !== undefined) complain.forbidden('ipFamilyPolicy', NOT_EXTERNAL_NAME);
  const name = spec.externalName?.replace(/\.$/, '');
  return [...errors, ...requiredWith(isDns1123Subdomain, name, 'spec.externalName')];
}

function validateType(spec: ServiceSpec): FieldError[] {
  const { complain, errors } = fieldErrors.below('spec');
  if (!spec.ports?.length && !hasHeadlessIPs(spec) && spec.type !== 'ExternalName')
    complain.required('ports');
  if ((spec.type === 'LoadBalancer' || spec.type === 'NodePort') && hasHeadlessIPs(spec))
    complain.invalid('clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`);
  return spec.type === 'ExternalName' ? [...errors, ...validateExternalName(spec)] : errors;
}

function validatePort(
  port: ServicePort,
  nameRequired: boolean,
  names: Set<string>,
  path: string,
): FieldError[] {
  const name = `${path}.name`;
  return [
    ...(port.name
      ? [...dnsLabel(port.name, name), ...unique(port.name, names, name)]
      : fieldErrors.when(nameRequired).required(name)),
    ...portNumber(port.port ?? 0, `${path}.port`),
    ...oneOf(port.protocol, PROTOCOLS, `${path}.protocol`),
    ...portNumberOrName(port.targetPort ?? 0, `${path}.targetPort`),
    ...optionally(isQualifiedName, port.appProtocol, `${path}.appProtocol`),
  ];
}

function validateAffinity(spec: ServiceSpec): FieldError[] {
  const errors = oneOf(spec.sessionAffinity, ['ClientIP', 'None'], 'spec.sessionAffinity');
  const path = 'spec.sessionAffinityConfig';
  if (spec.sessionAffinity === 'None' && spec.sessionAffinityConfig)
    errors.push(fieldErrors.forbidden(path, 'must not be set when session affinity is None'));
  if (spec.sessionAffinity !== 'ClientIP') return errors;
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (seconds === undefined)
    return [...errors, fieldErrors.required(path, 'when session affinity type is ClientIP')];
  if (seconds > 0 && seconds <= MAX_AFFINITY_SECONDS) return errors;
  const detail = `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`;
  return [...errors, fieldErrors.invalid(`${path}.clientIP.timeoutSeconds`, seconds, detail)];
}

/** The key by which upstream finds equal ports, as Go prints it. */
const goServicePort = (protocol: string | undefined, port: number | undefined) =>
  shownAs(
    `core.ServicePort{Name:"", Protocol:${JSON.stringify(protocol ?? '')}, AppProtocol:(*string)(nil), Port:${port ?? 0}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`,
  );

/** Ports with equal numbers or node ports need different protocols. */
function validateDuplicatePorts({ ports }: ServiceSpec): FieldError[] {
  const seen = new Set<string>();
  return [
    ...each(ports, 'spec.ports', ({ protocol, nodePort }, at) =>
      nodePort ? unique(`node ${protocol} ${nodePort}`, seen, `${at}.nodePort`, nodePort) : [],
    ),
    ...each(ports, 'spec.ports', ({ protocol, port }, at) =>
      unique(`${protocol} ${port}`, seen, at, goServicePort(protocol, port)),
    ),
  ];
}

function validateLoadBalancerFields(spec: ServiceSpec): FieldError[] {
  const ranges = spec.loadBalancerSourceRanges;
  const only = (isSet: unknown, field: string): FieldError[] =>
    fieldErrors
      .when(isSet && spec.type !== 'LoadBalancer')
      .forbidden(`spec.${field}`, ONLY_LOAD_BALANCER);
  const misplaced = only(spec.loadBalancerClass !== undefined, 'loadBalancerClass');
  return [
    ...only(ranges?.length, 'LoadBalancerSourceRanges'),
    ...each(ranges, 'spec.LoadBalancerSourceRanges', (range, at) => validCidr(range.trim(), at)),
    ...only(spec.allocateLoadBalancerNodePorts !== undefined, 'allocateLoadBalancerNodePorts'),
    ...(misplaced.length
      ? misplaced
      : optionally(isQualifiedName, spec.loadBalancerClass, 'spec.loadBalancerClass')),
  ];
}

function validatePolicies(service: Service): FieldError[] {
  const { spec } = service;
  const { complain, errors } = fieldErrors.below('spec');
  if (externallyAccessible(service))
    errors.push(...oneOf(spec.externalTrafficPolicy, POLICIES, 'spec.externalTrafficPolicy'));
  else if (spec.externalTrafficPolicy) {
    complain.invalid(
      'externalTrafficPolicy',
      spec.externalTrafficPolicy,
      'may only be set for externally-accessible services',
    );
  }
  const port = spec.healthCheckNodePort ?? 0;
  if (needsHealthCheck(spec)) {
    if (!port) complain.required('healthCheckNodePort');
    else errors.push(...portNumber(port, 'spec.healthCheckNodePort'));
  } else if (port) {
    complain.invalid(
      'healthCheckNodePort',
      port,
      "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    );
  }
  if (
    spec.internalTrafficPolicy === undefined &&
    ['ClusterIP', 'LoadBalancer', 'NodePort'].includes(spec.type ?? '')
  )
    complain.required('internalTrafficPolicy');
  errors.push(...optionalOneOf(spec.internalTrafficPolicy, POLICIES, 'spec.internalTrafficPolicy'));
  return [
    ...errors,
    ...optionalOneOf(spec.trafficDistribution, ['PreferClose'], 'spec.trafficDistribution'),
  ];
}

export function validateService(service: Service): FieldError[] {
  const { spec } = service;
  const ports = spec.ports ?? [];
  const names = new Set<string>();
  return [
    ...validateType(spec),
    ...each(ports, 'spec.ports', (port, at) => validatePort(port, ports.length > 1, names, at)),
    ...validateLabels(spec.selector, 'spec.selector'),
    ...validateAffinity(spec),
    ...validateClusterIPs(spec),
    ...each(spec.externalIPs, 'spec.externalIPs', (ip, at) => {
      const bad = validIp(ip, at);
      return bad.length ? bad : nonSpecialIp(ip, at);
    }),
    ...oneOf(spec.type, TYPES, 'spec.type'),
    ...each(ports, 'spec.ports', ({ nodePort }, at) =>
      fieldErrors
        .when(nodePort && spec.type === 'ClusterIP')
        .forbidden(`${at}.nodePort`, "may not be used when `type` is 'ClusterIP'"),
    ),
    ...validateDuplicatePorts(spec),
    ...validateLoadBalancerFields(spec),
    ...validatePolicies(service),
  ];
}

export function validateServiceUpdate(next: Service, old: Service): FieldError[] {
  const errors = validateClusterIPsUpdate(next, old);
  const { complain } = fieldErrors.below('spec', errors);
  const [now, before] = [next.spec, old.spec];
  if (
    now.type === 'LoadBalancer' &&
    before.type === 'LoadBalancer' &&
    now.loadBalancerClass !== before.loadBalancerClass
  )
    complain.invalid('loadBalancerClass', now.loadBalancerClass, 'may not change once set');
  if (
    needsHealthCheck(now) &&
    needsHealthCheck(before) &&
    now.healthCheckNodePort !== before.healthCheckNodePort
  )
    complain.forbidden('healthCheckNodePort', 'field is immutable');
  return errors;
}
