// One request and its answer, over HTTP/2 or HTTP/1.1. The verbs depend on this class only.
import type { Readable, Writable } from 'node:stream';
import { statusError } from '../../apimachinery/errors/status-error.js';
import type { AuditAnnotation, AuditRecord } from '../audit/record.js';
import type { WatchSink } from './watch-sink.js';
import type { Headers } from '../extension/handler.js';
import {
  MAX_AUDIT_ANNOTATION_LENGTH,
  MAX_AUDIT_ANNOTATIONS,
  MAX_BODY_BYTES,
  MAX_WARNINGS,
  WARNING_ITEM_RUNES,
  WARNING_TOTAL_RUNES,
} from '../limits.js';
import { writePaced } from './paced-write.js';

/** The subject of a verified client certificate; `invalid` when the certificate does not verify. */
export interface PeerCertificate {
  commonName: string;
  organizations: string[];
  /** SHA-256 of the certificate's DER, in lower-case hex. */
  fingerprint?: string;
  uid?: string;
  invalid?: boolean;
}

// Shared, because ten thousand watchers have an exchange each.
const NOTHING = (): void => {};
const NO_ANNOTATIONS: ReadonlyMap<string, AuditAnnotation> = new Map();

export abstract class Exchange {
  /** Chosen by the client or random; sent back as Audit-Id. */
  auditId = '';
  /** The header Strict-Transport-Security of the answer; '' for none. */
  strictTransport = '';
  /** UIDs of the flow schema and the priority level that the request was served under. */
  flow: { schema: string; level: string } | undefined;
  /** The record for the audit log; absent while the policy asks for none. */
  audit: AuditRecord | undefined;
  private warnings: string[] | undefined;
  /** When the request times out, on the monotonic clock; undefined: never. */
  deadline: number | undefined;
  /**
   * Gives up the request's place among those in flight, before a wait for another program. Does
   * nothing for requests that are not counted.
   */
  leaveFlow: () => void = NOTHING;
  /** Facts about the request that its audit events carry, by key. */
  get annotations(): ReadonlyMap<string, AuditAnnotation> {
    return this.notes ?? NO_ANNOTATIONS;
  }
  private notes: Map<string, AuditAnnotation> | undefined;
  /** The status code that was sent; 0 before the answer began. */
  sent = 0;
  /** Bytes of an answer in parts that the connection has not accepted yet. */
  protected held = 0;
  private expiry: Error | undefined;
  private onExpiry: ((error: Error) => void) | undefined;

  abstract readonly method: string;
  /** Path and query as the client sent them. */
  abstract readonly url: string;
  abstract readonly headers: Headers;
  abstract readonly remoteAddress: string;
  abstract readonly certificate: PeerCertificate | undefined;
  abstract readonly body: Readable;
  abstract readonly http2: boolean;

  /** Sends the whole answer. Does nothing when the client is gone. */
  abstract respond(status: number, headers: Headers, body?: Uint8Array | string): void;
  /** Sends a body of several buffers, `length` bytes together. */
  respondParts(
    status: number,
    headers: Headers,
    parts: Iterable<Uint8Array>,
    length: number,
  ): void {
    if (this.expiry) return;
    headers['content-length'] = String(length);
    if (this.method === 'HEAD') return this.respond(status, headers);
    this.held = length;
    writePaced(this.stream(status, headers), parts, (taken) => (this.held -= taken));
  }
  abstract stream(status: number, headers: Headers): Writable;
  abstract watchSink(headers: Headers): WatchSink;
  /** Breaks off an answer that failed half way, so that the client sees an error. */
  abstract abort(): void;
  /** Calls back once, when the client has disconnected or the answer is complete. */
  abstract onClose(callback: () => void): void;
  /** Bytes of the answer that the client has not received yet. */
  abstract readonly unsent: number;
  /** Stops the upload of the request's body after the answer was sent. */
  protected abstract refuseBody(): void;

  get expired(): boolean {
    return this.expiry !== undefined;
  }

  throwIfExpired(): void {
    if (this.expiry) throw this.expiry;
  }

  /**
   * Ends a request that timed out: `answer` sends the error if no answer began, else the answer is
   * broken off.
   */
  expire(error: Error, answer: () => void): void {
    if (this.expiry) return;
    this.expiry = error;
    if (this.sent === 0) {
      this.refuseBody();
      answer();
    } else this.abort();
    this.onExpiry?.(error);
  }

  /** Adds a Warning header (code 299, RFC 9111 section 5.5), within upstream's bounds. */
  warn(text: string): void {
    if (!text) return;
    this.warnings ??= [];
    if (!this.warnings.includes(text)) this.warnings.push(text);
  }

  /** Adds an annotation to the request's audit events, within bounds; the first of a key stays. */
  annotate(key: string, value: string, level: AuditAnnotation['level'] = 'Metadata'): void {
    const notes = (this.notes ??= new Map());
    if (notes.has(key) || notes.size >= MAX_AUDIT_ANNOTATIONS) return;
    notes.set(key, { value: value.slice(0, MAX_AUDIT_ANNOTATION_LENGTH), level });
  }

  header(name: string): string | undefined {
    const value = this.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** `headers` and the headers of every answer. */
  protected complete(headers: Headers): Headers {
    headers['audit-id'] = this.auditId;
    headers['cache-control'] ??= 'no-cache, private';
    if (this.strictTransport) headers['strict-transport-security'] = this.strictTransport;
    if (this.flow) {
      headers['x-kubernetes-pf-flowschema-uid'] = this.flow.schema;
      headers['x-kubernetes-pf-prioritylevel-uid'] = this.flow.level;
    }
    this.audit?.started(this.sent);
    if (this.warnings) headers.warning = warningHeaders(this.warnings);
    return headers;
  }

  /** The writable side of a stream that is destroyed with the end of its body. */
  protected get answer(): Writable | undefined {
    return undefined;
  }

  /** Throws 413 beyond the limit. */
  async readBody(limit = MAX_BODY_BYTES): Promise<Buffer> {
    const declared = Number(this.header('content-length') ?? 0);
    if (declared > limit) throw tooLarge(limit);
    this.throwIfExpired();
    const pauseAt = this.answer && declared;
    const body = await collect(this.body, limit, pauseAt, (reject) => (this.onExpiry = reject));
    this.answer?.once('finish', () => this.body.resume());
    return body;
  }
}

/**
 * Reads without `for await`, which would destroy the stream at the limit, and the answer with it. A
 * body that is paused at its declared length is whole before its 'end'.
 */
function collect(
  body: Readable,
  limit: number,
  pauseAt: number | undefined,
  untilExpiry: (reject: (error: Error) => void) => void,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    untilExpiry(reject);
    const chunks: Buffer[] = [];
    let length = 0;
    let isWhole = false;
    // An empty HTTP/2 body ends without waiting for a reader: its 'end' has passed.
    if (body.readableEnded) return resolve(Buffer.alloc(0));
    // A stream whose 'close' has passed would never settle this promise.
    if (body.destroyed) reject(statusError('BadRequest', 'the request body was cut off'));
    const finish = () => {
      isWhole = true;
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    };
    body.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else reject(tooLarge(limit));
      if (length !== pauseAt) return;
      body.pause();
      finish();
    });
    body.on('end', finish);
    body.on('error', reject);
    body.on('close', () => {
      if (!isWhole) reject(statusError('BadRequest', 'the request body was cut off'));
    });
  });
}

const tooLarge = (limit: number): Error =>
  statusError('RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);

function warningHeaders(texts: readonly string[]): string[] {
  const quote = (text: string) =>
    `299 - "${text.replace(/[\\"]/g, '\\$&').replace(/\p{Cc}/gu, ' ')}"`;
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  let left = WARNING_TOTAL_RUNES;
  const out: string[] = [];
  for (const text of texts) {
    const cut = total > WARNING_TOTAL_RUNES ? text.slice(0, WARNING_ITEM_RUNES) : text;
    if (cut.length > left || out.length >= MAX_WARNINGS) break;
    left -= cut.length;
    out.push(quote(encodeLatin1(cut)));
  }
  return out;
}

/** HTTP headers carry latin1; other characters are sent as the bytes of their UTF-8. */
const encodeLatin1 = (text: string): string =>
  /[^\x20-\x7e]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
