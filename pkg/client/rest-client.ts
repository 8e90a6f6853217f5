// The client over HTTP/2. A process has one client, whose session all informers and watches share
// (connection.ts). Reads go to the server; informers keep local copies. Objects are plain JSON.
// List items get apiVersion and kind, which the wire format omits.
import { parseTrustedJson, stringifyJson } from '../apimachinery/codec/json.js';
import { StatusError } from '../apimachinery/errors/status-error.js';
import {
  apiVersionOf,
  type ApiList,
  type ApiObject,
  type ResourceType,
  type WatchEvent,
} from '../apimachinery/meta/object.js';
import type { Status } from '../apimachinery/meta/types.js';
import type { Env } from '../util/env/env.js';
import {
  PATCH_TYPES,
  type Client,
  type DeleteOptions,
  type Key,
  type ListOptions,
  type PatchOptions,
  type WatchOptions,
  type WriteOptions,
} from './client.js';
import { ConnectionError } from './connection.js';
import type { ClientConfig } from './kubeconfig.js';
import { MAX_EVENT_BYTES } from './limits.js';
import { resourcePath, type Query } from './resource-path.js';
import {
  createTransport,
  type HttpRequest,
  type HttpResponse,
  type Transport,
} from './transport.js';
import { PLAIN_REASONS } from './facts.generated.js';

// Splits a byte stream into lines of JSON. Chunk boundaries may split lines and UTF-8 characters,
// so only complete lines are decoded.

/** `push` takes the chunks in order and returns the values of the lines that they complete. */
class JsonLines {
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  constructor(private readonly maxLineBytes: number) {}

  /** Throws for a line that is too long or not JSON. */
  push(chunk: Uint8Array): unknown[] {
    const values: unknown[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10, start); end >= 0; end = chunk.indexOf(10, start)) {
      const line = this.take(chunk.subarray(start, end));
      start = end + 1;
      if (line.length) values.push(parseTrustedJson(this.decoder.decode(line)));
    }
    if (start < chunk.length) {
      this.pending.push(chunk.subarray(start));
      this.pendingBytes += chunk.length - start;
      if (this.pendingBytes > this.maxLineBytes)
        throw new Error(`a line of JSON is longer than ${this.maxLineBytes} bytes`);
    }
    return values;
  }

  /** True when the stream ended inside a line. */
  get partial(): boolean {
    return this.pendingBytes > 0;
  }

  private take(last: Uint8Array): Uint8Array {
    if (!this.pendingBytes) return last;
    const line = new Uint8Array(this.pendingBytes + last.length);
    let at = 0;
    for (const part of this.pending) {
      line.set(part, at);
      at += part.length;
    }
    line.set(last, at);
    this.pending = [];
    this.pendingBytes = 0;
    return line;
  }
}

type RawOptions = Parameters<Client['raw']>[3];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const encode = (body: unknown): Uint8Array => encoder.encode(stringifyJson(body));

const writeQuery = (options: WriteOptions | undefined): Query => ({
  dryRun: options?.dryRun ? 'All' : undefined,
  fieldManager: options?.fieldManager,
});

/** The other options are parameters of the query. */
const listQuery = ({ namespace: _namespace, signal: _signal, ...query }: ListOptions): Query =>
  query;

const deleteBody = ({ signal: _signal, ...options }: DeleteOptions): unknown => ({
  apiVersion: 'v1',
  kind: 'DeleteOptions',
  ...options,
});

/**
 * Connects at the first request. Every method throws StatusError for a response of 400 or above,
 * ConnectionError without a response, and the signal's reason on abort.
 */
export const createClient = (
  config: ClientConfig,
  env: Pick<Env, 'clock' | 'random' | 'log'>,
): Client => clientOver(createTransport(config, env));

export function clientOver(transport: Transport): Client {
  const call = async <R>(
    method: string,
    path: string,
    options: Pick<HttpRequest, 'signal' | 'deadlineMs' | 'contentType'> | undefined,
    body?: unknown,
  ): Promise<R> => {
    const { signal, deadlineMs, contentType } = options ?? {};
    const answer = await transport.send({
      method,
      path,
      signal,
      deadlineMs,
      ...(body !== undefined && { body: encode(body) }),
      ...(contentType && { contentType }),
    });
    return parseAnswer<R>(answer);
  };

  return {
    get: (type, key, options) =>
      call('GET', resourcePath(type, key, { resourceVersion: options?.resourceVersion }), options),
    async list(type, options = {}) {
      const path = resourcePath(type, { namespace: options.namespace }, listQuery(options));
      return completeItems(type, await call('GET', path, options));
    },
    watch: (type, options) => watch(transport, type, options),
    create(type, object, options) {
      const { namespace } = (object as ApiObject).metadata;
      return call('POST', resourcePath(type, { namespace }, writeQuery(options)), options, object);
    },
    update(type, object, options) {
      const { namespace, name } = object.metadata;
      const where = { namespace, name, subresource: options?.subresource };
      return call('PUT', resourcePath(type, where, writeQuery(options)), options, object);
    },
    patch<T>(type: ResourceType<T>, key: Key, body: unknown, options: PatchOptions) {
      const { force, signal, deadlineMs, subresource } = options;
      const path = resourcePath(type, { ...key, subresource }, { ...writeQuery(options), force });
      const contentType = PATCH_TYPES[options.type];
      return call<T>('PATCH', path, { signal, deadlineMs, contentType }, body);
    },
    async delete(type, key, options = {}) {
      await call('DELETE', resourcePath(type, key), options, deleteBody(options));
    },
    async deleteCollection(type, list, options = {}) {
      const path = resourcePath(type, { namespace: list.namespace }, listQuery(list));
      const signal = options.signal ?? list.signal;
      await call('DELETE', path, { signal }, deleteBody(options));
    },
    createSubresource(type, key, subresource, body, options) {
      const path = resourcePath(type, { ...key, subresource }, writeQuery(options));
      return call('POST', path, options, body);
    },
    raw: (method, path, body, options) => raw(transport, method, path, body, options),
    close() {
      transport.close();
      return Promise.resolve();
    },
  };
}

async function raw(
  transport: Transport,
  method: string,
  path: string,
  body: unknown,
  options: RawOptions = {},
): ReturnType<Client['raw']> {
  const bytes =
    body === undefined || body instanceof Uint8Array
      ? body
      : typeof body === 'string'
        ? encoder.encode(body)
        : encode(body);
  const answer = await transport.send({
    method,
    path,
    ...(bytes && { body: bytes }),
    ...(options.contentType && { contentType: options.contentType }),
    accept: options.accept ?? '*/*',
    signal: options.signal,
  });
  const headers = Object.entries(answer.headers).filter(([name]) => !name.startsWith(':'));
  return {
    status: answer.status,
    body: answer.body,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
  };
}

function completeItems<T>(type: ResourceType<T>, list: ApiList<T>): ApiList<T> {
  const apiVersion = apiVersionOf(type);
  list.items ??= [];
  for (const item of list.items as (T & Partial<ApiObject>)[]) {
    item.apiVersion ??= apiVersion;
    item.kind ??= type.kind;
  }
  return list;
}

async function* watch<T>(
  transport: Transport,
  type: ResourceType<T>,
  { namespace, signal, ...query }: WatchOptions,
): AsyncGenerator<WatchEvent<T>> {
  const path = resourcePath(type, { namespace }, { watch: true, ...query });
  const stream = await transport.stream({ method: 'GET', path, signal });
  if (stream.status !== 200) {
    const parts: Uint8Array[] = [];
    for await (const chunk of stream.chunks()) parts.push(chunk);
    throw errorOf(stream.status, decoder.decode(Buffer.concat(parts)));
  }
  const lines = new JsonLines(MAX_EVENT_BYTES);
  for await (const chunk of stream.chunks()) {
    for (const event of lines.push(chunk) as WatchEvent<T>[]) {
      if (event.type === 'ERROR') throw statusErrorFrom(event.object as Status, 500);
      yield event;
    }
  }
  if (lines.partial) throw new ConnectionError('the watch ended inside an event', true);
}

function parseAnswer<R>(answer: HttpResponse): R {
  const text = decoder.decode(answer.body);
  if (answer.status >= 400) throw errorOf(answer.status, text);
  try {
    return parseTrustedJson(text) as R;
  } catch (error) {
    throw new ConnectionError(`the answer is not JSON: ${text.slice(0, 200)}`, true, error);
  }
}

function errorOf(code: number, text: string): StatusError {
  try {
    const status = JSON.parse(text) as Status;
    if (status.kind === 'Status') return statusErrorFrom(status, code);
  } catch {
    // proxies and old servers respond with plain text
  }
  const message = text.trim() || `the server answered with status ${code}`;
  return new StatusError({ code, message, reason: PLAIN_REASONS[code] ?? '' });
}

const statusErrorFrom = (status: Status, code: number): StatusError =>
  new StatusError({ ...status, message: status.message ?? 'unknown', code: status.code ?? code });
