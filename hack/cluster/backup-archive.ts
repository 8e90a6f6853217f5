// The content of an archive of hack/backup, and how it takes the place of a cluster's state.
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from '../../pkg/system/exec.js';
import { writeRecord, type ClusterRecord } from './record.js';

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

/** The state that the archive replaces stays beside it, for the case that the archive is wrong. */
const REPLACED = '.replaced';

/**
 * The steps that give the parts in `folder` the places of the cluster's in `dir`. From the first
 * change to the last, the record says that the cluster is being restored: a kill between two steps
 * leaves keys and a store that do not fit each other. All steps may then be done anew.
 */
export function replacing(dir: string, folder: string, record: ClusterRecord) {
  const file = join(dir, 'cluster.json');
  const read = () => JSON.parse(readFileSync(file, 'utf8')) as ClusterRecord;
  const isResumed = existsSync(file) && read().restoring;
  const parts = ['pki', 'credentials', 'etcd'];
  const keepRecord = (): void => {
    for (const part of ['cluster.json', ...parts])
      rmSync(join(dir, part + REPLACED), { recursive: true, force: true });
    if (existsSync(file)) copyFileSync(file, file + REPLACED);
  };
  const steps: (() => void | Promise<void>)[] = [
    ...(isResumed ? [] : [keepRecord]),
    () => writeRecord({ ...record, restoring: true }, file),
    ...parts.flatMap((part) => {
      const place = join(dir, part);
      const kept = place + REPLACED;
      return [
        () => {
          // The parts that a killed restore put here are not worth keeping.
          if (existsSync(kept)) rmSync(place, { recursive: true, force: true });
          else if (existsSync(place)) renameSync(place, kept);
        },
        () => renameSync(join(folder, part), place),
      ];
    }),
    () => writeRecord(record, file),
  ];
  return steps;
}
