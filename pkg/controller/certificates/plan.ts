// Decides which certificate signing requests are approved, signed and deleted (upstream:
// pkg/controller/certificates/{approver,signer,cleaner}, api/certificates helpers). Pure: the
// caller parses the PKCS #10 request inside.
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
} from '../../apis/certificates/v1/types.js';
import type { CertificateRequest } from '../../system/pki/certificates.js';
import { SIGNERS } from '../../component-helpers/signers.js';

/** The names in the parsed PKCS #10 request. */
export type RequestNames = Omit<CertificateRequest, 'subject' | 'spki' | 'altNames'>;

const USAGES = {
  signature: 'digital signature',
  encipherment: 'key encipherment',
  client: 'client auth',
  server: 'server auth',
} as const;

export function decisionOn(
  { status }: CertificateSigningRequest,
  ...types: readonly string[]
): CertificateSigningRequestCondition | undefined {
  const wanted = types.length ? types : ['Approved', 'Denied', 'Failed'];
  return status?.conditions?.find(({ type }) => wanted.includes(type));
}

/** The usages must be 'digital signature' and `purpose`, with or without 'key encipherment'. */
function usagesProblem(usages: readonly string[], purpose: string): string | undefined {
  const rest = new Set(usages);
  rest.delete(USAGES.encipherment);
  return rest.size === 2 && rest.has(USAGES.signature) && rest.has(purpose)
    ? undefined
    : `usages did not match [key encipherment digital signature ${purpose}]`;
}

function nodeProblem({ commonName, organizations }: RequestNames): string | undefined {
  if (organizations.length !== 1 || organizations[0] !== 'system:nodes')
    return 'organization in subject must be exactly [system:nodes]';
  return commonName.startsWith('system:node:')
    ? undefined
    : 'subject common name does not begin with system:node:';
}

function kubeletClientProblem(names: RequestNames, usages: readonly string[]): string | undefined {
  if (names.sans.length || names.otherSans) return 'subject alternative names are not allowed';
  return nodeProblem(names) ?? usagesProblem(usages, USAGES.client);
}

function kubeletServingProblem(names: RequestNames, usages: readonly string[]): string | undefined {
  if (names.otherSans) return 'email and URI subject alternative names are not allowed';
  if (!names.sans.length) return 'DNS or IP subjectAltName is required';
  return nodeProblem(names) ?? usagesProblem(usages, USAGES.server);
}

function clientProblem(_names: RequestNames, usages: readonly string[]): string | undefined {
  const allowed: readonly string[] = [USAGES.signature, USAGES.encipherment, USAGES.client];
  if (!usages.every((usage) => allowed.includes(usage)))
    return `usages must be among [${allowed.join(', ')}]`;
  return usages.includes(USAGES.client) ? undefined : 'usages must include client auth';
}

/** The reason to refuse the request; undefined when the signer may sign. */
export function signerProblem(
  signer: string,
  names: RequestNames,
  usages: readonly string[],
): string | undefined {
  if (signer === SIGNERS.kubeletClient) return kubeletClientProblem(names, usages);
  if (signer === SIGNERS.kubeletServing) return kubeletServingProblem(names, usages);
  return signer === SIGNERS.client ? clientProblem(names, usages) : undefined;
}

/**
 * Permissions of the requester, any of which approves the request, the narrowest first. Empty for
 * requests that this controller does not approve.
 */
export function approvalPermissions(
  { spec }: CertificateSigningRequest,
  names: RequestNames,
): { subresource: string; message: string }[] {
  if (spec.signerName !== SIGNERS.kubeletClient || kubeletClientProblem(names, spec.usages ?? []))
    return [];
  const self = {
    subresource: 'selfnodeclient',
    message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
  };
  const node = {
    subresource: 'nodeclient',
    message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
  };
  return spec.username === names.commonName ? [self, node] : [node];
}

const HOUR_MS = 3_600_000;

/** Milliseconds until the request is deleted: an hour after a decision, a day without one. */
export function cleanInMs(request: CertificateSigningRequest, now: number): number {
  const left = (since: string | undefined, ms: number): number =>
    Math.max(0, Date.parse(since ?? '') + ms - now) || 0;
  const decided = decisionOn(request);
  if (decided)
    return left(
      decided.lastUpdateTime ?? decided.lastTransitionTime ?? request.metadata.creationTimestamp,
      HOUR_MS,
    );
  return left(request.metadata.creationTimestamp, 24 * HOUR_MS);
}
