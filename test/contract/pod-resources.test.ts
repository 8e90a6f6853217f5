// The scheduler, ResourceQuota admission and its controller, LimitRanger (without the overhead, as
// upstream) and the pod's cgroup use the same requests and limits of a pod.
import assert from 'node:assert/strict';
import type { LimitRange, Pod, PodSpec, ResourceQuota } from '../../pkg/apis/core/v1/types.js';
import { LIMIT_RANGES, RESOURCE_QUOTAS } from '../../pkg/apis/resource-types.js';
import { planQuota } from '../../pkg/controller/resourcequota/plan.js';
import { podResources } from '../../pkg/kubelet/container/resources.js';
import { podInfo } from '../../pkg/scheduler/framework/pod-info.js';
import { setup } from '../support/admission-plugin.js';
import type { MemoryReader } from '../support/memory-reader.js';

/** A container with equal requests and limits, in thousandths of a core and MiB. */
const container = (name: string, milliCpu: number, mebibytes = milliCpu, more: object = {}) => {
  const amounts = { cpu: `${milliCpu}m`, memory: `${mebibytes}Mi` };
  return { name, image: 'i', resources: { requests: amounts, limits: amounts }, ...more };
};
const sidecar = (name: string, milliCpu: number, mebibytes?: number) =>
  container(name, milliCpu, mebibytes, { restartPolicy: 'Always' });
const overhead = { cpu: '30m', memory: '20Mi' };

const CASES: [title: string, spec: PodSpec, milliCpu: number, mebibytes: number][] = [
  ['one container', { containers: [container('c', 100)] }, 100, 100],
  [
    'a sidecar, then a larger init container',
    { containers: [container('c', 100)], initContainers: [sidecar('s', 100), container('i', 150)] },
    250,
    250,
  ],
  [
    'an init container, then a sidecar',
    { containers: [container('c', 100)], initContainers: [container('i', 300), sidecar('s', 100)] },
    300,
    300,
  ],
  ['an overhead', { containers: [container('c', 100)], overhead }, 130, 120],
  [
    'all of them',
    {
      containers: [container('c', 100, 10), container('d', 50, 300)],
      initContainers: [sidecar('s', 100, 10), container('i', 200, 64), sidecar('t', 20, 20)],
      overhead,
    },
    330,
    360,
  ],
];

const podOf = (spec: PodSpec): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'n', uid: 'u' },
    spec,
  }) as Pod;

const quotaOf = (milliCpu: number, mebibytes: number): ResourceQuota =>
  ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'n' },
    spec: {
      hard: {
        'requests.cpu': `${milliCpu}m`,
        'limits.cpu': `${milliCpu}m`,
        'requests.memory': `${mebibytes}Mi`,
        'limits.memory': `${mebibytes}Mi`,
      },
    },
  }) as ResourceQuota;

const rangeOf = (milliCpu: number, mebibytes: number): LimitRange =>
  ({
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'l', namespace: 'n' },
    spec: { limits: [{ type: 'Pod', max: { cpu: `${milliCpu}m`, memory: `${mebibytes}Mi` } }] },
  }) as LimitRange;

/**
 * Runs one plugin with the objects in `store`; the text of the denial, or '' when the pod is
 * admitted.
 */
async function verdict(
  plugin: string,
  store: (reader: MemoryReader) => void,
  pod: Pod,
): Promise<string> {
  const { admit, reader } = setup(plugin);
  store(reader);
  try {
    await admit({ namespace: 'n', object: structuredClone(pod) });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('requests and limits of a pod', () => {
  for (const [title, spec, milliCpu, mebibytes] of CASES) {
    const pod = podOf(spec);
    const bytes = mebibytes * 2 ** 20;

    it(`are the same for the scheduler and the cgroup, with ${title}`, () => {
      const { requests, nonZero } = podInfo(pod);
      assert.deepEqual([requests.milliCpu, requests.memory], [milliCpu, bytes]);
      assert.deepEqual([nonZero.milliCpu, nonZero.memory], [milliCpu, bytes]);
      assert.deepEqual(podResources(pod), {
        cpuShares: Math.floor((milliCpu * 1024) / 1000),
        cpuPeriod: 100_000,
        cpuQuota: milliCpu * 100,
        memoryLimit: bytes,
      });
    });

    it(`are the same for the quota's admission and its controller, with ${title}`, async () => {
      const exact = quotaOf(milliCpu, mebibytes);
      const { status } = planQuota(exact, (name) => (name === 'pods' ? [pod] : []), 0);
      assert.deepEqual(status.used, exact.spec!.hard);
      const ask = (quota: ResourceQuota) =>
        verdict('ResourceQuota', (reader) => reader.set(RESOURCE_QUOTAS, { ...quota }), pod);
      assert.equal(await ask(exact), '');
      assert.match(
        await ask(quotaOf(milliCpu - 1, mebibytes)),
        new RegExp(`requested: limits\\.cpu=${milliCpu}m,requests\\.cpu=${milliCpu}m`),
      );
      assert.match(
        await ask(quotaOf(milliCpu, mebibytes - 1)),
        new RegExp(`requested: limits\\.memory=${mebibytes}Mi,requests\\.memory=${mebibytes}Mi`),
      );
    });

    it(`are the same for LimitRanger but for the overhead, with ${title}`, async () => {
      const [cpu, memory] = spec.overhead ? [milliCpu - 30, mebibytes - 20] : [milliCpu, mebibytes];
      const ask = (range: LimitRange) =>
        verdict('LimitRanger', (reader) => reader.set(LIMIT_RANGES, { ...range }), pod);
      assert.equal(await ask(rangeOf(cpu, memory)), '');
      assert.match(
        await ask(rangeOf(cpu - 1, memory)),
        new RegExp(`maximum cpu usage per Pod is ${cpu - 1}m, but limit is ${cpu}m`),
      );
      assert.match(
        await ask(rangeOf(cpu, memory - 1)),
        new RegExp(`maximum memory usage per Pod is ${memory - 1}Mi, but limit is ${memory}Mi`),
      );
    });
  }
});
