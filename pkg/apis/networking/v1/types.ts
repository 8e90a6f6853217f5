// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { LabelSelector, ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';
import type { TypedLocalObjectReference } from '../../core/v1/types.js';

/** api.networking.v1.HTTPIngressPath */
export interface HTTPIngressPath {
  backend: IngressBackend;
  path?: string;
  pathType: string;
}

/** api.networking.v1.HTTPIngressRuleValue */
export interface HTTPIngressRuleValue {
  paths: HTTPIngressPath[];
}

/** api.networking.v1.IPBlock */
export interface IPBlock {
  cidr: string;
  except?: string[];
}

/** api.networking.v1.Ingress */
export interface Ingress {
  apiVersion: 'networking.k8s.io/v1';
  kind: 'Ingress';
  metadata: ObjectMeta;
  spec: IngressSpec;
  status?: IngressStatus;
}

/** api.networking.v1.IngressBackend */
export interface IngressBackend {
  resource?: TypedLocalObjectReference;
  service?: IngressServiceBackend;
}

/** api.networking.v1.IngressClass */
export interface IngressClass {
  apiVersion: 'networking.k8s.io/v1';
  kind: 'IngressClass';
  metadata: ObjectMeta;
  spec: IngressClassSpec;
}

/** api.networking.v1.IngressClassList */
export interface IngressClassList {
  apiVersion: 'networking.k8s.io/v1';
  items: IngressClass[];
  kind: 'IngressClassList';
  metadata: ListMeta;
}

/** api.networking.v1.IngressClassParametersReference */
export interface IngressClassParametersReference {
  apiGroup?: string;
  kind: string;
  name: string;
  namespace?: string;
  scope?: string;
}

/** api.networking.v1.IngressClassSpec */
export interface IngressClassSpec {
  controller?: string;
  parameters?: IngressClassParametersReference;
}

/** api.networking.v1.IngressList */
export interface IngressList {
  apiVersion: 'networking.k8s.io/v1';
  items: Ingress[];
  kind: 'IngressList';
  metadata: ListMeta;
}

/** api.networking.v1.IngressLoadBalancerIngress */
export interface IngressLoadBalancerIngress {
  hostname?: string;
  ip?: string;
  ports?: IngressPortStatus[];
}

/** api.networking.v1.IngressLoadBalancerStatus */
export interface IngressLoadBalancerStatus {
  ingress?: IngressLoadBalancerIngress[];
}

/** api.networking.v1.IngressPortStatus */
export interface IngressPortStatus {
  error?: string;
  port: number;
  protocol: string;
}

/** api.networking.v1.IngressRule */
export interface IngressRule {
  host?: string;
  http?: HTTPIngressRuleValue;
}

/** api.networking.v1.IngressServiceBackend */
export interface IngressServiceBackend {
  name: string;
  port?: ServiceBackendPort;
}

/** api.networking.v1.IngressSpec */
export interface IngressSpec {
  defaultBackend?: IngressBackend;
  ingressClassName?: string;
  rules?: IngressRule[];
  tls?: IngressTLS[];
}

/** api.networking.v1.IngressStatus */
export interface IngressStatus {
  loadBalancer?: IngressLoadBalancerStatus;
}

/** api.networking.v1.IngressTLS */
export interface IngressTLS {
  hosts?: string[];
  secretName?: string;
}

/** api.networking.v1.NetworkPolicy */
export interface NetworkPolicy {
  apiVersion: 'networking.k8s.io/v1';
  kind: 'NetworkPolicy';
  metadata: ObjectMeta;
  spec: NetworkPolicySpec;
}

/** api.networking.v1.NetworkPolicyEgressRule */
export interface NetworkPolicyEgressRule {
  ports?: NetworkPolicyPort[];
  to?: NetworkPolicyPeer[];
}

/** api.networking.v1.NetworkPolicyIngressRule */
export interface NetworkPolicyIngressRule {
  from?: NetworkPolicyPeer[];
  ports?: NetworkPolicyPort[];
}

/** api.networking.v1.NetworkPolicyList */
export interface NetworkPolicyList {
  apiVersion: 'networking.k8s.io/v1';
  items: NetworkPolicy[];
  kind: 'NetworkPolicyList';
  metadata: ListMeta;
}

/** api.networking.v1.NetworkPolicyPeer */
export interface NetworkPolicyPeer {
  ipBlock?: IPBlock;
  namespaceSelector?: LabelSelector;
  podSelector?: LabelSelector;
}

/** api.networking.v1.NetworkPolicyPort */
export interface NetworkPolicyPort {
  endPort?: number;
  port?: number | string;
  protocol?: string;
}

/** api.networking.v1.NetworkPolicySpec */
export interface NetworkPolicySpec {
  egress?: NetworkPolicyEgressRule[];
  ingress?: NetworkPolicyIngressRule[];
  podSelector: LabelSelector;
  policyTypes?: string[];
}

/** api.networking.v1.ServiceBackendPort */
export interface ServiceBackendPort {
  name?: string;
  number?: number;
}
