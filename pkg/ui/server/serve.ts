// The HTTP server of the kube-ui add-on: serves the files of the UI and a health check.
import type { RequestListener } from 'node:http';
import { serveHttp } from '../../system/http-server.js';
import type { Env } from '../../util/env/env.js';
import { loadStaticFiles } from './static-files.js';

/** Listens until abort; resolves with the port once it listens. */
export async function serveUi(
  env: Env,
  options: { address: string; port: number; directory: string },
  signal: AbortSignal,
): Promise<number> {
  const files = await loadStaticFiles(options.directory);
  const requests = env.metrics.counter('kube_ui_requests_total', 'Requests by status code.', [
    'code',
  ]);
  const request: RequestListener = (request, response) => {
    const path = new URL(request.url ?? '/', 'http://ui').pathname.slice(1);
    if (path === 'healthz')
      return void response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
    const { status, headers, body } = files.answer(path, {
      acceptEncoding: request.headers['accept-encoding']?.toString(),
      ifNoneMatch: request.headers['if-none-match'],
    });
    requests.inc({ code: status });
    response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
  };
  return serveHttp({ address: options.address, port: options.port, request }, signal);
}
