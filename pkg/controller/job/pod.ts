// The pods of a job. Pure.
import type { Job } from '../../apis/batch/v1/types.js';
import type { Container, Pod } from '../../apis/core/v1/types.js';
import { JOBS } from '../../apis/resource-types.js';
import type { NewObject } from '../../client/client.js';
import { podFromTemplate } from '../runtime/pod-control.js';
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

/**
 * A pod of the job. An index gives the pod a name, a host name, an annotation, a label and an
 * environment variable. `annotations` are added to those of the template.
 */
export function jobPod(
  job: Job,
  index: number | undefined,
  annotations: Record<string, string> = {},
): NewObject<Pod> {
  const { name } = job.metadata;
  const { metadata, spec, ...pod } = podFromTemplate(JOBS, job, job.spec.template);
  const mark: Record<string, string> =
    index === undefined ? {} : { [COMPLETION_INDEX]: String(index) };
  const podMetadata = {
    ...metadata,
    labels: { ...metadata.labels, ...mark },
    annotations: { ...metadata.annotations, ...mark, ...annotations },
    finalizers: [...new Set([...(metadata.finalizers ?? []), TRACKING_FINALIZER])],
  };
  if (index === undefined) return { ...pod, metadata: podMetadata, spec };
  return {
    ...pod,
    metadata: { ...podMetadata, generateName: `${name}-${index}-` },
    spec: {
      ...spec,
      hostname: `${name}-${index}`,
      containers: spec.containers.map(withIndexEnv),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(withIndexEnv) }),
    },
  };
}
