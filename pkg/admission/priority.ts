// Priority: sets spec.priority from a pod's priorityClassName, and allows one default class
// (upstream plugin/pkg/admission/priority).
import { copyFields } from '../apimachinery/meta/copy-fields.js';
import type { Pod, PodSpec } from '../apis/core/v1/types.js';
import { PRIORITY_CLASSES } from '../apis/resource-types.js';
import type { PriorityClass } from '../apis/scheduling/v1/types.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../apiserver/admission/plugin.js';
import type { ObjectReader } from '../apiserver/resource/reader.js';
import { refusal } from './refuse.js';

/** The default class with the lowest value. */
function defaultClass(reader: ObjectReader): PriorityClass | undefined {
  return reader
    .list(PRIORITY_CLASSES)
    .filter((c) => c.globalDefault)
    .toSorted((a, b) => a.value - b.value)[0];
}

async function computePriority(
  request: AdmissionRequest,
  reader: ObjectReader,
  name: string | undefined,
): Promise<{ name: string; value: number; policy: string }> {
  if (!name) {
    const found = defaultClass(reader);
    return {
      name: found?.metadata.name ?? '',
      value: found?.value ?? 0,
      policy: found?.preemptionPolicy ?? 'PreemptLowerPriority',
    };
  }
  const found =
    reader.get(PRIORITY_CLASSES, '', name) ?? (await reader.getFresh(PRIORITY_CLASSES, '', name));
  if (!found) throw refusal(request, `no PriorityClass with name ${name} was found`);
  return { name, value: found.value, policy: found.preemptionPolicy ?? 'PreemptLowerPriority' };
}

async function admitPod(request: AdmissionRequest, reader: ObjectReader): Promise<void> {
  const { spec } = request.object as Pod;
  const { name, value, policy } = await computePriority(request, reader, spec.priorityClassName);
  if (spec.priority !== undefined && spec.priority !== value) {
    throw refusal(
      request,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    );
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    throw refusal(
      request,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    );
  }
  if (name) spec.priorityClassName = name;
  spec.priority = value;
  spec.preemptionPolicy = policy;
}

/** Creation set these fields, so a PUT without them changes nothing. */
function keepComputed(next: PodSpec, old: PodSpec): void {
  if (next.priority === undefined) copyFields(next, old, 'priority');
  if (next.preemptionPolicy === undefined) copyFields(next, old, 'preemptionPolicy');
}

export const priority: AdmissionPluginFactory = ({ reader }) => ({
  name: 'Priority',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'priorityclasses.scheduling.k8s.io'],
  async mutate(request) {
    if (request.subresource || request.resource.facts.resource !== 'pods') return;
    if (request.operation === 'CREATE') return admitPod(request, reader);
    keepComputed((request.object as Pod).spec, (request.oldObject as Pod).spec);
  },
  validate(request) {
    if (request.resource.facts.resource !== 'priorityclasses') return;
    const wanted = request.object as PriorityClass;
    if (!wanted.globalDefault) return;
    const other = defaultClass(reader);
    if (other && other.metadata.name !== wanted.metadata.name) {
      throw refusal(
        request,
        `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
      );
    }
  },
});
