// Plain HTTP/2 requests to a server under test, as an administrator, and watches that collect.
import assert from 'node:assert/strict';
import { connect, type ClientHttp2Session } from 'node:http2';
import { gunzipSync } from 'node:zlib';
import type { RunningApiServer } from '../../../cmd/kube-apiserver/start.js';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  bytes: Buffer;
  /** Parsed when the answer is JSON. */
  json: Json;
}

// Tests read deep into answers and assert their shape, so the type is that of JSON.parse.
export type Json = ReturnType<typeof JSON.parse>;

export interface WatchEventJson {
  type: string;
  object: Json;
}

export interface Watch {
  events: WatchEventJson[];
  /**
   * Resolves with the answer's head. Before that the server may not have begun: a change made
   * meanwhile may be part of what it begins with, or of nothing.
   */
  begun: Promise<void>;
  /** Waits at most 10 s until the events satisfy the predicate. */
  until(holds: (events: WatchEventJson[]) => boolean): Promise<void>;
  /** Stops reading, so that the connection's window fills; `resume` continues. */
  pause(): void;
  resume(): void;
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>;
  close(): void;
}

/** A watch answers with a line for each event; of those only the first counts here. */
function firstLine(text: string): Json {
  const end = text.indexOf('\n');
  return JSON.parse(end < 0 || text.startsWith('{\n') ? text : text.slice(0, end)) as Json;
}

export class Api {
  private readonly session: ClientHttp2Session;

  constructor(
    server: Pick<RunningApiServer, 'url' | 'caPem' | 'pki'>,
    identity: { certPem: string; keyPem: string } | null = server.pki.certificates[
      'components/admin'
    ]!,
  ) {
    this.session = connect(server.url, {
      ca: server.caPem,
      ...(identity ? { cert: identity.certPem, key: identity.keyPem } : {}),
    });
    this.session.on('error', () => {});
  }

  call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const payload =
      body === undefined
        ? undefined
        : typeof body === 'string' || Buffer.isBuffer(body)
          ? body
          : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const stream = this.session.request(
        {
          ':method': method,
          ':path': path,
          ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        { endStream: payload === undefined },
      );
      const chunks: Buffer[] = [];
      let received: Record<string, string> = {};
      stream.on('response', (all) => (received = all as unknown as Record<string, string>));
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('end', () => {
        let bytes = Buffer.concat(chunks);
        if (received['content-encoding'] === 'gzip') bytes = gunzipSync(bytes);
        const isJson =
          (received['content-type'] ?? '').startsWith('application/json') && bytes.length > 0;
        resolve({
          status: Number(received[':status']),
          headers: received,
          bytes,
          json: isJson ? firstLine(bytes.toString()) : {},
        });
      });
      if (payload !== undefined) stream.end(payload);
    });
  }

  get = (path: string, headers?: Record<string, string>) =>
    this.call('GET', path, undefined, headers);
  post = (path: string, body: unknown, headers?: Record<string, string>) =>
    this.call('POST', path, body, headers);
  put = (path: string, body: unknown, headers?: Record<string, string>) =>
    this.call('PUT', path, body, headers);
  delete = (path: string, body?: unknown) => this.call('DELETE', path, body);
  patch = (path: string, type: string, body: unknown) =>
    this.call('PATCH', path, body, { 'content-type': type });

  /** Fails the test unless the answer has that status. */
  async ok(answer: Promise<Answer>, status = 200): Promise<Json> {
    const { status: got, json, bytes } = await answer;
    assert.equal(got, status, bytes.toString().slice(0, 500));
    return json;
  }

  watch(path: string, headers: Record<string, string> = {}): Watch {
    const stream = this.session.request({ ':method': 'GET', ':path': path, ...headers });
    const events: WatchEventJson[] = [];
    let rest = '';
    let wake = () => {};
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (line) events.push(JSON.parse(line) as WatchEventJson);
      wake();
    });
    stream.on('error', () => {});
    const ended = new Promise<void>((resolve) => stream.on('close', resolve));
    return {
      events,
      begun: Promise.race([
        ended,
        new Promise<void>((resolve) => stream.once('response', () => resolve())),
      ]),
      ended,
      async until(holds) {
        const deadline = Date.now() + 10_000;
        while (!holds(events)) {
          assert.ok(
            Date.now() < deadline,
            `not in time; got ${events.map(({ type, object }) => `${type} ${object['metadata']?.['name'] ?? ''}`).join(', ')}`,
          );
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, 100);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        }
      },
      pause: () => stream.pause(),
      resume: () => stream.resume(),
      close: () => stream.close(),
    };
  }

  close(): void {
    this.session.destroy();
  }
}

export const configMap = (
  name: string,
  data: Record<string, string> = {},
  labels?: Record<string, string>,
) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(labels ? { labels } : {}) },
  data,
});

export const pod = (name: string, more: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...(more['metadata'] as object | undefined) },
  spec: {
    containers: [{ name: 'c', image: 'nginx' }],
    automountServiceAccountToken: false,
    ...(more['spec'] as object | undefined),
  },
});

/** Creates a namespace with its service account and returns the path prefix. */
export async function namespace(api: Api, name: string): Promise<string> {
  await api.ok(api.post('/api/v1/namespaces', { metadata: { name } }), 201);
  await api.ok(
    api.post(`/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } }),
    201,
  );
  return `/api/v1/namespaces/${name}`;
}
