// A container as the kubelet's observer reports it, for tests that care about a few fields only.
import type { ObservedContainer } from '../../pkg/kubelet/types/observed.js';

export function observedContainer(fields: Partial<ObservedContainer>): ObservedContainer {
  return {
    id: 'id',
    name: 'c',
    attempt: 0,
    sandboxId: 's',
    state: 'running',
    createdAt: 0,
    startedAt: 0,
    finishedAt: 0,
    exitCode: 0,
    reason: '',
    message: '',
    image: '',
    imageRef: '',
    logPath: '',
    hash: '',
    restartCount: 0,
    graceSeconds: 30,
    ...fields,
  };
}
