// Node selectors and node affinity (k8s.io/component-helpers/scheduling/corev1/nodeaffinity). Pure.
// Callers compile a selector once and match many nodes. A term with an invalid requirement matches
// no node and does not affect the other terms, as with upstream's LazyErrorNodeSelector.
import {
  newRequirement,
  requirementMatches,
  type LabelOperator,
  type LabelRequirement,
} from '../apimachinery/labels/requirement.js';
import { EXPRESSION_OPERATORS } from '../apimachinery/labels/selector.js';
import type {
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodSpec,
  PreferredSchedulingTerm,
} from '../apis/core/v1/types.js';

/** The fields of a node that selectors read. */
export interface SelectableNode {
  metadata: { name: string; labels?: Readonly<Record<string, string>> };
}

export type NodeMatcher = (node: SelectableNode) => boolean;

/**
 * The operators of requirements, as label selectors write them. Gt and Lt compare int64 numbers.
 */
const OPERATORS: Readonly<Record<string, LabelOperator>> = {
  ...EXPRESSION_OPERATORS,
  Gt: 'gt',
  Lt: 'lt',
};

const NO_LABELS: Readonly<Record<string, string>> = {};
const matchesNothing: NodeMatcher = () => false;

/** Undefined when the requirement is invalid. */
function compileExpression(requirement: NodeSelectorRequirement): LabelRequirement | undefined {
  const operator = OPERATORS[requirement.operator];
  if (!operator) return undefined;
  try {
    return newRequirement(requirement.key, operator, requirement.values ?? []);
  } catch {
    return undefined;
  }
}

/** Fields support In and NotIn with one value. All fields except metadata.name are empty. */
function compileField({
  key,
  operator,
  values = [],
}: NodeSelectorRequirement): NodeMatcher | undefined {
  const [value] = values;
  if (values.length !== 1 || (operator !== 'In' && operator !== 'NotIn')) return undefined;
  const wanted = operator === 'In';
  return ({ metadata }) => ((key === 'metadata.name' ? metadata.name : '') === value) === wanted;
}

/** All requirements of the term hold; a term without requirements matches no node. */
export function compileTerm({
  matchExpressions = [],
  matchFields = [],
}: NodeSelectorTerm): NodeMatcher {
  if (!matchExpressions.length && !matchFields.length) return matchesNothing;
  const expressions = matchExpressions.map(compileExpression);
  const fields = matchFields.map(compileField);
  if (expressions.includes(undefined) || fields.includes(undefined)) return matchesNothing;
  return (node) => {
    const labels = node.metadata.labels ?? NO_LABELS;
    return (
      expressions.every((requirement) => requirementMatches(requirement!, labels)) &&
      fields.every((matches) => matches!(node))
    );
  };
}

/** Some term of the selector matches; a selector without terms matches no node. */
export function compileNodeSelector({ nodeSelectorTerms }: NodeSelector): NodeMatcher {
  const terms = (nodeSelectorTerms ?? []).map(compileTerm);
  return (node) => terms.some((matches) => matches(node));
}

/**
 * The pod's `nodeSelector` and required node affinity together (GetRequiredNodeAffinity); undefined
 * when the pod asks for neither, so that every node matches.
 */
export function compileRequiredNodeAffinity(spec: PodSpec): NodeMatcher | undefined {
  const wanted = Object.entries(spec.nodeSelector ?? {});
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!wanted.length && !required) return undefined;
  const affinity = required && compileNodeSelector(required);
  return (node) => {
    const labels = node.metadata.labels ?? NO_LABELS;
    return wanted.every(([key, value]) => labels[key] === value) && (!affinity || affinity(node));
  };
}

/** Returns the sum of the weights of the terms that match a node; undefined without terms. */
export function compilePreferredTerms(
  terms: readonly PreferredSchedulingTerm[] | undefined,
): ((node: SelectableNode) => number) | undefined {
  if (!terms?.length) return undefined;
  const compiled = terms.map(({ preference, weight }) => ({
    matches: compileTerm(preference),
    weight,
  }));
  return (node) =>
    compiled.reduce((sum, { matches, weight }) => sum + (matches(node) ? weight : 0), 0);
}
