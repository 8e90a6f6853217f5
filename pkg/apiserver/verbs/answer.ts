// Answers: objects in the negotiated form, values as JSON, errors as metav1.Status.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, gzip as gzipCallback } from 'node:zlib';
import { toYaml } from '../../apimachinery/codec/yaml-text.js';
import { parseTrustedJson, stringifyJson } from '../../apimachinery/codec/json.js';
import { MAX_YAML_DEPTH } from '../../apimachinery/limits.js';
import { isDeeperThan } from '../../apimachinery/meta/clone.js';
import { internalError, statusError, StatusError } from '../../apimachinery/errors/status-error.js';
import type { Status } from '../../apimachinery/meta/types.js';
import { StorageUnavailableError } from '../../storage/storage.js';
import type { Entry } from '../cache/entry.js';
import type { ByteRun } from '../cache/ordered-index.js';
import { negotiate, type Media } from '../codec/negotiate.js';
import { indentJson, wantsPretty } from '../codec/pretty.js';
import { includeObject, partialBytes, tableBytes } from './table.js';
import type { Headers } from '../extension/handler.js';
import {
  ANSWER_PIECE_BYTES,
  GZIP_MIN_BYTES,
  GZIP_OUTPUT_BYTES,
  GZIP_WHOLE_BYTES,
} from '../limits.js';
import type { Exchange } from '../http/exchange.js';
import type { ApiRequest } from './request.js';

const gzip = promisify(gzipCallback);
/** Upstream's level: speed over size. */
const GZIP_LEVEL = 1;

/** Whether the answer is indented for a human reader. */
export const isPretty = (exchange: Exchange, media: Media): boolean =>
  media.format === 'json' &&
  (media.pretty || wantsPretty(exchange.url, exchange.header('user-agent')));

/**
 * Sends JSON bytes in the format of `media`; large answers are compressed if the client accepts
 * gzip.
 */
export async function sendBytes(
  exchange: Exchange,
  status: number,
  json: Buffer,
  media: Media,
): Promise<void> {
  exchange.audit?.response(() => json.toString('utf8'));
  const headers: Headers = { 'content-type': media.contentType };
  let body =
    media.format === 'yaml' ? yamlOf(json) : isPretty(exchange, media) ? indentJson(json) : json;
  if (body.length >= GZIP_MIN_BYTES && /\bgzip\b/.test(exchange.header('accept-encoding') ?? '')) {
    body = await gzip(body, { level: GZIP_LEVEL });
    headers['content-encoding'] = 'gzip';
    headers['vary'] = 'Accept-Encoding';
  }
  if (body.length > ANSWER_PIECE_BYTES) exchange.respondParts(status, headers, [body], body.length);
  else exchange.respond(status, headers, body);
}

/** Sends JSON in several buffers, which are not joined for large answers. */
export async function sendRun(
  exchange: Exchange,
  status: number,
  run: ByteRun,
  contentType: string,
): Promise<void> {
  const headers: Headers = { 'content-type': contentType };
  const { length } = run;
  // The buffers may be read once only.
  const buffers = exchange.audit?.wantsResponse ? [...run.buffers] : run.buffers;
  const whole = () => Buffer.concat([...buffers], length);
  exchange.audit?.response(() => whole().toString('utf8'));
  if (length < GZIP_MIN_BYTES || !/\bgzip\b/.test(exchange.header('accept-encoding') ?? '')) {
    if (length > ANSWER_PIECE_BYTES) return exchange.respondParts(status, headers, buffers, length);
    return exchange.respond(status, headers, whole());
  }
  headers['content-encoding'] = 'gzip';
  headers['vary'] = 'Accept-Encoding';
  if (length <= GZIP_WHOLE_BYTES) {
    const body = await gzip(whole(), { level: GZIP_LEVEL });
    return exchange.respondParts(status, headers, [body], body.length);
  }
  if (exchange.method === 'HEAD') return exchange.respond(status, headers);
  exchange.throwIfExpired();
  const zip = createGzip({ level: GZIP_LEVEL, chunkSize: GZIP_OUTPUT_BYTES });
  // The client has disconnected, or the request has timed out.
  await pipeline(Readable.from(buffers), zip, exchange.stream(status, headers)).catch(() =>
    exchange.abort(),
  );
}

/** Sends an entry as object, metadata or table. */
export function sendEntry(request: ApiRequest, status: number, entry: Entry): Promise<void> | void {
  const ready = request.resource.ready([entry]);
  if (ready instanceof Promise) return ready.then(([shown]) => sendShown(request, status, shown!));
  return sendShown(request, status, entry);
}

function sendShown(request: ApiRequest, status: number, entry: Entry): Promise<void> | void {
  const { exchange, resource, query } = request;
  const media = negotiate(exchange.header('accept'));
  if (media.as === 'Table') {
    const bytes = tableBytes(
      resource,
      [entry],
      request.context.now,
      { include: includeObject(query), version: media.version },
      `"resourceVersion":"${entry.revision}"`,
    );
    return sendBytes(exchange, status, bytes, media);
  }
  const bytes = media.as === 'Partial' ? partialBytes(entry, media.version) : resource.bytes(entry);
  if (media.format === 'json' && bytes.length < GZIP_MIN_BYTES && !isPretty(exchange, media)) {
    exchange.audit?.response(() => bytes.toString('utf8'));
    return exchange.respond(status, { 'content-type': 'application/json' }, bytes);
  }
  return sendBytes(exchange, status, bytes, media);
}

/** Sends any value. */
export function sendValue(exchange: Exchange, status: number, value: unknown): Promise<void> {
  if ((value as Partial<Status>).kind === 'Status') exchange.audit?.status(value as Status);
  return sendBytes(exchange, status, Buffer.from(stringifyJson(value)), valueMedia(exchange));
}

/** Sends the Status of a request that succeeded. */
export const sendSuccess = (
  exchange: Exchange,
  code: number,
  more: Partial<Status>,
): Promise<void> =>
  sendValue(exchange, code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    ...more,
  });

function valueMedia(exchange: Exchange): Media {
  try {
    const media = negotiate(exchange.header('accept'));
    return { ...media, as: '' };
  } catch {
    return negotiate(undefined);
  }
}

/**
 * The Status of an error; errors that are no StatusError become an InternalError with their
 * message.
 */
export function statusOf(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  if (error instanceof StorageUnavailableError)
    return statusError('Timeout', `the store did not answer in time: ${error.message}`, {
      retryAfterSeconds: 1,
    });
  return internalError(error);
}

export function sendError(exchange: Exchange, error: unknown): void {
  const { status, code } = statusOf(error);
  const headers: Headers = { 'content-type': 'application/json' };
  // Both texts quote the request, and a browser must not take them for a page (upstream
  // responsewriters/errors.go Forbidden, net/http Error).
  if (code === 403 || code === 429) headers['x-content-type-options'] = 'nosniff';
  if (status.details?.retryAfterSeconds)
    headers['retry-after'] = String(status.details.retryAfterSeconds);
  const json = stringifyJson(status);
  exchange.audit?.status(status);
  exchange.audit?.response(() => json);
  exchange.respond(
    code,
    headers,
    wantsPretty(exchange.url, exchange.header('user-agent')) ? indentJson(Buffer.from(json)) : json,
  );
}

/** JSON is YAML too, for a value so deep that the library's recursion would end the stack. */
function yamlOf(json: Buffer): Buffer {
  const value = parseTrustedJson(json);
  return isDeeperThan(value, MAX_YAML_DEPTH) ? json : Buffer.from(toYaml(value));
}
