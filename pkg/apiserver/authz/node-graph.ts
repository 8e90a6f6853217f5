// The objects that the pods of a node refer to (upstream's node authorizer graph). The graph is
// filled from the pod cache lazily: a change only marks its pod, and the next request of a node
// processes the marks. So a server without kubelets parses no pod.
import { PERSISTENT_VOLUMES, PODS } from '../../apis/resource-types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { podReferences, type PodReferences } from '../../component-helpers/pod-references.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import type { ObjectReader } from '../resource/reader.js';
import { count } from '../../util/map/count.js';

export type GraphKind = 'secret' | 'configmap' | 'persistentvolumeclaim' | 'serviceaccount' | 'pod';

interface PodRefs {
  uid: string;
  node: string;
  /** The number of ephemeral containers when the pod was parsed. */
  extras: number;
  refs: string[];
}

const KINDS: readonly [keyof PodReferences, GraphKind][] = [
  ['serviceAccounts', 'serviceaccount'],
  ['secrets', 'secret'],
  ['configMaps', 'configmap'],
  ['claims', 'persistentvolumeclaim'],
];

/** Keys 'kind/namespace/name' of the objects that the pod needs on its node. */
export function podRefs(pod: Pod): string[] {
  const namespace = pod.metadata.namespace ?? '';
  const references = podReferences(pod);
  const refs = KINDS.flatMap(([field, kind]) =>
    [...references[field]].map((name) => `${kind}/${namespace}/${name}`),
  );
  return [`pod/${namespace}/${pod.metadata.name}`, ...refs];
}

export class NodeGraph {
  private readonly pods = new Map<string, PodRefs>();
  /** Counts of references by node. */
  private readonly nodes = new Map<string, Map<string, number>>();
  /** Changed pods that are still to be parsed, by namespace and name. */
  private readonly marked = new Map<string, Map<string, () => Pod>>();

  constructor(private readonly reader: ObjectReader) {
    reader.observe(PODS, (change) => {
      const { namespace, name } = change;
      if (change.deleted) {
        this.marked.get(namespace)?.delete(name);
        this.drop(`${namespace}/${name}`);
      } else getOrInsert(this.marked, namespace, () => new Map()).set(name, () => change.object());
    });
  }

  private drop(key: string): void {
    const pod = this.pods.get(key);
    if (!pod) return;
    this.pods.delete(key);
    const counts = this.nodes.get(pod.node);
    if (counts) for (const ref of pod.refs) count(counts, ref, -1);
    if (!counts?.size) this.nodes.delete(pod.node);
  }

  private add(key: string, pod: Pod): void {
    const node = pod.spec.nodeName ?? '';
    const uid = pod.metadata.uid ?? '';
    const extras = pod.spec.ephemeralContainers?.length ?? 0;
    const known = this.pods.get(key);
    // The references of a bound pod change by ephemeral containers only.
    if (known?.uid === uid && known.node === node && known.extras === extras) return;
    this.drop(key);
    if (!node) return;
    const entry: PodRefs = { uid, node, extras, refs: podRefs(pod) };
    this.pods.set(key, entry);
    const counts = getOrInsert(this.nodes, node, () => new Map());
    for (const ref of entry.refs) counts.set(ref, (counts.get(ref) ?? 0) + 1);
  }

  /** Whether a pod bound to `node` refers to the object or is the object. */
  refers(node: string, kind: GraphKind, namespace: string, name: string): boolean {
    for (const [pod, object] of this.marked.get(namespace) ?? [])
      this.add(`${namespace}/${pod}`, object());
    this.marked.delete(namespace);
    return (this.nodes.get(node)?.get(`${kind}/${namespace}/${name}`) ?? 0) > 0;
  }

  /** Whether a pod bound to `node` uses the persistent volume. */
  usesVolume(node: string, volume: string): boolean {
    const claim = this.reader.get(PERSISTENT_VOLUMES, '', volume)?.spec?.claimRef;
    return (
      claim !== undefined &&
      this.refers(node, 'persistentvolumeclaim', claim.namespace ?? '', claim.name ?? '')
    );
  }
}
