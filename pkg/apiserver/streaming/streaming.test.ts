// Clients over WebSocket and SPDY, through the handlers on a real HTTP server, to a kubelet that
// writes SPDY frames. test/integration and test/e2e test the same with kubectl and containerd.
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex, Writable } from 'node:stream';
import { createInflate } from 'node:zlib';
import { WebSocket } from 'ws';
import type { StatusError } from '../../apimachinery/errors/status-error.js';
import { NODES, PODS } from '../../apis/resource-types.js';
import { createCa, issue } from '../../system/pki/certificates.js';
import { MemoryReader } from '../../../test/support/memory-reader.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import type { ConnectHandler, HandlerRequest } from '../extension/handler.js';
import type { ServerServices } from '../extension/services.js';
import { parseRequestInfo } from '../request/request-info.js';
import { dataHead, FLAG_FIN, FRAME, FrameParser } from './spdy/frames.js';
import { SpdySession } from './spdy/session.js';
import { streamingHandlers } from './streaming.js';

/** The server's end of a SPDY connection, frame by frame. */
class SpdyPeer {
  readonly streams = new Map<
    number,
    { headers: Record<string, string>; received: Buffer[]; ended: boolean }
  >();
  private readonly inflate = createInflate();
  private work: Promise<void> = Promise.resolve();

  constructor(
    readonly socket: Duplex,
    private readonly onChange: (peer: SpdyPeer) => void,
  ) {
    const parser = new FrameParser();
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      for (const frame of parser.push(chunk)) this.work = this.work.then(() => this.handle(frame));
    });
  }

  private async readHeaders(block: Buffer): Promise<Record<string, string>> {
    const bytes = await new Promise<Buffer>((resolve) =>
      this.inflate.write(block, () => resolve(this.inflate.read() as Buffer)),
    );
    const headers: Record<string, string> = {};
    let at = 4;
    const text = () => {
      const length = bytes.readUInt32BE(at);
      at += 4 + length;
      return bytes.subarray(at - length, at).toString();
    };
    for (let left = bytes.readUInt32BE(0); left > 0; left--) {
      const name = text();
      headers[name] = text();
    }
    return headers;
  }

  private async handle(
    frame: ReturnType<FrameParser['push']> extends Generator<infer F> ? F : never,
  ): Promise<void> {
    if (frame.type === 'data') {
      const stream = this.streams.get(frame.id)!;
      if (frame.payload.length) stream.received.push(Buffer.from(frame.payload));
      if (frame.fin) stream.ended = true;
    } else if (frame.control === FRAME.synStream) {
      const id = frame.body.readUInt32BE(0);
      this.streams.set(id, {
        headers: await this.readHeaders(Buffer.from(frame.body.subarray(10))),
        received: [],
        ended: false,
      });
      const reply = Buffer.alloc(16);
      reply.writeUInt32BE(0x80030002, 0);
      reply.writeUInt32BE(8, 4);
      reply.writeUInt32BE(id, 8);
      this.socket.write(reply);
    }
    this.onChange(this);
  }

  find(type: string) {
    for (const [id, stream] of this.streams)
      if (stream.headers['streamtype'] === type)
        return { id, text: Buffer.concat(stream.received).toString(), ...stream };
    return undefined;
  }

  send(type: string, text: string | Buffer, fin = false): void {
    const bytes = Buffer.from(text as string);
    this.socket.write(Buffer.concat([dataHead(this.find(type)!.id, bytes.length, fin), bytes]));
  }
}

describe('streaming', () => {
  const cleanups: (() => void)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.splice(0).toReversed()) cleanup();
  });

  async function listen(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  /** A kubelet over TLS that wants the apiserver's certificate. */
  async function kubelet(
    onUpgrade: (request: IncomingMessage, socket: Duplex) => void,
    answer?: (request: IncomingMessage) => { code: number; text: string },
  ) {
    const ca = createCa('kubernetes');
    const server = issue({
      ca,
      commonName: 'system:node:n1',
      sans: ['127.0.0.1'],
      usages: ['server'],
    });
    const client = issue({ ca, commonName: 'kube-apiserver-kubelet-client', usages: ['client'] });
    const https = createTlsServer(
      {
        cert: server.certPem,
        key: server.keyPem,
        ca: ca.certPem,
        requestCert: true,
        rejectUnauthorized: true,
      },
      (request, response) => {
        const { code, text } = answer?.(request) ?? { code: 404, text: '' };
        response.writeHead(code).end(text);
      },
    );
    https.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
      cleanups.push(() => socket.destroy());
      onUpgrade(request, socket);
    });
    const port = await listen(https);
    return { port, config: { certPem: client.certPem, keyPem: client.keyPem, caPem: ca.certPem } };
  }

  const switching = (socket: Duplex, protocol: string) =>
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
    );

  /** The handlers behind a plain HTTP server, with one pod on one node. */
  async function apiserver(
    node: { port: number; config: object },
    pod: object = {},
  ): Promise<{ port: number; done: Promise<void>[] }> {
    const reader = new MemoryReader();
    reader.set(NODES, {
      metadata: { name: 'n1' },
      status: {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: node.port } },
      },
    });
    reader.set(PODS, {
      metadata: { namespace: 'shop', name: 'web' },
      spec: { nodeName: 'n1', containers: [{ name: 'main' }], ...pod },
    });
    const services = { env: virtualEnv(), reader } as unknown as ServerServices;
    const handlers: ConnectHandler[] = streamingHandlers({ allows: () => true, ...node.config });
    const done: Promise<void>[] = [];
    const run = (
      incoming: IncomingMessage,
      answer: Pick<HandlerRequest, 'respond' | 'stream'> & Partial<HandlerRequest>,
    ) => {
      const url = new URL(incoming.url!, 'http://x');
      const info = parseRequestInfo(incoming.method!, url.pathname, url.searchParams);
      const handler = handlers.find((candidate) => candidate.subresource === info.subresource)!;
      const request = {
        info,
        user: { name: 'u', groups: [] },
        method: incoming.method!,
        url: incoming.url!,
        query: url.searchParams,
        headers: incoming.headers,
        remoteAddress: '',
        body: incoming,
        signal: new AbortController().signal,
        ...answer,
      };
      const finished = handler
        .handle(request as HandlerRequest, services)
        .catch((error: StatusError) =>
          answer.respond(
            error.code ?? 500,
            {},
            JSON.stringify(error.status ?? { message: error.message }),
          ),
        );
      done.push(finished);
    };
    const server = createServer((incoming, response) =>
      run(incoming, {
        respond: (code, headers, body) =>
          response.writeHead(code, headers as Record<string, string>).end(body),
        stream: (code, headers): Writable =>
          response.writeHead(code, headers as Record<string, string>),
      }),
    );
    server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      cleanups.push(() => socket.destroy());
      run(incoming, {
        respond: (code, _headers, body) =>
          void socket.end(
            `HTTP/1.1 ${code} X\r\nContent-Length: ${Buffer.byteLength(String(body))}\r\nConnection: close\r\n\r\n${String(body)}`,
          ),
        stream: () => socket,
        upgrade: { request: incoming, socket, head },
      });
    });
    return { port: await listen(server), done };
  }

  /** A WebSocket client that records received bytes by channel. */
  function dial(port: number, path: string, protocol: string | string[]) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocol);
    const channels: Record<number, string> = {};
    socket.on('message', (data: Buffer) => {
      channels[data[0]!] = (channels[data[0]!] ?? '') + data.subarray(1).toString();
    });
    cleanups.push(() => socket.terminate());
    return { socket, channels, opened: once(socket, 'open'), closed: once(socket, 'close') };
  }

  const EXEC = '/api/v1/namespaces/shop/pods/web/exec';

  it('translates WebSocket v5 to SPDY: streams, half-close, exit code', async () => {
    let path = '';
    let protocols: string | string[] | undefined;
    const node = await kubelet((request, socket) => {
      path = request.url!;
      protocols = request.headers['x-stream-protocol-version'];
      switching(socket, 'v4.channel.k8s.io');
      let answered = false;
      const peer = new SpdyPeer(socket, () => {
        const stdin = peer.find('stdin');
        if (!stdin?.ended || answered) return;
        answered = true;
        peer.send('stdout', stdin.text.toUpperCase(), true);
        peer.send('stderr', 'oops', true);
        peer.send(
          'error',
          JSON.stringify({
            status: 'Failure',
            reason: 'NonZeroExitCode',
            details: { causes: [{ reason: 'ExitCode', message: '42' }] },
          }),
          true,
        );
        socket.end();
      });
    });
    const { port, done } = await apiserver(node);
    const client = dial(
      port,
      `${EXEC}?command=sh&command=-c&command=cat&container=main&stdin=true&stdout=true&stderr=true`,
      'v5.channel.k8s.io',
    );
    await client.opened;
    assert.equal(client.socket.protocol, 'v5.channel.k8s.io');
    client.socket.send(Buffer.from('\0hello '));
    client.socket.send(Buffer.from('\0world'));
    client.socket.send(Buffer.from([255, 0]));
    const [code] = (await client.closed) as [number];
    assert.equal(code, 1000);
    assert.deepEqual([client.channels[1], client.channels[2]], ['HELLO WORLD', 'oops']);
    assert.equal(
      (JSON.parse(client.channels[3]!) as { details: { causes: { message: string }[] } }).details
        .causes[0]!.message,
      '42',
    );
    assert.equal(
      path,
      '/exec/shop/web/main?input=1&output=1&error=1&command=sh&command=-c&command=cat',
    );
    assert.equal(protocols, 'v4.channel.k8s.io');
    await Promise.all(done);
  });

  it('carries megabytes both ways without losing a byte', async () => {
    const size = 3_000_000;
    const node = await kubelet((_request, socket) => {
      switching(socket, 'v4.channel.k8s.io');
      let answered = false;
      const peer = new SpdyPeer(socket, () => {
        const stream = [...peer.streams.values()].find(
          (candidate) => candidate.headers['streamtype'] === 'stdin',
        );
        if (!stream?.ended || answered) return;
        answered = true;
        peer.send('stdout', Buffer.concat(stream.received), true);
        peer.send('error', JSON.stringify({ status: 'Success' }), true);
        socket.end();
      });
    });
    const { port } = await apiserver(node);
    const client = dial(port, `${EXEC}?command=cat&stdin=true&stdout=true`, 'v5.channel.k8s.io');
    await client.opened;
    const sent = Buffer.alloc(size, 'abcdefghij');
    for (let at = 0; at < size; at += 30_000)
      client.socket.send(Buffer.concat([Buffer.from([0]), sent.subarray(at, at + 30_000)]));
    client.socket.send(Buffer.from([255, 0]));
    await client.closed;
    assert.equal(client.channels[1]!.length, size);
    assert.ok(client.channels[1] === sent.toString());
  });

  it('serves older WebSocket protocols', async () => {
    const node = await kubelet((_request, socket) => {
      switching(socket, 'v4.channel.k8s.io');
      let sent = false;
      const peer = new SpdyPeer(socket, () => {
        if (sent || !peer.find('stdout') || !peer.find('error')) return;
        sent = true;
        peer.send('stdout', 'hi', true);
        peer.send(
          'error',
          JSON.stringify({ status: 'Failure', message: 'command terminated' }),
          true,
        );
        socket.end();
      });
    });
    const { port } = await apiserver(node);
    const v1 = dial(port, `${EXEC}?command=x&stdout=true`, 'channel.k8s.io');
    await v1.closed;
    assert.deepEqual(v1.channels, { 1: 'hi', 3: 'command terminated' });
    const texts: string[] = [];
    const base64 = dial(port, `${EXEC}?command=x&stdout=true`, 'v4.base64.channel.k8s.io');
    base64.socket.on('message', (data: Buffer) => texts.push(data.toString()));
    await base64.closed;
    assert.ok(texts.includes(`1${Buffer.from('hi').toString('base64')}`));
  });

  it("ends the kubelet's side when the client disconnects", async () => {
    const gone = new Promise<void>((resolve, reject) => {
      kubelet((_request, socket) => {
        switching(socket, 'v4.channel.k8s.io');
        new SpdyPeer(socket, () => {}).socket.on('close', resolve);
      })
        .then((node) => apiserver(node))
        .then(async ({ port }) => {
          const client = dial(port, `${EXEC}?command=sleep&stdout=true`, 'v5.channel.k8s.io');
          await client.opened;
          client.socket.terminate();
        })
        .catch(reject);
    });
    await gone;
  });

  it('relays SPDY unchanged, with one protocol per header line', async () => {
    let raw: string[] = [];
    const node = await kubelet((request, socket) => {
      raw = request.rawHeaders;
      switching(socket, 'v4.channel.k8s.io');
      socket.on('data', (chunk: Buffer) => socket.write(chunk.toString().toUpperCase()));
    });
    const { port } = await apiserver(node);
    const request = httpRequest({
      port,
      method: 'POST',
      path: `${EXEC}?command=x&stdout=true`,
      headers: {
        connection: 'Upgrade',
        upgrade: 'SPDY/3.1',
        'x-stream-protocol-version': ['v4.channel.k8s.io', 'v3.channel.k8s.io'],
        authorization: 'Bearer secret',
      },
    });
    request.end();
    const [response, socket] = (await once(request, 'upgrade')) as [IncomingMessage, Duplex];
    assert.equal(response.headers['x-stream-protocol-version'], 'v4.channel.k8s.io');
    socket.write('ping');
    assert.equal(String((await once(socket, 'data'))[0]), 'PING');
    socket.destroy();
    assert.deepEqual(
      raw.filter((_, i) => raw[i - 1]?.toLowerCase() === 'x-stream-protocol-version'),
      ['v4.channel.k8s.io', 'v3.channel.k8s.io'],
    );
    assert.ok(!raw.some((text) => text.includes('secret')), 'credentials stay here');
  });

  it('answers refusals before the upgrade with a Status', async () => {
    const node = await kubelet((_request, socket) =>
      socket.end(
        'HTTP/1.1 404 Not Found\r\nContent-Length: 13\r\nConnection: close\r\n\r\npod not found',
      ),
    );
    const { port } = await apiserver(node, {
      containers: [{ name: 'a' }, { name: 'b' }],
      initContainers: [{ name: 'i' }],
    });
    const refusal = async (query: string) => {
      const request = httpRequest({
        port,
        path: `${EXEC}?${query}`,
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-key': 'x3JJHMbDL1EzLkh9GBhXDw==',
          'sec-websocket-version': '13',
          'sec-websocket-protocol': 'v5.channel.k8s.io',
        },
      });
      request.end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      let text = '';
      for await (const chunk of response) text += String(chunk);
      return [response.statusCode, (JSON.parse(text) as { message: string }).message];
    };
    assert.deepEqual(await refusal('command=x&stdout=true'), [
      400,
      'a container name must be specified for pod web, choose one of: [a b] or one of the init containers: [i]',
    ]);
    assert.deepEqual(await refusal('command=x&stdout=true&container=z'), [
      400,
      'container z is not valid for pod web',
    ]);
    assert.deepEqual(await refusal('command=x&container=a'), [
      400,
      'you must specify at least 1 of stdin, stdout, stderr',
    ]);
    assert.deepEqual(await refusal('command=x&stdout=true&container=a'), [
      500,
      'Internal error occurred: unable to upgrade connection: pod not found',
    ]);
  });

  it('unwraps port-forward from WebSocket messages', async () => {
    const node = await kubelet((request, socket) => {
      assert.equal(request.url, '/portForward/shop/web');
      switching(socket, 'portforward.k8s.io');
      socket.on('data', (chunk: Buffer) => socket.write(chunk));
    });
    const { port } = await apiserver(node);
    const protocol = 'SPDY/3.1+portforward.k8s.io'; // ws would refuse the '/'
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'x3JJHMbDL1EzLkh9GBhXDw==',
      'sec-websocket-version': '13',
      'sec-websocket-protocol': protocol,
    };
    const request = httpRequest({
      port,
      path: '/api/v1/namespaces/shop/pods/web/portforward',
      headers,
    });
    request.end();
    const [response, socket] = (await once(request, 'upgrade')) as [IncomingMessage, Duplex];
    cleanups.push(() => socket.destroy());
    assert.equal(response.headers['sec-websocket-protocol'], protocol);
    socket.write(
      Buffer.concat([Buffer.from([0x82, 0x80 | 13, 0, 0, 0, 0]), Buffer.from('bytes of spdy')]),
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.deepEqual(
      [answer[0], answer[1], answer.subarray(2).toString()],
      [0x82, 13, 'bytes of spdy'],
    );
  });

  it('translates the older port-forward channels', async () => {
    const node = await kubelet((_request, socket) => {
      switching(socket, 'portforward.k8s.io');
      const peer = new SpdyPeer(socket, () => {
        const data = peer.find('data');
        if (data?.text === 'ping' && data.headers['port'] === '6379') peer.send('data', 'PONG');
      });
    });
    const { port } = await apiserver(node);
    const client = dial(
      port,
      '/api/v1/namespaces/shop/pods/web/portforward?ports=6379',
      'v4.channel.k8s.io',
    );
    const messages: Buffer[] = [];
    const ponged = new Promise<void>((resolve) =>
      client.socket.on('message', (data: Buffer) => {
        messages.push(data);
        if (data.toString().endsWith('PONG')) resolve();
      }),
    );
    await client.opened;
    client.socket.send(Buffer.from('\0ping'));
    await ponged;
    assert.deepEqual(
      [messages[0]!.toString('hex'), messages[1]!.toString('hex')],
      ['00eb18', '01eb18'],
    );
  });

  it('relays logs and the errors of the kubelet', async () => {
    let path = '';
    const node = await kubelet(
      () => {},
      (request) => {
        path = request.url!;
        return path.includes('previous')
          ? { code: 400, text: 'previous terminated container "main" in pod "web" not found' }
          : { code: 200, text: 'line\n' };
      },
    );
    const { port } = await apiserver(node);
    const get = async (query: string) => {
      const response = await fetch(
        `http://127.0.0.1:${port}/api/v1/namespaces/shop/pods/web/log?${query}`,
      );
      return [response.status, await response.text()] as const;
    };
    assert.deepEqual(await get('tailLines=5&timestamps=true'), [200, 'line\n']);
    assert.equal(path, '/containerLogs/shop/web/main?timestamps=true&tailLines=5');
    const [code, text] = await get('previous=true');
    assert.deepEqual(
      [code, (JSON.parse(text) as { reason: string; message: string }).message],
      [400, 'previous terminated container "main" in pod "web" not found'],
    );
    assert.equal((await get('tailLines=-1'))[0], 422);
    assert.equal((await get('container=z'))[0], 400);
  });
});

describe('SPDY frames', () => {
  it('are parsed at any split of the bytes', () => {
    const bytes = Buffer.concat([
      dataHead(3, 5, false),
      Buffer.from('hello'),
      Buffer.from('8003000600000004000000 02'.replace(' ', ''), 'hex'),
      dataHead(3, 0, true),
    ]);
    for (let size = 1; size <= bytes.length; size++) {
      const parser = new FrameParser();
      let text = '';
      const controls: number[] = [];
      let fins = 0;
      for (let at = 0; at < bytes.length; at += size) {
        for (const frame of parser.push(bytes.subarray(at, at + size))) {
          if (frame.type === 'control') controls.push(frame.control);
          else {
            text += frame.payload.toString();
            fins += frame.fin ? 1 : 0;
          }
        }
      }
      assert.deepEqual([text, controls, fins], ['hello', [FRAME.ping], 1], `pieces of ${size}`);
    }
  });

  it('end a connection of another protocol', async () => {
    assert.throws(
      () => [...new FrameParser().push(Buffer.from('80020001000000000000', 'hex'))],
      /version 3/,
    );
    const { Duplex: Stream } = await import('node:stream');
    const socket = new Stream({ read() {}, write: (_c, _e, callback) => callback() });
    const session = new SpdySession(socket, Buffer.alloc(0));
    socket.push(Buffer.from('80020001000000000000', 'hex'));
    await session.closed;
    assert.equal(FLAG_FIN, 1);
  });
});
