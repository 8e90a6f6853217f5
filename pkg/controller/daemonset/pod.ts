// The pods of a daemon set. Each pod names its node by affinity, so that the scheduler binds it.
// Pure.
import type { DaemonSet } from '../../apis/apps/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { DAEMON_SETS } from '../../apis/resource-types.js';
import type { NewObject } from '../../client/client.js';
import { REVISION_HASH_LABEL } from '../runtime/history.js';
import { podFromTemplate } from '../runtime/pod-control.js';
import { daemonTolerations } from './node.js';

const NAME_FIELD = 'metadata.name';

/** The node that a pod is bound to, or that its affinity names. */
export function nodeOf(pod: Pod): string | undefined {
  if (pod.spec.nodeName) return pod.spec.nodeName;
  const terms =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
      ?.nodeSelectorTerms ?? [];
  return terms
    .flatMap(({ matchFields = [] }) => matchFields)
    .find(({ key, operator }) => key === NAME_FIELD && operator === 'In')?.values?.[0];
}

export function daemonPod(set: DaemonSet, node: string, hash: string): NewObject<Pod> {
  const { metadata, spec, ...pod } = podFromTemplate(DAEMON_SETS, set, set.spec.template);
  const own = daemonTolerations(spec.hostNetwork === true);
  const given = (spec.tolerations ?? []).filter(
    (t) => !own.some(({ effect, key }) => key === t.key && effect === t.effect),
  );
  return {
    ...pod,
    metadata: { ...metadata, labels: { ...metadata.labels, [REVISION_HASH_LABEL]: hash } },
    spec: {
      ...spec,
      tolerations: [...given, ...own],
      affinity: {
        ...spec.affinity,
        nodeAffinity: {
          ...spec.affinity?.nodeAffinity,
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchFields: [{ key: NAME_FIELD, operator: 'In', values: [node] }] },
            ],
          },
        },
      },
    },
  };
}
