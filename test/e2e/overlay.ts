// Independent views of the overlay: etcdctl reads flannel's leases, tcpdump captures on the
// underlay.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { etcdctl } from '../../hack/cluster/readiness.js';
import { requireRecord } from '../../hack/cluster/record.js';
import { until } from '../../hack/cluster/wait.js';
import { exec } from '../../pkg/system/exec.js';
import type { TestCluster } from './cluster.js';

export interface Lease {
  key: string;
  subnet: string;
  value: { PublicIP: string; BackendType?: string; BackendData?: { VtepMAC?: string } | null };
}

const PREFIX = '/coreos.com/network/subnets/';

export async function leases(cluster: string): Promise<Lease[]> {
  const text = await exec(etcdctl(requireRecord(cluster), 'get', '--prefix', PREFIX));
  const lines = text.split('\n').filter(Boolean);
  return Array.from({ length: lines.length / 2 }, (_, i) => {
    const key = lines[2 * i]!;
    return {
      key,
      subnet: key.slice(PREFIX.length),
      value: JSON.parse(lines[2 * i + 1]!) as Lease['value'],
    };
  });
}

/**
 * Captures UDP packets of `port` on the cluster's bridge while `traffic` runs; returns tcpdump's
 * output.
 */
export async function captureOverlay(
  cluster: TestCluster,
  port: number,
  traffic: () => Promise<void>,
): Promise<string> {
  const { bridge } = requireRecord(cluster.name);
  const child = spawn(
    'tcpdump',
    ['-l', '-n', '-i', bridge, '-c', '20', 'udp', 'port', String(port)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  let said = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  try {
    await until(
      () => said.includes('listening on'),
      10_000,
      () => `tcpdump does not start: ${said}`,
    );
    await traffic();
    await until(
      () => out.includes(` > `),
      10_000,
      () => `no packet of UDP port ${port} on ${bridge}`,
    );
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
  assert.ok(out);
  return out;
}
