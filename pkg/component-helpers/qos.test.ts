// The cases of upstream's TestComputePodQOS (pkg/apis/core/v1/helper/qos/qos_test.go), and equal
// amounts in different texts.
import assert from 'node:assert/strict';
import type { Container, Pod } from '../apis/core/v1/types.js';
import { computePodQos, podQos } from './qos.js';

/** 'CPU MEMORY < CPU MEMORY': requests and limits; '-' is not set. */
function container(text: string): Container {
  const [requests, limits] = text.split('<').map((side) => {
    const [cpu, memory, hugePages] = side.trim().split(' ');
    return Object.fromEntries(
      [
        ['cpu', cpu],
        ['memory', memory],
        ['hugepages-2Mi', hugePages ?? '-'],
      ].filter(([, amount]) => amount !== '-'),
    ) as Record<string, string>;
  });
  return { name: 'c', resources: { requests: requests!, limits: limits! } };
}

const podOf = (texts: string[], init: string[] = []): Pod =>
  ({
    metadata: { name: 'p' },
    spec: { containers: texts.map(container), initContainers: init.map(container) },
  }) as Pod;

const NONE = '- - < - -';
const EQUAL = '100m 100Mi < 100m 100Mi';

const CASES: [title: string, containers: string[], qos: string, init?: string[]][] = [
  ['guaranteed', [EQUAL], 'Guaranteed'],
  ['guaranteed-guaranteed', [EQUAL, EQUAL], 'Guaranteed'],
  ['best-effort-best-effort', [NONE, NONE], 'BestEffort'],
  ['best-effort', [NONE], 'BestEffort'],
  ['best-effort-burstable', [NONE, '1 - < 2 -'], 'Burstable'],
  ['best-effort-guaranteed', [NONE, '10m 100Mi < 10m 100Mi'], 'Burstable'],
  ['burstable-cpu-guaranteed-memory', ['- 100Mi < - 100Mi'], 'Burstable'],
  ['burstable-no-limits', ['100m 100Mi < - -'], 'Burstable'],
  ['burstable-guaranteed', ['1 100Mi < 2 100Mi', EQUAL], 'Burstable'],
  [
    'burstable-unbounded-but-requests-match-limits',
    ['100m 100Mi < 200m 200Mi', '100m 100Mi < - -'],
    'Burstable',
  ],
  ['burstable-1', ['10m 100Mi < 100m 200Mi'], 'Burstable'],
  ['burstable-2', ['0 0 < 100m 200Mi'], 'Burstable'],
  ['best-effort-hugepages', ['0 0 1Gi < 0 0 1Gi'], 'BestEffort'],
  ['init-container', [NONE], 'Burstable', ['10m 100Mi < 100m 200Mi']],
  ['guaranteed with an init container without limits', [EQUAL], 'Burstable', [NONE]],
  ['guaranteed with a guaranteed init container', [EQUAL], 'Guaranteed', [EQUAL]],
  ['limits without requests', ['- - < 1 1Gi'], 'Burstable'],
  ['bytes and gibibytes', ['1 1073741824 < 1000m 1Gi'], 'Guaranteed'],
  ['exponents and fractions', ['0.5 1e9 < 500m 1G'], 'Guaranteed'],
  ['a byte less', ['1 1073741823 < 1 1Gi'], 'Burstable'],
  ['zeros with units', ['0m 0Mi < 0 0Gi'], 'BestEffort'],
];

describe('quality of service', () => {
  for (const [title, containers, qos, init] of CASES)
    it(`${title} is ${qos}`, () => assert.equal(computePodQos(podOf(containers, init)), qos));

  it('stays the class of the status', () => {
    const pod = { ...podOf([EQUAL]), status: { qosClass: 'Burstable' } };
    assert.equal(podQos(pod), 'Burstable');
    assert.equal(podQos({ ...pod, status: {} }), 'Guaranteed');
  });
});
