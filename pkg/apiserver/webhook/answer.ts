// Answers of webhooks: errors in the words of client-go, and reviews decoded as upstream's codec
// does (client-go rest/request.go; apimachinery runtime/serializer).
import { parseJson } from '../../apimachinery/codec/json.js';
import { decodeObject } from '../../apimachinery/codec/strict.js';
import { parseYaml } from '../../apimachinery/codec/yaml.js';
import { apiVersionOf } from '../../apimachinery/meta/object.js';
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import { errorText } from '../../util/errors/error-text.js';
import { decodingReason, headProblem, type ExpectedKind } from '../codec/body.js';
import { MAX_ERROR_TEXT_BYTES } from './limits.js';
import { MESSAGES_BY_CODE } from './facts.generated.js';

/** A webhook could not be asked, or its answer cannot be used. The message has upstream's words. */
export class WebhookError extends Error {
  override name = 'WebhookError';
  /** `code` is the HTTP status of the failure: the webhook's own, or 503. */
  constructor(
    message: string,
    readonly code: number = 503,
  ) {
    super(message);
  }
}

/** The webhook's address or authorities cannot be used, so there was no call. */
export class WebhookSetupError extends WebhookError {
  constructor(message: string) {
    super(message, 400);
  }
}

/** Answers with these codes keep the webhook's own text. */
const OWN_TEXT = new Set([403, 406, 415]);

/** The message of a failed Status; undefined for another body. */
function statusMessage(body: Buffer): string | undefined {
  try {
    const { kind, status, message } = parseBody(body) as Record<string, unknown>;
    return kind === 'Status' && status === 'Failure' && typeof message === 'string'
      ? message
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The error of an answer that is no success (apimachinery api/errors NewGenericServerResponse). A
 * redirect is not followed: a webhook must not choose whom the server asks.
 */
export function answerError(status: number, contentType: string, body: Buffer): WebhookError {
  const given = statusMessage(body);
  if (given !== undefined) return new WebhookError(given, status);
  const isText = contentType === '' || contentType.startsWith('text/');
  const text = isText ? body.subarray(0, MAX_ERROR_TEXT_BYTES).toString('utf8').trim() : 'unknown';
  const code = status < 400 ? 404 : status;
  const message =
    MESSAGES_BY_CODE[code] ??
    (OWN_TEXT.has(code)
      ? text
      : code >= 500
        ? `an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding`
        : `the server responded with the status code ${code} but did not return more information`);
  return new WebhookError(message, code);
}

/** Objects are JSON; anything else is read as YAML, as upstream's decoder guesses it. */
function parseBody(body: Buffer): unknown {
  const isObject = /^\s*\{/.test(body.subarray(0, 64).toString('latin1'));
  return (isObject ? parseJson(body) : parseYaml(body.toString('utf8'))).value;
}

export interface Review<T> {
  readonly value: T;
  /** As the webhook gave them; '' when absent. */
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * Decodes the answer to a review of kind `expected`. `versions` are those of the kind that upstream
 * knows: another one of them cannot be converted, an unknown one is not registered.
 * @throws WebhookError
 */
export function decodeReview<T>(
  body: Buffer,
  expected: ExpectedKind,
  versions: readonly string[],
  schemas: SchemaTable,
): Review<T> {
  let parsed: unknown;
  try {
    parsed = parseBody(body) ?? {};
  } catch (error) {
    throw new WebhookError(`couldn't get version/kind; json parse error: ${errorText(error)}`);
  }
  const problem = headProblem(parsed);
  if (problem !== undefined) throw new WebhookError(problem);
  const given = parsed as Record<string, unknown>;
  const textOf = (field: string): string => (given[field] as string | null | undefined) ?? '';
  const apiVersion = textOf('apiVersion');
  const kind = textOf('kind');
  checkKind(given, apiVersion || apiVersionOf(expected), kind || expected.kind, expected, versions);
  try {
    const value = decodeObject<never>(given, expected.schema, schemas, 'Ignore', []).object as T;
    return { value, apiVersion, kind };
  } catch (error) {
    throw new WebhookError(decodingReason(error));
  }
}

function checkKind(
  given: Record<string, unknown>,
  apiVersion: string,
  kind: string,
  expected: ExpectedKind,
  versions: readonly string[],
): void {
  const wanted = apiVersionOf(expected);
  if (apiVersion === wanted && kind === expected.kind) return;
  if (apiVersion === 'v1' && kind === 'Status') {
    const { status, message } = given;
    if (status === 'Success') return;
    throw new WebhookError(typeof message === 'string' ? message : '');
  }
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const isKnown =
    kind === expected.kind &&
    versions.some((one) => apiVersion === apiVersionOf({ group: expected.group, version: one }));
  throw new WebhookError(
    isKnown
      ? `converting (${version}.${kind}) to (${expected.version}.${expected.kind}): unknown conversion`
      : `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:100"`,
  );
}
