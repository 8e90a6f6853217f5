// Compacts the store's history beyond one interval. Several servers share the work through one key:
// the server that updates the key compacts, the others see the update (upstream etcd3/compact.go).
import type { Storage } from '../../storage/storage.js';
import type { Env } from '../../util/env/env.js';
import { every } from '../../util/wait/every.js';
import { COMPACTION_INTERVAL_MS } from '../limits.js';

/**
 * One round: takes the turn and compacts the revision of the last round. Returns the key's new
 * state.
 */
export async function compactOnce(
  storage: Storage,
  key: string,
  seen: { modRevision: number; revision: number },
): Promise<{ modRevision: number; revision: number }> {
  const revision = await storage.currentRevision();
  const value = new TextEncoder().encode(String(revision));
  const turn = await storage.transact(
    [{ key, modRevision: seen.modRevision }],
    [{ type: 'put', key, value }],
    [{ type: 'get', key }],
  );
  if (!turn.succeeded) {
    const kv = turn.results[0];
    return kv
      ? { modRevision: kv.modRevision, revision: Number(new TextDecoder().decode(kv.value)) }
      : { modRevision: 0, revision: 0 };
  }
  if (seen.revision > 0) await storage.compact(seen.revision);
  return { modRevision: turn.revision, revision };
}

export async function runCompaction(
  storage: Storage,
  root: string,
  env: Pick<Env, 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  let seen = { modRevision: 0, revision: 0 };
  const periodMs = COMPACTION_INTERVAL_MS;
  await every(
    { env, signal, periodMs, firstMs: periodMs, failed: 'compaction failed' },
    async () => {
      seen = await compactOnce(storage, `${root}/compact_rev_key`, seen);
    },
  );
}
