import assert from 'node:assert/strict';
import { ENDPOINTS, SERVICES } from '../../apis/resource-types.js';
import { realEnv } from '../../system/env.js';
import { MemoryReader } from '../../../test/support/memory-reader.js';
import {
  startWebhookServer,
  type ReceivedCall,
  type WebhookServer,
} from '../../../test/support/webhook-server.js';
import { WebhookError } from './answer.js';
import type { WebhookClient, WebhookTarget } from '../extension/webhooks.js';
import { createWebhookClient } from './client.js';
import { MAX_CONNECTIONS_PER_WEBHOOK } from './limits.js';

describe('webhook client', () => {
  let server: WebhookServer;
  let client: WebhookClient;
  const reader = new MemoryReader();
  const calls: ReceivedCall[] = [];
  let onCall: (call: ReceivedCall) => void;
  const target = (path: string, more: Partial<WebhookTarget> = {}): WebhookTarget => ({
    url: server.url + path,
    caBundle: server.caBundle,
    ...more,
  });
  const post = (to: WebhookTarget, timeoutMs = 5_000) =>
    client.post(to, '{"a":1}', { timeoutMs, maxBytes: 100_000 });
  const refusal =
    (text: string | RegExp, code = 503) =>
    (error: unknown) => {
      assert.ok(error instanceof WebhookError);
      if (typeof text === 'string') assert.equal(error.message, text);
      else assert.match(error.message, text);
      assert.equal(error.code, code);
      return true;
    };

  before(async () => {
    server = await startWebhookServer(
      (call) => {
        calls.push(call);
        onCall(call);
      },
      ['web.shop.svc'],
    );
    client = createWebhookClient({
      env: realEnv('test'),
      reader,
      allows: (ip) => ip === '127.0.0.1',
    });
  });
  after(async () => {
    client.close();
    await server.stop();
  });
  beforeEach(() => {
    calls.length = 0;
    onCall = ({ answer }) => answer.end('{"ok":true}');
  });

  it('posts JSON, names the timeout, and keeps the connection', async () => {
    const before = server.connections;
    for (const timeout of [5_000, 900]) {
      const body = await post(target('/check//it/'), timeout);
      assert.equal(body.toString(), '{"ok":true}');
    }
    assert.deepEqual(
      calls.map(({ url }) => url),
      ['/check/it?timeout=5s', '/check/it?timeout=1s'],
    );
    assert.deepEqual(calls[0]!.review, { a: 1 });
    assert.equal(calls[0]!.headers['content-type'], 'application/json');
    assert.equal(server.connections - before, 1);
  });

  it('keeps as many connections as it may open for the next burst', async () => {
    const burst = async (): Promise<void> => {
      // All calls wait for one another, so that each has a connection of its own.
      const waiting: (() => void)[] = [];
      onCall = ({ answer }) => {
        waiting.push(() => answer.end('{}'));
        if (waiting.length === MAX_CONNECTIONS_PER_WEBHOOK) for (const end of waiting) end();
      };
      const to = target('/burst');
      await Promise.all(
        Array.from({ length: MAX_CONNECTIONS_PER_WEBHOOK }, () => post(to, 20_000)),
      );
    };
    await burst();
    const { connections } = server;
    for (let i = 0; i < 3; i++) await burst();
    assert.equal(server.connections, connections);
  });

  it('asks again on a new connection when the webhook closed the kept one', async () => {
    await post(target('/'));
    server.closeIdle();
    assert.equal((await post(target('/'))).toString(), '{"ok":true}');
  });

  it('reaches a service by its cluster IP, under the name of the service', async () => {
    const service = { namespace: 'shop', name: 'web', port: server.port, path: '/hook' };
    const spec = { clusterIP: '127.0.0.1', ports: [{ port: server.port }] };
    reader.set(SERVICES, { metadata: { namespace: 'shop', name: 'web' }, spec });
    await post({ service, caBundle: server.caBundle });
    assert.equal(calls[0]!.headers.host, `web.shop.svc:${server.port}`);
    // The certificate names one service only.
    reader.set(SERVICES, { metadata: { namespace: 'shop', name: 'other' }, spec });
    await assert.rejects(
      post({ service: { ...service, name: 'other' }, caBundle: server.caBundle }),
      refusal(
        `Post "https://other.shop.svc:${server.port}/hook?timeout=5s": tls: failed to verify certificate: x509: certificate is valid for web.shop.svc, not other.shop.svc`,
      ),
    );
  });

  it('refuses services that cannot be reached', async () => {
    const ports = [{ port: 443 }];
    const specs: [string, object, string][] = [
      ['headless', { clusterIP: 'None', ports }, 'cannot route to service with ClusterIP "None"'],
      [
        'ports',
        { clusterIP: '10.0.0.1', ports: [{ port: 80 }] },
        'no service port 443 found for service "ports"',
      ],
      // Tenants write services, so none may lead to the server's own host or to metadata.
      ['meta', { clusterIP: '169.254.169.254', ports }, 'address not allowed'],
      ['named', { type: 'ExternalName', externalName: '169.254.169.254' }, 'address not allowed'],
      ['zero', { type: 'ExternalName', externalName: '0.0.0.0' }, 'address not allowed'],
    ];
    for (const [name, spec] of specs)
      reader.set(SERVICES, { metadata: { namespace: 'shop', name }, spec });
    for (const [name, , text] of [...specs, ['lost', {}, 'service "lost" not found']] as const)
      await assert.rejects(
        post({ service: { namespace: 'shop', name } }),
        refusal(`Post "https://${name}.shop.svc:443/?timeout=5s": ${text}`),
      );
  });

  it('reaches the pods of a service where that is asked for', async () => {
    const direct = createWebhookClient({
      env: realEnv('test'),
      reader,
      allows: (ip) => ip === '127.0.0.1',
      pickEndpoint: () => 0.5,
    });
    const metadata = { namespace: 'shop', name: 'web' };
    const ports = [
      { name: 'metrics', port: 80 },
      { name: 'hook', port: 443 },
    ];
    reader.set(SERVICES, { metadata, spec: { clusterIP: '10.0.0.1', ports } });
    const ask = () =>
      direct.post({ service: metadata, caBundle: server.caBundle }, '{}', { timeoutMs: 5_000 });
    await assert.rejects(ask(), refusal(/: no endpoints available for service "web"$/));
    reader.set(ENDPOINTS, {
      metadata,
      subsets: [
        { addresses: [{ ip: '10.1.1.1' }], ports: [{ name: 'metrics', port: 80 }] },
        {
          addresses: [{ ip: '127.0.0.1' }],
          notReadyAddresses: [{ ip: '10.1.1.2' }],
          ports: [{ name: 'hook', port: server.port }],
        },
      ],
    });
    await ask();
    assert.equal(calls[0]!.headers.host, 'web.shop.svc:443');
    direct.close();
  });

  it('refuses certificates of other authorities, and broken bundles', async () => {
    const { caBundle: _none, ...bare } = target('/x');
    await assert.rejects(
      post(bare),
      refusal(
        `Post "${server.url}/x?timeout=5s": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      ),
    );
    const other = await startWebhookServer(() => {});
    await assert.rejects(
      post(target('/x', { caBundle: other.caBundle })),
      refusal(/certificate signed by unknown authority$/),
    );
    await other.stop();
    await assert.rejects(
      post(target('/x', { caBundle: 'eHg=' })),
      refusal(/^unable to load root certificates/, 400),
    );
    await post({ ...bare, insecureSkipTlsVerify: true });
  });

  it('reports refused connections and addresses that are never webhooks', async () => {
    await assert.rejects(
      post({ url: 'https://127.0.0.1:1/x' }),
      refusal(
        'Post "https://127.0.0.1:1/x?timeout=5s": dial tcp 127.0.0.1:1: connect: connection refused',
      ),
    );
    for (const host of ['169.254.169.254', '[fe80::1]', '0.0.0.0', '[::ffff:169.254.169.254]'])
      await assert.rejects(post({ url: `https://${host}/x` }), refusal(/: address not allowed$/));
  });

  it('ends a call that hangs, before the answer and inside it', async () => {
    onCall = () => {};
    const late = `Post "${server.url}/x?timeout=1s": context deadline exceeded`;
    await assert.rejects(post(target('/x'), 50), refusal(late));
    onCall = ({ answer }) => answer.write('{');
    await assert.rejects(post(target('/x'), 50), refusal(late));
  });

  it('ends an answer that is too large, declared or not', async () => {
    for (const headers of [{}, { 'content-length': '500000' }]) {
      onCall = ({ answer }) => answer.writeHead(200, headers).end('x'.repeat(500_000));
      await assert.rejects(post(target('/')), refusal(/has more than 100000 bytes$/));
    }
  });

  it('ends an answer that is shorter than it says', async () => {
    onCall = ({ answer }) => {
      answer.writeHead(200, { 'content-length': '100' });
      answer.write('{');
      answer.destroy();
    };
    await assert.rejects(post(target('/')), refusal(/^Post /));
  });

  it('refuses an empty answer', async () => {
    onCall = ({ answer }) => answer.writeHead(201, { 'content-type': 'text/plain' }).end();
    await assert.rejects(
      post(target('/')),
      refusal('0-length response with status code: 201 and content type: text/plain'),
    );
  });

  it('follows no redirect', async () => {
    onCall = ({ answer }) =>
      answer.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
    await assert.rejects(
      post(target('/')),
      refusal('the server could not find the requested resource', 404),
    );
    assert.equal(calls.length, 1);
  });

  it('explains other answers as client-go does', async () => {
    const status = (message: string) =>
      JSON.stringify({ kind: 'Status', status: 'Failure', message });
    const cases: [number, string, string, string][] = [
      [403, 'application/json', status('no way'), 'no way'],
      [400, 'application/json', '{}', 'the server rejected our request for an unknown reason'],
      [415, 'text/plain', ' what ', 'what'],
      [
        500,
        'application/json',
        'oops',
        'an error on the server ("unknown") has prevented the request from succeeding',
      ],
      [
        502,
        'text/html',
        'bad\n"gateway"',
        'an error on the server ("bad\\n\\"gateway\\"") has prevented the request from succeeding',
      ],
      [
        418,
        'text/plain',
        'x',
        'the server responded with the status code 418 but did not return more information',
      ],
    ];
    for (const [code, type, body, text] of cases) {
      onCall = ({ answer }) => answer.writeHead(code, { 'content-type': type }).end(body);
      await assert.rejects(post(target('/')), refusal(text, code));
    }
  });
});
