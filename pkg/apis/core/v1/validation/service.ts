// Validation of services (upstream ValidateService, ValidateServiceUpdate). It runs after
// allocation.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { isQualifiedName } from '../../../../apimachinery/validation/names.js';
import { duplicateText } from '../../../meta/v1/go-value.js';
import { validateLabels, validateWith } from '../../../meta/v1/object-meta.js';
import { externallyAccessible } from '../service-defaults.js';
import type { Service, ServicePort, ServiceSpec } from '../types.js';
import {
  dnsLabel,
  dnsSubdomain,
  nonSpecialIp,
  oneOf,
  optionalOneOf,
  portNumber,
  portNumberOrName,
  PROTOCOLS,
  validCidr,
  validIp,
} from './fields.js';
import { hasHeadlessIPs, validateClusterIPs, validateClusterIPsUpdate } from './service-ips.js';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const POLICIES = ['Cluster', 'Local'];
const MAX_AFFINITY_SECONDS = 86_400;
const ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'";
const NOT_EXTERNAL_NAME = 'may not be set for ExternalName services';

const needsHealthCheck = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

function validateExternalName(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const complain = fieldErrors.below('spec', errors);
  if (spec.clusterIPs?.length) complain.forbidden('clusterIPs', NOT_EXTERNAL_NAME);
  if (spec.ipFamilies?.length) complain.forbidden('ipFamilies', NOT_EXTERNAL_NAME);
  if (spec.ipFamilyPolicy !== undefined) complain.forbidden('ipFamilyPolicy', NOT_EXTERNAL_NAME);
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  return [
    ...errors,
    ...(name
      ? dnsSubdomain(name, 'spec.externalName')
      : [fieldErrors.required('spec.externalName')]),
  ];
}

function validateType(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const complain = fieldErrors.below('spec', errors);
  if (!spec.ports?.length && !hasHeadlessIPs(spec) && spec.type !== 'ExternalName')
    complain.required('ports');
  if ((spec.type === 'LoadBalancer' || spec.type === 'NodePort') && hasHeadlessIPs(spec)) {
    complain.invalid('clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`);
  }
  return spec.type === 'ExternalName' ? [...errors, ...validateExternalName(spec)] : errors;
}

function validatePort(
  port: ServicePort,
  nameRequired: boolean,
  names: Set<string>,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (port.name) {
    errors.push(...dnsLabel(port.name, `${path}.name`));
    if (names.has(port.name)) errors.push(fieldErrors.duplicate(`${path}.name`, port.name));
    names.add(port.name);
  } else if (nameRequired) errors.push(fieldErrors.required(`${path}.name`));
  errors.push(...portNumber(port.port ?? 0, `${path}.port`));
  errors.push(...oneOf(port.protocol, PROTOCOLS, `${path}.protocol`));
  errors.push(...portNumberOrName(port.targetPort ?? 0, `${path}.targetPort`));
  if (port.appProtocol !== undefined)
    errors.push(...validateWith(isQualifiedName, port.appProtocol, `${path}.appProtocol`));
  return errors;
}

function validateAffinity(spec: ServiceSpec): FieldError[] {
  const errors = oneOf(spec.sessionAffinity, ['ClientIP', 'None'], 'spec.sessionAffinity');
  const path = 'spec.sessionAffinityConfig';
  if (spec.sessionAffinity === 'None' && spec.sessionAffinityConfig) {
    errors.push(fieldErrors.forbidden(path, 'must not be set when session affinity is None'));
  }
  if (spec.sessionAffinity !== 'ClientIP') return errors;
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (seconds === undefined)
    return [...errors, fieldErrors.required(path, 'when session affinity type is ClientIP')];
  if (seconds > 0 && seconds <= MAX_AFFINITY_SECONDS) return errors;
  const detail = `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`;
  return [...errors, fieldErrors.invalid(`${path}.clientIP.timeoutSeconds`, seconds, detail)];
}

/** The key by which upstream finds equal ports, as Go prints it. */
const goServicePort = (protocol: string | undefined, port: number | undefined): string =>
  `core.ServicePort{Name:"", Protocol:${JSON.stringify(protocol ?? '')}, AppProtocol:(*string)(nil), Port:${port ?? 0}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`;

/** Ports with equal numbers or node ports need different protocols. */
function validateDuplicatePorts(spec: ServiceSpec): FieldError[] {
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, { protocol, nodePort }] of (spec.ports ?? []).entries()) {
    const identity = `node ${protocol} ${nodePort}`;
    if (nodePort && seen.has(identity))
      errors.push(fieldErrors.duplicate(`spec.ports[${index}].nodePort`, nodePort));
    seen.add(identity);
  }
  for (const [index, { protocol, port }] of (spec.ports ?? []).entries()) {
    const identity = `${protocol} ${port}`;
    if (seen.has(identity))
      errors.push(duplicateText(`spec.ports[${index}]`, goServicePort(protocol, port)));
    seen.add(identity);
  }
  return errors;
}

function validateLoadBalancerFields(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const isLoadBalancer = spec.type === 'LoadBalancer';
  const ranges = spec.loadBalancerSourceRanges ?? [];
  if (ranges.length && !isLoadBalancer)
    errors.push(fieldErrors.forbidden('spec.LoadBalancerSourceRanges', ONLY_LOAD_BALANCER));
  errors.push(
    ...ranges.flatMap((range, index) =>
      validCidr(range.trim(), `spec.LoadBalancerSourceRanges[${index}]`),
    ),
  );
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isLoadBalancer) {
    errors.push(fieldErrors.forbidden('spec.allocateLoadBalancerNodePorts', ONLY_LOAD_BALANCER));
  }
  if (spec.loadBalancerClass === undefined) return errors;
  if (!isLoadBalancer)
    return [...errors, fieldErrors.forbidden('spec.loadBalancerClass', ONLY_LOAD_BALANCER)];
  return [
    ...errors,
    ...validateWith(isQualifiedName, spec.loadBalancerClass, 'spec.loadBalancerClass'),
  ];
}

function validatePolicies(service: Service): FieldError[] {
  const { spec } = service;
  const errors: FieldError[] = [];
  const complain = fieldErrors.below('spec', errors);
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
  const errors = [
    ...validateType(spec),
    ...ports.flatMap((port, index) =>
      validatePort(port, ports.length > 1, names, `spec.ports[${index}]`),
    ),
    ...validateLabels(spec.selector, 'spec.selector'),
    ...validateAffinity(spec),
    ...validateClusterIPs(spec),
  ];
  for (const [index, ip] of (spec.externalIPs ?? []).entries()) {
    const bad = validIp(ip, `spec.externalIPs[${index}]`);
    errors.push(...(bad.length ? bad : nonSpecialIp(ip, `spec.externalIPs[${index}]`)));
  }
  errors.push(...oneOf(spec.type, TYPES, 'spec.type'));
  if (spec.type === 'ClusterIP') {
    for (const [index, { nodePort }] of ports.entries()) {
      if (nodePort)
        errors.push(
          fieldErrors.forbidden(
            `spec.ports[${index}].nodePort`,
            "may not be used when `type` is 'ClusterIP'",
          ),
        );
    }
  }
  return [
    ...errors,
    ...validateDuplicatePorts(spec),
    ...validateLoadBalancerFields(spec),
    ...validatePolicies(service),
  ];
}

export function validateServiceUpdate(next: Service, old: Service): FieldError[] {
  const errors = validateClusterIPsUpdate(next, old);
  const { spec } = next;
  if (
    spec.type === 'LoadBalancer' &&
    old.spec.type === 'LoadBalancer' &&
    spec.loadBalancerClass !== old.spec.loadBalancerClass
  ) {
    errors.push(
      fieldErrors.invalid(
        'spec.loadBalancerClass',
        spec.loadBalancerClass ?? null,
        'may not change once set',
      ),
    );
  }
  if (
    needsHealthCheck(spec) &&
    needsHealthCheck(old.spec) &&
    spec.healthCheckNodePort !== old.spec.healthCheckNodePort
  ) {
    errors.push(fieldErrors.forbidden('spec.healthCheckNodePort', 'field is immutable'));
  }
  return errors;
}
