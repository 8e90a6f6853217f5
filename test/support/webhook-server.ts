// An HTTPS server on loopback that stands for a webhook, with an authority of its own.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';

export interface ReceivedCall {
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  /** The body, parsed. */
  review: Record<string, never>;
  answer: ServerResponse;
}

export interface WebhookServer {
  port: number;
  /** 'https://127.0.0.1:PORT' */
  url: string;
  /** For clientConfig. */
  caBundle: string;
  /** Connections that were accepted so far. */
  readonly connections: number;
  /** Ends the idle connections. */
  closeIdle(): void;
  stop(): Promise<void>;
}

/** `names` are DNS names in the certificate, besides the address 127.0.0.1. */
export async function startWebhookServer(
  onCall: (call: ReceivedCall) => void,
  names: string[] = ['localhost'],
): Promise<WebhookServer> {
  const ca = createCa('webhook-ca');
  const { certPem: cert, keyPem: key } = issue({
    ca,
    commonName: 'webhook',
    usages: ['server'],
    sans: [...names, '127.0.0.1'],
  });
  let connections = 0;
  const server = createServer({ cert, key }, (request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      onCall({
        url: request.url ?? '',
        headers: request.headers,
        review: JSON.parse(text || '{}') as Record<string, never>,
        answer,
      });
    });
  });
  server.on('secureConnection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `https://127.0.0.1:${port}`,
    caBundle: Buffer.from(ca.certPem).toString('base64'),
    get connections() {
      return connections;
    },
    closeIdle: () => server.closeIdleConnections(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
