// RuntimeClass: a pod with a runtimeClassName gets the class's overhead, node selector and
// tolerations (upstream plugin/pkg/admission/runtimeclass).
import type { Pod } from '../apis/core/v1/types.js';
import { semanticEqual } from '../apis/meta/v1/semantic-equal.js';
import type { RuntimeClass } from '../apis/node/v1/types.js';
import { RUNTIME_CLASSES } from '../apis/resource-types.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../apiserver/admission/plugin.js';
import { equalQuantities, quantitiesOf } from '../component-helpers/resources.js';
import { refusal } from './refuse.js';

function applyScheduling(request: AdmissionRequest, pod: Pod, { scheduling }: RuntimeClass): void {
  for (const [key, value] of Object.entries(scheduling?.nodeSelector ?? {})) {
    const present = pod.spec.nodeSelector?.[key];
    if (present !== undefined && present !== value)
      throw refusal(
        request,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${present}`,
      );
    (pod.spec.nodeSelector ??= {})[key] = value;
  }
  for (const toleration of scheduling?.tolerations ?? []) {
    const isPresent = pod.spec.tolerations?.some((other) => semanticEqual(other, toleration));
    if (!isPresent) (pod.spec.tolerations ??= []).push({ ...toleration });
  }
}

/** A pod cannot choose its own overhead: quotas and the scheduler would count the wrong amount. */
function requireNoOverhead(request: AdmissionRequest, { spec }: Pod): void {
  if (!Object.keys(spec.overhead ?? {}).length) return;
  throw refusal(
    request,
    'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
  );
}

function setOverhead(request: AdmissionRequest, pod: Pod, { overhead }: RuntimeClass): void {
  if (!overhead?.podFixed) return requireNoOverhead(request, pod);
  const given = pod.spec.overhead;
  if (given && !equalQuantities(quantitiesOf(given), quantitiesOf(overhead.podFixed)))
    throw refusal(
      request,
      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    );
  pod.spec.overhead = { ...overhead.podFixed };
}

export const runtimeClass: AdmissionPluginFactory = ({ reader }) => ({
  name: 'RuntimeClass',
  operations: ['CREATE'],
  resources: ['pods'],
  async mutate(request) {
    if (request.subresource) return;
    const pod = request.object as Pod;
    const name = pod.spec.runtimeClassName;
    if (!name) return;
    const found = await reader.find(RUNTIME_CLASSES, '', name);
    if (!found)
      throw refusal(request, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
    setOverhead(request, pod, found);
    applyScheduling(request, pod, found);
  },
  validate(request) {
    if (request.subresource) return;
    const pod = request.object as Pod;
    if (!pod.spec.runtimeClassName) requireNoOverhead(request, pod);
  },
});
