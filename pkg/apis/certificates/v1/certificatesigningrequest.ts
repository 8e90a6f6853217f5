// CertificateSigningRequest: validation (upstream pkg/apis/certificates).
import { decodeBase64 } from '../../../apimachinery/codec/base64.js';
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
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

/** An update may not remove the issued certificate, an approval or a denial. */
export function validateCertificateStatusUpdate(
  next: CertificateSigningRequest,
  old: CertificateSigningRequest,
): FieldError[] {
  const errors: FieldError[] = [];
  const before = old.status?.certificate;
  if (before && next.status?.certificate !== before)
    errors.push(
      fieldErrors.forbidden('status.certificate', 'updates may not clear or replace a certificate'),
    );
  const types = (request: CertificateSigningRequest): Set<string> =>
    new Set((request.status?.conditions ?? []).map(({ type }) => type));
  for (const type of ['Approved', 'Denied', 'Failed']) {
    if (types(old).has(type) && !types(next).has(type)) {
      errors.push(
        fieldErrors.forbidden(
          'status.conditions',
          `updates may not remove a condition of type "${type}"`,
        ),
      );
    }
  }
  const both = types(next).has('Approved') && types(next).has('Denied');
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
