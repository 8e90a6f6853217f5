// NodeRestriction: a kubelet writes only its own node, its own pods and tokens for its own pods
// (upstream plugin/pkg/admission/noderestriction). The Node authorizer limits verbs and kinds
// before this plugin runs.
import { badRequest, notFound, type StatusError } from '../apimachinery/errors/status-error.js';
import type { TokenRequest } from '../apis/authentication/v1/types.js';
import type { Node, PersistentVolumeClaim, Pod } from '../apis/core/v1/types.js';
import { PODS } from '../apis/resource-types.js';
import type {
  AdmissionPluginContext,
  AdmissionPluginFactory,
  AdmissionRequest,
} from '../apiserver/admission/plugin.js';
import type { CertificateSigningRequest } from '../apis/certificates/v1/types.js';
import type { ObjectReader } from '../apiserver/resource/reader.js';
import { isUnnamedNode, nodeOf } from '../apiserver/authz/node.js';
import { podRefs } from '../apiserver/authz/node-graph.js';
import { semanticEqual } from '../apis/meta/v1/semantic-equal.js';
import { MIRROR_ANNOTATION } from '../apis/core/v1/validation/pod-annotations.js';
import { SIGNERS } from '../component-helpers/signers.js';
import { subjectOf } from './certificates.js';
import { refusal } from './refuse.js';
import { KUBELET_LABELS } from './facts.generated.js';

const LEASE_NAMESPACE = 'kube-node-lease';
const RESTRICTED_PREFIX = 'node-restriction.kubernetes.io';

const KUBELET_LABEL_DOMAINS = ['kubelet.kubernetes.io', 'node.kubernetes.io'];

const within = (domain: string, parent: string): boolean =>
  domain === parent || domain.endsWith(`.${parent}`);

function isForbiddenLabel(key: string): boolean {
  const domain = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  if (!domain) return false;
  if (within(domain, RESTRICTED_PREFIX)) return true;
  if (!within(domain, 'kubernetes.io') && !within(domain, 'k8s.io')) return false;
  return (
    !KUBELET_LABELS.has(key) && !KUBELET_LABEL_DOMAINS.some((allowed) => within(domain, allowed))
  );
}

/** Keys of labels that differ between the two maps. */
const changedLabels = (
  now: Record<string, string> = {},
  before: Record<string, string> = {},
): string[] =>
  [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(
    (key) => now[key] !== before[key],
  );

/** A write by a kubelet. */
interface Write {
  readonly node: string;
  readonly request: AdmissionRequest;
  readonly reader: ObjectReader;
  readonly refuse: (why: string) => StatusError;
  /** As refuse, with the node's name before the reason. */
  readonly ofNode: (why: string) => StatusError;
}

function createPod({ node, request, refuse, ofNode }: Write): void {
  const pod = request.object as Pod;
  if (pod.metadata.annotations?.[MIRROR_ANNOTATION] === undefined)
    throw refuse(
      `pod does not have "${MIRROR_ANNOTATION}" annotation, node ${JSON.stringify(node)} can only create mirror pods`,
    );
  if (pod.spec.nodeName !== node)
    throw ofNode('can only create pods with spec.nodeName set to itself');
  const owners = pod.metadata.ownerReferences ?? [];
  if (owners.length > 1)
    throw ofNode('can only create pods with a single owner reference set to itself');
  for (const owner of owners) {
    if (owner.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
      throw ofNode('can only create pods with an owner reference set to itself');
    if (owner.blockOwnerDeletion)
      throw ofNode('must not set blockOwnerDeletion on an owner reference');
  }
  const foreign = podRefs(pod).find((ref) => !ref.startsWith('pod/'));
  if (foreign)
    throw ofNode(`can not create pods that reference a ${foreign.slice(0, foreign.indexOf('/'))}`);
}

async function ownPod({ node, request, reader, ofNode }: Write, action: string): Promise<void> {
  const pod =
    (request.oldObject as Pod | undefined) ??
    (await reader.find(PODS, request.namespace, request.name));
  if (!pod) throw notFound(PODS, request.name);
  if (pod.spec.nodeName !== node)
    throw ofNode(`can only ${action} pods with spec.nodeName set to itself`);
}

async function pods(write: Write): Promise<void> {
  const { node, request, refuse, ofNode } = write;
  if (request.subresource === 'status') {
    await ownPod(write, 'update pod status for');
    const before = (request.oldObject as Pod).metadata.labels;
    if (changedLabels((request.object as Pod).metadata.labels, before).length)
      throw ofNode('cannot update labels through pod status');
    return;
  }
  if (request.subresource === 'eviction') return ownPod(write, 'evict');
  if (request.subresource)
    throw refuse(
      `unexpected pod subresource ${JSON.stringify(request.subresource)}, only 'status' and 'eviction' are allowed`,
    );
  if (request.operation === 'CREATE') createPod(write);
  else if (request.operation === 'DELETE') await ownPod(write, 'delete');
  else
    throw refuse(
      `unexpected operation ${JSON.stringify(request.operation)}, node ${JSON.stringify(node)} can only create and delete mirror pods`,
    );
}

function nodes({ node, request, refuse, ofNode }: Write): void {
  const object = request.object as Node | undefined;
  const name = request.name || (object?.metadata.name ?? '');
  if (name !== node) throw ofNode(`is not allowed to modify node ${JSON.stringify(name)}`);
  if (!object) {
    if (request.operation !== 'DELETE') return;
    throw ofNode(`is not allowed to delete node ${JSON.stringify(name)}`);
  }
  const old = request.oldObject as Node | undefined;
  if (old && !semanticEqual(object.spec?.taints, old.spec?.taints))
    throw ofNode('is not allowed to modify taints');
  // An owner that does not exist would have the garbage collector delete the node, and with the
  // node the taints of an administrator.
  if (!semanticEqual(object.metadata.ownerReferences, old?.metadata.ownerReferences))
    throw ofNode('is not allowed to modify ownerReferences');
  const labels = changedLabels(object.metadata.labels, old?.metadata.labels)
    .filter(isForbiddenLabel)
    .toSorted();
  if (labels.length)
    throw refuse(
      `is not allowed to ${old ? 'modify' : 'set'} the following labels: ${labels.join(', ')}`,
    );
}

async function token({ node, request, reader, refuse }: Write): Promise<void> {
  const ref = (request.object as unknown as TokenRequest).spec?.boundObjectRef;
  if (ref?.kind !== 'Pod' || !ref.name) throw refuse('node requested token not bound to a pod');
  if (!ref.uid) throw refuse('node requested token with a pod binding without a uid');
  const pod = await reader.getFresh(PODS, request.namespace, ref.name);
  if (!pod) throw notFound(PODS, ref.name);
  if (pod.metadata.uid !== ref.uid)
    throw badRequest(
      `the UID in the bound object reference (${ref.uid}) does not match the UID in record (${pod.metadata.uid}). The object might have been deleted and then recreated`,
    );
  if (pod.spec.nodeName !== node)
    throw refuse('node requested token bound to a pod scheduled on a different node');
}

function ownName({ node, request, refuse }: Write, what: string): void {
  const name = request.name || (request.object?.metadata.name ?? '');
  if (name !== node)
    throw refuse(`can only access ${what} with the same name as the requesting node`);
}

/** A node reports the size of a volume and the progress of a resize; the rest of a claim stays. */
function claims({ request, refuse, ofNode }: Write): void {
  if (request.subresource !== 'status' || request.operation !== 'UPDATE')
    throw refuse(
      `unexpected PVC subresource ${JSON.stringify(request.subresource)}, only 'status' is allowed`,
    );
  const rest = (claim: PersistentVolumeClaim) => {
    const {
      capacity: _size,
      conditions: _steps,
      allocatedResources: _wanted,
      allocatedResourceStatuses: _states,
      ...status
    } = claim.status ?? {};
    const { resourceVersion: _revision, managedFields: _managers, ...metadata } = claim.metadata;
    return { ...claim, metadata, status };
  };
  const [next, old] = [request.object, request.oldObject] as PersistentVolumeClaim[];
  if (!semanticEqual(rest(next!), rest(old!)))
    throw ofNode(
      'is not allowed to update fields other than status.capacity and status.conditions',
    );
}

/** The signers whose certificates say who a node is. */
const NODE_SIGNERS: readonly string[] = [SIGNERS.kubeletServing, SIGNERS.kubeletClient];

function certificateRequest(
  { node, request, refuse }: Write,
  parse: AdmissionPluginContext['parseCertificateRequest'],
): void {
  const { spec } = request.object as CertificateSigningRequest;
  if (request.operation !== 'CREATE' || request.subresource) return;
  if (!NODE_SIGNERS.includes(spec.signerName)) return;
  if (subjectOf(request, parse).commonName !== `system:node:${node}`)
    throw refuse(`can only create a node CSR with CN=system:node:${node}`);
}

export const nodeRestriction: AdmissionPluginFactory = ({ reader, parseCertificateRequest }) => ({
  name: 'NodeRestriction',
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  async validate(request) {
    const { user } = request.context;
    const refuse = (why: string): StatusError => refusal(request, why);
    if (!user.groups.includes('system:nodes')) return;
    const node = nodeOf(user);
    const { group, resource } = request.resource.facts;
    if (!node) {
      if (isUnnamedNode(user))
        throw refuse(`could not determine node from user ${JSON.stringify(user.name)}`);
      return;
    }
    const ofNode = (why: string): StatusError => refuse(`node ${JSON.stringify(node)} ${why}`);
    const write: Write = { node, request, reader, refuse, ofNode };
    if (!group && resource === 'pods') return pods(write);
    if (!group && resource === 'nodes') return nodes(write);
    if (!group && resource === 'persistentvolumeclaims') return claims(write);
    if (group === 'certificates.k8s.io' && resource === 'certificatesigningrequests')
      return certificateRequest(write, parseCertificateRequest);
    if (!group && resource === 'serviceaccounts' && request.subresource === 'token')
      return token(write);
    if (group === 'coordination.k8s.io' && resource === 'leases') {
      if (request.namespace !== LEASE_NAMESPACE)
        throw refuse(`can only access leases in the "${LEASE_NAMESPACE}" system namespace`);
      return ownName(write, 'node lease');
    }
    if (group === 'storage.k8s.io' && resource === 'csinodes') ownName(write, 'CSINode');
  },
});
