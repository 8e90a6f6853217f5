// POSTs JSON to the server that a kubeconfig file of the operator names: audit, token and access
// webhooks (upstream apiserver/pkg/util/webhook).
import { readFile } from 'node:fs/promises';
import { loadKubeconfig } from '../../client/kubeconfig.js';
import type { Env } from '../../util/env/env.js';
import { Backoff } from '../../util/backoff/backoff.js';
import { retry } from '../../util/wait/retry.js';
import { CALLOUT_TIMEOUT_MS, WEBHOOK_RETRY, WEBHOOK_TRIES } from './limits.js';
import type { ObjectReader } from '../resource/reader.js';
import { WebhookError } from './answer.js';
import { createWebhookClient } from './client.js';

export interface Callout {
  /** The URL of the server, for messages. */
  readonly url: string;
  /** Resolves to the body of a 2xx answer. @throws WebhookError */
  post(body: string, timeoutMs?: number): Promise<string>;
  /** Whether another attempt may succeed where one failed with `error`. */
  mayRetry(error: unknown): boolean;
  close(): void;
}

const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

/** Failures that pass: a server that is too busy or fails, and a connection that was cut. */
const isTransient = (error: unknown): boolean =>
  error instanceof WebhookError &&
  ([TOO_MANY_REQUESTS, SERVER_ERROR, 504].includes(error.code) || error.message.endsWith(': EOF'));

/** Tries a review again while it may help (upstream util/webhook DefaultShouldRetry). */
export const withRetries = <T>(
  { clock, random }: Pick<Env, 'clock' | 'random'>,
  attempt: () => Promise<T>,
): Promise<T> =>
  retry(
    { clock, wait: new Backoff(WEBHOOK_RETRY, random), tries: WEBHOOK_TRIES, again: isTransient },
    attempt,
  );

/** A kubeconfig names a URL, never a service. */
const NO_SERVICES = { get: () => undefined } as unknown as ObjectReader;

/** Reads the kubeconfig; `context` absent means its current context. Throws Error. */
export async function openCallout(
  kubeconfig: string,
  env: Pick<Env, 'clock'>,
  context?: string,
): Promise<Callout> {
  const config = await loadKubeconfig(kubeconfig, context);
  const { server, ca, cert, key, token, tokenFile, serverName, insecureSkipTlsVerify } = config;
  if (!server.startsWith('https://'))
    throw new Error(`kubeconfig ${kubeconfig}: the server ${server} is not reached by https`);
  const client = createWebhookClient({ env, reader: NO_SERVICES });
  const target = {
    url: server,
    ...(ca && { caBundle: Buffer.from(ca).toString('base64') }),
    ...(cert &&
      key && {
        clientCertificate: {
          cert: Buffer.from(cert).toString('utf8'),
          key: Buffer.from(key).toString('utf8'),
        },
      }),
    ...(serverName && { serverName }),
    ...(insecureSkipTlsVerify && { insecureSkipTlsVerify }),
  };
  const bearerToken = async () => (tokenFile ? (await readFile(tokenFile, 'utf8')).trim() : token);
  return {
    url: server,
    async post(body, timeoutMs = CALLOUT_TIMEOUT_MS) {
      const bearer = await bearerToken();
      const answer = await client.post(
        { ...target, ...(bearer && { bearerToken: bearer }) },
        body,
        { timeoutMs, mayBeEmpty: true },
      );
      return answer.toString('utf8');
    },
    mayRetry: (error) =>
      error instanceof WebhookError &&
      (error.code === TOO_MANY_REQUESTS || error.code >= SERVER_ERROR),
    close: () => client.close(),
  };
}
