// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { ObjectReference } from '../../core/v1/types.js';
import type { ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';

/** api.discovery.v1.Endpoint */
export interface Endpoint {
  addresses: string[];
  conditions?: EndpointConditions;
  deprecatedTopology?: Record<string, string>;
  hints?: EndpointHints;
  hostname?: string;
  nodeName?: string;
  targetRef?: ObjectReference;
  zone?: string;
}

/** api.discovery.v1.EndpointConditions */
export interface EndpointConditions {
  ready?: boolean;
  serving?: boolean;
  terminating?: boolean;
}

/** api.discovery.v1.EndpointHints */
export interface EndpointHints {
  forZones?: ForZone[];
}

/** api.discovery.v1.EndpointPort */
export interface EndpointPort {
  appProtocol?: string;
  name?: string;
  port?: number;
  protocol?: string;
}

/** api.discovery.v1.EndpointSlice */
export interface EndpointSlice {
  addressType: string;
  apiVersion: 'discovery.k8s.io/v1';
  endpoints: Endpoint[] | null;
  kind: 'EndpointSlice';
  metadata: ObjectMeta;
  ports?: EndpointPort[] | null;
}

/** api.discovery.v1.EndpointSliceList */
export interface EndpointSliceList {
  apiVersion: 'discovery.k8s.io/v1';
  items: EndpointSlice[];
  kind: 'EndpointSliceList';
  metadata: ListMeta;
}

/** api.discovery.v1.ForZone */
export interface ForZone {
  name: string;
}
