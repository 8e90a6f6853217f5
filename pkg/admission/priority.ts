// Priority: sets spec.priority from a pod's priorityClassName, and allows one default class
// (upstream plugin/pkg/admission/priority).
import { copyFields } from '../apimachinery/meta/copy-fields.js';
import type { Pod } from '../apis/core/v1/types.js';
import { PRIORITY_CLASSES } from '../apis/resource-types.js';
import type { PriorityClass } from '../apis/scheduling/v1/types.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../apiserver/admission/plugin.js';
import type { ObjectReader } from '../apiserver/resource/reader.js';
import { refusal } from './refuse.js';

/** The default class with the lowest value. */
const defaultClass = (reader: ObjectReader): PriorityClass | undefined =>
  reader
    .list(PRIORITY_CLASSES)
    .filter((c) => c.globalDefault)
    .toSorted((a, b) => a.value - b.value)[0];

async function computePriority(
  request: AdmissionRequest,
  reader: ObjectReader,
  name: string | undefined,
): Promise<{ name: string; value: number; policy: string }> {
  const found = name ? await reader.find(PRIORITY_CLASSES, '', name) : defaultClass(reader);
  if (name && !found) throw refusal(request, `no PriorityClass with name ${name} was found`);
  return {
    name: found?.metadata.name ?? '',
    value: found?.value ?? 0,
    policy: found?.preemptionPolicy ?? 'PreemptLowerPriority',
  };
}

async function admitPod(request: AdmissionRequest, reader: ObjectReader): Promise<void> {
  const { spec } = request.object as Pod;
  const { name, value, policy } = await computePriority(request, reader, spec.priorityClassName);
  const check = (what: string, given: number | string | undefined, computed: number | string) => {
    if (given === undefined || given === computed) return;
    const why = `priority admission controller computed ${computed} from the given PriorityClass name`;
    throw refusal(request, `the ${what} (${given}) must not be provided in pod spec; ${why}`);
  };
  check('integer value of priority', spec.priority, value);
  check('string value of PreemptionPolicy', spec.preemptionPolicy, policy);
  if (name) spec.priorityClassName = name;
  spec.priority = value;
  spec.preemptionPolicy = policy;
}

export const priority: AdmissionPluginFactory = ({ reader }) => ({
  name: 'Priority',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'priorityclasses.scheduling.k8s.io'],
  async mutate(request) {
    if (request.subresource || request.resource.facts.resource !== 'pods') return;
    if (request.operation === 'CREATE') return admitPod(request, reader);
    // Creation set these fields, so a PUT without them changes nothing.
    const [next, old] = [request.object as Pod, request.oldObject as Pod];
    for (const field of ['priority', 'preemptionPolicy'] as const)
      if (next.spec[field] === undefined) copyFields(next.spec, old.spec, field);
  },
  validate(request) {
    if (request.resource.facts.resource !== 'priorityclasses') return;
    const wanted = request.object as PriorityClass;
    if (!wanted.globalDefault) return;
    const other = defaultClass(reader);
    if (other && other.metadata.name !== wanted.metadata.name)
      throw refusal(
        request,
        `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
      );
  },
});
