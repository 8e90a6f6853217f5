// pods/binding and the older POST of bindings: assigns a pod to a node once (upstream
// registry/core/pod/storage/storage.go).
import { badRequest, fieldErrors, invalid } from '../../apimachinery/errors/status-error.js';
import type { Binding, Pod } from '../../apis/core/v1/types.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import { withCondition } from '../../component-helpers/conditions.js';
import { readObject } from '../codec/body.js';
import { admissionRequest } from '../verbs/admission-request.js';
import { sendSuccess } from '../verbs/answer.js';
import { trackFields } from '../verbs/managed-fields.js';
import { checkUid, fitNamespace } from '../verbs/object-meta.js';
import type { ApiRequest } from '../verbs/request.js';
import { updateObject } from '../verbs/update.js';

const BINDING = { group: '', version: 'v1', kind: 'Binding', schema: 'io.k8s.api.core.v1.Binding' };

function bind(request: ApiRequest, pod: Pod, binding: Binding): Pod {
  const { resource, context } = request;
  const { name } = pod.metadata;
  const { annotations, labels } = binding.metadata ?? { name };
  checkUid(resource, binding, pod);
  if (pod.metadata.deletionTimestamp)
    throw resource.conflict(name, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec.nodeName)
    throw resource.conflict(
      name,
      `pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`,
    );
  if (pod.spec.schedulingGates?.length)
    throw resource.conflict(name, `pod ${name} has non-empty .spec.schedulingGates`);
  pod.spec.nodeName = binding.target.name!;
  if (annotations) pod.metadata.annotations = { ...pod.metadata.annotations, ...annotations };
  if (labels) pod.metadata.labels = { ...labels, ...pod.metadata.labels };
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null as unknown as string,
  };
  const conditions = withCondition(pod.status?.conditions, scheduled, context.now);
  pod.status = { ...pod.status, conditions };
  delete pod.metadata.resourceVersion;
  return pod;
}

/** Throws 409 when the pod already has a node. */
export async function createBinding(request: ApiRequest): Promise<void> {
  const { exchange, info } = request;
  const sent = await readObject<Binding>(request, BINDING, MESSAGES);
  const { resources, admission: chain } = request.core;
  const pods = resources.find('', 'v1', 'pods')!;
  const bindings = resources.find('', 'v1', 'bindings')!;
  fitNamespace(bindings, sent, info.namespace);
  await trackFields({ ...request, resource: bindings }, sent, undefined, info.subresource);
  const admission = admissionRequest(request, 'CREATE', {
    name: info.name || sent.metadata.name,
    object: sent,
  });
  await chain.mutate(admission);
  const binding = admission.object as unknown as Binding;
  const name = info.name || binding.metadata.name;
  if (binding.metadata.name && binding.metadata.name !== name)
    throw badRequest('name in URL does not match name in Binding object');
  const { kind, name: node } = binding.target ?? {};
  const errors = [];
  if (kind && kind !== 'Node')
    errors.push(fieldErrors.notSupported('target.kind', kind, ['Node', '<empty>']));
  if (!node) errors.push(fieldErrors.required('target.name'));
  if (errors.length) throw invalid({ group: '', kind: 'Binding' }, name, errors);
  await chain.validate(admission);
  const target: ApiRequest = {
    ...request,
    resource: pods,
    info: { ...info, name, resource: 'pods', subresource: 'binding' },
  };
  await updateObject(target, {
    subresource: 'binding',
    checkPreconditions: false,
    admits: 'nothing',
    edit: (_old, copy) => bind(target, copy() as Pod, binding),
  });
  await sendSuccess(exchange, 201, { code: 201 });
}
