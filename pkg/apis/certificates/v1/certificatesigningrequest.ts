// CertificateSigningRequest: validation (upstream pkg/apis/certificates).
import { decodeBase64 } from '../../../apimachinery/codec/base64.js';
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { cloneJson } from '../../../apimachinery/meta/clone.js';
import { isDns1123Label, isDns1123Subdomain } from '../../../apimachinery/validation/names.js';
import {
  each,
  oneOf,
  optionalOneOf,
  required,
  sorted,
  unique,
} from '../../core/v1/validation/fields.js';
import type { CertificateSigningRequest } from './types.js';
import { USAGES as ALL_USAGES } from './usages.generated.js';
import { shownAs } from '../../meta/v1/go-value.js';

const PEM_BLOCK = /-----BEGIN ([^-\n]+)-----\r?\n([\s\S]*?)-----END \1-----/;
const MIN_SECONDS = 600;
const USAGES = new Set(ALL_USAGES);
/** Length of the DER element at the start of `bytes`, with its header; undefined when it is cut. */
function elementLength(bytes: Uint8Array): number | undefined {
  const first = bytes[1];
  if (first === undefined) return undefined;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4 || bytes.length < 2 + count) return undefined;
  return 2 + count + bytes.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Complaint about a request that is no PKCS #10 in PEM (upstream ParseCSR). */
export function requestProblem(request: string | undefined): string | undefined {
  const pem = new TextDecoder('latin1').decode(decodeBase64(request ?? ''));
  const [, type, body] = PEM_BLOCK.exec(pem) ?? [];
  if (type !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST';
  const der = decodeBase64(body ?? '');
  const length = elementLength(der);
  if (length === undefined || length > der.length) return 'asn1: syntax error: data truncated';
  if (der[0] !== 0x30)
    return "asn1: structure error: tags don't match (16 vs {class:0 tag:0 length:0 isCompound:false}) {optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false} certificateRequest @2";
  return length < der.length ? 'asn1: syntax error: trailing data' : undefined;
}

const MAX_DOMAIN = 253;
const MAX_SIGNER = MAX_DOMAIN + 1 + MAX_DOMAIN + 63 + 1;

const SIGNER_FORM =
  "must be a fully qualified domain and path of the form 'example.com/signer-name'";

/** 'example.com/signer-name' (upstream ValidateSignerName). */
function validateSignerName(name: string | undefined, path: string): FieldError[] {
  if (!name) return [fieldErrors.required(path)];
  const [domain = '', rest, ...more] = name.split('/');
  if (rest === undefined || more.length) return [fieldErrors.invalid(path, name, SIGNER_FORM)];
  const errors = domain.length > MAX_DOMAIN ? [fieldErrors.tooLong(path, MAX_DOMAIN)] : [];
  const labels = (text: string, check: (label: string) => string[]): void => {
    const bad = text.split('.').find((label) => check(label).length);
    for (const problem of bad === undefined ? [] : check(bad)) {
      const detail = `validating label ${JSON.stringify(bad)}: ${problem}`;
      errors.push(fieldErrors.invalid(path, text, detail));
    }
  };
  labels(domain, isDns1123Label);
  if (!domain.includes('.')) {
    const detail = 'should be a domain with at least two segments separated by dots';
    errors.push(fieldErrors.invalid(path, domain, detail));
  }
  labels(rest, isDns1123Subdomain);
  return name.length > MAX_SIGNER ? [...errors, fieldErrors.tooLong(path, MAX_SIGNER)] : errors;
}

const DECISIONS: ReadonlySet<string> = new Set(['Approved', 'Denied', 'Failed']);

function validateConditions(status: CertificateSigningRequest['status']): FieldError[] {
  const seen = new Set<string>();
  return each(status?.conditions, 'status.conditions', ({ type, status: value }, path) => {
    const statuses = DECISIONS.has(type) ? ['True'] : ['False', 'True', 'Unknown'];
    const other = type === 'Approved' ? 'Denied' : type === 'Denied' ? 'Approved' : '';
    const detail = 'Approved and Denied conditions are mutually exclusive';
    return [
      ...required(type, `${path}.type`),
      ...oneOf(value, statuses, `${path}.status`),
      ...fieldErrors.when(seen.has(other)).invalid(`${path}.type`, type, detail),
      ...unique(type, seen, `${path}.type`),
    ];
  });
}

export function validateCertificateSigningRequest({
  spec,
  status,
}: CertificateSigningRequest): FieldError[] {
  const problem = requestProblem(spec.request);
  const seen = new Set<string>();
  const seconds = spec.expirationSeconds;
  const detail = 'may not specify a duration less than 600 seconds (10 minutes)';
  return [
    ...(problem === undefined ? [] : [badRequest(problem)]),
    ...fieldErrors.unless(spec.usages?.length).required('spec.usages'),
    ...each(spec.usages, 'spec.usages', (usage, path) => [
      ...optionalOneOf(usage, sorted(USAGES), path),
      ...unique(usage, seen, path),
    ]),
    ...validateSignerName(spec.signerName, 'spec.signerName'),
    ...fieldErrors
      .when(seconds !== undefined && seconds < MIN_SECONDS)
      .invalid('spec.expirationSeconds', seconds, detail),
    ...validateConditions(status),
  ];
}

/** The error of a request that is there but not good. */
export const badRequest = (problem: string): FieldError =>
  fieldErrors.invalid('spec.request', shownAs('[]byte{}'), problem);

type Endpoint = 'approval' | 'status';

/** The endpoint that may add each condition. */
const ADDED_BY: Readonly<Record<string, Endpoint>> = {
  Approved: 'approval',
  Denied: 'approval',
  Failed: 'status',
};

const countOf = ({ status }: CertificateSigningRequest, type: string): number =>
  (status?.conditions ?? []).filter((condition) => condition.type === type).length;

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
  const { complain, errors } = fieldErrors.below('status');
  const before = old.status?.certificate;
  if (before && next.status?.certificate !== before)
    complain.forbidden('certificate', 'updates may not clear or replace a certificate');
  for (const [type, adder] of Object.entries(ADDED_BY)) {
    const more = countOf(next, type) - countOf(old, type);
    if (more === 0 || (more > 0 && adder === endpoint)) continue;
    complain.forbidden(
      'conditions',
      `updates may not ${more > 0 ? 'add' : 'remove'} a condition of type "${type}"`,
    );
  }
  return [...errors, ...validateConditions(next.status)];
}
