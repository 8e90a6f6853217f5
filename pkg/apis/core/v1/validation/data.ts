// Validation of config maps and secrets: keys, size, types and the immutable flag.
import { decodeBase64 } from '../../../../apimachinery/codec/base64.js';
import { parseJson } from '../../../../apimachinery/codec/json.js';
import { errorText } from '../../../../util/errors/error-text.js';
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { isConfigMapKey } from '../../../../apimachinery/validation/names.js';
import { utf8Length, validateImmutableField } from '../../../meta/v1/object-meta.js';
import { semanticEqual } from '../../../meta/v1/semantic-equal.js';
import type { ConfigMap, Secret } from '../types.js';
import { required } from './fields.js';

const MAX_BYTES = 1024 * 1024;
const FROZEN = 'field is immutable when `immutable` is set';
const REDACTED = '<secret contents redacted>';

/** Number of bytes that a base64 text encodes. */
function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.floor(base64.length / 4) * 3 - padding;
}

const validateKeys = (
  bag: Record<string, string>,
  name: string,
  other: Record<string, string>,
  otherName: string,
): FieldError[] =>
  Object.keys(bag).flatMap((key) => {
    const field = `${name}[${key}]`;
    const errors = isConfigMapKey(key).map((text) => fieldErrors.invalid(field, key, text));
    if (Object.hasOwn(other, key))
      errors.push(fieldErrors.invalid(field, key, `duplicate of key present in ${otherName}`));
    return errors;
  });

export function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const errors = [
    ...validateKeys(data, 'data', binaryData, 'binaryData'),
    ...validateKeys(binaryData, 'binaryData', data, 'data'),
  ];
  const size =
    Object.values(data).reduce((sum, text) => sum + utf8Length(text), 0) +
    Object.values(binaryData).reduce((sum, text) => sum + decodedLength(text), 0);
  if (size > MAX_BYTES) errors.push(fieldErrors.tooLong('', MAX_BYTES));
  return errors;
}

type Frozen = Pick<ConfigMap, 'immutable' | 'data' | 'binaryData'>;

/** An immutable config map or secret keeps its data, and stays immutable. */
export function validateFrozen(next: Frozen, old: Frozen): FieldError[] {
  if (!old.immutable) return [];
  const errors = next.immutable ? [] : [fieldErrors.forbidden('immutable', FROZEN)];
  for (const field of ['data', 'binaryData'] as const) {
    if (!semanticEqual(next[field], old[field])) errors.push(fieldErrors.forbidden(field, FROZEN));
  }
  return errors;
}

function validateJson(data: Record<string, string>, key: string): FieldError[] {
  const text = data[key];
  if (text === undefined) return [fieldErrors.required(`data[${key}]`)];
  try {
    parseJson(decodeBase64(text));
    return [];
  } catch (error) {
    return [fieldErrors.invalid(`data[${key}]`, REDACTED, errorText(error))];
  }
}

function validateSecretType(secret: Secret): FieldError[] {
  const data = secret.data ?? {};
  const needed = (key: string): FieldError[] =>
    fieldErrors.when(data[key] === undefined).required(`data[${key}]`);
  switch (secret.type) {
    case 'kubernetes.io/service-account-token': {
      const key = 'kubernetes.io/service-account.name';
      return required(secret.metadata.annotations?.[key], `metadata.annotations[${key}]`);
    }
    case 'kubernetes.io/dockercfg':
      return validateJson(data, '.dockercfg');
    case 'kubernetes.io/dockerconfigjson':
      return validateJson(data, '.dockerconfigjson');
    case 'kubernetes.io/basic-auth':
      return data['username'] === undefined && data['password'] === undefined
        ? [...needed('username'), ...needed('password')]
        : [];
    case 'kubernetes.io/ssh-auth':
      return required(data['ssh-privatekey'], 'data[ssh-privatekey]');
    case 'kubernetes.io/tls':
      return [...needed('tls.crt'), ...needed('tls.key')];
    default:
      return [];
  }
}

export function validateSecret(secret: Secret): FieldError[] {
  const data = secret.data ?? {};
  const errors = Object.keys(data).flatMap((key) =>
    isConfigMapKey(key).map((text) => fieldErrors.invalid(`data[${key}]`, key, text)),
  );
  const size = Object.values(data).reduce((sum, text) => sum + decodedLength(text), 0);
  if (size > MAX_BYTES) errors.push(fieldErrors.tooLong('data', MAX_BYTES));
  return [...errors, ...validateSecretType(secret)];
}

export function validateSecretUpdate(next: Secret, old: Secret): FieldError[] {
  const types = [next.type ?? '', old.type] as const;
  return [...validateImmutableField(...types, 'type'), ...validateFrozen(next, old)];
}

const PEM = /-----BEGIN ([^-\n]+)-----\r?\n[\s\S]*?-----END \1-----/g;

/** The first PEM block of the wanted types; else Go's complaint (crypto/tls X509KeyPair). */
function pemBlock(
  base64: string | undefined,
  what: string,
  wanted: string,
  fits: RegExp,
): { readonly block: string } | { readonly problem: string } {
  const text = new TextDecoder('latin1').decode(decodeBase64(base64 ?? ''));
  const blocks = [...text.matchAll(PEM)];
  const found = blocks.find(([, type]) => fits.test(type!));
  if (found) return { block: found[0] };
  if (!blocks.length) return { problem: `tls: failed to find any PEM data in ${what} input` };
  const types = blocks.map(([, type]) => type).join(' ');
  const problem = `tls: failed to find ${wanted} in ${what} input after skipping PEM blocks of the following types: [${types}]`;
  return { problem };
}

/**
 * A TLS secret is stored whatever it holds; the server warns when no server could use it.
 * `checkPair` judges the two PEM blocks.
 */
export function secretWarnings(
  { type, data = {} }: Secret,
  checkPair?: (certificate: string, key: string) => string | undefined,
): string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const whole = '"CERTIFICATE" PEM block';
  const certificate = pemBlock(data['tls.crt'], 'certificate', whole, /^CERTIFICATE$/);
  if ('problem' in certificate) return [certificate.problem];
  const ending = 'PEM block with type ending in "PRIVATE KEY"';
  const key = pemBlock(data['tls.key'], 'key', ending, /(^| )PRIVATE KEY$/);
  if ('problem' in key) return [key.problem];
  const problem = checkPair?.(certificate.block, key.block);
  return problem === undefined ? [] : [problem];
}
