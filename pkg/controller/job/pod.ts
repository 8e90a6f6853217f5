// The pods of a job. Pure.
import type { Job } from '../../apis/batch/v1/types.js';
import type { Container, Pod, PodSpec } from '../../apis/core/v1/types.js';
import { JOBS } from '../../apis/resource-types.js';
import { controllerReference } from '../../component-helpers/owner-references.js';
import type { NewObject } from '../../client/client.js';
import { COMPLETION_INDEX } from './indexes.js';
import { TRACKING_FINALIZER } from './plan.js';

const INDEX_ENV = 'JOB_COMPLETION_INDEX';

function withIndexEnv(container: Container): Container {
  const { env = [] } = container;
  if (env.some(({ name }) => name === INDEX_ENV)) return container;
  return {
    ...container,
    env: [
      ...env,
      {
        name: INDEX_ENV,
        valueFrom: { fieldRef: { fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } },
      },
    ],
  };
}

/** With its index, a pod also has a name, a host name, an annotation, a label and a variable of it; `annotations` come on top. */
export function podOfJob(
  job: Job,
  index: number | undefined,
  annotations: Record<string, string> = {},
): NewObject<Pod> {
  const { name, namespace } = job.metadata;
  const { metadata, spec } = job.spec.template;
  const mark: Record<string, string> =
    index === undefined ? {} : { [COMPLETION_INDEX]: String(index) };
  const podSpec: PodSpec = spec ?? { containers: [] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: index === undefined ? `${name}-` : `${name}-${index}-`,
      ...(namespace ? { namespace } : {}),
      labels: { ...metadata?.labels, ...mark },
      annotations: { ...metadata?.annotations, ...mark, ...annotations },
      finalizers: [...new Set([...(metadata?.finalizers ?? []), TRACKING_FINALIZER])],
      ownerReferences: [controllerReference(JOBS, job)],
    },
    spec:
      index === undefined
        ? podSpec
        : {
            ...podSpec,
            hostname: `${name}-${index}`,
            containers: podSpec.containers.map(withIndexEnv),
            ...(podSpec.initContainers
              ? { initContainers: podSpec.initContainers.map(withIndexEnv) }
              : {}),
          },
  };
}
