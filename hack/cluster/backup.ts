// hack/backup: a snapshot of etcd, and the keys without which the snapshot is of no use, in one
// archive. The data of volumes on nodes and the images stay where they are.
import { chmodSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { FlagError, parseFlags } from '../../cmd/flags.js';
import { runMain } from '../../cmd/run.js';
import { exec } from '../../pkg/system/exec.js';
import { ARCHIVE_MS, KEYS, SNAPSHOT, snapshotStatus } from './backup-archive.js';
import { giveToCaller } from './caller.js';
import { cgroupOf, processesIn } from './cgroups.js';
import { BACKUP_FLAGS } from './flags.generated.js';
import { layoutOf } from './layout.js';
import { etcdctl } from './readiness.js';
import { requireRecord, type ClusterRecord } from './record.js';
import { withClusterLock } from './reservations.js';

async function backup(record: ClusterRecord, archive: string): Promise<void> {
  const { name } = record;
  const { dir } = layoutOf(name);
  // etcdctl would wait for a stopped etcd without an end.
  if (!processesIn(cgroupOf(name)).size)
    throw new Error(`the cluster does not run: start it with hack/up --name ${name}`);
  // The archive takes its name when it is whole: an older one stays until then.
  const folder = mkdtempSync(join(dirname(archive), `.${basename(archive)}-`));
  try {
    const snapshot = join(folder, SNAPSHOT);
    await exec(etcdctl(record, 'snapshot', 'save', snapshot), { timeoutMs: ARCHIVE_MS });
    const { revision, totalKey } = await snapshotStatus(snapshot);
    const whole = join(folder, 'whole.tar.gz');
    await exec(['tar', '-czf', whole, '-C', folder, SNAPSHOT, '-C', dir, ...KEYS], {
      timeoutMs: ARCHIVE_MS,
    });
    chmodSync(whole, 0o600);
    await exec(['sync', whole], { timeoutMs: ARCHIVE_MS });
    giveToCaller(whole);
    renameSync(whole, archive);
    process.stdout.write(`${archive}: ${totalKey} keys at revision ${revision}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(argv: string[]): Promise<void> {
  const about = 'Writes the state and the keys of a cluster into one archive.';
  const flags = parseFlags('hack/backup', about, BACKUP_FLAGS, argv);
  const record = requireRecord(flags.name);
  const archive = resolve(flags.output ?? `wheelhouse-${record.name}-backup.tar.gz`);
  if (statSync(archive, { throwIfNoEntry: false })?.isDirectory())
    throw new FlagError(`hack/backup: --output is a folder: ${archive}`);
  // The keys must be those of the snapshot, so nobody restores meanwhile.
  await withClusterLock(record.name, 'hack/backup', () => backup(record, archive));
}

await runMain('hack/backup', main);
