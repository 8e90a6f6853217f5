// Renews a lease that shows that its holder lives (component-helpers/apimachinery/lease).
import { isReason } from '../apimachinery/errors/status-error.js';
import type { OwnerReference } from '../apimachinery/meta/types.js';
import type { Lease } from '../apis/coordination/v1/types.js';
import { LEASES } from '../apis/resource-types.js';
import { Backoff } from '../util/backoff/backoff.js';
import { microTimestamp, type Env } from '../util/env/env.js';
import { every } from '../util/wait/every.js';
import type { Client } from './client.js';
import { LEASE_RETRY } from './limits.js';

/** A lease to keep, as a message between threads. */
export interface KeptLease {
  namespace: string;
  name: string;
  holderIdentity: string;
  leaseDurationSeconds: number;
  periodMs: number;
  owner?: OwnerReference;
}

/**
 * Creates and renews the lease until abort. `mayRenew` false: the lease is left to run out. An
 * answer that a server holds back costs a period, not the lease (upstream: the kubelet's heartbeat
 * client).
 */
export async function keepLease(
  client: Client,
  env: Pick<Env, 'clock' | 'log' | 'random'>,
  { namespace, name, holderIdentity, leaseDurationSeconds, periodMs, owner }: KeptLease,
  signal: AbortSignal,
  mayRenew: () => boolean = () => true,
): Promise<void> {
  let lease: Lease | undefined;
  const options = { signal, deadlineMs: periodMs };
  const write = async (now: number): Promise<Lease> => {
    const spec = { holderIdentity, leaseDurationSeconds, renewTime: microTimestamp(now) };
    const renewed = (old: Lease) =>
      client.update(LEASES, { ...old, spec: { ...old.spec, ...spec } }, options);
    try {
      if (lease) return await renewed(lease);
      const metadata = { namespace, name, ...(owner && { ownerReferences: [owner] }) };
      const made = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
      return await client.create(LEASES, made as Lease, options);
    } catch (error) {
      lease = undefined;
      if (!isReason(error, 'AlreadyExists') && !isReason(error, 'Conflict')) throw error;
      return renewed(await client.get(LEASES, { namespace, name }, options));
    }
  };
  await every(
    {
      env,
      signal,
      periodMs,
      backoff: new Backoff(LEASE_RETRY),
      failed: 'node lease not renewed, will retry',
    },
    async () => {
      if (mayRenew()) lease = await write(env.clock.now());
    },
  );
}
