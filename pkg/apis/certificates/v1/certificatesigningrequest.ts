// CertificateSigningRequest: validation (upstream pkg/apis/certificates).
import { decodeBase64 } from '../../../apimachinery/codec/base64.js';
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { cloneJson } from '../../../apimachinery/meta/clone.js';
import type { CertificateSigningRequest } from './types.js';

const PEM_BLOCK = /^-----BEGIN (NEW )?CERTIFICATE REQUEST-----$/m;
const MIN_SECONDS = 600;
const USAGES = new Set([
  'signing',
  'digital signature',
  'content commitment',
  'key encipherment',
  'key agreement',
  'data encipherment',
  'cert sign',
  'crl sign',
  'encipher only',
  'decipher only',
  'any',
  'server auth',
  'client auth',
  'code signing',
  'email protection',
  's/mime',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'timestamping',
  'ocsp signing',
  'microsoft sgc',
  'netscape sgc',
]);
const SIGNER = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/\S+$/;

export function validateCertificateSigningRequest({
  spec,
}: CertificateSigningRequest): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec.usages?.length) errors.push(fieldErrors.required('spec.usages'));
  for (const [index, usage] of (spec.usages ?? []).entries()) {
    if (!USAGES.has(usage))
      errors.push(fieldErrors.notSupported(`spec.usages[${index}]`, usage, [...USAGES].sort()));
    if (spec.usages?.indexOf(usage) !== index)
      errors.push(fieldErrors.duplicate(`spec.usages[${index}]`, usage));
  }
  if (!spec.request) errors.push(fieldErrors.required('spec.request'));
  else if (!PEM_BLOCK.test(new TextDecoder('latin1').decode(decodeBase64(spec.request)))) {
    errors.push(
      fieldErrors.invalid(
        'spec.request',
        spec.request,
        'PEM block type must be CERTIFICATE REQUEST',
      ),
    );
  }
  if (!spec.signerName) errors.push(fieldErrors.required('spec.signerName'));
  else if (!SIGNER.test(spec.signerName)) {
    errors.push(
      fieldErrors.invalid(
        'spec.signerName',
        spec.signerName,
        "must be a fully qualified domain and path of the form 'example.com/signer-name'",
      ),
    );
  }
  const seconds = spec.expirationSeconds;
  if (seconds !== undefined && seconds < MIN_SECONDS) {
    errors.push(
      fieldErrors.invalid(
        'spec.expirationSeconds',
        seconds,
        'may not specify a duration less than 600 seconds (10 minutes)',
      ),
    );
  }
  return errors;
}

type Endpoint = 'approval' | 'status';

/** The endpoint that may add each condition. */
const ADDED_BY: Readonly<Record<string, Endpoint>> = {
  Approved: 'approval',
  Denied: 'approval',
  Failed: 'status',
};

const typesOf = (request: CertificateSigningRequest): string[] =>
  (request.status?.conditions ?? []).map(({ type }) => type);

const countOf = (request: CertificateSigningRequest, type: string): number =>
  typesOf(request).filter((other) => other === type).length;

/**
 * Makes an update through /status keep approvals and denials as stored, unless their number
 * changes: validation refuses that (upstream preserveConditionInstances).
 */
export function keepDecisions(
  next: CertificateSigningRequest,
  old: CertificateSigningRequest,
): void {
  for (const type of ['Approved', 'Denied']) {
    if (countOf(next, type) !== countOf(old, type)) continue;
    const kept = (old.status?.conditions ?? []).filter((condition) => condition.type === type);
    for (const [index, condition] of (next.status?.conditions ?? []).entries())
      if (condition.type === type) next.status!.conditions![index] = cloneJson(kept.shift()!);
  }
}

/** An update may not remove a condition, nor add a condition of the other endpoint. */
export function validateCertificateStatusUpdate(
  next: CertificateSigningRequest,
  old: CertificateSigningRequest,
  endpoint: Endpoint,
): FieldError[] {
  const errors: FieldError[] = [];
  const before = old.status?.certificate;
  if (before && next.status?.certificate !== before)
    errors.push(
      fieldErrors.forbidden('status.certificate', 'updates may not clear or replace a certificate'),
    );
  for (const [type, adder] of Object.entries(ADDED_BY)) {
    const more = countOf(next, type) - countOf(old, type);
    if (more === 0 || (more > 0 && adder === endpoint)) continue;
    errors.push(
      fieldErrors.forbidden(
        'status.conditions',
        `updates may not ${more > 0 ? 'add' : 'remove'} a condition of type "${type}"`,
      ),
    );
  }
  const both = countOf(next, 'Approved') && countOf(next, 'Denied');
  if (both)
    errors.push(
      fieldErrors.invalid(
        'status.conditions',
        'Denied',
        'Approved and Denied conditions are mutually exclusive',
      ),
    );
  return errors;
}
