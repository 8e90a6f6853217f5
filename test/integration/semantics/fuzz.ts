// A seeded fuzzer for the API server. It makes valid requests and corrupts one or more of their
// parts; an answer of 500 or a missing answer is a finding. Longer runs:
//   node build/test/integration/semantics/fuzz.js 200000 [seed]
import { connect, type ClientHttp2Session } from 'node:http2';
import { connect as tlsConnect } from 'node:tls';
import { pathToFileURL } from 'node:url';
import type { RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { protobufBody } from '../../support/protobuf-body.js';
import { MESSAGES } from '../../../pkg/apis/facts/messages.js';
import { RESOURCES } from '../../../pkg/apis/facts/resources.js';
import { sampleOf } from '../../../pkg/registry/samples.test.js';

export interface Findings {
  requests: number;
  /** How often each status was answered; 0: the stream was reset. */
  statuses: Record<number, number>;
  /** Forbidden answers, each with its request; at most 20. */
  bad: string[];
  /**
   * Resident megabytes of this process (server and fuzzer) before each tenth of the requests, and
   * after the last.
   */
  megabytes: number[];
}

/** 501, 503 and 504 mean that a request is impossible, not that the server failed. */
const SEMANTIC = new Set([501, 503, 504]);
/** Requests that upstream answers with 500 too. */
const INTERNAL_UPSTREAM = /more than one PodDisruptionBudget/;
const IN_FLIGHT = 32;
const REQUEST_BOUND_MS = 30_000;
const WINDOW_BYTES = 1 << 20;

type Random = () => number;

/** Mulberry32: the same requests for the same seed. */
function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'BREW'];
const USUAL = ['GET', 'POST', 'POST', 'POST', 'PUT', 'PATCH', 'PATCH', 'DELETE'];
const TYPES = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/cbor',
  'text/plain',
  '',
  'application/json; charset=utf-8',
  ';;;',
  'multipart/form-data; boundary=x',
];
const ACCEPTS = [
  '*/*',
  'application/json',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=Table;v=v9;g=x',
  'application/vnd.kubernetes.protobuf',
  'application/yaml',
  'text/html',
  ';q=',
  'application/json;q=nan',
  ',,,',
  'application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io',
];
const QUERIES: Record<string, string[]> = {
  limit: ['1', '-1', 'x', '1e99', '9007199254740993', '', '0x10'],
  continue: [
    'x',
    'e30',
    'bnVsbA',
    'W10',
    'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhXHUwMDAwIn0',
    'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTUsInN0YXJ0IjoiYSJ9',
    '%00',
  ],
  resourceVersion: ['0', '1', '-1', 'x', '18446744073709551616', '1.5', '', '00'],
  resourceVersionMatch: ['Exact', 'NotOlderThan', 'x', ''],
  labelSelector: [
    'a=b',
    'a in (',
    '!',
    ',',
    'a notin ()',
    'x'.repeat(3_000),
    '%ff',
    'a>9999999999999999999999',
    '\u0000',
  ],
  fieldSelector: [
    'metadata.name=a',
    'x',
    'a\\=b',
    'a=\\',
    'constructor=1',
    '__proto__=1',
    'toString=',
    'spec.nodeName!=',
    '=',
    '==',
  ],
  watch: ['1', 'true', 'x', '0'],
  timeoutSeconds: ['1', '-1', 'x', '1e9'],
  allowWatchBookmarks: ['1', 'x'],
  sendInitialEvents: ['true', 'x'],
  dryRun: ['All', 'x', ''],
  fieldManager: ['m', 'x'.repeat(129), '\u0007', '%F0%9F%98%80'],
  fieldValidation: ['Strict', 'Warn', 'Ignore', 'x'],
  force: ['true', 'x'],
  gracePeriodSeconds: ['0', '-1', 'x', '99999999999999999999'],
  propagationPolicy: ['Orphan', 'Foreground', 'x'],
  orphanDependents: ['true', 'x'],
  pretty: ['true'],
  includeObject: ['Object', 'None', 'x'],
  command: ['ls'],
  container: ['__proto__', ''],
  tailLines: ['x', '-1', '5'],
  follow: ['x'],
  limitBytes: ['-1'],
  ports: ['80', 'x', '99999'],
};
const SEGMENTS = [
  '..',
  '.',
  '',
  '%2e%2e',
  '%2F',
  '%',
  '%zz',
  '%00',
  'a'.repeat(300),
  '__proto__',
  'constructor',
  'default',
  'namespaces',
  'watch',
  'proxy',
  'pods',
  'status',
  'scale',
  'log',
  'exec',
  'eviction',
  'binding',
  'finalize',
  'approval',
  'token',
  '💥',
  'a b',
  'A',
  '-',
  'http:x:80',
];
const ROOTS = [
  '/',
  '//',
  '/api',
  '/apis',
  '/api/',
  '/api/v1',
  '/api/v2',
  '/apis/apps',
  '/apis/apps/v1',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/api/v1?hash=0',
  '/version',
  '/healthz',
  '/livez/x',
  '/readyz?verbose&exclude=x',
  '/metrics',
  '/logs',
  '/ui/../..',
  '/.well-known/openid-configuration',
  '/openid/v1/jwks',
  '/debug/pprof',
  '/apis/x/y/z/a/b/c/d/e/f',
  '/%',
  '/\\',
  '/api/v1/proxy/nodes',
  '/api/v1/watch',
  '/api/v1/namespaces//pods',
];
const ODD_VALUES: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  1.5,
  '',
  'x',
  '\u0000',
  'x'.repeat(2_000),
  [],
  {},
  [null],
  [[]],
  { a: null },
  '99999999999999999999',
  '1Ki',
  '1e1000000000',
  '-1',
  '2025-01-01T00:00:00Z',
  '1.2.3.4',
  { $patch: 'delete' },
  { $patch: 'x' },
  'a/b/c',
  { name: 'x' },
  9_007_199_254_740_991,
];
const ODD_KEYS = [
  '',
  '__proto__',
  'constructor',
  'toString',
  '$patch',
  '$retainKeys',
  '$setElementOrder/containers',
  '$deleteFromPrimitiveList/finalizers',
  'metadata',
  'spec',
  'status',
  'kind',
  'apiVersion',
  'x',
];

type Json = Record<string, unknown>;

class Generator {
  private readonly resources = RESOURCES.filter((facts) => sampleOf(facts));
  constructor(private readonly random: Random) {}

  readonly chance = (probability: number): boolean => this.random() < probability;
  readonly below = (bound: number): number => Math.floor(this.random() * bound);
  readonly pick = <T>(from: readonly T[]): T => from[this.below(from.length)]!;

  request(): {
    method: string;
    path: string;
    headers: Record<string, string>;
    body: Buffer | undefined;
  } {
    const facts = this.pick(this.resources);
    const method = this.chance(0.95) ? this.pick(USUAL) : this.pick(METHODS);
    const headers: Record<string, string> = {};
    if (this.chance(0.4)) headers['accept'] = this.pick(ACCEPTS);
    if (this.chance(0.05)) headers['accept-encoding'] = 'gzip';
    if (this.chance(0.03))
      headers['impersonate-user'] = this.pick(['a', 'system:node:x', 'system:serviceaccount:a']);
    if (headers['impersonate-user'] && this.chance(0.5)) headers['impersonate-extra-x%'] = 'y';
    if (this.chance(0.02)) headers['if-none-match'] = '"x"';
    if (this.chance(0.02)) headers['audit-id'] = 'x'.repeat(200);
    if (this.chance(0.02))
      headers['authorization'] = this.pick([
        'Bearer',
        'Bearer x',
        'Bearer a.b.c',
        'Basic eDp5',
        'Bearer eyJhbGciOiJub25lIn0.e30.',
      ]);
    const name = this.pick(['fuzz-a', 'fuzz-b', 'fuzz-c']);
    const body =
      method === 'GET' || method === 'HEAD' ? undefined : this.body(facts, method, name, headers);
    return { method, path: this.path(facts, method, name), headers, body };
  }

  private path(
    { group, version, resource, namespaced, subresources }: (typeof RESOURCES)[number],
    method: string,
    name: string,
  ): string {
    let path: string;
    if (this.chance(0.05)) path = this.pick(ROOTS);
    else {
      const parts = group ? ['apis', group, version] : ['api', version];
      if (this.chance(0.02)) parts.push(this.pick(['watch', 'proxy']));
      if (namespaced && this.chance(0.9))
        parts.push(
          'namespaces',
          this.chance(0.9) ? 'default' : this.pick(['kube-system', 'none', '']),
        );
      parts.push(resource);
      if (method !== 'POST' || this.chance(0.1))
        parts.push(this.chance(0.9) ? name : this.pick(['kubernetes', 'none']));
      if (subresources?.length && this.chance(method === 'POST' ? 0.05 : 0.25))
        parts.push(this.pick(subresources).name);
      for (let spoil = this.chance(0.15) ? 1 + this.below(2) : 0; spoil > 0; spoil--) {
        const at = this.below(parts.length);
        const how = this.below(4);
        if (how === 0) parts.splice(at, 1);
        else parts.splice(at, how === 1 ? 0 : 1, this.pick(SEGMENTS));
      }
      path = `/${parts.join('/')}`;
    }
    const names = Object.keys(QUERIES);
    for (let more = this.chance(0.3) ? 1 + this.below(3) : 0; more > 0; more--) {
      const name = this.pick(names);
      path += `${path.includes('?') ? '&' : '?'}${name}=${this.chance(0.9) ? encodeURIComponent(this.pick(QUERIES[name]!)) : this.pick(['%', '%ff', '&&', '=', '+'])}`;
    }
    // A watch without a timeout would stay open.
    if (/[?&]watch=|\/watch|follow=/.test(path))
      path = `${path.replaceAll('timeoutSeconds=', 'seconds=')}${path.includes('?') ? '&' : '?'}timeoutSeconds=1`;
    return path.replace(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character));
  }

  private body(
    facts: (typeof RESOURCES)[number],
    method: string,
    name: string,
    headers: Record<string, string>,
  ): Buffer | undefined {
    if (this.chance(0.05)) return undefined;
    const object = sampleOf(facts) as unknown as Json;
    const metadata = object['metadata'] as Json;
    delete metadata['uid'];
    metadata['name'] = name;
    if (this.chance(0.05)) headers['content-type'] = this.pick(TYPES);
    else
      headers['content-type'] =
        method === 'PATCH' ? this.pick(TYPES.slice(3, 7)) : this.pick(TYPES.slice(0, 3));
    const spoiled = this.chance(0.35) ? object : this.spoil(object, 1 + this.below(3));
    const type = headers['content-type'];
    let bytes: Buffer;
    if (type === 'application/vnd.kubernetes.protobuf' && this.chance(0.8))
      bytes = this.protobuf(facts, name);
    else if (type === 'application/json-patch+json')
      bytes = Buffer.from(JSON.stringify(this.jsonPatch()));
    else
      bytes = Buffer.from(
        JSON.stringify(this.chance(0.02) ? this.pick(ODD_VALUES) : spoiled) ?? '',
      );
    return this.chance(0.08) ? this.damage(bytes) : bytes;
  }

  private protobuf(facts: (typeof RESOURCES)[number], name: string): Buffer {
    const object = sampleOf(facts) as unknown as { metadata: Json } & Json;
    object.metadata['name'] = name;
    delete object.metadata['uid'];
    const schema = Object.keys(MESSAGES).find((name) =>
      MESSAGES[name]!.gvk?.some(
        ({ group, version, kind }) =>
          group === facts.group && version === facts.version && kind === facts.kind,
      ),
    );
    const bytes = protobufBody(object, schema!);
    return this.chance(0.7) ? this.damage(bytes) : bytes;
  }

  private jsonPatch(): unknown {
    const operation = () => ({
      op: this.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']),
      path: this.pick([
        '/spec',
        '/metadata/labels',
        '/metadata/name',
        '/spec/template/spec/containers/0',
        '/spec/template/spec/containers/-',
        '',
        '/',
        '/a/b/c',
        '/metadata/annotations/a~1b',
        '~',
        '/__proto__/x',
        '/constructor/prototype/y',
        '/spec/-1',
        '/spec/99999999999',
      ]),
      from: this.pick(['/spec', '/metadata', '', '/x']),
      value: this.pick(ODD_VALUES),
    });
    return this.chance(0.9) ? Array.from({ length: this.below(4) }, operation) : operation();
  }

  /** Changes `times` places anywhere in a JSON value. */
  private spoil(value: Json, times: number): Json {
    const holders: (Json | unknown[])[] = [];
    const collect = (one: unknown): void => {
      if (typeof one !== 'object' || one === null) return;
      holders.push(one as Json);
      for (const inner of Object.values(one)) collect(inner);
    };
    for (; times > 0; times--) {
      holders.length = 0;
      collect(value);
      const holder = this.pick(holders) as Json;
      const keys = Object.keys(holder);
      const key = keys.length && this.chance(0.8) ? this.pick(keys) : this.pick(ODD_KEYS);
      if (this.chance(0.2)) delete holder[key];
      else
        Object.defineProperty(holder, key, {
          value: structuredClone(this.pick(ODD_VALUES)),
          enumerable: true,
          configurable: true,
          writable: true,
        });
    }
    return value;
  }

  private damage(bytes: Buffer): Buffer {
    const out = Buffer.from(bytes);
    if (this.chance(0.3)) return out.subarray(0, this.below(out.length + 1));
    for (let times = 1 + this.below(5); times > 0 && out.length; times--)
      out[this.below(out.length)] = this.below(256);
    return this.chance(0.2) ? Buffer.concat([out, out]) : out;
  }
}

function send(
  session: ClientHttp2Session,
  { method, path, headers, body }: ReturnType<Generator['request']>,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    let status = 0;
    let text = '';
    const stream = session.request(
      { ':method': method, ':path': path, ...headers },
      { endStream: body === undefined },
    );
    const timer = setTimeout(() => {
      status = -1;
      stream.close();
    }, REQUEST_BOUND_MS);
    stream.on('response', (received) => (status = Number(received[':status'])));
    stream.on('data', (chunk: Buffer) => {
      if (status >= 500) text += chunk.toString();
    });
    stream.on('error', () => {});
    stream.on('close', () => {
      clearTimeout(timer);
      resolve({ status, text });
    });
    if (body !== undefined) stream.end(body);
  });
}

const residentMegabytes = () => Math.round(process.memoryUsage.rss() / 1e6);

/** Sends `count` corrupted requests as an administrator. Rejects when the connection breaks. */
export async function fuzz(
  server: RunningApiServer,
  count: number,
  seed: number,
): Promise<Findings> {
  const generator = new Generator(seeded(seed));
  const { certPem: cert, keyPem: key } = server.pki.certificates['components/admin']!;
  // With the default windows of 64 KB a few large answers at once would take many turns of this one
  // event loop.
  const session = connect(server.url, {
    ca: server.caPem,
    cert,
    key,
    settings: { initialWindowSize: WINDOW_BYTES },
  });
  session.on('connect', () => session.setLocalWindowSize(WINDOW_BYTES * IN_FLIGHT));
  const lost = new Promise<never>((_, reject) => {
    session.on('error', reject);
    session.on('goaway', (code) =>
      reject(new Error(`the server ended the connection with code ${code}`)),
    );
  });
  const findings: Findings = { requests: 0, statuses: {}, bad: [], megabytes: [] };
  const seen = new Set<string>();
  const worker = async () => {
    while (findings.requests < count) {
      if (findings.requests % Math.ceil(count / 10) === 0)
        findings.megabytes.push(residentMegabytes());
      findings.requests++;
      const request = generator.request();
      const { status, text } = await send(session, request);
      findings.statuses[status] = (findings.statuses[status] ?? 0) + 1;
      if (status > 0 && (status < 500 || SEMANTIC.has(status))) continue;
      if (INTERNAL_UPSTREAM.test(text)) continue;
      // An upgrade or an odd method may be refused by the protocol itself, with a reset.
      if (status === 0 && !USUAL.includes(request.method)) continue;
      const known = `${status} ${status < 0 ? request.path : ''}${/"message":"[^"]*/.exec(text)?.[0] ?? ''}`;
      if (seen.has(known) || findings.bad.length >= 20) continue;
      seen.add(known);
      findings.bad.push(
        `${status} ${request.method} ${request.path} ${JSON.stringify(request.headers)} ${request.body?.toString('latin1').slice(0, 1_500) ?? ''} -> ${text.slice(0, 500)}`,
      );
    }
  };
  await Promise.race([lost, Promise.all(Array.from({ length: IN_FLIGHT }, worker))]).finally(() =>
    session.destroy(),
  );
  findings.megabytes.push(residentMegabytes());
  return findings;
}

const RAW = [
  'GET / HTTP/9.9\r\n\r\n',
  'GET /api/v1/pods HTTP/1.1\r\n\r\n',
  'POST /api/v1/namespaces/default/pods HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n',
  'POST /api/v1/namespaces/default/pods HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n',
  'GET /a b c HTTP/1.1\r\nhost: x\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ngarbage garbage garbage',
  '\x00\x01\x02\x03',
  'GET /api/v1/namespaces/default/pods/x/exec HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: spdy/3.1\r\n\r\n',
  'GET /api/v1/namespaces/default/pods/x/portforward HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
  `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(2_000_000)}\r\n\r\n`,
];

/**
 * Sends malformed HTTP, each on its own connection. Resolves with the first line of each answer.
 */
export function sendRaw(server: RunningApiServer): Promise<string[]> {
  const { certPem: cert, keyPem: key } = server.pki.certificates['components/admin']!;
  const one = (bytes: string, protocol: string) =>
    new Promise<string>((resolve) => {
      let answer = '';
      const socket = tlsConnect(
        {
          host: '127.0.0.1',
          port: server.port,
          ca: server.caPem,
          cert,
          key,
          ALPNProtocols: [protocol],
        },
        () => socket.end(bytes, 'latin1'),
      );
      socket.setTimeout(3_000, () => socket.destroy());
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
      socket.on('error', () => {});
      socket.on('close', () => resolve(answer.split('\r\n', 1)[0]!));
    });
  return Promise.all(RAW.flatMap((bytes) => [one(bytes, 'http/1.1'), one(bytes, 'h2')]));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = await startApiServer();
  await server.ready();
  const count = Number(process.argv[2] ?? 200_000);
  const started = performance.now();
  const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
  const findings = await fuzz(server, count, seed);
  process.stdout.write(
    `${JSON.stringify(findings, null, 1)}\nseed ${seed}, ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
  );
  await server.stop();
}
