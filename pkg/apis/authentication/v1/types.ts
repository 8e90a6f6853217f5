// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { ObjectMeta } from '../../../apimachinery/meta/types.js';

/** api.authentication.v1.BoundObjectReference */
export interface BoundObjectReference {
  apiVersion?: string;
  kind?: string;
  name?: string;
  uid?: string;
}

/** api.authentication.v1.SelfSubjectReview */
export interface SelfSubjectReview {
  apiVersion: 'authentication.k8s.io/v1';
  kind: 'SelfSubjectReview';
  metadata: ObjectMeta;
  status?: SelfSubjectReviewStatus;
}

/** api.authentication.v1.SelfSubjectReviewStatus */
export interface SelfSubjectReviewStatus {
  userInfo?: UserInfo;
}

/** api.authentication.v1.TokenRequest */
export interface TokenRequest {
  apiVersion: 'authentication.k8s.io/v1';
  kind: 'TokenRequest';
  metadata: ObjectMeta;
  spec: TokenRequestSpec;
  status?: TokenRequestStatus;
}

/** api.authentication.v1.TokenRequestSpec */
export interface TokenRequestSpec {
  audiences: string[];
  boundObjectRef?: BoundObjectReference;
  expirationSeconds?: number;
}

/** api.authentication.v1.TokenRequestStatus */
export interface TokenRequestStatus {
  expirationTimestamp: string;
  token: string;
}

/** api.authentication.v1.TokenReview */
export interface TokenReview {
  apiVersion: 'authentication.k8s.io/v1';
  kind: 'TokenReview';
  metadata: ObjectMeta;
  spec: TokenReviewSpec;
  status?: TokenReviewStatus;
}

/** api.authentication.v1.TokenReviewSpec */
export interface TokenReviewSpec {
  audiences?: string[];
  token?: string;
}

/** api.authentication.v1.TokenReviewStatus */
export interface TokenReviewStatus {
  audiences?: string[];
  authenticated?: boolean;
  error?: string;
  user?: UserInfo;
}

/** api.authentication.v1.UserInfo */
export interface UserInfo {
  extra?: Record<string, string[]>;
  groups?: string[];
  uid?: string;
  username?: string;
}
