// Requests of an administrator over one HTTP/2 connection.
import { connect, type ClientHttp2Session } from 'node:http2';
import type { RunningApiServer } from '../../cmd/kube-apiserver/start.js';

export interface Answer {
  status: number;
  warning: string | undefined;
  text: string;
}

export interface Session {
  /** A text is sent as it is, another body as JSON, an undefined body not at all. */
  send(
    method: string,
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  close(): void;
}

/** `more` headers go with each request that impersonates nobody itself. */
export function openSession(
  server: Pick<RunningApiServer, 'url' | 'caPem' | 'pki'>,
  more: Readonly<Record<string, string>> = {},
): Session {
  const admin = server.pki.certificates['components/admin']!;
  const options = { ca: server.caPem, cert: admin.certPem, key: admin.keyPem };
  const session: ClientHttp2Session = connect(server.url, options);
  return {
    send: (method, path, body, headers) =>
      new Promise((resolve, reject) => {
        const stream = session.request({
          ':method': method,
          ':path': path,
          accept: 'application/json',
          'content-type': 'application/json',
          ...(headers?.['impersonate-user'] ? {} : more),
          ...headers,
        });
        let [status, text] = [0, ''];
        let warning: string | undefined;
        stream.setEncoding('utf8');
        stream.on('response', (headers) => {
          status = Number(headers[':status']);
          const given = headers['warning'] as string | string[] | undefined;
          warning = given === undefined ? undefined : [given].flat().join(', ');
        });
        stream.on('data', (chunk: string) => (text += chunk));
        stream.on('end', () => resolve({ status, warning, text }));
        stream.on('error', reject);
        if (body === undefined) stream.end();
        else stream.end(typeof body === 'string' ? body : JSON.stringify(body));
      }),
    close: () => session.close(),
  };
}
