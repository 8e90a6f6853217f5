// The cost of peers for a node: of adding a thousand of them to the kernel or to flannel-tun, and
// of adding and removing one.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exec } from '../../pkg/system/exec.js';
import { createNetns, deleteNetns } from '../../pkg/system/netns/netns.js';
import type { LeaseRun } from './lease-lab.js';
import { quantile, type Measure } from './measure.js';

const LAB = resolve(import.meta.dirname, 'lease-lab.js');
const PEERS = 1000;
const CHANGES = 300;

export async function leases(): Promise<Measure[]> {
  const netns = await createNetns(`whb${randomBytes(2).toString('hex')}-l`);
  const dir = await mkdtemp(join(tmpdir(), 'wh-bench-'));
  try {
    const run = JSON.parse(
      await exec([...netns.enter, process.execPath, LAB, dir, String(PEERS), String(CHANGES)], {
        timeoutMs: 180_000,
      }),
    ) as LeaseRun;
    const ms = (name: string, value: number): Measure => ({ name, value, unit: 'ms' });
    return [
      ms('1,000 peers into the kernel, vxlan, first time', run.vxlan[0]!),
      ms('1,000 peers into the kernel, vxlan, median', quantile(run.vxlan, 0.5)),
      ms('1,000 peers into flannel-tun, median', quantile(run.udp, 0.5)),
      ms('1,000 leases at once, from the first write to the last route, first time', run.all[0]!),
      ms(
        '1,000 leases at once, from the first write to the last route, median',
        quantile(run.all, 0.5),
      ),
      ms('one lease among 1,000, from its write to its route, median', quantile(run.one, 0.5)),
      ms('one lease among 1,000, from its write to its route, p99', quantile(run.one, 0.99)),
      ms(
        "one lease among 1,000, from etcd's answer to its route, median",
        quantile(run.answered, 0.5),
      ),
      ms(
        "one lease among 1,000, from etcd's answer to its route, p99",
        quantile(run.answered, 0.99),
      ),
    ];
  } finally {
    await deleteNetns(netns.name);
    await rm(dir, { recursive: true, force: true });
  }
}
