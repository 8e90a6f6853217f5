// The files of the UI, read once and served from memory by kube-ui and by the API server under
// /ui/. They contain no secret; all data comes from the API with the rights of the visitor.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Content security policy: scripts from this server only, data only from the server of the page.
 * The terminal makes styles as it runs; no style can send anything elsewhere.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type StaticAnswer = { status: number; headers: Record<string, string>; body: Uint8Array };

export interface StaticFiles {
  /** `path` is relative to the root of the UI: '', 'index.html' or 'app.js'. */
  answer(
    path: string,
    request: { acceptEncoding?: string | undefined; ifNoneMatch?: string | undefined },
  ): StaticAnswer;
}

/** Reads the files of a folder; throws when that fails. */
export async function loadStaticFiles(directory: string): Promise<StaticFiles> {
  const entries = new Map<string, { plain: Buffer; gzip: Buffer; type: string; etag: string }>();
  for (const name of await readdir(directory)) {
    const type = TYPES[extname(name)];
    if (!type) continue;
    const plain = await readFile(join(directory, name));
    const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 20)}"`;
    entries.set(name, { plain, gzip: gzipSync(plain), type, etag });
  }
  return {
    answer(path, request) {
      const file = entries.get(path === '' ? 'index.html' : path);
      if (!file)
        return {
          status: 404,
          headers: { 'content-type': 'text/plain' },
          body: Buffer.from('404 page not found\n'),
        };
      const headers: Record<string, string> = {
        'content-type': file.type,
        etag: file.etag,
        'cache-control': 'no-cache',
        vary: 'accept-encoding',
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      };
      if (request.ifNoneMatch === file.etag)
        return { status: 304, headers, body: new Uint8Array() };
      const zipped = /\bgzip\b/.test(request.acceptEncoding ?? '');
      if (zipped) headers['content-encoding'] = 'gzip';
      return { status: 200, headers, body: zipped ? file.gzip : file.plain };
    },
  };
}
