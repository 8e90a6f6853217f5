// Written by hack/generate-api.mjs from hack/api-facts; do not edit.

/** apimachinery.pkg.apis.meta.v1.APIGroup */
export interface APIGroup {
  apiVersion: 'v1';
  kind: 'APIGroup';
  name: string;
  preferredVersion?: GroupVersionForDiscovery;
  serverAddressByClientCIDRs?: ServerAddressByClientCIDR[];
  versions: GroupVersionForDiscovery[];
}

/** apimachinery.pkg.apis.meta.v1.APIGroupList */
export interface APIGroupList {
  apiVersion: 'v1';
  groups: APIGroup[];
  kind: 'APIGroupList';
}

/** apimachinery.pkg.apis.meta.v1.APIResource */
export interface APIResource {
  categories?: string[];
  group?: string;
  kind: string;
  name: string;
  namespaced: boolean;
  shortNames?: string[];
  singularName: string;
  storageVersionHash?: string;
  verbs: string[];
  version?: string;
}

/** apimachinery.pkg.apis.meta.v1.APIResourceList */
export interface APIResourceList {
  apiVersion: 'v1';
  groupVersion: string;
  kind: 'APIResourceList';
  resources: APIResource[];
}

/** apimachinery.pkg.apis.meta.v1.APIVersions */
export interface APIVersions {
  apiVersion: 'v1';
  kind: 'APIVersions';
  serverAddressByClientCIDRs: ServerAddressByClientCIDR[];
  versions: string[];
}

/** apimachinery.pkg.apis.meta.v1.Condition */
export interface Condition {
  lastTransitionTime: string;
  message: string;
  observedGeneration?: number;
  reason: string;
  status: string;
  type: string;
}

/** apimachinery.pkg.apis.meta.v1.DeleteOptions */
export interface DeleteOptions {
  apiVersion?: string;
  dryRun?: string[];
  gracePeriodSeconds?: number;
  ignoreStoreReadErrorWithClusterBreakingPotential?: boolean;
  kind?: string;
  orphanDependents?: boolean;
  preconditions?: Preconditions;
  propagationPolicy?: string;
}

/** apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement */
export interface FieldSelectorRequirement {
  key: string;
  operator: string;
  values?: string[];
}

/** apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery */
export interface GroupVersionForDiscovery {
  groupVersion: string;
  version: string;
}

/** apimachinery.pkg.apis.meta.v1.LabelSelector */
export interface LabelSelector {
  matchExpressions?: LabelSelectorRequirement[];
  matchLabels?: Record<string, string>;
}

/** apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement */
export interface LabelSelectorRequirement {
  key: string;
  operator: string;
  values?: string[];
}

/** apimachinery.pkg.apis.meta.v1.ListMeta */
export interface ListMeta {
  continue?: string;
  remainingItemCount?: number;
  resourceVersion?: string;
  selfLink?: string;
}

/** apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry */
export interface ManagedFieldsEntry {
  apiVersion?: string;
  fieldsType?: string;
  fieldsV1?: Record<string, unknown>;
  manager?: string;
  operation?: string;
  subresource?: string;
  time?: string;
}

/** apimachinery.pkg.apis.meta.v1.ObjectMeta */
export interface ObjectMeta {
  annotations?: Record<string, string>;
  creationTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  deletionTimestamp?: string;
  finalizers?: string[];
  generateName?: string;
  generation?: number;
  labels?: Record<string, string>;
  managedFields?: ManagedFieldsEntry[];
  name: string;
  namespace?: string;
  ownerReferences?: OwnerReference[];
  resourceVersion?: string;
  selfLink?: string;
  uid?: string;
}

/** apimachinery.pkg.apis.meta.v1.OwnerReference */
export interface OwnerReference {
  apiVersion: string;
  blockOwnerDeletion?: boolean;
  controller?: boolean;
  kind: string;
  name: string;
  uid: string;
}

/** apimachinery.pkg.apis.meta.v1.Preconditions */
export interface Preconditions {
  resourceVersion?: string;
  uid?: string;
}

/** apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR */
export interface ServerAddressByClientCIDR {
  clientCIDR: string;
  serverAddress: string;
}

/** apimachinery.pkg.apis.meta.v1.Status */
export interface Status {
  apiVersion: 'v1';
  code?: number;
  details?: StatusDetails;
  kind: 'Status';
  message?: string;
  metadata: ListMeta;
  reason?: string;
  status?: string;
}

/** apimachinery.pkg.apis.meta.v1.StatusCause */
export interface StatusCause {
  field?: string;
  message?: string;
  reason?: string;
}

/** apimachinery.pkg.apis.meta.v1.StatusDetails */
export interface StatusDetails {
  causes?: StatusCause[];
  group?: string;
  kind?: string;
  name?: string;
  retryAfterSeconds?: number;
  uid?: string;
}

/** apimachinery.pkg.apis.meta.v1.WatchEvent */
export interface WatchEvent {
  object: unknown;
  type: string;
}
