// An API server in this process that runs from its flags, on memory, with a token file and a client
// that shows whole answers.
import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from '../../cmd/kube-apiserver/options.js';
import { runKubeApiserver } from '../../cmd/kube-apiserver/run.js';
import { realEnv } from '../../pkg/system/env.js';
import { freePort } from './etcd-process.js';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as JSON, when it is JSON. */
  json: Record<string, never> & { [key: string]: never };
}

export interface Ask {
  method?: string;
  /** Default: the token of an administrator; '' sends none. */
  token?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface FlagServer {
  readonly port: number;
  readonly folder: string;
  ask(path: string, options?: Ask): Promise<Answer>;
  stop(): Promise<void>;
}

const READY_MS = 60_000;

/** Resolves once `check` gives a value; fails after forty seconds. */
export async function eventually<T>(
  check: () => T | undefined | false | Promise<T | undefined | false>,
  why: string,
): Promise<T> {
  const deadline = Date.now() + 40_000;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    assert.ok(Date.now() < deadline, why);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A new folder for the files that flags name. */
export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'wheelhouse-flags-'));

/** `tokens` are lines of the token file besides the administrator's. */
export async function startWithFlags(
  folder: string,
  flags: readonly string[],
  tokens: readonly string[] = [],
): Promise<FlagServer> {
  const tokenFile = join(folder, 'tokens');
  await writeFile(tokenFile, ['good,root,1,"system:masters"', ...tokens, ''].join('\n'));
  const port = await freePort();
  const stop = new AbortController();
  const config = parseOptions([
    '--etcd-servers=memory',
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${folder}`,
    `--token-auth-file=${tokenFile}`,
    ...flags,
  ]);
  let failure: unknown;
  const running = runKubeApiserver(config, realEnv('test', 'error'), stop.signal).catch(
    (error: unknown) => (failure = error),
  );
  const ask = (
    path: string,
    { method, token = 'good', headers, body }: Ask = {},
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      request(
        {
          host: '127.0.0.1',
          port,
          path,
          method: method ?? (text === undefined ? 'GET' : 'POST'),
          rejectUnauthorized: false,
          agent: false,
          headers: {
            ...(token ? { authorization: `Bearer ${token}` } : {}),
            ...(text === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const all = Buffer.concat(chunks).toString('utf8');
            const isJson = /json/.test(response.headers['content-type'] ?? '');
            resolve({
              status: response.statusCode!,
              headers: response.headers,
              text: all,
              json: (isJson ? JSON.parse(all) : {}) as Answer['json'],
            });
          });
        },
      )
        .on('error', reject)
        .end(text);
    });
  const end = async () => {
    stop.abort(new Error('over'));
    await running;
  };
  const deadline = Date.now() + READY_MS;
  for (;;) {
    if (failure) throw failure as Error;
    const answer = await ask('/readyz').catch(() => undefined);
    if (answer?.status === 200) return { port, folder, ask, stop: end };
    if (Date.now() > deadline) {
      await end();
      throw new Error(`the server is not ready in time: ${answer?.text ?? ''}`);
    }
  }
}

export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true });
