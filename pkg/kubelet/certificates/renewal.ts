// Gets a certificate from the API server's signers, and renews it while the kubelet runs.
import { createHash } from 'node:crypto';
import { ignoring } from '../../apimachinery/errors/status-error.js';
import { CERTIFICATE_SIGNING_REQUESTS } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import { createCertificateRequest } from '../../system/pki/certificates.js';
import { publicKeyBytes } from '../../system/pki/key-pair.js';
import { Backoff } from '../../util/backoff/backoff.js';
import type { Env } from '../../util/env/env.js';
import { every } from '../../util/wait/every.js';
import { until } from '../../util/wait/retry.js';
import { RENEWAL_RETRY, REQUEST_LOOK, REQUEST_WAIT_MS } from '../limits.js';
import { isFor, type Pair, type PairStore } from './pair-store.js';
import { lookInMs, renewalTime, signingRequest, verdictOf, type Wanted } from './plan.js';

export interface Asking {
  env: Env;
  client: Client;
  store: PairStore;
  wanted: Wanted;
}

/** The same key asks for the same certificate under the same name. */
function nameOf(keyPem: string, { kind }: Wanted): string {
  const hash = createHash('sha256').update(kind).update(publicKeyBytes(keyPem));
  return `node-csr-${hash.digest('hex')}`;
}

/**
 * Asks for a certificate, waits for it for a quarter of an hour, and stores it.
 *
 * @throws Error with the reason when the request is refused or not answered.
 */
export async function obtain(asking: Asking, signal: AbortSignal): Promise<Pair> {
  const { env, client, store, wanted } = asking;
  const { clock, random } = env;
  const keyPem = await store.pendingKey();
  const name = nameOf(keyPem, wanted);
  const request = signingRequest(name, wanted, createCertificateRequest(wanted, keyPem));
  await client
    .create(CERTIFICATE_SIGNING_REQUESTS, request, { signal })
    .catch(ignoring('AlreadyExists'));
  env.log.info('certificate requested', { certificate: wanted.kind, request: name });
  const periodMs = new Backoff(REQUEST_LOOK, random);
  const verdict = await until({ clock, signal, periodMs, limitMs: REQUEST_WAIT_MS }, async () =>
    verdictOf(await client.get(CERTIFICATE_SIGNING_REQUESTS, { name }, { signal })),
  );
  signal.throwIfAborted();
  if (!verdict) throw new Error(`certificate signing request ${name} is not signed yet`);
  if ('certPem' in verdict) return store.save(verdict.certPem, keyPem);
  await store.dropPendingKey();
  throw new Error(verdict.refusal);
}

export interface Renewal extends Asking {
  renewed: (pair: Pair) => void;
  /** An error that it throws ends the renewal. */
  failed: (error: unknown, hasExpired: boolean) => void;
}

/** Renews the certificate when most of its life is over, or it lacks a wanted name; until abort. */
export async function keepRenewed(renewal: Renewal, signal: AbortSignal): Promise<void> {
  const { env, store, wanted, renewed, failed } = renewal;
  const { clock, random } = env;
  const kept = await store.current();
  let end = kept?.until ?? Infinity;
  let due = kept && isFor(kept, wanted) ? renewalTime(kept, random.next()) : -Infinity;
  await every(
    {
      env,
      signal,
      periodMs: () => lookInMs(due, clock.now()),
      backoff: new Backoff(RENEWAL_RETRY, random),
      failed: (error) => failed(error, end <= clock.now()),
    },
    async () => {
      if (clock.now() < due) return;
      const pair = await obtain(renewal, signal);
      due = renewalTime(pair, random.next());
      end = pair.until;
      const until = new Date(end).toISOString();
      env.log.info('certificate renewed', { certificate: wanted.kind, until });
      renewed(pair);
    },
  );
}
