// Trees of both versions as kernels wrote them: v1 of Linux 5.10, v2 of Linux 6.1.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Pod } from '../../apis/core/v1/types.js';
import { containerCgroup, podCgroupPath, podsCgroup } from '../host/cgroups.js';
import { cgroupReader } from './cgroup-files.js';
import { memoryInfo, networkDevices } from './machine-stats.js';

const V1: Record<string, string> = {
  'cpuacct/g/cpuacct.usage': '123456789012\n',
  'cpuacct/g/cpuacct.stat': 'user 9000\nsystem 300\n',
  'cpu/g/cpu.stat': 'nr_periods 40\nnr_throttled 3\nthrottled_time 250000000\n',
  'cpu/g/cpu.shares': '512\n',
  'cpu/g/cpu.cfs_quota_us': '50000\n',
  'cpu/g/cpu.cfs_period_us': '100000\n',
  'memory/g/memory.usage_in_bytes': '52428800\n',
  'memory/g/memory.max_usage_in_bytes': '62428800\n',
  'memory/g/memory.failcnt': '7\n',
  'memory/g/memory.limit_in_bytes': '9223372036854771712\n',
  'memory/g/memory.stat':
    'cache 1\nrss 2\ninactive_file 3\nhierarchical_memory_limit 9223372036854771712\ntotal_cache 20971520\ntotal_rss 30000000\ntotal_mapped_file 4096\ntotal_swap 8192\ntotal_pgfault 55\ntotal_pgmajfault 5\ntotal_inactive_file 10485760\ntotal_active_file 1048576\n',
  'memory/g/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
  'memory/g/cgroup.procs': '10\n11\n',
  'pids/g/pids.current': '5\n',
  'pids/g/pids.max': 'max\n',
  'blkio/g/blkio.throttle.io_service_bytes':
    '999:0 Read 4096\n999:0 Write 8192\n999:0 Sync 12288\nTotal 12288\n',
  'blkio/g/blkio.throttle.io_serviced': '999:0 Read 1\n999:0 Write 2\nTotal 3\n',
};

const V2: Record<string, string> = {
  'cgroup.controllers': 'cpu io memory pids\n',
  'g/cpu.stat':
    'usage_usec 123456789\nuser_usec 90000000\nsystem_usec 3000000\nnr_periods 40\nnr_throttled 3\nthrottled_usec 250000\n',
  'g/cpu.weight': '20\n',
  'g/cpu.max': '50000 100000\n',
  'g/memory.current': '52428800\n',
  'g/memory.max': 'max\n',
  'g/memory.swap.current': '8192\n',
  'g/memory.events': 'low 0\nhigh 0\nmax 7\noom 2\noom_kill 2\n',
  'g/memory.stat':
    'anon 30000000\nfile 20971520\nkernel 655360\nfile_mapped 4096\ninactive_file 10485760\nactive_file 1048576\npgfault 55\npgmajfault 5\n',
  'g/pids.current': '5\n',
  'g/pids.max': '4096\n',
  'g/cgroup.procs': '10\n11\n',
  'g/io.stat': '999:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n',
};

describe('cgroup files', () => {
  const folders: string[] = [];
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  function readerOf(files: Record<string, string>) {
    const root = mkdtempSync(join(tmpdir(), 'cgroup-'));
    folders.push(root);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    return cgroupReader(root);
  }

  const common = {
    cpuUser: 90_000_000_000,
    cpuSystem: 3_000_000_000,
    periods: 40,
    throttledPeriods: 3,
    throttled: 250_000_000,
    quota: 50_000,
    period: 100_000,
    memory: 52_428_800,
    memoryFailures: 7,
    cache: 20_971_520,
    rss: 30_000_000,
    mapped: 4096,
    activeFile: 1_048_576,
    inactiveFile: 10_485_760,
    swap: 8192,
    pageFaults: 55,
    majorPageFaults: 5,
    oomKills: 2,
    threads: 5,
    processes: 2,
  };
  const io = [{ device: '999:0', readBytes: 4096, writeBytes: 8192, reads: 1, writes: 2 }];

  it('of version 1 are read, without limits that are none', () => {
    const reader = readerOf(V1);
    assert.deepEqual(reader.read('/g', 'all'), {
      ...common,
      cpu: 123_456_789_012,
      shares: 512,
      memoryPeak: 62_428_800,
    });
    assert.deepEqual(reader.io('/g'), io);
    assert.deepEqual(reader.processes('/g'), [10, 11]);
  });

  it('of version 2 mean the same', () => {
    const reader = readerOf(V2);
    assert.deepEqual(reader.read('/g', 'all'), {
      ...common,
      cpu: 123_456_789_000,
      shares: 500,
      kernel: 655_360,
      threadsMax: 4096,
    });
    assert.deepEqual(reader.io('/g'), io);
  });

  it('hold few counts for a frequent scrape, and none for a group that is gone', () => {
    for (const files of [V1, V2]) {
      const reader = readerOf(files);
      assert.deepEqual(Object.keys(reader.read('/g', 'resources')), [
        'cpu',
        'memory',
        'inactiveFile',
        'swap',
      ]);
      assert.deepEqual(reader.read('/gone', 'resources'), {});
      assert.deepEqual(reader.io('/gone'), []);
    }
  });

  it('take a key for itself, not for the end or the beginning of another', () => {
    const file = 'memory/g/memory.stat';
    const text = 'total_swapcached 9\nx_total_swap 8\ntotal_swap 7\n';
    assert.equal(readerOf({ [file]: text }).read('/g', 'all').swap, 7);
    assert.equal(readerOf({ [file]: 'total_swapcached 9\n' }).read('/g', 'all').swap, undefined);
  });

  it('lie where the runtime makes the groups', () => {
    const pod = { metadata: { name: 'p', uid: 'a-b' }, spec: { containers: [] } } as unknown as Pod;
    const plain = { root: '/w/n', driver: 'cgroupfs' } as const;
    const systemd = { root: '/', driver: 'systemd' } as const;
    assert.equal(containerCgroup(plain, pod, 'x'), '/w/n/kubepods/besteffort/poda-b/x');
    assert.equal(podsCgroup(plain), '/w/n/kubepods');
    const slice = '/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-poda_b.slice';
    assert.equal(podCgroupPath(systemd, pod), slice);
    assert.equal(containerCgroup(systemd, pod, 'x'), `${slice}/cri-containerd-x.scope`);
  });
});

describe('files of /proc', () => {
  it('name the counts of devices, without loopback', () => {
    const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 7 7 0 0 0 0 0 0 7 7 0 0 0 0 0 0
  eth0:3257430000  129488    1    2    0     0          0         0 11005836   87719    3    4    0     0       0          0
vethab: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0
`;
    assert.deepEqual(networkDevices(text), [
      {
        name: 'eth0',
        receive_bytes: 3_257_430_000,
        receive_packets: 129_488,
        receive_errors: 1,
        receive_packets_dropped: 2,
        transmit_bytes: 11_005_836,
        transmit_packets: 87_719,
        transmit_errors: 3,
        transmit_packets_dropped: 4,
      },
    ]);
  });

  it('have amounts in kB', () => {
    assert.deepEqual(memoryInfo('MemTotal:  10 kB\nInactive(file):  3 kB\nHugePages_Total:  0\n'), {
      MemTotal: 10_240,
      'Inactive(file)': 3072,
    });
  });
});
