// The kubelet opens files that a container can change by pkg/system/files/beneath.ts only. A row
// says which opening calls a file of pkg/kubelet may use by name, and why no container can change
// what they open. A new row needs such a reason.
import assert from 'node:assert/strict';
import { files, read } from './tree.js';

/** Calls that open, follow or copy what a name leads to. */
const OPENERS =
  /^(?:open|readFile|writeFile|appendFile|copyFile|cp|realpath|truncate|utimes|createReadStream|createWriteStream|atomicWrite|readIfPresent|opendir)(?:Sync)?$/;

const BY_NAME: Record<string, { calls: readonly string[]; why: string }> = {
  'pkg/kubelet/certificates/pair-store.ts': {
    calls: ['atomicWrite', 'readIfPresent'],
    why: "the node's own keys in --cert-dir",
  },
  'pkg/kubelet/host/cgroups.ts': { calls: ['writeFile'], why: 'the cgroup file system' },
  'pkg/kubelet/host/machine-host.ts': {
    calls: ['readFile'],
    why: "the host's own /etc/hosts and resolv.conf",
  },
  'pkg/kubelet/logs/rotate-logs.ts': {
    calls: ['atomicWrite'],
    why: 'a new file, renamed into a folder that is held open',
  },
  'pkg/kubelet/node/machine-info.ts': { calls: ['readFile'], why: '/proc and /etc of the host' },
  'pkg/kubelet/sources/static-pods.ts': {
    calls: ['readFile'],
    why: "the administrator's folder of manifests",
  },
  'pkg/kubelet/stats/cgroup-files.ts': { calls: ['readFileSync'], why: 'control groups' },
  'pkg/kubelet/stats/machine-stats.ts': { calls: ['readFile', 'readFileSync'], why: '/proc' },
  'pkg/kubelet/volumes/mount-points.ts': { calls: ['readFile'], why: '/proc/self/mounts' },
  'pkg/kubelet/volumes/volumes.ts': {
    calls: ['open', 'opendir', 'realpath'],
    why: 'hostPath as its user names the path; the top of a volume, then folders by descriptors; the folder for memory below --root-dir',
  },
};

const IMPORT =
  /import (?:type )?\{([^}]*)\} from '(?:node:fs(?:\/promises)?|[./]*\/system\/files\/atomic-write\.js)'/g;

/** The opening calls that a source imports; '*' for an import of the whole module. */
function openersIn(source: string): string[] {
  if (/import (?:\* as )?\w+ from 'node:fs|require\(|import\('node:fs/.test(source)) return ['*'];
  return [...source.matchAll(IMPORT)].flatMap(([, names]) =>
    names!
      .split(',')
      .map((name) => name.trim().split(' as ')[0]!.trim())
      .filter((name) => OPENERS.test(name)),
  );
}

describe('files that containers can change', () => {
  it('are opened by name nowhere in the kubelet', () => {
    const found: Record<string, string[]> = {};
    for (const file of files(/^pkg\/kubelet\/.*(?<!\.test)\.ts$/)) {
      const calls = openersIn(read(file)).filter((call) => !BY_NAME[file]?.calls.includes(call));
      if (calls.length) found[file] = calls;
    }
    assert.deepEqual(found, {}, 'use openBeneath, readBeneath or writeBeneath');
  });

  it('have no row that has lost its use', () => {
    for (const [file, { calls }] of Object.entries(BY_NAME))
      assert.deepEqual(openersIn(read(file)).toSorted(), [...calls].toSorted(), file);
  });

  it('are found in each way to import', () => {
    for (const [source, calls] of [
      ["import { readFile, stat } from 'node:fs/promises';", ['readFile']],
      ["import { open as o } from 'node:fs';", ['open']],
      ["import fs from 'node:fs';", ['*']],
      ["import * as fs from 'node:fs/promises';", ['*']],
      ["import { atomicWrite } from '../../system/files/atomic-write.js';", ['atomicWrite']],
      ["import { mkdir } from 'node:fs/promises';", []],
    ] as const)
      assert.deepEqual(openersIn(source), calls, source);
  });
});
