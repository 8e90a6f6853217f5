// The PodHost of hollow pods: no volume is mounted, every probe passes, every hook succeeds.
import type { Container, Pod } from '../../apis/core/v1/types.js';
import type { ContainerConfig, SandboxConfig } from '../runtime/runtime.js';
import { containerAnnotations, containerLabels, sandboxLabels } from '../types/labels.js';
import { identityOf } from '../types/observed.js';
import type { PullCredentials } from '../images/image-manager.js';
import type { PodHost, StartContext } from './pod-host.js';

export class HollowHost implements PodHost {
  async prepare(): Promise<void> {}

  sandboxConfig(pod: Pod, attempt: number): Promise<SandboxConfig> {
    return Promise.resolve({
      metadata: { ...identityOf(pod), attempt },
      hostname: pod.spec.hostname ?? pod.metadata.name,
      logDirectory: '',
      labels: sandboxLabels(pod),
      annotations: { ...pod.metadata.annotations },
      ...(pod.spec.hostNetwork && {
        linux: { securityContext: { namespaceOptions: { network: 'NODE' } } },
      }),
    });
  }

  containerConfig(pod: Pod, container: Container, context: StartContext): Promise<ContainerConfig> {
    return Promise.resolve({
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
    });
  }

  terminationMessage(): Promise<string> {
    return Promise.resolve('');
  }

  probe(): Promise<{ result: 'success'; output: string }> {
    return Promise.resolve({ result: 'success', output: '' });
  }

  async hook(): Promise<void> {}

  async cleanUp(): Promise<void> {}

  async removeDirectories(): Promise<void> {}

  podsWithDirectories(): Promise<never[]> {
    return Promise.resolve([]);
  }

  credentials(): Promise<PullCredentials> {
    return Promise.resolve({ auths: [], missing: [] });
  }
}
