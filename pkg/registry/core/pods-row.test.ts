// The STATUS column of `kubectl get pods` for each state of a pod.
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { ContainerState, ContainerStatus, Pod, PodStatus } from '../../apis/core/v1/types.js';
import { podRow } from './pods-row.js';

const NOW = Date.parse('2025-01-01T01:00:00Z');

interface PodShape {
  status?: PodStatus;
  init?: { name: string; restartPolicy?: string }[];
  containers?: string[];
  deleted?: boolean;
}

function podOf({ status = {}, init, containers = ['c'], deleted }: PodShape): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      creationTimestamp: '2025-01-01T00:00:00Z',
      ...(deleted ? { deletionTimestamp: '2025-01-01T00:59:00Z' } : {}),
    },
    spec: {
      containers: containers.map((name) => ({ name })),
      ...(init ? { initContainers: init } : {}),
    },
    status,
  };
}

function container(
  name: string,
  state: ContainerState,
  more: Partial<ContainerStatus> = {},
): ContainerStatus {
  return { name, state, ready: false, restartCount: 0, image: '', imageID: '', ...more };
}

const running = (name: string, more: Partial<ContainerStatus> = {}): ContainerStatus =>
  container(name, { running: {} }, { ready: true, ...more });

const crashed = { terminated: { exitCode: 1, finishedAt: '2025-01-01T00:55:00Z' } };

describe('podRow', () => {
  const cases: [title: string, pod: PodShape, ready: string, status: string, restarts: string][] = [
    ['new', { status: { phase: 'Pending' } }, '0/1', 'Pending', '0'],
    [
      'starting',
      {
        status: {
          phase: 'Pending',
          containerStatuses: [container('c', { waiting: { reason: 'ContainerCreating' } })],
        },
      },
      '0/1',
      'ContainerCreating',
      '0',
    ],
    [
      'running',
      { status: { phase: 'Running', containerStatuses: [running('c')] } },
      '1/1',
      'Running',
      '0',
    ],
    [
      'crashing',
      {
        status: {
          phase: 'Running',
          containerStatuses: [
            container(
              'c',
              { waiting: { reason: 'CrashLoopBackOff' } },
              { restartCount: 3, lastState: crashed },
            ),
          ],
        },
      },
      '0/1',
      'CrashLoopBackOff',
      '3 (5m ago)',
    ],
    [
      'done',
      {
        status: {
          phase: 'Succeeded',
          containerStatuses: [container('c', { terminated: { exitCode: 0, reason: 'Completed' } })],
        },
      },
      '0/1',
      'Completed',
      '0',
    ],
    [
      'failed without reason',
      {
        status: {
          phase: 'Failed',
          containerStatuses: [container('c', { terminated: { exitCode: 2 } })],
        },
      },
      '0/1',
      'ExitCode:2',
      '0',
    ],
    [
      'killed',
      {
        status: {
          phase: 'Failed',
          containerStatuses: [container('c', { terminated: { exitCode: 137, signal: 9 } })],
        },
      },
      '0/1',
      'Signal:9',
      '0',
    ],
    ['evicted', { status: { phase: 'Failed', reason: 'Evicted' } }, '0/1', 'Evicted', '0'],
    [
      'going',
      { deleted: true, status: { phase: 'Running', containerStatuses: [running('c')] } },
      '1/1',
      'Terminating',
      '0',
    ],
    [
      'lost',
      { deleted: true, status: { phase: 'Running', reason: 'NodeLost' } },
      '0/1',
      'Unknown',
      '0',
    ],
    ['going after its end', { deleted: true, status: { phase: 'Failed' } }, '0/1', 'Failed', '0'],
    [
      'initializing',
      {
        init: [{ name: 'a' }, { name: 'b' }],
        status: {
          phase: 'Pending',
          initContainerStatuses: [
            container('a', { terminated: { exitCode: 0 } }),
            container('b', { running: {} }),
          ],
        },
      },
      '0/1',
      'Init:1/2',
      '0',
    ],
    [
      'failing to initialize',
      {
        init: [{ name: 'a' }],
        status: {
          phase: 'Pending',
          initContainerStatuses: [
            container('a', { terminated: { exitCode: 1, reason: 'Error' } }, { restartCount: 1 }),
          ],
        },
      },
      '0/1',
      'Init:Error',
      '1',
    ],
    [
      'waiting to initialize',
      {
        init: [{ name: 'a' }],
        status: {
          phase: 'Pending',
          initContainerStatuses: [container('a', { waiting: { reason: 'PodInitializing' } })],
        },
      },
      '0/1',
      'Init:0/1',
      '0',
    ],
    [
      'running beside a sidecar',
      {
        init: [{ name: 's', restartPolicy: 'Always' }],
        status: {
          phase: 'Running',
          initContainerStatuses: [running('s', { started: true, restartCount: 2 })],
          containerStatuses: [running('c')],
        },
      },
      '2/2',
      'Running',
      '2',
    ],
    [
      'half done',
      {
        containers: ['c', 'd'],
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'False' }],
          containerStatuses: [
            container('c', { terminated: { exitCode: 0, reason: 'Completed' } }),
            running('d'),
          ],
        },
      },
      '1/2',
      'NotReady',
      '0',
    ],
    [
      'gated',
      {
        status: {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
        },
      },
      '0/1',
      'SchedulingGated',
      '0',
    ],
  ];
  for (const [title, shape, ...expected] of cases) {
    it(`shows a pod that is ${title}`, () =>
      deepStrictEqual(podRow(podOf(shape), NOW).slice(1, 4), expected));
  }

  it('shows age and the wide columns', () => {
    const pod = podOf({
      status: {
        phase: 'Running',
        podIPs: [{ ip: '10.0.0.1' }],
        conditions: [{ type: 'g', status: 'True' }],
      },
    });
    pod.spec.nodeName = 'n';
    pod.spec.readinessGates = [{ conditionType: 'g' }, { conditionType: 'h' }];
    deepStrictEqual(podRow(pod, NOW).slice(4), ['60m', '10.0.0.1', 'n', '<none>', '1/2']);
    strictEqual(podRow(podOf({}), NOW)[5], '<none>');
  });
});
