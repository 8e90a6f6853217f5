// Which certificates a kubelet asks for, when it renews them, and what became of a request
// (upstream: client-go/util/certificate, pkg/kubelet/certificate). Pure.
import type { CertificateSigningRequest } from '../../apis/certificates/v1/types.js';
import { findCondition } from '../../component-helpers/conditions.js';
import { SIGNERS } from '../../component-helpers/signers.js';
import { RENEWAL_LOOK_MS, RENEWAL_RETRY, RENEWAL_WINDOW } from '../limits.js';

/** A certificate of a node; its key is an ECDSA key, which enciphers no keys. */
export interface Wanted {
  kind: 'client' | 'server';
  signerName: string;
  usages: readonly string[];
  commonName: string;
  organizations: readonly string[];
  /** Names and addresses that clients dial. */
  sans: readonly string[];
}

export const wantedOf = (kind: Wanted['kind'], node: string, sans: string[] = []): Wanted => ({
  kind,
  signerName: kind === 'client' ? SIGNERS.kubeletClient : SIGNERS.kubeletServing,
  usages: ['digital signature', `${kind} auth`],
  commonName: `system:node:${node}`,
  organizations: ['system:nodes'],
  sans,
});

/** Milliseconds since the epoch. */
export interface Life {
  /** The time at which this node got the certificate: signers backdate what they sign. */
  from: number;
  until: number;
}

/** A time between 70 and 90 % of the life, by `chance` from 0 to 1: nodes renew one by one. */
export function renewalTime({ from, until }: Life, chance: number): number {
  const { earliest, latest } = RENEWAL_WINDOW;
  return from + Math.max(0, until - from) * (earliest + (latest - earliest) * chance);
}

/**
 * Milliseconds until the next look: at most an hour, since the clock of a host can be set, and not
 * at once, since a signer can issue what has expired.
 */
export const lookInMs = (due: number, now: number): number =>
  Math.min(Math.max(due - now, RENEWAL_RETRY.baseMs), RENEWAL_LOOK_MS);

export const signingRequest = (
  name: string,
  { signerName, usages }: Wanted,
  requestPem: string,
): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name },
  spec: { request: Buffer.from(requestPem).toString('base64'), signerName, usages: [...usages] },
});

/** The PEM of the certificate, the reason of a refusal, or neither yet. */
export function verdictOf({
  metadata,
  status,
}: CertificateSigningRequest): { certPem: string } | { refusal: string } | undefined {
  const { conditions, certificate } = status ?? {};
  const refused = findCondition(conditions, 'Denied') ?? findCondition(conditions, 'Failed');
  if (refused) {
    const { type, reason = '', message = '' } = refused;
    return {
      refusal: `certificate signing request ${metadata.name}: ${type}: ${reason}: ${message}`,
    };
  }
  return certificate ? { certPem: Buffer.from(certificate, 'base64').toString('utf8') } : undefined;
}
