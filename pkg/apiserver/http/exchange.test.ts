import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  connect,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Http2Exchange } from './http2-exchange.js';

describe('request bodies over HTTP/2', () => {
  let server: Http2Server;
  let session: ClientHttp2Session;

  beforeEach(async () => {
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    session.destroy();
    server.close();
    await once(server, 'close');
  });

  /** The body as the server reads it when it starts to read after `event` of the stream. */
  async function readAfter(event: 'end' | 'readable', body: Buffer): Promise<Buffer> {
    const arrived = once(server, 'stream') as Promise<[ServerHttp2Stream, IncomingHttpHeaders]>;
    const request = session.request({ ':method': 'DELETE', ':path': '/' }, { endStream: false });
    request.on('error', () => {});
    request.end(body);
    const [stream, headers] = await arrived;
    await once(stream, event);
    const exchange = new Http2Exchange(stream, headers, '127.0.0.1', undefined);
    const read = await exchange.readBody();
    exchange.respond(200, {});
    return read;
  }

  // Typed deletes of kubectl and client-go may come so. The server must not wait for 'end', which
  // has passed.
  it('reads an empty body that ended before the first read', async () => {
    assert.equal((await readAfter('end', Buffer.alloc(0))).length, 0);
  });

  it('reads a body whose bytes arrived before the first read', async () => {
    assert.equal(
      (await readAfter('readable', Buffer.from('{"kind":"DeleteOptions"}'))).toString(),
      '{"kind":"DeleteOptions"}',
    );
  });

  // A body of a declared length is paused before its 'end', which the end of the answer brings.
  const answers: Record<string, (exchange: Http2Exchange) => void> = {
    'in one piece': (exchange) => exchange.respond(200, {}, 'answer'),
    'in parts': (exchange) => void exchange.stream(200, {}).end('answer'),
    'without a body': (exchange) => exchange.respond(200, {}),
  };
  for (const [form, answer] of Object.entries(answers))
    it(`ends the stream after an answer ${form}, when it has read a declared length`, async () => {
      const arrived = once(server, 'stream') as Promise<[ServerHttp2Stream, IncomingHttpHeaders]>;
      const request = session.request(
        { ':method': 'POST', ':path': '/', 'content-length': 6 },
        { endStream: false },
      );
      request.write('abc');
      const [stream, headers] = await arrived;
      const closed = once(stream, 'close');
      const exchange = new Http2Exchange(stream, headers, '127.0.0.1', undefined);
      const read = exchange.readBody();
      request.write('def');
      assert.equal((await read).toString(), 'abcdef');
      assert.equal(stream.readableEnded, false);
      answer(exchange);
      request.end();
      request.setEncoding('utf8');
      let text = '';
      for await (const chunk of request) text += chunk;
      assert.equal(text, form === 'without a body' ? '' : 'answer');
      await closed;
      assert.deepEqual([stream.readableEnded, stream.errored], [true, null]);
    });
});
