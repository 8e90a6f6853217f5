import { strict as assert } from 'node:assert';
import { observedContainer } from '../../../test/support/observed-container.js';
import type { ContainerStatus, Pod } from '../../apis/core/v1/types.js';
import type { Kubelet } from '../kubelet.js';
import { loggedContainer } from './find-container.js';

const KINDS = {
  i: 'initContainerStatuses',
  c: 'containerStatuses',
  e: 'ephemeralContainerStatuses',
} as const;

function kubeletWith(
  states: Record<string, ContainerStatus['state']>,
  instances: string[],
): Kubelet {
  const status = Object.fromEntries(
    Object.entries(KINDS).map(([name, list]) => [
      list,
      states[name] ? [{ name, state: states[name] }] : [],
    ]),
  );
  const pod: Partial<Pod> = {
    spec: {
      initContainers: [{ name: 'i' }],
      containers: [{ name: 'c' }],
      ephemeralContainers: [{ name: 'e' }],
    },
  };
  const containers = instances.map((text) => {
    const [name, state] = text.split(' ') as [string, 'running' | 'exited'];
    return observedContainer({ name, state, id: text });
  });
  return {
    findPod: () => ({ pod, identity: { uid: 'u' }, observed: { containers } }),
    status: { get: () => status },
  } as unknown as Kubelet;
}

const path = (container: string) => ({ namespace: 'default', pod: 'p', container });

describe('the container that a log request means', () => {
  it('is the crashed one for --previous, of init containers and sidecars too', () => {
    for (const name of Object.keys(KINDS)) {
      const waiting = { waiting: { reason: 'CrashLoopBackOff' } };
      const crashed = kubeletWith({ [name]: waiting }, [`${name} exited 2`, `${name} exited 1`]);
      assert.equal(loggedContainer(crashed, path(name), true).id, `${name} exited 2`);
      const again = kubeletWith({ [name]: { running: {} } }, [`${name} running`, `${name} exited`]);
      assert.equal(loggedContainer(again, path(name), true).id, `${name} exited`);
      assert.equal(loggedContainer(again, path(name), false).id, `${name} running`);
      const over = kubeletWith({ [name]: { terminated: { exitCode: 0 } } }, [`${name} exited`]);
      assert.throws(
        () => loggedContainer(over, path(name), true),
        new RegExp(`previous terminated container "${name}" in pod "p" not found`),
      );
    }
  });

  it('says why a container of any kind waits', () => {
    for (const name of Object.keys(KINDS))
      assert.throws(
        () =>
          loggedContainer(
            kubeletWith({ [name]: { waiting: { reason: 'PodInitializing' } } }, []),
            path(name),
            false,
          ),
        new RegExp(`container "${name}" in pod "p" is waiting to start: PodInitializing`),
      );
  });
});
