// The content of an archive of hack/backup.
import { exec } from '../../pkg/system/exec.js';

export const SNAPSHOT = 'snapshot.db';
/** Parts of a cluster's folder. Secrets in the store can be read with these keys alone. */
export const KEYS = ['cluster.json', 'pki', 'credentials'] as const;
export const ARCHIVE_MS = 300_000;

export interface SnapshotStatus {
  revision: number;
  totalKey: number;
}

/** Reads a snapshot, and throws for one that is cut or broken. */
export async function snapshotStatus(file: string): Promise<SnapshotStatus> {
  const command = ['env', 'ETCDCTL_API=3', 'etcdctl', 'snapshot', 'status', file, '-w', 'json'];
  return JSON.parse(await exec(command, { timeoutMs: ARCHIVE_MS })) as SnapshotStatus;
}
