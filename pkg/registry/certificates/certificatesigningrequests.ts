// Certificate signing requests. The server overwrites the requester's name, uid and groups.
import { decodeBase64 } from '../../apimachinery/codec/base64.js';
import { copyFields } from '../../apimachinery/meta/copy-fields.js';
import { humanDuration } from '../../apimachinery/duration/human-duration.js';
import {
  badRequest,
  keepDecisions,
  requestProblem,
  validateCertificateSigningRequest,
  validateCertificateStatusUpdate,
} from '../../apis/certificates/v1/certificatesigningrequest.js';
import type { CertificateSigningRequest } from '../../apis/certificates/v1/types.js';
import { pathSegmentName } from '../../apis/meta/v1/object-meta.js';
import { CERTIFICATE_SIGNING_REQUESTS } from '../../apis/resource-types.js';
import { findCondition } from '../../component-helpers/conditions.js';
import { NONE } from '../cells.js';
import { defineResource } from '../define.js';
import { keepSpec, keepStatus } from '../strategy.js';

function condition({ status }: CertificateSigningRequest): string {
  const has = (type: string): boolean => findCondition(status?.conditions, type) !== undefined;
  const words = [has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'];
  if (has('Failed')) words.push('Failed');
  if (status?.certificate) words.push('Issued');
  return words.join(',');
}

/** Checks that need cryptography, which this layer does not have. */
export interface RequestChecks {
  /** Throws Error for a PKCS #10 request in PEM that its own key did not sign. */
  checkCertificateRequest?: (pem: string) => unknown;
}

/** Complaint about a well-formed request whose signature or key is wrong. */
function signatureProblem(
  { spec }: CertificateSigningRequest,
  { checkCertificateRequest }: RequestChecks,
): string | undefined {
  try {
    checkCertificateRequest?.(new TextDecoder('latin1').decode(decodeBase64(spec.request ?? '')));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const DEFINITION = defineResource({
  type: CERTIFICATE_SIGNING_REQUESTS,
  name: pathSegmentName,
  defaults(request) {
    request.spec ??= { request: '', signerName: '' };
    request.status ??= {};
    for (const entry of request.status.conditions ?? []) entry.status ||= 'True';
  },
  cells: (request) => [
    request.spec.signerName,
    request.spec.username ?? '',
    request.spec.expirationSeconds === undefined
      ? NONE
      : humanDuration(request.spec.expirationSeconds * 1000),
    condition(request),
  ],
  selectableFields: { 'spec.signerName': ({ spec }) => spec.signerName },
  prepareCreate(request, { user }) {
    request.status = {};
    request.spec.username = user.name;
    request.spec.groups = [...user.groups];
    copyFields(request.spec, user, 'uid', 'extra');
  },
  prepareUpdate(next, old) {
    keepSpec(next, old);
    keepStatus(next, old);
  },
  validate: validateCertificateSigningRequest,
  subresources: {
    approval: {
      validateUpdate: (next, old) => validateCertificateStatusUpdate(next, old, 'approval'),
    },
  },
  status: {
    prepareUpdate(next, old) {
      keepSpec(next, old);
      keepDecisions(next, old);
    },
    validateUpdate: (next, old) => validateCertificateStatusUpdate(next, old, 'status'),
  },
});

export const certificateSigningRequests = (checks: RequestChecks): typeof DEFINITION => ({
  ...DEFINITION,
  validateCreate(request) {
    // The form is judged first, and its complaint is enough.
    if (requestProblem(request.spec.request) !== undefined) return [];
    const problem = signatureProblem(request, checks);
    return problem === undefined ? [] : [badRequest(problem)];
  },
});
