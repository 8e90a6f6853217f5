// hack/restore: puts the state and the keys of an archive of hack/backup in the place of a stopped
// or a lost cluster's; hack/up starts it. The store goes back in time: processes that remember a
// later state notice that and begin anew (pkg/client/reflector.ts).
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FlagError, parseFlags } from '../../cmd/flags.js';
import { runMain } from '../../cmd/run.js';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { ARCHIVE_MS, KEYS, replacing, SNAPSHOT, snapshotStatus } from './backup-archive.js';
import { cgroupOf, processesIn } from './cgroups.js';
import { etcdFlags } from './components.js';
import { RESTORE_FLAGS } from './flags.generated.js';
import { layoutOf } from './layout.js';
import { checkName, type ClusterRecord } from './record.js';
import { withClusterLock } from './reservations.js';

/** The flags of etcd that a restored folder repeats. */
const IDENTITY = /^--(name|initial-cluster|initial-advertise-peer-urls)=/;

async function unpack(archive: string, folder: string, name: string): Promise<ClusterRecord> {
  const parts = [SNAPSHOT, ...KEYS];
  const { code, stderr } = await tryExec(['tar', '-xzf', archive, '-C', folder, ...parts], {
    timeoutMs: ARCHIVE_MS,
  });
  if (code !== 0) throw new Error(`${archive} is no archive of hack/backup: ${stderr.trim()}`);
  const record = JSON.parse(readFileSync(join(folder, 'cluster.json'), 'utf8')) as ClusterRecord;
  if (record.name !== name)
    throw new Error(`${archive} is of the cluster "${record.name}": add --name ${record.name}`);
  return record;
}

async function restore(archive: string, name: string): Promise<void> {
  if (processesIn(cgroupOf(name)).size)
    throw new Error(`the cluster runs: stop it with hack/down --keep --name ${name}`);
  const { dir } = layoutOf(name);
  // A restore that was killed leaves keys here; hack/down removes them, too.
  const folder = join(dir, 'restore');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  mkdirSync(folder, { mode: 0o700 });
  try {
    const record = await unpack(archive, folder, name);
    const snapshot = join(folder, SNAPSHOT);
    const { revision, totalKey } = await snapshotStatus(snapshot);
    const identity = etcdFlags(record).filter((word) => IDENTITY.test(word));
    const command = ['env', 'ETCDCTL_API=3', 'etcdctl', 'snapshot', 'restore', snapshot];
    await exec([...command, ...identity, '--data-dir', join(folder, 'etcd')], {
      timeoutMs: ARCHIVE_MS,
    });
    await exec(['sync', '-f', folder], { timeoutMs: ARCHIVE_MS });
    for (const step of replacing(dir, folder, record)) await step();
    process.stdout.write(
      `${totalKey} keys at revision ${revision}; hack/up --name ${name} starts the cluster\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(argv: string[]): Promise<void> {
  const about = 'Brings a stopped or a lost cluster back from an archive of hack/backup.';
  const flags = parseFlags('hack/restore', about, RESTORE_FLAGS, argv);
  checkName(flags.name);
  if (!flags.archive) throw new FlagError('hack/restore: --archive is missing');
  const archive = resolve(flags.archive);
  await withClusterLock(flags.name, 'hack/restore', () => restore(archive, flags.name));
}

await runMain('hack/restore', main);
