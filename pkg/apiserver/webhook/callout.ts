// POSTs JSON to the server that a kubeconfig file of the operator names: audit, token and access
// webhooks (upstream apiserver/pkg/util/webhook).
import { readFile } from 'node:fs/promises';
import { loadKubeconfig } from '../../client/kubeconfig.js';
import type { Env } from '../../util/env/env.js';
import { CALLOUT_TIMEOUT_MS } from './limits.js';
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
    ...(ca ? { caBundle: Buffer.from(ca).toString('base64') } : {}),
    ...(cert && key
      ? {
          clientCertificate: {
            cert: Buffer.from(cert).toString('utf8'),
            key: Buffer.from(key).toString('utf8'),
          },
        }
      : {}),
    ...(serverName ? { serverName } : {}),
    ...(insecureSkipTlsVerify ? { insecureSkipTlsVerify } : {}),
  };
  const bearerToken = async () => (tokenFile ? (await readFile(tokenFile, 'utf8')).trim() : token);
  return {
    url: server,
    async post(body, timeoutMs = CALLOUT_TIMEOUT_MS) {
      const bearer = await bearerToken();
      const answer = await client.post(
        { ...target, ...(bearer ? { bearerToken: bearer } : {}) },
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
