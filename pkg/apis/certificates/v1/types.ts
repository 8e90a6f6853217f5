// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';

/** api.certificates.v1.CertificateSigningRequest */
export interface CertificateSigningRequest {
  apiVersion: 'certificates.k8s.io/v1';
  kind: 'CertificateSigningRequest';
  metadata: ObjectMeta;
  spec: CertificateSigningRequestSpec;
  status?: CertificateSigningRequestStatus;
}

/** api.certificates.v1.CertificateSigningRequestCondition */
export interface CertificateSigningRequestCondition {
  lastTransitionTime?: string;
  lastUpdateTime?: string;
  message?: string;
  reason?: string;
  status: string;
  type: string;
}

/** api.certificates.v1.CertificateSigningRequestList */
export interface CertificateSigningRequestList {
  apiVersion: 'certificates.k8s.io/v1';
  items: CertificateSigningRequest[];
  kind: 'CertificateSigningRequestList';
  metadata: ListMeta;
}

/** api.certificates.v1.CertificateSigningRequestSpec */
export interface CertificateSigningRequestSpec {
  expirationSeconds?: number;
  extra?: Record<string, string[]>;
  groups?: string[];
  request: string;
  signerName: string;
  uid?: string;
  usages?: string[];
  username?: string;
}

/** api.certificates.v1.CertificateSigningRequestStatus */
export interface CertificateSigningRequestStatus {
  certificate?: string;
  conditions?: CertificateSigningRequestCondition[];
}
