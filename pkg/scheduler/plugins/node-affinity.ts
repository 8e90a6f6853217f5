// NodeAffinity: nodeSelector and node affinity, required and preferred.
import type { NodeSelectorRequirement, NodeSelectorTerm } from '../../apis/core/v1/types.js';
import { normalizeByMax, type Plugin, type Rejection } from '../framework/framework.js';
import type { NodeInfo } from '../framework/node-info.js';

const REJECTION: Rejection = {
  reasons: ["node(s) didn't match Pod's node affinity/selector"],
  unresolvable: true,
};

type Test = (value: string | undefined, values: string[]) => boolean;

const integer = (text: string | undefined): number | undefined =>
  text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : undefined;

function compare(
  value: string | undefined,
  values: string[],
  holds: (a: number, b: number) => boolean,
): boolean {
  const [a, b] = [integer(value), integer(values[0])];
  return a !== undefined && b !== undefined && holds(a, b);
}

const OPERATORS: Record<string, Test> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
  Gt: (value, values) => compare(value, values, (a, b) => a > b),
  Lt: (value, values) => compare(value, values, (a, b) => a < b),
};

function holds(requirement: NodeSelectorRequirement, value: string | undefined): boolean {
  return OPERATORS[requirement.operator]?.(value, requirement.values ?? []) ?? false;
}

/** A term without requirements matches nothing (k8s.io/component-helpers nodeaffinity). */
function termMatches(term: NodeSelectorTerm, node: NodeInfo): boolean {
  const labels = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (!labels.length && !fields.length) return false;
  return (
    labels.every((r) => holds(r, node.label(r.key))) &&
    fields.every((r) => holds(r, r.key === 'metadata.name' ? node.name : undefined))
  );
}

export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  prepareFilter(pod) {
    const { nodeSelector = {}, affinity } = pod.pod.spec;
    const wanted = Object.entries(nodeSelector);
    const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (!wanted.length && !required) return undefined;
    return (node) => {
      const selected = wanted.every(([key, value]) => node.label(key) === value);
      const near = !required || required.nodeSelectorTerms.some((t) => termMatches(t, node));
      return selected && near ? undefined : REJECTION;
    };
  },
  prepareScore(pod) {
    const preferred =
      pod.pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (!preferred.length) return undefined;
    return {
      score: (node) =>
        preferred.reduce((sum, p) => sum + (termMatches(p.preference, node) ? p.weight : 0), 0),
      normalize: (scores) => normalizeByMax(scores),
    };
  },
  weight: 2,
  events: ['NodeAdd', 'NodeLabelsChanged'],
};
