// Builds a ContainerConfig. Pure: the caller has already mounted volumes and resolved the
// environment.
import type { Container, Pod } from '../../apis/core/v1/types.js';
import type { ContainerConfig, Mount, NamespaceOption, RuntimeImage } from '../runtime/runtime.js';
import { containerAnnotations, containerLabels } from '../types/labels.js';
import { expand } from './expansion.js';
import { containerResources } from './resources.js';
import { containerSecurity, type SeccompOptions } from './security.js';

export interface ConfigParts {
  restartCount: number;
  image: RuntimeImage;
  env: ReadonlyMap<string, string>;
  mounts: Mount[];
  memoryCapacity: number;
  seccomp: SeccompOptions;
  /** The container whose process namespace is joined. */
  targetId?: string;
}

/** A target counts only where containers have process namespaces of their own. */
const joined = (options: NamespaceOption, targetId: string | undefined): NamespaceOption =>
  targetId && options.pid === 'CONTAINER' ? { ...options, pid: 'TARGET', targetId } : options;

export function containerConfig(
  pod: Pod,
  container: Container,
  parts: ConfigParts,
): ContainerConfig {
  const lookup = (name: string) => parts.env.get(name);
  const expanded = (words: readonly string[] | undefined) =>
    (words ?? []).map((word) => expand(word, lookup));
  const security = containerSecurity(pod, container, parts.image, parts.seccomp);
  return {
    metadata: { name: container.name, attempt: parts.restartCount },
    image: { image: parts.image.id },
    command: expanded(container.command),
    args: expanded(container.args),
    workingDir: container.workingDir ?? '',
    envs: [...parts.env].map(([key, value]) => ({ key, value })),
    mounts: parts.mounts,
    labels: containerLabels(pod, container),
    annotations: containerAnnotations(pod, container, parts.restartCount),
    logPath: `${container.name}/${parts.restartCount}.log`,
    stdin: container.stdin === true,
    stdinOnce: container.stdinOnce === true,
    tty: container.tty === true,
    linux: {
      resources: containerResources(pod, container, parts.memoryCapacity),
      securityContext: {
        ...security,
        namespaceOptions: joined(security.namespaceOptions!, parts.targetId),
      },
    },
  };
}
