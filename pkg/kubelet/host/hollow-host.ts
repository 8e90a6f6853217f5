// The PodHost of hollow pods: no volume is mounted, every probe passes, every hook succeeds.
import { containerAnnotations, containerLabels, sandboxLabels } from '../types/labels.js';
import { identityOf } from '../types/observed.js';
import type { PodHost } from './pod-host.js';

export const HOLLOW_HOST: PodHost = {
  prepare: async () => {},
  sandboxConfig: async (pod, attempt) => ({
    metadata: { ...identityOf(pod), attempt },
    hostname: pod.spec.hostname ?? pod.metadata.name,
    logDirectory: '',
    labels: sandboxLabels(pod),
    annotations: { ...pod.metadata.annotations },
    ...(pod.spec.hostNetwork && {
      linux: { securityContext: { namespaceOptions: { network: 'NODE' } } },
    }),
  }),
  containerConfig: async (pod, container, context) => ({
    metadata: { name: container.name, attempt: context.restartCount },
    image: { image: context.image.id },
    command: container.command ?? [],
    args: container.args ?? [],
    workingDir: container.workingDir ?? '',
    envs: [],
    mounts: [],
    labels: containerLabels(pod, container),
    annotations: containerAnnotations(pod, container, context.restartCount),
    logPath: `${container.name}/${context.restartCount}.log`,
    stdin: false,
    stdinOnce: false,
    tty: false,
  }),
  terminationMessage: async () => '',
  probe: async () => ({ result: 'success', output: '' }),
  hook: async () => {},
  cleanUp: async () => {},
  removeDirectories: async () => {},
  podsWithDirectories: async () => [],
  credentials: async () => ({ auths: [], missing: [] }),
};
