import { defaultNode } from '../../apis/core/v1/defaults.js';
import type { Node } from '../../apis/core/v1/types.js';
import { validateNode, validateNodeUpdate } from '../../apis/core/v1/validation/cluster.js';
import { nodeWarnings } from '../../apis/core/v1/warnings.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { NODES } from '../../apis/resource-types.js';
import { nodeCondition } from '../../component-helpers/nodes.js';
import type { Cell } from '../../apiserver/resource/definition.js';
import { age, NONE, UNKNOWN } from '../cells.js';
import { defineResource } from '../define.js';
import { keepSpec, keepStatus } from '../strategy.js';

const ROLE_PREFIX = 'node-role.kubernetes.io/';

function roles(node: Node): string {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length)
      found.add(key.slice(ROLE_PREFIX.length));
    else if (key === 'kubernetes.io/role' && value) found.add(value);
  }
  return [...found].sort().join(',') || NONE;
}

function nodeStatus(node: Node): string {
  const ready = nodeCondition(node, 'Ready');
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  if (node.spec.unschedulable) words.push('SchedulingDisabled');
  return words.join(',');
}

function addressOf(node: Node, wanted: string): string {
  return (node.status?.addresses ?? []).find(({ type }) => type === wanted)?.address ?? NONE;
}

function nodeRow(node: Node, now: number): Cell[] {
  const info = node.status?.nodeInfo;
  return [
    node.metadata.name,
    nodeStatus(node),
    roles(node),
    age(node, now),
    info?.kubeletVersion ?? '',
    addressOf(node, 'InternalIP'),
    addressOf(node, 'ExternalIP'),
    info?.osImage || UNKNOWN,
    info?.kernelVersion || UNKNOWN,
    info?.containerRuntimeVersion || UNKNOWN,
  ];
}

export const nodes = defineResource({
  type: NODES,
  storage: 'minions',
  name: subdomainName,
  defaults: defaultNode,
  row: nodeRow,
  selectableFields: { 'spec.unschedulable': ({ spec }) => String(spec.unschedulable ?? false) },
  prepareUpdate: keepStatus,
  validate: validateNode,
  warnings: nodeWarnings,
  validateUpdate: validateNodeUpdate,
  status: { prepareUpdate: keepSpec, validateUpdate: validateNodeUpdate },
});
